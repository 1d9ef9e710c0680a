"""Many officials at once: no lost update, no gap or duplicate, and everybody is told how it ended.

The short form of ``python -m benchmarks.clients --commands 10000`` (16 clients, the same 10 dossiers).
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow import bootstrap
from ocop_flow.config import Settings, url_of
from ocop_flow.domain.commands import Act, Advance, Open
from ocop_flow.errors import Conflict, OcopFlowError, Refused, Text, Unavailable, reason
from ocop_flow.service import dossiers
from ocop_flow.service.office import ATTEMPTS, Caller, carry_out
from tests.cli.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_flow.service.office import Office as Wired

pytestmark = pytest.mark.both_databases

COMMUNE = "12103"
CLIENTS = 4


def wired(office: Office) -> Wired:
    """An office of one client: a pool of connections and a memory of its own."""
    now = datetime.fromisoformat(f"{office.day}T10:00:00+07:00")
    return bootstrap.open_office(Settings(url_of(str(office.db)), "en", None, now))


def at_once(work: Callable[[int], Any], clients: int = CLIENTS) -> list[Any]:
    """What each client got back, or the error it was told; all begin together."""
    gate = threading.Barrier(clients)

    def one(number: int) -> Any:
        gate.wait()
        try:
            return work(number)
        except OcopFlowError as error:
            return error

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, range(clients)))


def advance(client: Wired, officer: str, dossier: str, action: str, version: int | None = None) -> Any:
    command = Advance(dossier=dossier, action=action, expect_version=version, act=Act(reason="thiếu mẫu"))
    caller = Caller(officer)
    return carry_out(client, "advance", command, caller, lambda uow: dossiers.advance(uow, client, caller, command))


def test_of_two_officials_on_one_dossier_one_wins_and_the_others_learn_what_changed(office: Office) -> None:
    """Who names the version he saw gets exit 5 with the new one, its state and the last act."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    officer, clients = office.holder("officer", COMMUNE), [wired(office) for _ in range(CLIENTS)]
    told = at_once(lambda n: advance(clients[n], officer, dossier, "return_for_supplement", 1))
    lost = [answer for answer in told if isinstance(answer, Conflict)]
    assert (len(told) - len(lost), len(lost)) == (1, CLIENTS - 1)
    for answer in lost:
        assert answer.reasons[0].code == "version_conflict"
        assert answer.reasons[0].params["found"] == 2
        assert answer.reasons[0].params["last"] == Text("Trả lại để bổ sung hồ sơ", "Return for supplement")
    assert [event["seq"] for event in office.do("dossier", "history", dossier)] == [1, 2]


def test_who_names_no_version_wins_or_is_refused_by_the_law(office: Office) -> None:
    """The move is decided anew on the dossier as it is by then (exit 3)."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    officer, clients = office.holder("officer", COMMUNE), [wired(office) for _ in range(CLIENTS)]
    told = at_once(lambda n: advance(clients[n], officer, dossier, "return_for_supplement"))
    lost = [answer for answer in told if isinstance(answer, Refused)]
    assert (len(told) - len(lost), {item.reasons[0].code for item in lost}) == (1, {"wrong_state"})


def test_dossiers_opened_at_once_get_numbers_without_gap_or_duplicate(office: Office) -> None:
    """Two that chose the same number: one is decided anew, nobody is told."""
    officer, clients = office.holder("officer", COMMUNE), [wired(office) for _ in range(CLIENTS)]

    def open_some(client: int) -> list[str]:
        caller = Caller(officer)
        codes = []
        for number in range(3):
            command = Open(
                commune=COMMUNE,
                product=f"Cà phê {client}-{number}",
                entity=f"HTX số {client}-{number}",
                entity_kind="cooperative",
                product_set="coffee_cacao",
                kind="first",
                track="existing_product",
            )

            def work(uow: Any, command: Open = command) -> Any:
                return dossiers.open_dossier(uow, clients[client], caller, command)

            codes.append(carry_out(clients[client], "open", command, caller, work)["code"])
        return codes

    told = at_once(open_some)
    numbers = sorted(int(code.split("-")[2]) for codes in told for code in codes)
    assert numbers == list(range(1, 3 * CLIENTS + 1))
    assert office.do("audit", "verify")["ok"]
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_a_key_sent_twice_at_once_is_carried_out_once(office: Office) -> None:
    """Both get the same answer."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    officer, clients = office.holder("officer", COMMUNE), [wired(office) for _ in range(CLIENTS)]
    command = Advance(dossier=dossier, action="return_for_supplement", act=Act(reason="thiếu mẫu", key="one"))
    caller = Caller(officer)

    def send(n: int) -> Any:
        def work(uow: Any) -> Any:
            return dossiers.advance(uow, clients[n], caller, command)

        return carry_out(clients[n], "advance", command, caller, work)

    told = at_once(send)
    assert [answer["seq"] for answer in told] == [2] * CLIENTS
    assert len(office.do("dossier", "history", dossier)) == 2


def test_a_command_that_others_come_before_again_and_again_is_told_so_in_the_end(office: Office) -> None:
    """A bound: nobody waits for ever."""
    client, tried = wired(office), []

    def work(_uow: Any) -> Any:
        tried.append(1)
        raise Unavailable(reason("database_locked", path="-", detail="deadlock detected"), again=True)

    with pytest.raises(Unavailable):
        carry_out(client, "test", Advance(dossier="-", action="-"), Caller("admin"), work)
    assert len(tried) == ATTEMPTS


def test_those_who_name_the_same_new_producer_at_once_get_one_and_not_one_each(office: Office) -> None:
    """Else its name means several from then on, and no command that names it can go on (DESIGN section 4)."""
    officer = office.holder("officer", COMMUNE)
    clients = [wired(office) for _ in range(CLIENTS)]

    def opening(number: int) -> Any:
        command = Open(
            commune=COMMUNE,
            product="Sen sấy" if number % 2 else f"Sen khô {number}",
            entity="Hợp tác xã Sen mới",
            entity_kind="cooperative",
            product_set="coffee_cacao",
            kind="first",
            track="existing_product",
        )
        client, caller = clients[number], Caller(officer)
        return carry_out(
            client, "dossier open", command, caller, lambda uow: dossiers.open_dossier(uow, client, caller, command)
        )

    for answer in at_once(opening):
        assert not isinstance(answer, OcopFlowError), answer
    named = [item for item in office.do("entity", "list") if item["name"] == "Hợp tác xã Sen mới"]
    dried = [item for item in office.do("product", "list") if item["name"] == "Sen sấy"]
    assert (len(named), len(dried)) == (1, 1)
    assert office.do("audit", "verify")["ok"]
