"""Log lines that nobody forges: whatever a record holds, it is one line, and a stack trace is indented below it."""

from __future__ import annotations

import logging

from bot.untrusted.control_characters import visible
from bot.untrusted.lines import lines_of

_INDENT = "    "


class OneLine(logging.Formatter):
    """Formats a record as one line; control characters in it are shown, not obeyed.

    A value from outside with a line break in it would else begin a line that looks like one of ours.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Put the record into the line's form, line breaks as ``\\n``."""
        line = super().formatMessage(record)
        return visible(line.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t"))

    def formatException(self, ei: object) -> str:  # noqa: N802
        """Indent each line of the stack trace: an error's own text may have line breaks, too."""
        return _indented(super().formatException(ei))  # type: ignore[arg-type]

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        """Indent each line of the stack."""
        return _indented(super().formatStack(stack_info))


def configure(level: int, form: str) -> None:
    """Log to standard error in that form, one line for each record; takes the place of what was configured before."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(form))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _indented(trace: str) -> str:
    return "\n".join(_INDENT + visible(line.replace("\r", "\\r")) for line in lines_of(trace))
