"""How the shop's database is opened, and how something is written whole or not at all."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from actions.shop.limits import Limits

# A write takes milliseconds; one that waits this many seconds for the lock has a fault to report.
BUSY_SECONDS = 5.0


class ShopDatabase:
    """What each part of the shop on SQLite knows: the file, the limits, and the time.

    ``clock`` gives seconds since 1970: all servers of one database share that time, whenever each was started.
    """

    def __init__(self, path: Path, limits: Limits, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._limits = limits
        self._clock = clock

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self._clock())


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """One connection, in autocommit, closed at the end: opening takes 0.1 ms and suits every thread."""
    # Reading and writing, but never creating: an empty database in the place of a lost one would hide the loss.
    uri = f"{path.resolve().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.row_factory = sqlite3.Row
        yield connection
    finally:
        connection.close()


@contextmanager
def one_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; takes the write lock at once, so that what was read stays true until the commit."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
