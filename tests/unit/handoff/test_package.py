"""The package is valid and small whatever goes in, and says what it had to leave out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.limits import LARGEST_PACKAGE, size
from bot.handoff.package import Customer, InvalidPackageError, schema, validate
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest, Slot
from bot.handoff.summary import Line
from tests.unit.handoff.examples import REQUEST, SAID, package, transcript
from tests.unit.handoff.strategies import json_values, requests, texts, transcripts


@given(requests, transcripts, st.dictionaries(texts, json_values, max_size=4), texts)
def test_any_request_gives_a_valid_package_of_64_kilobytes_at_most(
    request_: HandoffRequest, lines: list[Line], attributes: dict[str, Any], name: str
) -> None:
    """A hand-off never fails because of what somebody typed."""
    built = package(request_, lines, customer=Customer("p-1", name, attributes=attributes))
    validate(built)
    assert size(built) <= LARGEST_PACKAGE


def test_it_carries_what_the_brain_knew_and_what_was_said() -> None:
    """Nothing of an ordinary conversation is lost."""
    built = package()
    assert built["slots"]["order_number"] == {"value": "LF-1234566", "sensitive": False}
    assert built["reason"] == {
        "code": "customer_request",
        "text": "The customer asked for a person.",
        "evidence": "can I talk to someone",
    }
    assert built["open_form"] == {"name": "track_order_form", "missing": ["postcode"]}
    assert [line["text"] for line in built["transcript"]] == [text for _, text in SAID]
    assert built["left_out"] == {"transcript_lines": 0, "fields": []}
    assert built["promise"] == {"position": 2, "wait_minutes": None}
    assert built["created_at"] == "2026-03-02T09:39:00.000Z"


def test_a_long_conversation_loses_its_oldest_lines_and_says_how_many() -> None:
    """The newest lines matter most, and an agent must know that there was more."""
    built = package(lines=transcript([("customer", f"{place} " + "x" * 3_990) for place in range(40)]))
    kept = [line["seq"] for line in built["transcript"]]
    assert kept == list(range(41 - len(kept), 41))
    assert 10 <= len(kept) < 40
    assert built["left_out"]["transcript_lines"] == 40 - len(kept)


def test_slots_that_are_too_big_are_left_out_by_name_and_the_transcript_keeps_its_room() -> None:
    """One bloated field does not push the conversation out of the package."""
    slots = {f"slot_{number}": Slot("y" * 900) for number in range(80)}
    built = package(HandoffRequest(ReasonCode.POLICY, slots=slots))
    assert built["left_out"] == {"transcript_lines": 0, "fields": ["slots"]}
    assert 0 < len(built["slots"]) < 80


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schema", "handoff/2"),
        ("id", ""),
        ("created_at", "yesterday"),
        ("summary", "no pointer here"),
        ("summary", "too long " * 60 + "(#1)"),
        ("promise", {"position": 0, "wait_minutes": None}),
        ("transcript", [{"seq": 0, "at": "2026-03-02T09:39:00Z", "author": "bot", "type": "message", "text": ""}]),
        ("surprise", True),
    ],
)
def test_a_wrong_package_is_refused(name: str, value: Any) -> None:
    """The schema is a promise to adapters: what breaks it is not sent."""
    with pytest.raises(InvalidPackageError):
        validate({**package(), name: value})


def test_a_package_over_the_limit_is_refused_even_if_the_schema_likes_it() -> None:
    """A receiver's limit is in bytes, which a schema cannot count."""
    built = package()
    built["customer"]["attributes"] = {"notes": "z" * LARGEST_PACKAGE}
    with pytest.raises(InvalidPackageError, match="bytes"):
        validate(built)


def test_every_reason_code_is_in_the_schema() -> None:
    """Code and schema cannot drift apart."""
    assert schema()["properties"]["reason"]["properties"]["code"]["enum"] == [code.value for code in ReasonCode]


def test_the_same_hand_off_built_again_is_the_same_package() -> None:
    """A repeated turn must not look like another hand-off."""
    assert package(REQUEST) == package(REQUEST)
