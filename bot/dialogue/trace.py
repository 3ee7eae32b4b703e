"""The trace of a turn: what was read, decided, found and done."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.contract.names import REQUESTED_SLOT, checks_values
from bot.contract.reading import checked
from bot.contract.result import Reply
from bot.contract.trace import Trace
from bot.dialogue.current_turn import CurrentTurn, EndedAction

NOTHING_TO_DECIDE = {"kind": "act", "why": "a button or an event", "choices": []}
"""For a message that was not read: it says itself what it means."""

SHOWN_OF_ENTITY = ("entity", "value", "start", "end")


def trace_of(
    heard: Sequence[Mapping[str, Any]],
    turn: CurrentTurn,
    replies: Sequence[Reply],
    model: str | None,
) -> Trace:
    """Build the trace; ``heard`` is what the pipeline left on each wish of the message (Rasa's ``parse_data``).

    What was understood is the first wish's; with several, ``parts`` has each.
    """
    citations = [reply.citation for reply in replies if reply.citation is not None]
    cited = {(citation.article, citation.heading) for citation in citations}
    parts = [_understood(part, cited) for part in heard] or [_understood({}, cited)]
    trace = {
        **parts[0],
        "actions": [
            {"name": ended.name, "ok": ended.ok, "error": ended.error}
            for ended in turn.actions
            if _worth_telling(ended)
        ],
        "form": _form(turn),
        "model": model,
        "milliseconds": _milliseconds(turn),
    }
    if len(parts) > 1:
        trace["parts"] = [
            {"text": part.get("text"), **understood} for part, understood in zip(heard, parts, strict=True)
        ]
    return checked(trace, Trace)


def _understood(heard: Mapping[str, Any], cited: Collection[tuple[str, str | None]]) -> dict[str, Any]:
    knowledge = heard.get("knowledge") or {}
    return {
        "steps": list(heard.get("steps") or []),
        "intent": {key: (heard.get("intent") or {}).get(key) for key in ("name", "confidence")},
        "ranking": list(heard.get("intent_ranking") or []),
        "scope": heard.get("scope"),
        "language": heard.get("language"),
        "tone": heard.get("tone"),
        "entities": [
            {key: entity[key] for key in SHOWN_OF_ENTITY if key in entity} for entity in heard.get("entities") or []
        ],
        "knowledge": [
            {
                "article": passage["article"],
                "heading": passage["heading"],
                "score": passage["score"],
                "shown": (passage["article"], passage["heading"]) in cited,
            }
            for passage in knowledge.get("passages", [])
        ],
        "decision": heard.get("decision") or NOTHING_TO_DECIDE,
    }


def _form(turn: CurrentTurn) -> dict[str, Any] | None:
    """The form that is open after the turn, and the slot that it asks for."""
    dialogue = turn.tracker
    if dialogue is None or not dialogue.active_loop_name:
        return None
    return {"name": dialogue.active_loop_name, "asks": dialogue.get_slot(REQUESTED_SLOT)}


def _worth_telling(ended: EndedAction) -> bool:
    """Leave out a form's own checks, which run with every answer."""
    return not (ended.ok and checks_values(ended.name))


def _milliseconds(turn: CurrentTurn) -> dict[str, float]:
    now = time.perf_counter()
    understood = turn.understood if turn.understood is not None else now
    return {
        "understand": round((understood - turn.started) * 1000, 1),
        "total": round((now - turn.started) * 1000, 1),
    }
