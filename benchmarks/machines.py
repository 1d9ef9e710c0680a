"""``transitions`` and an ORM, as such programs are usually written: load, trigger, log, commit; tables of its own.

It does less than the others: no hash chain, no answer kept under a key, no check of evidence.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from transitions import Machine

from benchmarks.dossiers import COMMUNE, MOVES, OFFICER

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.dossiers import Move

STATES = ["registration.intake", "registration.supplement", "evaluation", "closed"]
TRANSITIONS = [
    {"trigger": MOVES[0], "source": STATES[0], "dest": STATES[1], "conditions": "is_officer"},
    {"trigger": MOVES[1], "source": STATES[1], "dest": STATES[0], "conditions": "is_officer"},
]


class Base(DeclarativeBase):
    pass


class PeerDossier(Base):
    __tablename__ = "peer_dossier"
    code: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    version: Mapped[int]


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


class Model:
    """What the machine moves; ``posts`` answer the guard."""

    state: str
    trigger: Any

    def __init__(self, posts: list[PeerPost]) -> None:
        self.posts = posts

    def is_officer(self) -> bool:
        return any(post.role == "officer" and post.unit == COMMUNE for post in self.posts)


def over_orm(url: str) -> Callable[[Move], None]:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _full(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous = FULL")

    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        codes = connection.exec_driver_sql("SELECT code FROM dossier").scalars().all()
    with Session(engine) as session:
        session.add(PeerPost(handle=OFFICER, role="officer", unit=COMMUNE))
        session.add_all(PeerDossier(code=code, state=STATES[0], version=1) for code in codes)
        session.commit()

    def move(one: Move) -> None:
        with Session(engine) as session:
            dossier = session.get_one(PeerDossier, one.dossier)
            posts = list(session.scalars(select(PeerPost).where(PeerPost.handle == OFFICER)))
            model = Model(posts)
            Machine(model, states=STATES, transitions=TRANSITIONS, initial=dossier.state, auto_transitions=False)
            source, action = dossier.state, MOVES[one.number % 2]
            assert model.trigger(action)
            dossier.state, dossier.version = model.state, dossier.version + 1
            session.add(
                PeerLog(dossier=one.dossier, action=action, source=source, dest=model.state, actor=OFFICER, at=_NOW)
            )
            session.commit()

    return move


_NOW = datetime.fromisoformat("2026-06-01T03:00:00")
