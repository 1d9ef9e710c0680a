"""Reads the layout of a table for another office; ``workflows/schema/export_layout.schema.json`` describes it.

rows: certificates                # or another of export_layout.FIELDS
only: {status: [valid]}
columns:
  - {title: STT, number: true}
  - {title: Chương trình, text: OCOP}
  - {title: Tên sản phẩm, field: product}
  - {title: Ngày cấp, field: issued_on, date: dd/mm/yyyy}
  - {title: Mã xã, field: commune.code, digits: 5}
"""

from __future__ import annotations

from ocop_flow import i18n, schemafaults, yamlfile
from ocop_flow.domain.export_layout import Layout, faults, layout_of
from ocop_flow.domain.finding import Finding
from ocop_flow.errors import InputInvalid, Reason, Text, reason


def read(data: bytes, name: str) -> Layout:
    """The layout; raises InputInvalid with every fault and its line."""
    located = yamlfile.read(data, name)
    wrong = schemafaults.findings("export_layout", located.data) or list(faults(located.data))
    if wrong:
        raise InputInvalid(*(_placed(each, located) for each in sorted(wrong, key=lambda f: located.line(f.path))))
    return layout_of(located.data)


def _placed(found: Finding, located: yamlfile.Located) -> Reason:
    vi, en = i18n.render(found.reason, "vi"), i18n.render(found.reason, "en")
    return reason(
        "export_layout_faulty",
        file=located.name,
        line=located.line(found.path),
        problem=Text(vi[0], en[0]),
        remedy=Text(vi[1], en[1]),
    )
