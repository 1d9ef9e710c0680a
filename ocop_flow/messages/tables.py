"""Texts about tables handed in, and what is found in them."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message
_LOOK_UP = "Look it up on the certificate or the decision and hand the line in again."

MESSAGES: dict[str, Message] = {
    "table_password": M("{file} is protected by a password.", "Save it without a password and try again."),
    "table_macros": M("{file} holds macros.", "Save it as .xlsx without macros and try again."),
    "table_kind_unknown": M(
        "{file} is not a table that can be read (its content is {found}).",
        "Save it as .xlsx, .xls, .csv or .docx under a name with that ending.",
    ),
    "table_content_unknown": M(
        "{file} is named {ending}, but what it holds is no such file: it is damaged or was made otherwise.",
        "Ask for the file again, or open it in its own program and save it as {ending}.",
    ),
    "table_renamed": M(
        "{file} is {found} by its content, but its name says something else.",
        "Open it, save it in the kind you mean, or give it the ending .{found}.",
    ),
    "table_damaged": M(
        "{file} is damaged: {detail}.", "Open it in its own program and save it again, or copy it once more."
    ),
    "table_damaged_at": M(
        "{file} is damaged at row {row}: {detail}.",
        "Open it in its own program and save it again, or copy it once more.",
    ),
    "table_absent": M(
        "{file} holds no table with headings that are known.",
        "Name the columns in one row, as in: {known}; or ask for an empty table: ocop certificate template FILE.xlsx.",
    ),
    "table_several": M(
        "{file} holds several such tables: {names}.", "Leave one of them in the file, or hand each in as its own file."
    ),
    "table_without_lines": M("{file} has headings, but no line below them.", "Fill in at least one line."),
    "csv_syntax": M("{file}, row {row}: not readable as CSV ({problem}).", "Check the quotation marks of this row."),
    "csv_encoding_unclear": M(
        "{file}, row {row}, column {column}: the encoding of the text cannot be told.",
        "Save it again as CSV UTF-8, or as .xlsx.",
    ),
    "column_missing": M(
        "{file} has no column {column}.", "Add the column, or give the value for all lines by an option."
    ),
    "column_twice": M(
        "The columns {first} and {second} say the same thing.", "Remove one, or give it another heading."
    ),
    "cell_empty": M("Empty.", "Fill it in."),
    "cell_formula": M("A formula stands in place of a value.", "Copy the column and paste it as values only."),
    "cell_error": M("The cell shows {text}.", "Write the value itself."),
    "cell_day_inexact": M("{text} is not one day.", "Write the day, as 29/4/2026, or leave the cell empty."),
    "cell_number_not_day": M(
        "{text} is a number, not a day.", "Give the column the format of a date, or write it as 29/4/2026."
    ),
    "year_unreadable": M("{text} is not a year of the programme.", "Write a year from 2018 on, as 2023."),
    "entity_kind_unclear": M(
        "What kind of entity this is does not show.", "Write it into the column Entity kind, one of: {known}."
    ),
    "source_missing": M("Where this is known from is not said.", "Give it for all lines: --source TEXT."),
    "commune_not_unique": M(
        "{name} may be one of {count} communes: {places}.",
        "Write the code, or the district and province beside it; until then the commune counts as unknown.",
    ),
    "commune_elsewhere": M("{name} does not lie in {place}.", "Check both names."),
    "commune_abolished": M(
        "{name} ({unit}) existed until {until}; today it is {heirs}.", "Nothing to do if the name is that of its time."
    ),
    "commune_younger": M(
        "{name} ({unit}) exists only since {since}, after the day of the certificate.",
        "Nothing to do if the commune of today is meant; else write the name of that time.",
    ),
    "issuer_not_unique": M(
        "{name} may be one of {count} units: {places}.", "Write its code; until then the province counts as the issuer."
    ),
    "decision_before_cycle": M(
        "The decision of {day} is older than its cycle {cycle}.", "Check the day and the year against the decision."
    ),
    "decision_before_law": M(
        "The decision of {day} is older than the first law on rating ({first}).", "Check the day against the decision."
    ),
    "two_spellings": M("{given} is also spelled {other}.", "Choose one spelling if they are the same."),
    "row_repeated": M("This line says the same as row {first}.", "Nothing to do; it is recorded once."),
    "row_like_another": M(
        "This may be the certificate of row {first}, told with less.", "Remove one of the two if so."
    ),
    "number_twice": M(
        "The certificate {number} stands in row {first} with other content.", "Correct one of the two lines."
    ),
    "declared_differs": M(
        "The certificate {number} is recorded with {recorded}, here it has {given}.",
        "Check against the certificate. A record is not overwritten by a table.",
    ),
    "product_set_named": M("{name} is no product set of any law.", "Write its name or id, or leave it out."),
    "product_set_unclear": M("{name} is no product set of the law.", "Write its name or id; it is left open for now."),
    "text_encoding_open": M(
        "{text} can be read as Unicode or as an old font; it is left as it is.", "Check the cell and type it again."
    ),
    "rows_after_gap": M(
        "After row {row} follow more than {count} empty rows; nothing behind them is read.",
        "Remove the empty rows if anything stands behind them.",
    ),
    "decision_not_pdf": M("{file} is not a PDF.", "Scan or save the signed decision as PDF."),
    "decision_file_of_which": M(
        "The file of the decision can serve one decision, the table names {count}: {numbers}.",
        "Say which one it is: --decision NUMBER.",
    ),
    "unreconciled_lacks": M("The certificate {number} is not reconciled.", _LOOK_UP),
    "unreconciled_without_end": M(
        "The certificate {number} is not reconciled, and when it ends is not known: it has no deadlines.", _LOOK_UP
    ),
    "target_kind_unknown": M("{file} cannot be written as that kind of file.", "Use a name ending in one of: {known}."),
    "target_exists": M("{file} exists already.", "Choose another name, or remove it first."),
    "target_not_writable": M("{file} cannot be written: {detail}.", "Choose a place where you may write."),
    "pdf_printer_absent": M(
        "There is no browser and no LibreOffice here that could print a PDF.",
        "Ask for .html and print it from a browser, or for .xlsx.",
    ),
    "pdf_printer_failed": M("{program} did not print the PDF ({detail}).", "Ask for .html or .xlsx instead."),
}
