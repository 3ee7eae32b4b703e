"""What running creates (conversations, orders, secrets, logs) is for the user alone whose processes these are."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FILE = stat.S_IRUSR | stat.S_IWUSR
_FOLDER = stat.S_IRWXU
# What SQLite keeps beside a database file (https://www.sqlite.org/tempfiles.html).
_BESIDE_A_DATABASE = ("", "-wal", "-shm", "-journal")


def keep_private() -> None:
    """Create no file from now on that others could read; for the beginning of a process."""
    os.umask(_OTHERS)


def private_folder(path: Path) -> None:
    """Make a folder for its owner alone, unless there is one: how that is shared, somebody may have meant."""
    path.mkdir(mode=_FOLDER, parents=True, exist_ok=True)


def narrow(path: Path) -> None:
    """Take a file's or a folder's permissions from others; what is not ours stays as it is."""
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)


def narrow_default_var(root: Path, var: Path) -> None:
    """Close ``var/`` in the project's folder; a folder that an operator chose may hold things of others."""
    if var == root / "var":
        narrow(var)


def private_database(path: Path) -> None:
    """Create an SQLite file for its owner alone, or take one that exists from others, with what lies beside it.

    SQLite gives the files beside it the database's own permissions. What cannot be created here SQLite itself
    will complain about, in words that its callers know.
    """
    private_folder(path.parent)
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE))
    for ending in _BESIDE_A_DATABASE:
        narrow(path.with_name(path.name + ending))


def open_private(path: Path, flags: int) -> int:
    """Open a file that others cannot read, creating it if it is missing; gives the descriptor."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, _FILE)
    narrow(path)
    return descriptor
