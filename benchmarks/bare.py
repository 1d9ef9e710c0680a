"""What a hand-written program would do for the same move: the same rows read and written, and nothing else."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, Table, create_engine, event, select

from benchmarks.dossiers import COMMUNE, MOVES, OFFICER, Move

if TYPE_CHECKING:
    from collections.abc import Callable

#: Where each of the two moves leads.
_TO = ("registration.supplement", "registration.intake")
_STAMP = "2026-06-01T03:00:00.000000Z"
_EVENT = "subject_kind, subject, seq, hash, action, recorded_at, occurred_on, body"


def text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decided(one: Move, fold: str, posts: list[tuple[str, str]]) -> tuple[dict[str, Any], bytes, str]:
    """The fold after the move, the event's bytes and their hash; an assertion is all the guard there is."""
    dossier = json.loads(fold)
    action, to = MOVES[one.number % 2], _TO[one.number % 2]
    assert ("officer", COMMUNE) in posts
    assert dossier["state"] != to
    assert dossier["evidence"]
    doer = {
        "login": OFFICER,
        "name": "Cán bộ số 1",
        "role": "officer",
        "unit": {"code": COMMUNE, "name": "Phường Mỹ Hào", "tier": "commune"},
    }
    body = {
        "v": 1,
        "subject": {"kind": "dossier", "code": one.dossier},
        "seq": dossier["version"] + 1,
        "action": action,
        "from_state": dossier["state"],
        "to_state": to,
        "recorded_at": _STAMP,
        "occurred_on": "2026-06-01",
        "actor": doer,
        "recorder": doer,
        "signer": None,
        "entry": "live",
        "overridden": [],
        "warnings": [],
        "key": one.command.act.key,
        "regime": dossier["regime"],
        "workflow_hash": dossier["workflow_hash"],
        "data": {"fields": {}, "attachments": [], "post": "commune officer"},
        "reason": "thiếu mẫu",
        "prev_hash": dossier["last_hash"],
    }
    data = text(body).encode()
    digest = hashlib.sha256(data).hexdigest()
    dossier["visits"].append([to, "2026-06-01", body["seq"], "forward"])
    dossier["acts"].append([action, OFFICER])
    dossier.update(version=body["seq"], state=to, last_hash=digest, last_act=[body["seq"], action, OFFICER])
    return dossier, data, digest


def answer(one: Move, dossier: dict[str, Any]) -> str:
    return text({"code": one.dossier, "seq": dossier["version"], "action": MOVES[one.number % 2]})


def stopped(one: Move, rows: list[Any]) -> list[tuple[str | None, str]]:
    """The limit's clock stops or runs on: (stopped since, identity) of what changes."""
    since = "2026-06-01" if one.number % 2 == 0 else None
    return [(since, row[0]) for row in rows if "commune" in row[1]]


def over_sqlite(db: str) -> Callable[[Move], None]:
    """``sqlite3`` alone, WAL and FULL."""
    connection = sqlite3.connect(db, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    run = connection.execute

    def move(one: Move) -> None:
        run("BEGIN IMMEDIATE")
        assert run("SELECT digest FROM command WHERE key = ?", (one.command.act.key,)).fetchone() is None
        posts = run("SELECT role, unit FROM post WHERE handle = ?", (OFFICER,)).fetchall()
        fold = run("SELECT fold FROM dossier WHERE code = ?", (one.dossier,)).fetchone()[0]
        duties = run("SELECT id, kind, due_on, stopped FROM deadline WHERE subject = ?", (one.dossier,)).fetchall()
        dossier, body, digest = decided(one, fold, posts)
        run(
            f"INSERT INTO event ({_EVENT}) VALUES ('dossier', ?, ?, ?, ?, ?, '2026-06-01', ?)",
            (one.dossier, dossier["version"], digest, MOVES[one.number % 2], _STAMP, body),
        )
        row = (dossier["version"], dossier["state"], text(dossier), one.dossier, dossier["version"] - 1)
        changed = run("UPDATE dossier SET version = ?, state = ?, fold = ? WHERE code = ? AND version = ?", row)
        assert changed.rowcount == 1
        for each in stopped(one, duties):
            run("UPDATE deadline SET stopped_since = ?, next_rung_on = '' WHERE id = ?", each)
        told = answer(one, dossier)
        run("INSERT INTO command VALUES (?, ?, ?, ?)", (one.command.act.key, digest, told, _STAMP))
        run("COMMIT")

    return move


_READ = """
SELECT (SELECT digest FROM command WHERE key = %(key)s),
       (SELECT json_agg(json_build_array(role, unit)) FROM post WHERE handle = %(officer)s), fold,
       (SELECT json_agg(json_build_array(id, kind, due_on, stopped)) FROM deadline WHERE subject = %(code)s)
FROM dossier WHERE code = %(code)s
"""
_WRITE = f"""
WITH moved AS (UPDATE dossier SET version = %(version)s, state = %(state)s, fold = %(fold)s
               WHERE code = %(code)s AND version = %(version)s - 1 RETURNING code),
     told AS (INSERT INTO event ({_EVENT}) SELECT 'dossier', code, %(version)s, %(hash)s, %(action)s, %(at)s,
              '2026-06-01', %(body)s FROM moved),
     duty AS (UPDATE deadline SET stopped_since = %(since)s, next_rung_on = '' WHERE id = ANY(%(duties)s)),
     kept AS (INSERT INTO command SELECT %(key)s, %(hash)s, %(answer)s, %(at)s FROM moved)
SELECT code FROM moved
"""


def over_psycopg(url: str) -> Callable[[Move], None]:
    """``psycopg`` in two round trips: one select, one guarded statement that writes everything."""
    import psycopg

    connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    def move(one: Move) -> None:
        asked = {"key": one.command.act.key, "officer": OFFICER, "code": one.dossier}
        key, posts, fold, duties = connection.execute(_READ, asked).fetchone() or ()
        assert key is None
        dossier, body, digest = decided(one, fold, [(role, unit) for role, unit in posts])
        changed = stopped(one, duties)
        params = {
            **asked,
            "version": dossier["version"],
            "state": dossier["state"],
            "fold": text(dossier),
            "hash": digest,
            "action": MOVES[one.number % 2],
            "at": _STAMP,
            "body": body,
            "since": changed[0][0] if changed else None,
            "duties": [each[1] for each in changed],
            "answer": answer(one, dossier),
        }
        assert connection.execute(_WRITE, params).fetchone() is not None

    return move


def over_locked_psycopg(url: str) -> Callable[[Move], None]:
    """``psycopg`` with a row lock and a statement for each step, as such programs are usually written."""
    in_turn = locked_in_turn(url)
    return lambda one: in_turn(one.dossier, one.sent)


def locked_in_turn(url: str) -> Callable[[str, str], None]:
    """Makes the move that is due, once it has the row: by dossier and what tells the key from others."""
    import psycopg

    connection = psycopg.connect(url.replace("+psycopg", ""))
    run = connection.execute

    def move(code: str, sent: str) -> None:
        with connection.transaction():
            posts = run("SELECT role, unit FROM post WHERE handle = %s", (OFFICER,)).fetchall()
            found = run("SELECT version, state, fold FROM dossier WHERE code = %s FOR UPDATE", (code,)).fetchone()
            version, state, fold = found or (0, "", "")
            one = Move(code, int(state != _TO[1]), f"{sent}-{version}")
            assert run("SELECT digest FROM command WHERE key = %s", (one.command.act.key,)).fetchone() is None
            duties = run("SELECT id, kind, due_on, stopped FROM deadline WHERE subject = %s", (code,)).fetchall()
            dossier, body, digest = decided(one, fold, posts)
            run(
                f"INSERT INTO event ({_EVENT}) VALUES ('dossier', %s, %s, %s, %s, %s, '2026-06-01', %s)",
                (code, dossier["version"], digest, MOVES[one.number % 2], _STAMP, body),
            )
            row = (dossier["version"], dossier["state"], text(dossier), code)
            run("UPDATE dossier SET version = %s, state = %s, fold = %s WHERE code = %s", row)
            for each in stopped(one, duties):
                run("UPDATE deadline SET stopped_since = %s, next_rung_on = '' WHERE id = %s", each)
            told = answer(one, dossier)
            run("INSERT INTO command VALUES (%s, %s, %s, %s)", (one.command.act.key, digest, told, _STAMP))

    return move


def over_core(url: str) -> Callable[[Move], None]:
    """The same statements through SQLAlchemy Core."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _full(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous = FULL")

    tables = MetaData()
    names = ("command", "post", "dossier", "deadline", "event")
    command, post, view, deadline, log = (Table(name, tables, autoload_with=engine) for name in names)
    duty = (deadline.c.id, deadline.c.kind, deadline.c.due_on, deadline.c.stopped)

    def move(one: Move) -> None:
        with engine.begin() as run:
            key = run.execute(select(command.c.digest).where(command.c.key == one.command.act.key)).first()
            assert key is None
            posts = [
                tuple(row) for row in run.execute(select(post.c.role, post.c.unit).where(post.c.handle == OFFICER))
            ]
            fold = run.execute(select(view.c.fold).where(view.c.code == one.dossier).with_for_update()).scalar_one()
            duties = run.execute(select(*duty).where(deadline.c.subject == one.dossier)).all()
            dossier, body, digest = decided(one, fold, posts)
            run.execute(
                log.insert().values(
                    subject_kind="dossier",
                    subject=one.dossier,
                    seq=dossier["version"],
                    hash=digest,
                    action=MOVES[one.number % 2],
                    recorded_at=_STAMP,
                    occurred_on="2026-06-01",
                    body=body,
                )
            )
            changed = {"version": dossier["version"], "state": dossier["state"], "fold": text(dossier)}
            run.execute(view.update().where(view.c.code == one.dossier).values(changed))
            for since, identity in stopped(one, list(duties)):
                kept = {"stopped_since": since, "next_rung_on": ""}
                run.execute(deadline.update().where(deadline.c.id == identity).values(kept))
            told = {"digest": digest, "answer": answer(one, dossier), "recorded_at": _STAMP}
            run.execute(command.insert().values(key=one.command.act.key, **told))

    return move
