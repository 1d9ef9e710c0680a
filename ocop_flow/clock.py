"""The only reader of the wall clock; read once per command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

#: Asia/Ho_Chi_Minh has kept UTC+7 without daylight saving since 1975, before any day this product records.
VIET_NAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def today_at(moment: datetime) -> date:
    """The day in Viet Nam at an aware moment."""
    return moment.astimezone(VIET_NAM).date()


class SystemClock:
    """The real clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: the sandbox's ``OCOP_NOW``, and tests."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)
