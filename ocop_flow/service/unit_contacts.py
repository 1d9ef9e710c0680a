"""Mailboxes and telephones of units: an administrator sets any, an officer or leader that of the own unit."""

from __future__ import annotations

from typing import Any

from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import in_post
from ocop_flow.errors import InputInvalid, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import desk, unit_on
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.people import admin_at_work, check_mail
from ocop_flow.service.registry import check_phone

Json = dict[str, Any]


def set_contact(
    uow: UnitOfWork, office: Office, caller: Caller, code: str, email: str | None = None, phone: str | None = None
) -> Json:
    """The unit's mailbox and telephone from now on; None leaves what is recorded.

    raises  InputInvalid where there is no mailbox yet and none is given: reminders go by mail
    """
    act = Act()
    unit = unit_on(uow, code, office.today)
    base = desk(uow, office, caller, act, uow.tree([unit.code]))
    who = in_post(("officer", "leader"), unit, office.today, base)
    if who.faults:
        try:
            admin_at_work(uow, office, caller, act)
        except Refused:
            raise Refused(*who.faults) from None
    known = (uow.rows("unit_contact", code=unit.code) or [{"email": None, "phone": None}])[0]
    address = check_mail(email) if email is not None else known["email"]
    if address is None:
        raise InputInvalid(reason("unit_mailbox_first", unit=unit.name))
    number = check_phone(phone) if phone is not None else known["phone"]
    write(uow, unit.code, address, number)
    return {"unit": unit.name, "code": unit.code, "email": address, "phone": number}


def write(uow: UnitOfWork, code: str, email: str, phone: str | None) -> None:
    """In place of what was recorded."""
    uow.execute("DELETE FROM unit_contact WHERE code = :code", code=code)
    sql = "INSERT INTO unit_contact (code, email, phone) VALUES (:code, :email, :phone)"
    uow.execute(sql, code=code, email=email, phone=phone)
