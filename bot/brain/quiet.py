"""What the brain's processes write: short lines, no customer's words, and sentences instead of stack traces."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import MutableMapping
from typing import Any

import structlog
from rasa.shared.exceptions import RasaException

from bot.errors import WarmlineError
from bot.untrusted import log_lines

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

# Loggers of Rasa that would write a customer's message, or a line for each turn.
_TALKATIVE = (
    "rasa.core.processor",
    "rasa.core.actions.action",
    "sanic.access",
    "apscheduler",
    "matplotlib",
    "aiohttp.access",
    "faiss",
)

# Rasa knows its own components only: it misses a user of the entities, patterns, lookups and synonyms that
# WarmlineEntities uses, and reminds of a change that came with Rasa 3.0. It looks for who uses an intent or a response
# in rules and stories alone: `warmline check` looks in the actions, too, and names those that really nobody uses. Of
# each family of retrieval intents it says that the domain lists it twice: once is Rasa's own doing.
_BESIDE_THE_POINT = (
    "You have defined",
    "Slot auto-fill has been removed",
    "The following duplicated intents",
    ".*pkg_resources.*",
    "The intent '.*' is listed in the domain file, but is not found in the NLU training data",
    "The (intent|utterance) '.*' is not used in any story or rule",
)


def configure_logging(level: int) -> None:
    """Log to standard error; Rasa's structured log writes whole events, so it keeps to errors."""
    log_lines.configure(level, FORMAT)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    # Rasa copies the events of each turn for log lines that nobody reads, unless structlog filters before. What it logs
    # as an error would show every variable, slots with customers' words among them.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        processors=[_without_details, structlog.processors.KeyValueRenderer(key_order=["event"])],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    leave_out_warnings()


def _without_details(logger: Any, method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """What happened and Rasa's own explanation, which is the same each time; no values."""
    return {key: event[key] for key in ("event", "event_info") if key in event}


def leave_out_warnings() -> None:
    """Leave out what nobody here can act on: libraries that warn of each other, and what Rasa says beside the point."""
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    for message in _BESIDE_THE_POINT:
        warnings.filterwarnings("ignore", message=message)


def sentence_of(error: BaseException | None) -> str | None:
    """The sentence meant for a person among an error and its causes, or None when it is a bug."""
    while error is not None:
        if isinstance(error, WarmlineError):
            return str(error)
        if isinstance(error, RasaException) and error.__cause__ is None:
            return str(error) or None
        error = error.__cause__
    return None
