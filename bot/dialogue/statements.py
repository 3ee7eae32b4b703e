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

FEWEST_WORDS = 2
"""Fewer in front of a question are an opening, and tell nothing: "hello, can you fix it?"."""

# Where one clause ends: at a mark, or before a word that joins another.
_CLAUSES = re.compile(r"(?<=[,;.!?\n\u2014])\s*|\s+(?=(?:and|but|so)\s)", re.IGNORECASE)
_JOINS = re.compile(r"^(?:and|but|so|then)\s+", re.IGNORECASE)


def has_shape_of_question(text: str) -> bool:
    """Whether a message ends with a question mark, or opens with a question word that no negation follows."""
    text = read_of(text)
    if text.rstrip().endswith("?"):
        return True
    words = [word.strip(",.!") for word in text.lower().split()]
    return bool(words) and words[0] in QUESTION_OPENERS and not NEGATIONS.intersection(words[1:3])


def statement_in(text: str) -> str:
    """What a message tells beside what it asks: "it leaks" of "it leaks, can you fix it?".

    The whole message where nothing in it asks, or where it tells nothing else.
    """
    whole = text.strip()
    clauses = [clause for clause in _CLAUSES.split(whole) if clause.strip()]
    told = [clause for clause in clauses if not has_shape_of_question(_JOINS.sub("", clause.strip()))]
    statement = " ".join(clause.strip() for clause in told).rstrip(" ,;\u2014")
    if len(told) == len(clauses) or len(statement.split()) < FEWEST_WORDS:
        return whole
    return _JOINS.sub("", statement)
