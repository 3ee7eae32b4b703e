"""A small table of jobs, and the simplest jobs that the runner can be given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import announce
from bot.gateway.platform.tables import UtcTime
from bot.gateway.platform.transaction import Transaction

LEASE = timedelta(seconds=30)
PAUSE = timedelta(seconds=5)
NEWS = "errands"

End = Literal["done", "one more step", "not now"]


class _Table(DeclarativeBase):
    """Apart from the gateway's own tables: no migration makes it."""


class Errand(_Table):
    """A job: whether it is over, and before when it is left alone."""

    __tablename__ = "errands_of_a_test"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    over: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[datetime | None] = mapped_column(UtcTime())


def make_table(database: Database) -> None:
    """An empty table."""
    _Table.metadata.drop_all(database.engine)
    _Table.metadata.create_all(database.engine)


def drop_table(database: Database) -> None:
    """Leave nothing behind."""
    _Table.metadata.drop_all(database.engine)


def write_down(session: Transaction, *numbers: int) -> None:
    """New errands, and the news of them."""
    session.add_all(Errand(id=number) for number in numbers)
    announce(session, NEWS)


@dataclass(frozen=True)
class UnderWay:
    """An errand that a process has claimed and is doing."""

    number: int
    process: str
    leased_until: datetime


class Errands:
    """Errands as :class:`~bot.gateway.platform.jobs.Jobs`, for one process; ``doing`` says how each ends."""

    kind = "errand"
    topic = NEWS
    at_once = 3

    def __init__(self, process: str, doing: Callable[[UnderWay], Awaitable[End]]) -> None:
        self._process = process
        self._doing = doing

    def due(self, session: Transaction, now: datetime) -> list[int]:
        """Neither over nor to be left alone."""
        ready = or_(Errand.not_before.is_(None), Errand.not_before <= now)
        return list(session.scalars(select(Errand.id).where(~Errand.over, ready).order_by(Errand.id)))

    def next_due(self, session: Transaction) -> datetime | None:
        """The end of the first lease or pause."""
        return session.scalar(select(func.min(Errand.not_before)).where(~Errand.over))

    def claim(self, session: Transaction, key: int, now: datetime) -> UnderWay | None:
        """Lease it."""
        errand = session.get(Errand, key, with_for_update=True, populate_existing=True)
        if errand is None or errand.over or (errand.not_before is not None and errand.not_before > now):
            return None
        errand.not_before = now + LEASE
        return UnderWay(key, self._process, errand.not_before)

    async def do(self, job: UnderWay) -> End:
        """Wait until the test says how it ended."""
        return await self._doing(job)

    def settle(self, session: Transaction, job: UnderWay, result: End, now: datetime) -> bool:
        """Write down how it ended; who comes after its own lease leaves the next one's alone."""
        errand = session.get_one(Errand, job.number, with_for_update=True, populate_existing=True)
        errand.over = errand.over or result == "done"
        if errand.not_before == job.leased_until:
            errand.not_before = now + PAUSE if result == "not now" else None
        return result == "one more step"

    def put_back(self, session: Transaction, key: int, now: datetime) -> None:
        """Leave it alone for a pause."""
        errand = session.get_one(Errand, key, with_for_update=True, populate_existing=True)
        errand.not_before = now + PAUSE
