"""Charts of figures as pictures: drawn without a screen, in a typeface that has every Vietnamese letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from ocop_flow.domain.figures.sheet import Row, Sheet
from ocop_flow.errors import Unavailable, reason
from ocop_flow.i18n import translate
from ocop_flow.messages.figures import COLUMN_LABELS, SHEET_LABELS
from ocop_flow.pages.figure_words import coded

#: Told apart by colour-blind eyes and, by their lightness, in grey print.
_STARS = {"stars_5": "#0b3c5d", "stars_4": "#328cc1", "stars_3": "#d9b310", "stars_other": "#9e9e9e"}
_MAIN, _LIGHT = "#328cc1", "#cfe3f1"
_HEAT = ("#f2f2f2", "#cfe3f1", "#86b9dc", "#328cc1", "#0b3c5d")
#: Weeks that the calendar of duties shows, as many as stay readable.
_WEEKS = 26
#: Sheet -> the kind of report that holds it, by the name of its picture.
CHARTS: Mapping[str, tuple[str, str]] = {
    "funnel": ("phases", "phases"),
    "stars": ("recognitions", "recognitions_by_year"),
    "renewal": ("renewal", "ending_by_month"),
    "calendar": ("deadlines", "duties_by_day"),
}


def picture(sheet: Sheet, lang: str, form: str, on: date) -> bytes | None:
    """The picture of a table as ``svg`` or ``png``; None for a table that has none, or nothing to show.

    raises  Unavailable where the extra ``charts`` is not installed
    """
    draw = _DRAWN.get(sheet.id)
    if draw is None or not sheet.rows:
        return None
    figure = _figure(form)
    draw(figure, sheet, lang, on)
    out = BytesIO()
    # No day of making: the same figures give the same picture.
    figure.savefig(out, format=form, dpi=150, bbox_inches="tight", metadata={"Date": None} if form == "svg" else None)
    return out.getvalue()


def _figure(what: str) -> Any:
    try:
        import matplotlib as library
    except ImportError as error:
        raise Unavailable(reason("extra_missing", extra="charts", what=what.upper())) from error
    library.use("Agg")
    from matplotlib.figure import Figure

    # Text stays text in SVG, and the same salt names its parts the same each time.
    library.rcParams |= {"font.family": "DejaVu Sans", "svg.hashsalt": "ocop", "svg.fonttype": "path"}
    return Figure(figsize=(8, 4.5))


def _axes(figure: Any, sheet: Sheet, lang: str) -> Any:
    axes = figure.add_subplot()
    axes.set_title(translate(SHEET_LABELS[sheet.id], lang), loc="left", fontweight="bold")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return axes


def _label(column: str, lang: str) -> str:
    return translate(COLUMN_LABELS[column], lang)


def _number(row: Row, column: str) -> int:
    cell = row.get(column)
    return cell if isinstance(cell, int) else 0


def _funnel(figure: Any, sheet: Sheet, lang: str, _on: date) -> None:
    """A bar for each phase, as long as the dossiers that came so far; darker the part that is there now."""
    axes = _axes(figure, sheet, lang)
    names = [coded(str(row["phase"]), lang) for row in sheet.rows]
    reached = [_number(row, "reached") for row in sheet.rows]
    now = [_number(row, "now") for row in sheet.rows]
    axes.barh(names, reached, color=_LIGHT, label=_label("reached", lang))
    axes.barh(names, now, color=_MAIN, height=0.45, label=_label("now", lang))
    for place, (many, here) in enumerate(zip(reached, now, strict=True)):
        axes.annotate(f"{many} ({here})", (many, place), xytext=(4, 0), textcoords="offset points", va="center")
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.08))


def _stacked(figure: Any, sheet: Sheet, lang: str, names: list[str]) -> Any:
    """A column for each row, split by star, the highest star at the bottom."""
    axes = _axes(figure, sheet, lang)
    below = [0] * len(sheet.rows)
    for column, colour in _STARS.items():
        counts = [_number(row, column) for row in sheet.rows]
        if any(counts):
            axes.bar(names, counts, bottom=below, color=colour, label=_label(column, lang))
            below = [low + many for low, many in zip(below, counts, strict=True)]
    for place, many in enumerate(below):
        if many:
            at = (place, many)
            axes.annotate(str(many), at, xytext=(0, 2), textcoords="offset points", ha="center", fontsize=8)
    axes.yaxis.get_major_locator().set_params(integer=True)
    # The number on the highest column stays clear of the title.
    axes.margins(y=0.1)
    axes.legend(frameon=False, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.18))
    return axes


def _by_year(figure: Any, sheet: Sheet, lang: str, _on: date) -> None:
    _stacked(figure, sheet, lang, [str(row["year"] or coded("unknown", lang)) for row in sheet.rows])


#: Names that stand side by side below a picture without being turned.
_ROOM = 8


def _by_month(figure: Any, sheet: Sheet, lang: str, _on: date) -> None:
    """A month in which nothing ends has its place too, so that the wave keeps its length."""
    known = {str(row["month"]): row for row in sheet.rows}
    rows = tuple(known.get(month, {"month": month}) for month in _months(min(known), max(known)))
    names = [f"{str(row['month'])[5:]}/{str(row['month'])[:4]}" for row in rows]
    axes = _stacked(figure, Sheet(sheet.id, sheet.columns, rows), lang, names)
    if len(rows) > _ROOM:
        # As many months are named as can be read; the others keep their place.
        step = 1 + (len(rows) - 1) // (2 * _ROOM)
        places = range(0, len(rows), step)
        axes.set_xticks(places, labels=names[::step], rotation=45, ha="right", rotation_mode="anchor")


def _months(first: str, last: str) -> list[str]:
    """Every month from the first to the last, as ``2025-07``."""
    (year, month), found = map(int, first.split("-")), [first]
    while found[-1] != last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        found.append(f"{year}-{month:02d}")
    return found


def _calendar(figure: Any, sheet: Sheet, lang: str, on: date) -> None:
    """A square for each day, a column for each week: the more duties, the darker; red frames are late, black is today.

    Duties later than the weeks shown, or late for more than four weeks, are counted below.
    """
    from matplotlib.patches import Rectangle

    axes = _axes(figure, sheet, lang)
    counts: dict[date, int] = defaultdict(int)
    for row in sheet.rows:
        if isinstance(row["due_on"], date):
            counts[row["due_on"]] += _number(row, "duties")
    first = max(min(counts), on - timedelta(28))
    monday = first - timedelta(first.weekday())
    for place in range(7 * _WEEKS):
        day, week, line = monday + timedelta(place), place // 7, place % 7
        many = counts.get(day, 0)
        edge = "black" if day == on else "#b00020" if many and day < on else "white"
        shade = _HEAT[min(many, 4)]
        axes.add_patch(Rectangle((week, line), 0.92, 0.92, facecolor=shade, edgecolor=edge, linewidth=1.5))
        if many:
            ink = "white" if many >= 3 else "black"
            axes.text(week + 0.46, line + 0.46, str(many), ha="center", va="center", color=ink, fontsize=8)
    weeks = range(0, _WEEKS, 2)
    axes.set_xlim(0, _WEEKS)
    axes.set_ylim(7, 0)
    starts = [monday + timedelta(7 * week) for week in weeks]
    axes.set_xticks([week + 0.46 for week in weeks], [f"{start:%d/%m}" for start in starts], rotation=60)
    axes.set_yticks([day + 0.46 for day in range(7)], _weekdays(lang))
    last = monday + timedelta(7 * _WEEKS - 1)
    outside = sum(many for day, many in counts.items() if not monday <= day <= last)
    rest = f" (+ {outside})" if outside else ""
    axes.set_xlabel(f"{monday:%d/%m/%Y} – {last:%d/%m/%Y}{rest}")


def _weekdays(lang: str) -> list[str]:
    return ["T2", "T3", "T4", "T5", "T6", "T7", "CN"] if lang == "vi" else ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]


_DRAWN: Mapping[str, Callable[[Any, Sheet, str, date], None]] = {
    "phases": _funnel,
    "recognitions_by_year": _by_year,
    "ending_by_month": _by_month,
    "duties_by_day": _calendar,
}
