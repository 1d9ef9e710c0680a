"""Bad input: a clear message in both languages, the exit code of the contract, and nothing written.

Exit codes: DESIGN section 7. ``Office.refuses`` asks in both languages and compares every table before and after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.acts import COMMUNE

if TYPE_CHECKING:
    from tests.cli.office import Json, Office


class Refusals:
    """Asks as an officer of the commune, in both languages (``Office.refuses``), and shows the reasons in English."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.officer = office.holder("officer", COMMUNE)

    def __call__(self, exit_code: int, code: str, *words: str, who: str | None = None) -> list[Json]:
        """The reasons of a refusal that holds ``code``; nothing was written."""
        by = who or self.officer
        assert code in self.office.refuses(exit_code, *words, who=by)
        reasons: list[Json] = self.office.ask(*words, who=by).document["reasons"]
        return reasons

    def opening(self, exit_code: int, code: str, *, who: str | None = None, **changed: str) -> list[Json]:
        return self(exit_code, code, *opening(**changed), who=who)


def opening(**changed: str) -> list[str]:
    """``dossier open`` of a coffee, with some options changed."""
    options = {
        "commune": COMMUNE,
        "product": "Cà phê",
        "entity": "Hợp tác xã số 1",
        "entity-kind": "cooperative",
        "product-set": "coffee_cacao",
        "kind": "first",
        "track": "new_product",
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    return ["dossier", "open", *[part for name, value in options.items() for part in (f"--{name}", value)]]
