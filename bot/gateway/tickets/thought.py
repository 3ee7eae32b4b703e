"""What a shadow turn says of a message that a waiting customer wrote: an answer, a wish that could be done, a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.contract import names
from bot.contract.question import open_form_in
from bot.contract.trace import ACT, ANSWER, UPSET
from bot.contract.turn import Turn
from bot.gateway.conversations.brain_client import Reply, TurnTaken
from bot.nlu.tone.feelings import SOUNDS_UPSET

# What is no wish that could be done now; values alone may be enough for one, such as an order's number and postcode.
_NOTHING_TO_DO = (names.COURTESIES | names.ANSWERS | {names.ASK_FOR_PERSON}) - {names.INFORM}
_WORD = re.compile(r"[^\W\d_]{3,}")
# Words of three letters and more beside values that still say nothing: "order", "postcode".
_MOST_BESIDE_VALUES = 2


@dataclass(frozen=True)
class Thought:
    """What a shadow turn gave; nothing where the brain was away or nothing was to be read."""

    taken: TurnTaken | None = None
    turn: Turn | None = None
    message_ids: tuple[str, ...] = ()
    """The customer's messages that were read together: what is done would be done with all of them."""
    asks: bool = False
    """Whether the message asks although it does not look so: it goes on from an answer."""

    @property
    def intent(self) -> str:
        """What the message was read as."""
        return "" if self.taken is None else str((self.taken.trace.get("intent") or {}).get("name") or "")

    @property
    def is_upset(self) -> bool:
        """Whether the message sounds upset, or was read as that of somebody who is."""
        tone = {} if self.taken is None else self.taken.trace.get("tone") or {}
        return self._kind == UPSET or float(tone.get("message") or 0.0) >= SOUNDS_UPSET

    @property
    def answer(self) -> Reply | None:
        """An article's words, where the message asks for a fact and one answers it."""
        if self.taken is None or self.taken.handoff is not None or self._kind != ANSWER:
            return None
        return next((reply for reply in self.taken.replies if reply.citation is not None), None)

    @property
    def wants_person(self) -> bool:
        """Whether somebody who waits for a person asks for one."""
        return self._kind == ACT and self.intent == names.ASK_FOR_PERSON

    @property
    def would_do_it(self) -> bool:
        """Whether the bot would begin something: a form, or an action that looks up or writes."""
        if self.taken is None or self.turn is None or self.taken.handoff is not None or self._kind != ACT:
            return False
        if self.intent in _NOTHING_TO_DO:
            return False
        form = self.taken.trace.get("form")
        if isinstance(form, dict) and form.get("name"):
            before = open_form_in(self.turn.state)
            return before is None or form["name"] != before.name
        return bool(self.taken.trace.get("actions"))

    def wish(self, titles: Mapping[str, str]) -> str:
        """The title of what would be done, from those of the intents; empty where none is known.

        Values alone may begin something by a rule: then the form or the action bears the intent's name.
        """
        return next((titles[one] for one in self._names() if one in titles and one not in _NO_WISH), "")

    def only_gives_values(self, text: str) -> bool:
        """Whether a message only gives what could be asked for, such as a number or a day, whatever it was read as."""
        if self.intent == names.INFORM:
            return bool(self._entities)
        left = text
        for one in sorted(self._entities, key=lambda one: -int(one.get("start") or 0)):
            if isinstance(one.get("start"), int) and isinstance(one.get("end"), int):
                left = f"{left[: one['start']]} {left[one['end'] :]}"
        return bool(self._entities) and len(_WORD.findall(left)) <= _MOST_BESIDE_VALUES

    @property
    def _kind(self) -> str:
        return "" if self.taken is None else str((self.taken.trace.get("decision") or {}).get("kind", ""))

    @property
    def _entities(self) -> list[dict[str, Any]]:
        return [] if self.taken is None else list(self.taken.trace.get("entities") or [])

    def _names(self) -> Iterator[str]:
        if self.taken is None:
            return
        trace = self.taken.trace
        for part in (trace, *(trace.get("parts") or ())):
            yield str((part.get("intent") or {}).get("name") or "")
        yield str((trace.get("form") or {}).get("name") or "").removesuffix("_form")
        for action in trace.get("actions") or ():
            yield str(action.get("name") or "").removeprefix("action_")


_NO_WISH = _NOTHING_TO_DO | {names.INFORM}
