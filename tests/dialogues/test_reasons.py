"""Every reason for a human has its rule and its sentence to the customer, in the real brain with its real actions."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest
from tests.processes import Brain
from tests.reasons import DIALOGUES, HandedOver, orders_away


def test_no_reason_is_without_a_dialogue() -> None:
    """One that nobody can cause would be a line on the supervisor's page that lies."""
    assert [one.code for one in DIALOGUES] == list(ReasonCode)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one.code.value)
def test_each_reason_hands_over_when_its_rule_applies_and_not_before(brain: Brain, dialogue: HandedOver) -> None:
    """With a sentence of its own, a valid request, and no form left open."""
    talk = brain.talk()
    *before, last = dialogue.messages
    for message in before:
        assert talk.say(message).handoff is None, message
    with orders_away(brain.shop_database) if dialogue.shop_is_away else nullcontext():
        talk.say(last)
    assert talk.handoff is not None
    request = HandoffRequest.from_json(talk.handoff)
    assert request.code is dialogue.code
    assert request.evidence
    assert talk.texts[-1].startswith(dialogue.told)
    assert talk.open_form is None


def test_no_two_reasons_tell_the_customer_the_same() -> None:
    """Whoever was understood is not told that they were not."""
    assert len({one.told for one in DIALOGUES}) == len(DIALOGUES)
