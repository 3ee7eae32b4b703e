"""Where the widget may stand: a page asks before its first call, so that a refusal can say what to change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel


class Standing(BaseModel):
    """Whether calls from the asking page are answered, and whether any page's are."""

    allowed: bool
    open: bool


def embedding_router(allowed_origins: tuple[str, ...] | None) -> APIRouter:
    """Build the one route, which every page may ask: what it says stands in the page's own console anyway.

    None instead of origins says that the website channel is closed.
    """
    router = APIRouter(prefix="/api/web", tags=["website"])

    @router.get("/embedding")
    async def embedding(response: Response, origin: Annotated[str, Header(max_length=300)] = "") -> Standing:
        """Say whether ``website.allowed_origins`` names the page that asks (its ``Origin``, sent by the browser)."""
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-store"
        if allowed_origins is None:
            return Standing(allowed=False, open=False)
        # Browsers name no origin when a page asks the place that it came from: our own pages.
        return Standing(allowed=origin in ("", *allowed_origins), open=True)

    return router
