"""Sources of rules in the language of who reads them: decisions, articles and remarks (DESIGN section 2: sources)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ocop_flow.cited import cited

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOWS = Path(__file__).parents[2] / "workflows"
#: Words that no Vietnamese sentence has.
ENGLISH = re.compile(r"\b(the|of|and|is|was|not|are|by|art|annex|forms?|found|set|stars?|group|under|which|on|as)\b")


@pytest.mark.parametrize(
    ("source", "vietnamese"),
    [
        ("26/2026/QĐ-TTg", "Quyết định 26/2026/QĐ-TTg"),
        ("26/2026/QĐ-TTg art. 5", "Điều 5 Quyết định 26/2026/QĐ-TTg"),
        ("26/2026/QĐ-TTg art. 7.4", "Khoản 4 Điều 7 Quyết định 26/2026/QĐ-TTg"),
        ("26/2026/QĐ-TTg art. 5-8", "Các điều 5-8 Quyết định 26/2026/QĐ-TTg"),
        ("26/2026/QĐ-TTg art. 5 and form 03", "Điều 5, Mẫu 03 Quyết định 26/2026/QĐ-TTg"),
        ("148/QĐ-TTg annex II point b (CNTD; LC)", "Điểm b Phụ lục II Quyết định 148/QĐ-TTg (CNTD; LC)"),
        ("Labour Code 2019 art. 112", "Điều 112 Bộ luật Lao động 2019"),
        ("Luật Khiếu nại 2011 art. 28", "Điều 28 Luật Khiếu nại 2011"),
        (
            "148/QĐ-TTg as amended by 1489/QĐ-TTg",
            "Quyết định 148/QĐ-TTg, sửa đổi bởi Quyết định 1489/QĐ-TTg",
        ),
        ("no limit found in 148/QĐ-TTg", "Chưa thấy thời hạn trong Quyết định 148/QĐ-TTg"),
        ("15/2026/QĐ-UBND", "Quyết định 15/2026/QĐ-UBND"),
        ("Sổ của tỉnh", "Sổ của tỉnh"),
        ("", ""),
    ],
)
def test_a_source_is_cited_as_vietnamese_law_is(source: str, vietnamese: str) -> None:
    """The smallest place first: khoản, Điều, then the decision (Decree 30/2020 annex I on citing documents)."""
    assert cited(source, "vi") == vietnamese
    assert cited(source, "en") == source


def sources(node: Any) -> Iterator[str]:
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and isinstance(node.get("source"), str):
        yield node["source"]
    for each in below:
        yield from sources(each)


def test_every_source_of_the_shipped_law_is_told_in_vietnamese() -> None:
    """Nothing in English is left on a Vietnamese screen; a new remark goes into SOURCE_LABELS and the catalogue."""
    files = [path for path in WORKFLOWS.rglob("*.yaml") if path.parent.name not in ("seeds", "demo")]
    found = {source for path in files for source in sources(yaml.safe_load(path.read_text(encoding="utf-8")))}
    assert len(found) > 100
    assert [source for source in sorted(found) if ENGLISH.search(cited(source, "vi"))] == []
