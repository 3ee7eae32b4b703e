"""What a reply does inside the assistant's own question: leave it, not know, ask for a change, or answer.

Whole messages are read, never a word inside one: "cancel" leaves a form, "it cancels every cycle" is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum


class Reply(Enum):
    """What a message does to the question that is open."""

    ANSWER = "answer"
    LEAVE = "leave"
    UNKNOWN = "unknown"
    CHANGE = "change"
    GO_AHEAD = "go_ahead"


@dataclass(frozen=True)
class ReplyWords:
    """The words of one language; each a regular expression for the whole message, in lower case."""

    leave: str
    unknown: str
    change: str
    go_ahead: str
    yes: frozenset[str]
    """Words of which one says yes to an offer; "ok" and "thanks" may only say that it was read."""
    agreed: frozenset[str]
    """Words that say yes to a question where nothing else is said."""
    no: frozenset[str]
    yes_or_no: frozenset[str]
    """Words of which a plain yes or no is made; any other word says more than that."""


ENGLISH = ReplyWords(
    leave=(
        r"(please |just |let'?s |can you |sorry |ok |okay |no |actually )*"
        r"(cancel|stop|quit|exit|never ?mind|forget (it|that|about it|the whole thing)|leave (it|that)|drop (it|that)"
        r"|cancel (it|that|this)|stop (it|that|this)|abort|don'?t bother)"
        r"( please| thanks| thank you| then| for now)*"
    ),
    unknown=(
        r"(sorry |well |um |er |hm+ |honestly )*"
        r"((i )?(really |honestly )?(don'?t|do not) (really |exactly )?know( (yet|exactly|what|why|it|that|sorry))*"
        r"|(i have |i'?ve )?(got )?no (idea|clue)( sorry)?|dunno|not sure( yet)?|i'?m not sure( yet)?|i am not sure"
        r"|no clue|how (should|would|can|am) i (supposed to )?know|who knows|i can'?t (say|tell)|(i'?m )?unsure"
        r"|hard to say|idk)"
    ),
    change=(
        r".*\b(instead|change (it|that|this|the|my)|(a |an )?(different|another|other|earlier|later|sooner)\b.*"
        r"|rather|wrong)\b.*"
        r"|(the|my|another|change) [a-z][a-z -]{1,30}"
    ),
    go_ahead=(
        r"((nothing( else)?|no changes?|all good|it'?s (fine|all right)|leave it (as it is|like that)) )?"
        r"(please |just )*((book|register|confirm|do) (it|that)|go ahead)( now| please| then| like that)*"
    ),
    yes=frozenset({"yes", "yeah", "yep", "yup", "sure", "please"}),
    agreed=frozenset({"ok", "okay", "fine", "good", "great"}),
    no=frozenset({"no", "nope", "nah", "not", "never", "neither"}),
    yes_or_no=frozenset(
        {"yes", "yeah", "yep", "yup", "no", "nope", "nah", "not", "ok", "okay", "sure", "please", "thanks", "thank"}
        | {"you", "really", "right", "correct", "fine", "sorry", "way", "indeed", "good", "great", "never", "neither"}
    ),
)
"""The words that stand until a language of its own is set."""

_NO_WORD = re.compile(r"[^\w' -]+")


def read_reply(text: str, words: ReplyWords = ENGLISH) -> Reply:
    """What a message does to the open question; ``Reply.ANSWER`` unless the whole of it says something else."""
    said = _plain(text)
    for reply, pattern in (
        (Reply.GO_AHEAD, words.go_ahead),
        (Reply.LEAVE, words.leave),
        (Reply.UNKNOWN, words.unknown),
        (Reply.CHANGE, words.change),
    ):
        if re.fullmatch(pattern, said):
            return reply
    return Reply.ANSWER


def is_plain_yes_or_no(text: str, words: ReplyWords = ENGLISH) -> bool:
    """Whether nothing but yes or no is said: "no power" and "yes it leaks" say more."""
    return all(word in words.yes_or_no for word in _plain(text).split())


def begins_with_yes(text: str, words: ReplyWords = ENGLISH) -> bool:
    """Whether the first word is a yes: "yeah go on"."""
    return any(word in words.yes for word in _plain(text).split()[:1])


def takes_offer(text: str, asked: bool, words: ReplyWords = ENGLISH) -> bool:
    """Whether a message says yes to the one thing that was offered, and nothing else: "yes please", "go ahead".

    ``asked`` says whether the offer was a question: "ok" takes it then, and else only says that it was read.
    """
    said = set(_plain(text).split())
    if is_plain_yes_or_no(text, words):
        return bool(said & words.yes or (asked and said and said <= words.agreed)) and not said & words.no
    return read_reply(text, words) is Reply.GO_AHEAD


def named_field(text: str, names: Mapping[str, Collection[str]]) -> str | None:
    """The field that a message names by one of the words customers use for it; ``None`` for none or several.

    Longer names are read first, each word once: "e-mail address" is not the address.
    """
    said = f" {_plain(text).replace('-', ' ')} "
    named: set[str] = set()
    pairs = [(name, field) for field, called in names.items() for name in called]
    for name, field in sorted(pairs, key=lambda pair: -len(pair[0])):
        if f" {name} " in said:
            named.add(field)
            said = said.replace(f" {name} ", " | ")
    return named.pop() if len(named) == 1 else None


def _plain(text: str) -> str:
    straight = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(_NO_WORD.sub(" ", straight).split())
