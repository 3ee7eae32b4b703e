"""Searching the knowledge for a human agent: internal articles too, each marked; nothing is decided or kept."""

from __future__ import annotations

from typing import Any

from bot.brain import artefacts
from bot.contract.reading import MalformedMessageError, as_json, read
from bot.contract.result import MARKDOWN
from bot.contract.search import LARGEST_SEARCH, Found, Search, SearchResult
from bot.knowledge.answering.answers import best_in
from bot.knowledge.index.by_name import found_by_people
from bot.knowledge.sources.links import with_open_links
from bot.nlu.reading.cap import read_of

LONGEST_QUERY = 1000
"""Characters of a query that are read: the encoder reads some 250 words of it anyway."""
PUBLIC = "public"


class BadSearchError(Exception):
    """The request is not a ``search/1``: a bug of the caller. Its text names the field, and never repeats a value."""


def parse_search(body: bytes) -> Search:
    """Read a ``search/1``; :class:`BadSearchError` for anything else."""
    try:
        return read(body, Search, largest=LARGEST_SEARCH)
    except MalformedMessageError as error:
        raise BadSearchError(str(error)) from None


async def search(wanted: Search) -> dict[str, Any]:
    """Find the passages that fit best, each once, best first; ``public`` says whether a customer may read it."""
    # Not read here where it is newer: that would be cut off with the search, each time anew.
    index = artefacts.living_index().current()
    query = read_of(wanted.query[:LONGEST_QUERY])
    (vector,) = artefacts.encoder().encode([query])
    everybody = frozenset().union(*(passage.audience for passage in index.passages))
    results = []
    for hit in found_by_people(index, vector, query, everybody, wanted.limit):
        passage = hit.passage
        # An agent may insert it: a link to what customers may not read is nobody's but the agent's own.
        readers = (PUBLIC,) if PUBLIC in passage.audience else everybody
        results.append(
            Found(
                article=passage.article,
                title=passage.title,
                heading=passage.heading,
                url=passage.url,
                public=PUBLIC in passage.audience,
                score=round(float(hit.score), 4),
                text=with_open_links(index, passage.article, best_in(index, vector, passage), readers),
                format=MARKDOWN,
            )
        )
    return as_json(SearchResult(results))
