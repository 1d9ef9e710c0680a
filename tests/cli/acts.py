"""Words of acts at three units, and the event that an act left."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.office import Json, Office


COMMUNE, NEIGHBOUR, PROVINCE = "12103", "12127", "33"
RECOGNISE = ["recognise", "--decision", "30/QĐ-UBND"]


def return_words(dossier: str) -> list[str]:
    return ["advance", dossier, "return_for_supplement", "--reason", "thiếu mẫu"]


def last(office: Office, dossier: str) -> Json:
    event: Json = office.do("dossier", "history", dossier)[-1]
    return event
