"""Text typed with the fonts used before Unicode, TCVN3 (.VnTime) and VNI (VNI-Times), told apart and converted.

Both print Vietnamese letters at places where Latin-1 has others: ``Hîp t¸c x·`` and ``Hôïp taùc xaõ`` are
``Hợp tác xã``. A text with a letter beyond Latin-1 (``ợ``, ``ă``, ``đ``) cannot be one of them. A text within Latin-1
may be either (``cã`` is ``có`` in TCVN3): then its column decides.
Source of TCVN3: TCVN 5712:1993, table 3. VNI has no standard; its table is that of the fonts in use.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from ocop_flow.domain.names import fold

Encoding = Literal["tcvn3", "vni"]
ENCODINGS: Final[tuple[Encoding, ...]] = ("tcvn3", "vni")

_TCVN3: Final = str.maketrans(
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
)
#: What VNI prints after a vowel: the mark that its second letter stands for.
_VNI_TONES: Final = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_ROOF: Final = dict(zip("âáàåãä", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_VNI_BREVE: Final = dict(zip("êéèúüë", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_VNI_SINGLE: Final = dict(zip("íìæóòîñôö", "íìỉĩịỵđơư", strict=True))

_SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|th|tr|ch|gh|gi|kh|ph|qu|[bcdghklmnprstvx])?"
    r"(?:uye|uya|uyu|uoi|uou|ieu|yeu|oai|oay|oeo|uay|uyn|ia|ie|iu|ua|ue|ui|uo|uy|oa|oe|oi|oo|ai|ao|au|ay|eo|eu|ya|ye"
    r"|a|e|i|o|u|y)(?:ch|ng|nh|[cmnpt])?"
)
_WORD: Final = re.compile(r"[^\W\d_]*[^\x00-\x7f][^\s0-9.,;:()/\"“”?!*-]*|[^\W\d_]+")
_MARKS: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")


def _vni_table() -> dict[str, str]:
    found = dict(_VNI_SINGLE)
    for base in "aeouyôö":
        for letter, tone in _VNI_TONES.items():
            found[base + letter] = _VNI_SINGLE.get(base, base) + tone
    for marks, bases, shape in ((_VNI_ROOF, "aeo", "\u0302"), (_VNI_BREVE, "a", "\u0306")):
        for base in bases:
            for letter, tone in marks.items():
                found[base + letter] = base + shape + tone
    found |= {key.upper(): text.upper() for key, text in found.items()}
    found |= {key[0].upper() + key[1:]: text[0].upper() + text[1:] for key, text in found.items() if len(key) == 2}
    return {key: unicodedata.normalize("NFC", text) for key, text in found.items()}


_VNI: Final = _vni_table()
_VNI_PIECE: Final = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def to_unicode(text: str, encoding: Encoding) -> str:
    """The text read in one of the two encodings, in NFC."""
    if encoding == "tcvn3":
        return unicodedata.normalize("NFC", text.translate(_TCVN3))
    return unicodedata.normalize("NFC", _VNI_PIECE.sub(lambda match: _VNI[match[0]], text))


@lru_cache(maxsize=20_000)
def reads_as_vietnamese(text: str) -> bool:
    """Whether every word with marks is a syllable that Vietnamese can have, with one tone at most."""
    return all(_is_syllable(word) for word in _WORD.findall(text) if not word.isascii())


def _is_syllable(word: str) -> bool:
    if not word.isalpha():
        return False
    if not (word.islower() or word.isupper() or word[1:].islower()):
        return False
    tones = sum(mark in _MARKS for mark in unicodedata.normalize("NFD", word))
    letters = unicodedata.normalize("NFD", word.lower())
    strange = any(
        unicodedata.combining(mark) and mark not in _MARKS | {"\u0302", "\u0306", "\u031b"} for mark in letters
    )
    return tones <= 1 and not strange and _SYLLABLE.fullmatch(fold(word)) is not None


@lru_cache(maxsize=20_000)
def certain(text: str) -> Encoding | Literal["unicode"] | None:
    """What a text can only be: Unicode, or one of the two encodings; None where it may be several."""
    if text.isascii():
        return None
    if any(ord(letter) > 0xFF and letter not in "“”‘’–—…★☆•" for letter in unicodedata.normalize("NFC", text)):
        return "unicode"
    if reads_as_vietnamese(text):
        return None
    fitting = [name for name in ENCODINGS if reads_as_vietnamese(to_unicode(text, name))]
    return fitting[0] if len(fitting) == 1 else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the texts of a column are written.

    encoding  what its certain texts are in; None for Unicode
    mixed     whether some are certainly Unicode: then a text that may be either is left as it is, and is doubtful
    """

    encoding: Encoding | None
    mixed: bool


def judge(texts: Iterable[str]) -> Verdict:
    """How a column of texts is written, from those that can only be one thing."""
    counts = {"tcvn3": 0, "vni": 0, "unicode": 0}
    for text in texts:
        found = certain(text)
        if found is not None:
            counts[found] += 1
    best: Encoding = "tcvn3" if counts["tcvn3"] >= counts["vni"] else "vni"
    return Verdict(best if counts[best] else None, counts["unicode"] > 0)


def converted(text: str, verdict: Verdict) -> tuple[str, bool]:
    """(the text in Unicode, whether that is doubtful) under the verdict on its column."""
    if verdict.encoding is None or text.isascii():
        return text, False
    known = certain(text)
    if known == "unicode":
        return text, False
    if known is not None:
        return to_unicode(text, known), False
    turned = to_unicode(text, verdict.encoding)
    return (text, turned != text) if verdict.mixed else (turned, not reads_as_vietnamese(turned))
