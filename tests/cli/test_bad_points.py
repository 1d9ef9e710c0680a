"""Points that are judged without a dossier (``rating check``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.office import Office
    from tests.cli.refusals import Refusals


@pytest.mark.parametrize("given", [["--parts", "30,20,30"], ["--mean", "80"], ["--set", "1.1=1"]])
@pytest.mark.parametrize(
    ("regime", "product_set", "code"),
    [
        ("qd_26_2026", "nope", "product_set_unknown"),
        ("qd_1048_2019", "nope", "product_set_unknown"),
        ("qd_148_2023", "Any-thing", "product_set_no_id"),
    ],
)
def test_points_are_judged_for_a_product_set_that_a_dossier_could_have(
    refused: Refusals, regime: str, product_set: str, code: str, given: list[str]
) -> None:
    """What is not in a fixed list is exit 2 (DESIGN section 7); where a regime lists none, ``[a-z0-9_]+`` is one."""
    refused(2, code, "rating", "check", "--regime", regime, "--product-set", product_set, *given)


def test_a_free_product_set_is_judged_by_its_part_totals(office: Office) -> None:
    words = ["rating", "check", "--regime", "qd_148_2023", "--parts", "30,20,30", "--product-set", "banh_keo_2"]
    assert office.do(*words)["stars"] == 4


def test_minima_that_points_cannot_show_are_listed_as_neither_met_nor_missed(office: Office) -> None:
    """``met: null`` in ``reasons`` (DESIGN section 7): each minimum of the set, or that no set was named."""
    for words in (["--mean", "95", "--product-set", "coffee_cacao"], ["--parts", "38,24,33"]):
        found = office.do("rating", "check", "--regime", "qd_26_2026", *words)
        unchecked = [item for item in found["reasons"] if item["code"].endswith("_unchecked")]
        assert unchecked and all(item["met"] is None for item in unchecked)
        assert all("met" not in item for item in found["reasons"] if item not in unchecked)
