"""The table of papers: which template makes which, what it is about, and the fields that a template may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from ocop_flow import yamlfile
from ocop_flow.errors import InputInvalid, Text, reason

Json = dict[str, Any]
TABLE = "kinds.yaml"


@dataclass(frozen=True, slots=True)
class Field:
    """``rows``: fields of each row, where the field is a list; None for one text.

    typed  may be given on the command line
    image  a picture
    """

    label: Text
    rows: Mapping[str, Field] | None
    typed: bool
    image: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of paper.

    about   what its subject is: dossier, sitting, council, unit, certificate
    data    whose fields it takes
    issuer  commune, holder or receiver, where a dossier's paper is written by them; else None
    sign    whose signature block it ends with
    template  file that makes it
    of_issue  whether it follows the law under which its certificate was issued, not that of the day
    only    conditions of the table of kinds without which what it says is not so
    """

    id: str
    label: Text
    about: str
    data: str
    issuer: str | None
    sign: str
    fields: Mapping[str, Field]
    template: str
    of_issue: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """How papers under a regime name who decides, and which forms of its own it has.

    by_chair  whether the Chair decides, not the committee
    forms     kind -> what it has otherwise
    """

    ministry: str
    by_chair: bool
    forms: Mapping[str, Json]

    def of(self, kind: Kind) -> Kind:
        """The kind as this regime has it; a committee signs for itself what elsewhere its Chair decides."""
        sign = "committee" if kind.sign == "chair" and not self.by_chair else kind.sign
        own = self.forms.get(kind.id)
        if own is None:
            return replace(kind, sign=sign)
        return replace(kind, label=Text(**own["label"]), sign=own.get("sign", sign), template=f"{own['template']}.docx")


#: The Ministry and who decides under the decision in force (26/2026/QĐ-TTg).
PRESENT = Practice("Bộ Nông nghiệp và Môi trường", True, {})


def folder() -> Any:
    return files("ocop_flow.notifications") / "papers"


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind, in the order of a dossier's way."""
    table = yamlfile.read((folder() / TABLE).read_bytes(), TABLE).data
    shared = table["rows"]
    common = _fields(table["common"], shared)
    groups = {name: {**common, **_fields(group, shared)} for name, group in table["data"].items()}
    return {
        name: Kind(
            name,
            Text(**row["label"]),
            row["about"],
            row["data"],
            row.get("issuer"),
            row["sign"],
            groups[row.get("fields", row["data"])],
            f"{name}.docx",
            row.get("law") == "issue",
            tuple(row.get("only", ())),
        )
        for name, row in table["kinds"].items()
    }


def kind(name: str) -> Kind:
    """One kind; raises InputInvalid naming those there are."""
    found = kinds().get(name)
    if found is None:
        raise InputInvalid(reason("paper_kind_unknown", kind=name, known=", ".join(kinds())))
    return found


@cache
def _practices() -> Mapping[str, Practice]:
    table = yamlfile.read((folder() / TABLE).read_bytes(), TABLE).data
    return {
        regime: Practice(row["ministry"], row["decided_by"] == "chair", row["kinds"])
        for row in table["practices"]
        for regime in row["regimes"]
    }


def practice(regime: str | None) -> Practice:
    """Of a regime; of one that the table does not name, and of None, that of the decision in force."""
    return _practices().get(regime or "", PRESENT)


def of_regimes() -> Mapping[str, Practice]:
    """Regimes whose papers differ from those of the decision in force."""
    return _practices()


def _fields(table: Json, shared: Json) -> dict[str, Field]:
    """``rows`` of a field are written out, or the name of rows that several share."""
    return {
        name: Field(
            Text(row["vi"], row["en"]),
            _rows(row["rows"], shared) if "rows" in row else None,
            row.get("typed", False),
            row.get("image", False),
        )
        for name, row in table.items()
    }


def _rows(written: Json | str, shared: Json) -> dict[str, Field]:
    return _fields(shared[written] if isinstance(written, str) else written, shared)
