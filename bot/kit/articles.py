"""The articles that customers may see, by id and place; the audience is checked here once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.contract import schemas
from bot.kit.company import content
from bot.knowledge.answering.answers import opening_of, verified
from bot.knowledge.answering.asking import Asking
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.passages import Passage
from bot.knowledge.sources.audiences import may_read, readers_of
from bot.knowledge.sources.links import with_open_links

# An opening is read on a telephone: two or three sentences.
LONGEST_OPENING = 320


@dataclass(frozen=True)
class Quote:
    """Words exactly as an article has them, in Markdown whose links can be opened, and where they stand."""

    text: str
    passage: Passage

    @property
    def citation(self) -> dict[str, Any]:
        """As ``citation/1`` (docs/reference/turn.md)."""
        return {
            "schema": schemas.CITATION,
            "article": self.passage.article,
            "title": self.passage.title,
            "heading": self.passage.heading,
            "url": self.passage.url,
        }


class PublicArticles:
    """Looks into the knowledge index; what is neither for the public nor for this customer does not exist here."""

    def __init__(self, index: KnowledgeIndex, readers: frozenset[str]) -> None:
        self._index = index
        self._readers = readers
        self._passages = {passage.id: passage for passage in index.passages if may_read(passage.audience, readers)}

    @classmethod
    def open_for(cls, customer: Mapping[str, Any]) -> PublicArticles:
        """Over the company's index; the customer is the turn's, whose segments count."""
        return cls(content().knowledge(), readers_of(customer))

    def title(self, article: str) -> str | None:
        """An article's title, ``None`` when there is no such article for customers."""
        return next((passage.title for passage in self._passages.values() if passage.article == article), None)

    def quote(self, answer: Mapping[str, Any]) -> Quote | None:
        """The answer whose places the brain has left on the message, if the article still says that there."""
        if self.title(str(answer.get("article"))) is None:
            return None
        found = verified(self._index, answer)
        if found is None or not may_read(found[1].audience, self._readers):
            return None
        return self._quote(*found)

    def opening(self, article: str, asked: str = "") -> Quote | None:
        """What an article says to who chose it: its short answer, and its steps where it tells what to do.

        ``asked`` is the question that the choice answers, where it is known; else it is the article's title.
        """
        own = [passage for passage in self._passages.values() if passage.article == article]
        first = min(own, key=lambda passage: passage.start, default=None)
        text = opening_of(self._index, article, Asking(asked or first.title), LONGEST_OPENING) if first else None
        return self._quote(text, first) if first and text else None

    def _quote(self, text: str, passage: Passage) -> Quote:
        return Quote(with_open_links(self._index, passage.article, text, self._readers), passage)
