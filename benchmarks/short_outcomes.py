"""Whether a turn had the outcome that `tests/understanding/short.yml` calls sensible; its README has the table.

Pure: in goes what the private channel answered (``turn-result/1``), out comes yes or no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

HONEST = frozenset({"unclear", "out_of_scope", "no_answer", "ask_back"})
"""Decisions that say "I did not get it" and ask what is wanted."""
COURTESIES = frozenset({"affirm", "deny", "goodbye", "greet", "thanks"})
"""Intents that want no more than a friendly sentence."""
SHORT_SENTENCE = 200
"""Characters; more is no short friendly sentence."""
A_PERSON = "/ask_for_person"


@dataclass(frozen=True)
class Turned:
    """A turn, and where the conversation stood before it."""

    result: Mapping[str, Any]
    form: str | None = None
    asked: str | None = None
    """The slot that the form had asked for."""
    visits: Mapping[str, str] = field(default_factory=dict)
    """The ids of the visits that a form had offered, by title; each ends in its technician."""

    @property
    def trace(self) -> Mapping[str, Any]:
        """What the brain was thinking."""
        found: Mapping[str, Any] = self.result["trace"]
        return found

    @property
    def kind(self) -> str:
        """What was decided; a choice has no decision, and is acted on."""
        return str((self.trace.get("decision") or {}).get("kind", "act"))

    @property
    def intent(self) -> str:
        """The intent that the rules saw."""
        return str((self.trace.get("intent") or {}).get("name") or "")

    @property
    def read_as(self) -> str:
        """The likeliest reading."""
        ranking = self.trace.get("ranking") or [{}]
        return str(ranking[0].get("name") or "")

    @property
    def texts(self) -> list[str]:
        """What was said."""
        return [reply["text"] for reply in self.result["replies"] if reply.get("text")]

    @property
    def payloads(self) -> list[str]:
        """What the buttons do that were offered."""
        return [choice["payload"] for reply in self.result["replies"] for choice in reply.get("choices") or ()]

    @property
    def cites(self) -> bool:
        """Whether an article was quoted."""
        return any(reply.get("citation") for reply in self.result["replies"])

    @property
    def hands_off(self) -> bool:
        """Whether a person takes over."""
        return self.result["handoff"] is not None

    @property
    def open_form(self) -> str | None:
        """The form that is open now."""
        form = self.result["state"].get("open_form")
        return form["name"] if form else None

    @property
    def asks(self) -> str | None:
        """The slot that it asks for now."""
        form = self.result["state"].get("open_form")
        return form["requested_slot"] if form else None

    def slot(self, name: str) -> Any:
        """A slot's value afterwards."""
        return (self.result["state"].get("slots") or {}).get(name)

    def did(self, action: str) -> bool:
        """Whether one of the company's actions ran and went well."""
        return any(one["name"] == action and one["ok"] for one in self.trace.get("actions") or ())


def sensible(case: Mapping[str, Any], turned: Turned) -> bool:
    """Whether the turn has the outcome that the case states; ``KeyError`` for one that nobody knows."""
    return _OUTCOMES[case["outcome"]](case, turned)


def _acknowledge(case: Mapping[str, Any], turned: Turned) -> bool:
    friendly = len(turned.texts) == 1 and len(turned.texts[0]) <= SHORT_SENTENCE
    looked_up = turned.cites or bool(turned.trace.get("actions"))
    return friendly and not looked_up and turned.intent in COURTESIES and _goes_on_as_before(turned)


def _understand(case: Mapping[str, Any], turned: Turned) -> bool:
    wanted = case["intent"]
    served = turned.intent == wanted or (turned.read_as == wanted and turned.kind == "answer" and turned.cites)
    return served and turned.kind in ("act", "answer") and bool(turned.texts)


def _ask_what(case: Mapping[str, Any], turned: Turned) -> bool:
    return turned.kind in HONEST and bool(turned.texts) and not turned.cites and _goes_on_as_before(turned)


def _ask_what_with_it(case: Mapping[str, Any], turned: Turned) -> bool:
    details = {one["entity"]: one["value"] for one in turned.trace.get("entities") or ()}
    kept = any(turned.slot(name) == value for name, value in details.items())
    asks = bool(turned.payloads) or turned.open_form is not None
    return kept and asks and bool(turned.texts) and not turned.cites and not turned.hands_off


def _fill(case: Mapping[str, Any], turned: Turned) -> bool:
    # What the last answer completes is done at once, and the form forgets its answers.
    done = turned.open_form is None and turned.did(f"action_{(turned.form or '').removesuffix('_form')}")
    return done or (turned.slot(turned.asked or "") == case["value"] and turned.open_form == turned.form)


def _ask_again(case: Mapping[str, Any], turned: Turned) -> bool:
    same = (turned.open_form, turned.asks) == (turned.form, turned.asked)
    return same and turned.slot(turned.asked or "") is None and bool(turned.texts)


def _leave_form(case: Mapping[str, Any], turned: Turned) -> bool:
    booked = turned.did(f"action_{(turned.form or '').removesuffix('_form')}")
    return turned.open_form is None and bool(turned.texts) and not booked and not turned.hands_off


def _choose(case: Mapping[str, Any], turned: Turned) -> bool:
    if turned.form is not None:
        # Another technician in the same half of the day is as good.
        chosen, wanted = turned.slot(turned.asked or ""), turned.visits[case["value"]]
        return str(chosen).rpartition("-")[0] == wanted.rpartition("-")[0]
    return (turned.trace.get("chose") or {}).get("title") == case["value"]


def _none_of_these(case: Mapping[str, Any], turned: Turned) -> bool:
    if turned.form is not None:
        # Declined, and something else is offered: other visits, or a person.
        others = [one for one in turned.payloads if not any(visit in one for visit in turned.visits.values())]
        return turned.slot(turned.asked or "") is None and bool(others)
    return turned.intent == "none_of_these"


def _person(case: Mapping[str, Any], turned: Turned) -> bool:
    return turned.hands_off or A_PERSON in turned.payloads


def _goes_on_as_before(turned: Turned) -> bool:
    return not turned.hands_off and turned.open_form == turned.form


_OUTCOMES: Mapping[str, Callable[[Mapping[str, Any], Turned], bool]] = {
    "acknowledge": _acknowledge,
    "understand": _understand,
    "ask_what": _ask_what,
    "ask_what_with_it": _ask_what_with_it,
    "fill": _fill,
    "ask_again": _ask_again,
    "leave_form": _leave_form,
    "choose": _choose,
    "none_of_these": _none_of_these,
    "person": _person,
}
