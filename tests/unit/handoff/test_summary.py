"""The summary is short, true, and every line points at the message that proves it."""

from __future__ import annotations

import re

from hypothesis import given

from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest
from bot.handoff.summary import LONGEST, MASK, Line, summarise
from tests.unit.handoff.examples import REQUEST, transcript
from tests.unit.handoff.strategies import requests, transcripts


@given(requests, transcripts)
def test_every_line_points_at_a_message_of_the_transcript(request_: HandoffRequest, lines: list[Line]) -> None:
    """An agent can check each claim with one click."""
    summary = summarise(request_, lines)
    known = {line.seq for line in lines}
    assert len(summary) <= LONGEST
    for text in summary.split("\n") if summary else []:
        pointer = re.search(r"\(#(\d+)\)$", text)
        assert pointer is not None
        assert int(pointer.group(1)) in known


def test_it_tells_why_what_was_wanted_what_is_known_and_what_failed() -> None:
    """The whole story of an ordinary hand-off, the order number found in the message that held it."""
    assert summarise(REQUEST, transcript()).split("\n") == [
        "The customer asked for a person. (#4)",
        "Wants: “where is my dishwasher” (#1)",
        "Last said: “can I talk to someone” (#4)",
        "Order number: LF-1234566 (#3)",
        "Postcode: ••• (#4)",
        "In the middle of: Track order form, still needs postcode (#4)",
        "Failed: Track order: the shop did not answer (#4)",
        "Was shown the article delivery-times (#2)",
    ]


def test_a_sensitive_value_is_masked() -> None:
    """The summary is copied into lists and notifications, where a postcode has no business."""
    summary = summarise(REQUEST, transcript())
    assert "LS6" not in summary
    assert MASK in summary


def test_without_a_last_question_the_first_message_says_what_was_wanted() -> None:
    """Most people begin with what they want."""
    summary = summarise(HandoffRequest(ReasonCode.TECHNICAL_FAILURE), transcript())
    assert "Wants: “Hi, where is my dishwasher?” (#1)" in summary


def test_without_a_customers_message_there_is_nothing_to_point_at() -> None:
    """No line is better than a line that proves nothing."""
    assert summarise(REQUEST, []) == ""
