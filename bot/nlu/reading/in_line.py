"""What somebody who waits in a queue asks of the queue itself: how long, out of it, a time instead, an e-mail instead,
whether somebody rings, who answers, whether one must stay, whether what is written reaches the person.

Read by clause, from the phrases in ``in_line.yml`` (English). A question or a wish beside it is for whoever answers
those; only the way out of the queue takes one along: "I'll do it with you, book me an engineer".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml

from bot.nlu.reading.cap import read_of
from bot.nlu.reading.clauses import clauses_of
from bot.nlu.reading.phrases import MOST_WORDS as LONGEST_CLAUSE
from bot.nlu.reading.phrases import MarkedClause, marked_clauses, pattern_of

Asked = Literal["leave", "email", "by_phone", "pick_time", "machine", "who", "stay", "how_long", "pass_on"]
"""In the order in which they count where a message asks for several."""

ASKED: Final[tuple[Asked, ...]] = get_args(Asked)

MOST_WORDS = 40
"""A longer message tells a story, which the person has to read."""
FEWEST_WANTING = 3
"""Words of a clause that wants something: "monday??" only says again what was heard."""

_MARKS = re.compile(r"[.!?,;:()\n\u2026\u2013\u2014]+|\s-+\s|\b(?:and|but|so|because|cos)\b", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?\n]")
_JOINS_BEHIND = re.compile(r"(?:[\s,;:-]|\b(?:and|but|so|because|cos)\b)+$", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+")
_SUPPOSES = frozenset({"if", "unless", "once"})


@dataclass(frozen=True)
class AskedInLine:
    """What is asked of the queue."""

    asked: Asked
    wants_more: bool = False
    """Whether the message also wants something that the assistant may do: of leaving alone."""
    surely: bool = True
    """False for words that mean the queue only where nothing else is open: "never mind"."""
    rest: str = field(default="", compare=False)
    """What more is wanted, in the customer's words, without the sentence's part that leaves the queue."""


@dataclass(frozen=True)
class _Phrases:
    before: re.Pattern[str]
    after: re.Pattern[str]
    always: Mapping[Asked, re.Pattern[str]]
    alone: Mapping[Asked, re.Pattern[str]]


def asked_in_line(text: str) -> AskedInLine | None:
    """What a waiting customer asks of the queue, or None."""
    whole = read_of(text)
    read = _ADDRESS.sub(lambda address: " " * len(address[0]), whole)
    clauses = list(marked_clauses(read, _MARKS))
    if not clauses:
        return AskedInLine("how_long", surely=False) if "?" in read else None
    if sum(len(clause.words) for clause in clauses) > MOST_WORDS:
        return None
    phrases = _phrases()
    said = [_said(clause.words, phrases) for clause in clauses]
    found = [_kind(one, phrases.always) for one in said]
    left = [clause for clause, kind in zip(clauses, found, strict=True) if kind is None]
    wants_more = any(_wants(read, clause) for clause in left)
    asked = next((kind for kind in ASKED if kind in found), None)
    if asked == "leave":
        supposes = any(_SUPPOSES.intersection(clause.words[:2]) for clause in clauses)
        rest = _rest(whole, read, clauses, found) if wants_more else ""
        return None if supposes else AskedInLine("leave", wants_more, rest=rest)
    if wants_more:
        return None
    if asked is not None:
        return AskedInLine(asked)
    return _asked_alone([one for one in said if one], phrases)


def _asked_alone(said: Sequence[Sequence[str]], phrases: _Phrases) -> AskedInLine | None:
    """What a message asks of which nothing else is more than a courtesy, or an explanation of why it leaves."""
    kinds = [_kind(one, phrases.alone) for one in said]
    if "leave" in kinds:
        return AskedInLine("leave", surely=False)
    first = kinds[0] if kinds else None
    return AskedInLine(first, surely=False) if first is not None and None not in kinds else None


def _rest(whole: str, read: str, clauses: Sequence[MarkedClause], found: Sequence[Asked | None]) -> str:
    """The message without what is said to the queue, and without what led up to it: "nah that's no good, I'll …"."""
    kept: list[MarkedClause] = []
    for clause, kind in zip(clauses, found, strict=True):
        if kind is None:
            kept.append(clause)
            continue
        while kept and not _ENDS_SENTENCE.search(kept[-1].mark) and not _wants(read, kept[-1]):
            kept.pop()
    said = "".join(whole[clause.start : clause.end + len(clause.mark)] for clause in kept)
    return _JOINS_BEHIND.sub("", said).strip()


def _kind(said: Sequence[str], patterns: Mapping[Asked, re.Pattern[str]]) -> Asked | None:
    return next((kind for kind, pattern in patterns.items() if any(pattern.fullmatch(one) for one in said)), None)


def _wants(text: str, clause: MarkedClause) -> bool:
    """Whether a clause asks something or requests it."""
    if len(clause.words) < FEWEST_WANTING:
        return False
    return "?" in clause.mark or any(one.act != "statement" for one in clauses_of(text[clause.start : clause.end]))


def _said(words: Sequence[str], phrases: _Phrases) -> tuple[str, ...]:
    """A clause as it stands and without the words around it; none where it is nothing but a courtesy."""
    if len(words) > LONGEST_CLAUSE:
        return ("",)
    whole = " ".join(words) + " "
    found = phrases.before.match(whole)
    bare = _cut_behind(whole[found.end() :] if found is not None else whole, phrases)
    return (whole, _cut_behind(whole, phrases), bare) if bare or len(words) == 1 else ()


def _cut_behind(said: str, phrases: _Phrases) -> str:
    while said and (behind := phrases.after.search(said)) is not None:
        said = said[: behind.start()]
    return said


@cache
def _phrases() -> _Phrases:
    written: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("in_line.yml").read_text(encoding="utf-8"))
    names = written["words"]

    def any_of(phrases: Sequence[str]) -> str:
        return "(?:" + "|".join(pattern_of(phrase, names) for phrase in phrases) + ")"

    def patterns(when: str) -> dict[Asked, re.Pattern[str]]:
        return {kind: re.compile(any_of(written[kind][when])) for kind in ASKED if written[kind].get(when)}

    return _Phrases(
        re.compile(f"{any_of(written['before'])}*"),
        re.compile(rf"(?:(?<= )|^){any_of(written['after'])}$"),
        patterns("always"),
        patterns("alone"),
    )
