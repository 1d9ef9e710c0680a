"""What every command shares: the common options before or after it, the language, the office, the asking once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from gettext import gettext
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ocop_flow import i18n
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from ocop_flow.config import Settings
    from ocop_flow.domain.commands import Act
    from ocop_flow.service.office import Caller, Office

if TYPE_CHECKING:
    _Numbers = click.ParamType[int]
else:
    # Older releases of click do not say what a type makes of a text.
    _Numbers = click.ParamType

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Desk:
    """The state of one invocation: options as given, office opened when first asked for.

    typed      the whole command line
    open_door  whether the command serves people who are not logged in: login, logout, doctor
    writes     whether the command under way records something
    """

    typed: tuple[str, ...] = ()
    db: str | None = None
    lang: str | None = None
    handle: str | None = None
    as_json: bool = False
    dry_run: bool = False
    yes: bool = False
    open_door: bool = False
    writes: bool = False
    _settings: Settings | None = field(default=None, repr=False)
    _office: Office | None = field(default=None, repr=False)
    _caller: Caller | None = field(default=None, repr=False)

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            from ocop_flow import config

            self._settings = config.read(self.db, self.lang, self.handle)
        return self._settings

    @property
    def office(self) -> Office:
        """The office; only a training database shows or takes anything without a login (DESIGN section 7).

        raises  Unavailable (no usable database), Refused (not logged in, ``--as`` or ``OCOP_NOW`` out of place)
        """
        if self._office is None:
            from ocop_flow import bootstrap

            self._office = bootstrap.open_office(self.settings)
            if not self._office.sandbox and not self.open_door:
                self.caller.known()
        return self._office

    @property
    def opened(self) -> Office | None:
        """The office, if it was opened."""
        return self._office

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if self._office is not None:
            self._office.close()

    @property
    def caller(self) -> Caller:
        """Who is at the keyboard; asked once, for noting the use of a login is a transaction of its own."""
        if self._caller is None:
            from ocop_flow import bootstrap

            self._caller = bootstrap.caller(self.settings, self.office)
        return self._caller

    @property
    def language(self) -> str:
        return language(self.lang)

    def tr(self, text: str, **values: object) -> str:
        """A text in the caller's language."""
        shown = {k: i18n.days(value, self.language) if isinstance(value, str) else value for k, value in values.items()}
        return i18n.translate(text, self.language).format(**shown)


def language(option: str | None) -> str:
    """vi unless the option or OCOP_LANG says en; a language that does not exist is told when settings are read."""
    import os

    chosen = option or os.environ.get("OCOP_LANG") or "vi"
    return chosen if chosen in i18n.LANGUAGES else "vi"


def desk(ctx: click.Context) -> Desk:
    """The invocation's desk, made at the root."""
    root = ctx.find_root()
    if not isinstance(root.obj, Desk):
        root.obj = Desk()
    found: Desk = root.obj
    return found


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def callback(ctx: click.Context, _param: click.Parameter, value: Any) -> Any:
        if value not in (None, False):
            setattr(desk(ctx), name, value)
        return value

    return callback


class Whole(_Numbers):
    """A whole number from ``least`` to ``most`` that a database can keep; neither ``²`` nor ``1_000`` is one."""

    name = "integer"

    def __init__(self, least: int = 0, most: int | None = None) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from ocop_flow.domain.numerals import whole

        found = value if isinstance(value, int) else whole(value.strip())
        if found is None or found < self.least or (self.most is not None and found > self.most):
            said = gettext("{value!r} is not a valid {number_type}.")
            self.fail(said.format(value=value, number_type=self.name), param, ctx)
        return found


#: A year of the calendar.
YEAR = Whole(1, 9999)


def common_options(*, writes: bool) -> list[TranslatedOption]:
    """--db --lang --as --json, and --dry-run where something is written."""
    options = [
        TranslatedOption(
            ["--db"], metavar="URL", expose_value=False, callback=_remember("db"), help="Database: path or URL."
        ),
        TranslatedOption(
            ["--lang"], metavar="vi|en", expose_value=False, callback=_remember("lang"), help="Language: vi or en."
        ),
        TranslatedOption(
            ["--as"],
            metavar="HANDLE",
            expose_value=False,
            callback=_remember("handle"),
            help="Who acts, in a training database.",
        ),
        TranslatedOption(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_remember("as_json"),
            help="Print one JSON document.",
        ),
    ]
    if writes:
        options.append(
            TranslatedOption(
                ["--dry-run"],
                is_flag=True,
                expose_value=False,
                callback=_remember("dry_run"),
                help="Check everything, write nothing.",
            )
        )
        options.append(
            TranslatedOption(
                ["--yes", "-y"],
                is_flag=True,
                expose_value=False,
                callback=_remember("yes"),
                help="Do not ask before writing.",
            )
        )
    return options


def spoken(ctx: click.Context | None) -> str:
    """The language of an invocation."""
    root = ctx.find_root().obj if ctx else None
    return language(root.lang if isinstance(root, Desk) else None)


class Translated(click.Command):
    """Help in the caller's language; English source texts stand in the code."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        kept = self.help, self.epilog
        try:
            self.help, self.epilog = (i18n.translate(text or "", spoken(ctx)) for text in kept)
            super().format_help(ctx, formatter)
        finally:
            self.help, self.epilog = kept

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [i18n.placeholders(piece, spoken(ctx)) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = i18n.translate("Show this message and exit.", spoken(ctx))
        return option

    def get_short_help_str(self, limit: int = 72) -> str:
        text = i18n.translate(self.help or "", spoken(click.get_current_context(silent=True)))
        return text.split("\n\n", maxsplit=1)[0].replace("\n", " ").strip()[: limit + 30]


class TranslatedOption(click.Option):
    """An option whose help is shown in the caller's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        kept = self.help, self.metavar
        try:
            self.help = i18n.translate(self.help or "", spoken(ctx))
            self.metavar = i18n.placeholders(self.metavar, spoken(ctx)) if self.metavar else None
            return super().get_help_record(ctx)
        finally:
            self.help, self.metavar = kept


class FaultyOptionsError(click.UsageError):
    """Several options or arguments are missing or cannot be read: each is told (DESIGN section 7, exit 2)."""

    def __init__(self, faults: list[click.BadParameter]) -> None:
        super().__init__(faults[0].message, faults[0].ctx)
        self.faults = faults


def faults_of(error: click.UsageError) -> Sequence[click.UsageError]:
    """What is wrong with a command line, one by one."""
    return error.faults if isinstance(error, FaultyOptionsError) else [error]


class Command(Translated):
    """A command that takes the common options after its name too."""

    writes = False

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Click stops at the first option that is missing or unreadable; here each of them is told."""
        typed = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter:
            values, _, order = self.make_parser(ctx).parse_args(args=typed)
            raise FaultyOptionsError(list(self._faults(ctx, values, order))) from None

    def _faults(
        self, ctx: click.Context, values: dict[str, Any], order: list[click.Parameter]
    ) -> Iterator[click.BadParameter]:
        for param in click.core.iter_params_for_processing(order, self.get_params(ctx)):
            try:
                param.handle_parse_result(ctx, values, [])
            except click.BadParameter as error:
                yield error

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(common_options(writes=self.writes))

    def invoke(self, ctx: click.Context) -> Any:
        """Runs it; what cannot be tried without being done (init, login, sending) refuses --dry-run instead."""
        table = desk(ctx)
        if table.dry_run and not self.writes:
            raise click.UsageError(table.tr("--dry-run has no meaning for this command: leave it out."), ctx)
        table.writes = self.writes and not table.dry_run
        return super().invoke(ctx)


class WriteCommand(Command):
    writes = True


class Group(Translated, click.Group):
    """A noun with its verbs."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(common_options(writes=True))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        return super().resolve_command(ctx, args)


def _key(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """A key that says nothing would be the same for every command; raises InputInvalid."""
    if value is not None and not value.strip():
        raise InputInvalid(reason("key_empty"))
    return value


def act_options(function: F) -> F:
    """--on --by --entry --key --reason, accepted by every command that records an act."""
    function = recording_options(function)
    for option in reversed(
        (
            click.option(
                "--on", "on", cls=TranslatedOption, metavar="DATE", help="Day on which it was done (default: today)."
            ),
            click.option(
                "--by", "by", cls=TranslatedOption, metavar="HANDLE", help="Who did it (default: the caller)."
            ),
        )
    ):
        function = option(function)
    return function


def recording_options(function: F) -> F:
    """--entry --key --reason: how an act is recorded, whoever did it and when."""
    for option in reversed(
        (
            click.option(
                "--entry",
                cls=TranslatedOption,
                default="live",
                metavar="live|paper:CAMPAIGN",
                help="Entered live, or later from paper.",
            ),
            click.option(
                "--key",
                cls=TranslatedOption,
                callback=_key,
                metavar="KEY",
                help="Key that keeps a repeated command from acting twice.",
            ),
            click.option("--reason", "reason_text", cls=TranslatedOption, metavar="TEXT", help="Reason."),
        )
    ):
        function = option(function)
    return function


def contact_options(function: F) -> F:
    """--email --phone --chat of an entity; kept apart from the log."""
    for option in reversed(
        (
            click.option("--email", metavar="MAIL", cls=TranslatedOption, help="Mail address of the entity."),
            click.option("--phone", metavar="PHONE", cls=TranslatedOption, help="Telephone of the entity."),
            click.option(
                "--chat", metavar="ADDRESS", cls=TranslatedOption, help="Chat address of the entity, e.g. on Zalo."
            ),
        )
    ):
        function = option(function)
    return function


def contacts_of(options: dict[str, Any]) -> dict[str, str]:
    """Take the contacts out of a command's keyword arguments."""
    found = {name: options.pop(name) for name in ("email", "phone", "chat")}
    return {name: text for name, text in found.items() if text is not None}


def act_of(options: dict[str, Any]) -> Act:
    """Take the act's options out of a command's keyword arguments."""
    from ocop_flow.domain.commands import Act

    return Act(
        on=day(options.pop("on")),
        by=options.pop("by"),
        entry=options.pop("entry"),
        key=options.pop("key"),
        reason=options.pop("reason_text"),
    )


def day(text: str | None) -> date | None:
    """A typed day, ``2027-04-29`` or ``29/4/2027``."""
    if text is None:
        return None
    from ocop_flow.domain.fieldvalues import read_day

    return read_day(text)


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """``NAME=VALUE`` texts as a dict; raises InputInvalid naming each that is none or comes twice."""
    found: dict[str, str] = {}
    faults = []
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or name.strip() in found:
            faults.append(reason("field_not_pair", text=text))
        else:
            found[name.strip()] = value
    if faults:
        raise InputInvalid(*faults)
    return found


def several(text: str | None) -> tuple[str, ...]:
    """A list typed with commas."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
