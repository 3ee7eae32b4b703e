"""Searching as people do who know the articles: by what one says, and by what it is called (title, id, file)."""

from __future__ import annotations

import numpy as np

from bot.knowledge.index.index import Hit, KnowledgeIndex
from bot.knowledge.index.passages import Passage
from bot.nlu.encoder.protocol import Vectors

# A search of which an article's names hold at least so much means it by name: two of three words that tell as much.
_NAMED = 0.6


def found_by_people(
    index: KnowledgeIndex, vector: Vectors, query: str, audiences: frozenset[str], k: int
) -> tuple[Hit, ...]:
    """Return the ``k`` passages that fit best; those of articles that the search names come before all others.

    A score is how well a passage fits by what it says, named or not. A whole question seldom names an article, and
    then finds what it found without names.
    """
    hits = index.search(vector, query, audiences, k)
    fits = {article: fit for article, fit in index.names.fit(query).items() if fit >= _NAMED}
    if not fits:
        return hits
    of_article: dict[str, Hit] = {}
    for hit in hits:
        of_article.setdefault(hit.passage.article, hit)
    row = np.asarray(vector, dtype=np.float32).reshape(-1)
    met = {article: of_article.get(article) or _nearest(index, row, article, audiences) for article in fits}
    named = [hit for hit in met.values() if hit is not None]
    named.sort(key=lambda hit: (-fits[hit.passage.article], -hit.score))
    shown = {hit.passage.id for hit in named}
    return (*named, *(hit for hit in hits if hit.passage.id not in shown))[:k]


def _nearest(index: KnowledgeIndex, row: Vectors, article: str, audiences: frozenset[str]) -> Hit | None:
    own = [one for one in index.passages if one.article == article and not audiences.isdisjoint(one.audience)]
    if not own:
        return None
    near = index.parts.wholes.rows[[one.id for one in own]] @ row
    best: Passage = own[int(np.argmax(near))]
    return Hit(best, float(near.max()))
