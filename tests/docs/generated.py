"""The parts of the documentation that are made from the product, and the command that makes them.

``python -m tests.docs.generated`` writes docs/cli.md, docs/cli.vi.md and the table of regimes in both README files;
``test_docs`` fails while one of them differs from what this module makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from ocop_flow import cli, i18n, regimes
from ocop_flow.cli.base import Desk, common_options

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "python -m tests.docs.generated"
#: Options that every command takes; told once.
COMMON = frozenset(option.name for option in common_options(writes=True)) | {"help"}


class Words(NamedTuple):
    """What the pages say themselves."""

    title: str
    made: str
    common: str
    also: str
    option: str
    meaning: str
    regimes: tuple[str, str, str, str]
    open_end: str


WORDS = {
    "en": Words(
        title="Command reference",
        made="Made from the program by `{command}`; do not edit. Exit codes are in README.md.",
        common="Every command also takes these options; the last two only where something is written.",
        also="In Vietnamese: `ocop {alias}`.",
        option="option",
        meaning="meaning",
        regimes=("regime", "law", "from", "to"),
        open_end="in force",
    ),
    "vi": Words(
        title="Tra cứu lệnh",
        made="Trang này do lệnh `{command}` tạo từ chương trình; không sửa tay. Mã kết thúc: xem README.vi.md.",
        common="Mọi lệnh đều nhận thêm các tùy chọn sau; hai tùy chọn cuối chỉ dùng khi có ghi dữ liệu.",
        also="Tên tiếng Việt: `ocop {alias}`.",
        option="tùy chọn",
        meaning="ý nghĩa",
        regimes=("mã", "quy định", "từ ngày", "đến ngày"),
        open_end="đang áp dụng",
    ),
}


def pages() -> dict[Path, str]:
    """Every file with a made part -> its whole text as it should be."""
    made = {ROOT / "docs" / "cli.md": reference("en"), ROOT / "docs" / "cli.vi.md": reference("vi")}
    for name, lang in (("README.md", "en"), ("README.vi.md", "vi")):
        made[ROOT / name] = with_regimes((ROOT / name).read_text(encoding="utf-8"), lang)
    return made


def reference(lang: str) -> str:
    """All commands in the order of ``ocop --help``, each with its arguments and options."""
    words = WORDS[lang]
    parts = [f"# {words.title}", words.made.format(command=COMMAND), words.common, _common_table(lang)]
    root = click.Context(cli.ocop, info_name="ocop", obj=Desk(lang=lang))
    for name in cli.COMMANDS:
        command = cli.ocop.get_command(root, name)
        assert command is not None, name
        parts += _command(click.Context(command, info_name=name, parent=root), lang, 2)
    return "\n\n".join(parts) + "\n"


def _command(ctx: click.Context, lang: str, level: int) -> Iterator[str]:
    command = ctx.command
    yield f"{'#' * level} {ctx.command_path}"
    yield i18n.translate(command.help or "", lang)
    alias = cli.COMMANDS[ctx.info_name or ""][1] if level == 2 else None
    if alias:
        yield WORDS[lang].also.format(alias=alias)
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None, name
            yield from _command(click.Context(found, info_name=name, parent=ctx), lang, level + 1)
        return
    yield f"```text\n{' '.join([ctx.command_path, *command.collect_usage_pieces(ctx)])}\n```"
    options = [each for each in command.params if isinstance(each, click.Option) and each.name not in COMMON]
    if records := _records(options, ctx):
        yield _table(records, lang)


def _common_table(lang: str) -> str:
    ctx = click.Context(cli.ocop, info_name="ocop", obj=Desk(lang=lang))
    return _table(_records(common_options(writes=True), ctx), lang)


def _records(options: Sequence[click.Option], ctx: click.Context) -> list[tuple[str, str]]:
    return [record for option in options if (record := option.get_help_record(ctx)) is not None]


def _table(records: list[tuple[str, str]], lang: str) -> str:
    rows = [f"| `{_cell(names)}` | {_cell(text)} |" for names, text in records]
    return "\n".join([f"| {WORDS[lang].option} | {WORDS[lang].meaning} |", "|---|---|", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").strip()


def regime_table(lang: str) -> str:
    """Which shipped regime is a dossier filed under on which day."""
    head = f"| {' | '.join(WORDS[lang].regimes)} |\n|---|---|---|---|"
    rows = []
    for name in regimes.shipped():
        regime = regimes.load_regime(name)
        ends = regime.effective_to.isoformat() if regime.effective_to else WORDS[lang].open_end
        starts = regime.effective_from.isoformat() if regime.effective_from else ""
        title = regime.title.vi if lang == "vi" else regime.title.en
        rows.append(f"| `{regime.id}` | {title} | {starts} | {ends} |")
    return "\n".join([head, *rows])


def with_regimes(text: str, lang: str) -> str:
    """A README with its table of regimes made anew."""
    pattern = re.compile(r"(<!-- regimes -->\n).*?(<!-- /regimes -->)", re.DOTALL)
    assert len(pattern.findall(text)) == 1
    return pattern.sub(lambda found: found[1] + regime_table(lang) + "\n" + found[2], text)


def main() -> None:
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
