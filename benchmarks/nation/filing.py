"""Which dossiers are filed on which day of the year, and the certificates that some of them start from."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.nation.nation import Nation
from ocop_flow.demo.desk import Line
from ocop_flow.domain.calendar import add_months
from ocop_flow.service import (
    certificates,
)

#: Months whose last days bring half of all dossiers, and how many days those are.
RUSHES, RUSH_DAYS = (4, 6, 10, 12), 8
SETS = ("coffee_cacao", "honey_other_raw_food", "tea_fresh_processed", "fast_food", "other_spices", "white_spirit")
KINDS = ("cooperative", "cooperative_group", "sme", "household", "farm")
#: Kinds of dossiers and their shares in percent.
SHARES = {"first": 60, "re_rating": 25, "upgrade": 15}
#: Days before a certificate ends on which its re-rating is filed (26/2026/QĐ-TTg art. 8).
WINDOW = (120, 180)
#: Days for which the certificate of an upgrade is still valid, and its stars.
STILL_VALID, UPGRADED_STARS = (200, 700), 3
#: Days that the certificate still has on the day of filing.
_LEFT = {"re_rating": WINDOW, "upgrade": STILL_VALID}
#: Months that a certificate is valid (26/2026/QĐ-TTg).
VALID_MONTHS = 36


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=each) for each in range((date(year + 1, 1, 1) - first).days)]


def filing_days(year: int, count: int, chance: random.Random) -> list[date]:
    """Half of them in the rushes, the others on any day."""
    days = days_of(year)
    rush = [day for day in days if day.month in RUSHES and (day + timedelta(days=RUSH_DAYS)).month != day.month]
    return sorted(chance.choice(rush if number % 2 else days) for number in range(count))


@dataclass(frozen=True, slots=True)
class Planned:
    """A dossier that will be filed on a day; ``valid_to`` is the last day of the certificate that it starts from."""

    number: int
    day: date
    kind: str
    commune: str
    province: str
    product: str
    entity: str
    valid_to: date | None = None

    @property
    def entity_kind(self) -> str:
        return KINDS[self.number % len(KINDS)]

    @property
    def product_set(self) -> str:
        return SETS[self.number % len(SETS)]

    @property
    def track(self) -> str:
        return "new_product" if self.kind == "first" and self.number % 3 else "existing_product"

    @property
    def previous(self) -> str | None:
        return None if self.valid_to is None else f"{self.number:05d}.{self.day.year}/GCN-OCOP"


def plan_dossiers(nation: Nation, count: int) -> list[Planned]:
    """So many dossiers of all kinds, spread over the communes at work, in the order of their days."""
    found = []
    for number, day in enumerate(filing_days(nation.year, count, nation.chance)):
        commune, province = nation.communes[number * 7919 % len(nation.communes)]
        (kind,) = nation.chance.choices(list(SHARES), list(SHARES.values()))
        found.append(
            Planned(
                number,
                day,
                kind,
                commune,
                province,
                f"Sản phẩm {number:05d} năm {nation.year} (giả định)",
                f"Cơ sở {number // 2:05d} năm {nation.year} xã {commune} (giả định)",
                None if kind == "first" else day + timedelta(nation.chance.randint(*_LEFT[kind])),
            )
        )
    return found


def declare_certificates(nation: Nation, planned: list[Planned]) -> None:
    """What re-ratings and upgrades start from, as the provinces declare it before the year."""
    with nation.desk.reading() as (uow, _):
        lives: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in uow.query("SELECT code, valid_from, valid_to FROM unit WHERE tier = 'commune'"):
            lives[row["code"]].append((row["valid_from"], row["valid_to"] or "9999"))
    lines = []
    for each in planned:
        if each.valid_to is None:
            continue
        issued = add_months(each.valid_to, -VALID_MONTHS)
        if not any(since <= issued.isoformat() <= until for since, until in lives[each.commune]):
            # The commune is younger than that, and nothing else bears its code.
            issued = date.fromisoformat(min(since for since, _ in lives[each.commune]))
        command = certificates.Declare(
            each.product,
            each.entity,
            each.entity_kind,
            UPGRADED_STARS if each.kind == "upgrade" else 3 + each.number % 2,
            "danh sách công nhận (giả định)",
            number=each.previous,
            commune=each.commune,
            decision="12/QĐ-UBND",
            issued_on=issued,
            valid_to=each.valid_to,
            product_set=each.product_set,
        )
        lines.append(Line(f"{each.province}-officer", certificates.declare, command))
    nation.desk.batch(lines)
