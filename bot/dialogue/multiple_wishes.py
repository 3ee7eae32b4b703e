"""Several wishes in one message: all are dealt with one after another within one turn.

Answers to an open form come first, then questions and what is done at once, then what opens a form, so that the form's
question is the last that is said. A form that would open while another waits is kept in the dialogue state and taken
up once that one is closed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.contract.names import ANSWERS_TO_FORM, COURTESIES
from bot.contract.trace import DANGER, NOT_UNDERSTOOD, OUT_OF_SCOPE, UNCLEAR
from bot.nlu.reading.cap import read_of
from bot.nlu.reading.clauses import asks_in_a_clause, tells_and_asks, told_in
from bot.nlu.wishes.splitting import refers_back

MOST_WISHES = 6
"""Parts of a message that are understood by themselves: each costs some 8 ms, twice that when it points back, and no
message of `tests/understanding/wishes.yml` has more. The last one has all the rest."""
MOST_WAITING = 4
"""Wishes that wait behind a form; nobody remembers more."""
LONGEST_WAITING = 1000
"""Characters of one of them: they travel in the dialogue state."""

_SHOWN = ("text", "buttons", "quick_replies", "elements", "image", "attachment", "custom")
"""What a customer sees of a message; two that differ in nothing else are the same."""

WAITING = "waiting"
"""The dialogue state's field for wishes that are still to come: a list of texts."""


@dataclass(frozen=True)
class Part:
    """One wish: its own words, and what the pipeline left on them (Rasa's ``parse_data``)."""

    text: str
    heard: dict[str, Any]

    @property
    def kind(self) -> str:
        """What was decided about it."""
        return str((self.heard.get("decision") or {}).get("kind", "act"))

    @property
    def intent(self) -> str:
        """The intent that the rules see."""
        return str((self.heard.get("intent") or {}).get("name") or "")

    @property
    def offers(self) -> str:
        """The intent that goes with it: offered under its answer, or with what was read; or an empty text."""
        return str((self.heard.get("decision") or {}).get("offers") or "")

    @property
    def answers(self) -> bool:
        """Whether an article answers it."""
        return self.kind == "answer"

    def opens_form(self, forms: Collection[str]) -> str | None:
        """The form that it opens, by the way forms are named."""
        name = f"{self.intent}_form"
        return name if self.kind == "act" and name in forms else None


Understand = Callable[[str], Awaitable[dict[str, Any]]]


async def parts_of(text: str, whole: dict[str, Any], understand: Understand) -> list[Part]:
    """The message's wishes, each understood by itself; one that points back is understood with the one before it."""
    spans = whole.pop("wishes", None) or []
    if Part(text, whole).kind == DANGER:
        return [Part(text, whole)]  # whatever else was asked can wait
    if len(spans) > MOST_WISHES:
        rest = {"start": spans[MOST_WISHES - 1]["start"], "end": spans[-1]["end"]}
        spans = [*spans[: MOST_WISHES - 1], rest]
    parts: list[Part] = []
    for span in spans:
        wish = text[span["start"] : span["end"]]
        heard = await understand(wish)
        part = Part(wish, heard)
        if parts and refers_back(wish) and part.kind in NOT_UNDERSTOOD:
            # It may only make sense with the one before it.
            together = Part(wish, await understand(f"{parts[-1].text} {wish}"))
            if together.kind == "answer" and together.heard.get("knowledge") != parts[-1].heard.get("knowledge"):
                part = together
            elif part.kind in (UNCLEAR, OUT_OF_SCOPE):
                # Alone it is no wish: it belongs to what was said before.
                joined = f"{parts[-1].text} {wish}"
                parts[-1] = Part(joined, together.heard)
                continue
        parts.append(part)
    parts = _asked_once(parts)
    if len(parts) < 2:
        return [await _answered(Part(text, whole), understand)]
    for part in [part for part in parts if part.answers and part.offers]:
        parts = _with_its_offer(parts, part)
    return parts


def _asked_once(parts: Sequence[Part]) -> list[Part]:
    """The parts with one question back at most; none of them where nothing else is answered or done.

    Then the message is asked about as a whole.
    """
    unclear = [part for part in parts if part.kind in NOT_UNDERSTOOD]
    if len(unclear) < 2:
        return list(parts)
    clear = [part for part in parts if part not in unclear and part.intent not in COURTESIES]
    return [part for part in parts if part is unclear[0] or part not in unclear] if clear else []


async def _answered(whole: Part, understand: Understand) -> Part:
    """The message, or what is told in it where that alone is answered, and the rest asks for what is offered with it.

    "Can someone come?" changes how "my freezer is icing up" reads, and not what answers it.
    """
    if whole.answers or not whole.offers or not tells_and_asks(read_of(whole.text)):
        return whole
    told = Part(whole.text, await understand(told_in(read_of(whole.text))))
    together = told.answers and told.offers == whole.offers
    return told if together and _entities(whole) <= _entities(told) else whole


def _with_its_offer(parts: Sequence[Part], answered: Part) -> list[Part]:
    """The parts, where one may ask for what is offered with another's answer: it is offered, or done, and not both.

    "Can someone come?" behind a fault is answered by the offer; who has decided ("please send someone") or says more
    ("can someone come on Tuesday?") has it done at once.
    """
    wanted = next((part for part in parts if part.kind == "act" and part.intent == answered.offers), None)
    if wanted is None:
        return list(parts)
    if asks_in_a_clause(read_of(wanted.text)) and _entities(wanted) <= _entities(answered):
        both = sorted((answered, wanted), key=parts.index)
        joined = Part(" ".join(part.text for part in both), answered.heard)
        return [joined if part is answered else part for part in parts if part is not wanted]
    decision = {name: value for name, value in answered.heard["decision"].items() if name != "offers"}
    alone = Part(answered.text, {**answered.heard, "decision": decision})
    return [alone if part is answered else part for part in parts]


def _entities(part: Part) -> set[str]:
    return {str(entity.get("entity")) for entity in part.heard.get("entities") or []}


def in_order(parts: Sequence[Part], forms: Collection[str], form_is_open: bool) -> list[Part]:
    """What answers the open form first, then questions, an answer with an offer behind them, and what opens a form.

    Else as the customer said it.
    """

    def turn(part: Part) -> int:
        if form_is_open and part.kind == "act" and part.intent in ANSWERS_TO_FORM:
            return 0
        if part.opens_form(forms):
            return 3
        return 2 if part.answers and part.offers else 1

    return sorted(parts, key=turn)


def must_wait(part: Part, forms: Collection[str], open_form: str | None) -> bool:
    """Whether one of several wishes waits: it would open a form while another one is open."""
    return open_form is not None and part.opens_form(forms) not in (None, open_form)


def waiting_in(state: Mapping[str, Any] | None) -> list[str]:
    """The wishes that a state keeps; anything that is none of ours is left out."""
    kept = (state or {}).get(WAITING)
    if not isinstance(kept, list):
        return []
    return [text[:LONGEST_WAITING] for text in kept[:MOST_WAITING] if isinstance(text, str) and text.strip()]


def said_once(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages without those that are said again later: a form repeats its question after each interruption."""
    shown = [{name: message.get(name) for name in _SHOWN} for message in messages]
    return [message for place, message in enumerate(messages) if shown[place] not in shown[place + 1 :]]


def with_unanswered(handoff: Mapping[str, Any], unanswered: Sequence[str]) -> dict[str, Any]:
    """A request to hand over that also says what nobody has answered yet."""
    if not unanswered:
        return dict(handoff)
    questions = [str(handoff.get("last_question") or ""), *unanswered]
    return {**handoff, "last_question": " / ".join(question for question in questions if question)}
