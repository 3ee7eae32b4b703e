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
from bot.gateway.health import health_router
from bot.gateway.migrations import upgrade
from bot.gateway.platform import error_answers
from bot.gateway.platform.body_limit import BodyLimit
from bot.gateway.platform.compression import Compression
from bot.gateway.platform.headers import SecurityHeaders
from bot.gateway.platform.proxies import VisitorAddress
from bot.gateway.services import Services
from bot.gateway.web.articles import article_router
from bot.gateway.web.company_page import company_page_router
from bot.gateway.web.pages import router as pages_router
from bot.gateway.wiring import wire
from bot.settings import Settings


def create_app(settings: Settings, services: Services | None = None) -> FastAPI:
    """Build the application; what it needs is wired from the settings unless a test brings its own."""
    services = services or wire(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(upgrade, services.database)
        async with AsyncExitStack() as stack:
            stack.callback(services.database.close)
            stack.push_async_callback(services.brain.close)
            for channel in services.messaging.values():
                stack.push_async_callback(channel.close)
            if services.external_desk is not None:
                stack.push_async_callback(services.external_desk.close)
            await stack.enter_async_context(Background(services))
            yield
            services.signals.close()

    app = FastAPI(
        title="Warmline gateway",
        description="Conversations of customers, the bot and human agents.",
        lifespan=lifespan,
        # The page that draws it is ours: FastAPI's own loads its script from another address.
        docs_url=None,
        redoc_url=None,
    )
    app.state.channel_services = services.for_channels()
    app.state.desk_services = services.for_desk()
    error_answers.install(app)
    app.state.wording = services.wording
    description.install(app)
    app.add_middleware(Compression)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(VisitorAddress, trusted=services.open_channels.trusted_proxies)
    app.include_router(health_router(services.brain))
    website = services.open_channels.website
    app.include_router(embedding_router(None if website is None else website.allowed_origins))
    app.include_router(wording_router(services.wording))
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
    for channel in services.messaging.values():
        app.include_router(channel.router)
    if services.external_desk is not None:
        app.include_router(services.external_desk.router)
    app.include_router(desk_router)
    app.include_router(article_router(services.brain, services.clock))
    app.include_router(company_page_router(settings.root))
    app.include_router(pages_router)
    return app
