"""When a re-rating is filed: in the window before its certificate ends, or what a parameter says of any other day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.regime import Regime


def outside(regime: Regime, kind: str, ends: date | None, filed_on: date) -> tuple[Reason, ...]:
    """A re-rating is filed 180 to 120 days before expiry (26/2026/QĐ-TTg art. 8); it is silent on what follows else.

    ends  last day of the certificate, None if unknown: then nothing is said
    """
    window = regime.re_rating_window
    if kind != "re_rating" or window is None or ends is None:
        return ()
    left = (ends - filed_on).days
    if window.latest_days <= left <= window.earliest_days:
        return ()
    return (
        reason(
            "re_rating_outside_window",
            source=window.source,
            mark="adopted" if window.outside == "refuse" else "unknown",
            days=left,
            earliest=window.earliest_days,
            latest=window.latest_days,
        ),
    )


def filed_kind(regime: Regime, kind: str, ends: date | None, filed_on: date) -> str:
    """A re-rating filed outside its window is a first rating where the regime's parameter says so."""
    window = regime.re_rating_window
    treated = window is not None and window.outside == "treat_as_first" and outside(regime, kind, ends, filed_on)
    return "first" if treated else kind
