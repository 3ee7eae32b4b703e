"""One message a turn where it reads as one: a remark and its question, an answer and what is offered with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.contract.result import MARKDOWN, Reply
from bot.markdown.subset import as_markdown

LONGEST = 1000
"""Characters of a joined message: two screens of a telephone; the shortest limit of a channel is above it."""
LONGEST_LEAD = 160
"""Characters of a remark that goes on in the same line; behind a longer one a paragraph begins."""


def as_one(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """Join each reply with the one before it, where that loses nothing.

    Buttons end a message, two articles stay two messages with a source each, and an article's words come first: the
    assistant's own follow them in a paragraph of their own.
    """
    joined: list[Reply] = []
    for reply in replies:
        together = _together(joined[-1], reply) if joined else None
        if together is None:
            joined.append(reply)
        else:
            joined[-1] = together
    return tuple(joined)


def _together(first: Reply, second: Reply) -> Reply | None:
    if first.choices or not first.text or not second.text or second.citation is not None or second.format is not None:
        return None
    own = second.text if first.format is None else as_markdown(second.text)
    text = f"{first.text}{_gap(first, second.text)}{own}"
    if len(text) > LONGEST:
        return None
    return Reply(text=text, format=first.format, choices=second.choices, citation=first.citation)


def _gap(first: Reply, second: str) -> str:
    said = first.text or ""
    goes_on = first.format != MARKDOWN and "\n" not in said + second and len(said) <= LONGEST_LEAD
    return " " if goes_on else "\n\n"
