"""Whether a turn was wrong, and how that is known: what people marked, what the customer's thumb says, or a guess.

A mark outranks a thumb, and a thumb outranks what customers did next: who asks the same again was most likely not
served, but may just as well have had a second question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.contract.names import NONE_OF_THESE
from bot.teaching.asked import AskedQuestion
from bot.untrusted.control_characters import visible

Source = Literal["mark", "thumb", "guess"]

ANSWERED = frozenset({"act", "answer"})
"""The decisions that can be wrong answers: to ask back, to pass and to say "I don't know" cannot."""

NOT_SERVED = frozenset({"asked_again", NONE_OF_THESE, "asked_for_person"})

MARKED_WRONG, THUMB_DOWN = "marked_wrong", "thumb_down"


@dataclass(frozen=True)
class Judgement:
    """What is held of one turn."""

    wrong: bool
    source: Source
    because: str
    """The reason of a wrong one: ``marked_wrong``, ``thumb_down``, or what the customer did next; else empty."""


def judge(question: AskedQuestion) -> Judgement | None:
    """Judge a turn that answered or acted; none for every other."""
    if question.decision not in ANSWERED:
        return None
    if question.mark is not None:
        wrong = question.mark == "wrong"
        return Judgement(wrong, "mark", MARKED_WRONG if wrong else "")
    if question.rating is not None:
        wrong = question.rating == "down"
        return Judgement(wrong, "thumb", THUMB_DOWN if wrong else "")
    wrong = question.next in NOT_SERVED
    return Judgement(wrong, "guess", question.next if wrong else "")


def turns(questions: Sequence[AskedQuestion], *, wrong_only: bool) -> list[str]:
    """One line for each judged turn: its message's id, when, what was read, what is held of it, and the words.

    With the id a trainer marks the turn. Control characters, which a terminal would obey, are made visible.
    """
    lines = []
    for question in questions:
        found = judge(question)
        if found is None or (wrong_only and not found.wrong):
            continue
        held = f"{'wrong' if found.wrong else 'right'} ({_how(found)})"
        meant = f", {question.meant} was meant" if question.meant else ""
        words = " ".join(visible(question.text).split())
        lines.append(f"{question.message_id}  {question.at[:16]}  {question.intent or '?'}  {held}{meant}  {words}")
    return lines


def _how(found: Judgement) -> str:
    if found.source == "guess":
        return f"guessed: {found.because.replace('_', ' ')}" if found.wrong else "guessed"
    return "marked" if found.source == "mark" else "thumb"
