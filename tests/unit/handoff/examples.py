"""One hand-off, as a conversation about a late dishwasher gives it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from bot.handoff.package import Conversation, Customer, ExpectedWait, Routing, build
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import ActionTried, HandoffRequest, Intent, KnowledgeTried, OpenForm, Reading, Slot
from bot.handoff.summary import Line

START = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)

REQUEST = HandoffRequest(
    code=ReasonCode.CUSTOMER_REQUEST,
    evidence="can I talk to someone",
    last_question="where is my dishwasher",
    intent=Intent("ask_for_person", 0.97, (Reading("track_order", 0.02),)),
    slots={"order_number": Slot("LF-1234566"), "postcode": Slot("LS6 2AB", sensitive=True), "email": Slot(None)},
    open_form=OpenForm("track_order_form", ("postcode",)),
    knowledge_tried=(KnowledgeTried("delivery-times", "Large items", 0.61, True),),
    actions_tried=(ActionTried("action_track_order", False, "the shop did not answer"),),
)

SAID = [
    ("customer", "Hi, where is my dishwasher?"),
    ("bot", "Large items take three working days."),
    ("customer", "my order is lf 1234566"),
    ("customer", "can I talk to someone"),
]


def transcript(said: list[tuple[str, str]] | None = None) -> list[Line]:
    """The messages as transcript lines, one a minute, numbered from 1."""
    return [
        Line(place + 1, START + timedelta(minutes=place), author, "message", text)
        for place, (author, text) in enumerate(SAID if said is None else said)
    ]


def package(request: HandoffRequest = REQUEST, lines: list[Line] | None = None, **changes: Any) -> dict[str, Any]:
    """The package of that conversation; ``changes`` replace arguments of ``build``."""
    given: dict[str, Any] = {
        "id": "t-1",
        "created_at": START + timedelta(minutes=9),
        "conversation": Conversation("c-1", "web", "default", "en", START),
        "customer": Customer("p-1", "Ada Brook"),
        "routing": Routing(),
        "promise": ExpectedWait(position=2),
    }
    return build(request=request, transcript=transcript() if lines is None else lines, **{**given, **changes})
