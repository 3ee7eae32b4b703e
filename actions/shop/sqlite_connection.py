"""How the shop's database is opened, and how something is written whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A write takes milliseconds; one that waits this many seconds for the lock has a fault to report.
BUSY_SECONDS = 5.0


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
