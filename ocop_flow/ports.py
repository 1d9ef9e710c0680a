"""What the use cases need from outside, and what they may rely on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from ocop_flow.errors import Text

if TYPE_CHECKING:
    from ocop_flow.domain.authority import Person
    from ocop_flow.domain.calendar import Calendar, Notice
    from ocop_flow.domain.commands import FileRef
    from ocop_flow.domain.criteria import CriteriaSet, StarCondition
    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Event
    from ocop_flow.domain.outline import Outline
    from ocop_flow.domain.record import Head
    from ocop_flow.domain.regime import Document
    from ocop_flow.domain.situation import Law
    from ocop_flow.domain.units import Unit, UnitTree

Row = dict[str, Any]


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class UnitOfWork(Protocol):
    """One transaction. Leaving the ``with`` block without ``commit()`` rolls everything back.

    Writers are serialised per subject: on SQLite by BEGIN IMMEDIATE, on PostgreSQL by a row that is held or guarded
    (``store.at_once``). ``commit`` returns only when the database has made the transaction durable.
    """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None: ...
    def commit(self) -> None: ...
    def savepoint(self) -> AbstractContextManager[None]:
        """A part that is undone alone if it raises."""

    def hold_dossiers(self, dossiers: Iterable[str], keys: Iterable[str]) -> None:
        """Keep these from other writers, all at once, and read what commands about them under these keys begin with.

        For a group of lines, before its first savepoint; codes of no dossier are left out.
        """

    def check_file(self) -> None:
        """Read every page of a database that is a file; raises Unavailable that names the first damaged one."""

    def lacking_guards(self) -> Sequence[str]:
        """Names of the database's own guards (the log takes new rows alone) that somebody has taken away."""

    # the log
    def append(self, event: Event) -> None:
        """Add the event and bring every view that depends on it up to date.

        raises  Conflict if the subject already has an event of that sequence number
        """

    def append_new(self, events: Sequence[Event]) -> None:
        """Add many events that each begin the stream of an entity, a product or a declared certificate.

        The same as ``append`` of each in turn, in far fewer statements.
        raises  Conflict if one of the streams exists already
        """

    def project(self, event: Event) -> None:
        """Bring the views up to date with an event that is already in the log."""

    def head(self, kind: str, code: str) -> Head | None: ...
    def events(self, kind: str, code: str) -> list[Event]: ...
    def stored(self, kind: str | None = None) -> Iterable[tuple[str, str, int, str, bytes]]:
        """(subject kind, subject, seq, hash, bytes) of every event in subject and sequence order, streamed."""

    # the order of the log
    def order_log(self) -> int:
        """Give the next positions to every committed event that has none; the size of the order afterwards.

        No writer waits for it, and an event whose transaction commits late gets a later position, never none.
        """

    def order_size(self) -> int: ...
    def log(
        self, after: tuple[str, str] | None = None, until: tuple[str, str] | None = None
    ) -> Iterable[tuple[str, str, int, str, str, str, str, bytes, int, int | None]]:
        """Events of the subjects in ]after, until], by subject and sequence, streamed; of one where both are it.

        Each as (subject kind, subject, seq, hash, action, recorded_at, occurred_on, bytes, id, position or None).
        """

    def lost(self, size: int) -> Sequence[int]:
        """Positions below ``size`` that name no event by its id and hash, ascending; 10,000 at most."""

    def placed(
        self, first: int, end: int
    ) -> Iterable[tuple[str, str, int, str, str, str, str, bytes, int, int | None]]:
        """The same rows for the positions [first, end), in their order; a position without its event is left out."""

    def order(self, first: int, end: int) -> Iterable[tuple[int, str]]:
        """(position, hash) of the positions [first, end), streamed."""

    def answered(self, key: str | None, dossier: str | None = None) -> tuple[str, Any] | None:
        """(content digest, first answer) of a command already carried out under this idempotency key; None without one.

        dossier  code of the one that a new command is about to ask for: it is read on the same way
        """

    def answered_meanwhile(self, key: str | None, dossier: str | None) -> tuple[str, Any] | None:
        """As ``answered`` by now, of a command that was refused."""

    def remember(self, key: str, digest: str, answer: Any, at: datetime) -> None: ...

    # files
    def keep_file(self, file: FileRef) -> None:
        """Put a file into the content store when this transaction commits; raises Conflict then if it changed since."""

    # personal data
    def seal(self, value: Any) -> str:
        """Keep a personal value outside the log; the salted digest that may stand inside it."""

    def withhold(self, digests: Sequence[str], *, erase: bool, decision: str) -> None:
        """Put sealed values out of reach; ``erase`` destroys them, and files that nothing else names, at the commit."""

    def unseal(self, digest: str) -> Any:
        """The value, or None if it was withheld."""

    # numbers
    def next_number(self, kind: str, year: int) -> int:
        """The next running number, not yet taken: it is counted when an event uses it."""

    # views
    def dossier(self, code: str) -> Dossier | None: ...
    def differing(self, dossier: Dossier) -> Sequence[str]:
        """Names of view tables whose rows of this dossier are not those that its fold gives."""

    def differing_rows(self, kind: str, bodies: Iterable[bytes]) -> Sequence[str]:
        """The same of another subject, from the bytes of its whole stream."""

    def bare_rows(self) -> Iterable[tuple[str, str]]:
        """(view, name) of rows that no event has led to."""

    def open_dossiers(self, *, regime: str | None = None, communes: Iterable[str] | None = None) -> Iterable[Dossier]:
        """Dossiers that are not closed, in order of code; of one regime, or of communes with these codes."""

    def duties(self, dossier: Dossier) -> Sequence[Deadline]:
        """Every duty of a dossier, computed anew from its fold."""

    def re_rated_on(self, numbers: Iterable[str]) -> date | None:
        """The day on which a re-rating of one of these certificates was filed first; None where none was."""

    def find_dossiers(self, typed: str) -> list[str]:
        """Codes of dossiers that the typed text can mean: full code, short code, or a product's name."""

    def person(self, handle: str) -> Person | None: ...
    def rows(self, name: str, /, **equals: Any) -> list[Row]:
        """Rows of a view whose columns equal the given values, in key order."""

    def query(self, sql: str, /, **params: Any) -> list[Row]:
        """Rows of a read-only statement with named parameters."""

    def execute(self, sql: str, /, **params: Any) -> None:
        """Run one statement on what is no view and no log: logins, sessions, contacts."""

    def execute_many(self, sql: str, rows: Sequence[Row]) -> int:
        """The same statement once for each row of parameters; how many rows it changed in all."""

    def hold(self, name: str, /, **equals: Any) -> None:
        """Keep other writers from a row until the end of the transaction."""

    @property
    def skip_held(self) -> str:
        """Ends a SELECT whose rows are to be claimed: rows that another claims right now are passed over."""

    def among(self, column: str) -> str:
        """A condition on a column with the parameter ``among``, made by ``listed``."""

    def listed(self, values: Sequence[str] | Sequence[int]) -> Any:
        """Any number of values as one parameter."""

    def insert_many(self, name: str, rows: Sequence[Row]) -> None:
        """Insert rows of a reference table in bulk."""

    def tree(self, codes: Iterable[str]) -> UnitTree:
        """The units of these codes in all their lives, with everything above and after them."""

    def area(self, code: str, also: Iterable[str] = ()) -> UnitTree:
        """Every unit that stands or stood below a unit, itself and the codes ``also`` included, in all their lives,
        with everything above and after them."""

    def map_of(self, day: date) -> UnitTree:
        """The units of one day, without what was before or came after them."""

    def units_named(self, name: str) -> Sequence[Unit]: ...

    # the law
    def store_document(self, kind: str, document: Document) -> str:
        """Keep a document under its hash; the hash."""

    def document(self, digest: str) -> Document | None: ...
    def law(self, digest: str) -> Law: ...
    def outline(self, digest: str) -> Outline:
        """Of a stored regime: for reading, without building it."""

    def law_on(self, day: date, province: str | None, regime: str | None = None) -> Law | None:
        """The law in force on a day in a province (its own adopted form if it has one); of ``regime`` if given."""

    def criteria(self, workflow: str, product_set: str) -> CriteriaSet | None:
        """The criteria tree of a product set under a stored regime; None where the regime knows none."""

    def conditions(self, workflow: str, product_set: str, on: date) -> tuple[StarCondition, ...]:
        """The named star minima asked of a product set on a day under a stored regime."""

    # the calendar
    def calendar(self, units: Iterable[str] = ()) -> Calendar:
        """The days worked at a unit, with the notices adopted so far.

        units  code of the unit, then of those above it; none for the whole country
        """

    def supposing(self, notice: Notice) -> AbstractContextManager[None]:
        """A part in which days are counted as if the notice were adopted; nothing is written."""

    def knowing(self, at: datetime) -> AbstractContextManager[None]:
        """A part in which days are counted with the notices recorded by a moment, and no later ones."""

    def depending(self, year: int, unit: str | None) -> tuple[Sequence[str], Sequence[str]]:
        """(codes of dossiers, identities of plans) with an open duty that a notice of the year and unit can move."""

    def hold_calendar(self) -> None:
        """Wait until no other writer counts days, and let none begin before the end of the transaction."""


class Content(Protocol):
    """Files by the SHA-256 of their bytes, beside the database."""

    def put(self, data: bytes) -> str: ...
    def get(self, digest: str) -> bytes: ...
    def intact(self, digest: str) -> bool:
        """Whether the file is there and its bytes still have this SHA-256."""

    def remove(self, digest: str) -> None:
        """Destroy a file for good; nothing happens where there is none."""


class PublicKey(NamedTuple):
    """One key of the office: 16 hexadecimal digits that name it, 32 bytes of Ed25519, the days it was in use."""

    id: str
    public: bytes
    created_on: date
    retired_on: date | None


class Signed(NamedTuple):
    """64 bytes of Ed25519 signature, and the key that made them."""

    key: PublicKey
    signature: bytes


class Signer(Protocol):
    """The office's signing keys; they stand outside the database, so that its copy cannot sign."""

    def public_keys(self) -> Sequence[PublicKey]:
        """Every key there ever was, oldest first, retired ones included; none where there is no key ring."""

    def sign(self, data: bytes) -> Signed:
        """Sign with the newest key; raises Unavailable where there is no key ring, or one that cannot be read."""

    def verify(self, public: bytes, data: bytes, signature: bytes) -> bool: ...

    def rotate(self, on: date) -> PublicKey:
        """A new key signs from now on; the one before it is retired on that day."""


class News(NamedTuple):
    """What an entity reads about its own dossier or certificate.

    on       the day of what happened
    said     the reason that the office gave
    missing  papers still lacking, (name, copies)
    window   first and last day on which a re-rating is to be filed
    """

    on: date | None = None
    said: str | None = None
    missing: Sequence[tuple[Text, int]] = ()
    window: tuple[date, date] | None = None
    stars: int | None = None
    certificate: str | None = None
    decision: str | None = None
    valid_to: date | None = None


class Line(NamedTuple):
    """One duty of a reminder as data: the renderer finds the words.

    kind       key of the catalogue: ``limit``, ``milestone``, ``certificate_expiry``, …
    subject    what ``code`` is of: ``dossier``, ``milestone`` (then the plan's number), ``certificate``
    name       the duty, or the milestone's title, in the two languages where the law has both
    state      where the dossier stands; None for other subjects
    due_on     None for what is only told
    days_left  until the due day, negative once it is over
    late_entry the duty was already past when it was recorded from paper
    identity   of the duty or notice: the same in every letter about it
    news       what an entity is told besides; None for a unit
    papers     what the dossier lacks for its next step, (name, copies); None where it is about no dossier
    ask        whom to call or write to: name of the unit and its mailbox, if it has one
    """

    kind: str
    subject: str
    code: str
    product: str | None
    entity: str | None
    name: Text
    state: Text | None
    unit: str
    due_on: date | None
    days_left: int
    provisional: bool
    late_entry: bool
    source: str
    identity: str = ""
    news: News | None = None
    papers: Sequence[tuple[Text, int]] | None = None
    ask: tuple[str, str | None] = ("", None)


class Letter(NamedTuple):
    """What goes to one recipient on one day; lines from the most urgent.

    kind       which words of the catalogue: ``reminder`` to a unit, ``entity``
    can_login  whether a command may be named to this recipient
    """

    message_id: str
    recipient: str
    address: str
    unit: str
    moment: datetime
    can_login: bool
    lines: Sequence[Line]
    kind: str = "reminder"


class Rendered(NamedTuple):
    """``calendar`` is an iCalendar file of what is due; None where nothing has a day."""

    subject: str
    text: str
    html: str
    calendar: str | None = None


class Renderer(Protocol):
    """Puts letters into words, in one language."""

    def render(self, letter: Letter) -> Rendered: ...
    def chat(self, letter: Letter, limit: int) -> str:
        """The letter's lines as a short text of at most so many characters, to be pasted by a person."""

    def pack(self, letter: Letter, rendered: Rendered) -> bytes:
        """The finished message with its headers, ready to be sent."""

    def host(self) -> str:
        """What stands behind the @ of a Message-ID."""


class Mail(NamedTuple):
    """A finished message. Sent twice, it is the same to the reader: same bytes, same Message-ID."""

    message_id: str
    address: str
    body: bytes


class Channel(Protocol):
    """One way out, open for a batch: entering connects, leaving lets go.

    Entering raises ``errors.Unavailable`` where nothing can be sent at all; ``send`` raises ``errors.Undelivered``
    for the one message.
    """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None: ...
    def send(self, mail: Mail) -> None: ...
