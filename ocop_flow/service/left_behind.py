"""What units leave behind besides dossiers and what the rolls carry over: certificates from before, duties beside.

Each goes over by an event of its own that cites the minutes: a certificate to the province of today, a duty to who took
over the unit that owed it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import beside
from ocop_flow.domain.record import known_dossier, next_event, stream_event
from ocop_flow.domain.succession import FOLLOWS, PERSON_DECIDES
from ocop_flow.errors import Reason, reason
from ocop_flow.service.dossier_view import unit_view
from ocop_flow.service.handed_over import Concerns, named_life, successor
from ocop_flow.service.issuer_today import answers, life
from ocop_flow.service.leading import signature
from ocop_flow.service.revoking import registered_margin

if TYPE_CHECKING:
    from ocop_flow.domain.commands import Act
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import Row, UnitOfWork
    from ocop_flow.service.leading import Leading

Json = dict[str, Any]
#: Certificates from before this system that nothing has ended; those of dossiers go with their dossiers.
DECLARED = "SELECT * FROM certificate WHERE dossier IS NULL AND status = 'valid'"
#: Duties beside the state that nobody has done.
OWED = "SELECT * FROM deadline WHERE kind IN ('reply', 'revocation') AND outcome IS NULL AND unit IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Estate:
    """One run of a hand-over: which units ended, on which day, who answers for it.

    told  number of a certificate -> what the minutes say of its file: lost or not_received
    """

    tree: UnitTree
    concerns: Concerns
    on: date
    lead: Leading
    act: Act
    minutes: str | None
    told: Mapping[str, str]

    # --- certificates ------------------------------------------------------------------------------------------------

    def certificates(self, uow: UnitOfWork) -> Iterator[Json]:
        """``{number, product, issuer, former, answer, kept_by, missing, why}`` for each, in order of number."""
        for row in uow.query(f"{DECLARED} ORDER BY number"):
            found = self._certificate(row)
            if found is not None:
                yield found

    def _certificate(self, row: Row) -> Json | None:
        """None where its keeper has not ended, or another leader answers for it."""
        kept = json.loads(row["kept"]) if row["kept"] else None
        since = kept["since"] if kept else row["issued_on"]
        code = kept["code"] if kept else row["issuer_code"]
        former = life(self.tree, code, date.fromisoformat(since) if since else self.on)
        if former is None or not self.concerns(former):
            return None
        keeper = answers(self.tree, row, self.on)
        if not self.lead.reaches(self.tree.reach(keeper, "province", self.on) if keeper else None):
            return None
        return {
            "number": row["number"],
            "product": row["product_name"],
            "issuer": row["issuer_name"],
            "former": unit_view(former),
            "answer": FOLLOWS if keeper else PERSON_DECIDES,
            "kept_by": unit_view(keeper),
            "missing": self.told.get(row["number"]),
            "why": _why(former, keeper),
        }

    def keep(self, uow: UnitOfWork, number: str) -> bool:
        """The event of one certificate; False where an earlier run handed it over."""
        rows = uow.query(f"{DECLARED} AND number = :number", number=number)
        found = self._certificate(rows[0]) if rows else None
        if found is None or found["kept_by"] is None:
            return False
        data = {name: found[name] for name in ("former", "kept_by", "missing")}
        data |= {"why": found["why"].code, "minutes": self.minutes}
        self._append(uow, ("certificate", number), "succeed", data)
        return True

    # --- duties beside the state -------------------------------------------------------------------------------------

    def duties(self, uow: UnitOfWork, chosen: Mapping[str, Unit]) -> Iterator[Json]:
        """``{id, due_on, former, answer, unit}`` for each, in order of id.

        chosen  dossier -> the commune that this run hands it to
        """
        for row in uow.query(f"{OWED} ORDER BY id"):
            found = self._duty(uow, row, chosen)
            if found is not None:
                yield found

    def _duty(self, uow: UnitOfWork, row: Row, chosen: Mapping[str, Unit]) -> Json | None:
        former = named_life(self.tree, row["unit"], row["unit_name"], self.on)
        if former is None or not self.concerns(former):
            return None
        heir = successor(self.tree, former, self.on) or self._followed(uow, row, former, chosen)
        if not self.lead.reaches(self.tree.reach(heir, "province", self.on) if heir else None):
            return None
        answer = FOLLOWS if heir else PERSON_DECIDES
        names = {"id": row["id"], "due_on": row["due_on"], "former": unit_view(former)}
        return {**names, "answer": answer, "unit": unit_view(heir)}

    def _followed(self, uow: UnitOfWork, row: Row, former: Unit, chosen: Mapping[str, Unit]) -> Unit | None:
        """Of a commune that was split: where a person let the dossier go, its duties go too."""
        if former.tier != "commune" or row["subject_kind"] != "dossier":
            return None
        if row["subject"] in chosen:
            return chosen[row["subject"]]
        dossier = uow.dossier(row["subject"])
        found = self.tree.on(dossier.commune, self.on) if dossier else None
        return found if dossier and found and found.valid_from == dossier.commune_from else None

    def pass_on(self, uow: UnitOfWork, id_: str) -> bool:
        """The event of one duty; False where an earlier run passed it on."""
        rows = uow.query(f"{OWED} AND id = :id", id=id_)
        found = self._duty(uow, rows[0], {}) if rows else None
        if found is None or found["unit"] is None:
            return False
        kind, code = rows[0]["subject_kind"], rows[0]["subject"]
        margin = known_dossier(uow.dossier(code), code).margin if kind == "dossier" else registered_margin(uow, code)
        record = next((each for each in margin.records if each.duty_id == id_), None)
        if record is None:
            return False
        data = {"record": record.id, "former": found["former"], "unit": found["unit"], "minutes": self.minutes}
        self._append(uow, (kind, code), beside.PASS_ON, data)
        return True

    def _append(self, uow: UnitOfWork, subject: tuple[str, str], action: str, data: Json) -> None:
        signer = signature(self.lead, self.act, self.on)
        base, who = self.lead.base, self.lead.who
        if subject[0] != "dossier":
            uow.append(stream_event(base, subject, uow.head(*subject), action, who, self.act, data, signer))
            return
        dossier = known_dossier(uow.dossier(subject[1]), subject[1])
        event = next_event(
            dossier,
            base,
            action=action,
            to_state=dossier.state,
            on=self.on,
            who=who,
            signer=signer,
            act=self.act,
            data=data,
        )
        uow.append(event)


def _why(former: Unit, keeper: Unit | None) -> Reason:
    if keeper is None:
        return reason("certificate_keeper_unknown", former=former.name)
    return reason("certificate_kept_by", former=former.name, unit=keeper.name)


def owing(uow: UnitOfWork) -> set[str]:
    """Codes of the units that such certificates and duties name."""
    found = {row["unit"] for row in uow.query(OWED)}
    for row in uow.query(DECLARED):
        kept = json.loads(row["kept"])["code"] if row["kept"] else None
        found |= {code for code in (kept, row["issuer_code"], row["commune"]) if code}
    return found
