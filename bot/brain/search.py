"""Searching the knowledge for a human agent: internal articles too, each marked; nothing is decided or kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.brain import artefacts
from bot.dialogue.said import MARKDOWN
from bot.knowledge.answers import best_in
from bot.knowledge.by_name import found_by_people
from bot.knowledge.links import with_open_links
from bot.nlu.reading.cap import read_of
from bot.untrusted.json_reading import NotJsonError, read_json

LARGEST_SEARCH = 16 * 1024
"""Bytes of a request: a message of 4,000 characters fits."""
LONGEST_QUERY = 1000
"""Characters of a query that are read: the encoder reads some 250 words of it anyway."""
MOST_RESULTS = 20
PUBLIC = "public"

RESULT = "search-result/1"


class BadSearchError(Exception):
    """The request is not a ``search/1``: a bug of the caller. Its text names the field, and never repeats a value."""


@dataclass(frozen=True)
class Search:
    """A checked request."""

    query: str
    limit: int


def parse_search(body: bytes) -> Search:
    """Read ``{"schema": "search/1", "query", "limit"}``; :class:`BadSearchError` for anything else."""
    try:
        data = read_json(body, largest=LARGEST_SEARCH)
    except NotJsonError as error:
        raise BadSearchError(f"The body cannot be read. {error}") from None
    if not isinstance(data, dict) or data.get("schema") != "search/1":
        raise BadSearchError('"schema" must be "search/1".')
    query, limit = data.get("query"), data.get("limit", 8)
    if not isinstance(query, str) or not query.strip() or any("\ud800" <= one <= "\udfff" for one in query):
        raise BadSearchError('"query" must be a text.')
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_RESULTS:
        raise BadSearchError(f'"limit" must be a number from 1 to {MOST_RESULTS}.')
    return Search(query[:LONGEST_QUERY], limit)


async def search(wanted: Search) -> dict[str, Any]:
    """Find the passages that fit best, each once, best first; ``public`` says whether a customer may read it."""
    # Not read here where it is newer: that would be cut off with the search, each time anew.
    index = artefacts.living_index().current()
    query = read_of(wanted.query)
    (vector,) = artefacts.encoder().encode([query])
    everybody = frozenset().union(*(passage.audience for passage in index.passages))
    results = []
    for hit in found_by_people(index, vector, query, everybody, wanted.limit):
        passage = hit.passage
        # An agent may insert it: a link to what customers may not read is nobody's but the agent's own.
        readers = (PUBLIC,) if PUBLIC in passage.audience else everybody
        results.append(
            {
                "article": passage.article,
                "title": passage.title,
                "heading": passage.heading,
                "url": passage.url,
                "public": PUBLIC in passage.audience,
                "score": round(float(hit.score), 4),
                "text": with_open_links(index, passage.article, best_in(index, vector, passage), readers),
                "format": MARKDOWN,
            }
        )
    return {"schema": RESULT, "results": results}
