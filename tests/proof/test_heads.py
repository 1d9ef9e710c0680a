"""Heads: signed, checked before they are kept, given out, taken back, and named by a code on paper."""

from __future__ import annotations

import base64
import contextlib
import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_flow.domain import head, merkle, note
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import verify as plans
from ocop_flow.signing import KeyRing, verify
from tests.cli.office import Office, ocop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMUNE = "12103"


@pytest.fixture
def at_work(office: Office) -> Office:
    """An office with one dossier."""
    office.open(COMMUNE, "Tương bần")
    return office


def checkpoint(office: Office, name: str) -> Path:
    file = office.db.parent / name
    office.do("audit", "checkpoint", "--out", str(file), who="admin")
    return file


def copied(source: Path, target: Path) -> None:
    """All of one database into another, whoever has them open."""
    with contextlib.closing(sqlite3.connect(source)) as one, contextlib.closing(sqlite3.connect(target)) as other:
        one.backup(other)


def kinds(office: Office, *words: str) -> list[str]:
    return [item["kind"] for item in office.ask("audit", "verify", *words).document["problems"]]


def test_a_head_is_a_checkpoint_that_anyone_can_check_with_the_published_key(at_work: Office) -> None:
    """C2SP checkpoint: origin, size, root, then what we add; signed as a note."""
    file = checkpoint(at_work, "head")
    (key,) = at_work.do("audit", "key", "list")
    name, public = note.parse_key(key["verifier_key"])
    read = note.parse(file.read_text(encoding="utf-8"))
    found = head.parse(read.text)
    assert verify(public, read.text.encode(), read.signatures[0].value)
    assert (found.origin, found.size) == (name, at_work.do("audit", "verify")["events"])


def test_the_scheduler_makes_heads_and_none_where_nothing_is_new(at_work: Office) -> None:
    """Ordering and signing are jobs: nobody who writes waits for them."""
    first = at_work.do("scheduler", "run", "--once")["heads"]
    assert first["heads"] == 1 and first["ordered"] > 0
    assert at_work.do("scheduler", "run", "--once")["heads"] == {"ordered": 0, "heads": 0}
    assert at_work.do("audit", "verify")["heads"] == 1


def test_without_a_head_verification_says_what_cannot_be_seen(at_work: Office) -> None:
    """A note, not a problem."""
    found = at_work.do("audit", "verify")
    assert found["ok"] and [item["code"] for item in found["warnings"]] == ["no_heads"]


@pytest.mark.sqlite
def test_a_database_copied_without_its_keys_is_checked_but_for_signatures(at_work: Office) -> None:
    """Keys stand outside the database, so that a copy cannot sign."""
    checkpoint(at_work, "head")
    at_work.db.with_name("ocop.db.keys").unlink()
    found = at_work.do("audit", "verify")
    assert [item["code"] for item in found["warnings"]] == ["heads_unsigned_for"]
    (code, *_) = [item["code"] for item in at_work.do("dossier", "list")]
    one = at_work.do("audit", "verify", "--dossier", code)
    assert [item["code"] for item in one["warnings"]] == ["heads_unsigned_for"]
    for words in (["audit", "verify"], ["audit", "verify", "--dossier", code]):
        shown = ocop(*words, "--db", str(at_work.db), now="2026-06-01T10:00:00+07:00", lang="en")
        assert "Signatures of heads were not checked" in shown.err
    at_work.open(COMMUNE, "Mật ong")
    at_work.refuses(6, "audit", "checkpoint", who="admin")
    assert at_work.do("scheduler", "run", "--once")["heads"]["heads"] == 0
    assert "no_signing_key" in [item["code"] for item in at_work.ask("doctor").document["warnings"]]


@pytest.mark.sqlite
def test_a_newest_head_that_a_known_key_did_not_sign_is_told_of_one_dossier_too(at_work: Office) -> None:
    """``bad_signature`` (DESIGN section 7), not that there is no head."""
    checkpoint(at_work, "head")
    (code, *_) = [item["code"] for item in at_work.do("dossier", "list")]
    with contextlib.closing(sqlite3.connect(at_work.db, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER head_no_update")
        (whole,) = connection.execute("SELECT note FROM head").fetchone()
        text, _, line = whole.rpartition(" ")
        signed = base64.b64decode(line)
        other = base64.b64encode(signed[:-1] + bytes([signed[-1] ^ 1])).decode()
        connection.execute("UPDATE head SET note = ?", (f"{text} {other}\n",))
    for words in ([], ["--dossier", code]):
        answer = at_work.ask("audit", "verify", *words)
        assert (answer.exit, [item["kind"] for item in answer.document["problems"]]) == (1, ["bad_signature"])
        assert answer.document["warnings"] == []


@pytest.mark.parametrize(
    ("exit_code", "code", "words"),
    [
        (3, "day_in_future", ("--on", "2099-01-01")),
        (2, "entry_unreadable", ("--entry", "bogus")),
        (4, "person_absent", ("--by", "nobody")),
    ],
)
def test_asking_for_a_head_is_an_act_like_every_other(
    at_work: Office, exit_code: int, code: str, words: tuple[str, ...]
) -> None:
    """A legal day is never in the future (DESIGN principle 7); what is typed of an act is checked (section 7)."""
    assert at_work.refuses(exit_code, "audit", "checkpoint", *words, who="admin") == [code]
    file = checkpoint(at_work, "head")
    assert at_work.refuses(exit_code, "audit", "import-head", str(file), *words, who="admin") == [code]


def test_a_head_grows_from_the_one_before(at_work: Office) -> None:
    """Both hold over the whole log; so does one made over nothing new."""
    for product in ("Mật ong", "Chè", "Miến"):
        checkpoint(at_work, "head")
        at_work.open(COMMUNE, product)
    found = at_work.do("audit", "verify")
    assert (found["ok"], found["heads"]) == (True, 3)
    assert found["events"] > found["ordered"]


def test_a_code_on_paper_names_its_head_and_day(at_work: Office) -> None:
    """Any case and grouping is taken; a mistyped letter is told, another code is no head of this log."""
    made = at_work.do("audit", "checkpoint", who="admin")
    code = made["code"]
    found = at_work.do("audit", "verify", "--code", code.replace("-", " ").lower())
    assert found["code"] == {"code": code, "date": "2026-06-01", "size": made["size"]}
    wrong = ("B" if code[0] == "A" else "A") + code[1:]
    assert at_work.refuses(2, "audit", "verify", "--code", wrong) == ["head_code_mistyped"]
    assert kinds(at_work, "--code", head.code("another head")) == ["head_mismatch"]


def test_every_single_wrong_letter_and_swap_in_a_code_is_seen() -> None:
    """The check letter is taken modulo 23, a prime number."""
    code = head.code("ocop_flow/0\n1\n").replace("-", "")
    for at, letter in enumerate(code):
        wrong = [code[:at] + other + code[at + 1 :] for other in "ABCDEFGHJKLMNPQRSTUVWXY" if other != letter]
        swapped = code[:at] + code[at : at + 2][::-1] + code[at + 2 :]
        assert not any(head.read_code(each) for each in wrong)
        assert swapped == code or head.read_code(swapped) is None


def test_a_head_that_is_not_ours_is_refused_with_its_reason(at_work: Office, tmp_path: Path) -> None:
    """From another log, unsigned, signed twice, by another key, changed after signing, or no head at all."""
    file = checkpoint(at_work, "head")
    text = file.read_text(encoding="utf-8")
    body, line = text.split("\n\n")
    log = body.split("\n")[0]
    ring = KeyRing(tmp_path / "other.keys")
    foreign = ring.rotate(date(2026, 6, 1))
    by_other = note.Signature(log, note.key_hash(log, foreign.public), ring.sign((body + "\n").encode()).signature)
    cases = {
        text.replace(log, "ocop_flow/0123456789abcdef"): (3, "head_of_another_log"),
        body + "\n": (2, "head_unsigned"),
        body + "\n\n": (2, "head_unsigned"),
        body: (2, "head_unsigned"),
        body[:-1]: (2, "head_unreadable"),
        text[:-20]: (2, "head_unreadable"),
        text + line: (2, "head_signed_twice"),
        note.render(body + "\n", [by_other]): (3, "head_key_unknown"),
        text.replace("made 2026-06-01", "made 2026-06-02"): (3, "head_signature_wrong"),
        "": (2, "head_unreadable"),
        "xin chào\n\n" + line: (2, "head_unreadable"),
    }
    bad = tmp_path / "bad"
    for whole, (exit_code, reason) in cases.items():
        bad.write_text(whole, encoding="utf-8", newline="\n")
        for words in (["import-head", str(bad)], ["verify", "--head", str(bad)]):
            assert at_work.refuses(exit_code, "audit", *words, who="admin") == [reason]


@pytest.mark.sqlite
def test_an_earlier_head_taken_back_is_held_against_the_log(at_work: Office, tmp_path: Path) -> None:
    """What it covers was rewritten in a copy that was then signed anew with the office's own key."""
    before = tmp_path / "before.db"
    copied(at_work.db, before)
    at_work.open(COMMUNE, "Mật ong")
    file = checkpoint(at_work, "head")
    # The database of before, in which another history is written and signed.
    copied(before, at_work.db)
    for product in ("Chè", "Miến", "Gạo"):
        at_work.open(COMMUNE, product)
    checkpoint(at_work, "other")
    assert at_work.do("audit", "verify")["ok"]
    assert kinds(at_work, "--head", str(file)) == ["head_mismatch"]
    assert at_work.do("audit", "import-head", str(file), who="admin")["known"] is False
    assert at_work.do("audit", "import-head", str(file), who="admin")["known"] is True
    assert kinds(at_work) == ["head_mismatch"]


@pytest.mark.sqlite
def test_a_log_shorter_than_a_head_was_cut(at_work: Office, tmp_path: Path) -> None:
    """An old backup put in place of the database: whole in itself, but shorter than what was given out."""
    before = tmp_path / "before.db"
    copied(at_work.db, before)
    at_work.open(COMMUNE, "Mật ong")
    file = checkpoint(at_work, "head")
    copied(before, at_work.db)
    assert at_work.do("audit", "verify")["ok"]
    answer = at_work.do("audit", "import-head", str(file), who="admin")
    assert [item["code"] for item in answer["warnings"]] == ["head_beyond_log"]
    assert set(kinds(at_work)) == {"truncated"}


def test_one_dossier_is_proven_to_stand_under_the_newest_head(at_work: Office) -> None:
    """Its chain, its view, and an inclusion proof of each event; the rest of the log is not read."""
    dossier = at_work.open(COMMUNE, "Mật ong")
    checkpoint(at_work, "head")
    found = at_work.do("audit", "verify", "--dossier", dossier)
    assert (found["ok"], found["dossiers"], found["heads"]) == (True, 1, 1)
    assert at_work.refuses(4, "audit", "verify", "--dossier", "HS-2026-999999") == ["dossier_absent"]


def test_the_screen_names_head_and_problems(at_work: Office) -> None:
    """For people: a line for the head, in the reader's language."""
    answer = ocop("audit", "checkpoint", "--db", str(at_work.db), "--as", "admin", now="2026-06-01T10:00:00+07:00")
    assert answer.exit == 0
    assert "đầu nhật ký lập lúc" in answer.out


@pytest.mark.sqlite
def test_a_check_that_was_stopped_goes_on_where_it_had_come_to(
    at_work: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part's result is kept on disk as it is done; the file goes when the check is over."""
    for number in range(6):
        at_work.open(COMMUNE, f"Chè {number}")
    monkeypatch.setattr(plans, "_EVENTS", 1)
    monkeypatch.setattr(plans, "_FINER", 1)
    checkpoint(at_work, "head")
    kept = at_work.db.with_name("ocop.db.verify")
    done: list[str] = []
    work = plans.do

    def noting(uow: UnitOfWork, part: plans.Part) -> dict[str, object]:
        if len(done) == 5:
            raise KeyboardInterrupt
        done.append(repr(part))
        return work(uow, part)

    monkeypatch.setattr(plans, "do", noting)
    assert at_work.ask("audit", "verify").exit != 0
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 1 + 5
    before, done[:] = set(done), ["another", "check"] * 10
    found = at_work.do("audit", "verify", "--resume")
    assert not before & set(done)
    assert found["ok"] and found["events"] == at_work.do("audit", "verify")["events"]
    assert not kept.exists()


def test_two_heads_are_proved_to_be_of_one_log(at_work: Office) -> None:
    """RFC 6962 section 2.1.2: whoever holds the two heads checks the proof without the log, in any order."""
    first = checkpoint(at_work, "first")
    for number in range(5):
        at_work.open(COMMUNE, f"Nước mắm {number}")
    second = checkpoint(at_work, "second")
    old, new = (head.parse(note.parse(file.read_text("utf-8")).text) for file in (first, second))
    code = head.code(old.text())
    for words in ([str(first), str(second)], [str(second), code], [code], [code.lower()]):
        found = at_work.do("audit", "prove", *words)
        assert (found["old"]["size"], found["new"]["size"]) == (old.size, new.size)
        proof = [bytes.fromhex(step) for step in found["proof"]]
        assert merkle.consistent(old.size, new.size, proof, old.root, new.root)
    same = at_work.do("audit", "prove", str(second), str(second))
    assert (same["proof"], same["consistent"]) == ([], True)


@pytest.mark.sqlite
def test_no_proof_is_made_from_a_log_that_was_rewritten_or_cut(at_work: Office, tmp_path: Path) -> None:
    """A head given out before is not the beginning of what stands there now."""
    copied(at_work.db, tmp_path / "before.db")
    at_work.open(COMMUNE, "Nước mắm")
    first = checkpoint(at_work, "first")
    copied(tmp_path / "before.db", at_work.db)
    cut = at_work.ask("audit", "prove", str(first), str(first))
    assert (cut.exit, cut.document["warnings"][0]["code"]) == (1, "head_beyond_log")
    at_work.open(COMMUNE, "Rượu nếp")
    at_work.open(COMMUNE, "Bún khô")
    checkpoint(at_work, "second")
    rewritten = at_work.ask("audit", "prove", str(first))
    assert (rewritten.exit, rewritten.document["consistent"]) == (1, False)
    assert [item["code"] for item in rewritten.document["warnings"]] == ["heads_inconsistent"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM log_order WHERE position = 1",
        "UPDATE log_order SET hash = 'zz' WHERE position = 1",
        "UPDATE log_order SET hash = x'07' WHERE position = 1",
        "UPDATE log_order SET position = -1 WHERE position = 1",
    ],
)
def test_an_order_that_is_none_is_told_by_every_proof_and_nothing_is_signed_over_it(
    at_work: Office, change: str
) -> None:
    """Whatever somebody wrote there: a proof that does not hold, no fault of the program."""
    first = checkpoint(at_work, "first")
    dossier = at_work.open(COMMUNE, "Nước mắm")
    checkpoint(at_work, "second")
    with contextlib.closing(sqlite3.connect(at_work.db, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(change)
    proven = at_work.ask("audit", "prove", str(first))
    assert (proven.exit, [item["code"] for item in proven.document["warnings"]]) == (1, ["heads_inconsistent"])
    assert kinds(at_work, "--dossier", dossier) == ["head_mismatch"]
    bundle = str(at_work.db.parent / "bundle.zip")
    at_work.open(COMMUNE, "Rượu nếp")
    assert at_work.refuses(5, "audit", "export", dossier, "--bundle", bundle, who="admin") == ["log_altered"]
    assert at_work.refuses(5, "audit", "checkpoint", who="admin") == ["log_altered"]


def test_heads_to_prove_are_named_by_a_file_or_a_code_that_is_kept(at_work: Office) -> None:
    """A mistyped code is told from one that nobody kept."""
    refused = at_work.ask("audit", "prove", "ABCD")
    assert (refused.exit, refused.codes) == (2, ["head_code_mistyped"])
    photo = at_work.db.parent / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0")
    for words in (["prove", str(photo)], ["verify", "--head", str(photo)]):
        assert at_work.ask("audit", *words).codes == ["head_unreadable"]
    assert at_work.ask("audit", "prove", "no-such-head.txt").codes == ["file_unreadable"]
    strange = head.code("another log\n")
    absent = at_work.ask("audit", "prove", strange)
    assert (absent.exit, absent.codes) == (4, ["head_absent"])
    first = checkpoint(at_work, "first")
    known = head.code(note.parse(first.read_text("utf-8")).text)
    assert at_work.do("audit", "prove", known)["consistent"]


@pytest.mark.parametrize("change", [lambda data: data.replace(b"\n", b"\r\n"), lambda data: b"\xef\xbb\xbf" + data])
def test_a_head_that_went_through_mail_or_an_editor_still_counts(
    at_work: Office, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    """A head kept elsewhere is a text; its line ends and a mark before it say nothing, its words are signed."""
    file = tmp_path / "head.txt"
    at_work.do("audit", "checkpoint", "--out", str(file), who="admin")
    file.write_bytes(change(file.read_bytes()))
    assert at_work.do("audit", "verify", "--head", str(file))["ok"] is True
    assert at_work.do("audit", "import-head", str(file), who="admin")["known"] is True
