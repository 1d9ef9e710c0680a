"""QR codes as pictures: written with segno, read with zxing-cpp and Pillow (extra ``documents``)."""

from __future__ import annotations

from pathlib import Path

from ocop_flow.errors import InputInvalid, NotFound, Unavailable, reason

#: Kinds of pictures that can be written.
KINDS = (".png", ".svg")
#: Modules of light around the code that readers ask for, and pixels of a module: prints at about 5 cm at 300 dpi.
_BORDER, _SCALE = 4, 6


def write(text: str, path: Path) -> None:
    """A QR code of a text, with the correction level M, as ``.png`` or ``.svg`` by the ending.

    raises  InputInvalid (another ending), Unavailable (cannot be written)
    """
    import segno

    if path.suffix.lower() not in KINDS:
        raise InputInvalid(reason("target_kind_unknown", file=path.name, known=", ".join(KINDS)))
    try:
        segno.make_qr(text, error="m").save(str(path), scale=_SCALE, border=_BORDER)
    except OSError as error:
        raise Unavailable(reason("folder_not_writable", path=str(path), detail=str(error))) from error


def inline(text: str) -> str:
    """A QR code of a text as the address of a picture (``data:``), one pixel a module, to be enlarged by its page.

    The mask is given, for a signed code looks like chance under any of them and trying all takes most of the time.
    """
    import segno

    address: str = segno.make_qr(text, error="m", mask=2).png_data_uri(scale=1, border=_BORDER)
    return address


def read(path: Path) -> str:
    """The text of the one QR code in a picture.

    raises  Unavailable (the extra is not installed), InputInvalid (no picture, no code in it, several), NotFound
    """
    try:
        import zxingcpp
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise Unavailable(reason("extra_missing", extra="documents", what=path.name)) from error
    if not path.is_file():
        raise NotFound(reason("file_absent", file=str(path)))
    try:
        with Image.open(path) as picture:
            found = zxingcpp.read_barcodes(picture.convert("L"))
    except (UnidentifiedImageError, OSError) as error:
        raise InputInvalid(reason("picture_unreadable", file=path.name, detail=str(error))) from error
    texts = list(dict.fromkeys(each.text for each in found if each.text))
    if len(texts) != 1:
        raise InputInvalid(reason("picture_codes", file=path.name, count=len(texts)))
    return texts[0]
