"""Runs a command of the gateway in a process of its own: what teaches does not import it."""

from __future__ import annotations

import os
import subprocess
import sys

from bot.errors import WarmlineError


def run(database_url: str, module: str, arguments: list[str], otherwise: str) -> str:
    """Return what the command wrote; :class:`WarmlineError` with its own sentence, or ``otherwise``, when it fails.

    What customers said goes through a pipe.
    """
    finished = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "WARMLINE_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if finished.returncode:
        raise WarmlineError(finished.stderr.strip() or otherwise)
    return finished.stdout
