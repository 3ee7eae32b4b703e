"""Whether the gateway is up, and what it sees of the brain."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from bot.gateway.conversations.brain_client import BrainState
from bot.gateway.parts import PartsOfRequest

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """``ok``: this process answers. A brain that is away is not this process's illness: messages wait for it."""

    ok: bool
    brain: BrainState


@router.get("/health")
async def health(parts: PartsOfRequest) -> Health:
    """Tell a load balancer that this gateway takes messages."""
    return Health(ok=True, brain=await parts.brain.state())
