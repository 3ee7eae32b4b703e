"""``make bench-answers``: of what an answer shows, how much belongs to it, and of what it must show, how much is there.

The questions and the pieces of articles that answer them stand in ``benchmarks/answers/``; one half stays unread until
the end. Each goes through ranking and choice as in a turn; the day that a message names is given with it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rich.console import Console

from benchmarks.report import FOLDER, Check, write
from bot.knowledge.answering.answers import Answer, answer_from, shown_text
from bot.knowledge.answering.asking import Asking
from bot.knowledge.answering.calibration import Calibration
from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.passages import blocks_of
from bot.knowledge.index.pieces import Piece, pieces_of
from bot.markdown.plain import plain_words
from bot.nlu.encoder.onnx_encoder import OnnxEncoder
from bot.nlu.encoder.protocol import Encoder
from bot.nlu.encoder.vector_cache import VectorCache
from bot.settings import Settings, load

SETS = Path(__file__).with_name("answers")
HALVES = ("seen", "unseen")
BELONGS, COMPLETE, WHOLE, LONGEST = 0.9, 0.9, 1.0, 600
_PUBLIC = frozenset({"public"})


@dataclass(frozen=True)
class Question:
    """A question and the places in its article's body of what answers it."""

    text: str
    article: str
    needed: frozenset[Piece]
    lists: tuple[frozenset[Piece], ...]
    """Lists that must be shown whole."""
    may: frozenset[Piece]
    days: tuple[date, ...]

    @property
    def asking(self) -> Asking:
        """The question as the choice of words goes by it."""
        return Asking(self.text, self.days)

    @property
    def belongs(self) -> frozenset[Piece]:
        """All that may stand in the answer."""
        return self.needed.union(self.may, *self.lists)


@dataclass(frozen=True)
class Outcome:
    """What one question got."""

    question: Question
    shown: frozenset[Piece]
    """Of the right article; empty where another one answered."""
    beside: int
    """Pieces that do not belong."""
    right: bool
    """Whether the article is the right one."""
    text: str
    long: bool
    """Whether it is longer than a telephone shows, lists that must be whole aside."""

    @property
    def found(self) -> int:
        """Needed pieces that are shown; a whole list is one."""
        return len(self.question.needed & self.shown) + sum(one <= self.shown for one in self.question.lists)

    @property
    def wanted(self) -> int:
        """Pieces that are needed; a whole list is one."""
        return len(self.question.needed) + len(self.question.lists)


def questions_in(half: str, bodies: Mapping[str, str]) -> list[Question]:
    """Read one half; ValueError where words stand in no piece of the article, or in several."""
    rows = yaml.safe_load((SETS / f"{half}.yml").read_text(encoding="utf-8"))
    return [_question(row, bodies[row["article"]]) for row in rows]


def _question(row: Mapping[str, Any], body: str) -> Question:
    pieces = [piece for piece in pieces_of(body) if piece.kind != "head"]

    def named(words: str) -> Piece:
        found = [piece for piece in pieces if words in body[piece.start : piece.end]]
        if len(found) != 1:
            raise ValueError(f"{row['article']}: {words!r} stands in {len(found)} pieces.")
        return found[0]

    may: set[Piece] = set()
    for words in row.get("may", ()):
        if not words.startswith("## "):
            may.add(named(words))
            continue
        starts = {block.start for block in blocks_of(body) if block.heading.endswith(words[3:])}
        below = {piece for piece in pieces if piece.block in starts}
        if not below:
            raise ValueError(f"{row['article']}: there is no heading {words!r}.")
        may |= below
    wholes = [named(words).block for words in row.get("whole", ())]
    return Question(
        row["q"],
        row["article"],
        frozenset(named(words) for words in row["needs"]),
        tuple(frozenset(piece for piece in pieces if piece.block == block) for block in wholes),
        frozenset(may),
        (date.fromisoformat(row["date"]),) if "date" in row else (),
    )


def outcomes(settings: Settings, encoder: Encoder, half: str) -> Iterator[tuple[Question, Outcome | None]]:
    """Put the questions of one half to the built index, as the last training ranks; None where none was answered."""
    index = KnowledgeIndex.load(settings.index, encoder.fingerprint)
    ranker, threshold = Ranker.load(settings.ranker), Calibration.load(settings.ranker).threshold
    allowed = index.filters.allowed(Filter(_PUBLIC))
    questions = questions_in(half, index.parts.bodies)
    for question, vector in zip(questions, encoder.encode([one.text for one in questions]), strict=True):
        ranked = ranker.rank(index, vector, question.text, allowed)
        found = answer_from(index, ranked, question.asking) if ranked.answerable >= threshold else None
        yield question, _outcome(index, question, found) if isinstance(found, Answer) else None


def _outcome(index: KnowledgeIndex, question: Question, answer: Answer) -> Outcome:
    pieces = [piece for piece in pieces_of(index.parts.bodies[answer.article]) if piece.kind != "head"]
    shown = frozenset(
        piece
        for piece in pieces
        if any(quote.start <= piece.start and piece.end <= quote.end for quote in answer.quotes)
    )
    right = answer.article == question.article
    text = shown_text(index, answer)
    whole = right and any(one <= shown for one in question.lists)
    return Outcome(
        question,
        shown if right else frozenset(),
        len(shown - question.belongs) if right else len(shown),
        right,
        text,
        not whole and len(plain_words(text)) > LONGEST,
    )


def figures(found: Sequence[tuple[Question, Outcome | None]]) -> dict[str, float]:
    """Return the shares of one half."""
    answered = [outcome for _, outcome in found if outcome is not None]
    right = [one for one in answered if one.right]
    belonging = sum(len(one.shown & one.question.belongs) for one in answered)
    beside = sum(one.beside for one in answered)
    beside_of_right = sum(one.beside for one in right)
    lists = [whole <= one.shown for one in answered for whole in one.question.lists]
    return {
        "questions": len(found),
        "answered": len(answered) / len(found),
        "from the right article": float(np.mean([one.right for one in answered])),
        "of what is shown, belongs": belonging / (belonging + beside),
        "of what is needed, shown": sum(one.found for one in answered) / sum(one.wanted for one in answered),
        "of what the right article shows, belongs": belonging / (belonging + beside_of_right),
        "of what is needed of it, shown": sum(one.found for one in right) / sum(one.wanted for one in right),
        "lists shown whole": float(np.mean(lists)),
        "without anything beside the point": float(np.mean([not one.beside for one in answered])),
        "longer than a telephone shows": float(np.mean([one.long for one in answered])),
        "characters": float(np.mean([len(one.text) for one in answered])),
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure both halves, or show what a half's questions get; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, help="this half only")
    parser.add_argument("--show", action="store_true", help="print each answer with what is missing or beside it")
    options = parser.parse_args(arguments)
    settings = load()
    encoder = VectorCache(FOLDER / "cache", OnnxEncoder.load(settings.encoder))
    checks: list[Check] = []
    raw: dict[str, Any] = {}
    for half in [options.half] if options.half else HALVES:
        found = list(outcomes(settings, encoder, half))
        said = figures(found)
        raw[half] = said
        checks += [
            Check(f"{half}: of what is shown, belongs", said["of what is shown, belongs"], BELONGS, "least"),
            Check(f"{half}: of what is needed, shown", said["of what is needed, shown"], COMPLETE, "least"),
            Check(f"{half}: lists shown whole", said["lists shown whole"], WHOLE, "least"),
        ]
        if options.show:
            _show(found)
    console = Console(highlight=False)
    for half, said in raw.items():
        console.print(half, *(f"{name}: {value:.3f}" for name, value in said.items()), sep="\n  ")
    return write("answers", checks, raw)


def _show(found: Sequence[tuple[Question, Outcome | None]]) -> None:
    for question, outcome in found:
        if outcome is None:
            print(f"--- {question.text}\n    (no answer)")
            continue
        if outcome.beside or outcome.found < outcome.wanted:
            missing = outcome.wanted - outcome.found
            where = "" if outcome.right else f", another article than {question.article}"
            print(f"--- {question.text}: {missing} missing, {outcome.beside} beside{where}\n{outcome.text}\n")


if __name__ == "__main__":
    sys.exit(main())
