"""W11: the sources that answers cite can be opened; what is not public has no page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import httpx
import pytest
from fastapi import FastAPI

from bot.gateway.web.articles import article_router
from tests.gateway.stub_brain import StubBrain

HOURS = {
    "title": "When are we open? <b>",
    "language": "en-GB",
    "markdown": "From **9am**.\n\n## Bank holidays\n\n| Day | Open |\n| --- | --- |\n| Sunday | <script>x</script> |\n",
}


class Stage:
    """A gateway with only these pages, a brain, and a clock that a test moves."""

    def __init__(self) -> None:
        self.brain = StubBrain()
        self.brain.articles["store-hours"] = HOURS
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)
        app = FastAPI()
        app.include_router(article_router(self.brain.client(), lambda: self.now))
        self.browser = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """One for each test."""
    built = Stage()
    async with built.browser:
        yield built


async def test_a_public_article_is_a_page(stage: Stage) -> None:
    """Title, words, table and headings; everything that an author wrote is text."""
    answer = await stage.browser.get("/articles/store-hours")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="en-GB">' in answer.text
    assert "<title>When are we open? &lt;b&gt;</title>" in answer.text
    assert "<strong>9am</strong>" in answer.text
    assert "<td>Sunday</td>" in answer.text
    assert '<h2 id="bank-holidays">' in answer.text
    assert "<script" not in answer.text


async def test_a_page_runs_and_loads_nothing(stage: Stage) -> None:
    """The policy allows its one style, by the style's own hash, and no more."""
    answer = await stage.browser.get("/articles/store-hours")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert not re.search(r"\sstyle=|\son[a-z]+=|<link|<img|<iframe|<form", answer.text)


@pytest.mark.parametrize("article", ["internal-refund-limits", "Store-Hours", "..", "a" * 300, "a%2fb", "x;y", "-"])
async def test_what_is_not_public_or_no_id_is_not_there(stage: Stage, article: str) -> None:
    """The same words for an internal article and for one that never was."""
    answer = await stage.browser.get(f"/articles/{article}")
    assert answer.status_code == 404
    unknown = await stage.browser.get("/articles/never-was")
    if "/" not in article and "%" not in article and article != "..":
        assert answer.text == unknown.text


async def test_a_page_is_looked_up_once_a_minute(stage: Stage) -> None:
    """Readers, and those who ask for what is not there, cost the brain one look; news shows after a minute."""
    for _ in range(3):
        await stage.browser.get("/articles/store-hours")
        await stage.browser.get("/articles/gone")
    assert stage.brain.asked_articles == ["store-hours", "gone"]
    stage.brain.articles["store-hours"] = {**HOURS, "title": "New hours"}
    assert "New hours" not in (await stage.browser.get("/articles/store-hours")).text
    stage.now += timedelta(minutes=1)
    assert "New hours" in (await stage.browser.get("/articles/store-hours")).text


async def test_with_the_brain_away_a_page_says_so_kindly() -> None:
    """503, to be tried again, and nothing of it is kept."""
    brain = StubBrain()
    app = FastAPI()

    def no_one(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    client = brain.client()
    client._http = httpx.AsyncClient(base_url="http://brain", transport=httpx.MockTransport(no_one))
    app.include_router(article_router(client, lambda: datetime(2026, 11, 23, tzinfo=timezone.utc)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        answer = await browser.get("/articles/store-hours")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert answer.headers["cache-control"] == "no-store"
    assert "try again" in answer.text
