"""Slips of the finger and short forms, read as the words that were meant; never names, numbers or other languages.

A word is only changed where nobody could have meant it: it stands neither in the company's own words (articles,
examples, lists) nor in a list of English. What it becomes is the likeliest word near it, those of the company before
others (Kernighan, Church and Gale 1990: the noisy channel). What was typed stays what people see.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.languages.detection import LanguageReader
from bot.nlu.languages.english_words import english_counts, english_words
from bot.nlu.reading.cap import read_of
from bot.nlu.reading.own_words import ALL_WORDS, SEEN_TWICE, WORD, Words, letters_of
from bot.nlu.reading.rewritten import Edit, Rewritten
from bot.nlu.reading.slips import LONG, most_slips, most_weight, weight_of

FREQUENT = 20_000
"""English words that a slip may have meant beside the company's own; rarer ones are seldom meant in a shop."""
ORDINARY = 15_000
"""English words that are never taken for slips; of rarer ones ("leeving") some are, where the company's word beside
the same neighbour is far likelier."""
EVERYDAY = 500
"""English words so common that even one of three letters is known with two of them swapped ("teh")."""
OFTEN = 20
"""Times that the company must write a word for the same ("pya")."""
MOST_CORRECTED = 24
"""Unknown words that are looked up in one message, from its beginning on; who slips more often writes no English."""
LONGEST = 24
"""Letters of a word that is looked up."""
_TOKEN = re.compile(r"\S+")
_NO_LANGUAGE = re.compile(r"[@\d/\\_#]|://|^www\.|\w\.\w")
"""In a number, an address, a code or a link nothing is corrected."""
_SENTENCE_END = re.compile(r"[.!?\n]\W*$")
_NAME_AHEAD = re.compile(
    r"\b(?:names?(?:'s|\s+is|\s+are|\s+was)?|surname(?:\s+is)?|called|mr|mrs|ms|miss|mx|dr|sir|regards|sincerely|signed|dear|attn)[\s,.:]+(?:[^\W\d_]+\s+)?$",
    re.IGNORECASE,
)
_NAME_BEHIND = re.compile(
    r"\s+(?:street|road|lane|avenue|close|drive|crescent|court|gardens|terrace|grove|place|square|hill|mews|rd|st|ave|ln"
    r"|house|cottage|speaking|here\s*$)\b",
    re.IGNORECASE,
)
_COURTESIES = frozenset({"please", "pls", "plz", "plse", "thanks", "thx", "thnx", "thanx", "thank", "ta", "cheers"})
"""What follows a letter that answers a question."""
_AROUND = 32
"""Characters around a word in which a name gives itself away."""

_FOREIGN_FROM = 0.3
"""From this share of unknown words on the message's language is looked at first."""
_FOREIGN_LEFT = 0.34
"""With more words than this that nobody knows, and that are near nothing, it is no English with slips in it."""

# Chosen on the seen half of tests/understanding/spelling.yml; logarithms are natural ones.
_OWN_SHARE = 0.8
"""How much of a word's likelihood is how often the company writes it; the rest is how often English does."""
_PAIR_SHARE = 0.6
"""The same of its neighbours: how often the company writes it beside them."""
_SLIP = 4.0
"""What one slip costs."""
_WORST = {3: -9.0, 4: -11.2, 5: -13.0, 6: -14.8, 7: -15.5}
_WORST_LONG = -17.0
"""A word less likely than this is not put in for another of so many letters: of the short ones many are names."""
_LEADS = 0.35
"""By so much the best must lead: of two that are as likely the customer's word stays."""
_LEADS_OVER_ENGLISH = 6.0
"""By so much a word must lead over the rare word of English that was typed."""


@dataclass(frozen=True)
class Correction:
    """A word, or a few, that was read as another."""

    typed: str
    read: str


def _is_among(words: Collection[str], word: str) -> bool:
    """Whether a word is listed, or is one that is listed with an "s" behind it, as names have it."""
    bare = letters_of(word)
    return bare in words or (len(bare) > 3 and bare.endswith("s") and bare[:-1] in words)


@dataclass(frozen=True)
class _Token:
    """A word of a message, in lower case."""

    text: str
    start: int
    end: int
    typed: str
    fixed: bool
    """Whether it is left alone, whatever it looks like."""
    capital: bool
    """Whether it begins with a capital that the sentence does not ask for, or may: the first word's."""


class Speller:
    """Corrects messages by the company's words, those of English and a table of short forms.

    A message in one of the ``languages`` (ISO 639-1) is left as it was typed.
    """

    def __init__(self, own: Words, short_forms: Mapping[str, str], languages: Sequence[str] = ()) -> None:
        english = english_counts(ALL_WORDS)
        total = sum(english.values())
        own_total = sum(own.counts.values()) or 1
        self._own = own
        self._own_total = own_total
        self._short_forms = dict(short_forms)
        bare = {letters_of(word) for word in own.counts}
        self._known = english_words(ALL_WORDS) | bare
        self._everyday = english_words(EVERYDAY)
        self._sure = english_words(ORDINARY) | bare
        self._english = {word: (1 - _OWN_SHARE) * count / total for word, count in english.items()}
        meant: dict[str, str] = {}
        for word in sorted([*islice(english, FREQUENT), *own.counts], key=self._likelihood):
            meant[letters_of(word)] = word  # the likelier of "dont" and "don't"
        self._meant_by = meant
        """The words that slips are read as, by their letters."""
        self._by_length, self._own_by_length = _by_length(meant), _by_length(bare)
        self._language = LanguageReader(own.counts, languages=languages)
        self._near = lru_cache(maxsize=2048)(self._look_near)

    def _likelihood(self, word: str) -> float:
        return _OWN_SHARE * self._own.counts.get(word, 0) / self._own_total + self._english.get(word, 1e-12)

    def correct(self, typed: str) -> tuple[Rewritten, tuple[Correction, ...]]:
        """Return the message as it is read, and what was corrected in it."""
        whole = Rewritten(typed, (0,), (0,), (-1,))
        tokens = list(_tokens(typed, self._short_forms))
        edits = list(self._edits(typed, tokens))
        if not edits:
            return whole, ()
        found = tuple(Correction(typed[edit.start : edit.end], edit.put) for edit in edits)
        return whole.edited(edits), found

    def _edits(self, typed: str, tokens: Sequence[_Token]) -> Iterator[Edit]:
        unknown = [token for token in tokens if not token.fixed and not self._is_known(token.text)]
        slips = [token for token in unknown if token.text not in self._short_forms]
        if len(slips) > 1 and len(slips) >= _FOREIGN_FROM * len(tokens) and self._is_foreign(typed, tokens, slips):
            return
        looked_up = 0
        joined = False
        for place, token in enumerate(tokens):
            before = tokens[place - 1] if place else None
            behind = tokens[place + 1] if place + 1 < len(tokens) else None
            if joined:
                joined = False
                continue
            if token.fixed or _may_answer(typed, token, behind):
                continue
            if token.text in self._short_forms and not token.capital:
                if len(token.text) == len(tokens) == 1:
                    continue  # a letter that is all of a message is an answer: "y" is no "why"
                if put := self._short_forms[token.text]:
                    yield Edit(token.start, token.end, put)
                continue
            if behind is not None and self._belong_together(typed, token, behind):
                yield Edit(token.start, behind.end, token.text + behind.text)
                joined = True
                continue
            if self._is_sure(token.text) or looked_up >= MOST_CORRECTED:
                continue
            looked_up += 1
            meant = self._meant(token, before, behind)
            if meant is not None:
                yield Edit(token.start, token.end, _in_the_case_of(token.typed, meant))

    def _is_known(self, word: str) -> bool:
        return _is_among(self._known, word)

    def _is_sure(self, word: str) -> bool:
        return _is_among(self._sure, word)

    def _is_foreign(self, typed: str, tokens: Sequence[_Token], slips: Sequence[_Token]) -> bool:
        """Whether a message with many unknown words is in another language, or nothing that slips could explain."""
        if not self._language.read(typed).is_english:
            return True
        strange = sum(not self._near(token.text) and not self._apart(token.text) for token in slips[:MOST_CORRECTED])
        return strange > 1 and strange > _FOREIGN_LEFT * len(tokens)

    def _belong_together(self, typed: str, first: _Token, second: _Token) -> bool:
        """Whether two words are one word of the company that was torn apart: "dish washer"."""
        joined = first.text + second.text
        return (
            not second.fixed
            and typed[first.end : second.start] in {" ", "-"}
            and len(joined) >= 7
            and min(len(first.text), len(second.text)) > 2
            and self._own.counts.get(joined, 0) > SEEN_TWICE
            and joined not in self._short_forms
            and (first.text, second.text) not in self._own.pairs
        )

    def _meant(self, token: _Token, before: _Token | None, behind: _Token | None) -> str | None:
        """The word that a slip stands for; None where that cannot be told."""
        if self._is_known(token.text):
            return self._instead_of_rare(token, before, behind)
        apart = self._apart(token.text)
        scored = self._scored(token, before, behind, self._near(token.text))
        worst = _WORST.get(len(letters_of(token.text)), _WORST_LONG)
        scored = [each for each in scored if each[0] >= worst]
        if apart is not None and (not scored or len(token.text) > 9):
            return apart
        if not scored or (len(scored) > 1 and scored[0][0] - scored[1][0] < _LEADS):
            return None
        return scored[0][1]

    def _instead_of_rare(self, token: _Token, before: _Token | None, behind: _Token | None) -> str | None:
        """The company's word in place of a rare one of English, where it writes it beside the same neighbour."""
        if token.capital or len(token.text) < 3:
            return None
        near = [
            (word, cost)
            for word, cost in self._within(token.text, 1, self._own_by_length)
            if self._own.counts.get(word, 0) > SEEN_TWICE
            and (cost <= 0.8 or sorted(word) == sorted(token.text))
            and not (word.startswith(token.text) or token.text.startswith(word))
            and (
                (before is not None and (before.text, word) in self._own.pairs)
                or (behind is not None and (word, behind.text) in self._own.pairs)
            )
        ]
        scored = self._scored(token, before, behind, [*near, (token.text, 0.0)])
        leads = scored[0][1] != token.text and len(scored) > 1 and scored[0][0] - scored[1][0] >= _LEADS
        typed = next(score for score, word in scored if word == token.text)
        return scored[0][1] if leads and scored[0][0] - typed >= _LEADS_OVER_ENGLISH else None

    def _scored(
        self, token: _Token, before: _Token | None, behind: _Token | None, near: Sequence[tuple[str, float]]
    ) -> list[tuple[float, str]]:
        """The words that may have been meant, the likeliest first."""
        return sorted(((self._score(token, word, cost, before, behind), word) for word, cost in near), reverse=True)

    def _score(self, token: _Token, word: str, cost: float, before: _Token | None, behind: _Token | None) -> float:
        counts, pairs = self._own.counts, self._own.pairs
        likelihood = self._likelihood(word)
        if before is not None and before.text in counts:
            beside = pairs.get((before.text, word), 0) / counts[before.text]
            likelihood = _PAIR_SHARE * beside + (1 - _PAIR_SHARE) * likelihood
        score = math.log(likelihood) - _SLIP * cost
        if behind is not None and behind.text in counts:
            alone = self._likelihood(behind.text)
            beside = pairs.get((word, behind.text), 0) / counts[word] if word in counts else 0.0
            score += math.log(_PAIR_SHARE * beside + (1 - _PAIR_SHARE) * alone) - math.log(alone)
        if token.capital and word not in counts:
            score -= _SLIP
        return score

    def _look_near(self, word: str) -> tuple[tuple[str, float], ...]:
        """The words that a slip may have meant, each with the weight of its slips."""
        typed = letters_of(word)
        found = dict(self._within(word, most_slips(len(typed)), self._own_by_length))
        # Two slips at once are only read as the company's own word, or as a long one.
        most = min(most_slips(len(typed)), 2 if len(typed) >= LONG else 1)
        for meant, weight in self._within(word, most, self._by_length):
            found.setdefault(meant, weight)
        return tuple(found.items())

    def _within(self, word: str, most: int, words: Mapping[int, Sequence[str]]) -> Iterator[tuple[str, float]]:
        """The words that are at most so many slips away."""
        typed = letters_of(word)
        for length in range(max(2, len(typed) - most), len(typed) + most + 1):
            for near, slips, _ in process.extract(
                typed, words.get(length, ()), scorer=OSA.distance, score_cutoff=most, limit=None
            ):
                weight = weight_of(typed, near)
                if slips > 1 and weight > most_weight(len(typed)):
                    continue
                if "'" in word and "'" not in self._meant_by[near]:
                    continue
                if len(typed) == 3 and not self._is_one_of_three(typed, near):
                    continue
                yield self._meant_by[near], weight

    def _is_one_of_three(self, typed: str, near: str) -> bool:
        """Whether three letters may be a slip: two of them swapped, or the last one not doubled, of a common word."""
        common = near in self._everyday or self._own.counts.get(self._meant_by[near], 0) >= OFTEN
        return common and (sorted(near) == sorted(typed) or near == typed + typed[-1])

    def _apart(self, word: str) -> str | None:
        """Two words of the company that were run together, of which one may be a short form: "washingmachine"."""
        best: tuple[int, str] | None = None
        for place in range(2, len(word) - 1):
            first, second = (self._short_forms.get(part) or part for part in (word[:place], word[place:]))
            count = self._own.pairs.get((first, second), 0)
            if count > 1 and (best is None or count > best[0]):
                best = (count, f"{first} {second}")
        return best[1] if best is not None else None


def _by_length(words: Iterable[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for word in sorted(words):
        found.setdefault(len(word), []).append(word)
    return found


def _tokens(typed: str, short_forms: Mapping[str, str]) -> Iterator[_Token]:
    """The words of what is read of a message, those marked that are names, numbers and codes."""
    read = typed[: len(read_of(typed))]
    letters = [sign for sign in read if sign.isalpha()]
    shouts = bool(letters) and sum(sign.isupper() for sign in letters) > 0.7 * len(letters)
    for piece in _TOKEN.finditer(read):
        whole = piece.group()
        form = whole.strip(".,;:!?()").lower()
        if form in short_forms and (len(form) > 1 or form in whole or shouts):
            start = piece.start() + whole.lower().index(form)
            end = start + len(form)
            named = _is_named(read, start, end) or (read[start].isupper() and not shouts and not _begins(read, start))
            yield _Token(form, start, end, read[start:end], named, False)
            continue
        words = list(WORD.finditer(whole.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))
        for match in words:
            start, end = piece.start() + match.start(), piece.start() + match.end()
            typed_word = read[start:end]
            capital = typed_word[:1].isupper() and not shouts
            fixed = (
                bool(_NO_LANGUAGE.search(whole.strip(".,;:!?()")))
                or len(typed_word) > LONGEST
                or (not shouts and any(sign.isupper() for sign in typed_word[1:]))
                or (capital and not _begins(read, start))
                or _is_named(read, start, end)
            )
            yield _Token(match.group().lower(), start, end, typed_word, fixed and typed_word.lower() != "i", capital)


def _begins(read: str, start: int) -> bool:
    """Whether a sentence begins with a word, which has a capital for that."""
    return not read[:start].strip() or bool(_SENTENCE_END.search(read[max(0, start - 4) : start]))


def _is_named(read: str, start: int, end: int) -> bool:
    """Whether the words around a word say that it is a name."""
    ahead = _NAME_AHEAD.search(read[max(0, start - _AROUND) : start])
    return bool(ahead) or bool(_NAME_BEHIND.match(read, end, end + _AROUND))


def _may_answer(typed: str, token: _Token, behind: _Token | None) -> bool:
    """Whether a single letter stands where an answer does: "y", "y, book it", "n thanks"; "y is it late" is a word."""
    if len(token.text) > 1 or typed[: token.start].strip():
        return False
    rest = typed[token.end :].strip()
    return not rest or not rest[0].isalnum() or (behind is not None and behind.text in _COURTESIES)


def _in_the_case_of(typed: str, word: str) -> str:
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word
