"""``ocop publish``: certificates for everybody.

Node.js runs the search, as it runs the page of the verifier; without it these tests fail instead of passing over it.
In a browser at the width of a phone the pages are run by ``python -m tests.pages.phone`` (a step of .ci/run).
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import shutil
import subprocess
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zxingcpp
from PIL import Image

from ocop_flow import qr
from ocop_flow.cli import publishing
from ocop_flow.domain.names import fold
from ocop_flow.errors import Unavailable
from ocop_flow.pages import public
from tests.cli.contract import held
from tests.cli.test_revoking import declared, revoke
from tests.pages.province import code, province

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.office import Office

Json = dict[str, Any]
COMMUNE, PROVINCE = "12103", "33"
#: What a phone on a slow line may be asked to load: the search page of 1,000 products, and the page of one.
SEARCH_PAGE, ONE_PAGE = 180_000, 6_000
PHONE, MAIL = "0912 345 678", "htx.so4@thu.vn"


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def index_of(page: bytes) -> Json:
    found = re.search(rb'<script id="index" type="application/json">(.*?)</script>', page)
    assert found is not None
    index: Json = json.loads(found[1])
    return index


def spoken(page: bytes) -> str:
    """What a reader sees: no tags, no styles, no scripts."""
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^>]+>", " ", page.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def code_in(page: bytes) -> str | None:
    """The text of the QR code on a page, read from its pixels."""
    picture = re.search(r'src="data:image/png;base64,([^"]+)"', page.decode())
    if picture is None:
        return None
    with Image.open(io.BytesIO(base64.b64decode(picture[1]))) as image:
        larger = image.convert("L").resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST)
    return str(zxingcpp.read_barcodes(larger)[0].text)


def searching(index: Json, typed: list[str], texts: list[str]) -> Json:
    node = shutil.which("node")
    assert node is not None, "Node.js runs the search in this test: install it"
    script = str(resources("ocop_flow.pages") / "templates" / "search.js")
    asked = json.dumps({"index": index, "typed": typed, "texts": texts})
    words = [node, str(Path(__file__).with_name("run_search.js")), script]
    done = subprocess.run(words, input=asked, capture_output=True, text=True, encoding="utf-8", check=True)
    answer: Json = json.loads(done.stdout)
    return answer


@pytest.fixture
def desk(office: Office) -> tuple[Office, str]:
    """One certificate of a dossier, and declared ones: valid, ended, revoked, replaced; one with contacts on record."""
    dossier = office.open(COMMUNE, "Tương bần <i>", track="existing_product", email=MAIL, phone=PHONE)
    office.walk(dossier, "promotion", stars=4)
    declared(office, "--commune", COMMUNE, "--issued-on", "2021-03-01", "--number", "9/GCN")
    revoke(office, declared(office, "--commune", COMMUNE, "--issued-on", "2025-03-01", "--number", "10/GCN"), "a")
    declared(office, "--commune", COMMUNE, "--issued-on", "2025-03-01", "--number", "11/GCN")
    paper = ("--number", "11/GCN-L2", "--decision", "90/QĐ-UBND")
    office.do("certificate", "reissue", "11/GCN", *paper, who=office.holder("leader", PROVINCE))
    return office, office.show(dossier)["certificate"]


def page_of(site: dict[str, bytes], number: str) -> bytes:
    return next(page for name, page in site.items() if name.startswith("cn/") and f"<dd>{number}</dd>".encode() in page)


def test_each_certificate_has_a_page_with_its_standing_in_both_languages_and_its_code(
    desk: tuple[Office, str], tmp_path: Path
) -> None:
    """What is in force carries the code that ``certificate qr`` gives; what is not, says so and has none."""
    office, number = desk
    answer = office.do("publish", str(tmp_path / "site"), who="admin")
    held(answer, "publish")
    assert answer["certificates"] == {"total": 5, "valid": 2, "expired": 1, "revoked": 1, "replaced": 1}
    site = read(tmp_path / "site")
    assert (answer["files"], answer["bytes"]) == (len(site), sum(map(len, site.values())))
    assert site["key.txt"].decode().strip() == answer["key"]

    page = page_of(site, number)
    assert "Còn hiệu lực Valid" in spoken(page)
    assert "Tương bần &lt;i&gt;" in page.decode(), "a name is never markup"
    assert code_in(page) == office.do("certificate", "qr", number, who="admin")["code"]
    assert office.do("certificate", "verify", str(code_in(page)), "--key", answer["key"])["ok"] is True
    for old, words in (
        ("9/GCN", "Đã hết hiệu lực No longer valid"),
        ("10/GCN", "Đã bị thu hồi Revoked"),
        ("11/GCN", "Đã được thay bằng giấy khác Replaced by another certificate"),
    ):
        assert words in spoken(page_of(site, old))
        assert code_in(page_of(site, old)) is None
    newer = re.search(r'<a href="([^"]+)">11/GCN-L2</a>', page_of(site, "11/GCN").decode())
    assert newer is not None
    assert site[f"cn/{newer[1]}"] == page_of(site, "11/GCN-L2")


def test_no_page_tells_who_someone_is_or_how_to_reach_them(desk: tuple[Office, str], tmp_path: Path) -> None:
    """Telephones, mail addresses, people's names and handles of the database stand nowhere in the site."""
    office, _ = desk
    office.do("publish", str(tmp_path / "site"), who="admin")
    people = office.do("person", "list")
    private = {PHONE, PHONE.replace(" ", ""), MAIL, *(each[name] for each in people for name in ("handle", "name"))}
    private -= {"admin"}  # no person
    assert len(private) > 5
    for name, page in read(tmp_path / "site").items():
        assert not [each for each in private if each in page.decode()], name
        assert not re.search(r"\w@\w|(?<![\w/+-])(\+84|0)[\d .]{8,}", spoken(page)), name
        assert not re.search(rb'(src|href)="(https?:)?//', page), "a page needs nothing but itself"


def test_contacts_typed_into_a_name_are_left_out_and_told(office: Office, tmp_path: Path) -> None:
    """The code would hold the name as it is, so it is left out with it."""
    officer = office.holder("officer", PROVINCE)
    words = ["--product", "Chè 0912.345.678", "--entity", f"HTX số 4 {MAIL}", "--entity-kind", "cooperative"]
    words += ["--stars", "3", "--source", "Sổ", "--number", "5/GCN", "--issued-on", "2025-03-01"]
    office.do("certificate", "declare", *words, "--commune", COMMUNE, who=officer)
    answer = office.do("publish", str(tmp_path / "site"), who="admin")
    assert [item["code"] for item in answer["warnings"]] == ["site_name_masked"]
    site = read(tmp_path / "site")
    assert "Chè …" in spoken(page_of(site, "5/GCN"))
    assert code_in(page_of(site, "5/GCN")) is None
    for page in site.values():
        assert b"0912" not in page
        assert MAIL.encode() not in page


def test_what_is_searched_is_found_without_diacritics(desk: tuple[Office, str], tmp_path: Path) -> None:
    """By product, entity, commune and number, in any order of words and either Unicode form."""
    office, number = desk
    office.do("publish", str(tmp_path / "site"), who="admin")
    index = index_of(read(tmp_path / "site")["index.html"])
    numbers = [row[0] for row in index["rows"]]
    typed = ["tuong ban", "TƯƠNG bần", "ban TUONG", number.lower(), "phuong my hao", "gcn-l2 che", "không có", ""]
    found = [[numbers[at] for at in each] for each in searching(index, typed, [])["found"]]
    assert found == [*[[number]] * 4, numbers, ["11/GCN-L2"], [], numbers]


def test_the_search_compares_texts_as_the_program_does() -> None:
    """``names.fold`` is the key of both, for composed and decomposed letters and for every letter of the alphabet."""
    vowels = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
    texts = [vowels, vowels.upper(), "Tu\u031bo\u031bng ba\u0302\u0300n", "  Đ  ð ɖ ", "Cà\u200bphê\tNo1 №"]
    texts += [fact for each in province(50)["certificates"] for fact in (each["product"], each["commune"])]
    assert searching({"rows": [], "places": []}, [], texts)["folded"] == [fold(text) for text in texts]


def test_a_province_of_a_thousand_products_stays_light_and_is_written_the_same_every_time() -> None:
    """The search page is loaded whole on a phone; the page of one certificate is what a QR reader's user opens."""
    picture = qr.inline(code(1))
    sites = [dict(public.site(province(1000), lambda _: picture)) for _ in range(2)]
    assert len(sites[0]) == 1000 + 2
    assert len(sites[0]["index.html"]) < SEARCH_PAGE
    assert max(len(page) for name, page in sites[0].items() if name.startswith("cn/")) < ONE_PAGE
    assert sites[0] == sites[1]
    names = [name.lower() for name in sites[0]]
    assert len(set(names)) == len(names)


def test_the_same_day_gives_the_same_bytes(desk: tuple[Office, str], tmp_path: Path) -> None:
    office, _ = desk
    for name in ("one", "other"):
        office.do("publish", str(tmp_path / name), "--on", "2026-06-15", who="admin")
    assert read(tmp_path / "one") == read(tmp_path / "other")
    office.do("publish", str(tmp_path / "one"), "--on", "2030-06-15", who="admin")
    assert "Còn hiệu lực Valid" not in spoken(read(tmp_path / "one")["index.html"])


def test_numbers_that_a_disk_would_confuse_get_files_of_their_own() -> None:
    """Declared numbers hold slashes and any letters; disks of Windows and macOS take A for a."""
    numbers = ["GCN-2026-000001-K", "8/GCN", "8-GCN", "8/gcn", "con", "Số 8 / GCN – Đ", "x" * 200]
    found = public.file_names(numbers)
    assert len({name.lower() for name in found.values()}) == len(numbers)
    assert found["GCN-2026-000001-K"] == "gcn-2026-000001-k"
    assert all(re.fullmatch(r"[a-z0-9-]{5,64}", name) for name in found.values())


def test_another_folder_is_not_touched_and_another_day_or_unit_is_judged(office: Office, tmp_path: Path) -> None:
    """A folder with other files is refused (exit 3), a unit that is none is told (exit 4); a login is asked for."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "index.html").write_text("mine", encoding="utf-8")
    assert office.refuses(3, "publish", str(folder), who="admin") == ["site_not_ours"]
    assert office.refuses(4, "publish", str(tmp_path / "a"), "--unit", "no-such", who="admin") == ["unit_absent"]
    assert office.refuses(2, "publish", str(tmp_path / "a"), "--on", "31/2/2026", who="admin")
    assert office.refuses(3, "publish", str(tmp_path / "a"))
    assert read(folder) == {"index.html": b"mine"}
    assert not (tmp_path / "a").exists()


def test_a_site_that_could_not_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    """Whoever looks sees the old site or the new one; a later run clears away what was left."""
    site = tmp_path / "site"
    publishing.replace_folder(site, [("index.html", b"old"), ("cn/a.html", b"a")])

    def breaking() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"new"
        raise OSError(28, "No space left on device")

    with pytest.raises(Unavailable):
        publishing.replace_folder(site, breaking())
    assert read(site) == {"index.html": b"old", "cn/a.html": b"a"}
    (tmp_path / ".site.new").mkdir()
    (tmp_path / ".site.new" / "half").write_bytes(b"")
    assert publishing.replace_folder(site, [("index.html", b"new")]) == {"files": 1, "bytes": 3}
    assert read(site) == {"index.html": b"new"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
