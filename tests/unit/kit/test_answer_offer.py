"""A yes or a no where no form is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.kit.answer_offer import AnswerOffer
from tests.unit.kit.talk import Talk

pytestmark = pytest.mark.usefixtures("served")
Begin = Callable[..., Talk]
TWO = [
    {"title": "Send something back", "payload": "/return_item"},
    {"title": "Is it in stock?", "payload": "/stock"},
    {"title": "None of these", "payload": "/none_of_these"},
]


def _shown(talk: Begin, buttons: list[dict[str, Any]]) -> Talk:
    conversation = talk().customer("fetch it thursday", "unclear")
    conversation.events.append({"event": "bot", "text": "One of these?", "data": {"buttons": buttons}})
    return conversation


def test_a_yes_to_several_choices_is_asked_which(talk: Begin) -> None:
    """With the same choices."""
    answer = _shown(talk, TWO).customer("yes", "affirm").run(AnswerOffer())
    assert answer.said == ["utter_which_of_these"]
    assert answer.choices == {one["title"]: one["payload"] for one in TWO}


def test_a_yes_to_nothing_and_a_no_to_choices_ask_what_to_do(talk: Begin) -> None:
    """A single offer is taken before this; nothing shown leaves nothing to choose."""
    assert _shown(talk, []).customer("yes", "affirm").run(AnswerOffer()).said == ["utter_what_next"]
    assert _shown(talk, TWO).customer("no", "deny").run(AnswerOffer()).said == ["utter_what_next"]
    assert talk().customer("yes", "affirm").run(AnswerOffer()).said == ["utter_what_next"]


def test_a_yes_that_tells_of_success_is_good_to_hear(talk: Begin) -> None:
    """Nobody is shown a menu for it."""
    answer = _shown(talk, TWO[:1]).customer("YES it's warming up", "affirm").run(AnswerOffer())
    assert (answer.said, answer.choices) == (["utter_went_well"], {})
