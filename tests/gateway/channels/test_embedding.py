"""W3, kind 6: a page that may not carry the widget hears so before anything else."""

from __future__ import annotations

import httpx
from fastapi import FastAPI

from bot.gateway.channels.embedding import embedding_router


async def test_a_page_hears_whether_it_may_carry_the_widget() -> None:
    """Every page may ask, and what it hears depends on who it is; nothing between may keep the answer."""
    app = FastAPI()
    app.include_router(embedding_router(("https://www.larkfield.example",)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as page:
        for origin, allowed in (
            ("https://www.larkfield.example", True),
            ("https://larkfield.example", False),
            ("http://www.larkfield.example", False),
            ("null", False),
            ("", True),  # our own pages
        ):
            answer = await page.get("/api/web/embedding", headers={"Origin": origin} if origin else {})
            assert answer.json() == {"allowed": allowed, "open": True}
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.headers["cache-control"] == "no-store"


async def test_a_closed_channel_says_so() -> None:
    """W3: a widget that nobody could answer does not wait for ever."""
    app = FastAPI()
    app.include_router(embedding_router(None))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as page:
        assert (await page.get("/api/web/embedding")).json() == {"allowed": False, "open": False}
