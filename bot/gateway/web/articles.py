"""The public articles as pages, ``/articles/ID``: where the sources of answers lead when no other site has them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.types import Scope

from bot.contract.search import Article
from bot.gateway.conversations.brain_client import BrainClient
from bot.gateway.conversations.formatting import PAGES
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.error_answers import asked_locale, catalogue_of
from bot.markdown.page import page_body, text_in_html
from bot.wording.sentences import Wording, wording

_LONGEST_ID = 200
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# A page is as fresh as this; whoever reads one often costs the brain one look a minute.
_FRESH = timedelta(minutes=1)
# An article has a few kB; ids that nobody gave are remembered too, or asking for them would reach the brain each time.
_MOST_PAGES = 200
# Customers' turns go first: so many looks may be under way in one gateway.
_AT_ONCE = 4

_STYLE = """
:root{color-scheme:light dark}
body{font:1.05rem/1.6 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:2rem 1.25rem 4rem}
body{overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.25}
h2{font-size:1.25rem;margin-top:2em}
table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{border:1px solid #8886;padding:.4rem .7rem;text-align:start;vertical-align:top}
blockquote{border-inline-start:4px solid #8886;margin-inline:0;padding-inline-start:1rem}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# Words and one style; nothing runs, nothing is loaded, nothing is sent.
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Referrer-Policy": "strict-origin-when-cross-origin"}


@dataclass(frozen=True)
class _Page:
    status: int
    html: str


@dataclass(frozen=True)
class _Told:
    """A page that says in the reader's language why there is no article."""

    status: int
    title: Wording
    text: Wording


_UNKNOWN = _Told(404, wording("article.unknown_title"), wording("article.unknown"))
_AWAY = _Told(503, wording("article.away_title"), wording("article.away"))


class _Pages:
    """The pages of late, by id; the oldest goes when there are too many."""

    def __init__(self, brain: BrainClient, clock: Clock) -> None:
        self._brain = brain
        self._clock = clock
        self._kept: OrderedDict[str, tuple[datetime, _Page | _Told]] = OrderedDict()
        self._looks = asyncio.Semaphore(_AT_ONCE)

    async def page(self, article_id: str) -> _Page | _Told:
        if (kept := self._fresh(article_id)) is not None:
            return kept
        async with self._looks:
            # Somebody before in the queue may have wanted the same.
            if (kept := self._fresh(article_id)) is not None:
                return kept
            found = await self._brain.article(article_id)
        if found == "away":
            return _AWAY
        page = _UNKNOWN if isinstance(found, str) else _page(found)
        self._kept[article_id] = self._clock() + _FRESH, page
        while len(self._kept) > _MOST_PAGES:
            self._kept.popitem(last=False)
        return page

    def _fresh(self, article_id: str) -> _Page | _Told | None:
        until, page = self._kept.get(article_id, (None, None))
        if until is not None and until > self._clock():
            return page
        self._kept.pop(article_id, None)
        return None


def article_router(brain: BrainClient, clock: Clock) -> APIRouter:
    """Return the route; the articles are the brain's, as it searches them."""
    router = APIRouter(include_in_schema=False)
    pages = _Pages(brain, clock)

    @router.api_route(f"{PAGES}{{article_id}}", methods=["GET", "HEAD"])
    async def article(request: Request, article_id: Annotated[str, Path()]) -> Response:
        """A public article; for all others, and for ids that cannot be, 404."""
        may_be = len(article_id) <= _LONGEST_ID and _ID.fullmatch(article_id) is not None
        found = await pages.page(article_id) if may_be else _UNKNOWN
        page = _in_words(found, request.scope) if isinstance(found, _Told) else found
        headers = dict(_HEADERS)
        headers["Cache-Control"] = f"public, max-age={_FRESH.seconds}" if page.status == 200 else "no-store"
        if page.status == 503:
            headers["Retry-After"] = str(_FRESH.seconds)
        return Response(page.html, page.status, headers, media_type="text/html; charset=utf-8")

    return router


def _page(article: Article) -> _Page:
    return _Page(200, _html(article.title, page_body(article.markdown), article.language))


def _in_words(told: _Told, scope: Scope) -> _Page:
    catalogue, locale = catalogue_of(scope), asked_locale(scope)
    title, text = catalogue.say(told.title, locale), catalogue.say(told.text, locale)
    return _Page(told.status, _html(title, f"<p>{text_in_html(text)}</p>", catalogue.language_of(locale)))


def _html(title: str, body: str, language: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{text_in_html(language or "en")}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text_in_html(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{text_in_html(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )
