"""The gateway's database: one function, one transaction, on SQLite or PostgreSQL.

Code that touches the database is a plain function ``f(session, ...)``; ``await database.run(f, ...)`` takes it through
one transaction on a thread, tries again for a short while when the database is busy, and signals what was announced
(:func:`bot.gateway.platform.signals.announce`) after the commit. A function may therefore run more than once, also
after a commit whose answer was lost: it must look before it writes.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event, exc, make_url, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.sql.dml import ReturningInsert

from bot.errors import SettingError, WarmlineError
from bot.gateway.platform.signals import Signals, announce
from bot.gateway.platform.transaction import Transaction
from bot.private_files import private_database

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

NOTIFY_CHANNEL = "warmline"
"""PostgreSQL's channel on which gateways wake each other; the payload is the sender's origin and the topic."""

# How long a transaction is tried again, from when it was asked for, before the caller hears that the database is away;
# it is tried once in any case. A customer waits for it, and a provider gives up on a webhook after ten seconds or so.
PATIENCE = 4.0
# SQLite lets one writer in at a time: a second process (a backup) is waited for this long, in milliseconds.
BUSY_TIMEOUT = 1000
# PostgreSQL connections of one gateway; transactions take milliseconds, so a few serve many customers.
CONNECTIONS = 8
# Threads that read on SQLite while the one that writes is busy: sign-ins, streams, what is due.
_READERS = 4
# A report takes as long as a thousand other reads. One at a time, on a thread and a connection of its own: a second
# supervisor waits for the first one's page, and no customer waits for either.
_REPORTS = 1
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5
# Serialisation failure and deadlock (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_TRY_AGAIN_STATES = {"40001", "40P01"}
_SQLITE_MAY_PASS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PROTOCOL,
}


# Options of a transaction's connection (SQLAlchemy's `execution_options`); the first of each is ours and says, for
# SQLite, which connection it gets.
_WRITING: Mapping[str, Any] = {}
_RESHAPING: Mapping[str, Any] = {"reshapes": True}
_READING: Mapping[str, Any] = {"reads_only": True, "postgresql_readonly": True}
# On SQLite every transaction sees one moment anyway.
_REPORTING_ON_POSTGRESQL: Mapping[str, Any] = {**_READING, "isolation_level": "REPEATABLE READ"}


class DatabaseAwayError(WarmlineError):
    """The database did not answer for a while; nothing was stored, the caller may try again."""


class Database:
    """Connections to one database, and the threads on which transactions run."""

    def __init__(self, url: str, signals: Signals, patience: float = PATIENCE) -> None:
        self.url = _url_of(url)
        self.signals = signals
        self.patience = patience
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        # SQLite refuses to write on these connections. Switching that on and off on one connection has it prepare all
        # of its statements again (OP_Expire in https://www.sqlite.org/src/file/src/pragma.c): the claim of a message,
        # three statements, took .7 ms of processor time with it and .55 without.
        self.reading_engine = _sqlite_engine(self.url, reads_only=True) if self.is_sqlite else self.engine
        # One writing thread on SQLite: writers queue here, in order, and not in SQLite's sleeping busy loop.
        self._writers = ThreadPoolExecutor(1 if self.is_sqlite else CONNECTIONS, "database-write")
        self._readers = ThreadPoolExecutor(_READERS, "database-read") if self.is_sqlite else self._writers
        self._reports = ThreadPoolExecutor(_REPORTS, "database-report")

    async def run(self, f: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``f(session, ...)`` in one transaction and commit it, or raise :class:`DatabaseAwayError`."""
        loop, deadline = asyncio.get_running_loop(), self._deadline()
        answer, topics = await loop.run_in_executor(
            self._writers, lambda: self._transaction(f, args, kwargs, _WRITING, deadline)
        )
        self.signals.wake(*topics)
        return answer

    async def read(self, f: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``f(session, ...)`` that only reads, and little; on SQLite it does not wait for writers.

        The database refuses whatever ``f`` would write.
        """
        loop, deadline = asyncio.get_running_loop(), self._deadline()
        answer, _ = await loop.run_in_executor(
            self._readers, lambda: self._transaction(f, args, kwargs, _READING, deadline)
        )
        return answer

    async def report(self, f: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``f(session, ...)`` that only reads, and much: nobody but the next report waits for it.

        Everything in it is of one moment, however many statements it takes.
        """
        loop, deadline = asyncio.get_running_loop(), self._deadline()
        options = _READING if self.is_sqlite else _REPORTING_ON_POSTGRESQL
        answer, _ = await loop.run_in_executor(
            self._reports, lambda: self._transaction(f, args, kwargs, options, deadline)
        )
        return answer

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Give a session in which the database refuses to write, to go through rows one by one: for commands."""
        with (
            self.reading_engine.connect() as connection,
            Transaction(connection.execution_options(**_READING)) as session,
        ):
            yield session

    async def signal(self, topic: str) -> None:
        """Signal a topic that stands for no change in the database (somebody writes), in every gateway."""
        if self.is_sqlite:
            self.signals.wake(topic)
        else:
            await self.run(announce, topic)

    def run_here(self, f: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what :meth:`run` does, on this thread and without waking anybody: for start-up and commands."""
        return self._transaction(f, args, kwargs, _WRITING, self._deadline())[0]

    def reshape(self, f: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what :meth:`run_here` does with a function that changes tables, such as a migration.

        SQLite changes most of a table by copying it and dropping the old one. While foreign keys are enforced, that
        drop counts as a deletion of all rows to which others refer; so they are switched off on a connection of its
        own, which only works outside a transaction, and all rows are checked before the commit
        (https://www.sqlite.org/lang_altertable.html#otheralter).
        """
        if not self.is_sqlite:
            return self.run_here(f, *args, **kwargs)

        def checked(session: Transaction) -> T:
            answer = f(session, *args, **kwargs)
            session.flush()
            broken = session.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                tables = ", ".join(sorted({str(row[0]) for row in broken}))
                raise WarmlineError(f"Rows of {tables} would refer to rows that do not exist; nothing was changed.")
            return answer

        return self._transaction(checked, (), {}, _RESHAPING, self._deadline())[0]

    def close(self) -> None:
        """Wait for running transactions and close the connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._reports.shutdown()
        self.engine.dispose()
        self.reading_engine.dispose()

    def _deadline(self) -> float:
        # Of the moment somebody asks: who queues behind others for a database that is away has been patient by then.
        return time.monotonic() + self.patience

    def _transaction(
        self,
        f: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        options: Mapping[str, Any],
        deadline: float,
    ) -> tuple[T, frozenset[str]]:
        pause = _FIRST_PAUSE
        while True:
            try:
                return self._attempt(f, args, kwargs, options)
            except (exc.DBAPIError, exc.TimeoutError) as error:
                if not _may_pass(error) or (options.get("reads_only", False) and _wrote(error)):
                    raise
                if time.monotonic() + pause > deadline:
                    log.error("the database is away: %s", _in_short(error))
                    raise DatabaseAwayError("The database is away or busy.") from error
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _attempt(
        self, f: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], options: Mapping[str, Any]
    ) -> tuple[T, frozenset[str]]:
        engine = self.reading_engine if options.get("reads_only", False) else self.engine
        with engine.connect() as connection:
            connection = connection.execution_options(**options)
            if options.get("reshapes"):
                # Closed afterwards, and never lent to anybody for whom foreign keys must hold.
                connection.detach()
            with Transaction(connection, expire_on_commit=False) as session:
                answer = f(session, *args, **kwargs)
                topics = frozenset(session.announced)
                if topics and not self.is_sqlite:
                    session.flush()
                    for topic in sorted(topics):
                        session.execute(
                            text("SELECT pg_notify(:channel, :payload)"),
                            {"channel": NOTIFY_CHANNEL, "payload": f"{self.signals.origin} {topic}"},
                        )
                session.commit()
                return answer, topics


@contextmanager
def existing(url: str) -> Iterator[Database]:
    """Open the database of a gateway that has run before, for a command; :class:`WarmlineError` where there is none."""
    database = Database(url, Signals())
    try:
        if database.is_sqlite and not Path(database.url.database or "").exists():
            raise WarmlineError("There are no conversations yet: the database does not exist. `make run` creates it.")
        yield database
    except exc.DBAPIError as error:
        # Its own text could quote what customers wrote.
        raise WarmlineError(
            "The database cannot be read. Is it from another version? `make run` brings it up to date."
        ) from error
    finally:
        database.close()


def insert_if_absent(session: Transaction, table: type[Any], values: dict[str, Any]) -> bool:
    """Insert a row unless one with the same key is there; tells whether it was inserted, and never races."""
    statement = _insert_if_absent(table.__table__, session.get_bind().dialect.name)
    return session.execute(statement, values).first() is not None


@cache
def _insert_if_absent(table: Any, dialect: str) -> ReturningInsert[Any]:
    # Built once for each table: putting a statement together takes longer than running it.
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
    return insert(table).on_conflict_do_nothing().returning(text("1"))


def _url_of(text: str) -> URL:
    try:
        url = make_url(text)
    except exc.ArgumentError as error:
        raise SettingError("WARMLINE_DATABASE_URL is not a database address such as postgresql://host/name.") from error
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SettingError(
            f"WARMLINE_DATABASE_URL names {url.drivername!r}: use sqlite:///file or postgresql://host/name."
        )
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise SettingError("WARMLINE_DATABASE_URL names no file: conversations must outlive the process.")
    return url


def _sqlite_engine(url: URL, *, reads_only: bool = False) -> Engine:
    file = Path(url.database or "")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        # One for each thread that has work: no connection is opened for a single transaction.
        pool_size=_READERS + _REPORTS if reads_only else 1,
        connect_args={"timeout": BUSY_TIMEOUT / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "do_connect")
    def _close_to_others(*_: object) -> None:
        private_database(file)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own implicit BEGIN would come too late, and not at all before a SELECT.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit survives a power cut too. It costs one fsync, and an acknowledged message is a promise.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if reads_only:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reshapes", False):
            # Past SQLAlchemy, which would have begun a transaction before it.
            driver = connection.connection.dbapi_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("PRAGMA foreign_keys = OFF")
        # IMMEDIATE: a transaction that read first and writes later could otherwise fail in its middle.
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url,
        # An error's text would quote what customers wrote.
        hide_parameters=True,
        pool_size=CONNECTIONS + _REPORTS,
        max_overflow=0,
        pool_timeout=PATIENCE,
        connect_args={
            "connect_timeout": 3,
            # A transaction takes milliseconds; one that hangs must not hold the others.
            "options": "-c lock_timeout=3000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000",
        },
    )


def _may_pass(error: Exception) -> bool:
    """Tell a database that is busy or away from a mistake in the statement."""
    if isinstance(error, exc.TimeoutError):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _TRY_AGAIN_STATES:
        return True
    if isinstance(error.orig, sqlite3.Error):
        # The low byte is the primary code (https://www.sqlite.org/rescode.html).
        return (getattr(error.orig, "sqlite_errorcode", 0) & 0xFF) in _SQLITE_MAY_PASS
    return isinstance(error, (exc.OperationalError, exc.InterfaceError))


def _wrote(error: Exception) -> bool:
    """Whether a transaction that was to read tried to write: a mistake, where a writer's disk may get room again."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0)
    return (code & 0xFF) == sqlite3.SQLITE_READONLY


def _in_short(error: Exception) -> str:
    """Say what went wrong without the statement and its parameters: they hold customers' text."""
    cause = getattr(error, "orig", None)
    return f"{type(cause).__name__}: {cause}".strip() if cause is not None else type(error).__name__
