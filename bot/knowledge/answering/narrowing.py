"""Narrowing: of a table the rows that are asked about, of a list of cases the case; steps and checks stay whole."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from bot.knowledge.answering.asking import Asking
from bot.knowledge.index.passages import plain
from bot.knowledge.index.pieces import Piece
from bot.knowledge.index.words import stems_of
from bot.nlu.reading.cap import read_of

# Rows that have at least so much of what the best one has of the question's words are asked about, too.
_AS_GOOD = 0.75
# Of three items so many must begin as an order does to be checks or steps that belong together.
_ORDERS = 0.6
# Words that begin a sentence about something, where an order begins with its verb.
_NO_VERB_AS_WRITTEN = """
    a an the this that these those all any each every no some one two three both neither either on in at with
    without for from of by to if when while as it there you your we our they their he she only most many more
    another other up
"""
_NO_VERB = frozenset(_NO_VERB_AS_WRITTEN.split())
_FIRST = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+[\"'*_(]*(?P<word>[^\W_]+(?:['-][^\W_]+)*)(?P<comma>,?)")
# "Gift cards cannot be returned" has its verb behind what it is about; "Check that it is level" has not.
_STATES = re.compile(
    r"(?:(?!that\b|if\b|whether\b|when\b|what\b)[\w']+ ){1,3}(?:can(?:not)?|must|may|will|should|is|are|was|were)\b"
)
_ORDERED = re.compile(r"^[ \t]*\d{1,9}[.)]")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DAY = re.compile(r"\b(?P<day>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?\b", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:to|until|till|-|\u2013|\u2014)\s*", re.IGNORECASE)
# Other words for what a table's row measures; only ever used to choose among rows.
_MEASURES = {
    "tall": "height",
    "high": "height",
    "wide": "width",
    "deep": "depth",
    "long": "length",
    "heavy": "weight",
    "weigh": "weight",
    "built-in": "built",
    "integrated": "built",
    "hot": "temperature",
}
# What a question is made of, whatever it is about.
ASKING = frozenset(
    stems_of("""
    a an the i you we it he she they my your our is are was do does did can could will would may have has had
    get got how what when where which who why much many long there in on at of for to from by with and or not
    no if be been me us them this that so any some please want need cost price pay as up out
    """)
)


def is_steps(texts: Sequence[str]) -> bool:
    """Tell whether a list's items are to be done, all of them: they are numbered, or most begin as orders do."""
    if not texts:
        return False
    if _ORDERED.match(texts[0]):
        return True
    words = [match for text in texts if (match := _FIRST.match(text))]
    # "Filters, baskets and shelves are …", "Removing the bolts …", "Students get …" begin no order.
    orders = [
        match
        for match in words
        if not match["comma"]
        and not _STATES.match(match.string[match.start("word") :])
        and match["word"].lower() not in _NO_VERB
        and (not match["word"].lower().endswith(("ing", "s")) or match["word"].lower().endswith("ss"))
    ]
    firsts = Counter(match["word"].lower() for match in words)
    return len(orders) >= _ORDERS * len(texts) and max(firsts.values(), default=0) <= len(texts) / 2


def days_of(asking: Asking) -> tuple[date | int, ...]:
    """Return the days that a question is about: dates, and 0 to 6 for weekdays that it names."""
    # "It sat in the sun" names no day: short names count in tables alone.
    named = [
        number for number, match in _weekdays(read_of(asking.text)) if match.group().lower().endswith(("day", "days"))
    ]
    return (*asking.days, *named)


def on_day(row: str, day: date | int) -> bool:
    """Tell whether a table's row is about a day: it names the date, the weekday or days around it."""
    first = plain(row.lstrip("|").split("|", 1)[0])
    if isinstance(day, date) and re.search(rf"\b{day.day}(?:st|nd|rd|th)? {_MONTHS[day.month - 1]}\b", first.lower()):
        return True
    wanted = day.weekday() if isinstance(day, date) else day
    found = _weekdays(first)
    if any(number == wanted for number, _ in found):
        return True
    return any(
        _RANGE.fullmatch(first[match.end() : following.start()]) and (wanted - number) % 7 <= (last - number) % 7
        for (number, match), (last, following) in pairwise(found)
    )


def _weekdays(text: str) -> list[tuple[int, re.Match[str]]]:
    return [
        (next(number for number, name in enumerate(_DAYS) if name.startswith(match["day"].lower()[:3])), match)
        for match in _DAY.finditer(text)
    ]


def asked_about(body: str, pieces: Sequence[Piece], head: Piece | None, asking: Asking) -> tuple[Piece, ...]:
    """Return the rows or items that a question asks about: all of them where it tells none from another.

    ``head`` is a table's head: its words name columns, so they tell no row from another.
    """
    texts = [body[piece.start : piece.end] for piece in pieces]
    if head is not None:
        days = days_of(asking)
        on_days = [piece for piece, text in zip(pieces, texts, strict=True) if any(on_day(text, day) for day in days)]
        dated = [
            piece
            for piece, text in zip(pieces, texts, strict=True)
            if any(isinstance(day, date) and _names_date(text, day) for day in days)
        ]
        if dated or on_days:
            return tuple(dated or on_days)
    scores = _fits(texts, body[head.start : head.end] if head is not None else "", asking)
    most = max(scores, default=0.0)
    if not most:
        return tuple(pieces)
    return tuple(piece for piece, score in zip(pieces, scores, strict=True) if score >= _AS_GOOD * most)


def _names_date(row: str, day: date) -> bool:
    return on_day(row, day) and not _weekdays(row.lstrip("|").split("|", 1)[0])


def _fits(texts: Sequence[str], head: str, asking: Asking) -> list[float]:
    """Return how much of the question each text has; a word that all of them have counts nothing."""
    held = [set(stems_of(plain(text))) for text in texts]
    count = Counter(stem for stems in held for stem in stems)
    wanted = _wanted(asking, head)
    weights = {stem: math.log(len(texts) / count[stem]) for stem in wanted if count[stem]}
    return [sum(weight for stem, weight in weights.items() if stem in stems) for stems in held]


def _wanted(asking: Asking, head: str) -> set[str]:
    words = read_of(asking.text).lower().replace("\u2019", "'")
    also = [other for word, other in _MEASURES.items() if re.search(rf"\b{word}\b", words)]
    stems = {stem for text in (words, *asking.about, *also) for stem in stems_of(text)}
    return stems - ASKING - set(stems_of(plain(head)))
