"""What was booked just before can be changed, and the customer hears how."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.contract import names
from bot.dialogue.agreements import Agreement, Changes, with_agreement
from bot.kit.change_what_was_done import ChangeWhatWasDone
from tests.unit.kit.talk import Talk


@pytest.mark.parametrize("response", ["utter_change_visit", "utter_change_return"])
def test_a_change_after_the_end_says_how(talk: Callable[..., Talk], response: str) -> None:
    """In the company's words for what was done, and with a person."""
    done = Agreement("utter_booked", {"reference": "TV-1"}, Changes(response, ("date",)), time.time())
    kept = with_agreement(None, done)
    answer = talk(slots={names.AGREEMENTS: kept}).customer("make it Friday").run(ChangeWhatWasDone())
    assert answer.said == [response]
    assert answer.messages[0]["reference"] == "TV-1"
    assert "/ask_for_person" in answer.choices.values()


def test_where_nothing_was_done_nothing_is_made_up(talk: Callable[..., Talk]) -> None:
    """A button may be pressed a day later."""
    assert talk().customer("make it Friday").run(ChangeWhatWasDone()).said == ["utter_talk_nothing_agreed"]
