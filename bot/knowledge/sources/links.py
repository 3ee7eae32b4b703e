"""Links from one article to another, made into addresses that a reader can open; others become their words."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from bot.knowledge.sources.audiences import may_read
from bot.markdown.subset import in_subset
from bot.untrusted.addresses import is_web_address

if TYPE_CHECKING:
    from bot.knowledge.index.index import KnowledgeIndex
    from bot.knowledge.sources.articles import Article


def files_of(articles: Sequence[Article]) -> dict[str, str]:
    """Return each article's file, as a path with ``/`` below the folder that all of them share."""
    if not articles:
        return {}
    shared = os.path.commonpath([article.path.parent for article in articles])
    return {article.id: article.path.relative_to(shared).as_posix() for article in articles}


def with_open_links(index: KnowledgeIndex, article: str, text: str, readers: Collection[str]) -> str:
    """Return Markdown of an article whose links lead to web addresses, to people or to paths of our own site.

    A link to another article (``manuals.md``) leads to its address where these readers may read it; one that leads
    nowhere for them becomes its words. A text without links comes back as it is.
    """
    if "](" not in text:
        return text
    return in_subset(text, Links(index, article, readers).resolve)


class Links:
    """What the links of one article mean for some readers."""

    def __init__(self, index: KnowledgeIndex, article: str, readers: Collection[str]) -> None:
        self._index = index
        self._article = article
        self._readers = frozenset(readers)

    def resolve(self, address: str) -> str:
        """Return where a link leads, an empty text for nowhere."""
        if is_web_address(address):
            return "" if self._is_hidden(address) else address
        try:
            parts = urlsplit(address)
        except ValueError:
            return ""
        if parts.scheme or parts.netloc or "\\" in address:
            return address  # to people (mailto, tel), or nowhere: the writers know
        target = self._meant(parts.path) if parts.path else self._article
        passage = self._index.opening(target) if target is not None else None
        if passage is None:
            # A path that is no article's: another page of the site that the article is on.
            return urljoin(self._own_url, address) if parts.path.startswith("/") else ""
        if not may_read(passage.audience, self._readers):
            return ""
        return f"{passage.url}#{parts.fragment}" if parts.fragment else passage.url

    def _meant(self, path: str) -> str | None:
        """Return the article that a relative path means: by its file, by its id, or by its address."""
        here = self._index.parts.files.get(self._article, "")
        file = posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(path)))
        by_file: Mapping[str, str] = self._index.by_file
        if file in by_file:
            return by_file[file]
        named = posixpath.basename(unquote(path).rstrip("/"))
        for name in (named, posixpath.splitext(named)[0]):
            if not path.startswith("/") and self._index.opening(name) is not None:
                return name
        return self._index.by_url.get(urljoin(self._own_url, path).rstrip("/"))

    @property
    def _own_url(self) -> str:
        own = self._index.opening(self._article)
        return own.url if own is not None else "/"

    def _is_hidden(self, address: str) -> bool:
        """Tell whether an address is that of an article which these readers may not read."""
        target = self._index.by_url.get(address.partition("#")[0].rstrip("/"))
        passage = self._index.opening(target) if target is not None else None
        return passage is not None and not may_read(passage.audience, self._readers)
