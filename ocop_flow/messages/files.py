"""Texts about files that people write."""

from __future__ import annotations

from ocop_flow.messages import Message

MESSAGES: dict[str, Message] = {
    "file_too_large": Message("{file} is larger than {limit} bytes.", "Split the file or remove what does not belong."),
    "batch_is_workbook": Message(
        "{file} is an Excel workbook; this command reads a CSV file.",
        "In Excel choose Save As and the kind CSV UTF-8 (Comma delimited), then name that file.",
    ),
    "file_not_utf8": Message(
        "{file} is not UTF-8 text (byte {position}).", "Save the file again with the encoding UTF-8."
    ),
    "file_unwritable": Message(
        "{file} cannot be written: {detail}.", "Name a folder that exists and may be written to."
    ),
    "file_empty": Message("{file} is empty.", "Give the file its content, or name another file."),
    "yaml_alias": Message(
        "{file}, line {line}: anchors and aliases (& and *) are not accepted.",
        "Write the value out where it is needed.",
    ),
    "yaml_syntax": Message(
        "{file}, line {line}: not readable as YAML ({problem}).", "Correct the line: check indentation, colons, quotes."
    ),
    "yaml_too_deep": Message("{file} is nested deeper than {limit} levels.", "Write the file in a flatter form."),
    "yaml_unquoted": Message(
        "{file}, line {line}: {value} would be read as {kind}, not as text.", 'Put it in quotes: "{value}".'
    ),
    "yaml_duplicate_key": Message("{file}, line {line}: the key {key} stands twice.", "Keep one of the two entries."),
}
