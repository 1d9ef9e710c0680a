"""An upgrade or re-rating starts from the previous dossier's entity, product and evidence (DESIGN section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import copied
from tests.cli.office import Json, Office

if TYPE_CHECKING:
    from pathlib import Path

COMMUNE, PROVINCE = "12103", "33"
NUMBER = "1/GCN"
KINDS = ["upgrade", "re_rating"]


@pytest.fixture(scope="module")
def made(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A certificate of three stars until 20 November 2026: 172 days after the day of the office."""
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("previous")))
    words = ["--product", "Trà hoa sen", "--entity", "HTX Phố Nối", "--entity-kind", "cooperative", "--stars", "3"]
    words += ["--number", NUMBER, "--commune", COMMUNE, "--issued-on", "2023-11-20", "--valid-to", "2026-11-20"]
    office.do("certificate", "declare", *words, "--source", "Sổ của tỉnh", who=office.holder("officer", PROVINCE))
    office.holder("officer", COMMUNE)
    office.holder("leader", PROVINCE)
    return office


@pytest.fixture
def office(made: Office, tmp_path: Path) -> Office:
    return Office(copied(made.db, tmp_path), people=dict(made.people))


def words(kind: str, product: str = "Trà hoa sen", entity: str = "HTX Phố Nối", number: str = NUMBER) -> list[str]:
    named = ["dossier", "open", "--commune", COMMUNE, "--product", product, "--entity", entity]
    named += ["--entity-kind", "cooperative", "--product-set", "herbal_plant_tea", "--kind", kind]
    return [*named, "--track", "existing_product", "--previous", number]


def opened(office: Office, *typed: str) -> list[str]:
    """Codes of the warnings of an opening that goes through."""
    answer: Json = office.do(*typed, who=office.holder("officer", COMMUNE))
    return [each["code"] for each in answer["warnings"] if each["code"].startswith("previous")]


def refused(office: Office, exit_code: int, *typed: str) -> list[str]:
    return office.refuses(exit_code, *typed, who=office.holder("officer", COMMUNE))


@pytest.mark.parametrize("kind", KINDS)
def test_the_certificate_of_another_entity_is_refused_that_of_another_product_told(office: Office, kind: str) -> None:
    """An entity is another until a merge or transfer is recorded; a product may have a new name."""
    assert refused(office, 3, *words(kind, "Mật ong", "HTX Khác")) == ["previous_of_another_entity"]
    assert refused(office, 3, *words(kind, entity="HTX Khác")) == ["previous_of_another_entity"]
    assert opened(office, *words(kind, "Mật ong")) == ["previous_of_another_product"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("product", "entity"),
    [("Trà hoa sen", "HTX Phố Nối"), ("TRA HOA SEN", "htx pho noi"), ("trà  hoa sen", "Hợp tác xã Phố Nối")],
)
def test_the_same_names_however_typed_are_the_same(office: Office, kind: str, product: str, entity: str) -> None:
    """Case, diacritics, spaces and HTX for Hợp tác xã are no other entity or product."""
    assert opened(office, *words(kind, product, entity)) == []


def test_the_entity_may_be_named_by_its_code(office: Office) -> None:
    (code,) = [each["code"] for each in office.do("entity", "list")]
    assert opened(office, *words("upgrade", entity=code)) == []


def test_a_recorded_merge_rename_or_transfer_explains_another_name(office: Office) -> None:
    """Merge and rename are events; a certificate is handed to another entity by a decision (DESIGN section 4)."""
    officer = office.holder("officer", COMMUNE)
    (old,) = [each["code"] for each in office.do("entity", "list")]
    (product,) = [each["code"] for each in office.do("product", "list")]
    office.do("product", "rename", product, "Trà sen Phố Nối", who=officer)
    new = office.do("entity", "add", "HTX Mỹ Hào", "--kind", "cooperative", "--commune", COMMUNE, who=officer)["code"]
    assert refused(office, 3, *words("upgrade", entity="HTX Mỹ Hào")) == ["previous_of_another_entity"]
    office.do("entity", "merge", old, new, who=officer)
    assert opened(office, *words("upgrade", "Trà sen Phố Nối", "HTX Mỹ Hào")) == []


def test_after_a_transfer_the_new_holder_alone_starts_from_it(office: Office) -> None:
    signed = ["--decision", "9/QĐ-UBND", "--reason", "Hai bên thỏa thuận"]
    leader, officer = office.holder("leader", PROVINCE), office.holder("officer", COMMUNE)
    new = office.do("entity", "add", "HTX Mỹ Hào", "--kind", "cooperative", "--commune", COMMUNE, who=officer)["code"]
    office.do("certificate", "transfer", NUMBER, "--to", new, *signed, who=leader)
    assert opened(office, *words("upgrade", entity="HTX Mỹ Hào")) == []
    assert refused(office, 3, *words("upgrade")) == ["previous_of_another_entity"]


def test_a_first_rating_starts_from_no_certificate(office: Office) -> None:
    """A contradiction in what is typed: exit 2, as with any other option that does not fit the kind."""
    assert refused(office, 2, *words("first")) == ["previous_of_first"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_that_has_ended_warns(office: Office, kind: str) -> None:
    """No decision read says what follows an upgrade or re-rating of an ended one (DESIGN principle 10: it warns)."""
    office.day = "2026-12-01"
    assert opened(office, *words(kind)) == ["previous_not_in_force"]


def test_a_revoked_certificate_warns(office: Office) -> None:
    cause = ["--cause", "a", "--decision", "300/QĐ-UBND"]
    office.do("certificate", "revoke", NUMBER, *cause, who=office.holder("leader", PROVINCE))
    assert opened(office, *words("upgrade")) == ["previous_not_in_force"]


@pytest.mark.parametrize("typed", ["1/gcn", " 1 / GCN ", "“1/GCN”", "１/GCN"])
def test_the_number_of_the_earlier_certificate_is_read_as_certificate_show_reads_it(office: Office, typed: str) -> None:
    """Case, spaces and what a word processor makes of a number are forgiven, here as in every command."""
    opened(office, *words("upgrade", number=typed))
    assert office.show("1")["previous"] == NUMBER
    assert office.do("certificate", "show", typed)["number"] == NUMBER


def test_a_recognition_is_declared_with_the_name_of_its_product_set(office: Office) -> None:
    """In either language, as a line of a file has it; words that name no set are a fault and an id of 148 stands."""
    who = office.holder("officer", PROVINCE)
    rest = ["--entity", "HTX A", "--entity-kind", "cooperative", "--stars", "3", "--commune", COMMUNE, "--source", "Sổ"]
    sets = {"herbal_plant_tea": "herbal_plant_tea", "own_set_148": "own_set_148"}
    sets |= dict.fromkeys(("Cà phê, ca cao", "ca phe, ca cao", "Coffee, cacao"), "coffee_cacao")
    for number, (typed, code) in enumerate(sets.items()):
        named = ["certificate", "declare", "--product", f"Sản phẩm {number}", *rest, "--product-set", typed]
        assert office.do(*named, who=who)["product_set"] == code
    assert office.refuses(2, *named[:-1], "Chè gì đó", who=who) == ["product_set_named"]
