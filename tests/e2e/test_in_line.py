"""W10 and kind 7 through the whole assistant: what is written in the queue is read, answered or offered, and kept."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from bot.gateway.tickets import notices
from tests.e2e.installation import LONGEST_ANSWER, Installation, WebVisitor
from tests.gateway.making import words


@pytest.fixture
def waiting(installation: Installation) -> Iterator[WebVisitor]:
    """Somebody in the queue."""
    visitor = WebVisitor(installation)
    visitor.answer_to(visitor.say("I want to talk to a person"), author="system")
    yield visitor
    visitor.close()


def _tickets(waiting: WebVisitor) -> list[str]:
    query = "SELECT state FROM tickets WHERE conversation_id = ?"
    return [state for (state,) in waiting.installation.rows(query, waiting.conversation_id)]


@pytest.mark.parametrize(
    ("wish", "title"),
    [
        ("book a technician please", "Book a technician"),
        ("I'd like to send my oven back", "Send an item back"),
        ("where is my order?", "Track an order"),
    ],
)
def test_a_wish_in_the_line_is_offered_to_be_done_and_then_is(waiting: WebVisitor, wish: str, title: str) -> None:
    """W10: added for the person; pressed, the assistant asks the first question of it, and the place is kept."""
    [said] = waiting.answer_to(waiting.say(wish), author="system")
    assert said["text"] == words(notices.added_and_offered("", title))
    assert _tickets(waiting) == ["queued"]
    question = waiting.answer_to(waiting.press("Do it now"))
    assert "?" in question[-1]["text"]
    assert _tickets(waiting) == ["queued"]


def test_a_question_of_fact_in_the_line_is_answered_from_the_article(waiting: WebVisitor) -> None:
    """W10: cited, as the assistant's, and the place is kept."""
    [said] = waiting.answer_to(waiting.say("what are your opening hours?"))
    assert said["text"].startswith(words(notices.WHILE_YOU_WAIT))
    assert said["citation"] is not None
    assert _tickets(waiting) == ["queued"]


@pytest.mark.parametrize("text", ["the drum makes a grinding noise since friday, i think it is the bearing", "???"])
def test_anything_else_in_the_line_is_not_met_with_silence(waiting: WebVisitor, text: str) -> None:
    """Kind 7: it is kept for the person, whatever else follows."""
    seq = waiting.say(text)
    deadline = time.monotonic() + LONGEST_ANSWER
    while not waiting.messages_after(seq) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(waiting.messages_after(seq)) == 1
    assert _tickets(waiting) == ["queued"]
