"""What a customer feels, through a real brain: praise, sarcasm, a complaint, a death, an insult, a threat, or nothing.

.venv/bin/python -m benchmarks.feelings [seen|unseen]      prints each miss, and the share that is right

Each entry of `benchmarks/feelings_seen.yml`, or of its unseen half, is played as a conversation; its last message is
judged by what was decided.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from benchmarks.short_messages import Channel, private_settings, running
from bot.settings import load

SETS = Path(__file__).parent
_BY_INTENT = {"thanks": "thanks", "complain": "complaint", "upset_customer": "upset"}


def felt(trace: Mapping[str, Any]) -> str:
    """What the assistant took the message for, in the words of the set."""
    decision = trace.get("decision") or {}
    intent = str((trace.get("intent") or {}).get("name"))
    if decision.get("kind") == "feeling":
        return str(decision["why"]).partition(":")[0]
    return "upset" if decision.get("kind") == "upset" else _BY_INTENT.get(intent, "plain")


async def judge(brain: Channel, cases: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Play each case; gives what its last message was taken for."""
    found = []
    for case in cases:
        state: Any = None
        trace: Mapping[str, Any] = {}
        for message in case["messages"]:
            result = await brain.turn(message, state)
            state, trace = result["state"], result["trace"]
        found.append((felt(trace), case))
    return found


async def _main(name: str) -> int:
    cases = yaml.safe_load((SETS / f"feelings_{name}.yml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as var:
        settings = replace(private_settings(Path(var)), models=load().models)
        async with running(settings) as brain:
            found = await judge(brain, cases)
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for taken, case in found:
        total[case["want"][0]] += 1
        if taken in case["want"]:
            right[case["want"][0]] += 1
        else:
            print(f"{taken:>12} instead of {' or '.join(case['want'])}: {case['messages'][-1]}")
    for want, count in total.items():
        print(f"{want:>12}  {right[want]} of {count}")
    print(f"{'all':>12}  {sum(right.values())} of {len(cases)}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(sys.argv[1] if len(sys.argv) > 1 else "seen")))
