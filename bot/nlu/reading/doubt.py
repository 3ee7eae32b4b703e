"""Values whose shape other words can have, too: "fault S1 2nd time" has the shape of a British postcode.

Such a value counts only where its own name stands by it ("postcode S1 2ND"), or where it was asked for and the message
is little else. The rules are about words and numbers of English, and about no country's and no company's shapes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_BEFORE, _BEHIND = 40, 24
"""Characters before and behind a value in which it is said what it is."""

_CASE = re.IGNORECASE
# What shows, or is, something else than a customer's own datum; nothing but words may stand between it and the value.
_ANOTHER_THING = re.compile(
    r"\b(?:faults?|err(?:or)?s?|codes?|display(?:s|ed|ing)?|shows?|showing|flash(?:es|ed|ing)?|blink(?:s|ing)?|reads"
    r"|reading|program(?:me)?|mode|version|serial|account|card|barcode|imei|model|part|pin|password|customer|member\w*"
    r"|meter|counter|type|size|level|step|stage|phase)\b[^.!?,;:\d\n]{0,20}:?[ ]?$",
    _CASE,
)
_A_TELEPHONE = re.compile(
    r"(?:\b(?:call|ring|phone|telephone|text|reach|contact|get|fax|whatsapp|message|dial|try)(?:ed|ing)?"
    r"(?:\s+(?:me|us|him|her|back|again|it)){0,3}\s+(?:on|at|under|via)"
    r"|\b(?:phone|telephone|mobile|mob|tel|landline|fax|whatsapp|extension|ext|dial)(?:\s+(?:number|no|nr))?"
    r"(?:\s+(?:is|was|it'?s))?)[\s:.]*$",
    _CASE,
)
_BEHIND_IT = re.compile(
    r"\s*(?:\W\s*)?(?:is|are|was|that'?s)\s+(?:(?:my|our|the|a|on)\s+){0,2}(?:fault|error|code|display|serial|phone"
    r"|telephone|mobile|tel|landline|model|account|customer|part|meter)\b",
    _CASE,
)
# "2nd", "3x", "5hr", "2kg": a number that counts, as one piece of a value.
_COUNTS = re.compile(
    r"\d+(?:st|nd|rd|th|x|s|h|hrs?|hours?|yrs?|years?|wks?|weeks?|d|days?|mins?|secs?|am|pm|kg|g|lbs?|ft|in|mm|cm|m|km"
    r"|l|gb|mb|w|kw|v|a|pt|pc|pcs|pk|bd|bn)",
    _CASE,
)
# Short English words that stand behind a number; longer ones are no piece of a value with digits.
_WORDS = frozenset(
    {
        "a",
        "i",
        "ad",
        "ah",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "eh",
        "er",
        "go",
        "he",
        "if",
        "in",
        "is",
        "it",
        "me",
        "my",
    }
    | {"am", "pm"}
    | {"no", "of", "ok", "on", "or", "pl", "re", "so", "to", "ty", "uh", "um", "up", "us", "we", "ya", "ye", "yo"}
    | {"all", "and", "any", "but", "for", "has", "its", "not", "now", "out", "the", "too", "was", "yet", "you"}
)
_GOES_ON = re.compile(r"[ ]*[^\W\d_]")
# What people write around an answer.
_COURTESY = frozenset(
    {
        "a",
        "and",
        "at",
        "be",
        "cheers",
        "correct",
        "course",
        "er",
        "erm",
        "for",
        "from",
        "hello",
        "here",
        "hey",
        "hi",
        "i",
    }
    | {
        "i'd",
        "i'm",
        "in",
        "is",
        "it",
        "it's",
        "its",
        "i've",
        "just",
        "lives",
        "live",
        "living",
        "me",
        "mine",
        "my",
        "no",
    }
    | {"of", "ok", "okay", "one", "our", "please", "pls", "sorry", "sure", "thank", "thanks", "that", "that's", "the"}
    | {"that'll", "think", "this", "to", "um", "we", "well", "would", "yeah", "yep", "yes", "you"}
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_MOST_WORDS = 8
"""Words of courtesy beside an answer: "yes of course, it is … thank you very much"."""


def is_doubtful(name: str, text: str, start: int, end: int, called: Collection[str] = ()) -> bool:
    """Whether ``text[start:end]``, found as the entity ``name`` by its shape, may well be something else.

    ``called`` are other names of such a value: a postcode is called a zip.
    """
    value = text[start:end]
    if not any(sign.isdigit() for sign in value) or "@" in value:
        return False
    if is_named(name, text, start, end, called):
        return False
    before, behind = text[max(0, start - _BEFORE) : start], text[end : end + _BEHIND]
    if _ANOTHER_THING.search(before) or _BEHIND_IT.match(behind):
        return True
    if not any(sign.isalpha() for sign in value):
        return is_of_a_telephone(before)
    if value.isupper() and not _GOES_ON.match(behind):
        return False  # "B33 8TH, please": who counts writes "8th", and says what
    pieces = value.split()
    return len(pieces) > 1 and any(piece.lower() in _WORDS or _COUNTS.fullmatch(piece) for piece in pieces)


def is_of_a_telephone(before: str) -> bool:
    """Whether what stands before a number says that somebody can be called there: "call me on"."""
    return _A_TELEPHONE.search(before[-_BEFORE:]) is not None


def is_little_else(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a text holds the values at ``spans`` and, beside them, courtesy only."""
    rest, last = [], 0
    for start, end in spans:
        rest.append(text[last:start])
        last = end
    words = _WORD.findall(" ".join([*rest, text[last:]]).lower())
    return len(words) <= _MOST_WORDS and _COURTESY.issuperset(words)


def is_named(name: str, text: str, start: int, end: int, called: Collection[str] = ()) -> bool:
    """Whether the entity's own name, or the first of its words, stands right beside it: "post code", "order no."."""
    words: Collection[str] = {name.replace("_", ""), name.split("_")[0], *(each.replace(" ", "") for each in called)}
    near = [text[max(0, start - _BEHIND) : start], text[end : end + _BEHIND]]
    return any(word in re.sub(r"[\W_]+", "", side.lower()) for word in words for side in near)
