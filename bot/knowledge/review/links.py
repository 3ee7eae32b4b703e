"""Links from one article to another that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bot.knowledge.review.checks import Finding
from bot.knowledge.sources.articles import Article
from bot.knowledge.sources.audiences import may_read
from bot.knowledge.sources.fields import INTERNAL, PUBLIC
from bot.untrusted.addresses import may_be_shown

_WRITTEN_OUT = re.compile(r"https?://[^\s<>()\"'“”]+")
# Links by which people are reached (RFC 6068, RFC 3966).
_PEOPLE = ("mailto", "tel")
_ENDS = ".,;:!?"
_HEADING = re.compile(r"^#{1,6} +(.+?)[ #]*$", re.MULTILINE)
_NO_WORD = re.compile(r"[^\w\- ]")


def check_links(articles: Sequence[Article], folder: Path) -> Iterator[Finding]:
    """Yield links, and addresses written out, that mean another article and meet none.

    Internal is a relative link, and an address on a host that articles have. It meets an article by its address or by
    its file below ``folder``; a mark (``#costs``) must be a heading of it. Nothing is asked of the network.
    """
    by_url = {_plain_url(article.url): article for article in articles}
    by_file = {article.path.resolve(): article for article in articles}
    hosts = {urlsplit(article.url).netloc for article in articles}
    for article in articles:
        written = [found.group().rstrip(_ENDS) for found in _WRITTEN_OUT.finditer(article.body)]
        for link in dict.fromkeys((*article.links, *written)):
            if not _may_be_written(link):
                what = f"the link {link!r} may not be shown: write a whole address (https://…) or a path."
                yield Finding("link", (article.id,), _place(article, link), what)
                continue
            parts = urlsplit(link)
            if parts.scheme not in ("", "http", "https") or (parts.netloc and parts.netloc not in hosts):
                continue
            target = _target(article, link, by_url, by_file, folder)
            if target is None:
                what = f"the link {link} meets no article and no file of the folder."
                yield Finding("link", (article.id,), _place(article, link), what)
            elif isinstance(target, Article) and not _may_follow(article, target):
                what = f"the link {link}: not everybody who reads this may read {target.id}; they see its words only."
                yield Finding("link", (article.id, target.id), _place(article, link), what)
            elif parts.fragment and isinstance(target, Article) and not _has_heading(target, parts.fragment):
                what = f"the link {link}: {target.id} has no such heading."
                yield Finding("link", (article.id,), _place(article, link), what)


def _may_follow(article: Article, target: Article) -> bool:
    """Whether each audience of an article may read another one; a segment's customers read what is public, too."""
    if INTERNAL in article.audience:
        return True
    return all(may_read(target.audience, (PUBLIC, audience)) for audience in article.audience)


def _may_be_written(link: str) -> bool:
    """Whether a link may stand in an article: one that runs (``javascript:``) or hides another site may not."""
    if may_be_shown(link):
        return True
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    if parts.scheme:
        return parts.scheme in _PEOPLE
    return not (link.startswith("/") or parts.netloc or "\\" in link)


def _target(
    article: Article, link: str, by_url: dict[str, Article], by_file: dict[Path, Article], folder: Path
) -> Article | Path | None:
    parts = urlsplit(link)
    if not (parts.scheme or parts.netloc or parts.path):
        return article  # a mark in the article itself
    met = by_url.get(_plain_url(urljoin(article.url, link)))
    if met is not None or parts.netloc or parts.path.startswith("/"):
        return met
    file = (article.path.parent / unquote(parts.path)).resolve()
    if not file.is_relative_to(folder.resolve()):
        return None
    return by_file.get(file) or (file if file.is_file() else None)


def _plain_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}"


def _has_heading(article: Article, mark: str) -> bool:
    return unquote(mark).lower() in {
        _NO_WORD.sub("", heading.lower()).strip().replace(" ", "-") for heading in _HEADING.findall(article.body)
    }


def _place(article: Article, link: str) -> str:
    return article.place(max(0, article.body.find(link)))
