"""Advice: the sentences and items of an article, and which of them a customer tells as done or as not so.

Compared by stems: what an order names before its reason ("Set the clock of the oven, because …") is what it is about.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.answering.narrowing import ASKING, is_steps
from bot.knowledge.index.passages import blocks_of, plain
from bot.knowledge.index.pieces import Piece, pieces_of
from bot.knowledge.index.words import stems_of
from bot.nlu.reading.done_already import Told

Place = tuple[int, int]

_BESIDE = 0.4
"""What a word counts that stands in a reason or a condition: "grey with fluff" beside "Pull the fluff filter out"."""
_DOING = 0.5
"""What it adds that the same is done: "cleaned the filter" beside "Rinse the filter" and "Turn the filter"."""
_MOST_OF = 0.5
"""The share of what is told that a piece must name, by weight of its words."""
_AS_GOOD = 0.9
"""Pieces that fit nearly as well as the best are told as well."""
_REASON = re.compile(
    r"[,;:]\s|\s(?:because|whether|if|until|unless|after|before|when|while|so that|so|and (?=look|see|check))\b",
    re.IGNORECASE,
)
_POINTERS = frozenset(
    stems_of("""
    thing things one ones bit part first second third last next other right left top bottom mean meant yes now then
    already still again also just done did tried checked whatsoever either here that's it's
    """)
)
_CHECKS = frozenset(stems_of("check checks checking causes reasons"))
"""What a heading calls steps that are done one without the other, though they are numbered."""
_FEWEST_OF_HEADING = 2
"""Words of what was done that a heading must have: "the filter" alone is one of its parts."""
_PLACES = frozenset(stems_of("top bottom left right front back behind under inside side"))


@dataclass(frozen=True)
class _Advice:
    place: Place
    kind: str
    head: frozenset[str]
    """The stems before its first reason or condition."""
    stems: frozenset[str]


@dataclass(frozen=True)
class _Steps:
    """A list whose items are to be done."""

    items: tuple[Place, ...]
    heading: frozenset[str]
    in_order: bool
    """Whether each step needs the one before it; checks do not."""


class Advised:
    """What an article says, piece by piece."""

    def __init__(self, body: str, matter: str) -> None:
        """``matter`` is what the article and the question are about: whoever tells it again rules nothing out."""
        self._matter = frozenset(stems_of(matter))
        self._pieces = tuple(piece for piece in pieces_of(body) if piece.kind in ("sentence", "item"))
        self._body = body
        self._steps = tuple(_steps_in(body, self._pieces))
        self._advice = tuple(_advice(body, piece) for piece in self._pieces)
        count = Counter(stem for one in self._advice for stem in one.stems)
        self._weights = {stem: math.log(1 + len(self._advice) / found) for stem, found in count.items()}

    @property
    def has_steps(self) -> bool:
        """Whether it advises at all: "no lift" rules nothing out of an article on prices."""
        return bool(self._steps)

    def told(self, told: Sequence[Told]) -> tuple[Place, ...]:
        """The places of what is told as done, as it should be or as not so, in the article's order."""
        return tuple(sorted({place for one in told for place in (self._whole(one) or self._told(one))}))

    def pointed_at(self, text: str, among: Sequence[Place]) -> str:
        """The one piece of some places that a message points at: "the thing at the bottom?"; empty for none."""
        wanted = frozenset(stems_of(text)) - ASKING - (_POINTERS - _PLACES)
        found = {
            one.place: sum(self._weights.get(stem, 0.0) for stem in wanted & one.stems)
            for one in self._advice
            if one.place in among
        }
        most = max(found.values(), default=0.0)
        best = [place for place, score in found.items() if score == most]
        return plain(self._body[slice(*best[0])]) if most and len(best) == 1 else ""

    def steps_left(self, shown: Sequence[Place], out: Sequence[Place]) -> tuple[Place, ...]:
        """The steps of a list that was shown and partly done that are not done yet; empty for none.

        Of steps that follow one another those before the last one that was done are done as well.
        """
        for one in self._steps:
            left = tuple(place for place in one.items if place not in out)
            if one.in_order:
                left = tuple(place for place in left if place > max(set(one.items) & set(out), default=place))
            if any(place in out for place in one.items) and any(place in shown for place in one.items) and left:
                return left
        return ()

    def within(self, places: Sequence[Place]) -> tuple[Place, ...]:
        """The pieces that stand in these places."""
        inside = (one.place for one in self._advice)
        return tuple(place for place in inside if any(start <= place[0] and place[1] <= end for start, end in places))

    def _whole(self, told: Told) -> tuple[Place, ...]:
        """The steps that follow one another under a heading that names what was done: "cleaned the filter"."""
        said = frozenset(stems_of(" ".join((told.about, *told.doing[:1])))) - ASKING - _POINTERS
        if told.kind != "done" or len(said) < _FEWEST_OF_HEADING:
            return ()
        steps = next((one.items for one in self._steps if one.in_order and said <= one.heading), ())
        return (*steps, *(one.place for one in self._advice if said <= one.head)) if steps else ()

    def _told(self, told: Told) -> list[Place]:
        wanted = frozenset(stems_of(told.about)) - ASKING - _POINTERS
        doing = frozenset(stem for word in told.doing for stem in stems_of(word))
        if told.kind == "absent":
            wanted -= self._matter
            return [one.place for one in self._advice if wanted and self._share(wanted, one.head) >= _MOST_OF]
        if told.kind == "done" and not doing and wanted and wanted <= self._matter:
            return []  # "the oven is fine" speaks of all of it
        scores = {one.place: self._fits(told, wanted, doing, one) for one in self._advice}
        items = {one.place for one in self._advice if one.kind == "item" and scores[one.place]}
        if items:  # an order beats the sentence that only names it
            scores = {place: score for place, score in scores.items() if place in items}
        most = max(scores.values(), default=0.0)
        return [place for place, score in scores.items() if score and score >= _AS_GOOD * most]

    def _fits(self, told: Told, wanted: frozenset[str], doing: frozenset[str], advice: _Advice) -> float:
        if told.kind == "is so" and not doing & advice.stems:
            return 0.0  # a container that is full is not emptied
        if not wanted:
            return _DOING if doing & advice.head and advice.kind == "item" else 0.0
        if self._share(wanted, advice.stems) < _MOST_OF:
            return 0.0
        named = sum(
            self._weights.get(stem, 0.0) * (1.0 if stem in advice.head else _BESIDE) for stem in wanted & advice.stems
        )
        return named + (_DOING if doing & advice.head else 0.0)

    def _share(self, wanted: frozenset[str], stems: frozenset[str]) -> float:
        """How much of what is told a piece names; words that the article does not have weigh as its rarest."""
        rarest = max(self._weights.values(), default=1.0)
        weights = {stem: self._weights.get(stem, rarest) for stem in wanted}
        return sum(weight for stem, weight in weights.items() if stem in stems) / sum(weights.values())


def _advice(body: str, piece: Piece) -> _Advice:
    text = plain(body[piece.start : piece.end])
    reason = _REASON.search(text, 1)
    head = text[: reason.start()] if reason is not None else text
    return _Advice((piece.start, piece.end), piece.kind, frozenset(stems_of(head)), frozenset(stems_of(text)))


def _steps_in(body: str, pieces: Sequence[Piece]) -> Iterator[_Steps]:
    for block in blocks_of(body):
        items = [piece for piece in pieces if piece.kind == "item" and piece.block == block.start]
        texts = [body[item.start : item.end] for item in items]
        if is_steps(texts):
            heading = frozenset(stems_of(block.heading))
            in_order = texts[0].lstrip()[:1].isdigit() and not heading & _CHECKS
            yield _Steps(tuple((item.start, item.end) for item in items), heading, in_order)
