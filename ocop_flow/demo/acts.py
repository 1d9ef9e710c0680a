"""Acts on one dossier at the demo's desk: opening, filing papers, moving; each is one command of the product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from ocop_flow.demo.cases import Case
from ocop_flow.demo.cast import handle
from ocop_flow.demo.year import Json, Year
from ocop_flow.domain.commands import Act, Advance, Attachment, FileRef, Open, Paper
from ocop_flow.domain.units import Unit
from ocop_flow.errors import Reason
from ocop_flow.service import dossiers

#: Papers of the filing (1048/QĐ-TTg, forms 01-04): kind -> copies; and what most producers add.
FILING = {
    "registration_form": 1,
    "business_plan": 1,
    "organisation_profile": 1,
    "business_registration": 1,
    "sample": 5,
}
FURTHER = ("product_standard", "quality_declaration", "test_report", "product_story", "traceability_code")
#: The campaign under which papers of June are typed in July.
CAMPAIGN = "paper:Nhập bù hồ sơ giấy tháng 6"


def open_case(year: Year, case: Case, unit: Unit, product_set: str | None = None) -> None:
    """Open the dossier at a unit's officer."""
    command = Open(
        commune=case.commune.code,
        product=case.product,
        entity=case.entity,
        entity_kind=case.entity_kind,
        product_set=product_set or case.product_set,
        kind="first",
        track=case.track,
        plan=year.plan,
        contacts=_contacts(case),
    )
    made: Json = year.desk.do(handle(unit, "canbo"), dossiers.open_dossier, command)
    case.code = str(made["code"])
    year.story.count(year.today, f"opened_{case.track}")


def _contacts(case: Case) -> dict[str, str]:
    """Of ten producers six give a mail address, three a telephone alone, one nothing."""
    if case.number % 10 == 0:
        return {}
    if case.number % 10 in (3, 6, 9):
        return {"phone": f"0900000{case.number:03d}"}
    return {"email": f"co-so-{case.number:03d}@ocop.example"}


def attach(year: Year, case: Case, papers: Iterable[tuple[str, int]], unit: Unit | None = None) -> None:
    """File papers held in the office, or for some the text itself, as one act of the officer."""
    found = [Attachment(kind, copies) for kind, copies in papers]
    story = next((place for place, item in enumerate(found) if item.kind == "product_story"), None)
    if story is not None and case.number % 8 == 0:
        text = f"{case.product}\n{case.entity}, {case.commune.name}\nCâu chuyện sản phẩm (văn bản giả định).\n"
        found[story] = replace(found[story], file=year.desk.keep(text, f"cau-chuyen-{case.number:03d}.txt"))
    command = dossiers.Attach(case.code, tuple(found))
    year.desk.do(handle(unit or case.district, "canbo"), dossiers.attach, command)
    year.story.count(year.today, "papers", len(found))


def filing(case: Case, *, lacking: bool = False, without: Iterable[str] = ()) -> list[tuple[str, int]]:
    """The papers of a filing; where some are lacking, two samples and the business registration come later."""
    papers = {kind: copies for kind, copies in FILING.items() if kind not in without}
    if lacking:
        papers = {**papers, "sample": 3}
        papers.pop("business_registration")
    further = case.random.sample(FURTHER, case.random.randint(1, len(FURTHER)))
    return [*papers.items(), *((kind, 1) for kind in FURTHER if kind in further)]


#: What the producer brings after a return.
LACKING = (("sample", 2), ("business_registration", 1))


def move(
    year: Year,
    case: Case,
    action: str,
    unit: Unit,
    post: str,
    *,
    reason: str | None = None,
    matter: str | None = None,
    papers: tuple[str, ...] = (),
    fields: dict[str, str] | None = None,
    on: date | None = None,
    typed_by: str | None = None,
    as_decided: FileRef | None = None,
) -> Json:
    """Move the dossier by the holder of a post.

    matter      what the signed decision is about, where the action wants one; one number per unit, day and matter
    on          legal day, where the act is typed later from paper by ``typed_by``
    as_decided  the decision's file, for a decision against the rules
    """
    command = _command(year, case, action, unit, reason, matter, papers, fields, as_decided)
    who = handle(unit, post)
    if on is not None:
        typist = handle(unit, typed_by or post)
        by = who if typist != who else None
        command = replace(command, act=replace(command.act, on=on, by=by, entry=CAMPAIGN))
        who = typist
        year.story.count(year.today, "typed_late")
    moved: Json = year.desk.do(who, dossiers.advance, command)
    year.story.count(year.today, action)
    return moved


def try_move(year: Year, case: Case, action: str, unit: Unit, post: str, **kept: Any) -> tuple[Reason, ...]:
    """A move that the rules refuse: the reasons; nothing is written."""
    command = _command(year, case, action, unit, None, kept.get("matter"), kept.get("papers", ()), None, None)
    error = year.desk.refused(handle(unit, post), dossiers.advance, command)
    return tuple(error.reasons) if error is not None else ()


def _command(
    year: Year,
    case: Case,
    action: str,
    unit: Unit,
    reason: str | None,
    matter: str | None,
    papers: tuple[str, ...],
    fields: dict[str, str] | None,
    as_decided: FileRef | None,
) -> Advance:
    number = year.decision(unit, matter) if matter else None
    return Advance(
        dossier=case.code,
        action=action,
        act=Act(reason=reason, paper=Paper(number=number, file=as_decided)),
        fields=fields or {},
        attachments=tuple(Attachment(kind) for kind in papers),
        as_decided=as_decided is not None,
    )
