"""Ask for the product on which an answer depends, and keep the first question until it is answered."""

from __future__ import annotations

import json

from bot.contract import names
from bot.dialogue.context import Context, Waiting
from bot.kit.turn import Choice, Event, Turn, followed_by, set_slot
from bot.knowledge.answering.follow_up import LAST_QUESTION
from bot.wording.sentences import wording

_WHICH = wording("ask.which_product")


def ask_product(turn: Turn) -> list[Event]:
    """One question with the products as buttons; nothing where the brain found no two of them."""
    answers = turn.knowledge.get("choices") or {}
    if len(answers) < 2:
        return []
    choices = [Choice(name.capitalize(), _payload(name, str(answer["article"]))) for name, answer in answers.items()]
    turn.say_in_words(_WHICH, choices)
    return [*remembered(turn, asks=names.PRODUCT), followed_by(turn.open_form or "action_listen")]


def remembered(turn: Turn, asks: str = "") -> list[Event]:
    """The event that keeps the customer's message until they have chosen, with what each choice would be told."""
    answers = turn.knowledge.get("choices")
    if not answers or turn.is_choice:
        return []
    asked = str(turn.knowledge.get("asked") or turn.text)
    by_article = {str(answer["article"]): answer for answer in answers.values()}
    context = Context.of(turn.slot(LAST_QUESTION)).asking(Waiting(asked, asks, by_article))
    return [set_slot(LAST_QUESTION, context.to_json())]


def _payload(product: str, article: str) -> str:
    return f"/{names.KNOWLEDGE_QUESTION}{json.dumps({'article': article, names.PRODUCT: product}, ensure_ascii=False)}"
