"""Nobody forges a log line (X18)."""

from __future__ import annotations

import logging
import sys

from bot.untrusted.log_lines import OneLine

FORGED = "2026-01-01 00:00:00,000 ERROR bot: all is lost"


def _formatted(message: str, error: Exception | None = None) -> str:
    info = None
    if error is not None:
        try:
            raise error
        except Exception:
            info = sys.exc_info()
    record = logging.LogRecord("bot", logging.INFO, __file__, 1, "seen: %s", (message,), info)
    return OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s").format(record)


def test_a_value_with_line_breaks_stays_on_its_line() -> None:
    """Line feeds, returns, ESC and U+2028 are shown, and one record is one line."""
    line = _formatted(f"key\n{FORGED}\r{FORGED}\u2028{FORGED}\x85\x1b[2J")
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert f"key\\n{FORGED}" in line


def test_an_errors_own_text_begins_no_line() -> None:
    """A stack trace is indented below its record, so that no line of it looks like a record."""
    lines = _formatted("x", ValueError(f"bad\n{FORGED}\r{FORGED}\x85{FORGED}")).splitlines()
    assert "seen: x" in lines[0]
    assert len(lines) > 3
    assert all(line.startswith("    ") for line in lines[1:])
