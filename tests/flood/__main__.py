"""The flood, in a process of its own: ``python -m tests.flood URL --visitors 50``.

It prints ``begun`` once so many calls were made, and ends when its standard input is closed, after ``--seconds``
or after ``--calls``, whatever comes first; then it prints its tally as one line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time

import uvloop

from tests.flood.hostile import WAYS, Hostile, Tally, addresses
from tests.flood.material import postcode_guesses

# Real visitors bring their own processors: this one takes what the assistant leaves.
NICENESS = 10
LOOK_EVERY = 0.1


async def _told_to_stop() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


async def _flood(options: argparse.Namespace) -> dict[str, object]:
    tally = Tally()
    guesses = postcode_guesses()
    visitors = [
        Hostile(number, options.url, address, tally, options.pause, guesses)
        for number, address in enumerate(addresses(options.visitors, one=options.one_address))
    ]
    start = time.monotonic()
    told = asyncio.create_task(_told_to_stop())
    ways = [WAYS[name] for name in options.ways]
    busy = [asyncio.ensure_future(ways[one.number % len(ways)](one)) for one in visitors]
    begun = False
    while not told.done() and time.monotonic() - start < options.seconds and tally.calls < options.calls:
        await asyncio.wait({told}, timeout=LOOK_EVERY)
        if not begun and tally.calls >= options.begun_after:
            begun = True
            print("begun", flush=True)
    ended = "told" if told.done() else "bound"
    seconds = time.monotonic() - start
    told.cancel()
    for task in busy:
        task.cancel()
    outcomes = await asyncio.gather(*busy, return_exceptions=True)
    for one in visitors:
        await one.close()
    return {
        "ended": ended,
        "seconds": round(seconds, 1),
        "calls": tally.calls,
        "answers": {f"{call} {outcome}": count for (call, outcome), count in sorted(tally.answers.items())},
        "refusals": tally.refusals,
        "guesses": tally.guesses,
        "conversations": tally.conversations,
        # A visitor whose script broke is a fault of the flood, and would make it smaller than it says it is.
        "broken": sorted({repr(one) for one in outcomes if isinstance(one, Exception)}),
    }


def main() -> int:
    """Flood, and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="the gateway's address, on loopback")
    parser.add_argument("--visitors", type=int, required=True)
    parser.add_argument("--one-address", action="store_true", help="all visitors come from one client address")
    parser.add_argument("--pause", type=float, required=True, help="seconds between a visitor's calls")
    parser.add_argument("--begun-after", type=int, required=True, help="calls after which it says that it has begun")
    parser.add_argument("--seconds", type=float, required=True, help="it ends by itself after so long")
    parser.add_argument("--calls", type=int, required=True, help="it ends by itself after so many calls")
    parser.add_argument("--ways", nargs="+", choices=tuple(WAYS), default=tuple(WAYS), help="what the visitors do")
    options = parser.parse_args()
    if not options.url.startswith("http://127."):
        parser.error("floods go to this machine's loopback only")
    os.nice(NICENESS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(_flood(options))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
