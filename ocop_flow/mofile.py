"""A compiled catalogue of texts (GNU ``.mo``) of which only those asked for are read: few of thousands."""

from __future__ import annotations

import gettext
import struct
from bisect import bisect_left
from typing import Any

#: First word of a file whose numbers are little-endian, as ``.ci/translations`` writes it.
_MAGIC = 0x950412DE
#: Length and place of one text.
_ENTRY = struct.Struct("<II")


class Catalogue(gettext.NullTranslations):
    """Translations of single texts. Plurals are not looked for: nothing but Click's own words has any."""

    def _parse(self, fp: Any) -> None:
        self._known: dict[str, str] = {}
        self._data: bytes = fp.read()
        magic, _version, self._count, self._ids, self._texts = struct.unpack_from("<5I", self._data)
        if magic != _MAGIC:
            raise OSError("not a catalogue of texts")

    def gettext(self, message: str) -> str:
        found = self._known.get(message)
        if found is None:
            found = self._known[message] = self._found(message.encode()) or message
        return found

    def _found(self, wanted: bytes) -> str:
        """The format keeps its ids in order."""
        place = bisect_left(range(self._count), wanted, key=self._id)
        return self._at(self._texts, place).decode() if place < self._count and self._id(place) == wanted else ""

    def _id(self, place: int) -> bytes:
        return self._at(self._ids, place)

    def _at(self, table: int, place: int) -> bytes:
        length, start = _ENTRY.unpack_from(self._data, table + place * _ENTRY.size)
        return self._data[start : start + length]
