"""The first thing that a gateway or a command does with the database: create it in private, or refuse a newer one."""

from __future__ import annotations

import os
import shlex
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.gateway.migrations import NewerDatabaseError, upgrade
from bot.gateway.platform.database import Database

SERVE = "bot.gateway.serve"
PATIENCE = 60


def _run(command: str, database_url: str, var: Path) -> subprocess.CompletedProcess[str]:
    """Run a module by hand, in a shell whose umask lets everybody read; a gateway's port is taken, so that it ends."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ours = {
            "WARMLINE_VAR": str(var),
            "WARMLINE_DATABASE_URL": database_url,
            "WARMLINE_GATEWAY_PORT": str(taken.getsockname()[1]),
            "WARMLINE_BRAIN_SECRET": "s" * 40,
            "WARMLINE_PAYLOAD_KEY": "k" * 40,
        }
        in_shell = f"umask 022 && exec {shlex.quote(sys.executable)} -m {command}"
        return subprocess.run(
            ["/bin/sh", "-c", in_shell],
            env={"PATH": os.environ["PATH"], **ours},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )


def _set_version(session: Session, name: str) -> str:
    before = str(session.scalar(text("SELECT version_num FROM alembic_version")))
    session.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": name})
    return before


def test_x18_a_database_of_a_newer_version_is_said_in_a_sentence_and_left_alone(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """Which step it is at, which one this version knows, and what to do; exit status 1 and no stack trace."""
    known = database.run_here(_set_version, "of_the_future")
    try:
        with pytest.raises(NewerDatabaseError, match=f"of_the_future.*{known}.*backup"):
            upgrade(database)
        for command in (SERVE, "bot.commands.accounts reset admin"):
            done = _run(command, database_url, tmp_path)
            assert done.returncode == 1
            assert "newer version" in done.stderr
            assert "Traceback" not in done.stderr
    finally:
        assert database.run_here(_set_version, known) == "of_the_future"


@pytest.mark.parametrize("command", [SERVE, "bot.commands.accounts add kim"])
def test_x16_conversations_are_for_their_owner_alone_whoever_creates_the_database(tmp_path: Path, command: str) -> None:
    """A gateway started by hand, and the command behind `make desk-password`."""
    file = tmp_path / "var" / "warmline.db"
    _run(command, f"sqlite:///{file}", file.parent)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert "warmline.db" in modes
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_x16_a_database_that_others_could_read_is_taken_from_them_at_the_next_start(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """One that an earlier version created."""
    file = tmp_path / "warmline.db"
    file.write_bytes(sqlite_template.read_bytes())
    file.chmod(0o644)
    done = _run("bot.commands.accounts add kim", f"sqlite:///{file}", tmp_path)
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
