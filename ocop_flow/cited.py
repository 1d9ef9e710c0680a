"""Where a rule stands, as people of either language cite it.

Workflow files write sources in English, articles as ``26/2026/QĐ-TTg art. 7.4``. Decisions, articles, annexes and
forms are put into Vietnamese by their pattern; a remark about them by the catalogue. What a province or an officer has
written in words of their own stays as it is; letters in brackets name papers that were read (docs/legal-sources.md).
"""

from __future__ import annotations

import re

from ocop_flow.i18n import translate

#: Remarks beside an article, in the words of the shipped files.
SOURCE_LABELS = (
    "36 months",
    "36 months from the issue date",
    "yearly notice for 2025",
    "yearly notice for 2026",
    "not seen",
    "says 36 months from the issue date",
    "the last day itself is not spelled out",
    "reading of the star marks",
    "does not say what follows",
    "grounds for rejecting a dossier",
    "its own list was not read and every kind is taken",
    "that additions may be asked is our reading",
    "the district receives from the entity",
    "the district receives and pre-scores",
    "the district council pre-scores",
    "50-100 points go to the province",
    "70-100 points go to the province",
    "90-100 points go to the Ministry",
    "90-100 points go to the centre",
    "the provincial council scores",
    "the central council scores",
    "the district council scores",
    "the district recognises three stars",
    "the province recognises three and four stars",
    "the province recognises four stars",
    "the Ministry recognises five stars",
    "the centre recognises five stars",
    "recognition begins at 50 points",
    "five stars begin at 90 points",
    "extra tests may go with the dossier",
    "the commune proposes to the province",
    "the commune receives from the entity",
    "the commune checks the form",
    "the chair holds a meeting",
    "minutes are our reading",
    "that the assessment takes the form of a report is our reading",
    "our recollection of the role of the commune",
    "which 1489/QĐ-TTg left as it was",
    "which 1489/QĐ-TTg left as they were",
    "notice by the issuer before the 36 months end",
    "mandatory three-star criteria exist",
    "their list was not found",
    "what is left when one is missed is our reading",
    "criteria set of this product",
    "annual OCOP cycle step 2",
    "annual OCOP cycle step 3",
    "the entity's own application",
    "withdrawal is not restricted",
    "a newer recognition of the same product",
    "whoever recognised may revoke",
    "the law of a dossier is that of its filing",
    "no list of grounds and no time limit was found",
    "what provinces did",
    "provincial provisional criteria",
    "their procedure was not found",
    "a service of this system",
    "no decision found sets when to remind",
    "not prescribed in {law}",
    "no limit found in {law}",
    "as under {law}",
    "as {law}",
    "what {law} says was not found",
    "causes as later listed by {law}",
    "the earlier decision's own list was not found",
    "advisory teams check dossiers for the council",
    "provincial council rules ask for additions between check and decision",
    "as in the later national rule",
    "148/QĐ-TTg was not found to shorten it",
    "minimum conditions by {law}",
    "one of its 26 criteria sets",
    "its rows are missing in the source",
    "the form asks for a sample count",
    "five as under 1048 and 26/2026/QĐ-TTg is our reading",
    "edges by CNTD",
    "1489/QĐ-TTg amends points a and c of annex II of 148/QĐ-TTg",
    "which holds for the rest",
    "{law} keeps the old rules for dossiers filed before 22/5/2026 alone",
    '{law} print "before"',
    "practice is not known",
    "{law} gives 45 days from the complete dossier of commune or province",
    "criteria set {number}",
    "{law} sets minima for three stars",
    "two stars",
    "three stars",
    "four stars",
    "five stars",
    "all groups but tourism",
    "group 5",
    "groups 1-4",
    "groups 4 and 5",
    "text not found",
    "text cut off in the sources",
    "Mỹ Hào still used them on 25/9/2019",
    "until when is not known",
    "a service of this system around the window of {law}",
    "annual OCOP cycle",
    "the district assesses ideas",
    "that it also assesses plans is our reading",
    "council rules are set by each decision that founds a council",
    "council rules are set by each decision",
    "council rules of each province",
    "{law} gives none",
    "none found in {law}",
    "none found in 148 or 1489/QĐ-TTg",
    "none found for these criteria",
    "districts ended on 1/7/2025",
    "{law} does not speak of them",
    "further tests and papers sent with the dossier",
    "national round of 2020",
    "22 of 43 were not passed",
    "no limit found in provincial provisional criteria",
    "no national rule after the district tier ended on 1/7/2025",
    "steps 2-3 of the cycle",
    "not found in the provincial criteria",
    "36 months is the later national rule",
    "provincial decision under the provisional criteria",
    "provincial practice",
    "e.g. Hà Tĩnh 843/QĐ-UBND of 4/2/2021",
    "Hà Tĩnh under its 843/QĐ-UBND of 4/2/2021",
    "e.g. Đồng Tháp",
    "failed mandatory criteria",
    "the decision and star certificate of the province are in the dossier sent up",
    "that they stay is our reading",
    "what 148/QĐ-TTg says of dossiers under way on 24/2/2023 was not found",
    "what 1489/QĐ-TTg says of dossiers at a district on 6/7/2025 was not found",
    "recalled",
    "the district decides on three stars",
    "the result goes back and the district decides on three stars",
    "the commune receives and proposes since",
    "so it goes on there",
    "since 1/7/2025 the province also for the former districts",
    "the provincial criteria were not read",
    "as collected in a public note on the holidays of Viet Nam",
    "read 2026-09",
    "a province withdrew certificates over them",
    "forms",
)
_ACT = r"Labour Code 2019|Civil Code 2015|Luật [^,;()]+? \d{4}|Resolution [^ ]+"
_DECISION = rf"(?:\d+/(?:\d{{4}}/)?(?:QĐ-TTg|QĐ-UBND|NĐ-CP)|{_ACT})"
_PLACE = r"(?: (?:and )?(?:art\. [\d.]+(?:-\d+)?|annex [IVX]+(?: point [a-z])?|forms? \d+(?: and \d+)?))*"
_REFERENCE = re.compile(rf"{_DECISION}(?: or {_DECISION}| and {_DECISION})*{_PLACE}(?: as amended by {_DECISION})?")
_SET = re.compile(r"criteria set (\d+)")
#: What parts a source from the next remark: a comma or semicolon, brackets.
_BETWEEN = re.compile(r"([,;:] | \(|\)(?=[,; ]|$))")
_NAMES = (
    ("Labour Code", "Bộ luật Lao động"),
    ("Civil Code", "Bộ luật Dân sự"),
    ("Resolution ", "Nghị quyết "),
    (" as amended by ", ", sửa đổi bởi "),
    (" or ", " hoặc "),
    (" and ", " và "),
)


def cited(source: str, lang: str) -> str:
    """A source in ``lang``: ``khoản 4 Điều 7 Quyết định 26/2026/QĐ-TTg`` for ``26/2026/QĐ-TTg art. 7.4``."""
    if lang == "en" or not source:
        return source
    parts = [_remark(each, lang) if at % 2 == 0 else each for at, each in enumerate(_BETWEEN.split(source))]
    said = "".join(parts)
    return said[0].upper() + said[1:]


def _remark(text: str, lang: str) -> str:
    """A part of a source: a reference, or words about one."""
    known = translate(text, lang)
    if known != text:
        return known
    numbered = _SET.fullmatch(text)
    if numbered:
        return translate("criteria set {number}", lang).format(number=numbered[1])
    found = _REFERENCE.search(text)
    if found is None:
        return text
    law = _reference(found[0])
    if found[0] == text:
        return law
    frame = f"{text[: found.start()]}{{law}}{text[found.end() :]}"
    told = translate(frame, lang)
    if told != frame:
        return told.format(law=law)
    rest = text[found.end() :].strip()
    known = translate(rest, lang)
    return f"{law} {known}" if found.start() == 0 and known != rest else text


def _reference(text: str) -> str:
    """A decision with article, annex or form, the smallest first as Vietnamese law is cited."""
    # Further places follow after "and".
    laws, places = _FURTHER.sub(" ", text), []
    for pattern, form in _PLACES:
        laws, found = _taken(pattern, laws)
        places += [form.format(*each) for each in found]
    for english, vietnamese in _NAMES:
        laws = laws.replace(english, vietnamese)
    laws = re.sub(r"(?<![\w/])(\d+/(?:\d{4}/)?QĐ-)", r"Quyết định \1", laws.strip())
    return " ".join([", ".join(places), laws]).strip()


_FURTHER = re.compile(r" and (?=art\.|annex|form)")
#: Places within a decision, from the smallest.
_PLACES = (
    (re.compile(r" art\. (\d+)\.(\d+)"), "khoản {1} Điều {0}"),
    (re.compile(r" art\. (\d+-\d+)"), "các điều {0}"),
    (re.compile(r" art\. (\d+)"), "Điều {0}"),
    (re.compile(r" annex ([IVX]+) point ([a-z])"), "điểm {1} Phụ lục {0}"),
    (re.compile(r" annex ([IVX]+)"), "Phụ lục {0}"),
    (re.compile(r" forms? (\d+) and (\d+)"), "Mẫu {0} và Mẫu {1}"),
    (re.compile(r" form (\d+)"), "Mẫu {0}"),
)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, list[tuple[str, ...]]]:
    """The text without what the pattern finds, and the groups of each find."""
    return pattern.sub("", text), [found.groups() for found in pattern.finditer(text)]
