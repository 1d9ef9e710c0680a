"""Every document that ``--json`` prints is held to ``contract.schema.yaml`` (DESIGN section 7).

Fields may be added, never removed or renamed; on a failing exit the document is ``error``.
"""

from __future__ import annotations

import json
from datetime import datetime
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ocop_flow.cli import ALIASES, COMMANDS
from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.office import Json, Office, ocop

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.both_databases
COMMUNE, PROVINCE = "12103", "33"
SCHEMA: Json = yaml.safe_load(Path(__file__).with_name("contract.schema.yaml").read_text(encoding="utf-8"))
#: YAML 1.1 reads ``on`` as true; the schema file quotes it. A loader's slip would hide a required field.
assert "on" in SCHEMA["$defs"]["plan status"]["required"]


@pytest.fixture(scope="module")
def desk(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One office with a history of every kind of act, for all readings of this file."""
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("contract")))
    office.walk(office.open(COMMUNE, "Cà phê hạng năm", track="existing_product"), "promotion", stars=5)
    office.walk(office.open(COMMUNE, "Cà phê hạng bốn", track="new_product"), "promotion", stars=4)
    low = office.open(COMMUNE, "Cà phê hạng hai", track="existing_product")
    office.walk(low, "rating", stars=2)
    office.take(low, "not_recognise")
    office.take(office.open(COMMUNE, "Cà phê trả lại", track="existing_product"), "return_for_supplement")
    office.take(office.open(COMMUNE, "Cà phê rút", track="new_product"), "withdraw")
    undone = office.open(COMMUNE, "Cà phê hoàn tác", track="existing_product")
    office.take(undone, "return_for_supplement")
    office.do("undo", undone, who=office.holder("officer", COMMUNE))
    office.do("fix", undone, "product", "Cà phê sửa tên", "--reason", "gõ nhầm", who=office.holder("officer", COMMUNE))
    return office


@pytest.fixture(scope="module")
def dossiers(desk: Office) -> list[str]:
    return [item["code"] for item in desk.do("dossier", "list")]


# --- reading ---------------------------------------------------------------------------------------------------------


def test_the_list_and_every_dossier_in_every_language(desk: Office, dossiers: list[str]) -> None:
    """JSON keys, states and actions never change with the language."""
    held(desk.do("dossier", "list"), "dossier list")
    for code in dossiers:
        english = desk.ask("dossier", "show", code, lang="en").document
        vietnamese = desk.ask("dossier", "show", code, lang="vi").document
        held(english, "dossier show")
        held(vietnamese, "dossier show")
        labels = {name for name in english if name.endswith("_label")}
        assert {k: v for k, v in english.items() if k not in labels} == {
            k: v for k, v in vietnamese.items() if k not in labels
        }
        held(desk.do("dossier", "show", code, "--as-of", desk.day), "dossier show")


def test_actions_with_and_without_all_and_with_and_without_a_caller(desk: Office, dossiers: list[str]) -> None:
    """Without ``--all`` those whose role the caller holds at the holding unit, allowed or not."""
    callers = [None, "admin", desk.holder("officer", COMMUNE), desk.holder("leader", PROVINCE)]
    for code in dossiers:
        everything = desk.do("dossier", "actions", code, "--all")
        held(everything, "dossier actions")
        for who in callers:
            own = desk.do("dossier", "actions", code, who=who)
            held(own, "dossier actions")
            assert {item["action"] for item in own} <= {item["action"] for item in everything}
        assert desk.do("dossier", "actions", code, who="admin") == []


def test_histories_and_replays(desk: Office, dossiers: list[str]) -> None:
    for code in dossiers:
        events = desk.do("dossier", "history", code)
        held(events, "dossier history")
        for item in events:
            assert datetime.fromisoformat(item["recorded_at"]).tzinfo is not None
        replayed = desk.do("audit", "replay", code)
        held(replayed, "audit replay")
        held(replayed["view"], "dossier show")
        assert replayed["events"] == events
        first = desk.do("audit", "replay", code, "--to", "1")
        held(first, "audit replay")
        assert len(first["events"]) == 1
        moment = events[0]["recorded_at"]
        held(desk.do("audit", "replay", code, "--at", desk.day, "--known-at", moment), "audit replay")


def test_inboxes(desk: Office) -> None:
    for who in (desk.holder("officer", COMMUNE), desk.holder("leader", PROVINCE)):
        held(desk.do("inbox", who=who), "inbox")
    held(desk.do("inbox", "--unit", COMMUNE, who="admin"), "inbox")


@pytest.mark.parametrize(
    ("code", "day"),
    [("12103", "2025-06-30"), ("12103", "2026-06-01"), ("328", "2020-01-01"), ("33", "2026-06-01"), ("central", None)],
)
def test_units(desk: Office, code: str, day: str | None) -> None:
    held(desk.do("unit", "show", code, *(["--on", day] if day else [])), "unit show")


def test_certificates(desk: Office) -> None:
    found = desk.do("certificate", "list")
    held(found, "certificate list")
    assert {item["stars"] for item in found} == {4, 5}
    held(desk.do("certificate", "list", "--ending", "40m"), "certificate list")
    for item in found:
        held(desk.do("certificate", "show", item["number"]), "certificate show")
        held(desk.do("certificate", "show", item["number"], "--on", "2031-01-01"), "certificate show")


def test_deadlines(desk: Office, dossiers: list[str]) -> None:
    found = desk.do("deadline", "list")
    held(found, "deadline list")
    assert found
    for item in found:
        held(desk.do("deadline", "explain", item["id"]), "deadline explain")
    for options in (["--dossier", dossiers[0]], ["--unit", PROVINCE], ["--status", "open"], ["--on", "2027-01-01"]):
        held(desk.do("deadline", "list", *options), "deadline list")


def test_verifying(desk: Office) -> None:
    held(desk.do("audit", "verify"), "audit verify")


def test_the_auditors_commands(desk: Office, dossiers: list[str], tmp_path: Path) -> None:
    """What an auditor's own programs read: verdicts, differences, heads, bundles, samples, what was withheld."""
    judged = desk.ask("audit", "conformance").document
    held(judged, "audit conformance")
    assert judged["beside"] > 0
    held(desk.do("audit", "diff", dossiers[0], "1", "now"), "audit diff")
    held(desk.do("audit", "story", dossiers[0], "--out", str(tmp_path / "story.html")), "audit story")
    head = tmp_path / "head"
    made = desk.do("audit", "checkpoint", "--out", str(head), who="admin")
    held(made, "audit checkpoint")
    assert made["new"]
    held(desk.do("audit", "checkpoint", who="admin"), "audit checkpoint")
    held(desk.do("audit", "import-head", str(head), who="admin"), "audit import-head")
    held(desk.do("audit", "verify", "--code", made["code"]), "audit verify")
    held(desk.do("audit", "prove", str(head), made["code"]), "audit prove")
    bundle = ["--bundle", str(tmp_path / "bundle.zip")]
    held(desk.do("audit", "export", dossiers[0], *bundle, who="admin"), "audit export")
    drawn = desk.do("audit", "sample", "--n", "1", "--by", "stars,commune", "--seed", "S", *bundle, who="admin")
    held(drawn, "audit sample")
    assert drawn["bundle"]["head"]["size"] >= made["size"]


@pytest.mark.parametrize("regime", ["qd_1048_2019", "qd_148_2023", "qd_1489_2025", "qd_26_2026"])
def test_ratings(desk: Office, regime: str) -> None:
    """Exact numbers are strings that ``Fraction`` reads."""
    for words in (["--parts", "20,20,20.5"], ["--mean", "85.7"], ["--mean", "257/3"]):
        found = desk.do("rating", "check", "--regime", regime, *words)
        held(found, "rating check")
        assert Fraction(found["total"]) >= 0
    file = str(files("ocop_flow.workflows") / f"{regime}.yaml")
    held(desk.do("workflow", "lint", file), "workflow lint")


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def watched(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose every command is held to the contract, whatever it is asked for."""
    known = sorted(SCHEMA["$defs"], key=len, reverse=True)
    ask: Callable[..., Any] = Office.ask

    def checked(self: Office, *words: str, **options: Any) -> Any:
        answer = ask(self, *words, **options)
        if answer.exit not in (0, 1):
            held(answer.document, "error")
            return answer
        name = next((each for each in known if " ".join(words).startswith(each)), None)
        if name is not None:
            held(answer.document, name)
        return answer

    monkeypatch.setattr(Office, "ask", checked)
    return office


def test_every_command_on_the_way_to_five_stars(watched: Office) -> None:
    """open, attach, advance, council create|member|convene|score|close, unit show, dossier actions and show."""
    assert (
        watched.walk(watched.open(COMMUNE, "Cà phê", track="new_product"), "promotion", stars=5) == "promotion.active"
    )


def test_declaring_certificates(watched: Office) -> None:
    """A row without number, commune or exact day is ``unreconciled``."""
    province = watched.holder("officer", PROVINCE)
    words = ["--product", "Trà", "--entity", "HTX số 9", "--entity-kind", "cooperative"]
    words += ["--stars", "3", "--source", "Sổ theo dõi"]
    full = ["--number", "77/GCN-OCOP", "--commune", COMMUNE, "--issued-on", "2025-08-01", "--decision", "9/QĐ-UBND"]
    assert watched.do("certificate", "declare", *words, *full, who=province)["unreconciled"] is False
    assert watched.do("certificate", "declare", *words, "--issuer", PROVINCE, who=province)["unreconciled"] is True


def test_a_batch_is_an_array_of_lines(office: Office, tmp_path: Path) -> None:
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    file = tmp_path / "moves.csv"
    file.write_text(f"dossier,action,reason\n{dossier},return_for_supplement,x\n{dossier},fly,x\n", encoding="utf-8")
    answer = office.ask("advance", "--batch", str(file), who=office.holder("officer", COMMUNE))
    assert answer.exit == 1
    held(answer.document, "advance batch")
    held(answer.document[0]["result"], "advance")
    held(answer.document[1]["error"], "error")


@pytest.mark.parametrize(
    ("exit_code", "words"),
    [
        (2, ["dossier", "open"]),
        (2, ["dossier", "show", "1", "--colour"]),
        (2, ["deadline", "list", "--on", "31/2/2026"]),
        (2, ["rating", "check", "--regime", "provincial_provisional", "--mean", "80"]),
        (2, ["rating", "check", "--regime", "qd_0", "--mean", "80"]),
        (3, ["advance", "HS-2026-1", "withdraw", "--reason", "x"]),
        (4, ["dossier", "show", "HS-2026-999999"]),
        (4, ["unit", "show", "99999"]),
        (4, ["unit", "show", "328", "--on", "2026-01-01"]),
        (4, ["certificate", "show", "CN-2000-000001"]),
        (4, ["deadline", "explain", "nothing"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_failing_exit_prints_the_error_document(office: Office, exit_code: int, words: list[str], lang: str) -> None:
    answer = office.ask(*words, lang=lang)
    assert answer.exit == exit_code, answer.out + answer.err
    held(answer.document, "error")


def test_a_database_that_is_not_there_prints_the_error_document(tmp_path: Path) -> None:
    answer = ocop("dossier", "list", "--db", str(tmp_path / "absent.db"), "--json")
    assert answer.exit == 6
    held(answer.document, "error")


def test_json_is_one_document_and_nothing_else_on_stdout(desk: Office) -> None:
    """Messages go to stderr."""
    for words in (["dossier", "list"], ["audit", "verify"], ["certificate", "list"], ["person", "list"], ["doctor"]):
        answer = desk.ask(*words)
        assert answer.exit == 0
        json.loads(answer.out)
        assert "\x1b" not in answer.out


# --- the shape of the program ----------------------------------------------------------------------------------------


def test_the_vietnamese_names_of_commands_are_those_of_the_contract() -> None:
    """``viec`` inbox, ``hoso`` dossier, … as DESIGN section 7 lists them; later commands have further names."""
    agreed = {
        "viec": "inbox",
        "hoso": "dossier",
        "xuly": "advance",
        "dinhkem": "attach",
        "tra": "search",
        "han": "deadline",
        "nhac": "remind",
        "hoidong": "council",
        "chungnhan": "certificate",
        "quyetdinh": "decision",
        "kehoach": "plan",
        "baocao": "report",
        "kiemtoan": "audit",
    }
    assert agreed.items() <= ALIASES.items()
    assert set(ALIASES.values()) <= COMMANDS.keys()


def test_attach_is_also_a_verb_of_dossier(office: Office) -> None:
    """``ocop dossier attach`` and ``ocop attach`` are the same (DESIGN section 7)."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    officer = office.holder("officer", COMMUNE)
    assert office.do("dossier", "attach", dossier, "--kind", "sample", who=officer)["attached"][0]["have"] == 1
    assert office.do("attach", dossier, "--kind", "sample", who=officer)["attached"][0]["have"] == 2


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_command_that_is_there_has_help(name: str, lang: str) -> None:
    answer = ocop(name, "--help", "--lang", lang)
    assert answer.exit == 0, answer.out + answer.err
    assert len(answer.out) > 100
