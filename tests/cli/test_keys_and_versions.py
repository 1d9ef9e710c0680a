"""An idempotency key makes a repeated command harmless; an expected version makes a stale one a conflict.

Exit 0 for a repeated ``--key`` with the same content (the first answer again), 5 for other content (DESIGN section 7).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from tests.cli.office import dump, files, ocop

if TYPE_CHECKING:
    from tests.cli.office import Office

pytestmark = pytest.mark.both_databases
COMMUNE = "12103"


@pytest.fixture
def dossier(office: Office) -> str:
    return office.open(COMMUNE, "Cà phê", track="existing_product")


@pytest.fixture
def officer(office: Office) -> str:
    return office.holder("officer", COMMUNE)


def opening(product: str) -> list[str]:
    words = ["--entity", "HTX số 1", "--entity-kind", "cooperative", "--product-set", "coffee_cacao", "--kind", "first"]
    return ["dossier", "open", "--commune", COMMUNE, "--product", product, *words, "--track", "new_product"]


def test_the_same_key_with_the_same_content_gives_the_first_answer_word_for_word(
    office: Office, dossier: str, officer: str
) -> None:
    """A client that lost the answer asks again: nothing is written twice, and the bytes are the same."""
    for words in (
        [*opening("Ca cao"), "--key", "k-open"],
        ["attach", dossier, "--kind", "sample", "--copies", "2", "--key", "k-attach"],
        ["advance", dossier, "return_for_supplement", "--reason", "thiếu mẫu", "--key", "k-move"],
    ):
        first = office.ask(*words, who=officer)
        assert first.exit == 0, first.out
        after_first = dump(office.db)
        again = office.ask(*words, who=officer)
        assert (again.exit, again.out) == (0, first.out)
        assert dump(office.db) == after_first


def test_the_first_answer_is_given_again_even_after_the_dossier_has_moved_on(
    office: Office, dossier: str, officer: str
) -> None:
    """And on a later day: what is repeated is the answer, not the act."""
    words = ["advance", dossier, "return_for_supplement", "--reason", "thiếu mẫu", "--key", "k"]
    first = office.do(*words, who=officer)
    office.take(dossier, "receive_supplement")
    office.day = "2026-06-03"
    assert office.do(*words, who=officer) == first
    assert office.state(dossier) == "registration.intake"


def test_the_same_key_with_other_content_is_a_conflict(office: Office, dossier: str, officer: str) -> None:
    """Other words, another dossier, another doer or another command under a used key: exit 5."""
    other = office.open(COMMUNE, "Ca cao", track="existing_product")
    office.do("advance", dossier, "return_for_supplement", "--reason", "thiếu mẫu", "--key", "k", who=officer)
    for words in (
        ["advance", dossier, "return_for_supplement", "--reason", "thiếu phiếu", "--key", "k"],
        ["advance", dossier, "receive_supplement", "--key", "k"],
        ["advance", other, "return_for_supplement", "--reason", "thiếu mẫu", "--key", "k"],
        ["attach", dossier, "--kind", "sample", "--key", "k"],
        [*opening("Trà"), "--key", "k"],
    ):
        assert office.refuses(5, *words, who=officer) == ["key_reused"]
    colleague = office.holder("officer", COMMUNE, 2)
    words = ["advance", dossier, "return_for_supplement", "--reason", "thiếu mẫu", "--key", "k"]
    assert office.refuses(5, *words, who=colleague) == ["key_reused"]


def test_the_same_words_in_another_unicode_form_are_the_same_content(
    office: Office, dossier: str, officer: str
) -> None:
    """Texts are kept in NFC, however a keyboard or another program spells them: a repeat in NFD says the same."""
    words = ["advance", dossier, "return_for_supplement", "--key", "k-nfd", "--reason"]
    first = office.do(*words, unicodedata.normalize("NFC", "thiếu mẫu sản phẩm"), who=officer)
    assert office.do(*words, unicodedata.normalize("NFD", "thiếu mẫu sản phẩm"), who=officer) == first
    assert office.refuses(5, *words, "thiếu mâu sản phẩm", who=officer) == ["key_reused"]


def test_evidence_of_other_kind_or_file_under_a_used_key_is_a_conflict(
    office: Office, dossier: str, officer: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The content of a command is all that it says, the bytes of its file included."""
    scan = tmp_path_factory.mktemp("scans") / "form.pdf"
    scan.write_bytes(b"first")
    words = ["attach", dossier, str(scan), "--kind", "registration_form", "--key", "k"]
    office.do(*words, who=officer)
    assert office.refuses(5, *words, "--copies", "2", who=officer) == ["key_reused"]
    assert office.refuses(5, *words, "--expires", "2027-01-01", who=officer) == ["key_reused"]
    scan.write_bytes(b"second")
    assert office.refuses(5, *words, who=officer) == ["key_reused"]


def test_a_refused_command_does_not_use_up_its_key(office: Office, dossier: str) -> None:
    """Nothing is written on a refusal, so the corrected command may carry the same key."""
    leader = office.holder("leader", COMMUNE)
    words = ["advance", dossier, "reject_at_commune", "--key", "k"]
    assert office.refuses(3, *words, who=leader) == ["reason_missing"]
    assert office.do(*words, "--reason", "sai hồ sơ", who=leader)["to_state"] == "closed.rejected"


def test_a_dry_run_checks_everything_and_writes_nothing(office: Office, dossier: str) -> None:
    """``--dry-run`` is accepted by every command that writes; not even its key is kept."""
    leader = office.holder("leader", COMMUNE)
    before = dump(office.db)
    words = ["advance", dossier, "reject_at_commune", "--reason", "sai hồ sơ", "--key", "k"]
    assert office.do(*words, "--dry-run", who=leader)["to_state"] == "closed.rejected"
    assert dump(office.db) == before
    assert office.refuses(3, *words[:3], "--dry-run", who=leader) == ["reason_missing"]
    assert office.do(*words, who=leader)["seq"] == 2


def test_a_dry_run_of_an_attachment_keeps_no_file(
    office: Office, dossier: str, officer: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scan = tmp_path_factory.mktemp("scans") / "form.pdf"
    scan.write_bytes(b"%PDF")
    before = dump(office.db)
    office.do("attach", dossier, str(scan), "--kind", "registration_form", "--dry-run", who=officer)
    assert (dump(office.db), files(office.db)) == (before, [])


def test_every_act_counts_the_version_and_an_expected_version_that_holds_is_taken(
    office: Office, dossier: str, officer: str
) -> None:
    """``version`` is the last sequence (DESIGN section 4)."""
    assert office.show(dossier)["version"] == 1
    assert office.do("attach", dossier, "--kind", "sample", "--expect-version", "1", who=officer)["version"] == 2
    words = ["advance", dossier, "return_for_supplement", "--reason", "thiếu", "--expect-version", "2"]
    assert office.do(*words, who=officer)["version"] == office.show(dossier)["version"] == 3


def test_the_same_bytes_attached_twice_count_twice_and_are_kept_once(
    office: Office, dossier: str, officer: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """``have`` grows by ``--copies`` per call, also for the same bytes (DESIGN section 7)."""
    scan = tmp_path_factory.mktemp("scans") / "form.pdf"
    scan.write_bytes(b"%PDF the same")
    words = ["attach", dossier, str(scan), "--kind", "registration_form"]
    for copies, have in ((1, 1), (2, 3)):
        (form,) = office.do(*words, "--copies", str(copies), who=officer)["attached"]
        assert (form["kind"], form["have"]) == ("registration_form", have)
    assert len(files(office.db)) == 1


def test_options_stand_before_or_after_the_command(office: Office, dossier: str) -> None:
    """``--db --lang --as --json`` are accepted before and after the command (DESIGN section 7)."""
    after = ocop("dossier", "show", dossier, "--db", str(office.db), "--json", "--lang", "en")
    before = ocop("--db", str(office.db), "--json", "--lang", "en", "dossier", "show", dossier)
    between = ocop("dossier", "--db", str(office.db), "--json", "show", dossier, "--lang", "en")
    assert after.exit == before.exit == between.exit == 0
    assert after.document == before.document == between.document


def test_vietnamese_aliases_and_action_labels_do_the_same(office: Office, dossier: str, officer: str) -> None:
    """``hoso`` is dossier, ``xuly`` advance; actions accept their Vietnamese label (DESIGN section 7)."""
    assert office.do("hoso", "show", dossier) == office.do("dossier", "show", dossier)
    label = office.ask("dossier", "actions", dossier, "--all", lang="vi").document
    (words,) = [item["label"] for item in label if item["action"] == "return_for_supplement"]
    moved = office.do("xuly", dossier, words, "--reason", "thiếu mẫu", who=officer)
    assert moved["action"] == "return_for_supplement"
