"""What breaks, breaks without losing or repeating anything: processes killed and frozen in the middle of a turn."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from tests.e2e.installation import Installation, WebVisitor

QUESTION = "What time do you open on Sunday?"


@pytest.fixture
def visitor(installation: Installation) -> Iterator[WebVisitor]:
    """A customer on the website."""
    someone = WebVisitor(installation)
    yield someone
    someone.close()


def _handled(installation: Installation, visitor: WebVisitor) -> list[tuple[str | None]]:
    return installation.rows("SELECT outcome FROM inbox WHERE conversation_id = ? ORDER BY id", visitor.conversation_id)


def _answer_texts(visitor: WebVisitor, seq: int) -> list[str]:
    return [message["text"] for message in visitor.messages_after(seq) if message["author"] == "bot"]


def _reach_confirmation(visitor: WebVisitor) -> None:
    """Bring the booking of a technician to the point where only a yes is missing."""
    seq = visitor.say("I need a technician to come and look at my dishwasher")
    visitor.answer_to(seq)
    for _ in range(6):
        story = [message for message in visitor.story() if message["event"] == "message"]
        asked = story[-1]
        text = asked["text"].lower()
        titles = [choice["title"].lower() for choice in asked.get("choices") or []]
        if any(title.startswith("yes") for title in titles):
            return
        if "postcode" in text:
            seq = visitor.say("LS6 2AB")
        elif "e-mail" in text or "email" in text:
            seq = visitor.say("someone@example.org")
        elif len(titles) > 1:
            seq = visitor.press(asked["choices"][0]["title"])
        else:
            seq = visitor.say("The pump hums and the water stays in")
        visitor.answer_to(seq)
    raise AssertionError(f"the form never asked for a yes: {visitor.story()}")


def test_a_turn_whose_brain_is_killed_is_taken_again_and_answered_once(
    installation: Installation, visitor: WebVisitor
) -> None:
    """SIGKILL while the brain waits for an action: after its restart the customer gets one answer."""
    installation.freeze("actions")
    seq = visitor.say(QUESTION)
    time.sleep(1.0)  # the turn is inside the brain now, waiting for the frozen action server
    assert _handled(installation, visitor) == [(None,)]
    installation.kill("brain")
    installation.thaw("actions")
    installation.start("brain")
    answers = visitor.answer_to(seq)
    assert [answer["citation"]["title"] for answer in answers if answer["citation"]] != []
    time.sleep(2.0)
    assert len([a for a in visitor.messages_after(seq) if a["citation"]]) == 1
    assert _handled(installation, visitor) == [("answered",)]


def test_a_booking_whose_brain_is_killed_stands_once(installation: Installation, visitor: WebVisitor) -> None:
    """SIGKILL in the middle of the action that books: the action server ends its work, the turn is taken again."""
    before = installation.rows("SELECT count(*) FROM appointments", shop=True)[0][0]
    _reach_confirmation(visitor)
    installation.freeze("actions")
    seq = visitor.press("Yes")
    time.sleep(1.0)
    installation.kill("brain")
    installation.thaw("actions")
    installation.start("brain")
    visitor.answer_to(seq)
    time.sleep(2.0)
    assert installation.rows("SELECT count(*) FROM appointments", shop=True)[0][0] == before + 1
    assert len(set(_answer_texts(visitor, seq))) == len(_answer_texts(visitor, seq))
    assert _handled(installation, visitor)[-1] == ("answered",)


def test_a_gateway_killed_in_the_middle_of_a_turn_answers_once_after_its_restart(
    installation: Installation, visitor: WebVisitor
) -> None:
    """The message was stored before it was acknowledged, so the next gateway takes it."""
    installation.freeze("actions")
    seq = visitor.say(QUESTION)
    time.sleep(1.0)
    installation.kill("gateway")
    installation.thaw("actions")
    installation.start("gateway")
    visitor.answer_to(seq)
    time.sleep(2.0)
    assert len([a for a in visitor.messages_after(seq) if a["citation"]]) == 1
    assert _handled(installation, visitor) == [("answered",)]


def test_a_gateway_killed_in_the_middle_of_a_booking_books_once(
    installation: Installation, visitor: WebVisitor
) -> None:
    """The turn is taken twice with one message id: the action remembers what it did."""
    before = installation.rows("SELECT count(*) FROM appointments", shop=True)[0][0]
    _reach_confirmation(visitor)
    installation.freeze("actions")
    seq = visitor.press("Yes")
    time.sleep(1.0)
    installation.kill("gateway")
    installation.thaw("actions")
    time.sleep(1.0)  # the first taking of the turn ends, and nobody hears it
    installation.start("gateway")
    visitor.answer_to(seq)
    time.sleep(2.0)
    assert installation.rows("SELECT count(*) FROM appointments", shop=True)[0][0] == before + 1


def test_an_action_server_that_is_away_for_a_while_is_waited_for(
    installation: Installation, visitor: WebVisitor
) -> None:
    """X12: as a brain is: the customer is told and then answered, and no human is troubled."""
    installation.kill("actions")
    try:
        seq = visitor.say(QUESTION)
        assert visitor.answer_to(seq, author="system")[0]["text"]
    finally:
        installation.start("actions")
    answers = visitor.answer_to(seq, author="bot")
    assert [answer["citation"]["title"] for answer in answers if answer["citation"]] != []
    assert _handled(installation, visitor) == [("answered",)]


def test_a_turn_that_is_cut_off_ends_kindly_and_another_customer_is_answered(
    installation: Installation, visitor: WebVisitor
) -> None:
    """A brain with so small a budget that every turn is over it, and then the same brain with the usual one."""
    installation.kill("brain")
    installation.environment["WARMLINE_TURN_BUDGET"] = "0.001"
    try:
        installation.start("brain")
        seq = visitor.say(QUESTION)
        assert "more briefly" in visitor.answer_to(seq, author="system")[0]["text"]
        assert _handled(installation, visitor) == [("over_budget",)]
        visitor.answer_to(visitor.say(QUESTION), author="system")
        assert _handled(installation, visitor) == [("over_budget",), ("handed_off",)]
    finally:
        del installation.environment["WARMLINE_TURN_BUDGET"]
        installation.kill("brain")
        installation.start("brain")
    other = WebVisitor(installation)
    assert other.answer_to(other.say(QUESTION))
    other.close()


def test_with_the_action_server_away_for_good_a_human_gets_the_conversation(
    installation: Installation, visitor: WebVisitor
) -> None:
    """An action that cannot run is a technical failure, not silence."""
    installation.kill("actions")
    try:
        seq = visitor.say(QUESTION)
        notices = visitor.answer_to(seq, author="system")
        assert notices[0]["text"]
        deadline = time.monotonic() + 120
        tickets: list[tuple[str, str]] = []
        while not tickets and time.monotonic() < deadline:
            tickets = installation.rows(
                "SELECT state, json_extract(package, '$.reason.code') FROM tickets WHERE conversation_id = ?",
                visitor.conversation_id,
            )
            time.sleep(0.2)
        assert tickets == [("queued", "technical_failure")]
    finally:
        installation.start("actions")


def test_a_message_sent_while_the_brain_still_loads_is_answered_later(
    installation: Installation, visitor: WebVisitor
) -> None:
    """The gateway takes messages from its first second; the brain catches up."""
    installation.kill("brain")
    seq = visitor.say(QUESTION)
    installation.launch("brain")
    answers = visitor.answer_to(seq)
    assert answers[0]["citation"]


@pytest.mark.parametrize("typed", ["/restart", '/inform{"order_number":"1"}', '  /book_technician{"product":"oven"}'])
def test_a_typed_slash_is_text(installation: Installation, visitor: WebVisitor, typed: str) -> None:
    """Commands and payloads of Rasa's are words when a customer types them: read as words, filling nothing."""
    seq = visitor.say(typed)
    visitor.answer_to(seq)
    [(trace,)] = installation.rows(
        "SELECT detail FROM entries WHERE conversation_id = ? AND type = 'trace'", visitor.conversation_id
    )
    # A payload would have been taken for a button, with nothing to decide.
    assert json.loads(trace)["decision"]["why"] != "a button or an event"
    assert "action_restart" not in trace
    [(state,)] = installation.rows("SELECT dialogue_state FROM conversations WHERE id = ?", visitor.conversation_id)
    assert json.loads(state)["slots"].get("order_number") is None
