"""What a message tells in the customer's own words, beside the wish and the values that it names.

"Send someone on Friday please, my oven stays cold, LS6 2AB" tells "my oven stays cold". Which words speak of the matter
at hand, and which of the wish itself, the company says (:class:`TellingWords`); a value is a place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.dialogue.statements import LONGEST_READ, has_shape_of_question

Span = tuple[int, int]

VALUE = "\N{SECTION SIGN}"
"""What stands for a value when the words around it are looked at."""

_ENDS = re.compile(
    r"[.!?;\n\u2014]+\s*|,\s*|:\s+|\s+[-\u2013]\s+"
    r"|\s+(?=(?:and|but|so|because|cos|since|which|that|who|please)\s)",
    re.IGNORECASE,
)
_JOINS = re.compile(r"^(?:and|but|so|because|cos|since|which|that|who|as)\s+", re.IGNORECASE)
_POLITE = re.compile(r"[\s,]+(?:please|pls|thanks|thank you)$", re.IGNORECASE)
# What is left of a clause that names values only: "on Friday morning if you can", "to LS6 2AB please".
_AROUND_VALUES = frozenset(
    {
        "a",
        "an",
        "the",
        "my",
        "our",
        "your",
        "it",
        "it's",
        "its",
        "is",
        "i",
        "i'm",
        "we",
        "me",
        "us",
        "you",
        "he",
        "at",
        "in",
    }
    | {"on", "to", "for", "from", "by", "of", "with", "and", "or", "not", "no", "yes", "ok", "okay", "please", "thanks"}
    | {"thank", "hi", "hello", "hey", "morning", "afternoon", "if", "can", "could", "possible", "best", "would", "be"}
    | {
        "postcode",
        "post",
        "code",
        "email",
        "e-mail",
        "mail",
        "address",
        "zip",
        "eircode",
        "phone",
        "mobile",
        "order",
        "booking",
        "reservation",
        "reference",
        "ref",
        "number",
        "day",
        "time",
        "live",
        "sorry",
    }
    | {
        "ideally",
        "preferably",
        "any",
        "good",
        "great",
        "suits",
        "works",
        "better",
        "poss",
        "free",
        "in",
        "this",
        "next",
    }
    | {"meant", "mean", "wrong", "actually", "wait", "oh", "oops", "here", "that", "that's", "was", "should", "say"}
    | {"first", "thing", "before", "after", "around", "about", "between", "home", "then", "instead", "one", "rather"}
)
_WORD = re.compile(rf"[\w'-]+|{VALUE}")
_TOLD_BEFORE = re.compile(
    r"^(?:(?:but|well|um|er|as|like|look|again|yes|no|oh|ok)[\s,]+)*(?:i|we)(?:'ve| have)?(?: already| just)?"
    r" (?:told (?:you|u)|said|say|mentioned|wrote|explained|described|typed)"
    r"(?: (?:that|this|you|already|before|above|earlier|so|once|twice|at the (?:start|beginning)"
    r"|it(?= (?:already|before|above|earlier|once|twice)|$)))*[\s,.!:;-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TellingWords:
    """A company's words: patterns that are searched in a clause in lower case, values masked by :data:`VALUE`."""

    matter: re.Pattern[str]
    """Speaks of what is to be told: "leaks", "won't start"."""
    wish: re.Pattern[str]
    """Speaks of the wish itself: "send somebody"."""


@dataclass(frozen=True)
class _Clause:
    start: int
    end: int
    masked: str


def told_before(text: str) -> bool:
    """Whether the customer says to have said it already: "I told you", with or without saying it again."""
    return _TOLD_BEFORE.match(_straight(text.strip()[:LONGEST_READ])) is not None


def without_told_before(text: str) -> str:
    """What is said behind "I told you": the thing itself, or nothing."""
    stripped = text.strip()
    found = _TOLD_BEFORE.match(_straight(stripped[:LONGEST_READ]))
    return _JOINS.sub("", stripped[found.end() :]) if found else stripped


def is_only_values(text: str, values: Iterable[Span]) -> bool:
    """Whether the words around the values of a message tell nothing: "LS6 2AB", "Friday morning if you can"."""
    spans = tuple(values)
    if len(text) > LONGEST_READ:
        return False
    return bool(spans) and all(_tells_nothing(clause) for clause in _clauses(text, spans))


def beside_values(text: str, values: Iterable[Span]) -> str:
    """A message without the clauses that hold nothing but values; the whole of it where every clause tells."""
    if len(text) > LONGEST_READ:
        return text.strip()
    kept = [clause for clause in _clauses(text, tuple(values)) if not _tells_nothing(clause)]
    return _joined(text, kept)


def told_in_words(text: str, values: Iterable[Span], words: TellingWords, asked_too: bool = False) -> str:
    """The clauses that speak of the matter, and what is told right behind them; empty where none does.

    ``asked_too`` takes what is only asked as well: "why won't it drain?".
    """
    if len(text) > LONGEST_READ:
        return ""
    kept: list[_Clause] = []
    running = False
    for clause in _clauses(text, tuple(values)):
        matter = words.matter.search(clause.masked)
        wish = words.wish.search(clause.masked)
        if matter and wish:
            running = False
            if wish.start() < matter.start() and (start := _begins(clause, matter.start())) > clause.start:
                kept.append(_Clause(start, clause.end, clause.masked[start - clause.start :]))
                running = True
        elif matter and (asked_too or not _asks(text, clause)):
            kept.append(clause)
            running = True
        elif running and not wish and not _tells_nothing(clause) and not _asks(text, clause):
            kept.append(clause)
        else:
            running = False
    return _joined(text, kept)


def _begins(clause: _Clause, place: int) -> int:
    """Where the telling begins in a clause that wishes first: at the value just before the word, or at the word."""
    value = clause.masked.rfind(VALUE, 0, place)
    while value > 0 and clause.masked[value - 1] == VALUE:
        value -= 1
    return clause.start + (value if value >= 0 else place)


def _asks(text: str, clause: _Clause) -> bool:
    return has_shape_of_question(_JOINS.sub("", text[clause.start : clause.end]))


def _tells_nothing(clause: _Clause) -> bool:
    words = _WORD.findall(clause.masked)
    return all(VALUE in word or word in _AROUND_VALUES for word in words)


def _joined(text: str, kept: list[_Clause]) -> str:
    parts: list[str] = []
    last = None
    for clause in kept:
        between = text[last : clause.start] if last is not None else None
        if between is not None and len(between) <= len(" because "):
            parts.append(between)
        elif between is not None:
            parts.append(", ")
        parts.append(text[clause.start : clause.end])
        last = clause.end
    told = " ".join("".join(parts).split()).strip(" ,;:.-\u2014")
    return _JOINS.sub("", _POLITE.sub("", told))


def _clauses(text: str, values: tuple[Span, ...]) -> list[_Clause]:
    masked = list(_straight(text).lower())
    for start, end in values:
        masked[start:end] = VALUE * max(0, min(end, len(masked)) - start)
    whole = "".join(masked)
    clauses, last = [], 0
    for found in _ENDS.finditer(whole):
        clauses.append(_Clause(last, found.start(), whole[last : found.start()]))
        last = found.end()
    clauses.append(_Clause(last, len(whole), whole[last:]))
    # The mark that ends a question stays with it.
    return [
        _Clause(one.start, one.end + (text[one.end : one.end + 1] == "?"), one.masked)
        for one in clauses
        if one.masked.strip()
    ]


def _straight(text: str) -> str:
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
