"""Reads the working rules that a council gave itself; ``workflows/schema/council_rules.schema.json`` describes them.

decision: 12/QĐ-HĐOCOP            # where another decision than that of the council set them
quorum: {share: [3, 4]}           # or 5, or {members: 5}
chair_present: true
spread_at_most: 10                # points between the highest and the lowest total
sittings: 2
substitutes_score: false
minima_by: each_member            # or mean
written_opinion: [re_rating]
round_ended: decision             # or result
"""

from __future__ import annotations

from typing import Any

from ocop_flow import i18n, schemafaults, yamlfile
from ocop_flow.domain.finding import Finding, finding
from ocop_flow.errors import InputInvalid, Reason, Text, reason

Document = dict[str, Any]


def read(data: bytes, name: str) -> Document:
    """The rules as the event that founds the council keeps them; the quorum is a mapping with one key.

    raises  InputInvalid with every fault and its line
    """
    located = yamlfile.read(data, name)
    found = schemafaults.findings("council_rules", located.data) or list(_meaning(located.data))
    if found:
        raise InputInvalid(*(_placed(each, located) for each in sorted(found, key=lambda f: located.line(f.path))))
    rules = {key: value for key, value in located.data.items() if key != "schema"}
    if isinstance(rules.get("quorum"), int):
        rules["quorum"] = {"members": rules["quorum"]}
    return rules


def _meaning(rules: Document) -> list[Finding]:
    quorum = rules.get("quorum")
    share = quorum.get("share") if isinstance(quorum, dict) else None
    if share and share[0] > share[1]:
        return [finding(("quorum", "share"), "lint_quorum_share", part=share[0], whole=share[1])]
    return []


def _placed(found: Finding, located: yamlfile.Located) -> Reason:
    vi, en = i18n.render(found.reason, "vi"), i18n.render(found.reason, "en")
    return reason(
        "council_rule_faulty",
        file=located.name,
        line=located.line(found.path),
        rule=str(found.path[0]) if found.path else "-",
        problem=Text(vi[0], en[0]),
        remedy=Text(vi[1], en[1]),
    )
