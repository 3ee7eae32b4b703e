"""What running creates can be read by its owner alone (X16), whatever the shell that started it allows."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.private_files import narrow, narrow_default_var, private_database
from bot.processes import keep_secrets


@pytest.fixture(autouse=True)
def _a_wide_umask() -> Iterator[None]:
    """As most shells have it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_x16_a_database_is_created_for_its_owner_alone(tmp_path: Path) -> None:
    """With the folder it lies in, when there was none."""
    private_database(tmp_path / "var" / "some.db")
    assert _mode(tmp_path / "var") == 0o700
    assert _mode(tmp_path / "var" / "some.db") == 0o600


def test_x16_one_that_others_could_read_is_taken_from_them_with_what_lies_beside_it(tmp_path: Path) -> None:
    """Content and owner's permissions stay; a neighbour's file is not touched."""
    names = ["some.db", "some.db-wal", "some.db-shm", "other.txt"]
    for name in names:
        (tmp_path / name).write_text(name)
        (tmp_path / name).chmod(0o664)
    private_database(tmp_path / "some.db")
    assert [oct(_mode(tmp_path / name)) for name in names] == ["0o600", "0o600", "0o600", "0o664"]
    assert (tmp_path / "some.db").read_text() == "some.db"


def test_x16_secrets_that_others_could_read_are_taken_from_them(tmp_path: Path) -> None:
    """A copied backup may have opened them."""
    keep_secrets(tmp_path / "var", {})
    (tmp_path / "var" / "secrets.env").chmod(0o644)
    keep_secrets(tmp_path / "var", {})
    assert _mode(tmp_path / "var" / "secrets.env") == 0o600


def test_x16_the_default_folder_is_closed_and_one_that_an_operator_chose_is_left(tmp_path: Path) -> None:
    """That one may hold things of others: closing /srv would end other services."""
    for name in ("var", "chosen"):
        (tmp_path / name).mkdir(mode=0o755)
        narrow_default_var(tmp_path, tmp_path / name)
    assert (_mode(tmp_path / "var"), _mode(tmp_path / "chosen")) == (0o700, 0o755)


def test_what_is_not_there_is_no_mistake(tmp_path: Path) -> None:
    """A database without a write-ahead log, say."""
    narrow(tmp_path / "nothing")
