"""What the channel takes for a turn, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.brain.turn import BadTurnError, neutralised, parse_turn

TURN: dict[str, Any] = {
    "schema": "turn/1",
    "conversation_id": "c",
    "message_id": "m",
    "channel": "web",
    "locale": "en",
    "shadow": False,
    "customer": {"id": "p", "name": None, "verified": False, "attributes": {}},
    "input": {"type": "text", "text": "hello"},
    "state": None,
}


def parsed(**changes: Any) -> Any:
    """Parse the turn with some of its fields changed."""
    return parse_turn(json.dumps({**TURN, **changes}).encode())


def test_a_turn_brings_all_that_actions_need() -> None:
    """The metadata are those of the contract."""
    assert parsed().metadata == {
        "message_id": "m",
        "conversation_id": "c",
        "channel": "web",
        "locale": "en",
        "customer": TURN["customer"],
        "shadow": False,
        "event": None,
    }


@pytest.mark.parametrize(
    "typed",
    ["/restart", " /restart", "\n\t/restart", "\u00a0/restart", "//restart", "/ /restart", "\u2003 / restart"],
)
def test_a_typed_slash_is_text(typed: str) -> None:
    """Rasa would strip the message and read a command."""
    turn = parsed(input={"type": "text", "text": typed})
    assert turn.text == "restart"
    assert not turn.is_payload


@given(st.text(max_size=40))
def test_no_text_becomes_a_command(typed: str) -> None:
    """Whatever is typed, what Rasa strips does not begin with a slash, and is not empty."""
    text = neutralised(typed)
    assert text.strip()
    assert not text.strip().startswith("/")


def test_a_button_of_ours_keeps_its_payload() -> None:
    """Only the gateway can send one, and it has checked it."""
    turn = parsed(input={"type": "choice", "payload": '/inform{"product": "oven"}', "title": "Oven"})
    assert (turn.text, turn.is_payload) == ('/inform{"product": "oven"}', True)


def test_actions_learn_where_the_customer_comes_from() -> None:
    """They count by it; a gateway that does not say is fine."""
    turn = parsed(customer={"id": "p", "origin": "0" * 32})
    assert turn.metadata["customer"]["origin"] == "0" * 32
    assert parsed(customer={"id": "p", "origin": None}).metadata["customer"]["origin"] is None


def test_an_event_becomes_the_intent_of_its_name_and_travels_with_its_data() -> None:
    """What the human noted reaches the action."""
    turn = parsed(input={"type": "event", "name": "returned_by_human", "data": {"note": "all done"}})
    assert turn.text == "/returned_by_human"
    assert turn.metadata["event"] == {"name": "returned_by_human", "data": {"note": "all done"}}


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "turn/2"},
        {"conversation_id": 7},
        {"conversation_id": ""},
        {"message_id": None},
        {"shadow": "yes"},
        {"customer": None},
        {"customer": {"id": 7}},
        {"customer": {"id": "p", "attributes": []}},
        {"customer": {"id": "p", "origin": 7}},
        {"input": "hello"},
        {"input": {"type": "text"}},
        {"input": {"type": "text", "text": 7}},
        {"input": {"type": "text", "text": "half \ud83d"}},
        {"input": {"type": "choice", "payload": ""}},
        {"input": {"type": "event", "name": "exploded"}},
        {"input": {"type": "event", "name": "returned_by_human", "data": "x"}},
        {"input": {"type": "song"}},
        {"state": []},
        {"state": {"schema": "dialogue-state/0"}},
    ],
    ids=lambda change: json.dumps(change),
)
def test_a_turn_of_the_wrong_shape_is_refused(change: dict[str, Any]) -> None:
    """A bug of the gateway is told apart from a fault of the brain."""
    with pytest.raises(BadTurnError):
        parsed(**change)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"hello", b"[]", b"null", b'{"schema": NaN}', b"[" * 100_000])
def test_a_body_that_is_no_json_object_in_utf_8_is_refused(body: bytes) -> None:
    """Nothing of it is used."""
    with pytest.raises(BadTurnError):
        parse_turn(body)


def test_a_refusal_never_repeats_what_was_sent() -> None:
    """It goes into logs."""
    with pytest.raises(BadTurnError) as refused:
        parsed(input={"type": "secret-42"})
    assert "secret-42" not in str(refused.value)
