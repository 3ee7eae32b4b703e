"""``handoff-request/1`` is read strictly and survives the way from the brain to the gateway."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest, MalformedRequestError
from tests.unit.handoff.examples import REQUEST
from tests.unit.handoff.strategies import requests


@given(requests)
def test_a_request_survives_the_way_through_json(request_: HandoffRequest) -> None:
    """What the brain writes is what the gateway reads."""
    assert HandoffRequest.from_json(json.loads(json.dumps(request_.to_json()))) == request_


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "handoff-request/2"),
        (("reason", "code"), "bored"),
        (("reason", "code"), 7),
        (("reason",), "customer_request"),
        (("reason", "evidence"), None),
        (("intent", "confidence"), "high"),
        (("intent", "confidence"), True),
        (("intent", "confidence"), float("nan")),
        (("intent", "confidence"), 10**400),
        (("intent", "alternatives"), {}),
        (("slots",), []),
        (("slots", "order_number"), "LF-1234566"),
        (("slots", "order_number", "sensitive"), "no"),
        (("slots", "order_number", "value"), float("inf")),
        (("slots", "order_number", "value"), {1: 2}),
        (("slots", "order_number", "value"), object()),
        (("open_form", "missing"), [None]),
        (("knowledge_tried", 0, "score"), None),
        (("actions_tried", 0, "ok"), 1),
        (("actions_tried", 0, "error"), 404),
        (("last_question",), None),
        (("hello",), "an unknown field"),
    ],
)
def test_a_wrong_field_is_refused(path: tuple[Any, ...], value: Any) -> None:
    """Nothing is guessed: the gateway makes a technical failure of it, which a human sees."""
    data = copy.deepcopy(REQUEST.to_json())
    parent: Any = data
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    with pytest.raises(MalformedRequestError):
        HandoffRequest.from_json(data)


@pytest.mark.parametrize("name", list(REQUEST.to_json()))
def test_a_missing_field_is_named(name: str) -> None:
    """The message says which field, so that the author of an action can mend it."""
    data = REQUEST.to_json()
    del data[name]
    with pytest.raises(MalformedRequestError, match=name):
        HandoffRequest.from_json(data)


@pytest.mark.parametrize("data", [None, [], "handoff", 3])
def test_something_that_is_no_object_is_refused(data: Any) -> None:
    """A list or a text is no request."""
    with pytest.raises(MalformedRequestError):
        HandoffRequest.from_json(data)


def test_a_value_nested_without_end_is_refused_and_not_followed() -> None:
    """A hostile value must not exhaust the stack."""
    value: Any = "end"
    for _ in range(10_000):
        value = [value]
    data = REQUEST.to_json()
    data["slots"]["order_number"]["value"] = value
    with pytest.raises(MalformedRequestError, match="nested"):
        HandoffRequest.from_json(data)


@pytest.mark.parametrize("code", list(ReasonCode))
def test_each_reason_has_a_sentence_for_the_agent(code: ReasonCode) -> None:
    """An agent reads sentences, not codes."""
    assert code.text.endswith(".")
    assert "_" not in code.text
