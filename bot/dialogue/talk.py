"""What a message about the conversation itself counts for, by what was said before and what is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.contract import names, trace
from bot.contract.names import ANSWERS, COURTESIES
from bot.dialogue.statements import has_shape_of_question
from bot.nlu.reading.acts import TRIES_AGAIN, Spoken


@dataclass(frozen=True)
class Stands:
    """What the assistant has said since the customer's last message."""

    said: bool = False
    """Whether it has said anything."""
    answered: bool = False
    """Whether an article's words were among it."""
    offers: bool = False
    """Whether something to do was offered under it."""
    told: bool = False
    """Whether it was something of the company's own books, which a customer may know better."""
    leads_to: str = ""
    """The intent with which one can go on after an article's words."""
    refused: bool = False
    """Whether it was a no for which the company has written the reason."""


NOTHING_SAID = Stands()


@dataclass(frozen=True)
class TalkHeard:
    """What a message does to the conversation, as the arbiter wants it."""

    act: str | None = None
    is_plain: bool = True
    """Whether nothing but the act is said."""
    person: str | None = None
    """What a person is wanted for."""

    @classmethod
    def of(cls, left: object) -> TalkHeard:
        """Read what :func:`heard` left on a message."""
        if not isinstance(left, Mapping):
            return NO_TALK
        return cls(left.get("act"), not left.get("rest"), left.get("person"))


NO_TALK = TalkHeard()


def counts(spoken: Spoken, stands: Stands, form_is_open: bool) -> bool:
    """Whether an act is one where it is said.

    "It still leaks" is a fault, unless an article has been shown just before; "go back" goes back in a form. A plain
    "wait" with a wish beside it leads up to the wish.
    """
    if spoken.act == "wait" and spoken.rest:
        return False
    if spoken.when in ("told", "refused"):
        return stands.told if spoken.when == "told" else stands.refused
    if spoken.when == "asked":
        return form_is_open
    if spoken.when == "offered":
        return stands.offers and not form_is_open
    if spoken.act in TRIES_AGAIN and form_is_open:
        return stands.answered  # under a form's question it says no to a value
    return stands.said or spoken.when == "always"


def heard(spoken: Spoken | None, person: str | None, stands: Stands, form_is_open: bool) -> dict[str, Any] | None:
    """What is left on the message, as plain values; None where it is about anything else."""
    if person is not None:
        return {"person": person}
    if spoken is not None and spoken.when == "offered" and form_is_open:
        # "What now?" under a question that leads nowhere asks for a way on.
        spoken = replace(spoken, act="ways_on", when="asked")
    if spoken is None or not counts(spoken, stands, form_is_open):
        return None
    return {"act": spoken.act, **({"rest": spoken.rest} if spoken.rest else {})}


Understand = Callable[[str], Awaitable[dict[str, Any]]]


async def beside_talk(text: str, whole: dict[str, Any], understand: Understand) -> tuple[str, dict[str, Any]]:
    """The message, or what is said beside the act in it, where that is a wish of its own.

    Else the act is answered; what was found for the rest goes with it, to be tried next.
    """
    talk = whole.get("talk") or {}
    if not talk.get("act"):
        return text, whole
    # An act is one thing: an excuse in front of it is no wish of its own.
    whole = {name: value for name, value in whole.items() if name != "wishes"}
    rest = talk.get("rest")
    if not rest:
        return text, whole
    alone = await understand(rest)
    if _is_wish(alone, whole):
        steps = [{"name": "talk", "did": f"{talk['act']}, and then: {rest}"}]
        return rest, {**alone, "steps": [*steps, *(alone.get("steps") or [])]}
    if talk["act"] in TRIES_AGAIN and alone.get("knowledge"):
        # What is left of what was tried is known from the whole message.
        left = {name: one for name, one in (whole.get("knowledge") or {}).items() if name == "remaining"}
        found = {name: one for name, one in alone["knowledge"].items() if name != "remaining"}
        return text, {**whole, "knowledge": {**found, "answer": None, **left}}
    return text, whole


def _is_wish(alone: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    """Whether what stands beside an act is answered or done by itself; an answer that came already is none."""
    kind, talk = (alone.get("decision") or {}).get("kind"), whole.get("talk") or {}
    if kind == trace.ANSWER and talk.get("act") == "no_help" and not has_shape_of_question(str(talk.get("rest"))):
        return False  # "still not it, the salt's full" tells more of the matter; it asks nothing of salt
    if kind == trace.ANSWER:
        article = ((alone.get("knowledge") or {}).get("answer") or {}).get("article")
        return article is not None and article != talk.get("shown")
    intent = str((alone.get("intent") or {}).get("name") or "")
    return kind == trace.ACT and intent not in (COURTESIES | ANSWERS | {names.TALK_ABOUT_CONVERSATION})
