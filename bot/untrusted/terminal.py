"""The console of every command line: no text that it shows commands the terminal, and none is markup by accident."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment

from bot.untrusted.control_characters import visible


def inert(text: str) -> str:
    """Return a text as a part of Rich markup: visible, and with no markup of its own (``[red]``)."""
    escaped = escape(visible(text))
    # Rich takes the last of an odd number of backslashes for the escape of whatever markup follows.
    return f"{escaped}\\" if (len(escaped) - len(escaped.rstrip("\\"))) % 2 else escaped


class Terminal(Console):
    """A console that makes every text visible on its way out, its own colours aside; each command line prints on one.

    Texts from outside still need :func:`inert` where markup is read, or ``markup=False``.
    """

    def __init__(self, **options: Any) -> None:
        # Numbers are not coloured, and `:smile:` in a customer's message stays what it is.
        super().__init__(highlight=False, emoji=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render as Rich does; the text of each piece is made visible, the codes that Rich adds are kept."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else Segment(visible(piece.text), piece.style)
