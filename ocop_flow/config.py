"""Settings of the environment, parsed once: where the database lies, which language, who acts in a sandbox."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ocop_flow.errors import InputInvalid, Unavailable, reason

LANGUAGES = ("vi", "en")
#: Years in which a training database may be told to be.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


@dataclass(frozen=True, slots=True)
class Settings:
    """``db`` is a SQLAlchemy URL; ``handle`` and ``now`` serve in a training database only."""

    db: str
    lang: str
    handle: str | None
    now: datetime | None


def read(db: str | None, lang: str | None, handle: str | None, env: Mapping[str, str] | None = None) -> Settings:
    """Options first, then the environment, then the defaults.

    raises  InputInvalid for a language or an OCOP_NOW that cannot be read
    """
    environment = os.environ if env is None else env
    language = lang or environment.get("OCOP_LANG") or "vi"
    if language not in LANGUAGES:
        raise InputInvalid(reason("language_unknown", lang=language))
    return Settings(
        db=url_of(db or environment.get("OCOP_DB") or default_database()),
        lang=language,
        handle=handle or environment.get("OCOP_AS") or None,
        now=_moment(environment.get("OCOP_NOW")),
    )


def url_of(typed: str) -> str:
    """A URL; a bare path means a SQLite file."""
    return typed if "://" in typed else f"sqlite:///{Path(typed).expanduser()}"


def default_database() -> str:
    """The SQLite file in the user's data folder."""
    from platformdirs import user_data_dir

    return str(Path(user_data_dir("ocop_flow", appauthor=False)) / "ocop.db")


def file_of(url: str) -> Path | None:
    """The SQLite file of a URL, None for a server or a database in memory."""
    prefix = "sqlite:///"
    return Path(url.removeprefix(prefix)) if url.startswith(prefix) and url != prefix else None


def shown(url: str) -> str:
    """The file of a database, or its URL without the password: fit for a message."""
    file = file_of(url)
    return str(file) if file is not None else masked(url)


def masked(url: str) -> str:
    """A URL without its password."""
    return re.sub(r"(\bpassword=)[^&]*", r"\1***", re.sub(r"(://[^:/@]*:).*@", r"\1***@", url))


def session_file(url: str) -> Path:
    """Where the login of this user to this database is kept."""
    from platformdirs import user_state_dir

    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    return Path(user_state_dir("ocop_flow", appauthor=False)) / f"session-{name}"


def roles_note(url: str) -> Path:
    """Where the last login to this database noted the roles held, for the help page: a hint, no right."""
    return session_file(url).with_suffix(".roles")


def noted_roles(url: str) -> list[str]:
    """The roles noted at the last login; none where there is no note."""
    try:
        return roles_note(url).read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []


def server_keys(url: str) -> Path:
    """Where this machine keeps the signing keys of a database that is no file."""
    from platformdirs import user_data_dir

    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    return Path(user_data_dir("ocop_flow", appauthor=False)) / f"{name}.keys"


def server_files(url: str) -> Path:
    """Where evidence of a database that is no file lies: ``OCOP_FILES``, else a folder of this user's data.

    Who logs in to the database does not matter for the folder; clients on several machines name one that all share.
    """
    named = os.environ.get("OCOP_FILES")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_dir

    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    where = [parts.netloc.rpartition("@")[2], parts.path, *asked.get("host", ()), *asked.get("port", ())]
    name = hashlib.sha256(" ".join(where).encode()).hexdigest()[:16]
    return Path(user_data_dir("ocop_flow", appauthor=False)) / f"{name}.files"


def secret(environment: Mapping[str, str], name: str) -> str | None:
    """A password or token: the variable itself, or the first lines of the file that ``name`` with ``_FILE`` names.

    returns  None where neither is set
    raises   Unavailable where both are, or for a file that is absent, empty or open to other users
    """
    file = environment.get(f"{name}_FILE")
    if not file:
        return environment.get(name) or None
    if environment.get(name):
        raise Unavailable(reason("secret_twice", name=name))
    path = Path(file).expanduser()
    try:
        with path.open(encoding="utf-8") as opened:
            # Asked of the open file: what is read is what was looked at. Windows keeps rights elsewhere.
            if os.name == "posix" and os.fstat(opened.fileno()).st_mode & 0o077:
                raise Unavailable(reason("secret_open_to_others", name=name, path=str(path)))
            found = opened.read().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        detail = type(error).__name__ if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
        raise Unavailable(reason("secret_unreadable", name=name, path=str(path), detail=detail)) from None
    if not found:
        raise Unavailable(reason("secret_unreadable", name=name, path=str(path), detail="-"))
    return found


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputInvalid(reason("now_unreadable", text=text)) from None
    # A clock at either end of the calendar has no day before it, or none after it, in some zone.
    if moment.tzinfo is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise InputInvalid(reason("now_unreadable", text=text))
    return moment
