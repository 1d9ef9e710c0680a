"""The pages for everybody in a browser at the width of a phone (360 × 740), opened from a folder.

    python -m tests.pages.phone [FOLDER]    prints what was seen; exit 1 if it is not as it should be

Made-up certificates of a province are written to FOLDER (default: a temporary one) with a picture of each page seen.
Chromium, or Chrome, must be there: a machine without it fails. .ci/run installs it where it is missing.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ocop_flow import qr
from ocop_flow.cli.publishing import replace_folder
from ocop_flow.domain.names import fold
from ocop_flow.pages import public
from tests.pages.province import Json, code, province

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WIDTH, HEIGHT = 360, 740
TYPED = ("", "ca phe huu co", "TỎI đen 305", "hop tac xa so 299", "gcn-2025-000012", "không có gì")
#: Added to a copy of a page: types, then tells how wide the page is, what runs over the edge, and what is shown.
_MEASURE = """<script>{
const field = document.getElementById("words");
if (field) { field.value = %s; field.dispatchEvent(new Event("input")); }
const over = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5);
const wide = [innerWidth, document.documentElement.scrollWidth, over.map((e) => e.tagName)];
parent.postMessage([%s, wide, [...document.querySelectorAll(".card .number")].map((e) => e.textContent)], "*");
}</script>"""
#: Shows the copies side by side, each as wide as the phone (a window of a browser without a screen is at least 500),
#: and keeps what they tell.
_PHONES = """<!doctype html><meta charset="utf-8"><script id="told" type="application/json">[]</script><script>
addEventListener("message", ({ data }) => {
  const told = document.getElementById("told");
  told.textContent = JSON.stringify([...JSON.parse(told.textContent), data]);
});
</script>%s"""
_PHONE = f'<iframe src="%s" width="{WIDTH}" height="{HEIGHT}" frameborder="0"></iframe>'


def browser() -> str:
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        sys.exit(f"No browser for the pages: install one of {', '.join(BROWSERS)}.")
    return found


def opened(address: str, *options: str) -> str:
    """What the browser says when it has opened a page."""
    fixed = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}"]
    with tempfile.TemporaryDirectory() as profile:
        words = [browser(), *fixed, f"--user-data-dir={profile}", *options, address]
        done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True)
    return done.stdout


def measured(site: Path, asked: list[tuple[str, str]]) -> list[tuple[list[Any], list[str]]]:
    """For each page and the words typed into it: its measures, and the numbers of the certificates shown."""
    copies = []
    for at, (name, words) in enumerate(asked):
        page = (site / name).read_text(encoding="utf-8")
        page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page) + _MEASURE % (repr(words), at)
        copies.append((site / name).with_name(f"measured-{at}.html"))
        copies[-1].write_text(page, encoding="utf-8")
    phones = site.parent / "phones.html"
    phones.write_text(_PHONES % "".join(_PHONE % copy.as_uri() for copy in copies), encoding="utf-8")
    document = opened(phones.as_uri(), "--virtual-time-budget=20000", "--dump-dom")
    for copy in copies:
        copy.unlink()
    told = re.search(r'<script id="told"[^>]*>(.*?)</script>', document, re.DOTALL)
    answers = {at: (wide, shown) for at, wide, shown in json.loads(told[1] if told else "[]")}
    return [answers.get(at, (["nothing told"], [])) for at in range(len(asked))]


def wanted(found: Json, words: str) -> list[str]:
    """The first twenty certificates that hold every word, found in another way: word by word, over the names."""
    facts = ("number", "product", "entity", "commune")
    each_of = [(each["number"], fold(" ".join(each[name] for name in facts))) for each in found["certificates"]]
    return [number for number, text in each_of if all(word in text for word in fold(words).split())][:20]


def check(site: Path, found: Json) -> list[str]:
    """What is not as it should be."""
    files = public.file_names([each["number"] for each in found["certificates"]])
    asked = [("index.html", words) for words in TYPED]
    asked += [(f"cn/{files[each['number']]}.html", "") for each in found["certificates"][:9]]
    wrong = []
    for (name, words), (wide, shown) in zip(asked, measured(site, asked), strict=True):
        print(f"{name} {words!r}: {wide}, {len(shown)} shown")
        wrong += [] if wide == [WIDTH, WIDTH, []] else [f"{name} {words!r}: wider than the phone: {wide}"]
        right = wanted(found, words) if name == "index.html" else []
        wrong += [] if shown == right else [f"{name} {words!r}: shows {shown}, not {right}"]
    script_kept = opened((site / "index.html").as_uri(), "--dump-dom")
    wrong += [] if 'data-ready="1000"' in script_kept else ["the page's own security policy stops its search"]
    return wrong


def pictures(site: Path, found: Json) -> None:
    first = public.file_names([each["number"] for each in found["certificates"]])[found["certificates"][0]["number"]]
    for name, address in (("search", "index.html"), ("certificate", f"cn/{first}.html")):
        opened((site / address).as_uri(), f"--screenshot={site.parent / name}.png")


def main(folder: Path) -> int:
    folder = folder.resolve()
    picture = qr.inline(code(1))
    found = province(1000)
    found["certificates"][0]["entity"] = "Hợp tác xã " + "sản xuất kinh doanh dịch vụ nông nghiệp tổng hợp " * 3
    found["certificates"][0]["product"] = "Nướcmắmcốtnhĩtruyềnthốngkhôngcókhoảngtrắngnàocả" * 2
    replace_folder(folder / "site", public.site(found, lambda _: picture))
    wrong = check(folder / "site", found)
    pictures(folder / "site", found)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory() as made:
        sys.exit(main(Path(made)))
