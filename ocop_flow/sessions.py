"""Passwords (argon2id) and logins that end after fifteen idle minutes."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_flow.config import Settings, roles_note, session_file
from ocop_flow.domain.event import parse_time, time_text
from ocop_flow.errors import InputInvalid, Refused, reason

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

IDLE = timedelta(minutes=15)
LEAST_LENGTH = 8


def check_password(password: str) -> None:
    """Raises InputInvalid if it is too short."""
    if len(password) < LEAST_LENGTH:
        raise InputInvalid(reason("password_short", least=LEAST_LENGTH))


def store_password(uow: UnitOfWork, handle: str, password: str) -> None:
    """Set a person's password and end their logins; raises InputInvalid if it is too short."""
    check_password(password)
    from argon2 import PasswordHasher

    uow.execute("DELETE FROM login WHERE handle = :handle", handle=handle)
    uow.execute("DELETE FROM session WHERE handle = :handle", handle=handle)
    uow.execute(
        "INSERT INTO login (handle, password_hash) VALUES (:handle, :hash)",
        handle=handle,
        hash=PasswordHasher().hash(password),
    )


def login(settings: Settings, office: Office, handle: str, password: str) -> None:
    """Check the password and keep a token that only this user can read; raises Refused."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    with office.writer() as uow:
        rows = uow.rows("login", handle=handle)
        person = uow.person(handle)
        try:
            if not rows or person is None:
                raise InvalidHashError
            PasswordHasher().verify(rows[0]["password_hash"], password)
        except (Argon2Error, InvalidHashError):
            raise Refused(reason("password_wrong")) from None
        if not person.can_login:
            raise Refused(reason("login_not_allowed", person=handle))
        token = secrets.token_urlsafe(32)
        now = time_text(office.clock.now())
        uow.execute(
            "INSERT INTO session (token_hash, handle, started_at, used_at) VALUES (:hash, :handle, :now, :now)",
            hash=_hash(token),
            handle=handle,
            now=now,
        )
        uow.commit()
    write_private(session_file(settings.db), token)
    held = sorted(
        {post.role for post in person.posts if post.valid_from <= office.today <= (post.valid_to or office.today)}
    )
    write_private(roles_note(settings.db), " ".join(held))


def logout(settings: Settings, office: Office) -> None:
    """Forget the login here and in the database."""
    file = session_file(settings.db)
    if file.exists():
        with office.writer() as uow:
            uow.execute("DELETE FROM session WHERE token_hash = :hash", hash=_hash(file.read_text(encoding="ascii")))
            uow.commit()
        file.unlink()
    roles_note(settings.db).unlink(missing_ok=True)


def current(settings: Settings, office: Office) -> str | None:
    """The handle logged in here, None if nobody is or the login has been idle too long; counts as use."""
    file = session_file(settings.db)
    if not file.exists():
        return None
    token_hash = _hash(file.read_text(encoding="ascii").strip())
    now = office.clock.now()
    with office.writer() as uow:
        rows = uow.rows("session", token_hash=token_hash)
        if not rows:
            return None
        if now - parse_time(rows[0]["used_at"]) > IDLE:
            uow.execute("DELETE FROM session WHERE token_hash = :hash", hash=token_hash)
            uow.commit()
            return None
        uow.execute("UPDATE session SET used_at = :now WHERE token_hash = :hash", now=time_text(now), hash=token_hash)
        uow.commit()
    return str(rows[0]["handle"])


def write_private(path: Path, text: str) -> None:
    """A file that only its owner can read, from the moment it exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
