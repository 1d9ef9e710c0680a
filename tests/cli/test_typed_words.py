"""What tired hands and word processors type: read as it is meant, or told by the words that people know.

Typographic dashes and quotation marks, full-width letters and the spaces of a paste come in with every text that was
copied; nothing typed is guessed at beyond them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.acts import COMMUNE

if TYPE_CHECKING:
    from tests.cli.office import Office
    from tests.cli.refusals import Refusals


@pytest.mark.parametrize(
    "typed",
    ["HS–2026–000001–L", "HS\u20112026\u2011000001\u2011L", "ＨＳ－２０２６－０００００１－Ｌ", "“hs-2026-1”", "１"],
)
def test_a_code_out_of_a_word_processor_is_that_code(office: Office, dossier: str, typed: str) -> None:
    """Dashes, quotation marks and full-width letters that Word and Vietnamese keyboards put in change no code."""
    assert office.show(typed)["code"] == dossier


@pytest.mark.parametrize("typed", ["15/TTr–UBND", "15 / TTr - UBND", "Số: 15/TTr-UBND", "１５/TTr‑UBND"])
def test_a_number_out_of_a_letters_head_is_recorded_as_it_is_written(
    office: Office, refused: Refusals, dossier: str, typed: str
) -> None:
    """``Số: 15/TTr-UBND`` is how the head of a letter has it (Decree 30/2020); what is recorded is the number."""
    words = ["advance", dossier, "“Trả lại để bổ sung hồ sơ”", "--reason", "thiếu", "--decision", typed]
    office.do(*words, "--on", "1–6–2026", who=refused.officer)
    assert office.do("dossier", "history", dossier)[-1]["signer"]["number"] == "15/TTr-UBND"


@pytest.mark.parametrize("typed", [" 12103", "１２１０３", "phường mỹ hào", "Mỹ Hào"])
def test_a_unit_is_shown_by_its_code_or_by_its_name(office: Office, typed: str) -> None:
    """As every option that takes a unit does."""
    assert office.do("unit", "show", typed)["code"] == COMMUNE


def test_a_kind_of_paper_is_taken_and_told_by_its_name(office: Office, refused: Refusals, dossier: str) -> None:
    """In either language, as actions and product sets are; a fault names the paper and not its id."""
    for typed in ("Phiếu đăng ký (Mẫu 01)", "phieu dang ky (mau 01)", "Registration form (Form 01)"):
        office.do("attach", dossier, "--kind", typed, who=refused.officer)
    assert {
        e["kind"] for each in office.do("dossier", "history", dossier) for e in each["data"].get("evidence", [])
    } == {"registration_form"}
    (found,) = refused(3, "evidence_from_future", "attach", dossier, "--kind", "sample", "--issued", "1/6/2062")
    assert "Product sample" in found["message"]
    assert "sample ghi" not in found["message"]
    (found,) = refused(2, "evidence_kind_unknown", "attach", dossier, "--kind", "giấy")
    assert "(registration_form)" in found["remedy"]
    assert "Registration form" in found["remedy"]


def test_a_conflict_and_an_unknown_action_speak_of_labels(office: Office, refused: Refusals, dossier: str) -> None:
    """The state, the last act and the actions by the words of the law and not by their ids."""
    office.do("advance", dossier, "return_for_supplement", "--reason", "thiếu", who=refused.officer)
    words = ["advance", dossier, "withdraw", "--reason", "x", "--expect-version", "1"]
    (found,) = refused(5, "version_conflict", *words)
    assert "Return for supplement" in found["message"]
    assert "registration." not in found["message"]
    (found,) = refused(2, "action_unknown", "advance", dossier, "teleport")
    assert "26/2026/QĐ-TTg" in found["message"]
    assert "Withdraw (withdraw)" in found["remedy"]
