"""What a customer's feeling changes about what is done: some come first, others where nothing else is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.contract import trace
from bot.contract.trace import DecisionKind
from bot.nlu.tone.feelings import Feeling, FeelingKind

BEFORE_ALL: frozenset[FeelingKind] = frozenset({"bereavement", "threat"})
"""A person is needed, whatever else the message asks for and whatever form is open."""
_UNANSWERED: frozenset[DecisionKind] = frozenset({trace.OUT_OF_SCOPE, trace.NO_ANSWER, trace.UNCLEAR})
"""Decisions after which the customer hears that there is no answer."""


@dataclass(frozen=True)
class Felt:
    """What moves the customer, and how the talk stands."""

    feeling: Feeling | None = None
    was_calm: bool = True
    """Whether none of their messages before this one sounded upset."""
    tells_complaint: bool = False
    """Whether the assistant has just asked what happened, or heard a complaint."""


NOTHING_FELT = Felt()


def comes_first(felt: Felt) -> FeelingKind | None:
    """The feeling that goes before everything else in the message."""
    if felt.feeling is not None and felt.feeling.kind in BEFORE_ALL:
        return felt.feeling.kind
    return None


def outweighs_upset(felt: Felt) -> FeelingKind | None:
    """The feeling that is no reason to hand over although the customer sounds upset.

    One rude word out of the blue is none, nor is praise in strong words.
    """
    if felt.feeling is not None and felt.feeling.kind in {"insult", "praise"} and felt.was_calm:
        return felt.feeling.kind
    return None


def consoles(felt: Felt, decided: DecisionKind) -> FeelingKind | None:
    """The feeling that is answered in place of "I can't help with that": despair alone is never nothing."""
    if decided not in _UNANSWERED or felt.feeling is None or felt.feeling.kind != "distress":
        return None
    return felt.feeling.kind


def is_all(felt: Felt, *, asks: bool, wishes: bool) -> FeelingKind | None:
    """The feeling where the message holds no question and no wish beside it."""
    if felt.feeling is None or wishes:
        return None
    kind = felt.feeling.kind
    if kind == "distress":
        return None  # what is wrong is answered first (`consoles`)
    # "Are you stupid?" asks nothing.
    return None if asks and kind != "insult" else kind


def goes_on_complaining(felt: Felt, *, asks: bool, wishes: bool) -> bool:
    """Whether the message tells more of a complaint that was just heard."""
    return felt.tells_complaint and not asks and not wishes
