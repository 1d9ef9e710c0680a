"""The two languages: gettext for everything a person reads; English msgids, Vietnamese by default."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ocop_flow import mofile
from ocop_flow.errors import Reason, Text

if TYPE_CHECKING:
    from ocop_flow.messages import Message

LANGUAGES = ("vi", "en")
#: Modules of ``ocop_flow.messages``, those most often needed first.
AREAS = (
    *(
        "moves",
        "offices",
        "certificates",
        "system",
        "units",
        "calendar",
        "rating",
        "plan",
        "plancli",
        "workflow",
        "lawchange",
        "notices",
        "files",
        "handing",
    ),
    "tables",
    *("council", "backup"),
    *("remind", "report", "demo", "proof", "conformance", "findings"),
    *("decision", "public", "papers", "figures"),
)

#: Words of data that screens translate: how a duty, a milestone or a certificate stands.
STATUS_LABELS = (
    "open",
    "late",
    "met",
    "cancelled",
    "valid",
    "re_rating_window",
    "expired",
    "grace",
    "revoked",
    "replaced",
    "unknown",
)
#: How a decision or one of its lines stands, and what changed it.
DECISION_LABELS = (
    "in_force",
    "corrected",
    "partly_annulled",
    "annulled",
    "decision_corrected",
    "decision_annulled",
)

#: Codes that people read on the screen; their Vietnamese is the glossary's, their English the code in plain words.
WORD_LABELS = (
    "officer",
    "leader",
    "advisory_team",
    "council_chair",
    "council_vice_chair",
    "council_member",
    "council_secretary",
    "entity",
    "team",
    "meeting",
    "written",
    "auditor",
    "admin",
    "system",
    "commune",
    "district",
    "province",
    "central",
    "first",
    "upgrade",
    "re_rating",
    "new_product",
    "existing_product",
    "cooperative",
    "cooperative_group",
    "sme",
    "enterprise",
    "farm",
    "household",
    "association",
    "tourism_operator",
    "recognition",
    "not_recognised",
    "transfer",
    "revocation",
    "council",
    "rules",
    "appointment",
    "annulment",
    "correction",
    "other",
    "live",
    "paper",
    "modified",
    "missing",
    "inserted",
    "reordered",
    "moved",
    "truncated",
    "view_differs",
    "evidence_differs",
    "head_mismatch",
    "bad_signature",
    "stale_key",
)

#: Acts that no workflow file names, of dossiers and of every other subject: the one table of their names.
ACT_LABELS = {
    "open": "dossier opened",
    "attach": "evidence filed",
    "detach": "evidence withdrawn",
    "score": "score sheet recorded",
    "assess": "points of entity, commune, district or team recorded",
    "close_sitting": "result of the sitting",
    "fix": "correction",
    "undo": "act taken back",
    "extend": "deadline extended",
    "withhold": "personal data withheld",
    "migrate": "passed to another law",
    "succeed": "handed over to the successor unit",
    "annul_decision": "decision annulled",
    "correct_decision": "decision corrected",
    "record_beside": "promotion, inspection, complaint or letter recorded",
    "answer": "answer recorded",
    "dispute": "marked as disputed",
    "lift_dispute": "mark of the dispute lifted",
    "pass_on": "duty passed on to the successor unit",
    "reissue_certificate": "certificate reissued",
    "correct_certificate": "certificate corrected",
    "transfer_certificate": "certificate handed to another entity",
    "revoke_certificate": "certificate revoked",
    # councils
    "create": "council set up",
    "seat": "member seated",
    "convene": "sitting convened",
    "declare_interest": "interest declared",
    "score_again": "another turn of scoring",
    # decisions
    "decision_recorded": "decision recorded",
    "decision_corrected": "decision corrected",
    "decision_annulled": "decision annulled",
    # certificates from before these records
    "declare": "earlier recognition declared",
    "complete": "declaration completed",
    "replace": "certificate replaced",
    "restore": "certificate in force again",
    "reissue": "certificate reissued",
    "correct": "certificate corrected",
    "transfer": "certificate handed to another entity",
    "revoke": "certificate revoked",
    # plans, people, the register, the law
    "plan_loaded": "plan recorded",
    "milestone_done": "milestone reported done",
    "milestone_moved": "milestone moved",
    "add": "added",
    "rename": "renamed",
    "merge": "merged into another",
    "absorb": "another merged into it",
    "contact": "contacts changed",
    "representative": "representative recorded",
    "appoint": "post given",
    "leave": "posts ended",
    "reported": "report recorded",
    "give": "given out",
    "take": "taken in",
    "publish": "law taken into the records",
    "adopt": "law, criteria or notice adopted",
}

#: What is typed into a field, by its type.
TYPE_LABELS = {
    "text": "words",
    "date": "a day, e.g. 29/4/2026",
    "integer": "a whole number",
    "decimal": "a number, e.g. 1.5",
    "boolean": "yes or no",
    "choice": "one of the choices",
    "document_number": "number of a document, e.g. 15/QĐ-UBND",
    "unit": "code of a unit",
    "person": "account of a person",
}

#: What operating systems say of files, in their own English.
SYSTEM_LABELS = (
    "No such file or directory",
    "Permission denied",
    "Is a directory",
    "Not a directory",
    "No space left on device",
    "File exists",
    "The system cannot find the file specified",
    "The system cannot find the path specified",
    "Access is denied",
)

#: A day that stands alone, not within an id, a file's name or a time.
_DAY = re.compile(r"(?<![\w:/.-])([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![\w/-]|[.:]\w)")
#: Values of reasons that an operating system has worded.
_DETAIL = "detail"
#: Values of reasons that are roles.
_ROLES = frozenset({"role", "roles"})
_FOLDER = Path(__file__).parent / "locale"
_DOMAIN = "ocop"
#: Click's words once more, alone: gettext's global domain reads its file whole.
_CLICK = "click"


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    return gettext.translation(_DOMAIN, _FOLDER, [lang], mofile.Catalogue, fallback=True)


def translate(text: str, lang: str) -> str:
    """An English source text in ``lang``."""
    return catalogue(lang).gettext(text) if text else ""


def placeholders(text: str, lang: str) -> str:
    """What a usage line asks for, e.g. ``[D]`` or ``KIND=FILE``: each word in capitals in ``lang``."""
    return re.sub("[A-Z_]+", lambda word: translate(word[0], lang), text)


@contextmanager
def spoken(lang: str) -> Iterator[None]:
    """Click's own words (Usage, No such option) in ``lang`` too.

    Click asks gettext's global domain, and gettext asks LANGUAGE; both are as before when the block is left.
    """
    domain, language = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(_CLICK, str(_FOLDER))
    gettext.textdomain(_CLICK)
    os.environ["LANGUAGE"] = lang
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE")
        if language is not None:
            os.environ["LANGUAGE"] = language


def word(code: str, lang: str) -> str:
    """A code of the contract (role, tier, kind) as people say it."""
    spoken_word = translate(code, lang)
    return spoken_word if spoken_word != code else code.replace("_", " ")


def act(code: str, lang: str) -> str:
    """An act of the engine itself as people say it; acts of the law carry their own labels."""
    return translate(ACT_LABELS.get(code, code), lang)


@cache
def message(code: str) -> Message:
    """The texts of a reason code; KeyError for one that has none (a test forbids it)."""
    for area in AREAS:
        found: dict[str, Message] = import_module(f"ocop_flow.messages.{area}").MESSAGES
        if code in found:
            return found[code]
    raise KeyError(code)


def render(item: Reason, lang: str) -> tuple[str, str]:
    """(message, remedy) of a reason."""
    texts = message(item.code)
    values = _Values({key: _Value(_worded(key, _value(value, lang), lang), lang) for key, value in item.params.items()})
    return (
        translate(texts.message, lang).format_map(values).strip(),
        translate(texts.remedy, lang).format_map(values).strip(),
    )


class _Values(dict[str, "_Value"]):
    """The values of a reason; one recorded before its text named a further value has none for it."""

    def __missing__(self, name: str) -> _Value:
        return _Value("", "en")


class _Value(NamedTuple):
    """A value of a reason; its text says how it is read: ``{tier:word}``, ``{action:act}``, ``{expected:type}``."""

    text: str
    lang: str

    def __format__(self, form: str) -> str:
        return _FORMS[form](self.text, self.lang)


def _type(text: str, lang: str) -> str:
    return translate(TYPE_LABELS.get(text, text), lang)


def days(text: str, lang: str) -> str:
    """A text with its days as people write them: 29/04/2027 in Vietnamese, 2027-04-29 in English."""
    return _DAY.sub(r"\3/\2/\1", text) if lang == "vi" and "-" in text else text


def _value(value: object, lang: str) -> str:
    if isinstance(value, Text):
        return value.vi if lang == "vi" else value.en
    return "-" if value is None else days(str(value), lang)


def _worded(name: str, text: str, lang: str) -> str:
    """Roles as people say them, each with its tier (``officer@province``); what the system said, translated."""
    if name == _DETAIL:
        return translate(text, lang)
    if name not in _ROLES:
        return text
    held = [[word(part, lang) for part in role.split("@")] for role in text.split(", ")]
    return ", ".join(f"{parts[0]} ({parts[1]})" if len(parts) == 2 else parts[0] for parts in held)


def _list(text: str, lang: str) -> str:
    return ", ".join(f"{word(code, lang)} ({code})" for code in text.split(", "))


#: How a text may ask for a value: as it is, a code in words, codes with their words, an act, the type of a field.
_FORMS: dict[str, Callable[[str, str], str]] = {
    "": lambda text, _lang: text,
    "word": word,
    "list": _list,
    "act": act,
    "type": _type,
}
