"""Texts about wordings of time, their derivation, and notices of days off."""

from __future__ import annotations

from ocop_flow.messages import Message

#: The forms in which a time may be written, shown where one is not understood.
ACCEPTED_FORMS = (
    "trước tháng 8; trước ngày 30/6/2026; trong tháng 7; đầu, giữa, cuối tháng 6; quý III; "
    "tháng 12 năm 2026; ngày 30 tháng 6; chậm nhất ngày 15 hàng tháng; "
    "15 ngày làm việc kể từ ngày 29/4/2027; 36 tháng kể từ ngày nhận hồ sơ; 30 ngày trước ngày 30/6; "
    "từ ngày 1/6 đến ngày 30/6; từ 180 đến 120 ngày trước ngày 30/6; dự kiến trong tháng 7"
)

MESSAGES: dict[str, Message] = {
    "wording_not_understood": Message(
        "The time “{wording}” is not understood.", f"Write it in one of these forms: {ACCEPTED_FORMS}."
    ),
    "wording_without_end": Message(
        "“{wording}” says when something may begin, not by when it is to be done.",
        "Write both ends, e.g. từ ngày 1/7 đến ngày 31/7, or the last day alone.",
    ),
    "date_does_not_exist": Message("There is no {day}.", "Check day, month and year against the calendar."),
    "period_not_positive": Message("A period of {amount} cannot be counted.", "Give a whole number from 1 up."),
    "year_out_of_range": Message("The calendar does not cover {year}.", "Give a date in the years {first} to {last}."),
    "year_needed": Message("The wording leaves the year out.", "Write the year into it, or give --year."),
    "start_needed": Message(
        "This period is counted from an event whose day is not given.", "Write “kể từ ngày …”, or give --from."
    ),
    "event_needed": Message(
        "This period is counted from “{event}”, whose day is not given.", "Give the day of the event with --from."
    ),
    "latest_needs_period": Message(
        "“{wording}” is not a period counted from an event, so it has no last day to begin.",
        "Give a period, e.g. 15 ngày làm việc, 45 ngày, 36 tháng.",
    ),
    "window_reversed": Message("The window ends on {last}, before it opens on {first}.", "Give the earlier day first."),
    "notice_not_mapping": Message(
        "{file}, line {line}: expected keys with values here.",
        "Write “key: value” lines, as in the notices that come with the program.",
    ),
    "notice_not_list": Message(
        "{file}, line {line}: {key} is not a list.", "Put one entry a line, each beginning with “- ”."
    ),
    "notice_key_missing": Message("{file}, line {line}: {key} is missing.", "Add {key}."),
    "notice_key_unknown": Message(
        "{file}, line {line}: {key} is not a key of a notice.", "Correct its spelling, or remove it."
    ),
    "notice_text_missing": Message(
        "{file}, line {line}: {key} has no text.",
        "Write it out in quotes; a source is the number of the decision or notice.",
    ),
    "notice_mark_unknown": Message("{file}, line {line}: {given} is not a mark.", "Use one of {marks}."),
    "notice_year_wrong": Message(
        "{file}, line {line}: this is not a year of the calendar.",
        "Give a year from {first} to {last}, without quotes.",
    ),
    "notice_date_wrong": Message(
        "{file}, line {line}: {value} is not a date.", 'Write an existing day as "YYYY-MM-DD", in quotes.'
    ),
    "notice_day_outside_year": Message(
        "{file}, line {line}: {day} is not in {year}, the year of the notice.", "Move it to the notice of its own year."
    ),
    "notice_day_twice": Message(
        "{file}, line {line}: {day} already stands on line {first_line}.", "Keep one entry for the day."
    ),
    "notice_day_off_and_worked": Message(
        "{file}, line {line}: {day} is a day off on line {first_line} and worked here.",
        "Keep the entry that the notice bears out.",
    ),
    "notice_not_saturday": Message(
        "{file}, line {line}: {day} is not a Saturday.", "List here only Saturdays worked in return for a day off."
    ),
    "notice_swap_without_day_off": Message(
        "{file}, line {line}: {day}, for which a Saturday is worked, is not among the days off.",
        "Add {day} to days_off, or correct instead_of.",
    ),
    "notice_make_up_not_weekend": Message(
        "{file}, line {line}: {day} is no Saturday or Sunday, so it needs no make-up.",
        "Correct make_up_for, or leave it out.",
    ),
    "notice_year_twice": Message(
        "{file}: there is already a notice for {year} in {first}.", "Keep one file for each year."
    ),
    "step_year_given": Message("The wording leaves the year out: {year} as given.", ""),
    "step_year_from_start": Message(
        "The wording leaves the year out: {year}, the first in which it does not end before {start}.", ""
    ),
    "step_fixed_day": Message("A fixed day: {day}.", ""),
    "step_before_day_strict": Message("“Before {named}” read strictly leaves that day out: the last day is {day}.", ""),
    "step_before_day_inclusive": Message("“Before {named}” read with that day included: the last day is {day}.", ""),
    "step_before_month": Message("Before month {number}/{year}: the last day of the month before, {day}.", ""),
    "step_before_quarter": Message("Before quarter {number}/{year}: the last day of the quarter before, {day}.", ""),
    "step_before_half_year": Message("Before half-year {number} of {year}: its eve, {day}.", ""),
    "step_before_year": Message("Before the year {year}: the last day of the year before, {day}.", ""),
    "step_within_month": Message("Within month {number}/{year}: by its last day, {day}.", ""),
    "step_within_quarter": Message("Within quarter {number}/{year}: by its last day, {day}.", ""),
    "step_within_half_year": Message("Within half-year {number} of {year}: by its last day, {day}.", ""),
    "step_within_year": Message("Within the year {year}: by its last day, {day}.", ""),
    "step_start_of_month": Message("The beginning of month {number}/{year} is its first day, {day}.", ""),
    "step_middle_of_month": Message("The middle of month {number}/{year} is its 15th day, {day}.", ""),
    "step_end_of_month": Message("The end of month {number}/{year} is its last day, {day}.", ""),
    "step_start_of_quarter": Message("The beginning of quarter {number}/{year} is its first day, {day}.", ""),
    "step_end_of_quarter": Message("The end of quarter {number}/{year} is its last day, {day}.", ""),
    "step_end_of_half_year": Message("The end of half-year {number} of {year} is its last day, {day}.", ""),
    "step_start_of_year": Message("The beginning of the year {year} is its first day, {day}.", ""),
    "step_middle_of_year": Message("The middle of the year {year} is the last day of June, {day}.", ""),
    "step_end_of_year": Message("The end of the year {year} is its last day, {day}.", ""),
    "step_monthly": Message("Every month; the first day after {after} is {day}.", ""),
    "step_quarterly": Message("Every quarter; the first day after {after} is {day}.", ""),
    "step_yearly": Message("Every year; the first day after {after} is {day}.", ""),
    "step_month_of_quarter": Message(
        "The wording does not say which month of the quarter: its last month is taken.", ""
    ),
    "step_shorter_month": Message("The month has no day {asked}: its last day, {day}.", ""),
    "step_day_of_event": Message("The day of the event, {day}, is not counted.", ""),
    "step_event": Message("Counted from “{event}”, {day}.", ""),
    "step_working_days_from": Message("{amount} working days after {start} end on {day}.", ""),
    "step_days_from": Message("{amount} days after {start} end on {day}.", ""),
    "step_weeks_from": Message("{amount} weeks after {start} end on the same weekday, {day}.", ""),
    "step_months_from": Message(
        "{amount} months after {start} end on the same date or the last day of a shorter month, {day}.", ""
    ),
    "step_years_from": Message("{amount} years after {start} end on the same date, {day}.", ""),
    "step_working_days_before": Message("{amount} working days before {event}: {day}.", ""),
    "step_days_before": Message("{amount} days before {event}: {day}.", ""),
    "step_weeks_before": Message("{amount} weeks before {event}: {day}.", ""),
    "step_months_before": Message("{amount} months before {event}: {day}.", ""),
    "step_years_before": Message("{amount} years before {event}: {day}.", ""),
    "step_day_off": Message("{day} is a day off: {name}.", ""),
    "step_swapped_saturday": Message("Saturday {day} is worked in return for a day off.", ""),
    "step_shifted": Message("That is a day off: moved to the next working day, {day}.", ""),
    "step_window": Message("From {first} to {day}.", ""),
    "step_window_before": Message("Counted back from {event}: from {first} to {day}.", ""),
    "step_waits_for_event": Message("Waits for “{event}”, whose day is not known.", ""),
    "step_latest_start": Message("To end by {before}, the period must begin no later than {day}.", ""),
    "step_last_working_day": Message("{due_on} is a day off; the last working day before it is {day}.", ""),
    "step_tentative": Message("The wording itself says “dự kiến”: the time is tentative.", ""),
    "step_undecreed_year": Message("Provisional: no notice of the days off of {year} is on record.", ""),
    "step_uncertain_day": Message("Provisional: whether {day} is worked has no confirmed source.", ""),
    "step_open_question": Message("Provisional, {day}: {about}", ""),
}
