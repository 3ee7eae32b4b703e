"""What trainers let the assistant offer with an answer: a visit below the causes of a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.contract import names
from bot.dialogue.weighed import Decision, IntentFacts

DECLINE = frozenset(
    {names.STOP, names.DENY, names.NONE_OF_THESE, names.LEAVE_PARKED_FORM, names.TALK_ABOUT_CONVERSATION}
)
"""Intents of buttons that say no to what stands beside them."""


def only_offer(payloads: Sequence[str]) -> int | None:
    """The place of the one button that a yes presses; None where there is none, or a choice.

    "Talk to a person" beside "Leave it" is one offer: the other button is its no.
    """
    offered = [place for place, payload in enumerate(payloads) if intent_of(payload) not in DECLINE]
    return offered[0] if len(offered) == 1 and payloads[offered[0]].startswith("/") else None


def intent_of(payload: str) -> str:
    """The intent that a button stands for."""
    return payload.removeprefix("/").partition("{")[0].strip()


def offered(intents: Mapping[str, IntentFacts], decision: Decision, answer: Mapping[str, Any] | None) -> str:
    """The intent that goes with what was decided: offered under the answer, or with what was read instead.

    An empty text where nothing is offered; ``answer`` is the one that was found, as it travels on the message.
    """
    if decision.kind == "answer":
        return offered_with(intents, answer)
    ever_offered = {facts.offers for facts in intents.values()}
    for name in decision.choices or (decision.intent,):
        facts = intents.get(name)
        if facts is not None and (facts.offers or name in ever_offered):
            return facts.offers or name
    return ""


def offered_with(intents: Mapping[str, IntentFacts], answer: Mapping[str, Any] | None) -> str:
    """The intent that is offered with an answer's article, or an empty text."""
    article = answer.get("article") if answer else None
    return next((facts.offers for facts in intents.values() if facts.offers and article in facts.articles), "")
