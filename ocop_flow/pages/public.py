"""Pages of certificates for everybody: one to search in, one for each certificate; Vietnamese first, English beside.

They need nothing but themselves, from a web server or from a folder on a disk. The same certificates give the same
bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markupsafe import Markup

from ocop_flow.errors import Text
from ocop_flow.i18n import translate
from ocop_flow.pages.environment import page
from ocop_flow.pages.story import shown_day

Json = dict[str, Any]

#: By this a folder is known as one that was published before.
MARK = "ocop_flow publish"

#: Standing -> (colour, words), in the order in which they are counted.
STANDING_KINDS = {
    "valid": "good",
    "re_rating_window": "good",
    "grace": "good",
    "unknown": "over",
    "expired": "bad",
    "revoked": "bad",
    "replaced": "over",
}
STANDING_LABELS = {
    "valid": "Valid",
    "re_rating_window": "Valid, due for re-rating",
    "grace": "Valid until the re-rating is decided",
    "unknown": "Last valid day not recorded",
    "expired": "No longer valid",
    "revoked": "Revoked",
    "replaced": "Replaced by another certificate",
}
SITE_LABELS = {
    "title": "OCOP certificates",
    "country": "Viet Nam",
    "on": "As of",
    "all": "All certificates",
    "search": "Product, maker, commune or number",
    "none": "Nothing was found",
    "more": "Show more",
    "no_script": "Searching needs JavaScript to be switched on.",
    "training": "From a training database: nothing here is real.",
    "number": "Certificate",
    "entity": "Maker",
    "commune": "Commune of today",
    "issuer": "Issued by",
    "decision": "Decision",
    "issued_on": "Issued on",
    "valid_to": "Valid to",
    "status_on": "Since",
    "replaced_by": "Replaced by",
    "code": "Signed code of this certificate",
    "code_use": "The code on the paper must say what this page says. It is checked, without asking us, by",
    "no_code": "No code is shown: do not rely on a paper with this number alone.",
    "check": "Name, stars and number on the paper must be as they stand here. If they differ, do not rely on the paper "
    "and tell the office that issued it.",
    "key": "Public key for checking the codes",
}
#: What a page of one certificate tells, in this order.
_FACTS = ("number", "entity", "commune", "issuer", "decision", "issued_on", "valid_to", "status_on")


def both(text: str) -> Text:
    """An English source text in the two languages."""
    return Text(vi=translate(text, "vi"), en=text)


def site(found: Json, picture: Callable[[str], str]) -> Iterator[tuple[str, bytes]]:
    """The files of the site by their paths; ``picture`` turns a signed code into the address of its picture."""
    said = {name: both(text) for name, text in SITE_LABELS.items()}
    files = file_names([each["number"] for each in found["certificates"]])
    yield "index.html", _search_page(found, said, files).encode()
    for each in found["certificates"]:
        address = picture(each["code"]) if each["code"] else None
        yield f"cn/{files[each['number']]}.html", _certificate_page(found, each, said, files, address).encode()
    if found["key"]:
        yield "key.txt", f"{found['key']}\n".encode()


def file_names(numbers: Sequence[str]) -> dict[str, str]:
    """Names without folder and ending: the number in small letters where that is a plain word, else with a hash."""
    lower = Counter(number.lower() for number in numbers)
    return {number: _file_name(number, lower[number.lower()] == 1) for number in numbers}


def _file_name(number: str, alone: bool) -> str:
    plain = number.lower()
    if alone and re.fullmatch(r"[a-z]+(-[0-9a-z]+)+", plain) and len(plain) <= 60:
        return plain
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return f"so-{stem}-{hashlib.sha256(number.encode()).hexdigest()[:10]}"


def _search_page(found: Json, said: dict[str, Text], files: dict[str, str]) -> str:
    standing = Counter(each["status"] for each in found["certificates"])
    return page(
        "certificates.html.j2",
        mark=MARK,
        said=said,
        training=found["training"],
        unit=found["unit"] or f"{said['country'].vi} / {said['country'].en}",
        on=shown_day(found["on"]),
        counts=[
            {"kind": kind, "count": standing[name], "words": both(STANDING_LABELS[name])}
            for name, kind in STANDING_KINDS.items()
            if standing[name]
        ],
        key=found["key"],
        index=Markup(_index(found["certificates"], files)),  # JSON without any <
    )


def _index(certificates: Sequence[Json], files: dict[str, str]) -> str:
    """What the search reads: each certificate as a list, its commune and standing as places in two tables."""
    places = sorted({each["commune"] or "" for each in certificates})
    at = {name: position for position, name in enumerate(places)}
    kinds = list(STANDING_KINDS)
    rows = [
        [
            each["number"],
            each["product"],
            each["entity"],
            each["stars"],
            at[each["commune"] or ""],
            kinds.index(each["status"]),
            each["valid_to"] or "",
            "" if files[each["number"]] == each["number"].lower() else files[each["number"]],
        ]
        for each in certificates
    ]
    words = [[STANDING_KINDS[name], translate(STANDING_LABELS[name], "vi"), STANDING_LABELS[name]] for name in kinds]
    index = {"places": places, "statuses": words, "rows": rows}
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _certificate_page(
    found: Json, each: Json, said: dict[str, Text], files: dict[str, str], picture: str | None
) -> str:
    newer = files.get(each["replaced_by"])
    return page(
        "certificate.html.j2",
        said=said,
        training=found["training"],
        on=shown_day(found["on"]),
        each=each,
        kind=STANDING_KINDS[each["status"]],
        words=both(STANDING_LABELS[each["status"]]),
        facts=[
            (said[name], shown_day(each[name]) if name.endswith(("_on", "_to")) else each[name])
            for name in _FACTS
            if each[name] is not None
        ],
        newer=f"{newer}.html" if newer else None,
        picture=picture,
    )
