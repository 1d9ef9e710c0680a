"""Who keeps a certificate and its file since its issuer ended, and by which minutes. The issuer named on it stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """``missing``: lost or not_received where the minutes say so of its file, else None."""

    code: str
    name: str
    tier: str
    since: date
    minutes: str | None
    missing: str | None

    @property
    def body(self) -> Json:
        return {
            "code": self.code,
            "name": self.name,
            "tier": self.tier,
            "since": self.since.isoformat(),
            "minutes": self.minutes,
            "missing": self.missing,
        }


def from_body(body: Json | None) -> Kept | None:
    """Inverse of ``body``."""
    return Kept(**{**body, "since": date.fromisoformat(body["since"])}) if body else None


def handed(unit: Json | None, since: date, minutes: str | None, missing: str | None) -> Kept | None:
    """What an event says: kept by ``unit`` since a day; None where it names nobody."""
    return Kept(unit["code"], unit["name"], unit["tier"], since, minutes, missing) if unit else None
