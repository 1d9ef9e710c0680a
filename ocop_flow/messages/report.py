"""Reports of printed figures: what cannot be recorded, and what does not follow from what was printed beside it."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

_KEPT = "Both stay as printed; ask whoever reported them which one is meant."

MESSAGES: dict[str, Message] = {
    "report_absent": M("There is no report “{report}”.", "Check its issuer, day and title."),
    "report_empty": M("The report has no figures.", "Write at least one figure."),
    "report_too_early": M(
        "The report says how things stood at the end of {as_of}, but it is of {day}.",
        "Correct the day of the report or the day it speaks of.",
    ),
    "figure_repeated": M("Two figures have the name “{figure}”.", "Give each figure its own name."),
    "figure_code_wrong": M(
        "Figure “{figure}”: “{value}” cannot be its {key}.", "Use small letters a-z, digits and underscores."
    ),
    "figure_value_wrong": M("Figure “{figure}”: “{value}” is no count.", "Write a whole number, 0 or more."),
    "figure_word_unknown": M("Figure “{figure}”: {key} “{value}” is not known.", "Use one of: {known}."),
    "figure_range_wrong": M(
        "Figure “{figure}”: a range needs its lower and its upper end, and only a range has both.",
        "Write value and high with the qualifier range, or value alone.",
    ),
    "figure_relation_empty": M(
        "Figure “{figure}”: the relation “{relation}” is not complete.",
        "Name the figures it speaks of; a share and a multiple also need the number printed, others must have none.",
    ),
    "figure_unknown": M(
        "Figure “{figure}” refers to “{other}”, which is no other figure of this report.",
        "Name a figure of the same report.",
    ),
    "figure_share_wrong": M(
        "{figure}: printed as {stated} % of {whole} ({whole_title}), but {part} / {whole} = {actual} %; {stated} % "
        "would be about {would_be}.",
        _KEPT,
    ),
    "figure_times_wrong": M(
        "{figure}: printed as {stated} times {whole}, but {part} / {whole} = {actual}.",
        _KEPT,
    ),
    "figure_sum_wrong": M("{figure}: printed as {total}, but {parts} = {sum}.", _KEPT),
    "figure_short": M(
        "{figure}: {parts} = {sum}, which is {missing} short of {wanted} ({wanted_title}).",
        _KEPT,
    ),
    "figure_short_at_least": M(
        "{figure}: {parts} = {sum} at the least, which is {missing} short of {wanted} ({wanted_title}).",
        _KEPT,
    ),
    "figure_above_whole": M(
        "{figure}: {part} is more than the {whole} of which it is a part ({whole_title}).",
        _KEPT,
    ),
}
