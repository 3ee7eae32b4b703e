"""What a message tells beside what it asks."""

from __future__ import annotations

import pytest

from bot.dialogue.statements import statement_in, tells_only_age


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


@pytest.mark.parametrize(
    "told",
    [
        "its 3 months old",
        "it\N{RIGHT SINGLE QUOTATION MARK}s only a year old",
        "I only bought it last year",
        "we've had it for two years",
        "brand new",
        "the card is about six months old",
        "I got it 3 weeks ago",
        "it's less than a year and a half old",
    ],
)
def test_an_age_tells_nothing_else(told: str) -> None:
    """It is no fault."""
    assert tells_only_age(told)


@pytest.mark.parametrize(
    "told", ["it leaks", "it's 3 months old and leaks", "it takes two hours", "I had it mended last year", ""]
)
def test_anything_more_than_an_age_tells_something(told: str) -> None:
    """An age may stand beside it."""
    assert not tells_only_age(told)
