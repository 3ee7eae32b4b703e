"""Every reason for a human through all three processes: the customer is told, the ticket says it, it is counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import httpx
import pytest

from tests.e2e.installation import Installation, WebVisitor
from tests.reasons import DIALOGUES, HandedOver, orders_away


@pytest.fixture(scope="module")
def supervisor(installation: Installation) -> Iterator[httpx.Client]:
    """Somebody who may look at the numbers."""
    with httpx.Client(base_url=installation.url, trust_env=False, timeout=30.0) as client:
        who = {"username": "admin", "password": installation.password}
        client.post("/api/desk/session", json=who).raise_for_status()
        yield client


def _counted(supervisor: httpx.Client) -> dict[str, int]:
    answer = supervisor.get("/api/desk/supervision").raise_for_status().json()
    return {one["code"]: one["count"] for one in answer["reasons"]}


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one.code.value)
def test_each_reason_is_told_noted_and_counted(
    installation: Installation, supervisor: httpx.Client, dialogue: HandedOver
) -> None:
    """One more on the supervisor's page, and none of any other."""
    before = _counted(supervisor)
    visitor = WebVisitor(installation)
    *first, last = dialogue.messages
    for message in first:
        visitor.answer_to(visitor.say(message))
    with orders_away(installation.settings.var / "shop.db") if dialogue.shop_is_away else nullcontext():
        answers = visitor.answer_to(visitor.say(last))
    visitor.close()
    assert any(answer["text"].startswith(dialogue.told) for answer in answers)
    waiting = supervisor.get("/api/desk/tickets", params={"list": "waiting"}).raise_for_status().json()["tickets"]
    (ticket,) = [one for one in waiting if one["conversation_id"] == visitor.conversation_id]
    assert ticket["reason"] == {"code": dialogue.code.value, "text": dialogue.code.text}
    assert _counted(supervisor) == before | {dialogue.code.value: before[dialogue.code.value] + 1}
