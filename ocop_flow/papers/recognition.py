"""Fields of a decision of recognition: drafted from what awaits a decision, or one that is recorded."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.exact import mean_decimal
from ocop_flow.errors import Reason, reason
from ocop_flow.papers import words
from ocop_flow.papers.kinds import practice
from ocop_flow.papers.subject import Signed, Subject
from ocop_flow.papers.words import BLANK, said
from ocop_flow.service import decision_draft, decision_view
from ocop_flow.service.desk import unit_on
from ocop_flow.service.office import Caller

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def fields(uow: UnitOfWork, office: Office, typed: str) -> Subject:
    """A unit's code: a draft of all that it may recognise today. A number: that recorded decision."""
    return _recorded(uow, office, typed) if "/" in typed else _draft(uow, office, typed)


def _draft(uow: UnitOfWork, office: Office, code: str) -> Subject:
    unit = unit_on(uow, code, office.today)
    found = decision_draft.draft(uow, office, Caller(None), unit.code, "recognition")["lines"]
    dossiers = [_known(uow, line["dossier"]) for line in found]
    rows = [
        _row(number, dossier, line["stars"], None, _lacking(line))
        for number, (dossier, line) in enumerate(zip(dossiers, found, strict=True), start=1)
    ]
    return Subject(unit, {**_fields(uow, unit, dossiers, rows), "draft": True}, regime=_one_regime(dossiers))


def _recorded(uow: UnitOfWork, office: Office, number: str) -> Subject:
    """The decision as it stands: of its day and signer, without the lines that were annulled."""
    found = decision_view.show(uow, number)
    decided_on = date.fromisoformat(found["decided_on"])
    unit = unit_on(uow, found["issuer"]["code"], decided_on)
    lines = [line for line in found["lines"] if line["stars"] is not None and line["status"] != "annulled"]
    dossiers = [_known(uow, line["dossier"]) for line in lines]
    rows = [
        _row(place, dossier, line["stars"], line["certificate"], "") | {"product": line["product"]}
        for place, (dossier, line) in enumerate(zip(dossiers, lines, strict=True), start=1)
    ]
    whole = _fields(uow, unit, dossiers, rows)
    told = {**whole, "draft": False, "number": found["number"].partition("/")[0]}
    told |= {"day": words.long_day(decided_on), "year": str(decided_on.year)}
    signed = Signed(found["signer"]["name"], found["signer"]["capacity"]) if found["signer"] else None
    return Subject(unit, told, regime=_one_regime(dossiers), signed=signed, against=_against(found))


def _against(found: Json) -> dict[str, Reason]:
    if found["kind"] != "recognition":
        return {"recognises": reason("paper_decision_other", number=found["number"], kind=found["kind"])}
    if found["status"] == "annulled":
        return {"recognises": reason("paper_decision_annulled", number=found["number"])}
    return {}


def _one_regime(dossiers: list[Dossier]) -> str | None:
    """The regime of all of them; None where there are several or none."""
    found = {each.regime for each in dossiers}
    return found.pop() if len(found) == 1 else None


def _known(uow: UnitOfWork, code: str) -> Dossier:
    from ocop_flow.domain.record import known_dossier

    return known_dossier(uow.dossier(code), code)


def _fields(uow: UnitOfWork, unit: Any, dossiers: list[Dossier], rows: list[Json]) -> Json:
    laws = [uow.law(each.workflow_hash).regime for each in dossiers]
    return {
        "regime": ", ".join(dict.fromkeys(words.law(each.decision) for each in laws)) or BLANK,
        "authority": words.decider(unit, practice(_one_regime(dossiers))).upper(),
        "province": words.lowered(unit.name),
        "council": words.council_of(unit),
        "months": ", ".join(dict.fromkeys(str(each.certificate.months) for each in laws)) or BLANK,
        "lines": rows,
        "total": str(len(rows)),
        "shape": _shape(rows),
        "entities": str(len({row["entity"] for row in rows})),
        **{name: str(sum(row["stars"] == star for row in rows)) for name, star in _COUNTED},
    }


_COUNTED = (("five", "5"), ("four", "4"), ("three", "3"))


def _shape(rows: list[Json]) -> str:
    """How many of each star there are, without those of which there is none."""
    counted = ((sum(row["stars"] == star for row in rows), words.STARS[int(star)]) for _, star in _COUNTED)
    return ", ".join(f"{number} sản phẩm {star} sao" for number, star in counted if number) or BLANK


def _row(number: int, dossier: Dossier, stars: int | None, certificate: str | None, note: str) -> Json:
    return {
        "number": str(number),
        "code": dossier.code,
        "product": dossier.product_name,
        "entity": dossier.entity_name,
        "commune": dossier.commune_name,
        "kind": said(dossier.kind),
        "mean": mean_decimal(dossier.result.mean_total).replace(".", ",") if dossier.result else BLANK,
        "stars": str(stars or "–"),
        "certificate": certificate or BLANK,
        "note": note,
    }


def _lacking(line: Json) -> str:
    """What a draft must not hide: the papers that a line still lacks."""
    labels = [item.params["label"].vi for item in line["reasons"] if item.code == "evidence_missing"]
    return "; ".join(f"thiếu {label}" for label in labels)
