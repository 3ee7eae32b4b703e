"""What a message tells beside what it asks."""

from __future__ import annotations

import pytest

from bot.dialogue.statements import statement_in


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("it leaks, can you fix it?", "it leaks"),
        ("It leaks. Can you fix it?", "It leaks."),
        ("can you fix it? it leaks badly", "it leaks badly"),
        ("it leaks and what does it cost?", "it leaks"),
        ("it leaks, and the door sticks, is that normal?", "it leaks, and the door sticks"),
    ],
)
def test_the_part_that_tells_is_kept(text: str, told: str) -> None:
    """D9, kind 3: before the question or behind it."""
    assert statement_in(text) == told


@pytest.mark.parametrize(
    "text", ["is it free?", "hello, can you fix it?", "it leaks", "does not drain, is not hot", "wait, it leaks", ""]
)
def test_a_message_of_one_kind_stays_whole(text: str) -> None:
    """D9, kind 3: nothing is cut where nothing asks, or where nothing else is told."""
    assert statement_in(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "wait a second, is it free?",
        "tell me, is it free?",
        "quick question, what does it cost?",
        "I'd like to know, is it free?",
        "just one thing, is it free?",
        "ok thanks, is it free?",
        "before we go on, is it free?",
    ],
)
def test_what_leads_up_to_a_question_tells_nothing(text: str) -> None:
    """D9, kind 3: it is no problem and no reason."""
    assert statement_in(text) == text
