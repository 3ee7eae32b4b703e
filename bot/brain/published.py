"""A public article as a whole, for the page that the gateway serves of it; any other does not exist here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.brain import artefacts
from bot.knowledge.audiences import may_read
from bot.knowledge.fields import PUBLIC
from bot.knowledge.links import with_open_links
from bot.untrusted.json_reading import NotJsonError, read_json

LARGEST_REQUEST = 1024
ARTICLE = "article-result/1"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BadArticleRequestError(Exception):
    """The request is not an ``article/1``: a bug of the caller."""


@dataclass(frozen=True)
class Wanted:
    """A checked request."""

    article: str


def parse_wanted(body: bytes) -> Wanted:
    """Read ``{"schema": "article/1", "article": ID}``; :class:`BadArticleRequestError` for anything else."""
    try:
        data = read_json(body, largest=LARGEST_REQUEST)
    except NotJsonError as error:
        raise BadArticleRequestError(f"The body cannot be read. {error}") from None
    if not isinstance(data, dict) or data.get("schema") != "article/1":
        raise BadArticleRequestError('"schema" must be "article/1".')
    article = data.get("article")
    if not isinstance(article, str) or not _ID.fullmatch(article):
        raise BadArticleRequestError('"article" must be an id.')
    return Wanted(article)


def published(wanted: Wanted) -> dict[str, Any]:
    """Return ``{"schema", "article": {"title", "language", "markdown"} | null}``; null where it is not public."""
    index = artefacts.index()
    opening = index.opening(wanted.article)
    if opening is None or not may_read(opening.audience, (PUBLIC,)):
        return {"schema": ARTICLE, "article": None}
    body = index.parts.bodies[wanted.article]
    text = with_open_links(index, wanted.article, body, (PUBLIC,))
    return {
        "schema": ARTICLE,
        "article": {"title": opening.title, "language": opening.language, "markdown": text},
    }
