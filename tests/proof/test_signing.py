"""The key ring and signed notes."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_flow import signing
from ocop_flow.domain import note
from ocop_flow.errors import Unavailable
from ocop_flow.signing import KeyRing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.office import Office

DAY, NEXT = date(2026, 6, 1), date(2027, 6, 1)
#: The example of the C2SP signed-note document.
EXAMPLE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    made = KeyRing(tmp_path / "ocop.db.keys")
    made.begin(DAY)
    return made


def test_the_example_of_the_specification_is_read_and_its_signature_holds() -> None:
    """C2SP signed-note, and golang.org/x/mod/sumdb/note, both show this note and key."""
    read = note.parse(EXAMPLE)
    name, public = note.parse_key(EXAMPLE_KEY)
    assert read.signatures[0].name == name
    assert read.signatures[0].key_hash == note.key_hash(name, public)
    assert signing.verify(public, read.text.encode(), read.signatures[0].value)
    assert note.render(read.text, read.signatures) == EXAMPLE
    assert note.verifier_key(name, public) == EXAMPLE_KEY


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "no signature\n",
        EXAMPLE.replace("— P", "- P"),
        EXAMPLE.replace("Peter", "Pe ter"),
        EXAMPLE.replace("AM=", "AN="),
        EXAMPLE[:-1],
        EXAMPLE + "\n",
        EXAMPLE.replace("x08go", ""),
    ],
)
def test_a_note_in_any_other_form_is_refused(broken: str) -> None:
    """One note has one spelling: base64 whose spare bits are not zero is another."""
    with pytest.raises(ValueError, match="not a sign"):
        note.parse(broken)


def test_what_one_key_signed_another_did_not(ring: KeyRing) -> None:
    """Any other text, signature or key is told apart."""
    signed = ring.sign(b"text")
    assert ring.verify(signed.key.public, b"text", signed.signature)
    assert not ring.verify(signed.key.public, b"texts", signed.signature)
    assert not ring.verify(signed.key.public, b"text", bytes(64))
    other = ring.rotate(NEXT)
    assert not ring.verify(other.public, b"text", signed.signature)


def test_a_retired_key_stays_for_checking_and_signs_no_more(ring: KeyRing) -> None:
    """Its days are kept; signing with it after them is what verification calls stale_key."""
    (first,) = ring.public_keys()
    second = ring.rotate(NEXT)
    kept = ring.public_keys()
    assert [(key.id, key.created_on, key.retired_on) for key in kept] == [
        (first.id, DAY, NEXT),
        (second.id, NEXT, None),
    ]
    assert ring.sign(b"x").key == second


def test_nobody_but_the_owner_may_read_the_ring(ring: KeyRing) -> None:
    """Mode 600 when made; opened to others it is refused until that is put right."""
    assert ring.path.stat().st_mode & 0o777 == 0o600
    ring.path.chmod(0o644)
    with pytest.raises(Unavailable):
        ring.sign(b"x")


@pytest.mark.parametrize("text", ["", "{}", '{"v": 2, "keys": []}', '{"v": 1, "keys": [{}]}', '{"v": 1, "keys": 1}'])
def test_a_ring_that_cannot_be_read_is_told(ring: KeyRing, text: str) -> None:
    """It is never taken for an empty one, over which a new key would be written."""
    ring.path.write_text(text, encoding="utf-8")
    with pytest.raises(Unavailable):
        ring.begin(DAY)


def test_a_key_whose_public_half_was_exchanged_is_told(ring: KeyRing) -> None:
    """The id is the digest of the public key."""
    document = json.loads(ring.path.read_text(encoding="utf-8"))
    document["keys"][0]["public"] = "A" * 43 + "="
    ring.path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(Unavailable):
        ring.public_keys()


def test_a_missing_ring_has_no_keys_and_signs_nothing(tmp_path: Path) -> None:
    """A database that was copied without its ring can be read, not signed for."""
    ring = KeyRing(tmp_path / "none.keys")
    assert ring.public_keys() == ()
    with pytest.raises(Unavailable):
        ring.sign(b"x")


def test_init_makes_a_key_and_an_administrator_renews_it(office: Office) -> None:
    """Anyone may see the public keys; only an administrator makes a new one."""
    (first,) = office.do("audit", "key", "list")
    officer = office.holder("officer", "12103")
    office.refuses(3, "audit", "key", "rotate", who=officer)
    second = office.do("audit", "key", "rotate", who="admin")
    kept, new = office.do("audit", "key", "list")
    assert (kept["id"], kept["retired_on"], new) == (first["id"], "2026-06-01", second)
    assert note.parse_key(new["verifier_key"])[0].startswith("ocop_flow/")
