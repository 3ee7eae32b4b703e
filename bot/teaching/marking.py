"""Marking a turn from the command line: the gateway's own command does it, in a process of its own."""

from __future__ import annotations

from collections.abc import Collection

from bot.errors import WarmlineError
from bot.teaching import gateway_command


def mark(
    database_url: str, message_id: str, verdict: str, meant: str | None, by: str | None, intents: Collection[str]
) -> None:
    """Mark a turn ``right`` or ``wrong``, or take its mark back with ``none``.

    ``meant`` must be one of ``intents``; :class:`WarmlineError` with a sentence when anything is not as it should be.
    """
    if meant is not None and meant not in intents:
        raise WarmlineError(f"data/nlu has no intent {meant!r}.")
    options = [f"--{name}={value}" for name, value in (("meant", meant), ("by", by)) if value is not None]
    arguments = [*options, "--", message_id, verdict]
    gateway_command.run(database_url, "bot.gateway.desk.marks", arguments, "The turn could not be marked.")
