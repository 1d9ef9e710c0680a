"""A report of figures as a page for the screen and the printer; the pictures stand in it."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from ocop_flow.errors import Unavailable
from ocop_flow.pages.environment import page
from ocop_flow.pages.figure_words import Document
from ocop_flow.pages.pictures import picture


def html(document: Document, on: date) -> str:
    """A page that needs nothing but itself; without the extra ``charts`` it says that the pictures are left out."""
    notes = list(document.notes)
    pictures: dict[str, Markup] = {}
    try:
        for table in document.tables:
            drawn = picture(table.sheet, document.lang, "svg", on)
            if drawn is not None:
                pictures[table.id] = Markup(drawn[drawn.index(b"<svg") :].decode())  # our own drawing
    except Unavailable:
        notes.append(document.words["no_pictures"])
    return page("figures.html.j2", document=document, notes=notes, pictures=pictures)
