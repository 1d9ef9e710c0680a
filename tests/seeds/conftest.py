"""Each seed is stored once in a database of its own and read as it stood on any day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow import bootstrap
from ocop_flow.config import Settings, url_of
from ocop_flow.demo.seed_data import seed
from ocop_flow.demo.seed_status import Found, found_on
from tests.cli.contract import held
from tests.cli.office import ocop

if TYPE_CHECKING:
    from collections.abc import Callable

    Told = Callable[..., Any]

Json = dict[str, Any]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """``told("000")`` is the document of ``ocop demo --seed-file 000 --json``, made once and held to the contract."""
    made: dict[tuple[str, ...], Any] = {}

    def document(number: str, *words: str) -> Any:
        key = (number, *words)
        if key not in made:
            folder = tmp_path_factory.mktemp(f"seed-{number}")
            answer = ocop("demo", "--seed-file", number, *words, "--dir", str(folder), "--json", lang="en")
            assert answer.exit == 0, answer.out + answer.err
            made[key] = held(answer.document, "demo")
        return made[key]

    return document


def one(document: Any, number: str) -> Json:
    """The part of a seed in a demo's document."""
    found: Json = next(item for item in document["seeds"] if item["seed"] == number)
    return found


def facts(document: Any, number: str) -> dict[str, Json]:
    """Printed figures of a seed by id."""
    return {fact["id"]: fact for fact in one(document, number)["facts"]}


def on_day(document: Any, number: str, day: str) -> Found:
    """A seed that was stored, read as it stood on another day."""
    part = one(document, number)
    settings = Settings(url_of(document["database"]), "en", None, datetime.fromisoformat(document["now"]))
    office = bootstrap.open_office(settings)
    plans = [plan["identity"] for plan in part["plans"]] + part["later"]
    reports = sorted({fact["report"] for fact in part["facts"]})
    with office.reader() as uow:
        return found_on(uow, office, seed(number), date.fromisoformat(day), plans, reports, [])


def milestones(plan: Json) -> dict[str, Json]:
    return {item["id"]: item for item in plan["milestones"]}


def targets(plan: Json) -> dict[str, Json]:
    return {item["id"]: item for item in plan["targets"]}
