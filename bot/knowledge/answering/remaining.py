"""Remaining: what an article still has for a customer who has tried some of it, or tells what is not so.

First the steps and checks of a list that was shown, without those that were told as done; then what of the article
was not said yet and fits the question with what is told now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.knowledge.answering.advised import Advised, Place
from bot.knowledge.answering.answers import OF_NEW, Answer, quotes_of
from bot.knowledge.answering.asking import Asking
from bot.knowledge.answering.choosing import Shown
from bot.knowledge.answering.follow_up import LastQuestion
from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.passages import blocks_of, plain
from bot.nlu.reading.done_already import DoneAlready

LEAST_SHARE = 0.1
"""How probable it must be, beside all that was said and all other articles, that what is left of this one answers,
where it stands under another heading than what was shown. Of the reference assistant's articles, "nothing in my inbox"
and "not in junk either" leave .34 and .19 behind the steps that reset a password; what is left for an oven that stays
cold after all its checks has .01."""

LEAST_OF_ALL = 0.5
"""The same for who has tried everything: one more thing is worth it where it is likelier than all else together."""


@dataclass(frozen=True)
class Remaining:
    """What is left of the article that answered last."""

    article: str
    version: str
    answer: Answer | None
    """None where nothing is left."""
    ruled_out: tuple[Place, ...]
    """What was told as done or as not so, now and before."""
    matched: bool
    """Whether the message itself names something that was shown, or that the article says and is not so."""
    steps: bool
    """Whether it is the rest of steps or checks that were shown."""
    told: bool = True
    """Whether anything is told as done or as not so, and not only that it did not help."""
    points_at: str = ""
    """The one step at which the message points, in the article's words."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values, as they travel on the message (docs/reference/turn.md)."""
        return {
            "article": self.article,
            "version": self.version,
            "answer": self.answer.to_json() if self.answer is not None else None,
            "done": [list(place) for place in self.ruled_out],
            "steps": self.steps,
            "told": self.told,
            "points_at": self.points_at,
        }


def remaining(
    index: KnowledgeIndex,
    ranked: Ranked,
    new: Ranked,
    asking: Asking,
    last: LastQuestion,
    told: DoneAlready,
    no_help: bool = False,
) -> Remaining | None:
    """Return what is left of the article of ``last``; None where it was not shown, or nothing speaks for going on.

    ``ranked`` is how all stretches fit the question with what is told, ``new`` how they fit the message alone;
    ``no_help`` says that what was shown is of no use: all of it, where nothing is told as done.
    """
    if not last.shown or index.version(last.article) != last.version:
        return None
    body = index.parts.bodies[last.article]
    opening = index.opening(last.article)
    advised = Advised(body, " ".join((opening.title if opening is not None else "", last.text)))
    if not advised.has_steps:
        return None
    shown = advised.within(last.shown)
    now = advised.told(told.told)
    everything = told.everything or (no_help and not told.told)
    out = tuple(sorted({*last.done, *now, *(shown if everything else ())}))
    absent = advised.told([one for one in told.told if one.kind == "absent"])
    matched = everything or bool(absent) or bool(set(now) & set(shown))
    made = Remaining(last.article, last.version, None, out, matched, steps=False, told=bool(told.told))
    steps = advised.steps_left(shown, out)
    if steps and made.matched:
        answer = _answer(index, ranked, last, steps)
        return replace(made, answer=answer, steps=True, points_at=advised.pointed_at(told.rest, steps))
    did = everything or bool(set(now) & set(shown)) or any(one.kind != "absent" for one in told.told)
    # Who only says what is not so, and nothing of what was advised, is told the next thing that it may be.
    near = () if told.everything else shown if did or not now else advised.within([(0, len(body))])
    least = LEAST_OF_ALL if told.everything else LEAST_SHARE
    places = _unsaid(index, ranked, new, replace(asking, seen=last.shown), last.article, near, out, least)
    if places:
        return replace(made, answer=_answer(index, ranked, last, places))
    return made if did and made.matched else None


def texts_of(index: KnowledgeIndex, found: Remaining) -> tuple[str, ...]:
    """What was ruled out, in the article's words."""
    return tuple(plain(index.text(found.article, *place)) for place in found.ruled_out)


def _unsaid(
    index: KnowledgeIndex,
    ranked: Ranked,
    new: Ranked,
    asking: Asking,
    article: str,
    shown: Sequence[Place],
    out: Sequence[Place],
    least: float,
) -> tuple[Place, ...]:
    """The places of the article that were not said yet and fit best; none where what is left is about something else.

    Under the headings of what was ``shown`` anything may be the next thing; elsewhere it must be proven.
    """
    stretches, owner = index.stretches, index.searching.owner

    def is_left(number: int) -> bool:
        place = stretches[number].start, stretches[number].end
        return index.passages[int(owner[number])].article == article and not _touches(place, (*out, *asking.seen))

    kept = np.asarray([is_left(int(number)) for number in ranked.stretches], dtype=bool)
    if not kept.any():
        return ()
    left = ranked.among(kept)
    if float(ranked.shares[kept].sum()) < least:
        near = _sections(index, article, shown)
        starts = [stretches[int(number)].start for number in left.stretches]
        left = left.among(np.asarray([_section(index, article, start) in near for start in starts], dtype=bool))
        if not len(left.stretches):
            return ()
    told = left.beside(new, OF_NEW)
    chosen = Shown(index, told, asking).places()
    places = {
        place: _section(index, article, place[0]) for place in chosen if not _touches(place, (*out, *asking.seen))
    }
    # One thing at a time: what stands under another heading is another thing to try.
    best = _section(index, article, stretches[int(told.stretches[int(np.argmax(told.scores))])].start)
    count = Counter(places.values())
    most = max(count, key=lambda section: (count[section], section == best), default=best)
    return tuple(place for place, section in places.items() if section == most)


def _touches(place: Place, others: Sequence[Place]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in others)


def _sections(index: KnowledgeIndex, article: str, shown: Sequence[Place]) -> frozenset[int]:
    """The headings under which something was shown, but for the short answer above all of them."""
    found = {_section(index, article, start) for start, _ in shown}
    return frozenset(found - {_section(index, article, 0)})


def _section(index: KnowledgeIndex, article: str, start: int) -> int:
    blocks = list(blocks_of(index.parts.bodies[article]))
    return next((block.section for block in blocks if start < block.end), -1)


def _answer(index: KnowledgeIndex, ranked: Ranked, last: LastQuestion, places: Sequence[Place]) -> Answer:
    passage = next(one for one in index.passages if one.article == last.article and one.start <= places[0][0] < one.end)
    owners = index.searching.owner[ranked.stretches]
    own = np.asarray([index.passages[int(number)].article == last.article for number in owners], dtype=bool)
    return Answer(
        last.article,
        last.version,
        passage.id,
        float(ranked.shares[own].sum()),
        quotes_of(index, last.article, places),
    )
