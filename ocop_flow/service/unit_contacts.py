"""Mailboxes of units: an administrator sets any, an officer or leader that of the own unit."""

from __future__ import annotations

from typing import Any

from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import in_post
from ocop_flow.errors import Refused
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import desk, unit_on
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.people import admin_at_work, check_mail

Json = dict[str, Any]


def set_email(uow: UnitOfWork, office: Office, caller: Caller, code: str, email: str) -> Json:
    """The unit's mailbox from now on."""
    act = Act()
    unit = unit_on(uow, code, office.today)
    base = desk(uow, office, caller, act, uow.tree([unit.code]))
    who = in_post(("officer", "leader"), unit, office.today, base)
    if who.faults:
        try:
            admin_at_work(uow, office, caller, act)
        except Refused:
            raise Refused(*who.faults) from None
    address = check_mail(email)
    uow.execute("DELETE FROM unit_contact WHERE code = :code", code=unit.code)
    uow.execute("INSERT INTO unit_contact (code, email) VALUES (:code, :email)", code=unit.code, email=address)
    return {"unit": unit.name, "code": unit.code, "email": address}
