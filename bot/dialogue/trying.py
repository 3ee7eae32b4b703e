"""Trying: the customer does what an article advises, tells how far they are, and is told what is left of it."""

from __future__ import annotations

from bot.knowledge.answering.remaining import Remaining
from bot.nlu.reading.acts import Act
from bot.nlu.reading.done_already import DoneAlready, done_already
from bot.nlu.reading.own_question import asks_of_its_own


def told_in_reply(text: str, act: Act | None, rest: str) -> DoneAlready | None:
    """What a message behind an answer tells as done or as not so; None where it tells nothing of the kind.

    ``act`` is what it does to the conversation, and ``rest`` what else it says: "that's no use, they go clear with
    vinegar" tells what the matter is beside what was said of it.
    """
    if act not in (None, "no_help"):
        return None
    told = done_already(text)
    if told is None and act == "no_help" and rest and not asks_of_its_own(rest):
        return DoneAlready((), rest)
    return told


def goes_on(left: Remaining, told: DoneAlready, answers: str) -> bool:
    """Whether a message goes on with the article that was just shown; ``answers`` is the one that answers it alone.

    A question beside what is told is asked for itself, unless it points at a step: "the thing at the bottom?".
    """
    if asks_of_its_own(told.rest) and not left.points_at:
        return False
    return left.matched or answers == left.article
