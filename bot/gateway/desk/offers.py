"""What a shadow turn and the articles offer an agent: up to three replies with their source, and the next best action.

Nothing here is sent: it is what the bot would have said, had it still been its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.contract import trace
from bot.gateway.conversations.brain_client import Found, TurnTaken
from bot.gateway.conversations.formatting import MARKDOWN, as_told

MOST_OFFERS = 3
# A passage that fits much worse than the best one answers another question.
_NEARLY = 0.75
# Where the message asks for a fact, or for something that the bot could not tell; in a form, or for thanks, an article
# would be beside the point.
_WANTS_ARTICLES = {trace.ANSWER, trace.NO_ANSWER, trace.UNCLEAR, trace.ASK_BACK, trace.ASK_VALUE}


def offers_of(taken: TurnTaken | None, found: Sequence[Found]) -> list[dict[str, Any]]:
    """Up to three offers, the best first: ``{kind, text, format, formatted, source}``; the text is plain.

    ``kind`` is ``answer`` (the bot's own, cited), ``looked_up`` (what an action read), ``say`` (small talk) or
    ``passage`` (an article's words, an alternative). Only what customers may read is offered.
    """
    offers: list[dict[str, Any]] = []
    if taken is not None and taken.handoff is None:
        actions = [str(one["name"]) for one in taken.trace.get("actions") or () if one.get("ok")]
        for reply in taken.replies:
            if reply.citation is not None:
                offers.append(_offer("answer", reply.text, _source(reply.citation), reply.formatted))
            elif _kind(taken) == "act" and _form(taken) is None and reply.text:
                if actions:
                    offers.append(_offer("looked_up", reply.text, {"action": actions[-1]}))
                else:
                    offers.append(_offer("say", reply.text, None))
    if taken is None or _kind(taken) in _WANTS_ARTICLES:
        public = [one for one in found if one.public]
        best = max((one.score for one in public), default=0.0)
        for one in public:
            if one.score >= _NEARLY * best and not any(_same(offer, one) for offer in offers):
                offers.append(_offer("passage", one.text, _source(vars(one)), one.formatted))
    return offers[:MOST_OFFERS]


def next_action_of(taken: TurnTaken | None, form_before: str | None) -> dict[str, Any] | None:
    """What the bot would do rather than say: the form that it would start or go on with, and what it would ask."""
    if taken is None or taken.handoff is not None:
        return None
    form = _form(taken)
    if form is None:
        return None
    asked = [reply for reply in taken.replies if reply.text]
    return {
        "kind": "continue_form" if form["name"] == form_before else "start_form",
        "form": form["name"],
        "asks": form["asks"],
        "text": asked[-1].text if asked else "",
        "choices": [choice.title for reply in asked for choice in reply.choices],
    }


def reading_of(taken: TurnTaken | None) -> dict[str, Any]:
    """How the message was read, for the wrap-up: ``{intent, entities: {name: value}}``."""
    if taken is None:
        return {"intent": None, "entities": {}}
    intent = taken.trace.get("intent") or {}
    entities = {str(one["entity"]): one.get("value") for one in taken.trace.get("entities") or () if "entity" in one}
    return {"intent": intent.get("name"), "entities": entities}


def _offer(kind: str, text: str, source: dict[str, Any] | None, markdown: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "text": text, **as_told({MARKDOWN: markdown}), "source": source}


def _source(citation: Any) -> dict[str, Any]:
    return {key: citation.get(key) for key in ("article", "title", "heading", "url")}


def _same(offer: dict[str, Any], one: Found) -> bool:
    source = offer["source"] or {}
    return one.text in offer["text"] or (source.get("article"), source.get("heading")) == (one.article, one.heading)


def _kind(taken: TurnTaken) -> str:
    return str((taken.trace.get("decision") or {}).get("kind", ""))


def _form(taken: TurnTaken) -> dict[str, Any] | None:
    form = taken.trace.get("form")
    return form if isinstance(form, dict) and form.get("name") else None
