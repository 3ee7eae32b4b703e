"""Milliseconds of one message through a model: `python -m benchmarks.parse_latency MODEL [--as-served]`."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from pathlib import Path

MESSAGES = (
    "where is my order?",
    "my dishwasher leaves water on the kitchen floor, can somebody come and look at it",
    "what does delivery cost",
    "I want to send the oven back",
    "when are you open on Sunday",
)
ROUNDS = 40
WARM_UP = 3


async def _measure(model: Path, *, as_served: bool) -> list[float]:
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(str(model))
    if as_served:
        from bot.brain.rasa_patches import apply

        apply.for_serving()
        apply.to_loaded(agent)
    taken = []
    for number in range(ROUNDS + WARM_UP):
        for text in MESSAGES:
            start = time.perf_counter()
            await agent.processor.parse_message(UserMessage(text))
            if number >= WARM_UP:
                taken.append((time.perf_counter() - start) * 1000)
    return taken


def main() -> int:
    """Print the milliseconds as a JSON list on the last line."""
    logging.disable(logging.CRITICAL)
    as_served = "--as-served" in sys.argv
    if as_served:  # a model of ours: without what a model of Rasa's own needs, as `bot.brain.serve` runs it
        from bot.brain.rasa_patches import without_tensorflow

        without_tensorflow.install()
    print(json.dumps(asyncio.run(_measure(Path(sys.argv[1]), as_served=as_served))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
