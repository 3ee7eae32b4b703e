"""Phrases that trainers write, and the clauses that they stand for: alternatives, what may be left out, and gaps.

A phrase is compared with whole clauses, word by word: short forms are written out ("didn't", "didnt" and "did not" are
one), capitals and marks do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.errors import WarmlineError

MOST_WORDS = 24
"""Words of a clause; a longer one is a story, which no phrase stands for."""
MOST_CLAUSES = 10
"""Clauses that are looked at; who says more tells a story."""

_GAP = r"(?:[^ ]+ ){0,4}"
"""What three dots in a phrase stand for."""
_TOPIC = r"(?P<topic>[^ ]+ (?:[^ ]+ ){0,14})"
_TOKEN = re.compile(r"\.\.\.|<[a-z_]+>|[][()|]|[^][()|<>\s]+")
_WORDS = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SHORT: Mapping[str, str] = {
    **{
        f"{verb}nt": f"{verb} not"
        for verb in ["do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "would", "could", "should"]
    },
    **{"cant": "can not", "cannot": "can not", "wont": "will not", "havnt": "have not", "aint": "is not"},
    **{f"{word}s": f"{word} is" for word in ["that", "what", "where", "who", "when", "how", "there"]},
    **{"its": "it is", "im": "i am", "ive": "i have", "youve": "you have", "youre": "you are", "weve": "we have"},
    **{"wot": "what", "wat": "what", "u": "you", "ur": "your", "r": "are", "cos": "because"},
    **{"pls": "please", "plz": "please", "plse": "please", "sry": "sorry", "soz": "sorry", "thx": "thanks"},
    **{"dnt": "do not", "didn": "did not", "coz": "because", "ppl": "people", "abt": "about", "wanna": "want to"},
}
_ENDINGS = (("n't", " not"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("'d", " would"), ("'m", " am"))
_OF_IS = frozenset(
    [
        "that",
        "what",
        "where",
        "who",
        "when",
        "how",
        "there",
        "it",
        "he",
        "she",
        "this",
        "which",
        "why",
        "everything",
        "nobody",
        "somebody",
    ]
)


def words_of_clause(text: str) -> list[str]:
    """The words of a clause in lower case, short forms written out."""
    words: list[str] = []
    for found in _WORDS.finditer(text.lower()):
        words += _written_out(found.group().replace("\u2019", "'")).split()
    return words


@dataclass(frozen=True)
class MarkedClause:
    """What stands between two marks of a text, its words as phrases are compared with them, and the mark behind it."""

    start: int
    end: int
    words: tuple[str, ...]
    mark: str


def marked_clauses(text: str, marks: re.Pattern[str]) -> Iterator[MarkedClause]:
    """Yield the clauses of a text from mark to mark that hold a word, the first :data:`MOST_CLAUSES` at most."""
    start = 0
    for found in islice([*marks.finditer(text), None], MOST_CLAUSES):
        end = found.start() if found is not None else len(text)
        if words := words_of_clause(text[start:end]):
            yield MarkedClause(start, end, tuple(words), found.group() if found is not None else "")
        start = found.end() if found is not None else end


def _written_out(word: str) -> str:
    if word in ("can't", "won't"):
        return _SHORT[word.replace("'", "")]
    for ending, full in _ENDINGS:
        if word.endswith(ending):
            return word[: -len(ending)] + full
    if word.endswith("'s"):
        return f"{word[:-2]} is" if word[:-2] in _OF_IS else word[:-2] + "s"
    return _SHORT.get(word, word)


class PhraseError(WarmlineError):
    """A phrase that cannot be read: a bracket too many, or a name that stands nowhere."""


def pattern_of(phrase: str, names: Mapping[str, str]) -> str:
    """The regular expression of a phrase, for words that are each followed by one blank; ``names`` stand in ``<…>``."""
    signs = _TOKEN.findall(phrase)
    made, rest = _alternatives(iter(signs), phrase, names, "")
    if rest:
        raise PhraseError(f"{phrase!r} closes a bracket that it has not opened.")
    return made


def _alternatives(signs: Iterator[str], phrase: str, names: Mapping[str, str], closes: str) -> tuple[str, str]:
    """One bracket's inside; given back with what closed it."""
    branches: list[list[str]] = [[]]
    for sign in signs:
        if sign in (")", "]"):
            if sign != closes:
                raise PhraseError(f"{phrase!r} closes a bracket that it has not opened.")
            return _joined(branches), sign
        if sign == "|":
            branches.append([])
        elif sign in ("(", "["):
            inside, _ = _alternatives(signs, phrase, names, ")" if sign == "(" else "]")
            branches[-1].append(inside if sign == "(" else f"{inside}?")
        else:
            branches[-1].append(_one(sign, phrase, names))
    if closes:
        raise PhraseError(f"{phrase!r} does not close a bracket.")
    return _joined(branches), ""


def _joined(branches: Sequence[Sequence[str]]) -> str:
    return "(?:" + "|".join("".join(branch) for branch in branches) + ")"


def _one(sign: str, phrase: str, names: Mapping[str, str]) -> str:
    if sign == "...":
        return _GAP
    if sign == "<topic>":
        return _TOPIC
    if sign.startswith("<"):
        if sign[1:-1] not in names:
            raise PhraseError(f"{phrase!r} names {sign}, which stands nowhere under `words`.")
        return pattern_of(names[sign[1:-1]], names)
    return "".join(f"{re.escape(word)} " for word in words_of_clause(sign))
