"""Choosing: which stretches of an article are shown to a question, and which rows and items of them.

The best stretch always; a second one where it fits nearly as well; the article's opening, which is its short answer,
where it answers what was asked; and the steps that somebody needs who has a fault or asks how to do something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.knowledge.answering.asking import Asking, kind_of
from bot.knowledge.answering.narrowing import asked_about, is_steps, on_day
from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.index.duplicates import repeats
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.passages import Block, blocks_of, plain
from bot.knowledge.index.pieces import Piece, pieces_of

SECOND = 0.1
"""How much of the best stretch's probability a second one must have."""
SECOND_OF_SEVERAL = 0.01
"""The same where the message asks or tells more than one thing."""
OPENING = 0.1
"""The same for the opening, to a question of fact."""
OPENING_OF_DOING = 0.003
"""The same where somebody asks what to do, or tells what is wrong: the opening says what that is."""
_MOST, _MOST_OF_SEVERAL = 2, 3
_YES_OR_NO = re.compile(r"\W*(?:yes|no|you (?:can|cannot|may|must))\b", re.IGNORECASE)

LONGEST = 600
"""Characters: what a telephone shows. Beside the best stretch and steps nothing is added that goes beyond."""
# Of what fits worse than anything: the article's other stretches, where only its opening is known to be wanted.
_FAR = -50.0

Place = tuple[int, int]


@dataclass(frozen=True)
class _Part:
    """A stretch of the article in pieces: what leads to a list or table, its head, its rows or items."""

    number: int
    lead: tuple[Piece, ...]
    head: Piece | None
    pieces: tuple[Piece, ...]
    heading: str

    @property
    def whole(self) -> bool:
        return bool(self.pieces) and self.pieces[0].kind in ("item", "row")


class Shown:
    """What one article shows to one question."""

    def __init__(self, index: KnowledgeIndex, own: Ranked, asking: Asking) -> None:
        """``own`` are the stretches of the one article."""
        about = (*asking.about, *sorted(index.families.named_in(asking.text)))
        self._index, self._asking, self._kind = index, replace(asking, about=about), asking.kind
        self.article = index.passages[index.searching.owner[own.stretches[0]]].article
        self._body = index.parts.bodies[self.article]
        order = np.argsort(-own.scores, kind="stable")
        self._numbers = [int(own.stretches[at]) for at in order]
        self._shares = {int(own.stretches[at]): float(np.exp(own.scores[at] - own.scores[order[0]])) for at in order}
        self._blocks = tuple(blocks_of(self._body))

    def places(self) -> list[Place]:
        """Return places in the body, in order; none says again what one that fits better says already."""
        rows = self._of_days()
        if rows is not None:
            return rows
        kept: dict[int, list[Place]] = {}
        said: list[str] = []
        for number in self._chosen():
            places = self._narrowed(number)
            text = plain(" ".join(self._body[start:end] for start, end in places))
            fits = not said or self._is_steps(number) or sum(map(len, [*said, text])) <= LONGEST
            if fits and not any(repeats(text, other) for other in said):
                kept[number] = places
                said.append(text)
        return self._not_done(
            sorted(place for number, places in kept.items() if self._is_new(number, places) for place in places)
        )

    def _not_done(self, places: list[Place]) -> list[Place]:
        """The places without what was told as done; all of them for a question, or where nothing else is left."""
        done = self._asking.done
        if not done or kind_of(self._asking.new or self._asking.text) != "told":
            return places
        left = [
            (piece.start, piece.end)
            for start, end in places
            for piece in pieces_of(self._body, self._blocks)
            if start <= piece.start and piece.end <= end and (piece.start, piece.end) not in done
        ]
        touched = any(start <= first and last <= end for start, end in places for first, last in done)
        return left if touched and left else places

    def _is_new(self, number: int, places: Sequence[Place]) -> bool:
        """Whether it fits best, is a row or an item that was picked out, or was not seen just before."""
        picked = number == self._numbers[0] or places != [self._place(number)]
        return picked or not all(self._asking.has_seen(*place) for place in places)

    @classmethod
    def of_article(cls, index: KnowledgeIndex, article: str, asking: Asking) -> Shown | None:
        """Return what an article shows to whoever has chosen it: its opening fits best, and the rest follows."""
        passages = [passage.id for passage in index.passages if passage.article == article]
        stretches = index.searching.stretches_of(np.asarray(passages, dtype=np.int64))
        if not len(stretches):
            return None
        scores = np.full(len(stretches), _FAR)
        scores[0] = 0.0
        return cls(index, Ranked(stretches, scores, _FAR), asking)

    def _chosen(self) -> list[int]:
        best = self._numbers[0]
        chosen = [best]
        several = self._asking.several
        # A row or a case that was picked out answers by itself.
        exact = not several and self._narrowed(best) != [self._place(best)]
        least, most = (SECOND_OF_SEVERAL, _MOST_OF_SEVERAL) if several else (SECOND, _MOST)
        for number in self._numbers[1:most]:
            second_list = self._is_block(number) and any(self._is_block(other) for other in chosen)
            if self._shares[number] >= least and not second_list:
                chosen.append(number)
        opening = self._opening()
        if opening is not None and opening not in chosen and not exact and self._opens(opening, best):
            chosen.append(opening)
        steps = self._steps_for(chosen, opening)
        if steps is not None:
            chosen.append(steps)
        return chosen

    def _opens(self, opening: int, best: int) -> bool:
        share = self._shares.get(opening, 0.0)
        if self._kind in ("do", "told"):
            return share >= OPENING_OF_DOING
        if self._kind == "yes_or_no" and _YES_OR_NO.match(self._said(opening)):
            return share >= OPENING_OF_DOING
        return share >= OPENING

    def _steps_for(self, chosen: Sequence[int], opening: int | None) -> int | None:
        """Return the steps or checks that belong to what was chosen, where somebody wants to do something."""
        if self._kind not in ("do", "told") or any(self._is_block(number) for number in chosen):
            return None
        stretches = self._article_s_stretches()
        steps = [number for number in stretches if self._is_steps(number)]
        near = [number for number in steps if self._section(number) == self._section(chosen[0])]
        if not near and opening in chosen:
            near = steps if kind_of(self._title()) in ("do", "told") else []
        return max(near, key=lambda number: (self._shares.get(number, 0.0), -number), default=None)

    def _of_days(self) -> list[Place] | None:
        """Return the rows of the days that are asked about, where the best stretch speaks of what the table has."""
        days = self._asking.days
        if not days:
            return None
        best = self._numbers[0]
        for number in self._article_s_stretches():
            part = self._part(number)
            if part.head is None or not (
                number == best or best == self._opening() or self._section(number) == self._section(best)
            ):
                continue
            rows = [
                piece for piece in part.pieces if any(on_day(self._body[piece.start : piece.end], day) for day in days)
            ]
            if rows:
                return self._narrowed(number)
        return None

    def _narrowed(self, number: int) -> list[Place]:
        """Return a stretch's place, or those of the rows or items in it that are asked about, with what leads there."""
        part = self._part(number)
        steps = part.head is None and is_steps([self._body[piece.start : piece.end] for piece in part.pieces])
        if not part.whole or steps or not self._asking.text:
            return [self._place(number)]
        # "And sundays?" asks for one row, though the question before it named another.
        new = replace(self._asking, text=self._asking.new)
        wanted = asked_about(self._body, part.pieces, part.head, new) if new.text else part.pieces
        if len(wanted) == len(part.pieces):
            wanted = asked_about(self._body, part.pieces, part.head, self._asking)
        if len(wanted) == len(part.pieces):
            return [self._place(number)]
        kept = [*part.lead, *([part.head] if part.head is not None else []), *wanted]
        return [(piece.start, piece.end) for piece in kept]

    def _place(self, number: int) -> Place:
        stretch = self._index.stretches[number]
        return stretch.start, stretch.end

    def _part(self, number: int) -> _Part:
        stretch = self._index.stretches[number]
        within: list[Block] = [one for one in self._blocks if one.start < stretch.end and stretch.start < one.end]
        pieces = [
            piece
            for piece in pieces_of(self._body, within)
            if stretch.start <= piece.start and piece.end <= stretch.end
        ]
        head = next((piece for piece in pieces if piece.kind == "head"), None)
        listed = tuple(piece for piece in pieces if piece.kind in ("item", "row"))
        lead = tuple(piece for piece in pieces if piece.kind == "sentence") if listed else ()
        return _Part(number, lead, head, listed, within[0].heading if within else "")

    def _is_block(self, number: int) -> bool:
        return self._index.stretches[number].whole

    def _is_steps(self, number: int) -> bool:
        part = self._part(number)
        return part.head is None and is_steps([self._body[piece.start : piece.end] for piece in part.pieces])

    def _section(self, number: int) -> int:
        start = self._index.stretches[number].start
        return next((block.section for block in self._blocks if block.start <= start < block.end), -1)

    def _article_s_stretches(self) -> list[int]:
        first = self._opening()
        stretches, passages = self._index.stretches, self._index.passages
        found: list[int] = []
        # An article's stretches stand together.
        for number in range(first if first is not None else len(stretches), len(stretches)):
            if passages[stretches[number].passage].article != self.article:
                break
            found.append(number)
        return found

    def _opening(self) -> int | None:
        opening = self._index.opening(self.article)
        return None if opening is None else int(self._index.searching.first[opening.id])

    def _title(self) -> str:
        opening = self._index.opening(self.article)
        return opening.title if opening is not None else ""

    def _said(self, number: int) -> str:
        stretch = self._index.stretches[number]
        return self._body[stretch.start : stretch.end]
