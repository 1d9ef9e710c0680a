"""What a sheet of ending certificates says, whatever it is printed as.

Its first page stands alone: how many end in which month, how many of them are past the line for filing, who must act.
The certificates themselves follow, on the same page if they fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow import i18n
from ocop_flow.cited import cited

if TYPE_CHECKING:
    from ocop_flow.domain.regime import Regime

Json = dict[str, Any]
HEADING_LABELS = (
    "Certificate",
    "Product",
    "Entity",
    "Stars",
    "Commune of today",
    "Issued under",
    "Who must act",
    "File by",
    "Valid to",
)
#: Titles of the summaries: months, who acts, communes.
SUMMARY_LABELS = ("By month", "Who must act now", "By commune of today")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be shown.

    found  as ``service.ending`` gives it; unit  whose it is, None for all; on, until  the days it spans
    law    in force on the first of them, which says how long before the end a re-rating is filed
    """

    found: Sequence[Json]
    unit: str | None
    on: date
    until: date
    lang: str
    law: Regime | None

    def tr(self, text: str, **values: object) -> str:
        return i18n.translate(text, self.lang).format(**values)

    @property
    def title(self) -> str:
        return i18n.translate("OCOP certificates: what ends when", self.lang)

    @property
    def scope(self) -> str:
        text = i18n.translate("{unit}; as of {on}, ends until {until}", self.lang)
        whole = i18n.translate("All units", self.lang)
        return text.format(unit=self.unit or whole, on=shown_day(self.on), until=shown_day(self.until))

    @property
    def note(self) -> str:
        window = self.law.re_rating_window if self.law else None
        if window is None:
            return ""
        return self.tr(
            "Red: the last day to file for a re-rating is over ({days} days before the end, {source}).",
            days=window.latest_days,
            source=self.cited(window.source),
        )

    def cited(self, source: str) -> str:
        """A source within a sentence."""
        return cited(source, self.lang)

    def headings(self) -> list[str]:
        return [i18n.translate(heading, self.lang) for heading in HEADING_LABELS]

    def months(self) -> list[tuple[str, int, int]]:
        """(month, certificates, of them late), in order."""
        return _counts((item["month"], item["late"]) for item in self.found)

    def communes(self) -> list[tuple[str, int, int]]:
        return sorted(_counts((places(item) or "-", item["late"]) for item in self.found), key=lambda row: -row[1])

    def summaries(self) -> list[tuple[str, list[tuple[str, int, int]]]]:
        """(title, (name, certificates, of them late)), in the order of the first page."""
        by_month = [(shown_month(month), count, late) for month, count, late in self.months()]
        titles = [i18n.translate(title, self.lang) for title in SUMMARY_LABELS]
        return list(zip(titles, (by_month, self.acting(), self.communes()), strict=True))

    def acting(self) -> list[tuple[str, int, int]]:
        return sorted(_counts((acting_unit(item), item["late"]) for item in self.found), key=lambda row: -row[1])


def shown_day(day: date | str | None) -> str:
    """A day as offices write it: 01/08/2026."""
    if day is None:
        return "-"
    return (date.fromisoformat(day) if isinstance(day, str) else day).strftime("%d/%m/%Y")


def shown_month(month: str) -> str:
    return f"{month[5:]}/{month[:4]}"


def places(item: Json) -> str:
    return ", ".join(each["name"] for each in item["communes"])


def acting_unit(item: Json) -> str:
    return str(item["acts"]["name"]) if item["acts"] else "-"


def _counts(pairs: Iterable[tuple[str, bool]]) -> list[tuple[str, int, int]]:
    every, late = Counter[str](), Counter[str]()
    for name, is_late in pairs:
        every[name] += 1
        late[name] += is_late
    return [(name, every[name], late[name]) for name in sorted(every)]


def cells_of(item: Json) -> list[str]:
    return [
        item["number"],
        item["product"],
        item["entity"],
        str(item["stars"]),
        places(item) or "-",
        item["issued_under"] or "",
        acting_unit(item),
        shown_day(item["file_by"]),
        shown_day(item["valid_to"]),
    ]
