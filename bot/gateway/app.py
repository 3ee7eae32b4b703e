"""The gateway as one ASGI application: routes, limits, headers, and what runs beside the requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from bot.gateway import description
from bot.gateway.background import Background
from bot.gateway.channels.embedding import embedding_router
from bot.gateway.channels.website import website_router
from bot.gateway.channels.widget_wording import wording_router
from bot.gateway.desk.api import router as desk_router
from bot.gateway.health import router as health_router
from bot.gateway.migrations import upgrade
from bot.gateway.parts import Parts
from bot.gateway.platform import errors as problems
from bot.gateway.platform.body_limit import BodyLimit
from bot.gateway.platform.compression import Compression
from bot.gateway.platform.headers import SecurityHeaders
from bot.gateway.platform.proxies import VisitorAddress
from bot.gateway.web.articles import article_router
from bot.gateway.web.pages import router as pages_router
from bot.gateway.wiring import wire
from bot.settings import Settings


def create_app(settings: Settings, parts: Parts | None = None) -> FastAPI:
    """Build the application; what it needs is wired from the settings unless a test brings its own parts."""
    parts = parts or wire(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(upgrade, parts.database)
        async with AsyncExitStack() as stack:
            stack.callback(parts.database.close)
            stack.push_async_callback(parts.brain.close)
            for channel in parts.messaging.values():
                stack.push_async_callback(channel.close)
            if parts.external_desk is not None:
                stack.push_async_callback(parts.external_desk.close)
            await stack.enter_async_context(Background(parts))
            yield
            parts.signals.close()

    app = FastAPI(
        title="Warmline gateway",
        description="Conversations of customers, the bot and human agents.",
        lifespan=lifespan,
        # The page that draws it is ours: FastAPI's own loads its script from another address.
        docs_url=None,
        redoc_url=None,
    )
    app.state.parts = parts
    app.state.wording = parts.wording
    problems.install(app)
    description.install(app)
    app.add_middleware(Compression)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(VisitorAddress, trusted=parts.open_channels.trusted_proxies)
    app.include_router(health_router)
    website = parts.open_channels.website
    app.include_router(embedding_router(None if website is None else website.allowed_origins))
    app.include_router(wording_router(parts.wording))
    if website is not None:
        app.include_router(website_router(website))
        if website.allowed_origins:
            app.add_middleware(
                CORSMiddleware,
                allow_origins=list(website.allowed_origins),
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
                expose_headers=["Retry-After"],
            )
    for channel in parts.messaging.values():
        app.include_router(channel.router)
    if parts.external_desk is not None:
        app.include_router(parts.external_desk.router)
    app.include_router(desk_router)
    app.include_router(article_router(parts.brain, parts.clock))
    app.include_router(pages_router)
    return app
