"""How many things a customer wants with one message, and which words belong to which.

A message is taken apart into clauses (`bot/nlu/reading/clauses.py`); at each joint a small logistic regression weighs
how both sides read, whether they ask or tell, and what joins them. Its weights (``wishes.json``) are fitted by
`benchmarks/fit_wishes.py` on development messages of our own and on examples of ``data/nlu`` put together.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.contract.names import COURTESIES
from bot.errors import ArtefactError
from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents.classifier import Reading
from bot.nlu.reading.cap import readable
from bot.nlu.reading.clauses import JOINTS, STRONG, Clause, clauses_of, counts_wishes, first_words, says_also, words_in

LONGEST_TEXT = 2000
"""Characters: what is longer is a pasted letter, which no splitting makes clearer."""

MOST_PIECES = 800
"""Pieces of words that are read to decide on the joints of one message, all stretches together. The encoder needs .08
ms for each; no message that the weights were fitted to, and none of `tests/understanding/wishes.yml`, has more."""
PIECES_OF_A_STRETCH = 256
"""The encoder reads no more of a text."""

# About as many as the encoder's tokenizer makes: 3 % more on the development messages with the most wishes.
_PIECE = re.compile(r"\w{1,4}|[^\w\s]")

_WEIGHTS = Path(__file__).with_name("wishes.json")
_SCHEMA = "wishes/1"

_BACKWARD = frozenset(
    {"it", "it's", "its", "that", "this", "they", "them", "these", "those", "he", "she", "his", "that's"}
)
_TIES = frozenset(
    {"because", "so", "which", "if", "since", "as", "who", "but", "when", "where", "while", "until", "although", "cos"}
    | {"or", "even"}
)
# How far into a clause a pronoun still points back ("could you tell me how much it").
_LOOKED_FOR_PRONOUN = 6

Span = tuple[int, int]


@dataclass(frozen=True)
class Wish:
    """One thing that the customer wants: ``text`` is ``message[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class StretchReading:
    """How a stretch of a message reads."""

    shares: NDArray[np.float64]
    """(intents,) probabilities, in an order that all looks of one message share."""
    best: int
    """The place of the likeliest intent in scope."""
    confidence: float
    courtesy: float
    """The probability that it is no wish but goes along with one."""
    out_of_scope: float
    """The probability of the intent that says "out of scope"."""
    scope: float
    vector: Vectors

    @classmethod
    def at(cls, readings: Sequence[Reading], scope: float, vector: Vectors, out_of_scope: str) -> StretchReading:
        """From what the models say of the stretch; readings in any order, ``vector`` is the stretch's one row."""
        ordered = sorted(readings, key=lambda reading: reading.name)
        shares = np.asarray([reading.confidence for reading in ordered])
        inside = np.asarray([0.0 if reading.name == out_of_scope else reading.confidence for reading in ordered])
        best = int(inside.argmax()) if len(inside) else 0
        return cls(
            shares=shares,
            best=best,
            confidence=float(inside[best]) if len(inside) else 0.0,
            courtesy=sum(reading.confidence for reading in ordered if reading.name in COURTESIES),
            out_of_scope=float(shares.sum() - inside.sum()),
            scope=scope,
            vector=np.asarray(vector).reshape(-1),
        )


class SplitPoints:
    """The joints of one message, and the stretches whose reading decides on them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._readable = readable(text if len(text) <= LONGEST_TEXT else "")
        self.read = self._readable.text
        """What of the message is looked at; clauses have their places in it."""
        self._pieces = [match.start() for match in _PIECE.finditer(self.read)]
        self.clauses: tuple[Clause, ...] = clauses_of(self.read, self._affordable) if self.read else ()
        self._whole = (self.clauses[0].start, self.clauses[-1].end) if self.clauses else (0, 0)
        self._sides = [_sides_of(self.clauses, place) for place in range(1, len(self.clauses))]

    def _affordable(self, clauses: tuple[Clause, ...]) -> bool:
        """Whether the stretches to be read have few enough pieces of words."""
        spans = {span for place in range(1, len(clauses)) for span in _sides_of(clauses, place)}
        return sum(min(PIECES_OF_A_STRETCH, self._pieces_in(span)) for span in spans) <= MOST_PIECES

    def _pieces_in(self, span: Span) -> int:
        return bisect_left(self._pieces, span[1]) - bisect_left(self._pieces, span[0])

    def __len__(self) -> int:
        """How many joints there are; none in most messages, which then cost nothing."""
        return len(self._sides)

    @property
    def stretches(self) -> tuple[str, ...]:
        """The distinct texts that have to be read."""
        if not self._sides:
            return ()
        spans = dict.fromkeys(span for sides in self._sides for span in sides)
        return tuple(dict.fromkeys(self.read[start:end] for start, end in (*spans, self._whole)))

    def evidence(self, looks: Mapping[str, StretchReading]) -> Iterator[dict[str, float]]:
        """Yield what speaks for and against a new wish at each joint; ``looks`` has every stretch."""
        whole = self._look(self._whole, looks)
        for place, sides in enumerate(self._sides, start=1):
            yield _evidence(self, place, [self._look(span, looks) for span in sides], sides, whole)

    def parts(self, cuts: Sequence[int]) -> tuple[Wish, ...]:
        """The message taken apart before the clauses at ``cuts`` (places of clauses, in order)."""
        if not cuts:
            return (Wish(self.text, 0, len(self.text)),)
        starts = [self.clauses[0].start, *(self.clauses[cut].start for cut in cuts)]
        ends = [*(self.clauses[cut].outset for cut in cuts), len(self.read)]
        typed = [self._readable.typed_span(*span) for span in zip(starts, ends, strict=True)]
        # To its end: what is not read is said all the same.
        typed[-1] = (typed[-1][0], len(self.text))
        return tuple(_trimmed(self.text, start, end) for start, end in typed)

    def _look(self, span: Span, looks: Mapping[str, StretchReading]) -> StretchReading:
        return looks[self.read[span[0] : span[1]]]


def _sides_of(clauses: Sequence[Clause], place: int) -> tuple[Span, ...]:
    """Left and right of a joint: the nearest clause, the nearest sentence, and all there is."""
    last = len(clauses) - 1
    first_left = place - 1
    while first_left > 0 and clauses[first_left].joint not in STRONG:
        first_left -= 1
    last_right = place
    while last_right < last and clauses[last_right + 1].joint not in STRONG:
        last_right += 1
    end, start = clauses[place - 1].end, clauses[place].start
    return (
        (clauses[place - 1].start, end),
        (start, clauses[place].end),
        (clauses[first_left].start, end),
        (start, clauses[last_right].end),
        (clauses[0].start, end),
        (start, clauses[last].end),
    )


@dataclass(frozen=True)
class WishSplitter:
    """Decides at which joints a new wish begins."""

    weights: Mapping[str, float]
    bias: float
    first: float
    """The probability from which a message has more than one wish."""
    further: float
    """And from which it has one more, once it has two."""

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> WishSplitter:
        """Read the fitted weights; :class:`ArtefactError` when the file is damaged."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["schema"] != _SCHEMA:
                raise ValueError(content["schema"])
            weights = {str(name): float(weight) for name, weight in content["weights"].items()}
            return cls(weights, float(content["bias"]), float(content["first"]), float(content["further"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArtefactError(
                path, f"it is damaged ({error!r}).", "git checkout bot/nlu/wishes/wishes.json"
            ) from error

    def probabilities(self, joints: SplitPoints, looks: Mapping[str, StretchReading]) -> list[float]:
        """The probability of a new wish at each joint."""
        return [self._probability(evidence) for evidence in joints.evidence(looks)]

    def split(self, text: str, read: Callable[[Sequence[str]], Sequence[StretchReading]]) -> tuple[Wish, ...]:
        """Return the message's wishes in order; one wish is the whole message. ``read`` is asked at most once."""
        joints = SplitPoints(text)
        if not len(joints):
            return joints.parts(())
        stretches = joints.stretches
        return self.decide(joints, dict(zip(stretches, read(stretches), strict=True)))

    def decide(self, joints: SplitPoints, looks: Mapping[str, StretchReading]) -> tuple[Wish, ...]:
        """As :meth:`split`, for stretches that have been read."""
        found = self.probabilities(joints, looks)
        if not found or max(found) < self.first:
            return joints.parts(())
        return joints.parts([place for place, probability in enumerate(found, start=1) if probability >= self.further])

    def _probability(self, evidence: Mapping[str, float]) -> float:
        logit = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in evidence.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


@lru_cache(maxsize=1)
def splitter() -> WishSplitter:
    """The fitted splitter, read once."""
    return WishSplitter.load()


def refers_back(text: str) -> bool:
    """Whether a part only makes sense with the one before it ("how much is it?")."""
    return bool(_BACKWARD.intersection(first_words(text, _LOOKED_FOR_PRONOUN)))


def _trimmed(text: str, start: int, end: int) -> Wish:
    stretch = text[start:end].rstrip(" \t\n,;:&+-\u2013\u2014")
    # The mark of a question or a sentence belongs to the part that it ends.
    while start + len(stretch) < len(text) and text[start + len(stretch)] in ".?!…":
        stretch = text[start : start + len(stretch) + 1]
    return Wish(stretch, start, start + len(stretch))


def _evidence(
    joints: SplitPoints, place: int, looks: Sequence[StretchReading], sides: Sequence[Span], whole: StretchReading
) -> dict[str, float]:
    """What is known about a joint, each value of the size of 1."""
    text, clauses = joints.read, joints.clauses
    clause, right = clauses[place], text[slice(*sides[1])]
    found = _form(clauses, place) | _meaning(looks, whole)
    words = first_words(right, _LOOKED_FOR_PRONOUN)
    found |= {
        "also": float(says_also(right)),
        "counted": float(counts_wishes(text)),
        "back": float(bool(words) and words[0] in _BACKWARD),
        "back_within": float(bool(_BACKWARD.intersection(words))),
        "tied": float(bool(words) and words[0] in _TIES),
    }
    for name, span in (("near_left", sides[0]), ("near_right", sides[1]), ("left", sides[4]), ("right", sides[5])):
        found[f"words_{name}"] = math.log1p(words_in(text[slice(*span)])) / 4
    found["short_right"] = float(words_in(right) < 3)
    found["short_left"] = float(words_in(text[slice(*sides[4])]) < 3)
    return found | _together(found, clause)


def _form(clauses: Sequence[Clause], place: int) -> dict[str, float]:
    """What the words' form says, without their meaning."""
    clause, left = clauses[place], clauses[place - 1]
    before = sum(earlier.act != "statement" for earlier in clauses[:place])
    after = sum(later.act != "statement" for later in clauses[place:])
    found = {f"joint_{joint}": float(clause.joint == joint) for joint in JOINTS}
    found |= {f"opens_{name}": float(clause.opening == name) for name in _OPENINGS}
    return found | {
        "announced": float(clause.announced),
        "numbered": float(clause.numbered),
        "with_and": float(clause.with_and),
        "left_asks": float(left.act == "question"),
        "left_requests": float(left.act == "request"),
        "right_asks": float(clause.act == "question"),
        "right_requests": float(clause.act == "request"),
        "before": float(before > 0),
        "after": float(after > 0),
        "acts_before": min(3, before) / 3,
        "acts_after": min(3, after) / 3,
        "place": place / len(clauses),
        "count": len(clauses) / 12,
    }


_OPENINGS = ("main", "embedded", "request", "self", "other", "none")
_LOOKS = ("near_left", "near_right", "sentence_left", "sentence_right", "left", "right")
# Which sides are compared: clause with clause, sentence with sentence, all with all, all that was said with what comes
# next (a clause), the last clause with what comes next (a sentence).
_PAIRS = {"near": (0, 1), "sentence": (2, 3), "all": (4, 5), "next": (4, 1), "on": (0, 3)}


def _meaning(looks: Sequence[StretchReading], whole: StretchReading) -> dict[str, float]:
    """How the sides read, and how much alike."""
    found: dict[str, float] = {}
    for name, look in (*zip(_LOOKS, looks, strict=True), ("whole", whole)):
        found |= {
            f"sure_{name}": look.confidence,
            f"scope_{name}": look.scope,
            f"courtesy_{name}": look.courtesy,
            f"foreign_{name}": look.out_of_scope,
        }
    for name, (left, right) in _PAIRS.items():
        one, other = looks[left], looks[right]
        same = float(one.best == other.best)
        found |= {
            f"alike_{name}": float(one.vector @ other.vector),
            f"shared_{name}": float(one.shares @ other.shares),
            f"same_{name}": same,
            f"apart_{name}": min(one.confidence, other.confidence) * (1.0 - same),
        }
    found["whole_is_left"] = float(whole.best == looks[4].best) * whole.confidence
    found["whole_is_right"] = float(whole.best == looks[5].best) * whole.confidence
    found["scopes"] = looks[4].scope * looks[3].scope
    found["wishes"] = (1.0 - looks[4].courtesy) * (1.0 - looks[1].courtesy)
    return found


def _together(found: Mapping[str, float], clause: Clause) -> dict[str, float]:
    """What only says something together, as a linear model cannot find out by itself."""
    opens = clause.opening in ("main", "request")
    asks = opens or clause.act != "statement"
    weak = clause.joint not in STRONG
    second = opens * found["before"]
    either = found["right_asks"] or found["right_requests"]
    more = float(clause.announced or bool(found["also"]))
    return {
        "weak": float(weak),
        "weak_self": float(weak and clause.opening == "self"),
        "weak_other": float(weak and clause.opening in ("other", "none")),
        "weak_opens": float(weak and opens),
        "weak_embedded": float(weak and clause.opening == "embedded"),
        "weak_apart": weak * found["apart_all"],
        "opens_apart": opens * found["apart_all"],
        "opens_apart_sentence": opens * found["apart_sentence"],
        "states_apart": float(clause.opening in ("self", "other", "none")) * found["apart_next"],
        "before_apart": found["before"] * found["apart_all"],
        "more_apart": more * found["apart_next"],
        "asks_after_asking": found["before"] * either,
        "asks_after_asking_apart": found["before"] * either * found["apart_all"],
        "asks_after_asking_apart_sentence": found["before"] * either * found["apart_sentence"],
        "asks_after_asking_apart_next": found["before"] * either * found["apart_next"],
        "second": second,
        "second_question": second * found["joint_question"],
        "second_sentence": second * found["joint_sentence"],
        "second_back": second * found["back_within"],
        "second_alike": second * found["alike_all"],
        "second_shared": second * found["shared_all"],
        "late_statement": float(not more and not found["after"]),
        "more_asks": float(clause.announced and asks),
        "and_asks": float(clause.with_and and asks),
        "and_asks_again": float(clause.with_and and asks) * found["left_asks"],
        "more_sure": float(clause.announced) * found["sure_near_right"],
        "asks_sure": float(asks) * found["sure_near_right"] * found["before"],
    }
