"""The office's signing keys: shown to anyone, changed by an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.domain import note
from ocop_flow.domain.commands import Act
from ocop_flow.service.people import admin_at_work

if TYPE_CHECKING:
    from ocop_flow.ports import PublicKey
    from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]


def listed(office: Office) -> list[Json]:
    """Every key, oldest first, with the line that is published so that others can check signatures."""
    return [_shown(office, key) for key in office.signer.public_keys()]


def rotate(office: Office, caller: Caller) -> Json:
    """A new key signs from now on; the one before it stays for checking what it signed."""
    with office.reader() as uow:
        admin_at_work(uow, office, caller, Act())
    return _shown(office, office.signer.rotate(office.today))


def _shown(office: Office, key: PublicKey) -> Json:
    return {
        "id": key.id,
        "created_on": key.created_on.isoformat(),
        "retired_on": key.retired_on.isoformat() if key.retired_on else None,
        "verifier_key": note.verifier_key(office.log, key.public),
    }
