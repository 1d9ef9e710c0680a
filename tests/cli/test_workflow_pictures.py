"""A regime explained, compared and drawn: officials read it, modellers open it."""

from __future__ import annotations

import re
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.contract import held
from tests.cli.office import Json, Office, ocop

if TYPE_CHECKING:
    from collections.abc import Iterator

MY_HAO = "12103"
REGIMES = ("provincial_provisional", "qd_1048_2019", "qd_148_2023", "qd_1489_2025", "qd_26_2026")
EachRegime = pytest.mark.parametrize("regime", REGIMES)
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"


@pytest.fixture(scope="module")
def pictures(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One office for all pictures: nothing here writes to it."""
    return Office(sandbox_database)


def drawn(office: Office, *words: str, lang: str = "en") -> str:
    answer = ocop("workflow", "diagram", *words, "--db", str(office.db), now="2026-06-01T10:00:00+07:00", lang=lang)
    assert answer.exit == 0, answer.out + answer.err
    return answer.out


def shown(office: Office, regime: str) -> Json:
    found: Json = office.do("workflow", "show", regime)
    return found


def _moves(document: Json) -> set[tuple[str, str]]:
    """(from, to) of every action, spelled out from the file: a phase in ``from`` means all its states."""
    states = [state["id"] for state in document["states"]]
    return {
        (state, action["to"])
        for action in document["actions"]
        for state in states
        if state in action["from"] or state.partition(".")[0] in action["from"]
    }


@EachRegime
def test_a_mermaid_picture_has_every_state_and_every_move(pictures: Office, regime: str) -> None:
    document = shown(pictures, regime)
    text = drawn(pictures, regime, "--format", "mermaid")
    found = set(re.findall(r"^  (\w+) --> (\w+) :", text, flags=re.MULTILINE))
    assert found == {(a.replace(".", "_"), b.replace(".", "_")) for a, b in _moves(document)}
    for state in document["states"]:
        assert f" as {state['id'].replace('.', '_')}\n" in text


def test_bpmn_pictures_are_read_by_an_independent_reader(pictures: Office, tmp_path: Path) -> None:
    """BPMN 2.0 with its layout: PM4Py finds every open state as a task, and no node without a flow."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pm4py
    for regime in REGIMES:
        path = tmp_path / f"{regime}.bpmn"
        path.write_text(drawn(pictures, regime, "--format", "bpmn", lang="vi"), encoding="utf-8")
        graph = pm4py.read_bpmn(str(path))
        nodes = {node for node in graph.get_nodes() if node.get_id() not in ("pool", "collaboration")}
        states = [state for state in shown(pictures, regime)["states"] if not state["id"].startswith("closed.")]
        assert {state["label"]["vi"] for state in states} <= {node.get_name() for node in nodes}
        assert {node for flow in graph.get_flows() for node in (flow.get_source(), flow.get_target())} == nodes


def _shapes(root: ET.Element) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    for shape in root.iter(f"{DI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        assert bounds is not None
        x, y, width, height = (float(bounds.attrib[name]) for name in ("x", "y", "width", "height"))
        yield shape.attrib["bpmnElement"], (x, y, width, height)


@EachRegime
def test_every_box_of_a_bpmn_picture_has_a_place_of_its_own_in_its_lane(pictures: Office, regime: str) -> None:
    """No two boxes cover each other, each stands inside its lane, every flow is drawn."""
    root = ET.fromstring(drawn(pictures, regime, "--format", "bpmn"))
    places = dict(_shapes(root))
    lanes = {lane.attrib["id"]: [ref.text or "" for ref in lane] for lane in root.iter(f"{BPMN}lane")}
    for lane, members in lanes.items():
        _, top, _, height = places[lane]
        for member in members:
            assert top <= places[member][1] <= places[member][1] + places[member][3] <= top + height
    boxes = [places[member] for members in lanes.values() for member in members]
    for index, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[:index]:
            apart = x >= other_x + other_width or other_x >= x + width
            assert apart or y >= other_y + other_height or other_y >= y + height
    flows = {flow.attrib["id"] for flow in root.iter(f"{BPMN}sequenceFlow")}
    assert {edge.attrib["bpmnElement"] for edge in root.iter(f"{DI}BPMNEdge")} == flows


def test_a_graphviz_picture_has_the_lanes_of_the_tiers(pictures: Office) -> None:
    text = drawn(pictures, "qd_148_2023", "--format", "dot")
    assert [f"cluster_{tier}" in text for tier in ("commune", "district", "province", "central")] == [True] * 4
    assert "cluster_district" not in drawn(pictures, "qd_26_2026", "--format", "dot")


def test_the_way_of_a_dossier_and_the_number_of_dossiers_are_drawn_on_it(office: Office) -> None:
    """The states it came to carry the days, the moves it made are drawn strongly; else each state its number."""
    dossier = office.open(MY_HAO, "Cà phê", track="existing_product")
    office.take(dossier, "return_for_supplement")
    text = drawn(office, "qd_26_2026", "--format", "mermaid", "--dossier", dossier)
    assert "Supplement for the commune [1/6/2026]" in text
    assert re.findall(r"^  class (\w+) marked", text, flags=re.MULTILINE) == [
        "registration_intake",
        "registration_supplement",
    ]
    counted = drawn(office, "qd_26_2026", "--format", "dot", "--counts")
    assert "Supplement for the commune [1]" in counted
    assert office.ask("workflow", "diagram", "qd_1489_2025", "--dossier", dossier).exit == 3


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_state_is_explained_in_plain_words(pictures: Office, lang: str) -> None:
    """26/2026/QĐ-TTg art. 5: the commune handles a dossier within 15 working days of receiving it."""
    words = ("workflow", "explain", "registration.intake", "--regime", "qd_26_2026", "--db", str(pictures.db))
    answer = ocop(*words, now="2026-06-01T10:00:00+07:00", lang=lang)
    assert answer.exit == 0, answer.out + answer.err
    said = {
        "vi": ("15 ngày làm việc", "Đề nghị UBND cấp tỉnh đánh giá", "Điều 5 Quyết định 26/2026/QĐ-TTg"),
        "en": ("15 working days", "Propose to the", "26/2026/QĐ-TTg art. 5"),
    }
    for piece in said[lang]:
        assert piece in answer.out


@EachRegime
def test_every_state_of_every_regime_can_be_explained(pictures: Office, regime: str) -> None:
    for state in shown(pictures, regime)["states"]:
        found = pictures.do("workflow", "explain", state["id"], "--regime", regime)
        held(found, "workflow explain")
        assert (found["state"], found["tier"]) == (state["id"], state.get("tier"))
        assert bool(found["actions"]) != state["id"].startswith("closed.")


def test_an_unknown_state_is_named_with_the_known_ones(pictures: Office) -> None:
    assert pictures.refuses(4, "workflow", "explain", "district_council", "--regime", "qd_26_2026") == ["state_absent"]


def changes(office: Office, old: str, new: str) -> list[Json]:
    found: list[Json] = held(office.do("workflow", "diff", old, new), "workflow diff")["changes"]
    return found


def test_1489_differs_from_148_by_the_district(pictures: Office) -> None:
    """1489/QĐ-TTg deletes point b (district) of annex II: its states go, the commune receives, 3 stars move up."""
    found = changes(pictures, "qd_148_2023", "qd_1489_2025")
    removed = {item["id"] for item in found if item["section"] == "states" and item["change"] == "removed"}
    assert {"evaluation.district_check", "evaluation.district_council", "rating.district_decision"} <= removed
    by_place = {(item["section"], item["id"], item["field"]): item for item in found}
    assert by_place[("receives", "receives", "tiers")]["after"] == ["commune"]
    band = by_place[("bands", "stars_3", "recognised_by")]
    assert (band["before"], band["after"]) == ("district", "province")
    assert ("certificate", "certificate", "months") not in by_place


def test_26_differs_from_1489_by_its_criteria_limits_and_rounds(pictures: Office) -> None:
    """26/2026/QĐ-TTg: 26 sets with 787 scored criteria, 15 working days at the commune, two rounds a year."""
    found = changes(pictures, "qd_1489_2025", "qd_26_2026")
    sets = [item for item in found if item["section"] == "criteria" and item["change"] == "added"]
    assert len(sets) == 26
    assert sum(item["after"]["scored"] for item in sets) == 787
    limits = {item["id"]: item for item in found if item["section"] == "limits"}
    assert limits["commune_handling"]["after"]["period"] == {"working_days": 15}
    assert sum(item["change"] == "added" for item in found if item["section"] == "rounds") == 4


def test_a_file_and_a_hash_can_be_compared_with_a_regime(pictures: Office) -> None:
    """A province's own file is compared as the law it makes; the same law by its hash differs in nothing."""
    digest = next(row["workflow_hash"] for row in pictures.do("workflow", "list") if row["id"] == "qd_26_2026")
    assert changes(pictures, "qd_26_2026", digest[:16]) == []
    own = Path(__file__).parents[2] / "workflows" / "overlays" / "example_province.yaml"
    found = changes(pictures, "qd_26_2026", str(own))
    assert {item["change"] for item in found} == {"changed"}
    assert "parameters" in {item["section"] for item in found}
    assert pictures.refuses(4, "workflow", "diff", "qd_26_2026", "nothing") == ["workflow_absent"]
