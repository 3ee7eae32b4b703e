"""What is written by one part is read by another, newer parts included, and nothing else is."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contract import schemas
from bot.contract.failures import Failed, Failure
from bot.contract.reading import MalformedMessageError, as_bytes, as_json, checked, read
from bot.contract.result import Reply, TurnResult
from bot.contract.search import ArticleRequest, Search
from bot.contract.trace import Trace
from bot.contract.turn import ChoiceInput, EventInput, TextInput, Turn, input_of
from tests.unit.contract import strategies

ROOM = 1_000_000

TURN: dict[str, Any] = {
    "schema": "turn/1",
    "conversation_id": "c",
    "message_id": "m",
    "channel": "web",
    "locale": "en",
    "shadow": False,
    "customer": {"id": "p", "name": None, "verified": False, "attributes": {}, "origin": None},
    "input": {"type": "text", "text": "hello"},
    "state": None,
}
RESULT: dict[str, Any] = {
    "schema": "turn-result/1",
    "message_id": "m",
    "replies": [{"text": "Hello"}],
    "handoff": None,
    "state": None,
    "trace": {},
}


@given(
    st.one_of(
        strategies.TURNS,
        strategies.RESULTS,
        strategies.TRACES,
        strategies.SEARCHES,
        strategies.SEARCH_RESULTS,
        strategies.ARTICLE_RESULTS,
    )
)
def test_what_one_end_writes_the_other_reads(message: msgspec.Struct) -> None:
    """Whatever the message, as JSON and back, nothing is lost and nothing is added."""
    for written in (as_bytes(message), json.dumps(as_json(message)).encode()):
        assert read(written, type(message), largest=ROOM) == message


def test_half_a_surrogate_pair_in_a_reply_costs_no_turn() -> None:
    """An action may say it; JSON can spell it, UTF-8 cannot."""
    said = TurnResult(replies=[Reply("half \ud83d")], handoff=None, state=None)
    assert read(as_bytes(said), TurnResult, largest=ROOM) == said


@given(message=strategies.TURNS, more=strategies.OBJECTS)
def test_what_a_newer_gateway_adds_is_left_out(message: Turn, more: dict[str, Any]) -> None:
    """Gateways and brains are replaced one after another."""
    written = as_json(message)
    assert checked({**more, **written, "customer": {**more, **written["customer"]}}, Turn) == message


def test_a_message_says_what_it_is() -> None:
    """The name and version of the contract stand first in every message, and are asked for."""
    assert checked(TURN, Turn).input == TextInput("hello")
    for wrong in ({}, {"schema": "turn/2"}, {"schema": None}, {"schema": "turn-result/1"}):
        with pytest.raises(MalformedMessageError, match='"schema" must be "turn/1"'):
            checked({**{name: value for name, value in TURN.items() if name != "schema"}, **wrong}, Turn)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"conversation_id": 7}, "conversation_id"),
        ({"message_id": " \t"}, "message_id"),
        ({"locale": None}, "locale"),
        ({"shadow": 1}, "shadow"),
        ({"customer": {"id": 7}}, "customer.id"),
        ({"customer": {"verified": "yes"}}, "customer.verified"),
        ({"input": {"type": "song"}}, "input.type"),
        ({"input": {"text": "hello"}}, "input"),
        ({"input": {"type": "text"}}, "input"),
        ({"input": {"type": "text", "text": "half \ud83d"}}, "input.text"),
        ({"input": {"type": "choice", "payload": "  "}}, "input.payload"),
        ({"input": {"type": "event", "name": "exploded"}}, "input.name"),
        ({"input": {"type": "event", "name": "returned_by_human", "data": None}}, "input.data"),
        ({"state": []}, "state"),
    ],
    ids=str,
)
def test_a_turn_of_the_wrong_shape_names_the_field(change: dict[str, Any], field: str) -> None:
    """Whoever reads the log finds the place."""
    with pytest.raises(MalformedMessageError) as refused:
        checked({**TURN, **change}, Turn)
    assert str(refused.value).startswith(f'"{field}": ')


@pytest.mark.parametrize(
    "change",
    [
        {"replies": None},
        {"replies": [{"text": 5}]},
        {"replies": [{"text": "a", "choices": [{"title": "One"}]}]},
        {"replies": [{"text": "a", "choices": [{"title": 1, "payload": "/one"}]}]},
        {"replies": [{"text": "a", "citation": {"title": "no article"}}]},
        {"handoff": "no"},
        {"state": "no"},
        {"trace": []},
    ],
    ids=str,
)
def test_a_result_of_the_wrong_shape_is_refused(change: dict[str, Any]) -> None:
    """Half a result must not be shown to a customer."""
    with pytest.raises(MalformedMessageError):
        checked({**RESULT, **change}, TurnResult)


@pytest.mark.parametrize("missing", ["replies", "handoff", "state"])
def test_a_result_says_also_what_there_is_not(missing: str) -> None:
    """A hand-off or a state that is forgotten looks like one that is not there."""
    with pytest.raises(MalformedMessageError, match=missing):
        checked({name: value for name, value in RESULT.items() if name != missing}, TurnResult)


@pytest.mark.parametrize("limit", [0, 21, True, "8", 1.5])
def test_a_search_asks_for_a_number_of_passages_that_can_be_given(limit: object) -> None:
    """From 1 to 20."""
    with pytest.raises(MalformedMessageError, match="limit"):
        checked({"schema": schemas.SEARCH, "query": "hours", "limit": limit}, Search)


@pytest.mark.parametrize("article", ["", "a--b", "../secret", "a\n", "A", 5])
def test_an_article_is_asked_for_by_its_id(article: object) -> None:
    """Nothing that could be a path."""
    with pytest.raises(MalformedMessageError, match="article"):
        checked({"schema": schemas.ARTICLE, "article": article}, ArticleRequest)


@given(strategies.JSON)
def test_whatever_comes_is_read_or_refused(data: object) -> None:
    """No other error leaves the reader."""
    for kind in (Turn, TurnResult, Trace, Failed):
        with suppress(MalformedMessageError):
            read(json.dumps(data).encode(), kind, largest=ROOM)


def _refusal(turn: dict[str, Any]) -> str:
    try:
        checked(turn, Turn)
    except MalformedMessageError as error:
        return str(error)
    return ""


@given(st.sampled_from(sorted(TURN)), st.text("xyz", min_size=6, max_size=9))
def test_a_refusal_never_repeats_what_was_sent(field: str, secret: str) -> None:
    """It goes into logs, and what is sent are a customer's words."""
    wrong: list[Any] = [secret, [secret], {secret: secret}, {"type": secret}, {"type": "event", "name": secret}]
    for value in wrong:
        assert secret not in _refusal({**TURN, field: value})


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"hello", b"[]", b"null", b'{"schema": NaN}', b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    """As is one that is longer than it may be."""
    with pytest.raises(MalformedMessageError):
        read(body, Turn, largest=ROOM)
    with pytest.raises(MalformedMessageError, match="bytes"):
        read(json.dumps(TURN).encode(), Turn, largest=20)


def test_where_a_button_stood_does_not_travel() -> None:
    """An inbox keeps more of a message than the brain is told."""
    assert input_of({"type": "choice", "payload": "/yes", "title": "Yes", "of": [4, 0]}) == ChoiceInput("/yes", "Yes")
    assert input_of({"type": "event", "name": "returned_by_human"}) == EventInput("returned_by_human")


def test_a_failure_says_what_is_known_and_no_more() -> None:
    """`acted` is there only where the brain knows it."""
    assert as_json(Failed(Failure("busy", "Wait."))) == {"error": {"code": "busy", "message": "Wait."}}
    said = as_json(Failed(Failure("over_budget", "Cut off.", acted=False)))
    assert said == {"error": {"code": "over_budget", "message": "Cut off.", "acted": False}}
