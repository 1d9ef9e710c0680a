"""Evidence that is not taken."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.office import files

if TYPE_CHECKING:
    from tests.cli.office import Office
    from tests.cli.refusals import Refusals


def test_evidence_of_a_kind_that_the_regime_does_not_know_is_wrong_usage(refused: Refusals, dossier: str) -> None:
    """Exit 2, with the kinds in the remedy."""
    (found,) = refused(2, "evidence_kind_unknown", "attach", dossier, "--kind", "horoscope")
    assert "registration_form" in found["remedy"]


def test_evidence_without_file_and_kind_is_wrong_usage(refused: Refusals, dossier: str) -> None:
    refused(2, "evidence_kind_unclear", "attach", dossier)


def test_a_file_whose_name_tells_no_kind_is_asked_for(refused: Refusals, dossier: str, tmp_path: Path) -> None:
    scan = tmp_path / "scan0001.pdf"
    scan.write_bytes(b"%PDF-1.7")
    refused(2, "evidence_kind_unclear", "attach", dossier, str(scan))


def test_evidence_that_has_expired_or_is_dated_later_is_refused(refused: Refusals, dossier: str) -> None:
    """A certificate that is no longer valid on the day proves nothing on that day."""
    words = ["attach", dossier, "--kind", "food_safety_certificate"]
    refused(3, "evidence_expired", *words, "--expires", "2026-05-31")
    refused(3, "evidence_from_future", *words, "--issued", "2026-06-02")
    refused(3, "evidence_dates_crossed", *words, "--issued", "2026-05-01", "--expires", "2026-04-01")


def test_evidence_valid_on_its_last_day_is_taken(office: Office, refused: Refusals, dossier: str) -> None:
    words = ["--kind", "food_safety_certificate", "--issued", "1/6/2023", "--expires", "1/6/2026"]
    assert office.do("attach", dossier, *words, who=refused.officer)["attached"][0]["have"] == 1


def test_an_empty_file_is_refused(refused: Refusals, dossier: str, tmp_path: Path) -> None:
    empty = tmp_path / "form.pdf"
    empty.touch()
    refused(3, "evidence_empty", "attach", dossier, str(empty), "--kind", "registration_form")
    refused(3, "evidence_empty", "advance", dossier, "withdraw", "--reason", "x", "--doc", f"other={empty}")


def test_a_file_over_the_limit_is_refused(
    refused: Refusals, dossier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit itself is taken, one byte more is not."""
    monkeypatch.setattr("ocop_flow.cli.evidence.LIMIT", 10)
    scan = tmp_path / "form.pdf"
    scan.write_bytes(b"12345678901")
    refused(3, "evidence_too_large", "attach", dossier, str(scan), "--kind", "registration_form")
    scan.write_bytes(b"1234567890")
    refused.office.do("attach", dossier, str(scan), "--kind", "registration_form", who=refused.officer)


def test_a_file_that_is_not_there_is_wrong_usage(refused: Refusals, dossier: str, tmp_path: Path) -> None:
    """Something that cannot be read: exit 2."""
    absent = str(tmp_path / "absent.pdf")
    refused(2, "file_unreadable", "attach", dossier, absent, "--kind", "registration_form")
    refused(2, "file_unreadable", "advance", dossier, "withdraw", "--reason", "x", "--doc", f"other={absent}")


def test_a_refused_command_keeps_no_file(refused: Refusals, dossier: str, tmp_path: Path) -> None:
    """Nothing written: papers of an entity do not stay behind where a command was refused."""
    scan = tmp_path / "form.pdf"
    scan.write_bytes(b"%PDF personal data")
    expired = ["--kind", "registration_form", "--expires", "2026-05-31"]
    refused(3, "evidence_expired", "attach", dossier, str(scan), *expired)
    refused(3, "role_missing", "advance", dossier, "reject_at_commune", "--reason", "x", "--doc", f"other={scan}")
    assert files(refused.office.db) == []


@pytest.mark.parametrize("copies", ["0", "1000", "9007199254740993"])
def test_less_than_one_copy_and_more_than_a_thousand_are_no_number_of_copies(
    refused: Refusals, dossier: str, copies: str
) -> None:
    """What counts no papers cannot be read as a number of copies: exit 2."""
    refused(2, "evidence_copies", "attach", dossier, "--kind", "sample", "--copies", copies)
