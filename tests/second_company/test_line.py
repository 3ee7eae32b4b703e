"""The queue and the desk of a company that the product made itself, through its gateway."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.installation import Installation, WebVisitor


@pytest.fixture
def visitor(second_installation: Installation) -> Iterator[WebVisitor]:
    """Somebody on the company's website."""
    visitor = WebVisitor(second_installation)
    yield visitor
    visitor.close()


def _tickets(visitor: WebVisitor) -> list[str]:
    query = "SELECT state FROM tickets WHERE conversation_id = ?"
    return [state for (state,) in visitor.installation.rows(query, visitor.conversation_id)]


def test_a_wish_in_the_queue_is_done_while_the_place_is_kept(visitor: WebVisitor) -> None:
    """The company's own wish, under the title that it gave it."""
    visitor.answer_to(visitor.say("I want to talk to a person"), author="system")
    [said] = visitor.answer_to(visitor.say("I'd like a quote please"), author="system")
    assert "Ask for a quote" in said["text"]
    [question] = visitor.answer_to(visitor.press("Do it now"))
    assert "quote for" in question["text"]
    assert _tickets(visitor) == ["queued"]


def test_a_question_in_the_queue_is_answered_from_the_companys_article(visitor: WebVisitor) -> None:
    """Cited, and the place is kept."""
    visitor.answer_to(visitor.say("I want to talk to a person"), author="system")
    [said] = visitor.answer_to(visitor.say("what are your opening hours?"))
    assert said["citation"]["title"] == "When is Maple & Pine open?"
    assert _tickets(visitor) == ["queued"]


def test_a_danger_is_urgent(visitor: WebVisitor) -> None:
    """With the country's number, before all others."""
    [said, *_] = visitor.answer_to(visitor.say("I smell gas in my house"))
    assert "911" in said["text"]
    query = "SELECT priority FROM tickets WHERE conversation_id = ?"
    assert visitor.installation.rows(query, visitor.conversation_id) == [("urgent",)]


def test_a_cards_number_is_never_kept(visitor: WebVisitor) -> None:
    """Hidden before it is stored, and the customer is told why."""
    visitor.answer_to(visitor.say("my card is 4111 1111 1111 1111"))
    kept = visitor.installation.rows("SELECT text FROM entries WHERE conversation_id = ?", visitor.conversation_id)
    assert "4111" not in str(kept)
