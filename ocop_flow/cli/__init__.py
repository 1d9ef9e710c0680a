"""The command line ``ocop``. Nouns load when they are called; ``ocop --help`` loads none of them."""

from __future__ import annotations

import gc
import sys
from gettext import gettext
from importlib import import_module
from typing import Any

import click

from ocop_flow import i18n
from ocop_flow.cli import own, streams, words
from ocop_flow.cli.base import Desk, Group, TranslatedOption, desk, faults_of, language, spoken
from ocop_flow.errors import OcopFlowError, Reason, Refused, Unavailable, reason

#: name -> (module, Vietnamese alias, short help). In the order in which an office meets them.
COMMANDS: dict[str, tuple[str, str | None, str]] = {
    "guide": ("guide", None, "How to do a task; your own tasks and commands first."),
    "inbox": ("dossiers", "viec", "Dossiers that wait for your unit, nearest duty first."),
    "work": ("work", "lamviec", "Work at the screen by keyboard: inbox, dossiers, moves and council sheets."),
    "dossier": ("dossiers", "hoso", "Open, show and list product dossiers."),
    "advance": ("dossiers", "xuly", "Move a dossier by one action."),
    "attach": ("dossiers", "dinhkem", "File evidence with a dossier."),
    "detach": ("dossiers", "godinhkem", "Withdraw evidence that was filed wrongly."),
    "undo": ("dossiers", None, "Take back your newest act on a dossier."),
    "fix": ("dossiers", None, "Correct the product set, name or commune before scoring."),
    "search": ("searching", "tra", "Find dossiers and certificates by any part of a name."),
    "board": ("searching", "bang", "How many dossiers stand where, the oldest and the late ones."),
    "worklist": ("worklists", "danhsach", "Work lists in Excel for those who have no login."),
    "packet": ("packets", "goihoso", "Electronic sets for the next office: put together, checked, taken once."),
    "deadline": ("deadlines", "han", "Duties and how their days were found."),
    "remind": ("remind", "nhac", "Reminders of duties: found, sent, proven."),
    "scheduler": ("scheduler", None, "The service that finds what is due and writes to who must act."),
    "council": ("councils", "hoidong", "Councils, sittings, scores and results."),
    "criteria": ("criteria", None, "Criteria that the program lacks, typed in from Excel."),
    "rating": ("rating", None, "What would these points give?"),
    "decision": ("decisions", "quyetdinh", "Numbered, signed decisions: drafted, recorded, shown."),
    "certificate": ("certificates", "chungnhan", "Certificates and when they end."),
    "publish": ("publishing", None, "Pages of certificates for everybody: static, searchable, without personal data."),
    "register": ("registers", None, "Registers for any days: intake, certificates, expiry."),
    "paper": ("printing", None, "Papers for Word: forms, minutes, decisions, notices."),
    "promotion": ("promotions", None, "Trade promotion: fairs, shops, media, the mark, support and rewards."),
    "inspection": ("inspections", None, "Inspections after recognition."),
    "complaint": ("complaints", None, "Complaints and what was answered."),
    "letter": ("authority_letters", None, "Letters from other authorities and what was answered."),
    "file": ("casefile", None, "The file of a dossier or certificate, put together for an answer."),
    "dispute": ("disputes", None, "The mark that a dossier or certificate is disputed."),
    "plan": ("plans", "kehoach", "Plans, milestones and targets."),
    "report": ("figures", "baocao", "Figures from the records: on the screen, in Excel, Word or the browser."),
    "export": ("figures", None, "A table in the form of another office's template, by a layout of yours."),
    "chart": ("figures", None, "A picture of figures: funnel, stars, renewal or calendar (.svg, .png)."),
    "calendar": ("calendars", None, "Working days and due dates."),
    "entity": ("registry", None, "Entities taking part."),
    "product": ("registry", None, "Products of the entities."),
    "unit": ("units", None, "Administrative units through time."),
    "person": ("people", None, "People, posts and delegations."),
    "workflow": ("workflows", None, "The law as data: list, show, check, adopt."),
    "audit": ("audit", "kiemtoan", "Replay and verify histories."),
    "withhold": ("withholding", None, "Seal or erase personal data by a numbered decision."),
    "demo": ("demo", None, "A year of an office in seconds."),
    "backup": ("backups", None, "Everything in one file, made while others work."),
    "restore": ("backups", None, "A backup put back, after checking all of it."),
    "admin": ("admin", None, "For the administrator of the database server."),
    "init": ("setup", None, "Make or upgrade a database."),
    "login": ("setup", None, "Log in."),
    "logout": ("setup", None, "Log out."),
    "whoami": ("setup", None, "Who is logged in, with which posts."),
    "doctor": ("setup", None, "Check the installation and the database."),
}
ALIASES = {alias: name for name, (_, alias, _) in COMMANDS.items() if alias}


class Root(Group):
    """The program itself: its commands stand in a table, so that listing them loads none."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with streams.piped():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with streams.piped():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = ALIASES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        module = import_module(f"ocop_flow.cli.{COMMANDS[name][0]}")
        found: click.Command = getattr(module, name.replace("-", "_"))
        return found

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """The names, and the Vietnamese aliases beside them."""
        from click.shell_completion import CompletionItem

        aliases = [CompletionItem(alias, help=name) for alias, name in ALIASES.items() if alias.startswith(incomplete)]
        return [*aliases, *super().shell_complete(ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands of the caller's roles first, where it is known who that is."""
        lang = spoken(ctx)
        roles = own.roles(desk(ctx).typed)
        needed = ["guide", *own.commands(roles)] if roles else []
        first = [name for name in COMMANDS if name in needed]
        others = [name for name in COMMANDS if name not in needed]
        if first:
            called = ", ".join(i18n.word(role, lang) for role in roles)
            _section(formatter, i18n.translate("Your commands ({roles})", lang).format(roles=called), first, lang)
        _section(formatter, i18n.translate("Other commands" if first else "Commands", lang), others, lang)


def _section(formatter: click.HelpFormatter, title: str, names: list[str], lang: str) -> None:
    listed = []
    for name in names:
        _, alias, text = COMMANDS[name]
        shown = f"{alias}, {name}" if alias and lang == "vi" else f"{name}, {alias}" if alias else name
        listed.append((shown, i18n.translate(text, lang)))
    with formatter.section(title):
        formatter.write_dl(listed)


@click.group(
    cls=Root,
    help="Product dossiers of the OCOP programme: from proposal to promotion, under the law of the day.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(
    package_name="ocop_flow",
    prog_name="ocop",
    message="%(prog)s %(version)s",
    cls=TranslatedOption,
    help="Show the version and exit.",
)
@click.pass_context
def ocop(ctx: click.Context) -> None:
    desk(ctx)


def main(arguments: list[str] | None = None) -> None:
    """Run one command line and exit with the code of the contract."""
    # Importing makes many objects and no garbage; at the default threshold the collector walks them over and over.
    gc.set_threshold(100_000, 20, 20)
    given = sys.argv[1:] if arguments is None else arguments
    # Nothing is closed on the way out: SQLite's last connection to close would checkpoint the log, after every command.
    sys.exit(_spoken(given, _desk(given)))


def _desk(arguments: list[str]) -> Desk:
    """With the language as typed, wherever it stands: help and usage errors come before it is parsed."""
    return Desk(typed=tuple(arguments), lang=own.option(arguments, "--lang"))


def run(arguments: list[str]) -> int:
    """The same without leaving the interpreter: the exit code; nothing stays open."""
    table = _desk(arguments)
    try:
        return _spoken(arguments, table)
    finally:
        table.close()


def _spoken(arguments: list[str], table: Desk) -> int:
    streams.use_utf8()
    lang = language(table.lang)
    with i18n.spoken(lang):
        return _run(arguments, table, "--json" in arguments, lang)


def _run(arguments: list[str], table: Desk, as_json: bool, lang: str) -> int:
    try:
        words.check(arguments)
        result = ocop.main(arguments, prog_name="ocop", standalone_mode=False, obj=table)
    except OcopFlowError as error:
        return _fail(error, as_json, lang, table)
    except click.exceptions.NoArgsIsHelpError as error:
        return _named_alone(error, as_json, lang)
    except click.UsageError as error:
        return _usage(error, as_json, lang)
    except (click.Abort, KeyboardInterrupt):
        return _fail(Refused(reason("interrupted")), as_json, lang)
    except streams.OutputClosedError:
        # What was asked was done; who stops reading, as ``head`` does, has read enough.
        streams.hush(sys.stdout)
        return 0
    except Exception as error:  # noqa: BLE001 - the edge: whatever is left is a fault of the program, told as one
        if isinstance(error, OSError) and streams.fails(sys.stdout):
            return _untold(error, lang, table.writes)
        if isinstance(error, OSError) and error.filename is not None:
            return _fail(_unusable(error), as_json, lang)
        return _bug(error, as_json, lang, table)
    return int(result) if isinstance(result, int) else 0


def _fail(error: OcopFlowError, as_json: bool, lang: str, table: Desk | None = None) -> int:
    from ocop_flow.cli.output import show_error

    try:
        show_error(error, as_json=as_json, lang=lang, office=table.opened if table is not None else None)
    except OSError:
        # The exit code still tells it.
        streams.hush(sys.stdout if as_json else sys.stderr)
    return error.exit_code


def _named_alone(error: click.UsageError, as_json: bool, lang: str) -> int:
    """A noun without a verb: its help for people; for programs, which read one document, wrong usage."""
    if as_json:
        return _usage(click.UsageError(gettext("Missing command."), error.ctx), as_json, lang)
    click.echo(error.format_message())
    return 0


def _usage(error: click.UsageError, as_json: bool, lang: str) -> int:
    """Wrong usage; where several options are missing or unreadable, each of them."""
    from ocop_flow.errors import InputInvalid

    return _fail(InputInvalid(*(_misused(each, lang) for each in faults_of(error))), as_json, lang)


def _misused(error: click.UsageError, lang: str) -> Reason:
    command = error.ctx.command_path if error.ctx else "ocop"
    if isinstance(error, click.MissingParameter) and isinstance(error.param, click.Argument):
        error.param_hint = f"'{i18n.placeholders(error.param.human_readable_name, lang)}'"
    return reason("usage", detail=error.format_message(), command=command)


def _untold(error: OSError, lang: str, recorded: bool) -> int:
    """The answer does not go out, on a full disk for one: what was recorded before stays recorded.

    recorded  whether it is the answer to an act; a mere question is asked again
    """
    streams.hush(sys.stdout)
    told = Unavailable(
        reason("output_unwritable" if recorded else "answer_unwritable", detail=error.strerror or str(error))
    )
    return _fail(told, as_json=False, lang=lang)


def _unusable(error: OSError) -> Unavailable:
    """A file or folder that the system does not let us use: its name too long, its disk full, its rights too few."""
    return Unavailable(reason("file_unusable", file=str(error.filename), detail=error.strerror or str(error)))


def _bug(error: Exception, as_json: bool, lang: str, table: Desk) -> int:
    """Faults of the database, and of records changed in it, get their own words; anything else is one of the program:
    a reference, and the traceback on stderr.
    """
    from ocop_flow.cli import bugs

    if bugs.of_database(error):
        return _fail(bugs.unavailable(error), as_json, lang)
    altered = bugs.altered(table.opened) if table.opened is not None else None
    if altered is not None:
        return _fail(Unavailable(altered), as_json, lang)
    _fail(Unavailable(bugs.told(error)), as_json, lang)
    return bugs.EXIT
