"""Whether a message asks, and what it tells beside that."""

from __future__ import annotations

import re

from bot.nlu.reading.cap import read_of

QUESTION_OPENERS = frozenset(
    {"how", "what", "when", "where", "which", "who", "whose", "why", "how's", "what's", "when's", "where's", "who's"}
    | {"hows", "whats", "wheres", "do", "does", "did", "can", "could", "is", "are", "am", "will", "would", "should"}
    | {"have", "has", "may"}
)
"""Words that open a question in English."""

NEGATIONS = frozenset({"not", "no", "nothing"})
"""Words after which an opener opens a complaint instead: "does not drain", "is not heating"."""

LONGEST_READ = 500
"""Characters; a longer message is a story in which a question is one sentence of many."""

FEWEST_WORDS = 2
"""Fewer in front of a question are an opening, and tell nothing: "hello, can you fix it?"."""

# Where one clause ends: at a mark, or before a word that joins another.
_CLAUSES = re.compile(r"(?<=[,;.!?\n\u2014])\s*|\s+(?=(?:and|but|so)\s)", re.IGNORECASE)
# What only leads up to a question tells nothing.
_LEADS_UP = re.compile(
    r"(?:(?:oh|ok|okay|so|well|hi|hello|hey|sorry|please|yes|no|thanks|thank you|right|and|but|just)\b[\s,]*)*"
    r"(?:(?:wait|hang on|hold on|one|just a|a) (?:a )?(?:sec|second|minute|moment|question|thing)\b.*"
    r"|wait|hang on|hold on"
    r"|(?:a )?quick question.*|(?:can you |could you )?(?:please )?tell me.*|by the way|(?:but )?first(?: of all)?"
    r"|(?:i |i'm |i am |was |just )*(?:wonder|curious|asking).*|before (?:that|this|i|we|you)\b.*"
    r"|(?:i |i'd |i would |just )*(?:have|got|want|like|need)\b.*\b(?:question|know|ask|check)\b.*|let me ask.*)?"
    r"[\s.,:;!-]*",
    re.IGNORECASE,
)
_JOINS = re.compile(r"^(?:and|but|so|then)\s+", re.IGNORECASE)

_AMOUNT = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:a )?few|(?:a )?couple(?: of)?)"
)
_HOW_LONG = (
    rf"(?:(?:about|nearly|almost|only|just|over|under|around|roughly|barely|not even"
    rf"|less than|more than|like) )*{_AMOUNT}"
    r"(?: and a half)? (?:days?|weeks?|months?|years?|yrs?)(?: and a half)?"
)
# How old a thing is, or when it was bought: "its 3 months old", "I only got it last year".
_AGE = re.compile(
    r"(?:(?:and|but|well|so|oh|yes|no) )*(?:(?:it'?s|it is|it was|they'?re|they are|mine is|mine'?s"
    rf"|the [a-z ]{{2,30}} is) )?(?:only |just )*(?:{_HOW_LONG}(?: old)?|(?:brand )?new)"
    r"|(?:and |but |well |so )*(?:i|we)(?:'ve| have|'d)?(?: only| just)*"
    r" (?:bought|got|had|purchased)(?: it| this| that| them)?(?: new)?"
    rf"(?: only| just)*(?: for)? (?:{_HOW_LONG}(?: ago)?|(?:last|this) [a-z]+|in [a-z]+(?: \d{{4}})?|yesterday)",
    re.IGNORECASE,
)


def tells_only_age(told: str) -> bool:
    """Whether a statement tells how old a thing is and nothing else, which says nothing of what is wrong with it."""
    straight = told.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return _AGE.fullmatch(" ".join(straight.split()).strip(" .,;!")) is not None


def has_shape_of_question(text: str) -> bool:
    """Whether a message ends with a question mark, or opens with a question word that no negation follows."""
    text = read_of(text)
    if text.rstrip().endswith("?"):
        return True
    words = [word.strip(",.!") for word in text.lower().split()]
    return bool(words) and words[0] in QUESTION_OPENERS and not NEGATIONS.intersection(words[1:3])


def _asks_or_leads_up(clause: str) -> bool:
    return has_shape_of_question(clause) or _LEADS_UP.fullmatch(clause) is not None


def statement_in(text: str) -> str:
    """What a message tells beside what it asks: "it leaks" of "it leaks, can you fix it?".

    The whole message where nothing in it asks, or where it tells nothing else.
    """
    whole = text.strip()
    if len(whole) > LONGEST_READ:
        return whole  # a story is kept as it is
    clauses = [clause for clause in _CLAUSES.split(whole) if clause.strip()]
    told = [clause for clause in clauses if not _asks_or_leads_up(_JOINS.sub("", clause.strip()))]
    statement = " ".join(clause.strip() for clause in told).rstrip(" ,;\u2014")
    asks = any(has_shape_of_question(_JOINS.sub("", clause.strip())) for clause in clauses)
    if not asks or len(statement.split()) < FEWEST_WORDS:
        return whole
    return _JOINS.sub("", statement)
