"""The stories that were recorded, told through the command line: one for each released workflow, and one crossing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.office import Office

#: Phường Bần Yên Nhân of Thị xã Mỹ Hào until 30 June 2025, Phường Mỹ Hào from 1 July 2025.
COMMUNE = "12103"
#: Workflow -> a day on which it holds (REGULATIONS.md).
WORKFLOWS = {
    "provincial_provisional": "2019-05-06",
    "qd_1048_2019": "2020-07-01",
    "qd_148_2023": "2024-03-01",
    "qd_1489_2025": "2025-09-01",
    "qd_26_2026": "2026-06-01",
}


def workflow(day: str) -> Callable[[Office, Path], None]:
    """A new and an existing product to promotion, one returned in between; one withdrawn, which was taken back."""

    def tell(office: Office, _folder: Path) -> None:
        office.day = day
        office.walk(office.open(COMMUNE, "Cà phê mới", track="new_product"), "promotion", stars=4)
        returned = office.open(COMMUNE, "Cà phê trả lại", track="existing_product")
        office.take(returned, "return_for_supplement")
        office.walk(returned, "promotion", stars=5)
        withdrawn = office.open(COMMUNE, "Cà phê rút", track="existing_product")
        office.take(withdrawn, "withdraw")
        office.do("undo", withdrawn, who=office.holder("officer", COMMUNE))

    return tell


def my_hao(office: Office, folder: Path) -> None:
    """Filed under 148/QĐ-TTg at the district in March 2025; handed over on 1 July with a paper lost; under
    1489/QĐ-TTg from 6 July, returned for what was lost; finished in July 2026 under the rules it was filed under,
    within the 60 days that 26/2026/QĐ-TTg leaves.
    """
    office.day = "2025-03-10"
    dossier = office.open(COMMUNE, "Tương Bần", track="existing_product")
    officer = office.holder("officer", COMMUNE)
    office.do("attach", dossier, "--kind", "registration_form", who=officer)
    office.do("attach", dossier, "--kind", "self_assessment", who=officer)
    office.day = "2025-07-01"
    lost = folder / "mất.csv"
    lost.write_text(f"dossier,file,answer\n{dossier},registration_form,lost\n", encoding="utf-8")
    minister = office.appoint("minister", "leader", "central", "2018-01-01")
    office.do("unit", "succeed", "328", "--minutes", "05/BB-UBND", "--list", str(lost), who=minister)
    office.day = "2025-07-06"
    chair = office.appoint("chair-33", "leader", "33", "2025-07-01")
    crossing = ["workflow", "migrate", "--from", "qd_148_2023", "--to", "qd_1489_2025"]
    office.do(*crossing, "--decision", "12/QĐ-UBND", who=chair)
    office.day = "2025-07-10"
    office.take(dossier, "return_for_supplement")
    office.day = "2026-06-15"
    office.walk(dossier, "evaluation.province_council")
    office.day = "2026-07-10"
    office.walk(dossier, "promotion", stars=4)


STORIES: Mapping[str, Callable[[Office, Path], None]] = {
    **{name: workflow(day) for name, day in WORKFLOWS.items()},
    "my_hao_2025_2026": my_hao,
}
