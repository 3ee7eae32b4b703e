"""What an editor should look at before articles are published, found by several checks, each in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from bot.errors import ContentError, Place
from bot.knowledge.sources.articles import Article, Reading
from bot.knowledge.sources.readers.files import text_of

Kind = Literal["rejected", "ignored", "review", "duplicate", "contradiction", "link", "unreached"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Finding:
    """Something to look at: which articles it is about, where it stands, and what is wrong, in a sentence."""

    kind: Kind
    articles: tuple[str, ...]
    place: str
    what: str


def check_files(reading: Reading) -> Iterator[Finding]:
    """Yield what could not be read (fields that are missing or wrong among it), and what nobody reads."""
    for error in reading.rejected:
        yield Finding("rejected", (), str(error.place), f"{error.what} {error.remedy}")
    for path in reading.ignored:
        yield Finding("ignored", (), str(path), f"no reader takes files like {path.suffix or path.name}.")


def check_reviews(articles: Sequence[Article], today: date) -> Iterator[Finding]:
    """Yield the articles that somebody should have read again before today, the oldest first."""
    for article in sorted(articles, key=lambda article: (article.review_by, article.id)):
        if article.review_by < today:
            days = (today - article.review_by).days
            what = f"its review was due on {article.review_by}, {days} day{'s' if days != 1 else ''} ago."
            yield Finding("review", (article.id,), article.place(0), what)


@dataclass(frozen=True)
class Accepted:
    """A finding that an editor has looked at and lets stand, with the reason."""

    kind: Kind
    articles: frozenset[str]
    reason: str


def read_accepted(path: Path) -> tuple[Accepted, ...]:
    """Read ``accepted.yml``: a list of ``{kind, articles, reason}``; none where the file does not exist."""
    if not path.exists():
        return ()
    try:
        items = yaml.safe_load(text_of(path, _MOST_BYTES)) or []
    except yaml.YAMLError as error:
        raise ContentError(Place(path), "it is not YAML.", "Check colons, quotes and indents.") from error
    if not isinstance(items, list):
        raise ContentError(Place(path), "it is not a list.", "Write entries that start with `- kind:`.")
    return tuple(_accepted(path, number, item) for number, item in enumerate(items, start=1))


def _accepted(path: Path, number: int, item: Any) -> Accepted:
    if (
        not isinstance(item, dict)
        or set(item) != {"kind", "articles", "reason"}
        or item["kind"] not in KINDS
        or not isinstance(item["articles"], list)
        or not str(item["reason"] or "").strip()
    ):
        raise ContentError(
            Place(path), f"entry {number} is wrong.", f"Write kind ({', '.join(KINDS)}), articles: [ids] and a reason."
        )
    return Accepted(item["kind"], frozenset(map(str, item["articles"])), str(item["reason"]))


def without_accepted(findings: Iterable[Finding], accepted: Sequence[Accepted]) -> Iterator[Finding]:
    """Leave out what was let stand: the same kind about the same articles."""
    known = {(entry.kind, entry.articles) for entry in accepted}
    for finding in findings:
        if (finding.kind, frozenset(finding.articles)) not in known or not finding.articles:
            yield finding
