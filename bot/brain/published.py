"""A public article as a whole, for the page that the gateway serves of it; any other does not exist here."""

from __future__ import annotations

from typing import Any

from bot.brain import artefacts
from bot.contract.reading import MalformedMessageError, as_json, read
from bot.contract.search import LARGEST_ARTICLE_REQUEST, Article, ArticleRequest, ArticleResult
from bot.knowledge.sources.audiences import may_read
from bot.knowledge.sources.fields import PUBLIC
from bot.knowledge.sources.links import with_open_links


class BadArticleRequestError(Exception):
    """The request is not an ``article/1``: a bug of the caller."""


def parse_wanted(body: bytes) -> ArticleRequest:
    """Read an ``article/1``; :class:`BadArticleRequestError` for anything else."""
    try:
        return read(body, ArticleRequest, largest=LARGEST_ARTICLE_REQUEST)
    except MalformedMessageError as error:
        raise BadArticleRequestError(str(error)) from None


def published(wanted: ArticleRequest) -> dict[str, Any]:
    """Return an ``article-result/1``; its article is null where it is not public."""
    index = artefacts.index()
    opening = index.opening(wanted.article)
    if opening is None or not may_read(opening.audience, (PUBLIC,)):
        return as_json(ArticleResult(None))
    body = index.parts.bodies[wanted.article]
    text = with_open_links(index, wanted.article, body, (PUBLIC,))
    return as_json(ArticleResult(Article(opening.title, opening.language, text)))
