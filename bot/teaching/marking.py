"""Marking a turn from the command line: the gateway's own command does it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection

from bot.errors import WarmlineError


def mark(
    database_url: str, message_id: str, verdict: str, meant: str | None, by: str | None, intents: Collection[str]
) -> None:
    """Mark a turn ``right`` or ``wrong``, or take its mark back with ``none``.

    ``meant`` must be one of ``intents``; :class:`WarmlineError` with a sentence when anything is not as it should be.
    """
    if meant is not None and meant not in intents:
        raise WarmlineError(f"data/nlu has no intent {meant!r}.")
    options = [f"--{name}={value}" for name, value in (("meant", meant), ("by", by)) if value is not None]
    finished = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "bot.gateway.desk.marks", *options, "--", message_id, verdict],
        env={**os.environ, "WARMLINE_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if finished.returncode:
        raise WarmlineError(finished.stderr.strip() or "The turn could not be marked.")
