"""When a re-rating is filed: in the window before its certificate ends, or what a parameter says of any other day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.regime import Grace, Regime, ReRatingWindow


def window_of(regime: Regime, ends: date | None) -> ReRatingWindow | None:
    """The window of a certificate that ends on a day; None where the law has none, or had none in time.

    A window whose last day lay before the law that made it binds nobody (26/2026/QĐ-TTg art. 8 and 12): who could not
    meet it is read so, which is derived.
    """
    window, since = regime.re_rating_window, regime.effective_from
    if window is None or ends is None or since is None:
        return window
    return window if ends - timedelta(window.latest_days) >= since else None


def grace_of(regime: Regime, issued_on: date | None, ends: date) -> Grace | None:
    """How long a certificate of before the law goes on while it is rated again, because it could not meet the window.

    source  26/2026/QĐ-TTg art. 12
    """
    grace, since = regime.certificate.grace, regime.effective_from
    if grace is None or since is None or regime.re_rating_window is None or window_of(regime, ends) is not None:
        return None
    return grace if issued_on is None or issued_on < since else None


def file_by(regime: Regime, issued_on: date | None, ends: date) -> date | None:
    """The last day to file for a re-rating: the end itself where the window of the law came too late for it.

    None where the law has no such day
    """
    if regime.re_rating_window is None:
        return None
    return ends if grace_of(regime, issued_on, ends) else ends - timedelta(regime.re_rating_window.latest_days)


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
    excuse = _excuse(regime, ends, filed_on)
    if excuse is not None:
        return (
            reason(
                "re_rating_before_window",
                source=excuse.source,
                mark="derived",
                last_day=(ends - timedelta(window.latest_days)).isoformat(),
                since=str(regime.effective_from),
                until=(ends + timedelta(excuse.days)).isoformat(),
            ),
        )
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


def _excuse(regime: Regime, ends: date, filed_on: date) -> Grace | None:
    """The transitional rule for who could not meet the window, while what it grants lasts: it is not for a province to
    refuse whom the decision lets go on."""
    grace = grace_of(regime, None, ends)
    return grace if grace is not None and filed_on <= ends + timedelta(grace.days) else None


def filed_kind(regime: Regime, kind: str, ends: date | None, filed_on: date) -> str:
    """A re-rating filed outside its window is a first rating where the regime's parameter says so."""
    window = regime.re_rating_window
    if window is None or window.outside != "treat_as_first" or ends is None or _excuse(regime, ends, filed_on):
        return kind
    return "first" if outside(regime, kind, ends, filed_on) else kind
