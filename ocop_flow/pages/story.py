"""Lý lịch hồ sơ: a dossier's story on a page, for the screen and for the file."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ocop_flow.clock import VIET_NAM
from ocop_flow.domain.event import parse_time
from ocop_flow.errors import Text
from ocop_flow.i18n import act, render, translate, word
from ocop_flow.pages.environment import page
from ocop_flow.pages.timeline import svg

Json = dict[str, Any]

#: What stands on the page, by the name that the template uses.
STORY_LABELS = {
    "title": "History of a dossier",
    "dossier": "Dossier",
    "product": "Product",
    "entity": "Entity",
    "commune": "Commune",
    "law": "Law",
    "state": "State",
    "stars": "Stars",
    "certificate": "Certificate",
    "steps": "Step by step",
    "day": "Day",
    "what": "What was done",
    "who": "Done by",
    "typed": "Typed by",
    "signed": "Signed",
    "article": "Article",
    "recorded": "Recorded",
    "evidence": "Evidence",
    "reason": "Reason",
    "late": "typed {days} days later",
    "paper": "from paper",
    "held": "Who held it, and for how long",
    "unit": "Held by",
    "since": "From",
    "until": "To",
    "days": "days",
    "length": "Days",
    "head": "Head code of the log",
    "no_head": "No head of the log has been signed yet.",
    "asked": "Made on",
}


def words(lang: str) -> dict[str, str]:
    return {name: translate(text, lang) for name, text in STORY_LABELS.items()}


def steps(story: Json, lang: str) -> list[Json]:
    """Each event in words: the same for a page and for a paper."""
    said = words(lang)
    found = []
    for event in story["events"]:
        late = event["recorded_days_after"]
        marks = [said["paper"]] if event["entry"] != "live" else []
        marks += [said["late"].format(days=late)] if late > 0 else []
        signer = event["signer"]
        found.append(
            {
                "seq": event["seq"],
                "day": shown_day(event["occurred_on"]),
                "what": _text(event["label"], lang) if event["label"] else act(event["action"], lang),
                "who": _doer(event["actor"], lang),
                "typed": _doer(event["recorder"], lang) if event["recorder"] != event["actor"] else "",
                "signed": _signed(signer) if signer else "",
                "article": event["article"] or "",
                "recorded": parse_time(event["recorded_at"]).astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M"),
                "marks": ", ".join(marks),
                "evidence": [
                    f"{item['copies']} × {_text(item['label'], lang)}"
                    + (f" ({item['file'][:12]}…)" if item["file"] else "")
                    for item in event["evidence"]
                ],
                "reason": event["reason"] or "",
                "departures": [render(item, lang)[0] for item in (*event["overridden"], *event["warnings"])],
                "hash": event["hash"],
            }
        )
    return found


def held(story: Json, lang: str) -> list[Json]:
    return [
        {
            "unit": stay["unit"]["name"] if stay["unit"] else "-",
            "state": _text(stay["state_label"], lang) if stay["state_label"] else stay["state"],
            "since": shown_day(stay["from"]),
            "until": shown_day(stay["to"]) if stay["to"] else "",
            "days": stay["days"],
        }
        for stay in story["held"]
    ]


def html(story: Json, lang: str) -> str:
    """A page that prints on A4; the only thing it needs is itself."""
    said = words(lang)
    return page(
        "story.html.j2",
        lang=lang,
        said=said,
        view=story["view"],
        law=story["law"],
        state=_text(story["view"]["state_label"], lang),
        steps=steps(story, lang),
        held=held(story, lang),
        picture=Markup(svg(story["held"], said["days"])),  # our own drawing: numbers and colours alone
        head=story["head"] and {**story["head"], "date": shown_day(story["head"]["date"])},
        asked=shown_day(story["asked_on"]),
    )


def shown_day(text: str) -> str:
    """``29/04/2027``, as papers have it."""
    year, month, day = text.split("-")
    return f"{day}/{month}/{year}"


def _doer(doer: Json, lang: str) -> str:
    unit = f", {doer['unit']['name']}" if doer["unit"] else ""
    return f"{doer['name']} ({word(doer['role'], lang)}{unit})"


def _signed(signer: Json) -> str:
    capacity = f"{signer['capacity']}. " if signer["capacity"] else ""
    return f"{capacity}{signer['name']}, {signer['number']}, {shown_day(signer['date'])}"


def _text(text: Text | str, lang: str) -> str:
    return text if isinstance(text, str) else text.vi if lang == "vi" else text.en
