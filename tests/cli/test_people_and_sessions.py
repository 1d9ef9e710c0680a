"""Databases in earnest, logins, and people who come and go.

``init --admin`` makes a real database; ``--as`` and ``OCOP_NOW`` work in a training one only (DESIGN section 7).
"""

from __future__ import annotations

import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocop_flow import clock
from tests.cli.office import Answer, dump, ocop
from tests.databases import raw

if TYPE_CHECKING:
    from tests.cli.office import Office

COMMUNE, PROVINCE = "12103", "33"
PASSWORD = "một mật khẩu dài"


class FakeClock:
    """Stands still until moved; takes the place of the wall clock."""

    moment = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return type(self).moment


class RealOffice:
    """A database in earnest with one administrator, and the home of one user's session file."""

    def __init__(self, db: Path, password_file: Path, home: Path) -> None:
        self.db, self.password_file, self.home = db, password_file, home

    def ask(self, *words: str, now: str | None = None) -> Answer:
        return ocop(*words, "--db", str(self.db), "--json", "--lang", "en", now=now)

    def login(self, handle: str) -> Answer:
        return self.ask("login", handle, "--password-file", str(self.password_file))

    @property
    def session_files(self) -> list[Path]:
        return [each for each in self.home.rglob("session-*") if each.is_file()]


@pytest.fixture
def fake_clock(monkeypatch: pytest.MonkeyPatch) -> type[FakeClock]:
    monkeypatch.setattr("ocop_flow.bootstrap.SystemClock", FakeClock)
    monkeypatch.setattr(FakeClock, "moment", FakeClock.moment)
    return FakeClock


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of one user, wherever this system keeps a program's state."""
    folder = tmp_path / "home"
    for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    return folder


@pytest.fixture(scope="module")
def real_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``ocop init --admin`` makes, once for this file."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    words = ["--admin", "chief", "--password-file", str(folder / "password")]
    answer = ocop("init", *words, "--db", str(folder / "ocop.db"), "--json")
    assert answer.exit == 0, answer.out + answer.err
    return folder / "ocop.db"


@pytest.fixture
def real(real_database: Path, tmp_path: Path, home: Path, fake_clock: type[FakeClock]) -> RealOffice:
    db = tmp_path / "ocop.db"
    db.write_bytes(real_database.read_bytes())
    return RealOffice(db, real_database.with_name("password"), home)


# --- init ------------------------------------------------------------------------------------------------------------


def test_a_training_database_is_told_apart_from_one_in_earnest(sandbox_database: Path, real_database: Path) -> None:
    assert ocop("doctor", "--db", str(sandbox_database), "--json").document["sandbox"] is True
    assert ocop("whoami", "--db", str(sandbox_database), "--json", "--as", "admin").document["handle"] == "admin"
    answer = ocop("whoami", "--db", str(real_database), "--json", "--as", "chief")
    assert (answer.exit, answer.codes) == (3, ["as_only_in_sandbox"])


def test_init_sandbox_on_a_database_in_earnest_is_refused(real: RealOffice) -> None:
    """Nobody turns the record of an office into a playground."""
    before = dump(real.db)
    answer = real.ask("init", "--sandbox")
    assert answer.exit in (3, 6)
    assert answer.codes == ["database_exists"]
    assert dump(real.db) == before


@pytest.mark.parametrize("words", [["--sandbox"], ["--admin", "second"]], ids=" ".join)
def test_init_on_a_database_that_is_there_already_changes_nothing(
    real: RealOffice, sandbox: Path, words: list[str]
) -> None:
    for db in (real.db, sandbox):
        before = dump(db)
        extra = ["--password-file", str(real.password_file)] if "--admin" in words else []
        answer = ocop("init", *words, *extra, "--db", str(db), "--json")
        assert answer.exit in (3, 6)
        assert dump(db) == before


def test_init_upgrade_of_an_up_to_date_database_changes_nothing(real: RealOffice) -> None:
    before = dump(real.db)
    assert real.ask("init", "--upgrade").exit == 0
    assert dump(real.db) == before


def test_a_short_password_is_refused_and_no_database_is_left(tmp_path: Path, home: Path) -> None:
    """The first administrator without a fit password is none; asking again must be possible."""
    (tmp_path / "short").write_text("1234567", encoding="utf-8")
    (tmp_path / "fit").write_text("12345678", encoding="utf-8")
    words = ["init", "--admin", "chief", "--db", str(tmp_path / "new.db"), "--json"]
    answer = ocop(*words, "--password-file", str(tmp_path / "short"))
    assert (answer.exit, answer.codes) == (2, ["password_short"])
    assert ocop(*words, "--password-file", str(tmp_path / "fit")).exit == 0


# --- only in a training database -------------------------------------------------------------------------------------


def test_as_and_ocop_now_are_refused_on_a_database_in_earnest(real: RealOffice) -> None:
    """Only in a training database may one act as another, or at another time."""
    before = dump(real.db)
    for words in (["dossier", "list"], ["person", "add", "x", "--name", "X"], ["whoami"]):
        answer = real.ask(*words, "--as", "chief")
        assert (answer.exit, answer.codes) == (3, ["as_only_in_sandbox"])
        answer = real.ask(*words, now="2020-07-25T08:00:00+07:00")
        assert (answer.exit, answer.codes) == (3, ["now_only_in_sandbox"])
    assert dump(real.db) == before


@pytest.mark.parametrize(
    "words",
    [
        ["dossier", "list"],
        ["dossier", "show", "1"],
        ["inbox"],
        ["search", "cà phê"],
        ["person", "list"],
        ["entity", "list"],
        ["certificate", "list"],
        ["deadline", "list"],
        ["council", "list"],
        ["person", "add", "x", "--name", "X"],
        ["whoami"],
    ],
    ids=" ".join,
)
def test_a_database_in_earnest_neither_shows_nor_takes_anything_without_a_login(
    real: RealOffice, words: list[str]
) -> None:
    """Reading needs no login in a training database only; not logged in is exit 3 (DESIGN section 7)."""
    answer = real.ask(*words)
    assert (answer.exit, answer.codes) == (3, ["not_logged_in"])


def test_reading_needs_no_login_in_a_training_database(office: Office) -> None:
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    for words in (
        ["dossier", "list"],
        ["dossier", "show", dossier],
        ["dossier", "history", dossier],
        ["person", "list"],
    ):
        assert office.ask(*words).exit == 0


# --- login -----------------------------------------------------------------------------------------------------------


def led_by_the_callers_commands(real: RealOffice) -> bool:
    """Whether the help page knows who asks: each login leaves a note of the roles for it."""
    page = ocop("--help", "--db", str(real.db), lang="en").out
    return "Your commands (admin)" in page and page.index("  unit ") < page.index("  council")


def test_login_whoami_logout(real: RealOffice) -> None:
    assert real.login("chief").document["handle"] == "chief"
    found = real.ask("whoami").document
    assert found["handle"] == "chief"
    assert [post["role"] for post in found["posts"]] == ["admin"]
    assert real.ask("dossier", "list").document == []
    assert led_by_the_callers_commands(real)
    assert real.ask("logout").exit == 0
    assert real.session_files == []
    assert not led_by_the_callers_commands(real)
    assert real.ask("whoami").codes == ["not_logged_in"]


def test_an_empty_password_file_is_told(real: RealOffice, tmp_path: Path) -> None:
    """Something that cannot be read: exit 2."""
    for name, content in (("empty", ""), ("blank", "\nsecond line\n")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        answer = real.ask("login", "chief", "--password-file", str(tmp_path / name))
        assert (answer.exit, answer.codes) == (2, ["file_empty"])


def test_a_password_is_not_asked_where_it_would_be_seen(real: RealOffice) -> None:
    """Without a terminal it could only be read as it is shown: refused in plain words, with the way to give it."""
    words = [sys.executable, "-m", "ocop_flow", "login", "chief", "--lang", "en", "--db", str(real.db)]
    answer = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, text=True, start_new_session=True, check=False
    )
    assert (answer.returncode, answer.stdout) == (3, "")
    assert "--password-file" in answer.stderr
    assert "Warning" not in answer.stderr


def test_a_wrong_password_and_an_unknown_handle_are_told_alike(real: RealOffice, tmp_path: Path) -> None:
    """Who guesses must not learn which handles exist."""
    wrong = tmp_path / "wrong"
    wrong.write_text("không phải mật khẩu", encoding="utf-8")
    for handle in ("chief", "nobody"):
        answer = real.ask("login", handle, "--password-file", str(wrong))
        assert (answer.exit, answer.codes) == (3, ["password_wrong"])
    assert real.session_files == []


def test_a_login_ends_after_fifteen_idle_minutes_and_not_while_it_is_used(
    real: RealOffice, fake_clock: type[FakeClock]
) -> None:
    """Each use starts the quarter of an hour anew."""
    assert real.login("chief").exit == 0
    for _ in range(3):
        fake_clock.moment += timedelta(minutes=15)
        assert real.ask("whoami").exit == 0
    fake_clock.moment += timedelta(minutes=15, seconds=1)
    assert real.ask("whoami").codes == ["not_logged_in"]
    fake_clock.moment -= timedelta(minutes=15)
    assert real.ask("whoami").codes == ["not_logged_in"]


def test_the_session_file_is_for_its_owner_alone_and_holds_no_password(real: RealOffice) -> None:
    """Mode 0600, from the moment it exists; the database holds neither password nor token."""
    real.login("chief")
    file, note = sorted(real.session_files)
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(note.stat().st_mode) == 0o600
    token = file.read_text(encoding="ascii")
    assert PASSWORD not in token
    stored = real.db.read_bytes()
    assert PASSWORD.encode() not in stored
    assert token.encode() not in stored


def test_the_session_of_one_database_is_none_in_another(real: RealOffice, tmp_path: Path) -> None:
    real.login("chief")
    other = tmp_path / "other.db"
    other.write_bytes(real.db.read_bytes())
    assert ocop("whoami", "--db", str(other), "--json").codes == ["not_logged_in"]


def test_a_new_password_ends_the_old_one_and_its_logins(real: RealOffice, tmp_path: Path) -> None:
    real.login("chief")
    fresh = tmp_path / "fresh"
    fresh.write_text("mật khẩu khác hẳn", encoding="utf-8")
    assert real.ask("person", "password", "chief", "--password-file", str(fresh)).exit == 0
    assert real.ask("whoami").codes == ["not_logged_in"]
    assert real.login("chief").codes == ["password_wrong"]
    assert real.ask("login", "chief", "--password-file", str(fresh)).exit == 0


def test_only_an_administrator_sets_the_password_of_another(real: RealOffice) -> None:
    real.login("chief")
    for handle in ("first", "second"):
        assert real.ask("person", "add", handle, "--name", f"Cán bộ {handle}").exit == 0
        assert real.ask("person", "password", handle, "--password-file", str(real.password_file)).exit == 0
    real.login("first")
    answer = real.ask("person", "password", "second", "--password-file", str(real.password_file))
    assert (answer.exit, answer.codes) == (3, ["role_missing"])
    assert real.ask("person", "password", "first", "--password-file", str(real.password_file)).exit == 0


def test_one_without_login_cannot_log_in(real: RealOffice) -> None:
    """A person need not be able to log in; then nobody logs in as them."""
    real.login("chief")
    assert real.ask("person", "add", "chair", "--name", "Chủ tịch số 1", "--no-login").exit == 0
    real.ask("person", "password", "chair", "--password-file", str(real.password_file))
    assert real.login("chair").exit == 3


def test_the_day_in_viet_nam_is_what_counts(real: RealOffice, fake_clock: type[FakeClock]) -> None:
    """At 18:30 UTC it is the next day in Viet Nam already: an act of that day is not in the future."""
    fake_clock.moment = datetime(2026, 6, 1, 18, 30, tzinfo=UTC)
    assert clock.today_at(fake_clock.moment).isoformat() == "2026-06-02"
    real.login("chief")
    assert real.ask("person", "add", "x", "--name", "X", "--on", "2026-06-02").exit == 0
    answer = real.ask("person", "add", "y", "--name", "Y", "--on", "2026-06-03")
    assert (answer.exit, answer.codes) == (3, ["day_in_future"])


# --- people ----------------------------------------------------------------------------------------------------------


def test_only_an_administrator_adds_and_appoints_people(office: Office) -> None:
    """``admin``: units, people, settings, calendar, workflows; never dossiers (DESIGN section 5)."""
    leader = office.holder("leader", PROVINCE)
    assert office.refuses(3, "person", "add", "x", "--name", "X", who=leader) == ["role_missing"]
    post = ["--unit", PROVINCE, "--role", "officer", "--decision", "1/QĐ-UBND"]
    assert office.refuses(3, "person", "appoint", leader, *post, who=leader) == ["role_missing"]
    assert office.refuses(3, "person", "leave", leader, who=leader) == ["role_missing"]


@pytest.mark.parametrize(
    ("exit_code", "code", "words"),
    [
        (2, "handle_unreadable", ["add", "Nguyễn", "--name", "X"]),
        (2, "handle_unreadable", ["add", "system", "--name", "X"]),
        (2, "name_empty", ["add", "x", "--name", " "]),
        (2, "name_too_long", ["add", "x", "--name", "X" * 201]),
        (2, "mail_unreadable", ["add", "x", "--name", "X", "--email", "not a mail"]),
        (3, "handle_taken", ["add", "admin", "--name", "X"]),
        (2, "role_unknown", ["appoint", "admin", "--unit", "33", "--role", "king", "--decision", "1/QĐ-UBND"]),
        (4, "unit_absent", ["appoint", "admin", "--unit", "99999", "--role", "officer", "--decision", "1/QĐ-UBND"]),
        (2, "document_number_unreadable", ["appoint", "admin", "--unit", "33", "--role", "officer", "--decision", "x"]),
        (3, "unit_not_valid", ["appoint", "admin", "--unit", "328", "--role", "officer", "--decision", "1/QĐ-UBND"]),
        (4, "person_absent", ["leave", "nobody"]),
        (4, "person_absent", ["leave", "admin", "--to", "nobody"]),
    ],
)
def test_wrong_people_and_posts_are_told(office: Office, exit_code: int, code: str, words: list[str]) -> None:
    assert code in office.refuses(exit_code, "person", *words, who="admin")


def test_nobody_delegates_a_post_to_themselves(office: Office) -> None:
    officer = office.holder("officer", COMMUNE)
    words = ["--unit", COMMUNE, "--role", "officer", "--decision", "1/QĐ-UBND"]
    period = ["--from", "2026-06-01", "--to", "2026-06-30"]
    for who in (officer, "admin"):
        told = office.refuses(3, "person", "delegate", officer, officer, *words, *period, who=who)
        assert told == ["delegation_to_oneself"]


def test_a_period_that_ends_before_it_begins_is_wrong_usage(office: Office) -> None:
    words = ["appoint", "admin", "--unit", "33", "--role", "officer", "--decision", "1/QĐ-UBND"]
    period = ["--from", "2026-06-01", "--to", "2026-05-31"]
    assert office.refuses(2, "person", *words, *period, who="admin") == ["period_crossed"]


def test_leaving_ends_every_post_and_hands_over_to_a_successor(office: Office) -> None:
    """``person leave``: the leaver does nothing from the next day on, the successor does it from this day."""
    leaver = office.holder("officer", COMMUNE)
    office.appoint(leaver, "leader", COMMUNE, "2025-07-01")
    office.do("person", "add", "successor", "--name", "Người kế nhiệm", who="admin")
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    left = office.do("person", "leave", leaver, "--to", "successor", who="admin")
    assert (left["ended"], left["left_on"]) == (2, "2026-06-01")

    office.day = "2026-06-02"
    words = ["advance", dossier, "return_for_supplement", "--reason", "thiếu mẫu"]
    assert office.refuses(3, *words, who=leaver) == ["post_not_valid"]
    office.do(*words, who="successor")
    (found,) = [item for item in office.do("person", "list") if item["handle"] == "successor"]
    assert {post["role"] for post in found["posts"]} == {"officer", "leader"}
    assert {item["code"] for item in office.do("inbox", who="successor")} == {dossier}


def test_a_name_frozen_in_the_record_stays_when_a_person_leaves(office: Office) -> None:
    """Each with name, role and unit as they were (DESIGN section 4)."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    officer = office.holder("officer", COMMUNE)
    office.do("person", "leave", officer, who="admin")
    (event,) = office.do("dossier", "history", dossier)
    assert event["actor"]["name"] == f"Cán bộ {officer}"


def test_mail_addresses_never_stand_in_the_log(office: Office) -> None:
    """Personal data stands outside the hashed event, which holds a salted digest (DESIGN section 4)."""
    office.do("person", "add", "x", "--name", "Cán bộ X", "--email", "x.private@example.vn", who="admin")

    with raw(office.db) as connection:
        bodies = [row[0] for row in connection.execute("SELECT body FROM event")]
    assert not any(b"example.vn" in bytes(body) for body in bodies)


@pytest.mark.parametrize("words", ["init --sandbox", "login admin", "logout", "remind deliver", "scheduler run --once"])
def test_what_cannot_be_tried_refuses_a_dry_run_instead_of_doing_it(words: str, tmp_path: Path) -> None:
    """DESIGN section 7: --dry-run goes with the commands it makes sense for; "nothing was written" is never untrue."""
    db = tmp_path / "new.db"
    answer = ocop("--dry-run", *words.split(), "--db", str(db))
    assert answer.exit == 2
    assert not db.exists()
