"""Histories in open formats, read back by programs that know nothing of ours: PM4Py and pyarrow.

IEEE XES is IEEE 1849-2016, OCEL 2.0 the standard of 2023 for object-centric event logs (JSON form).
"""

from __future__ import annotations

import json
import sys
import warnings
import xml.etree.ElementTree as ET
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet

from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.office import Json, Office

if TYPE_CHECKING:
    from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what PM4Py and its libraries warn of at import is not ours to mend
    import pm4py

COMMUNE, PROVINCE = "12103", "33"
PERSONS = ("Cán bộ", "Người gửi số 1")


@pytest.fixture(scope="module")
def office(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two dossiers: one in promotion, one that was returned, with an act taken back; people with names everywhere."""
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("formats")))
    office.walk(office.open(COMMUNE, 'Chè "Tân Cương" <loại 1> & bạn', track="existing_product"), "promotion")
    other = office.open(COMMUNE, "Mật ong", track="existing_product")
    office.take(other, "return_for_supplement")
    office.do("undo", other, who=office.holder("officer", COMMUNE))
    words = ["--about", "nhãn", "--from", "Người gửi số 1", "--reply-by", "2026-06-20"]
    office.do("complaint", "add", other, *words, who=office.holder("officer", PROVINCE))
    return office


@pytest.fixture(scope="module")
def histories(office: Office) -> dict[str, list[Json]]:
    """Dossier -> its events as ``dossier history`` shows them: what every format must say."""
    return {item["code"]: office.do("dossier", "history", item["code"]) for item in office.do("dossier", "list")}


def exported(office: Office, folder: Path, form: str, *words: str) -> Path:
    file = folder / f"log.{form}"
    told = held(office.do("audit", "export", *words, "--format", form, "--out", str(file)), "audit export format")
    assert told["file"] == str(file)
    return file


def read_by_pm4py(reader: str, file: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside PM4Py
        return getattr(pm4py, reader)(str(file))


def test_pm4py_reads_every_event_of_the_xes_file(
    office: Office, histories: dict[str, list[Json]], tmp_path: Path
) -> None:
    """One trace for each dossier; action, legal day, post, states and order are those of the history."""
    frame = read_by_pm4py("read_xes", exported(office, tmp_path, "xes"))
    for code, events in histories.items():
        trace = frame[frame["case:concept:name"] == code]
        assert list(trace["seq"]) == [event["seq"] for event in events]
        assert list(trace["concept:name"]) == [event["action"] for event in events]
        days = [moment.tz_convert("Asia/Ho_Chi_Minh").date() for moment in trace["time:timestamp"]]
        assert days == [date.fromisoformat(event["occurred_on"]) for event in events]
        assert list(trace["org:role"]) == [event["actor"]["role"] for event in events]
        assert list(trace["to_state"]) == [event["to_state"] for event in events]
        assert list(trace["hash"]) == [event["hash"] for event in events]
        undone = {event["data"]["undoes"] for event in events if event["action"] == "undo"}
        assert list(trace["taken_back"]) == [event["seq"] in undone for event in events]


def test_the_xes_file_is_well_formed_and_names_its_extensions(office: Office, tmp_path: Path) -> None:
    """The prefixes of standard keys are declared, as IEEE 1849 asks."""
    root = ET.parse(exported(office, tmp_path, "xes")).getroot()
    space = "{http://www.xes-standard.org/}"
    declared = {each.get("prefix") for each in root.iter(f"{space}extension")}
    keys = {each.get("key") or "" for each in root.iter() if each.get("key")}
    assert {key.partition(":")[0] for key in keys if ":" in key} <= declared
    for event in root.iter(f"{space}event"):
        names = [each.get("key") for each in event]
        assert len(names) == len(set(names))


def test_pm4py_reads_every_event_and_object_of_the_ocel_file(
    office: Office, histories: dict[str, list[Json]], tmp_path: Path
) -> None:
    """Each event touches its dossier, product, entity and acting unit; a recognition its document and certificate."""
    file = exported(office, tmp_path, "ocel")
    log = read_by_pm4py("read_ocel2_json", file)
    wanted = {event["hash"]: (code, event) for code, events in histories.items() for event in events}
    assert set(log.events["ocel:eid"]) == set(wanted)
    related: dict[str, dict[str, str]] = {}
    for row in log.relations.to_dict("records"):
        related.setdefault(row["ocel:eid"], {})[row["ocel:type"]] = row["ocel:oid"]
    for digest, (code, event) in wanted.items():
        touched = related[digest]
        assert touched["dossier"] == f"dossier:{code}"
        assert touched["unit"] == f"unit:{event['actor']['unit']['code']}"
        if event["action"] == "recognise":
            assert touched["document"] == f"document:{PROVINCE}:2026:12/QĐ-UBND"
            assert touched["certificate"].startswith("certificate:CN-2026-")
    body = json.loads(file.read_text("utf-8"))
    known = {item["id"] for item in body["objects"]}
    named = [link["objectId"] for item in (*body["events"], *body["objects"]) for link in item["relationships"]]
    assert set(named) <= known
    types = {item["name"]: {each["name"] for each in item["attributes"]} for item in body["eventTypes"]}
    assert all({each["name"] for each in item["attributes"]} <= types[item["type"]] for item in body["events"])


def test_a_dossiers_state_through_time_stands_in_the_ocel_file(
    office: Office, histories: dict[str, list[Json]], tmp_path: Path
) -> None:
    body = json.loads(exported(office, tmp_path, "ocel").read_text("utf-8"))
    objects = {item["id"]: item for item in body["objects"]}
    for code, events in histories.items():
        states = [each["value"] for each in objects[f"dossier:{code}"]["attributes"] if each["name"] == "state"]
        moved = [event["to_state"] for event in events]
        wanted = [state for before, state in zip([None, *moved], moved, strict=False) if state != before]
        assert states == wanted


def test_pyarrow_reads_every_event_of_the_parquet_file(
    office: Office, histories: dict[str, list[Json]], tmp_path: Path
) -> None:
    """Typed columns: whole numbers, days, moments in UTC, yes or no."""
    table = parquet.read_table(exported(office, tmp_path, "parquet"))
    rows = table.to_pylist()
    wanted = [event for code in sorted(histories) for event in histories[code]]
    assert [row["hash"] for row in rows] == [event["hash"] for event in wanted]
    assert [row["on"] for row in rows] == [date.fromisoformat(event["occurred_on"]) for event in wanted]
    assert str(table.schema.field("recorded_at").type) == "timestamp[us, tz=UTC]"
    assert [row["stars"] for row in rows if row["action"] == "recognise"] == [4]


@pytest.mark.parametrize("form", ["xes", "ocel", "parquet"])
def test_no_personal_data_is_exported(office: Office, tmp_path: Path, form: str) -> None:
    """Officials are posts at units; entities and products are codes; no free text goes out."""
    file = exported(office, tmp_path, form)
    said = str(parquet.read_table(file).to_pylist()) if form == "parquet" else file.read_text("utf-8")
    logins = [person["handle"] for person in office.do("person", "list")]
    assert [word for word in (*PERSONS, "Hợp tác xã", "Tân Cương", "nhãn", *logins) if word in said] == []


def test_one_dossier_or_a_unit_is_chosen(office: Office, histories: dict[str, list[Json]], tmp_path: Path) -> None:
    first = min(histories)
    file = str(tmp_path / "one.xes")
    one = office.do("audit", "export", first, "--format", "xes", "--out", file)
    assert (one["dossiers"], one["events"]) == (1, len(histories[first]))
    none = office.do("audit", "export", "--unit", "01", "--format", "ocel", "--out", str(tmp_path / "none.ocel"))
    assert (none["dossiers"], none["events"]) == (0, 0)
    assert json.loads((tmp_path / "none.ocel").read_text("utf-8"))["events"] == []


def test_parquet_without_the_extra_names_it(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pyarrow comes with the extra ``audit``; without it is exit 6, and no file is left."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    file = tmp_path / "log.parquet"
    assert office.refuses(6, "audit", "export", "--format", "parquet", "--out", str(file)) == ["extra_missing"]
    assert not file.exists()


def test_bad_input_is_refused(office: Office, tmp_path: Path) -> None:
    there = tmp_path / "there.xes"
    there.write_text("x", encoding="utf-8")
    words = ["audit", "export", "--format", "xes", "--out"]
    assert office.refuses(3, *words, str(there)) == ["target_exists"]
    assert office.refuses(2, *words, str(tmp_path / "no" / "where.xes")) == ["file_unreadable"]
    assert office.refuses(4, *words, str(tmp_path / "x.xes"), "HS-2026-009999") == ["dossier_absent"]
    assert office.refuses(2, "audit", "export") == ["usage"]
    assert office.refuses(2, "audit", "export", "--format", "xes") == ["usage"]
    assert office.refuses(2, "audit", "export", "--bundle", str(tmp_path / "b.zip")) == ["usage"]
