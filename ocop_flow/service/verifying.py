"""The signed code of a certificate: made for printing, checked against the record or, offline, against a known key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import certificate_code, note
from ocop_flow.domain.certificate_code import Claim, Code
from ocop_flow.errors import Reason, Refused, reason
from ocop_flow.service.certificates import find, shown

if TYPE_CHECKING:
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: Whether a key signed exactly these bytes: (public key, bytes, signature).
Verify = Callable[[bytes, bytes, bytes], bool]
#: (name of the log, public key) of every key that is trusted.
Keys = Sequence[tuple[str, bytes]]
#: Standings in which a certificate may be shown as good.
IN_FORCE = ("valid", "re_rating_window", "grace")


def code(uow: UnitOfWork, office: Office, number: str) -> Json:
    """The signed code of a certificate that is in force.

    raises  NotFound, Refused (revoked, replaced, ended), Unavailable (no key ring)
    """
    seen = shown(uow, find(uow, number), office.today)
    if seen["status"] not in (*IN_FORCE, "unknown"):
        raise Refused(reason("certificate_not_in_force", number=seen["number"], status=seen["status"]))
    return {"number": seen["number"], **signed(office, seen)}


def signed(office: Office, seen: Json) -> Json:
    """The code of a certificate as ``certificate show`` has it, the key's id and the key as it is published.

    raises  Unavailable (no key ring)
    """
    issuer = seen["issuer"] or {"name": None, "code": None}
    parts = {name: seen[name] for name in Claim._fields if name in seen and name != "issuer"}
    claim = Claim(**parts, issuer=issuer["name"], issuer_code=issuer["code"], log=office.log)
    signature = office.signer.sign(certificate_code.signed_bytes(claim))
    hash_ = note.key_hash(office.log, signature.key.public)
    return {
        "code": certificate_code.render(claim, hash_, signature.signature),
        "key": signature.key.id,
        "verifier_key": note.verifier_key(office.log, signature.key.public),
    }


def checked(text: str, keys: Keys, verify: Verify) -> tuple[Json, tuple[Reason, ...]]:
    """What a code says and whether a known key signed it: no record is asked.

    returns  the document of ``certificate verify`` without the standing of today, and what is wrong with the code
    """
    try:
        found = certificate_code.parse(text)
    except ValueError:
        return _answer(None, None), (reason("code_altered"),)
    known = [(name, key) for name, key in keys if note.key_hash(name, key) == found.key_hash]
    if not known:
        return _answer(found, None), (reason("code_key_unknown", log=found.claim.log, key=found.key_hash.hex()),)
    signer = next((each for each in known if verify(each[1], found.signed, found.signature)), None)
    if signer is None or signer[0] != found.claim.log:
        return _answer(found, None), (reason("code_forged", number=found.claim.number),)
    return _answer(found, note.verifier_key(*signer)), ()


def _answer(found: Code | None, signed_by: str | None) -> Json:
    return {
        "ok": signed_by is not None,
        "number": found.claim.number if found else None,
        "signed_by": signed_by,
        "said": found.claim._asdict() if found else None,
        "status": None,
        "in_force": None,
        "certificate": None,
        "differences": [],
    }


def against_record(uow: UnitOfWork, office: Office, text: str) -> tuple[Json, tuple[Reason, ...]]:
    """A code, or a certificate's number, against the record of today.

    raises  NotFound for a number that is none
    """
    if text.strip().upper().startswith(certificate_code.PREFIX + "."):
        keys = [(office.log, key.public) for key in office.signer.public_keys()]
        answer, wrong = checked(text, keys, office.signer.verify)
        return (answer, wrong) if wrong else _standing(uow, office, answer, answer["number"])
    row = find(uow, text)
    return _standing(uow, office, {**_answer(None, None), "ok": True, "number": row["number"]}, row["number"])


def _standing(uow: UnitOfWork, office: Office, answer: Json, number: str) -> tuple[Json, tuple[Reason, ...]]:
    rows = uow.rows("certificate", number=number)
    if not rows:
        return {**answer, "ok": False}, (reason("code_without_record", number=number),)
    seen = shown(uow, rows[0], office.today)
    said = answer["said"] or {}
    now = {**seen, "issuer": (seen["issuer"] or {}).get("name"), "issuer_code": (seen["issuer"] or {}).get("code")}
    differs = [
        {"field": name, "said": value, "now": now[name]}
        for name, value in said.items()
        if name in now and now[name] != value
    ]
    standing = {"status": seen["status"], "in_force": seen["status"] in IN_FORCE}
    return {**answer, **standing, "certificate": seen, "differences": differs}, ()
