"""No text from outside commands a terminal (X11)."""

from __future__ import annotations

from io import StringIO

from hypothesis import example, given
from hypothesis import strategies as st
from rich.table import Table

from bot.untrusted.control_characters import visible
from bot.untrusted.terminal import Terminal, inert

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\x9b2J\u202egnp.exe\r\x08"


def _commands(text: str) -> list[str]:
    """Characters that a terminal would obey, or that show a text in another order."""
    deceiving = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
    return [one for one in text if (ord(one) < 32 and one not in "\n\t") or 127 <= ord(one) < 160 or one in deceiving]


def _terminal() -> tuple[Terminal, StringIO]:
    written = StringIO()
    return Terminal(file=written, force_terminal=False, width=120), written


@given(st.text())
def test_a_visible_text_has_no_command_in_it_and_its_length(text: str) -> None:
    """Each character keeps its place, so that columns stay columns."""
    assert _commands(visible(text)) == []
    assert len(visible(text)) == len(text)
    visible(text).encode("utf-8")


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"))))
def test_honest_text_is_shown_as_it_is(text: str) -> None:
    """Letters of all scripts, emoji, line feeds and tabs."""
    assert visible(f"{text}\n\t\u05e9\u200f") == f"{text}\n\t\u05e9\u200f"


def test_a_console_shows_no_command_wherever_a_text_stands() -> None:
    """In a line, in a cell, in a title: also where a caller forgot."""
    console, written = _terminal()
    console.print(HOSTILE, markup=False)
    table = Table(HOSTILE, title=HOSTILE)
    table.add_row(HOSTILE)
    console.print(table)
    console.rule(HOSTILE)
    assert _commands(written.getvalue()) == []
    assert "owned" in written.getvalue()


def test_a_console_keeps_its_own_colours() -> None:
    """The codes that Rich adds are not a customer's."""
    written = StringIO()
    Terminal(file=written, force_terminal=True, color_system="standard").print(f"[red]{inert(HOSTILE)}[/]")
    assert written.getvalue().count("\x1b[") == 2
    assert "\x1b]" not in written.getvalue()


@given(st.text(alphabet="[]/\\red #b@:=smile", max_size=30))
@example("\\\\\\")
def test_markup_in_a_text_is_text(text: str) -> None:
    """`[red]`, `[/]` and `:smile:` colour nothing, close nothing and draw nothing; Rich may lose a backslash."""
    console, written = _terminal()
    console.print(f"[bold]{inert(text)}[/] end", soft_wrap=True)
    assert written.getvalue().replace("\\", "") == f"{text} end\n".replace("\\", "")
