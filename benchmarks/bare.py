"""What a hand-written program would do for the same move: the same rows read and written, and nothing else.

The move is a return to the entity, or its answer: an event with its hash, the dossier's row, the duty whose clock stops
or runs on, what the entity is told of it or need not be told any more (the outbox), and the answer under its key.
"""

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


DOER = {
    "login": OFFICER,
    "name": "Cán bộ số 1",
    "role": "officer",
    "unit": {"code": COMMUNE, "name": "Phường Mỹ Hào", "tier": "commune"},
}


def facts(one: Move, source: str, to: str) -> dict[str, Any]:
    """What the log keeps of a move: who did and typed it, when, under which law, why."""
    return {
        "v": 1,
        "subject": {"kind": "dossier", "code": one.dossier},
        "action": MOVES[one.number % 2],
        "from_state": source,
        "to_state": to,
        "recorded_at": _STAMP,
        "occurred_on": "2026-06-01",
        "actor": DOER,
        "recorder": DOER,
        "signer": None,
        "entry": "live",
        "overridden": [],
        "warnings": [],
        "key": one.command.act.key,
        "regime": "qd_26_2026",
        "data": {"fields": {}, "evidence": [], "kind": ("return", "forward")[one.number % 2]},
        "reason": one.command.act.reason,
    }


def decided(one: Move, fold: str, posts: list[tuple[str, str]]) -> tuple[dict[str, Any], bytes, str]:
    """The fold after the move, the event's bytes and their hash; an assertion is all the guard there is."""
    dossier = json.loads(fold)
    action, to = MOVES[one.number % 2], _TO[one.number % 2]
    assert ("officer", COMMUNE) in posts
    assert dossier["state"] != to
    assert dossier["evidence"]
    body = {
        **facts(one, dossier["state"], to),
        "seq": dossier["version"] + 1,
        "workflow_hash": dossier["workflow_hash"],
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


_DUTY = "SELECT id, kind, due_on, stopped, stopped_since FROM deadline WHERE subject = "


def clock(one: Move, rows: list[Any]) -> tuple[str, str | None, str]:
    """The limit's clock stops or runs on: the stops so far, stopped since, the duty's identity."""
    ((identity, _, _, stops, since),) = [row for row in rows if "commune" in row[1]]
    if one.number % 2 == 0:
        return stops, "2026-06-01", identity
    return text([*json.loads(stops), [since, "2026-06-01"]]), None, identity


_TOLD = f"'returned', '2026-06-01', '{COMMUNE}', 'Phường Mỹ Hào', 'commune'"
_NOTICE = "id, dossier, entity, seq, kind, told_of, unit, unit_name, tier, over_on, next_rung_on"


def told(one: Move, dossier: dict[str, Any]) -> tuple[str, str, str, int]:
    """What the entity is told: identity, dossier, entity, the event; of an answer, what it was told before."""
    seq = dossier["version"] - one.number % 2
    return f"{one.dossier}:notice:{seq}", one.dossier, dossier["entity"], seq


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
        duties = run(f"{_DUTY}?", (one.dossier,)).fetchall()
        dossier, body, digest = decided(one, fold, posts)
        run(
            f"INSERT INTO event ({_EVENT}) VALUES ('dossier', ?, ?, ?, ?, ?, '2026-06-01', ?)",
            (one.dossier, dossier["version"], digest, MOVES[one.number % 2], _STAMP, body),
        )
        row = (dossier["version"], dossier["state"], text(dossier), one.dossier, dossier["version"] - 1)
        changed = run("UPDATE dossier SET version = ?, state = ?, fold = ? WHERE code = ? AND version = ?", row)
        assert changed.rowcount == 1
        run("UPDATE deadline SET stopped = ?, stopped_since = ? WHERE id = ?", clock(one, duties))
        notice = told(one, dossier)
        if one.number % 2 == 0:
            run(f"INSERT INTO entity_notice ({_NOTICE}) VALUES (?, ?, ?, ?, {_TOLD}, NULL, '')", notice)
        else:
            run("UPDATE entity_notice SET over_on = '2026-06-01', next_rung_on = '' WHERE id = ?", notice[:1])
        run("INSERT INTO command VALUES (?, ?, ?, ?)", (one.command.act.key, digest, answer(one, dossier), _STAMP))
        run("COMMIT")

    return move


_READ = """
SELECT (SELECT digest FROM command WHERE key = %(key)s),
       (SELECT json_agg(json_build_array(role, unit)) FROM post WHERE handle = %(officer)s), fold,
       (SELECT json_agg(json_build_array(id, kind, due_on, stopped, stopped_since))
        FROM deadline WHERE subject = %(code)s)
FROM dossier WHERE code = %(code)s
"""
_WRITE = f"""
WITH moved AS (UPDATE dossier SET version = %(version)s, state = %(state)s, fold = %(fold)s
               WHERE code = %(code)s AND version = %(version)s - 1 RETURNING code),
     told AS (INSERT INTO event ({_EVENT}) SELECT 'dossier', code, %(version)s, %(hash)s, %(action)s, %(at)s,
              '2026-06-01', %(body)s FROM moved),
     duty AS (UPDATE deadline SET stopped = %(stops)s, stopped_since = %(since)s WHERE id = %(duty)s),
     {{notice}},
     kept AS (INSERT INTO command SELECT %(key)s, %(hash)s, %(answer)s, %(at)s FROM moved)
SELECT code FROM moved
"""
#: The outbox: a return is told, an answer ends that.
_OUTBOX = (
    f"""told_of AS (INSERT INTO entity_notice ({_NOTICE})
         SELECT %(notice)s, code, %(entity)s, %(version)s, {_TOLD}, NULL, '' FROM moved)""",
    "told_of AS (UPDATE entity_notice SET over_on = '2026-06-01', next_rung_on = '' WHERE id = %(notice)s)",
)
_WRITES = tuple(_WRITE.format(notice=each) for each in _OUTBOX)


def over_psycopg(url: str) -> Callable[[Move], None]:
    """``psycopg`` in two round trips: one select, one guarded statement that writes everything."""
    import psycopg

    connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    def move(one: Move) -> None:
        asked = {"key": one.command.act.key, "officer": OFFICER, "code": one.dossier}
        key, posts, fold, duties = connection.execute(_READ, asked).fetchone() or ()
        assert key is None
        dossier, body, digest = decided(one, fold, [(role, unit) for role, unit in posts])
        stops, since, duty = clock(one, duties)
        notice, _, entity, _ = told(one, dossier)
        params = {
            **asked,
            "entity": entity,
            "notice": notice,
            "version": dossier["version"],
            "state": dossier["state"],
            "fold": text(dossier),
            "hash": digest,
            "action": MOVES[one.number % 2],
            "at": _STAMP,
            "body": body,
            "stops": stops,
            "since": since,
            "duty": duty,
            "answer": answer(one, dossier),
        }
        assert connection.execute(_WRITES[one.number % 2], params).fetchone() is not None

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
            duties = run(f"{_DUTY}%s", (code,)).fetchall()
            dossier, body, digest = decided(one, fold, posts)
            run(
                f"INSERT INTO event ({_EVENT}) VALUES ('dossier', %s, %s, %s, %s, %s, '2026-06-01', %s)",
                (code, dossier["version"], digest, MOVES[one.number % 2], _STAMP, body),
            )
            row = (dossier["version"], dossier["state"], text(dossier), code)
            run("UPDATE dossier SET version = %s, state = %s, fold = %s WHERE code = %s", row)
            run("UPDATE deadline SET stopped = %s, stopped_since = %s WHERE id = %s", clock(one, duties))
            notice = told(one, dossier)
            if one.number % 2 == 0:
                run(f"INSERT INTO entity_notice ({_NOTICE}) VALUES (%s, %s, %s, %s, {_TOLD}, NULL, '')", notice)
            else:
                run("UPDATE entity_notice SET over_on = '2026-06-01', next_rung_on = '' WHERE id = %s", notice[:1])
            kept = (one.command.act.key, digest, answer(one, dossier), _STAMP)
            run("INSERT INTO command VALUES (%s, %s, %s, %s)", kept)

    return move


def over_core(url: str) -> Callable[[Move], None]:
    """The same statements through SQLAlchemy Core."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _full(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous = FULL")

    tables = MetaData()
    names = ("command", "post", "dossier", "deadline", "event", "entity_notice")
    command, post, view, deadline, log, outbox = (Table(name, tables, autoload_with=engine) for name in names)
    duty = (deadline.c.id, deadline.c.kind, deadline.c.due_on, deadline.c.stopped, deadline.c.stopped_since)

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
            stops, since, identity = clock(one, list(duties))
            clocks = {"stopped": stops, "stopped_since": since}
            run.execute(deadline.update().where(deadline.c.id == identity).values(clocks))
            notice, code, entity, seq = told(one, dossier)
            if one.number % 2 == 0:
                row = {"id": notice, "dossier": code, "entity": entity, "seq": seq, "kind": "returned",
                       "told_of": "2026-06-01", "unit": COMMUNE, "unit_name": "Phường Mỹ Hào", "tier": "commune",
                       "over_on": None, "next_rung_on": ""}  # fmt: skip
                run.execute(outbox.insert().values(row))
            else:
                over = {"over_on": "2026-06-01", "next_rung_on": ""}
                run.execute(outbox.update().where(outbox.c.id == notice).values(over))
            kept = {"digest": digest, "answer": answer(one, dossier), "recorded_at": _STAMP}
            run.execute(command.insert().values(key=one.command.act.key, **kept))

    return move
