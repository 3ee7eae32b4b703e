"""The life cycle of a ticket."""

from __future__ import annotations

from bot.gateway.platform.life_cycles import LifeCycle

TICKET = LifeCycle(
    of="A ticket",
    column="state",
    steps={
        # In the queue: a human takes it, the customer leaves, or picks a time.
        "queued": ("accepted", "abandoned", "scheduled"),
        # With a human: a colleague takes it over, it goes back into the queue, to the bot, or is finished.
        "accepted": ("accepted", "queued", "returned", "completed"),
        # A picked time: another is picked, it comes, the customer calls it off, or is with a human by then.
        "scheduled": ("scheduled", "queued", "abandoned", "completed"),
        "returned": (),
        "completed": (),
        "abandoned": (),
    },
    starts=("queued",),
)

OPEN = ("queued", "accepted")
"""At most one of these a conversation: it waits for a human, or has one."""
ENDED = TICKET.ended
"""It needs nobody any more."""
UNFINISHED = tuple(state for state in TICKET.states if state not in ENDED)
"""Somebody still has to deal with it, now or at the time that the customer picked."""
