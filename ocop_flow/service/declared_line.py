"""One line of a table of past recognitions with its units found, held against a certificate that is recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import codes
from ocop_flow.domain.names import fold, spelling

if TYPE_CHECKING:
    from ocop_flow.domain.declared_row import DeclaredRow
    from ocop_flow.domain.doers import Who
    from ocop_flow.domain.situation import Desk
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import Row

Json = dict[str, Any]

_ABBREVIATED = {
    "htx": "hop tac xa", "tht": "to hop tac", "cty": "cong ty", "ct": "cong ty", "dn": "doanh nghiep",
    "hkd": "ho kinh doanh", "tnhh": "trach nhiem huu han", "cp": "co phan", "sx": "san xuat", "tm": "thuong mai",
    "dv": "dich vu", "nn": "nong nghiep", "mtv": "mot thanh vien", "kd": "kinh doanh",
}  # fmt: skip
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line with its units found. ``facts`` is what the certificate's first event says of it."""

    line: DeclaredRow
    commune: Unit | None
    issuer: Unit | None
    who: Who
    base: Desk
    facts: Json

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two lines without numbers the same recognition."""
        names = ("stars", "commune", "decision", "issued_on", "valid_to")
        return (spelling(self.line.product), spelling(self.line.entity), *(self.facts[name] for name in names))


#: Field of a line -> column of the certificate that must not contradict it.
COMPARED = {
    "product": "product_name",
    "entity": "entity_name",
    "stars": "stars",
    "commune": "commune",
    "issuer": "issuer_code",
    "decision": "decision",
    "issued_on": "issued_on",
    "valid_to": "valid_to",
    "product_set": "product_set",
}


def said(each: JudgedLine, name: str) -> Any:
    """What a line says in one of the fields that are compared."""
    if name == "issuer":
        return each.facts["issuer"]["code"] if each.facts["issuer"] else None
    return each.facts[name]


def differs(each: JudgedLine, recorded: Row, name: str) -> bool:
    """Whether both say something, and not the same. What was only reckoned contradicts nothing."""
    given, then = said(each, name), recorded[COMPARED[name]]
    if given is None or then is None:
        return False
    if name in ("product", "entity"):
        return loose(str(given)) != loose(str(then))
    if name == "issuer" and each.line.issuer is None:
        return False
    if name == "valid_to" and each.line.valid_to is None:
        return recorded["issued_on"] is not None and each.facts["issued_on"] is not None and given != then
    if name == "valid_to" and recorded["issued_on"] is None:
        return False
    return bool(given != then)


def added_by(each: JudgedLine, recorded: Row) -> Json:
    """What a line says that its certificate does not."""
    if recorded["dossier"] is not None:
        return {}
    added: Json = {}
    if each.line.number and own_code(recorded["number"]) and each.line.number != recorded["number"]:
        added["number"] = each.line.number
    for name in ("commune", "decision", "issued_on", "product_set"):
        if recorded[name] is None and each.facts[name] is not None:
            added[name] = each.facts[name]
    if recorded["issuer_code"] is None and each.facts["issuer"] is not None:
        added["issuer"] = each.facts["issuer"]
    end = each.facts["valid_to"]
    firm = each.line.valid_to is not None or "issued_on" in added
    if end is not None and end != recorded["valid_to"] and (recorded["valid_to"] is None or firm):
        added["valid_to"] = end
    return added


def own_code(number: str) -> bool:
    """Whether a certificate has no number but the code that this program gave it."""
    return number.startswith(codes.PREFIXES["certificate"] + "-")


def loose(text: str) -> str:
    """A name without marks and punctuation, its abbreviations written out."""
    words = _NO_LETTER.sub(" ", fold(text)).split()
    return " ".join(_ABBREVIATED.get(word, word) for word in words)


def may_be(each: JudgedLine, row: Row) -> bool:
    """Without a number on both sides, nothing may be contradicted and something besides the names must agree."""
    if each.line.number and not own_code(row["number"]):
        return False
    same = not any(differs(each, row, name) for name in COMPARED)
    return same and (agreement(each, row) >= 10 or each.identity[2:] == _bare_identity(row))


def agreement(each: JudgedLine, row: Row) -> int:
    """How many facts are the same, present or absent, present ones counting more."""
    score = 0
    for name in ("commune", "decision", "issued_on", "valid_to"):
        if each.facts[name] == row[name]:
            score += 10 if row[name] is not None else 1
    return score


def _bare_identity(row: Row) -> tuple[object, ...]:
    return (row["stars"], row["commune"], row["decision"], row["issued_on"], row["valid_to"])
