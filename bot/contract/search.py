"""``search/1`` and ``article/1``: what the gateway asks of the knowledge, and the answers."""

from __future__ import annotations

from typing import Annotated

import msgspec

from bot.contract import schemas
from bot.contract.reading import Word

LARGEST_SEARCH = 16 * 1024
"""Bytes of a request: a message of 4,000 characters fits."""
MOST_RESULTS = 20
USUAL_RESULTS = 8
LARGEST_ARTICLE_REQUEST = 1024


class Search(msgspec.Struct, frozen=True, tag_field="schema", tag=schemas.SEARCH):
    """Asks for the passages of all audiences that fit best."""

    query: Word
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_RESULTS)] = USUAL_RESULTS


class Found(msgspec.Struct, frozen=True):
    """A passage; ``public`` says whether a customer may read it, ``score`` is a probability."""

    article: str
    title: str
    heading: str
    url: str
    public: bool
    score: float
    text: str
    format: str | None = None


class SearchResult(msgspec.Struct, frozen=True, tag_field="schema", tag=schemas.SEARCH_RESULT):
    """Passages, best first."""

    results: list[Found]


class ArticleRequest(msgspec.Struct, frozen=True, tag_field="schema", tag=schemas.ARTICLE):
    """Asks for a whole article by its id."""

    article: Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z")]


class Article(msgspec.Struct, frozen=True):
    """A public article: Markdown, whose links may be paths of our own site."""

    title: str
    language: str
    markdown: str


class ArticleResult(msgspec.Struct, frozen=True, tag_field="schema", tag=schemas.ARTICLE_RESULT):
    """The article; None for one that not everybody may read, and for one that is not there."""

    article: Article | None
