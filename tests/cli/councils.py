"""A provincial council with its members, and dossiers that wait for it; built once and copied for every test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.cli.conftest import copied
from tests.cli.office import Office

Json = dict[str, Any]
COMMUNE, PROVINCE = "12103", "33"
#: What the example council gives itself: the rules of Tây Ninh (REGULATIONS section 4) with whole numbers.
RULES = """\
decision: 757/QĐ-HĐOCOP
quorum: {share: [3, 4]}
chair_present: true
spread_at_most: 10
"""


@dataclass(frozen=True)
class Table:
    """A council's table: the office, the council, its secretary, scoring members (the chair first), dossiers."""

    office: Office
    council: str
    secretary: str
    members: tuple[str, ...]
    dossiers: tuple[str, ...]

    def do(self, *words: str) -> Any:
        """A command of the secretary's that must succeed."""
        return self.office.do(*words, who=self.secretary)

    def refuses(self, exit_code: int, *words: str) -> list[str]:
        return self.office.refuses(exit_code, *words, who=self.secretary)

    def convene(self, *present: str, words: tuple[str, ...] = ()) -> str:
        """A sitting on every dossier; with all members unless some are named."""
        here = ",".join((*(present or self.members), self.secretary))
        found = self.do(
            "council", "convene", self.council, "--present", here, "--dossiers", ",".join(self.dossiers), *words
        )
        return str(found["sitting"])

    def score(self, sitting: str, member: str, parts: str, *words: str) -> list[str]:
        """The command line of one member's sheet by parts for the first dossier."""
        return ["council", "score", sitting, self.dossiers[0], "--member", member, f"--parts={parts}", *words]

    def copied(self, folder: Path) -> Table:
        """The same in a database of its own; the one copied may still have what it wrote beside it."""
        return replace(self, office=replace(self.office, db=copied(self.office.db, folder)))


def table(office: Office, rules: str | None, *, members: int = 4, sets: tuple[str, ...] = ("coffee_cacao",)) -> Table:
    """A council with its own rules (None: none), and one dossier of each product set put to it."""
    dossiers = []
    for number, product_set in enumerate(sets, start=1):
        tourism = {"entity": "HTX du lịch số 1"} if product_set == "community_eco_tourism" else {}
        options = {"product-set": product_set, "track": "existing_product", **tourism}
        code = office.open(COMMUNE, f"Sản phẩm số {number}", **options)
        office.walk(code, "evaluation.province_council")
        dossiers.append(code)
    secretary = office.holder("council_secretary", PROVINCE)
    words = ["--unit", PROVINCE, "--decision", "10/QĐ-HĐOCOP", "--round", "1", "--year", "2026"]
    if rules is not None:
        file = office.db.with_name("rules.yaml")
        file.write_text(rules, encoding="utf-8")
        words += ["--rules", str(file)]
    code = office.do("council", "create", *words, who=secretary)["code"]
    office.do("council", "member", code, secretary, "--role", "council_secretary", who=secretary)
    seats = []
    for number in range(1, members + 1):
        handle = f"uyvien.{number}"
        office.do("person", "add", handle, "--name", f"Ủy viên số {number}", who="admin")
        role = "council_chair" if number == 1 else "council_member"
        office.do("council", "member", code, handle, "--role", role, who=secretary)
        seats.append(handle)
    return Table(office, code, secretary, tuple(seats), tuple(dossiers))
