"""Asking for the product, and answering the first message once something was chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialogue.context import Context
from bot.kit.answer_question import AnswerQuestion
from bot.kit.not_understood import NotUnderstood
from tests.unit.kit.talk import Talk, answer_at

pytestmark = pytest.mark.usefixtures("served")
Begin = Callable[..., Talk]
HOURS = "We open at nine. On Sundays we open at ten."


def asked(talk: Talk, choices: dict[str, object], kind: str = "ask_value") -> Talk:
    """A message whose answer depends on the product."""
    knowledge = {"passages": [], "answer": None, "choices": choices}
    decision = {"kind": kind, "why": "", "choices": list(choices)}
    return talk.customer("it makes a noise", "unclear", decision=decision, knowledge=knowledge)


def test_the_products_are_buttons_and_the_message_waits(talk: Begin) -> None:
    """It is no message that was not understood: asking twice hands nobody over."""
    conversation = talk()
    told = {"oven": answer_at(0, "store-hours", "x"), "hob": answer_at(2, "refund-times", "y")}
    answer = asked(conversation, told).run(NotUnderstood())
    assert answer.choices == {
        "Oven": '/knowledge_question{"article": "store-hours", "product": "oven"}',
        "Hob": '/knowledge_question{"article": "refund-times", "product": "hob"}',
    }
    waiting = Context.of(conversation.slots["last_question"]).waiting
    assert waiting is not None
    assert (waiting.text, waiting.asks, set(waiting.answers)) == (
        "it makes a noise",
        "product",
        {"store-hours", "refund-times"},
    )
    assert "not_understood" not in conversation.slots
    assert asked(conversation, told).run(NotUnderstood()).handoff is None


def test_one_product_alone_is_nothing_to_ask(talk: Begin) -> None:
    """Then it is said honestly that nothing was understood."""
    answer = asked(talk(), {"oven": answer_at(0, "store-hours", "x")}).run(NotUnderstood())
    assert answer.said[0].startswith("utter_not_understood")


def test_a_choice_answers_the_first_message_and_is_remembered_by_it(talk: Begin) -> None:
    """With the words that were found for it, not with the article's opening."""
    conversation = talk()
    place = HOURS.index("On Sundays")
    told = {"store-hours": answer_at(0, "store-hours", HOURS[place:], place)}
    asked(conversation, told, "ask_back").run(NotUnderstood())
    payload = '/knowledge_question{"article": "store-hours"}'
    answer = conversation.customer(payload, "knowledge_question", {"article": "store-hours"}).run(AnswerQuestion())
    assert answer.said == [HOURS[place:]]
    context = Context.of(conversation.slots["last_question"])
    assert context.last is not None
    assert (context.last.text, context.waiting) == ("it makes a noise", None)
