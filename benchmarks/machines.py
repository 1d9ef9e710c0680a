"""``transitions`` and an ORM, as such programs are usually written: load, trigger, log, commit; tables of its own.

The machine has the states and moves of the law, a guard on the post and one on the papers; the log keeps the facts that
an event of ocop_flow has. It does less: no hash chain, no answer kept under a key, no duty, no outbox.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from transitions import Machine

from benchmarks.bare import facts, text
from benchmarks.dossiers import COMMUNE, MOVES, OFFICER, PAPERS, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.dossiers import Move

Moves = list[dict[str, Any]]


def law(url: str) -> tuple[list[str], Moves]:
    """States and moves of the law that the dossiers are under, as ``transitions`` wants them."""
    office = opened(url)
    with office.reader() as uow:
        found = uow.law_on(date(2026, 6, 1), None)
    office.close()
    assert found is not None
    guards = ["is_officer", "has_papers"]
    return list(found.regime.states), [
        {"trigger": each.id, "source": list(each.sources), "dest": each.to, "conditions": guards}
        for each in found.regime.actions.values()
    ]


class Base(DeclarativeBase):
    pass


class PeerDossier(Base):
    __tablename__ = "peer_dossier"
    code: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    version: Mapped[int]
    papers: Mapped[int]


class PeerPost(Base):
    __tablename__ = "peer_post"
    handle: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    unit: Mapped[str]


class PeerLog(Base):
    __tablename__ = "peer_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    dossier: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    source: Mapped[str]
    dest: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    facts: Mapped[str]


class Model:
    """What the machine moves; ``posts`` answer the guard."""

    state: str
    trigger: Any

    def __init__(self, posts: list[PeerPost], papers: int) -> None:
        self.posts = posts
        self.papers = papers

    def is_officer(self) -> bool:
        return any(post.role == "officer" and post.unit == COMMUNE for post in self.posts)

    def has_papers(self) -> bool:
        return self.papers >= PAPERS


def over_orm(url: str) -> Callable[[Move], None]:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _full(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous = FULL")

    states, moves = law(url)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        codes = connection.exec_driver_sql("SELECT code FROM dossier").scalars().all()
    with Session(engine) as session:
        session.add(PeerPost(handle=OFFICER, role="officer", unit=COMMUNE))
        session.add_all(PeerDossier(code=code, state="registration.intake", version=1, papers=PAPERS) for code in codes)
        session.commit()

    def move(one: Move) -> None:
        with Session(engine) as session:
            dossier = session.get_one(PeerDossier, one.dossier)
            posts = list(session.scalars(select(PeerPost).where(PeerPost.handle == OFFICER)))
            model = Model(posts, dossier.papers)
            Machine(model, states=states, transitions=moves, initial=dossier.state, auto_transitions=False)
            source, action = dossier.state, MOVES[one.number % 2]
            assert model.trigger(action)
            dossier.state, dossier.version = model.state, dossier.version + 1
            told = text(facts(one, source, model.state))
            row = {"dossier": one.dossier, "action": action, "source": source, "dest": model.state, "actor": OFFICER}
            session.add(PeerLog(**row, at=_NOW, facts=told))
            session.commit()

    return move


_NOW = datetime.fromisoformat("2026-06-01T03:00:00")
