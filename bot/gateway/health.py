"""Whether the gateway is up, and what it sees of the brain."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from bot.gateway.conversations.brain_client import BrainClient, BrainState


class Health(BaseModel):
    """``ok``: this process answers. A brain that is away is not this process's illness: messages wait for it."""

    ok: bool
    brain: BrainState


def health_router(brain: BrainClient) -> APIRouter:
    """Make the route that load balancers ask."""
    router = APIRouter(tags=["operation"])

    @router.get("/health")
    async def health() -> Health:
        """Tell a load balancer that this gateway takes messages."""
        return await health_of(brain)

    return router


async def health_of(brain: BrainClient) -> Health:
    """What this gateway says of itself and of that brain."""
    return Health(ok=True, brain=await brain.state())
