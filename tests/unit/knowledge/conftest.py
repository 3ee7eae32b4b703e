"""A small shelf of articles, written to a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.knowledge.sources.articles import Article, load_articles

HEAD = {
    "id": "store-hours",
    "title": "When are the stores open?",
    "audience": "[public]",
    "language": "en",
    "updated": "2026-10-05",
    "review_by": "2027-04-05",
    "url": "https://help.example/store-hours",
    "products": "[]",
}

HOURS = """All stores open at 9am and close at 7pm. On Sunday the stores open at 11am.

## Bank holidays

Stores are closed on Christmas Day.
"""
DRAIN = """A dishwasher that does not drain usually has a blocked filter.

## Clean the filter

Do it in this order:

1. Switch off the dishwasher and wait.
2. Take out the lower basket.

3. Turn the filter to the left, and lift it out.
   Mind the seal.

The filter should be cleaned once a month.
"""
LIMITS = "Refunds over £200 need the approval of a team leader."

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write an article: front matter fields by name (None leaves one out) and a body."""

    def written(name: str = "article.md", body: str = HOURS, **fields: str | None) -> Path:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        head = "".join(f"{key}: {value}\n" for key, value in {**HEAD, **fields}.items() if value is not None)
        (folder / name).write_text(f"---\n{head}---\n{body}", encoding="utf-8")
        return folder / name

    return written


@pytest.fixture
def shelf(write: Write) -> tuple[Article, ...]:
    """Two public articles and an internal one."""
    write("a.md")
    write("b.md", DRAIN, id="not-draining", title="My dishwasher does not drain", products="[dishwasher]")
    return load_articles(
        write("c.md", LIMITS, id="refund-limits", title="Limits of refunds", audience="[internal]").parent
    )
