"""What customers asked, read from the gateway's export (``question/1``, docs/reference/questions.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.errors import WarmlineError
from bot.teaching import gateway_command
from bot.untrusted.lines import lines_of

_REFERENCE = "docs/reference/questions.md"


@dataclass(frozen=True)
class AskedQuestion:
    """A message that a customer typed, what was decided, and how it ended."""

    text: str
    decision: str
    ending: str
    article: str | None
    at: str = ""
    intent: str = ""
    """The likeliest reading, whatever the rules saw."""
    chosen: str | None = None
    next: str = "nothing"
    message_id: str = ""
    model: str | None = None
    rating: str | None = None
    """The visitor's thumb: ``up`` or ``down``."""
    mark: str | None = None
    """What an agent or a trainer said of the turn: ``right`` or ``wrong``."""
    meant: str | None = None
    """The intent that a turn that is marked wrong should have seen."""


def exported(database_url: str, since: date) -> tuple[AskedQuestion, ...]:
    """Ask the gateway for the questions since a day; :class:`WarmlineError` with its sentence where it has none."""
    arguments = ["--since", since.isoformat()]
    return read_lines(
        gateway_command.run(database_url, "bot.commands.questions", arguments, "The questions could not be read.")
    )


def read_file(path: Path) -> tuple[AskedQuestion, ...]:
    """Read a file that the export wrote."""
    try:
        return read_lines(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WarmlineError(f"{path} cannot be read ({type(error).__name__}).") from error


def read_lines(text: str) -> tuple[AskedQuestion, ...]:
    """Read JSON lines; :class:`WarmlineError` for what is none, without repeating it."""
    try:
        lines: Sequence[Any] = [json.loads(line) for line in lines_of(text) if line.strip()]
    except (ValueError, RecursionError) as error:
        raise WarmlineError(f"The questions are not JSON lines ({_REFERENCE}).") from error
    if not all(isinstance(line, dict) and isinstance(line.get("text"), str) for line in lines):
        raise WarmlineError(f"The questions are not of the form question/1 ({_REFERENCE}).")
    return tuple(_question(line) for line in lines)


def _question(line: dict[str, Any]) -> AskedQuestion:
    mark: Any = line.get("mark")
    mark = mark if isinstance(mark, dict) else {}
    return AskedQuestion(
        text=line["text"],
        decision=str(line.get("decision", "")),
        ending=str(line.get("ending", "open")),
        article=line.get("article"),
        at=str(line.get("at", "")),
        intent=_likeliest(line),
        chosen=line.get("chosen"),
        next=str(line.get("next", "nothing")),
        message_id=str(line.get("message_id", "")),
        model=line.get("model"),
        rating=_one_of(line.get("rating"), "up", "down"),
        mark=_one_of(mark.get("verdict"), "right", "wrong"),
        meant=mark["meant"] if isinstance(mark.get("meant"), str) else None,
    )


def _one_of(value: Any, *known: str) -> str | None:
    return value if value in known else None


def _likeliest(line: dict[str, Any]) -> str:
    ranking = line.get("ranking")
    first = ranking[0] if isinstance(ranking, list) and ranking else line.get("intent")
    return str(first.get("name") or "") if isinstance(first, dict) else ""
