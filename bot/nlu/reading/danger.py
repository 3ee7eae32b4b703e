"""Whether a message tells of a danger that is there now: fire, gas, an electric shock, somebody hurt or threatened.

Rules over words, not a list of sentences. A *sign* is what has to stand together ("{smell} + {gas}"); words that are
refused ("no smoke"), only supposed ("what if it caught fire"), long past or a way of speaking ("a burning question")
are none of its words. Which words these are stands in ``data/safety``, which trainers change. English, like those.

A danger that is missed costs more than one that is not there, so words that no rule takes away count.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.reading.cap import read_of
from bot.nlu.reading.danger_words import Phrase, Safety, Sign

NEAR = 12
"""Words within which the elements of a sign have to stand, wherever else the sentence goes."""
CLOSE = 3
"""Words that may stand between two elements that follow one another."""
REACH_OF_NO = 4
"""Words behind a negation that it refuses: "there isn't any sign of smoke"."""
HARDLY_MORE = 2
"""Words beside a bare sign: "help, fire!", "it's flooding here"."""

_ONE_OFF_FROM, _TWO_OFF_FROM = 5, 8
"""Letters of a word in which one slip, or two, are forgiven; shorter words are too near to others."""
_MOST_ODD = 200
"""Different words that are looked up as misspelt; no message of a person has so many."""

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?\n;,:()]|\u2026|\u2014| - ")
_ENDS_SENTENCE = frozenset(".!?\n;\u2026\u2014") | {" - "}
_SUBJECTS = frozenset(
    {"i", "im", "ive", "it", "its", "he", "hes", "she", "shes", "we", "were", "weve", "they", "there", "theres", "the"}
    | {"my", "our", "his", "her", "now", "you", "your", "somebody", "someone", "water", "smoke", "both", "all", "this"}
    | {"that", "these"}
)
"""What begins another clause behind "and"."""


_VERBS = frozenset(
    [
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "were",
        "can",
        "could",
        "will",
        "would",
        "should",
        "shall",
        "may",
        "might",
        "have",
        "has",
        "am",
    ]
)
"""With these a question begins, and never goes on."""
_LEAD_OF_QUESTION = 2
"""Words before one: "hello, and is there …"."""
_IS = frozenset(["it", "he", "she", "there", "what", "that", "who", "where", "how", "here", "let"])
"""Behind these an ``'s`` is a verb that `data/safety` writes as one word with it."""
_GOVERNS = frozenset(
    [
        "if",
        "that",
        "whether",
        "when",
        "where",
        "why",
        "what",
        "how",
        "which",
        "because",
        "think",
        "say",
        "says",
        "said",
        "case",
        "unless",
    ]
)
"""Behind these "there is" goes on with what was begun: "what if there is smoke"."""
_OPPOSES = frozenset({"but", "although", "though", "because", "cos", "however", "only", "so"})
"""Behind these another part of the sentence begins, whatever it is."""
EVEN_SUPPOSED = frozenset({"violence"})
"""A threat is mostly an "if": "if he comes again I'll hit him"."""

_Span = tuple[int, int]


@dataclass(frozen=True)
class Danger:
    """What is dangerous, and by which words that was read."""

    kind: str
    """One of `danger_words.KINDS`."""
    sign: str
    """The sign as it stands in ``data/safety``."""
    words: tuple[str, ...]
    """The customer's words that it was seen in."""


@dataclass(frozen=True)
class _Sentence:
    words: tuple[str, ...]
    breaks: tuple[int, ...]
    """Places of words with which another part of the sentence begins, ascending."""


class DangerReader:
    """Reads messages by what a company's ``data/safety`` says; ``ordinary`` words are never misspelt others."""

    def __init__(self, safety: Safety, ordinary: Collection[str] = frozenset()) -> None:
        self.safety = safety
        self._ordinary = ordinary
        listed = {phrase for sign in safety.signs for element in sign.elements for phrase in element}
        listed.update(phrase for phrases in safety.not_now.values() for phrase in phrases)
        self._phrases: dict[str, list[Phrase]] = defaultdict(list)
        """By the first word."""
        for phrase in listed:
            self._phrases[phrase[0]].append(phrase)
        words = {word for phrase in listed for word in phrase}
        self._words = frozenset(word for word in words if not word.endswith("*"))
        self._stems = frozenset(word[:-1] for word in words if word.endswith("*"))
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._long = sorted(word for word in self._words if len(word) >= _ONE_OFF_FROM)
        # Which signs a phrase may be part of: a message that has none of a sign's words costs nothing.
        self._signs: dict[Phrase, list[Sign]] = defaultdict(list)
        for sign in safety.signs:
            for phrase in min(sign.elements, key=len):
                self._signs[phrase].append(sign)
        self._lists = {name: frozenset(phrases) for name, phrases in safety.not_now.items()}

    def read(self, text: str) -> Danger | None:
        """The danger that a message tells of; of several the one whose sign comes first in the files."""
        found = None
        forms: dict[str, tuple[str, ...]] = {}
        for sentence in _sentences(read_of(text)):
            for word in sentence.words:
                if word not in forms:
                    forms[word] = self._forms(word, len(forms) < _MOST_ODD)
            danger = self._in_sentence(sentence, forms)
            if danger is not None and (found is None or self._rank(danger) < self._rank(found)):
                found = danger
        return found

    def _rank(self, danger: Danger) -> int:
        kinds = list(dict.fromkeys(sign.kind for sign in self.safety.signs))
        return kinds.index(danger.kind)

    def _forms(self, word: str, look: bool) -> tuple[str, ...]:
        """The words and stems of the files that a word may be."""
        forms = [word] if word in self._words else []
        forms += [f"{word[:length]}*" for length in self._stem_lengths if word[:length] in self._stems]
        if not forms and look and len(word) >= _ONE_OFF_FROM - 1 and word not in self._ordinary:
            off = 1 if len(word) < _TWO_OFF_FROM else 2
            near = process.extractOne(word, self._long, scorer=OSA.distance, score_cutoff=off)
            if near is not None and near[0][0] == word[0]:
                forms.append(near[0])
        return tuple(forms)

    def _in_sentence(self, sentence: _Sentence, forms: dict[str, tuple[str, ...]]) -> Danger | None:
        places = self._places(sentence, forms)
        if not any(phrase in self._signs for phrase in places):
            return None
        live = _Live(sentence, places, self._lists)
        if live.is_over:
            return None
        seen: set[str] = set()
        for phrase in list(places):
            for sign in self._signs.get(phrase, ()):
                if sign.written in seen:
                    continue
                seen.add(sign.written)
                span = _match(sign, places, live, sentence)
                if span is not None:
                    return Danger(sign.kind, sign.written, sentence.words[span[0] : span[1]])
        return None

    def _places(self, sentence: _Sentence, forms: dict[str, tuple[str, ...]]) -> dict[Phrase, list[int]]:
        """Where each phrase of the files begins in a sentence."""
        words = sentence.words
        places: dict[Phrase, list[int]] = defaultdict(list)
        for place, word in enumerate(words):
            for form in forms[word]:
                for phrase in self._phrases.get(form, ()):
                    if all(
                        place + number < len(words) and part in forms[words[place + number]]
                        for number, part in enumerate(phrase[1:], start=1)
                    ):
                        places[phrase].append(place)
        return places


class _Live:
    """Which words of a sentence tell what is there now."""

    def __init__(
        self, sentence: _Sentence, places: dict[Phrase, list[int]], lists: dict[str, frozenset[Phrase]]
    ) -> None:
        self._sentence = sentence
        found = {name: sorted(self._spans(places, phrases)) for name, phrases in lists.items()}
        self._harmless = found["harmless"]
        self._masked = {place for start, end in self._harmless for place in range(start, end)}
        self._negations = self._of_negation(found)
        self._supposed = self._of_supposition(found)
        self.is_over = bool(found["past"]) and not found["now"]

    def is_said(self, start: int, end: int, kind: str) -> bool:
        """Whether the words ``[start, end)`` are meant as they stand, and not only supposed."""
        if any(place in self._masked for place in range(start, end)) and not self._holds_all(start, end):
            return False
        return kind in EVEN_SUPPOSED or not any(first < start < last for first, last in self._supposed)

    def refused_by(self, place: int) -> int | None:
        """The place of the negation that refuses the word at ``place``, or None."""
        before = bisect_left(self._negations, place)
        if before and self._reaches(self._negations[before - 1], place):
            return self._negations[before - 1]
        return None

    def _holds_all(self, start: int, end: int) -> bool:
        """Whether the harmless words that it touches are all within it: "gas cooker" as a part of a sign."""
        return all(start <= first and last <= end for first, last in self._harmless if first < end and start < last)

    @staticmethod
    def _spans(places: dict[Phrase, list[int]], phrases: frozenset[Phrase]) -> Iterator[tuple[int, int]]:
        for phrase in phrases.intersection(places):
            for place in places[phrase]:
                yield place, place + len(phrase)

    def _of_negation(self, found: dict[str, list[tuple[int, int]]]) -> list[int]:
        """The last words of what refuses, ascending."""
        none = {start for start, _ in found["no_negation"]}
        return sorted(end - 1 for _, end in found["negation"] if end not in none)

    def _reaches(self, negation: int, place: int) -> bool:
        return place - negation <= REACH_OF_NO and not self._broken(negation, place)

    def _broken(self, first: int, last: int) -> bool:
        """Whether another part of the sentence begins between two words."""
        breaks = self._sentence.breaks
        at = bisect_left(breaks, first + 1)
        return at < len(breaks) and breaks[at] <= last

    def _of_supposition(self, found: dict[str, list[tuple[int, int]]]) -> list[tuple[int, int]]:
        """Stretches that are only supposed: behind what opens them, to the next part of the sentence."""
        lifted = found["not_supposed"]
        stretches = []
        for start, end in found["supposed"]:
            if self._sentence.words[start] in _VERBS and not self._may_ask(start):
                continue  # "there is a smell"
            at = bisect_left(self._sentence.breaks, end)
            until = self._sentence.breaks[at] if at < len(self._sentence.breaks) else len(self._sentence.words)
            if any(first <= start < last or start <= first < until for first, last in lifted):
                continue
            stretches.append((start, until))
        return stretches

    def _may_ask(self, place: int) -> bool:
        """Whether a verb stands where a question begins: first, or behind a greeting and no subject."""
        breaks = self._sentence.breaks
        at = bisect_left(breaks, place + 1)
        before = self._sentence.words[breaks[at - 1] if at else 0 : place]
        return len(before) <= _LEAD_OF_QUESTION and _SUBJECTS.isdisjoint(before)


def _match(sign: Sign, places: dict[Phrase, list[int]], live: _Live, sentence: _Sentence) -> tuple[int, int] | None:
    """The words in which a sign stands, or None."""
    spans = []
    for element in sign.elements:
        here = sorted(
            (place, place + len(phrase))
            for phrase in element
            for place in places.get(phrase, ())
            if live.is_said(place, place + len(phrase), sign.kind)
        )
        if not here:
            return None
        spans.append(here)
    if sign.bare:
        start, end = spans[0][0]
        hardly_more = len(sentence.words) - (end - start) <= HARDLY_MORE
        return (start, end) if hardly_more and live.refused_by(start) is None else None
    for first in spans[0]:
        together = [first]
        for others in spans[1:]:
            fitting = _next(together[-1] if sign.in_order else first, others, together, sign.in_order, live)
            if fitting is None:
                break
            together.append(fitting)
        else:
            if _is_free(live.refused_by(first[0]), together):
                return min(start for start, _ in together), max(end for _, end in together)
    return None


def _next(anchor: _Span, others: Sequence[_Span], taken: Sequence[_Span], in_order: bool, live: _Live) -> _Span | None:
    """The span that fits beside those that are taken: behind the last one and close, or within reach of the first."""
    first = anchor[1] if in_order else anchor[0] - NEAR
    last = anchor[1] + (CLOSE if in_order else NEAR)
    for place in range(bisect_left(others, (first, 0)), len(others)):
        start, end = others[place]
        if start > last:
            return None
        apart = all(end <= other[0] or start >= other[1] for other in taken)
        if apart and _is_free(live.refused_by(start), taken):
            return start, end
    return None


def _is_free(negation: int | None, spans: Sequence[_Span]) -> bool:
    """Whether nothing refuses a word, or only what is itself a part of the sign: "can't turn the gas off"."""
    return negation is None or any(start <= negation < end for start, end in spans)


def _sentences(text: str) -> Iterator[_Sentence]:
    words: list[str] = []
    breaks: list[int] = []
    tokens = [match.group() for match in _TOKEN.finditer(text.lower())]
    for place, token in enumerate(tokens):
        if token in _ENDS_SENTENCE:
            if words:
                yield _Sentence(tuple(words), tuple(dict.fromkeys(breaks)))
            words, breaks = [], []
        elif not token[0].isalnum():
            breaks.append(len(words))
        else:
            word = _plain(token)
            following = tokens[place + 1].replace("'", "") if place + 1 < len(tokens) else ""
            anew = _tells_anew(words[-1] if words else "", word, following)
            if anew or word in _OPPOSES:
                breaks.append(len(words))
            elif word in ("and", "n", "then") and following in _SUBJECTS:
                breaks.append(len(words) + 1)
            words.append(word)
    if words:
        yield _Sentence(tuple(words), tuple(dict.fromkeys(breaks)))


def _tells_anew(before: str, word: str, following: str) -> bool:
    """Whether "there is" begins another part though nothing parts it: "can you come there is smoke"."""
    begins = word == "theres" or (word == "there" and following in ("is", "are"))
    return begins and bool(before) and before not in _GOVERNS


def _plain(token: str) -> str:
    """A word without apostrophes: "can't" as ``cant``, "ceiling's" as ``ceiling``, "it's" as ``its``."""
    base = token.removesuffix("'s")
    return token.replace("'", "") if base == token or base in _IS else base.replace("'", "")
