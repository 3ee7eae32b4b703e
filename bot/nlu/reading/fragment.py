"""Whether a few words only go on from an answer: "until when", "and sundays", "in writing too".

English. They ask without a question mark, and say nothing where no answer stands before them.
"""

from __future__ import annotations

import re

from bot.nlu.reading.cap import read_of

MOST_WORDS = 7
"""Whoever writes more says something of their own."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_QUESTION_WORDS = """
which what when where who whose how why is are was does do did can could will would what's how's
"""
_OPENERS = """
and or until till til from by in on at for with without after before during over also even except including every any
"""
_SUBJECT_WORDS = """
i we it they he she you that this there i'm i've i'll it's that's we're we've they're you're my our thats its im ive
"""
_ASKS = frozenset(_QUESTION_WORDS.split())
_OPENS = _ASKS | frozenset(_OPENERS.split())
_SUBJECTS = frozenset(_SUBJECT_WORDS.split())
_SAYS_NOTHING = frozenset({"much", "many", "long", "about", "also", "well", "then", "same", "there", "those", "these"})
_FEWEST_LETTERS = 4
_JOINS = frozenset({"and", "or", "but"})
_CLOSES = frozenset({"too", "either", "also"})
_SAYS_NO_MORE = re.compile(
    r"^\W*(?:and |or )?(?:in that case|by the way|for (?:nothing|now|sure)|at (?:last|least|once|all)|on (?:it|my way)"
    r"|for (?:the|your) .*|in a (?:bit|minute|moment)|what (?:a|an) .*|how (?:nice|lovely|kind|helpful|good) .*"
    r"|(?:and )?(?:thanks|thank you|cheers|ta)\b.*|so (?:be it|what)|or not|and so on)\W*$",
    re.IGNORECASE,
)


def goes_on_asking(text: str) -> bool:
    """Whether a message is such a follow-up."""
    read = read_of(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    words = [word.lower() for word in _WORD.findall(read)]
    if not 1 < len(words) <= MOST_WORDS or _SAYS_NO_MORE.match(read):
        return False
    asks = words[0] in _ASKS or (words[0] in _JOINS and words[1] in _ASKS)
    if not asks and _SUBJECTS.intersection(words):
        return False
    return words[0] in _OPENS or words[-1] in _CLOSES or words[-2:] == ["as", "well"]


def content_of(text: str) -> tuple[str, ...]:
    """The beginnings of the words that say what is asked: "sunday" of "and sundays", nothing of "until when"."""
    read = read_of(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()
    words = (word for word in _WORD.findall(read) if len(word) >= _FEWEST_LETTERS)
    return tuple(word.removesuffix("s") for word in words if word not in _OPENS | _SUBJECTS | _SAYS_NOTHING)
