"""What is asked for and is not there is told as absent, never as an empty answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.acts import COMMUNE
from tests.cli.refusals import opening

if TYPE_CHECKING:
    from tests.cli.office import Office
    from tests.cli.refusals import Refusals


def test_a_unit_that_was_never_there_is_absent(refused: Refusals) -> None:
    """Well formed but absent: exit 4."""
    refused.opening(4, "unit_absent", commune="99999")
    refused(4, "unit_absent", "unit", "show", "99999")


def test_an_unknown_dossier_is_absent(refused: Refusals) -> None:
    """Well formed but absent: exit 4."""
    for words in (["dossier", "show"], ["dossier", "actions"], ["dossier", "history"], ["audit", "replay"]):
        refused(4, "dossier_absent", *words, "HS-2026-999999")
    refused(4, "dossier_absent", "advance", "HS-2026-999999", "withdraw", "--reason", "x")
    refused(4, "dossier_absent", "attach", "HS-2026-999999", "--kind", "sample")
    refused(4, "dossier_absent", "undo", "HS-2026-999999")


def test_a_dossier_code_with_a_wrong_check_letter_is_a_question_and_not_another_dossier(
    refused: Refusals, dossier: str
) -> None:
    """Codes that people type carry a check character (DESIGN section 4)."""
    wrong = "A" if dossier[-1] != "A" else "B"
    refused(2, "code_check_wrong", "dossier", "show", dossier[:-1] + wrong)


def test_the_year_and_the_check_letter_may_be_left_out_where_that_is_unique(office: Office, dossier: str) -> None:
    """And a product's name serves too (DESIGN section 4)."""
    number = str(int(dossier.split("-")[2]))
    for typed in (dossier, dossier[:-2], f"HS-{number}", number, dossier.lower(), "cà phê", "CA PHE"):
        assert office.show(typed)["code"] == dossier


def test_an_unknown_person_is_absent(refused: Refusals, dossier: str) -> None:
    """Exit 4, whoever is named: the caller, the doer, the signer, one to appoint."""
    refused(4, "person_absent", *opening(), who="nobody")
    refused(4, "person_absent", "advance", dossier, "withdraw", "--reason", "x", "--by", "nobody")
    words = ["advance", dossier, "reject_at_commune", "--reason", "x", "--decision", "1/QĐ-UBND"]
    refused(4, "person_absent", *words, "--signed-by", "nobody")
    post = ["--unit", "33", "--role", "officer", "--decision", "1/QĐ-UBND"]
    refused(4, "person_absent", "person", "appoint", "nobody", *post, who="admin")


def test_nobody_at_the_keyboard_writes_nothing(office: Office, dossier: str) -> None:
    """Not logged in is exit 3; in a training database that is a command without --as."""
    for words in (
        opening(),
        ["advance", dossier, "withdraw", "--reason", "x"],
        ["attach", dossier, "--kind", "sample"],
    ):
        assert office.refuses(3, *words) == ["not_logged_in"]


@pytest.mark.parametrize(
    "words",
    [
        ["dossier", "list"],
        ["certificate", "list"],
        ["certificate", "list", "--ending", "12m"],
        ["deadline", "list"],
        ["person", "list"],
        ["entity", "list"],
        ["product", "list"],
        ["board"],
        ["inbox"],
        ["decision", "list"],
        ["remind", "list"],
        ["worklist", "list"],
        ["packet", "list"],
        ["promotion", "list"],
        ["audit", "conformance"],
        ["audit", "findings"],
    ],
)
def test_a_list_of_a_unit_that_is_not_there_is_not_an_empty_list(refused: Refusals, words: list[str]) -> None:
    """No such unit is exit 4 (DESIGN section 7); its code and its name ask for the same."""
    refused(4, "unit_absent", *words, "--unit", "99999")
    by_code = refused.office.do(*words, "--unit", COMMUNE, who="admin")
    assert refused.office.do(*words, "--unit", "Phường Mỹ Hào", who="admin") == by_code


def test_a_list_of_a_state_that_no_law_knows_is_wrong_usage(office: Office, refused: Refusals) -> None:
    """States are a fixed list, of whatever law is stored: those of 1048/QĐ-TTg too; a phase is taken as well."""
    refused(2, "state_unknown", "dossier", "list", "--state", "nope")
    for known in ("evaluation.district_council", "rating", "closed.revoked"):
        assert office.do("dossier", "list", "--state", known) == []
