"""Pages of certificates for everybody, written beside the folder and put in its place when they are whole."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Command, TranslatedOption, day, desk
from ocop_flow.cli.output import emit, lines
from ocop_flow.cli.progress import progress
from ocop_flow.errors import Refused, Unavailable, reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_flow.cli.base import Desk

Json = dict[str, Any]


@click.command(
    "publish",
    cls=Command,
    help="Pages of all certificates for everybody: valid, ended, revoked; searchable on a phone.\n\n"
    "A folder of plain files for any web server or disk. What is personal never gets into it. Published again, the "
    "folder is replaced as a whole.",
)
@click.argument("folder")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only below this unit.")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="As seen on this day.")
@click.pass_context
def publish(ctx: click.Context, /, folder: str, unit: str | None, on: str | None) -> None:
    from ocop_flow import qr
    from ocop_flow.pages import public
    from ocop_flow.service import publishing

    table, target = desk(ctx), Path(folder)
    table.caller.known()
    check_ours(target)
    with progress(table, "Certificates") as shown, table.office.reader() as uow:
        found = publishing.published(uow, table.office, day(on) or table.office.today, unit, shown)
    written = replace_folder(target, public.site(found, qr.inline))
    certificates = found["certificates"]
    standing = {name: sum(each["status"] == name for each in certificates) for name in public.STANDING_KINDS}
    answer = {
        "folder": str(target),
        "on": found["on"],
        "unit": found["unit"],
        "certificates": {"total": len(certificates), **{name: count for name, count in standing.items() if count}},
        "key": found["key"],
        **written,
        "warnings": found["warnings"],
    }
    emit(ctx, answer, lambda value: _show(table, value))


def _show(table: Desk, value: Json) -> None:
    click.echo(table.tr("Written: {file}", file=Path(value["folder"]) / "index.html"))
    counted = value["certificates"]
    told = ", ".join(f"{count} {table.tr(name)}" for name, count in counted.items() if name != "total")
    size = f"{value['files']} / {value['bytes'] // 1024} KB"
    lines(table, [("As of", value["on"]), ("Certificates", f"{counted['total']}: {told}"), ("Files", size)])


def check_ours(folder: Path) -> None:
    """Refuses a folder with anything in it that was not published before."""
    from ocop_flow.pages.public import MARK

    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    index = folder / "index.html"
    if not (index.is_file() and f'content="{MARK}"' in index.read_text(encoding="utf-8", errors="replace")[:2000]):
        raise Refused(reason("site_not_ours", folder=str(folder)))


def replace_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, int]:
    """The folder with these files and no others; whoever looks sees the old ones or the new ones, never half.

    What a run that was cut off left beside it is cleared away. returns how many files and bytes
    raises  Unavailable (disk full, no right to write); the old folder stays
    """
    folder = folder.resolve()
    fresh, old = (folder.with_name(f".{folder.name}.{kind}") for kind in ("new", "old"))
    try:
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)
        counted = _write_all(fresh, files)
        if folder.exists():
            folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        detail = error.strerror or str(error)
        raise Unavailable(reason("target_not_writable", file=str(folder), detail=detail)) from error
    return counted


def _write_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, int]:
    folder.mkdir(parents=True)
    count = size = 0
    for name, data in files:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        count, size = count + 1, size + len(data)
    return {"files": count, "bytes": size}
