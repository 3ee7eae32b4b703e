"""D16, kind 5: with the real brain, an answer's words reach a messenger without the signs of the article's format."""

from __future__ import annotations

import re

import pytest

from bot.gateway.conversations.formatting import formatted
from tests.processes import Brain


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("what is the call-out charge?", "£79"),
        ("what does delivery cost?", "£"),
        ("what does each further half hour of the technician cost?", "Each further 30 minutes: £30"),
    ],
)
def test_a_table_is_lines(brain: Brain, question: str, line: str) -> None:
    """D16 first, then others of its kind: no stroke, no dash, no star, and the row's words."""
    replies = [reply for reply in brain.talk().say(question).last["replies"] if reply.get("citation")]
    assert replies
    assert all(reply["format"] == "markdown" for reply in replies)
    words = "\n".join(formatted(reply["text"], reply["format"], "https://chat.example").plain for reply in replies)
    assert line in words
    assert not re.search(r"\||---|\*\*|\]\(", words)


def test_what_an_action_says_has_no_format(brain: Brain) -> None:
    """Only an article's words are Markdown."""
    assert all("format" not in reply for reply in brain.talk().say("where is my order?").last["replies"])
