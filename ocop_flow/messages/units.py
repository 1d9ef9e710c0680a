"""Texts about units and names."""

from __future__ import annotations

from ocop_flow.messages import Message

_NAME_CODE = "To mean this unit, give its code {unit}."

MESSAGES: dict[str, Message] = {
    "name_empty": Message("{field}: empty.", "Write at least one visible character."),
    "name_too_long": Message("{field}: {length} characters, at most {limit} are kept.", "Shorten it to {limit}."),
    "name_control_character": Message(
        "{field}: a character that is not shown ({character}) at position {position}.",
        "Type it again instead of pasting it, without line breaks or hidden characters.",
    ),
    "unit_absent": Message("There is no unit with the code {unit}.", "Look the code up by name: ocop unit list."),
    "unit_name_absent": Message(
        "No unit is named {name}.", "Check the spelling, or look the unit up with fewer words: ocop unit list."
    ),
    "unit_not_valid": Message(
        "No unit has the code {unit} on {on}.",
        "Give the code used on that day: ocop unit show {unit} tells the periods.",
    ),
    "unit_ambiguous": Message("{name} may mean {count} units.", "Give the code of the unit you mean."),
    "unit_described": Message("{place}", _NAME_CODE),
    "unit_described_from": Message("{place}, from {valid_from}", _NAME_CODE),
    "unit_described_until": Message("{place}, until {valid_to}", _NAME_CODE),
    "unit_described_between": Message("{place}, from {valid_from} to {valid_to}", _NAME_CODE),
    "unit_tree_approximate": Message(
        "For {name} ({unit}) on {on} the last known units above are taken; the tree is known only from {known_from}.",
        "Compare with the decisions on units of that time where it matters.",
    ),
    "unit_columns": Message(
        "{file}, line {line}: the columns are {found}.", "Write these column names in the first line: {expected}."
    ),
    "unit_csv_syntax": Message(
        "{file}, line {line}: not readable as CSV ({problem}).",
        "Check the quotation marks of this line and the one before.",
    ),
    "unit_row_width": Message(
        "{file}, line {line}: {found} cells instead of {expected}.",
        "Fill the missing cells, or put a name that holds a comma in quotation marks.",
    ),
    "unit_row_repeated": Message(
        "{file}, line {line}: the same row stands in line {first} already.", "Keep one of the two lines."
    ),
    "unit_code_malformed": Message(
        "{file}, line {line}: {value} in column {column} is not a unit code.",
        "Write 1 to 20 digits or letters without diacritics.",
    ),
    "unit_code_short": Message(
        "{file}, line {line}: the code {value} is too short for the tier {tier}.",
        "Write all {digits} digits; a spreadsheet drops leading zeros unless the column is text.",
    ),
    "unit_central_reserved": Message(
        "{file}, line {line}: {value} in column {column} does not fit its tier.",
        "Use the code central for the tier central, and only there.",
    ),
    "unit_tier_unknown": Message("{file}, line {line}: {tier} is not a tier.", "Write one of: {tiers}."),
    "unit_date_invalid": Message(
        "{file}, line {line}: {value} in column {column} is not a date.",
        "Write a day that exists, as 2025-07-01 or 1/7/2025.",
    ),
    "unit_period_reversed": Message(
        "{file}, line {line}: the unit ends on {valid_to}, before it begins on {valid_from}.",
        "Correct one of the two days.",
    ),
    "unit_parent_absent": Message(
        '{file}, line {line}: unit {unit} has no unit above (parent_code "{parent}" is not known).',
        "Give the code of a unit in this file or already recorded.",
    ),
    "unit_parent_tier": Message(
        "{file}, line {line}: {parent} is not of a higher tier than unit {unit}.", "Give the code of the unit above."
    ),
    "unit_parent_not_valid": Message(
        "{file}, line {line}: {parent} does not exist through the whole period of unit {unit}.",
        "Give the unit above of that period, or split the row where the unit above changes.",
    ),
    "unit_lives_overlap": Message(
        "{file}, line {line}: the code {unit} belongs to {other} ({period}) on some of these days.",
        "Let one life of the code end before the next begins.",
    ),
    "unit_partial_unreadable": Message(
        '{file}, line {line}: "{value}" in column partial is neither 0 nor 1.',
        "Write 1 if only a part of the old unit went to the new one, else 0.",
    ),
    "unit_successor_absent": Message(
        "{file}, line {line}: no unit of this tier has the code {unit} on {on}.",
        "Give a unit that exists on the day the succession takes effect.",
    ),
}
