"""Articles that no question reaches: nobody asks for them, or they are not found where somebody does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.knowledge.review.checks import Finding
from bot.knowledge.sources.articles import Article

NEAR_THE_TOP = 3
"""An article is reached when it is among this many, which is what a customer is offered."""


def check_reach(
    articles: Sequence[Article],
    questions: Iterable[str],
    found: Callable[[str], Iterable[str]],
) -> Iterator[Finding]:
    """Yield the articles that come up for none of the questions; ``found`` names the best articles for one."""
    reached: set[str] = set()
    asked = 0
    for question in questions:
        asked += 1
        reached.update(found(question))
    for article in articles:
        if article.id not in reached:
            what = f"none of {asked:,} questions brings it among the first {NEAR_THE_TOP}: “{article.title}”"
            yield Finding("unreached", (article.id,), article.place(0), what)
