"""Recording a report: by its issuer, corrected without losing what was printed first, refused otherwise."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow import bootstrap
from ocop_flow.config import Settings, url_of
from ocop_flow.errors import InputInvalid, NotFound, Refused, Text
from ocop_flow.service import reports
from ocop_flow.service.office import Caller, Office, carry_out

if TYPE_CHECKING:
    from tests.seeds.conftest import Told

FIGURES = ({"id": "a", "metric": "products", "title": {"vi": "a", "en": "a"}, "value": 3},)
REPORT = reports.Record("36", Text("Báo cáo thử", "A trial"), date(2020, 6, 1), FIGURES, "a test")


@pytest.fixture
def office(told: Told, tmp_path: Path) -> Office:
    """An office over a copy of the database of seed 000, on its last day."""
    document = told("000")
    file = tmp_path / "ocop.db"
    # Part of it may still lie in SQLite's log beside the file.
    with closing(sqlite3.connect(document["database"])) as made, closing(sqlite3.connect(file)) as copy:
        made.backup(copy)
    return bootstrap.open_office(Settings(url_of(str(file)), "en", None, datetime.fromisoformat(document["now"])))


def record(office: Office, command: reports.Record, handle: str = "tinh-36-canbo") -> Any:
    caller = Caller(handle)
    return carry_out(office, "record", command, caller, lambda uow: reports.record(uow, office, caller, command))


def test_a_correction_is_a_second_version_and_the_first_stays(office: Office) -> None:
    """Printed figures are never repaired: what is corrected is printed again, as the next event of the stream."""
    first = record(office, REPORT)
    corrected = ({**FIGURES[0], "value": 4},)
    second = record(office, replace(REPORT, figures=corrected))
    assert (first["version"], second["version"], first["identity"]) == (1, 2, second["identity"])
    with office.reader() as uow:
        assert reports.known(uow, first["identity"]).figures[0].value == 4
        assert uow.events("report", first["identity"])[0].data["figures"][0]["value"] == 3
        assert first["identity"] in [report.identity for report in reports.listed(uow, "36")]


def test_the_fault_of_a_report_stands_in_its_event(office: Office) -> None:
    """A figure that does not follow is recorded as printed, with the warning beside it."""
    share = {**FIGURES[0], "id": "b", "relations": [{"kind": "share", "of": ["a"], "stated": "50"}]}
    made = record(office, replace(REPORT, figures=(*FIGURES, share)))
    with office.reader() as uow:
        (event,) = uow.events("report", made["identity"])
        assert [warning.code for warning in event.warnings] == ["figure_share_wrong"]


def test_only_the_issuer_records_its_report(office: Office) -> None:
    """Deny by default: the administrator has no post at the province."""
    with pytest.raises(Refused):
        record(office, REPORT, "admin")


def test_a_report_does_not_speak_of_days_to_come(office: Office) -> None:
    """Figures as of a day after the report cannot have been printed in it."""
    with pytest.raises(InputInvalid) as caught:
        record(office, replace(REPORT, as_of=date(2020, 12, 31)))
    assert [reason.code for reason in caught.value.reasons] == ["report_too_early"]


def test_a_report_that_is_not_there_is_not_found(office: Office) -> None:
    """Reports are found by issuer, day and title."""
    with office.reader() as uow, pytest.raises(NotFound):
        reports.known(uow, "36:2020-01-01:khong-co")
