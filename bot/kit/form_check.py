"""How a form listens: take what answers it, let everything else through, and say kindly what is wrong.

Rasa calls ``validate_<form>`` at three moments: when the form opens (with what is known already), after each message,
and when it goes on after an interruption. A subclass checks its slots; this file knows the three.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from bot.contract.names import AFFIRM, ANSWERS_TO_FORM, INFORM, KNOWLEDGE_QUESTION, REQUESTED_SLOT
from bot.dialogue.asking_again import WAY_ON, Missed, as_slot, missed_again
from bot.dialogue.form_input import wish_of_form
from bot.dialogue.parking import as_slot as parked_slot
from bot.dialogue.parking import park, read_parked, without
from bot.dialogue.replies import Reply, read_reply
from bot.dialogue.several_values import spoken_list
from bot.dialogue.statements import statement_in, tells_only_age
from bot.kit.base import CompanyAction
from bot.kit.choices import A_PERSON, LEAVE_IT
from bot.kit.company import company, content
from bot.kit.parking import PARKED, left_behind
from bot.kit.turn import Choice, Event, Turn, set_slot

MISSED = "missed_question"
"""The slot with the question that was missed last, and how often."""

FEWEST_AT_OPENING = 2
"""Values that an opening message must have for all of them to be said back; one is in the next question."""

_IN_OTHER_WORDS = {"utter_which_one": "utter_which_one_again"}


@dataclass(frozen=True)
class Complaint:
    """A response that says why an answer cannot be taken."""

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    slot: str = ""
    """The slot that stays empty."""


@dataclass
class Listening:
    """One message on its way into a form: the slots as they would be, and what is to be said about them."""

    turn: Turn
    opening: bool
    resumed: bool
    taken: bool
    """Whether the message answers the form, rather than interrupts it."""
    candidates: Mapping[str, Any]
    """What Rasa's mappings heard this time, or knew when the form opened."""
    slots: dict[str, Any]
    complaint: Complaint | None = None
    remarks: list[Complaint] = field(default_factory=list)
    """What is said beside it, without asking for anything again."""
    finished: bool = False
    """Whether the form is to end before all of its slots are filled."""
    ask_next: str | None = None
    """The slot that is asked for next, out of its turn; its question says why."""

    @property
    def unknown(self) -> bool:
        """Whether the customer says that they do not know the answer."""
        return not self.turn.is_choice and read_reply(self.turn.text) is Reply.UNKNOWN

    def told_beside_a_question(self, slot: str) -> str | None:
        """The answer in a message that was taken for a question: "the door won't close. what shall I do?"."""
        turn = self.turn
        if self.taken or turn.requested_slot != slot or turn.intent != KNOWLEDGE_QUESTION:
            return None
        told = statement_in(turn.text)
        return told if told != turn.text.strip() and not tells_only_age(told) else None

    def refuse(self, slot: str, response: str, choices: tuple[Choice, ...] = (), **values: str) -> None:
        """Leave a slot empty and say why; the first reason is the one that is said."""
        self.slots[slot] = None
        self.complaint = self.complaint or Complaint(response, values, choices, slot)

    def remark(self, response: str, **values: str) -> None:
        """Say something about what was taken."""
        self.remarks.append(Complaint(response, values))

    def which_one(self, slot: str, values: Sequence[str], has_buttons: bool = False) -> None:
        """Leave a slot empty and ask which of several values it is to be; a question with buttons needs no more."""
        choices = (
            () if has_buttons else tuple(Choice(value, f"/{INFORM}{json.dumps({slot: value})}") for value in values)
        )
        self.refuse(slot, "utter_which_one", choices, values=spoken_list(values, "or"))


class FormCheck(CompanyAction):
    """``validate_<form>``; a subclass says in :meth:`check` what it makes of the answers."""

    form: ClassVar[str]
    may_be_unknown: ClassVar[Mapping[str, str]] = {}
    """Slots that may be left out, with what is kept instead once a hint did not help."""
    in_other_words: ClassVar[Mapping[str, str]] = {}
    """What is said in place of a complaint that was just made; of every other the hint of its slot."""
    says_when: ClassVar[frozenset[str]] = frozenset()
    """Complaints about the company: each is news, and no try of the customer's."""
    read_only = True

    said_back: ClassVar[Sequence[str]] = ()
    """What is said back when it was taken unasked, or took another's place, in this order."""

    @abstractmethod
    def check(self, heard: Listening) -> None:
        """Put checked values into ``heard.slots``, ``None`` where there is none to keep."""

    def act(self, turn: Turn) -> list[Event]:
        """Listen to the message; reject it when it is none of the form's business, so that the rules can answer it."""
        heard = self._heard(turn)
        kept = {} if heard.taken else _kept(turn, heard.candidates)
        heard.candidates = {name: value for name, value in heard.candidates.items() if name not in kept}
        before = dict(heard.slots)
        heard.slots.update(kept)
        if heard.opening and not heard.resumed:
            heard.slots[MISSED] = None
            self._park_the_other(heard)
        self.check(heard)
        if heard.taken:
            self._say_back(heard, before)
            for remark in heard.remarks:
                turn.say(remark.response, **remark.values)
            if heard.complaint is not None:
                self._complain(heard, heard.complaint)
        changed = {name for name, value in heard.slots.items() if value != before.get(name)}
        events = [set_slot(name, heard.slots[name]) for name in heard.slots if name in changed | set(heard.candidates)]
        if not heard.taken:
            return [*events, {"event": "action_execution_rejected", "name": self.form, "timestamp": None}]
        asked = None if heard.opening else turn.requested_slot
        if not events and asked:
            # A form that is told nothing takes the message for an interruption; an empty slot says that it was heard.
            events = [set_slot(asked, heard.slots.get(asked))]
        if heard.finished:
            return [*events, set_slot(REQUESTED_SLOT, None)]
        if heard.ask_next:
            return [*events, set_slot(REQUESTED_SLOT, heard.ask_next)]
        useful = (changed | set(heard.candidates)) - {asked}
        missed = asked is not None and heard.slots.get(asked) is None and not useful
        if missed and heard.complaint is None and self._was_an_attempt(heard):
            return [*events, *self._ask_again(heard, str(asked))]
        return events

    def in_words(self, names: Sequence[str], heard: Listening) -> list[str]:
        """How values that were taken read; several may go into one phrase."""
        return [str(heard.slots[name]) for name in names]

    def _say_back(self, heard: Listening, before: Mapping[str, Any]) -> None:
        """Say what was taken without being asked for, and what took the place of another answer.

        A summary says all of it, so nothing is said before one.
        """
        asked_next = next((name for name in content().forms[self.form] if heard.slots.get(name) is None), None)
        to_sum_up = heard.ask_next is None and (asked_next is None or asked_next.startswith("confirm_"))
        if heard.resumed or heard.finished or to_sum_up:
            return
        slots, known = heard.slots, {} if heard.opening else heard.turn.known_before()
        asked = None if heard.opening else heard.turn.requested_slot
        names = [
            name
            for name in self.said_back
            if name != asked
            and slots.get(name) is not None
            and slots[name] != known.get(name)
            and (heard.opening or name in heard.candidates or slots[name] != before.get(name))
        ]
        if len(names) < (FEWEST_AT_OPENING if heard.opening else 1):
            return
        corrected = not heard.opening and all(known.get(name) is not None for name in names)
        phrases = self.in_words(names, heard)
        if not phrases:
            return
        heard.turn.say("utter_corrected" if corrected else "utter_taken", values=spoken_list(phrases))

    def _park_the_other(self, heard: Listening) -> None:
        """Say that a form that was open waits; one that is begun anew waits no longer."""
        waiting = read_parked(heard.slots.get(PARKED))
        left = left_behind(heard.turn)
        if left is None or left.form == self.form:
            heard.slots[PARKED] = parked_slot(without(waiting, self.form))
            return
        heard.turn.say("utter_parked", thing=company().thing(left))
        heard.slots[PARKED] = parked_slot(park(waiting, left, self.form))

    def _complain(self, heard: Listening, complaint: Complaint) -> None:
        """Say what is wrong; never in the same words: a hint the second time, a way on the third."""
        if complaint.response in self.says_when:
            heard.turn.say(complaint.response, choices=complaint.choices, **complaint.values)
            return
        missed = missed_again(heard.slots.get(MISSED), complaint.slot)
        said = " ".join([complaint.response, *map(str, complaint.values.values())])
        if missed.times > WAY_ON:
            heard.turn.say(_way_on(missed), choices=(A_PERSON, LEAVE_IT))
        elif missed.repeats(said):
            again = {**_IN_OTHER_WORDS, **self.in_other_words}.get(complaint.response, f"utter_hint_{complaint.slot}")
            heard.turn.say(again, choices=complaint.choices, **complaint.values)
        else:
            heard.turn.say(complaint.response, choices=complaint.choices, **complaint.values)
        heard.slots[MISSED] = as_slot(replace(missed, said=said))

    def _ask_again(self, heard: Listening, asked: str) -> list[Event]:
        """A hint the first time; then go on without the answer where that may be, else offer ways on."""
        missed = missed_again(heard.slots.get(MISSED), asked)
        kept = [set_slot(MISSED, as_slot(missed))]
        if not missed.needs_way_on:
            heard.turn.say(f"utter_hint_{asked}")
        elif heard.unknown and asked in self.may_be_unknown:
            heard.turn.say("utter_left_out")
            kept = [set_slot(asked, self.may_be_unknown[asked]), set_slot(MISSED, None)]
        else:
            heard.turn.say(_way_on(missed), choices=(A_PERSON, LEAVE_IT))
        return kept

    def ending(self) -> list[Event]:
        """Nothing: a form would take a slot that its check sets for an answer (docs/reference/turn.md)."""
        return []

    def _heard(self, turn: Turn) -> Listening:
        names = content().forms[self.form]
        # What the mappings heard stands at the end of the events, behind the form's own.
        candidates = {name: value for name, value in turn.tracker.slots_to_validate().items() if name in names}
        _, followed = next(turn.earlier(), (None, []))
        others = [event for event in followed if event.get("event") == "action" and event.get("name") != self.form]
        # Until it asks, a form that takes another's place still sees the question of that one.
        opening = turn.requested_slot is None or any(
            event.get("event") == "active_loop" and event.get("name") == self.form for event in followed
        )
        resumed = bool(others)
        return Listening(
            turn=turn,
            opening=opening,
            resumed=resumed,
            taken=opening or resumed or turn.intent in ANSWERS_TO_FORM or turn.intent == wish_of_form(self.form),
            candidates=candidates,
            slots=dict(turn.tracker.slots),
        )

    @staticmethod
    def _was_an_attempt(heard: Listening) -> bool:
        return heard.turn.intent in {INFORM, AFFIRM} and not heard.opening and not heard.resumed


def _way_on(missed: Missed) -> str:
    return "utter_way_on_again" if missed.way_on_in_other_words else "utter_way_on"


def _kept(turn: Turn, candidates: Mapping[str, Any]) -> dict[str, Any]:
    """What the form knew before an interruption: "how long do ovens last?" changes no booking."""
    known = turn.known_before()
    return {name: known[name] for name in candidates if known.get(name) is not None}
