"""The summary is short, true, and every line points at the message that proves it."""

from __future__ import annotations

import re

from hypothesis import given

from bot.handoff.reasons import ReasonCode
from bot.handoff.request import ActionTried, HandoffRequest, OpenForm, Slot
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
        "In the middle of: Track order, still needs postcode (#4)",
        "Failed: Track order: the shop did not answer (#4)",
        "Was shown the article “Delivery times” (#2)",
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


BOOKING = HandoffRequest(
    ReasonCode.NOT_UNDERSTOOD,
    slots={
        "product": Slot("dishwasher"),
        "appointment": Slot("LS-20261201-morning-1"),
        "wanted_date": Slot("2026-12-01"),
        "offered": Slot(["2026-12-01T08:00:00+00:00", "2026-12-02T12:00:00Z"]),
    },
    open_form=OpenForm("book_technician_form", ("email", "confirm_booking")),
    actions_tried=(
        ActionTried("action_ask_book_technician_form_appointment", True, None),
        ActionTried("action_ask_book_technician_form_appointment", True, None),
        ActionTried("action_not_understood", True, None),
        ActionTried("action_track_order", False, "the shop did not answer"),
        ActionTried("action_track_order", False, "the shop did not answer"),
    ),
)
LEFT = [("customer", "my dishwasher leaks"), ("bot", "When shall we come?"), ("customer", "hm, dunno")]


def test_a_booking_that_was_left_is_told_in_an_agents_words() -> None:
    """K7, kind 10: no id, no ISO date, no question of the assistant as an attempt, each failure once."""
    assert summarise(BOOKING, transcript(LEFT)).split("\n") == [
        "The assistant did not understand the customer. (#3)",
        "Wants: “my dishwasher leaks” (#1)",
        "Last said: “hm, dunno” (#3)",
        "Product: dishwasher (#1)",
        "Wanted date: 1 December 2026 (#3)",
        "Offered: 1 December 2026, 08:00 UTC, 2 December 2026, 12:00 UTC (#3)",
        "In the middle of: Book technician, still needs email, confirm booking (#3)",
        "Failed: Track order: the shop did not answer (#3)",
    ]


def test_an_id_is_told_by_the_words_that_the_company_has_for_it() -> None:
    """K7, kind 10: the line points at the button that the customer pressed."""
    visit = "Tuesday 1 December, 8 am to 12 noon"
    slots = {"appointment": Slot("LS-20261201-morning-1", title="Technician's visit", text=visit)}
    said = [*LEFT, ("customer", visit), ("customer", "a person please")]
    summary = summarise(HandoffRequest(ReasonCode.CUSTOMER_REQUEST, slots=slots), transcript(said))
    assert f"Technician's visit: {visit} (#4)" in summary.split("\n")


def test_an_id_that_was_read_in_the_conversation_is_told() -> None:
    """K7, kind 10: the customer has it from a letter and will say it again."""
    request = HandoffRequest(ReasonCode.CUSTOMER_REQUEST, slots={"visit": Slot("LS-20261201-morning-1")})
    said = [("bot", "Your visit is LS-20261201-morning-1."), ("customer", "a person please")]
    assert "Visit: LS-20261201-morning-1 (#2)" in summarise(request, transcript(said)).split("\n")
