"""Packets from office to office: ``ocop packet make``, ``open``, ``list``."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow import i18n
from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, WriteCommand, act_of, act_options, desk
from ocop_flow.cli.output import emit, rows, unit_text
from ocop_flow.cli.writing import answer, write
from ocop_flow.errors import InputInvalid, Text, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]
#: Largest content of a packet once unpacked, in bytes, and most files: a bomb, not a hand-over.
_UNPACKED, _FILES = 4_000_000_000, 20_000
HEADING_LABELS = ("No.", "Paper", "Day", "Copies, number", "File", "SHA-256")


@click.group(cls=Group, help="Electronic sets for the next office: put together, checked, taken once.")
def packet() -> None: ...


@packet.command(
    "make",
    cls=WriteCommand,
    help="Put the electronic set of dossiers together: cover sheet, every paper that is kept, hashes.",
)
@click.argument("dossiers", metavar="DOSSIER…", nargs=-1, required=True)
@click.option("--out", required=True, metavar="FILE", cls=TranslatedOption, help="New file, .zip.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Unit that hands over (default: yours).")
@click.option("--to", metavar="CODE", cls=TranslatedOption, help="Unit that receives (default: who holds them now).")
@act_options
@click.pass_context
def make(
    ctx: click.Context, /, dossiers: tuple[str, ...], out: str, unit: str | None, to: str | None, **options: Any
) -> None:
    from ocop_flow.cli.declaring import check_new, write_file
    from ocop_flow.service import packets

    table, path = desk(ctx), Path(out)
    if path.suffix.lower() != ".zip":
        raise InputInvalid(reason("target_kind_unknown", file=path.name, known=".zip"))
    command = packets.Make(dossiers, unit, to, act_of(options))

    def work(uow: UnitOfWork) -> Json:
        # Asked here, for a repeated key finds the file that its first answer names.
        check_new(path)
        manifest, files = packets.make(uow, table.office, table.caller, command)
        if not table.dry_run:
            # Within the transaction: a packet that could not be written was not given out.
            write_file(path, _packed(table, manifest, files))
        return {
            "code": manifest["code"],
            "from": manifest["from"],
            "to": manifest["to"],
            "file": str(path),
            "dossiers": [each["code"] for each in manifest["dossiers"]],
            "files": len(files),
        }

    told = "Packet {code} for {to}: {count} dossiers, {files} files, in {file}"
    found = answer(replace(table, yes=True), "packet make", command, work, lambda _: None)
    values = {"code": found["code"], "files": found["files"], "file": found["file"]}
    emit(
        ctx,
        found,
        lambda v: click.echo(table.tr(told, **values, to=unit_text(v["to"]), count=len(v["dossiers"]))),
    )


def _packed(table: Desk, manifest: Json, files: Mapping[str, bytes]) -> bytes:
    from ocop_flow.domain import packet as packets

    year, month, day = (int(part) for part in manifest["on"].split("-"))
    own = {
        packets.COVER: _cover(table, manifest).encode(),
        packets.MANIFEST: packets.encoded(manifest),
        packets.SUMS: packets.sums(manifest),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in {**own, **files}.items():
            entry = zipfile.ZipInfo(name, (year, month, day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, data)
    return out.getvalue()


def _cover(table: Desk, manifest: Json) -> str:
    """The sheet for people: from whom, to whom, every paper with its file and hash, room for two signatures."""
    from ocop_flow.pages.environment import page

    def shown(iso: str) -> str:
        return i18n.days(iso, table.language)

    words = {
        "title": table.tr("HAND-OVER SHEET OF DOSSIERS"),
        "from": table.tr("Handed over by:"),
        "to": table.tr("Received by:"),
        "by": table.tr("Put together by:"),
        "state": table.tr("Stands at:"),
        "held": table.tr("paper or sample, handed over separately"),
        "giver": table.tr("FOR THE GIVER"),
        "taker": table.tr("FOR THE RECEIVER"),
        "headings": [table.tr(label) for label in HEADING_LABELS],
    }
    days = {paper["on"]: shown(paper["on"]) for each in manifest["dossiers"] for paper in each["papers"]}
    return page(
        "packet.html.j2", packet=manifest, words=words, lang=table.language, day=shown(manifest["on"]), days=days
    )


@packet.command(
    "open",
    cls=WriteCommand,
    help="Check a packet that came in and take it, once; a missing or altered file is refused by its name.",
)
@click.argument("file", metavar="FILE.zip")
@click.option("--out", metavar="FOLDER", cls=TranslatedOption, help="New folder into which its files are put.")
@act_options
@click.pass_context
def open_(ctx: click.Context, /, file: str, out: str | None, **options: Any) -> None:
    from ocop_flow.cli.declaring import check_new
    from ocop_flow.domain import packet as packets
    from ocop_flow.service.packets import Take, take

    table, target = desk(ctx), Path(out) if out else None
    manifest = _checked(Path(file))
    command = Take(packets.digest(manifest), act_of(options))

    def work(uow: UnitOfWork) -> Json:
        if target is not None:
            check_new(target)
        return take(uow, table.office, table.caller, manifest, command)

    def human(v: Json) -> None:
        values = {"code": v["code"], "files": v["files"], "count": len(v["dossiers"])}
        told = "Packet {code} of {unit}: {count} dossiers, {files} files, all of them whole."
        click.echo(table.tr(told, **values, unit=unit_text(v["from"])))
        for code in v["dossiers"]:
            click.echo(f"  {code}")

    write(ctx, "packet open", command, work, human)
    # A repeated key finds the folder there, or puts into it what an interruption kept back.
    if target is not None and not table.dry_run and not target.exists():
        _unpack(Path(file), target)


def _checked(path: Path) -> Json:
    """What the packet says of itself; raises InputInvalid naming every file that is missing, altered or too much."""
    from ocop_flow.cli.files import content
    from ocop_flow.domain import packet as packets

    try:
        with zipfile.ZipFile(io.BytesIO(content(str(path)))) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            if len(entries) > _FILES or sum(entry.file_size for entry in entries) > _UNPACKED:
                raise InputInvalid(reason("file_too_large", file=path.name, limit=_UNPACKED))
            names = [entry.filename for entry in entries]
            manifest = packets.decoded(packed.read(packets.MANIFEST)) if packets.MANIFEST in names else None
            if manifest is None or len(set(names)) != len(names):
                raise InputInvalid(reason("packet_not_ours", file=path.name))
            found = {name: _sum(packed, name) for name in names}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InputInvalid(reason("packet_damaged", file=path.name, detail=_why(error))) from error
    told = packets.faults(manifest, found, path.name)
    if told:
        raise InputInvalid(*told)
    return manifest


def _why(error: Exception) -> Text:
    """What keeps an archive closed, for the sender to mend."""
    import zipfile

    if isinstance(error, zipfile.BadZipFile):
        return Text("không phải tệp nén .zip, hoặc tệp bị cụt", "it is no .zip archive, or its end is missing")
    if isinstance(error, (RuntimeError, NotImplementedError)):
        return Text("tệp có mật khẩu hoặc nén kiểu lạ", "it has a password or is packed in an unknown way")
    return Text("tệp không đọc được trọn vẹn", "it cannot be read to its end")


def _sum(packed: zipfile.ZipFile, name: str) -> str:
    """SHA-256 of a file; of one whose own check sum is wrong, none that any file has."""
    total = hashlib.sha256()
    try:
        with packed.open(name) as part:
            while piece := part.read(1 << 20):
                total.update(piece)
    except (zipfile.BadZipFile, EOFError):
        return "-" * 64
    return total.hexdigest()


def _unpack(path: Path, target: Path) -> None:
    """Its files in a new folder; every name was in the list of what belongs there."""
    from ocop_flow.cli.declaring import write_file

    with zipfile.ZipFile(path) as packed:
        for entry in packed.infolist():
            place = target / entry.filename
            if target.resolve() in place.resolve().parents and not entry.is_dir():
                place.parent.mkdir(parents=True, exist_ok=True)
                write_file(place, packed.read(entry))


@packet.command("list", cls=Command, help="Packets that were made or came in, and which were taken.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only of this unit.")
@click.pass_context
def list_(ctx: click.Context, /, unit: str | None) -> None:
    from ocop_flow.service import worklists
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = worklists.listed(uow, "packet", unit)
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Packet", "From", "To", "Made on", "Taken on", "Typed by"],
            [
                (v["code"], unit_text(v["unit"]), unit_text(v["to"]), v["given_on"], v["taken_on"], v["taken_by"])
                for v in value
            ],
        ),
    )
