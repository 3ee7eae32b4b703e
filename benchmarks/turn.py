"""`make bench-turn`: training, start, memory, the time of a turn.

In the same run ``STOCK=folder`` adds stock Rasa, and ``BEFORE=folder`` an earlier state of Warmline.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.table import Table

from benchmarks.before import before_folder, checks_of, compared
from benchmarks.report import Check, NotMeasured, write
from benchmarks.servers import console, environment, resident_bytes, run, start, until
from benchmarks.stock import NO_STOCK, beside, copy_ours, stock_folder, trained
from benchmarks.talks import BrainTalk, GatewayTalk, StockTalk, parts_of_a_turn
from benchmarks.unhurried import lift_limits
from bot.processes import free_port

ROOT = Path(__file__).resolve().parent.parent
BRAIN_PYTHON = ROOT / ".venv-brain" / "bin" / "python"
GATEWAY_PYTHON = ROOT / ".venv" / "bin" / "python"

# One cycle of five turns, the same for both sides: greeting, help and thanks are answered by a response, the other
# two by a form's action on the same action server (it asks for the order number, then the form is left).
CYCLE = ("hello there", "where is my order?", "stop", "what can you do?", "thanks a lot")
PEER = "stock Rasa"
EARLY_TURNS = 5
LATE_TURN = 200
EARLY_CONVERSATIONS = 30
LATE_CONVERSATIONS = 3


@dataclass(frozen=True)
class Side:
    """What was measured of one side; times in seconds, memory in bytes."""

    train: float | None
    """None for a peer's model whose training nobody timed."""
    start: float
    memory: int


@dataclass(frozen=True)
class Turns:
    """Milliseconds of single turns, early (1 to 5) and late (around 200)."""

    early: tuple[float, ...]
    late: tuple[float, ...]
    beside_late: tuple[float, ...]
    """Turns 1 to 5 of new conversations, by turns first and second beside a late one; empty for the peer, whose late
    turns take ten times as long as its early ones and leave colder caches to whoever comes next."""

    @property
    def p50(self) -> float:
        """The median early turn."""
        return statistics.median(self.early)

    @property
    def p95(self) -> float:
        """The 95th percentile of early turns."""
        return statistics.quantiles(self.early, n=20)[-1]

    @property
    def late_p50(self) -> float:
        """The median turn around turn 200."""
        return statistics.median(self.late)

    @property
    def growth(self) -> float:
        """What a turn around turn 200 costs beside one of turns 1 to 5 in the same minute."""
        return self.late_p50 / statistics.median(self.beside_late)


async def _measure_turns(sides: Mapping[str, Callable[[], Any]]) -> dict[str, Turns]:
    early: dict[str, list[float]] = {name: [] for name in sides}
    late: dict[str, list[float]] = {name: [] for name in sides}
    beside_late: dict[str, list[float]] = {name: [] for name in sides}
    unanswered: dict[str, int] = dict.fromkeys(sides, 0)

    async def take(name: str, talk: Any, text: str) -> float:
        start = time.perf_counter()
        replies = await talk.turn(text)
        unanswered[name] += not replies
        return (time.perf_counter() - start) * 1000

    for number in range(EARLY_CONVERSATIONS + 1):
        talks = await _opened(sides)
        for text in CYCLE[:EARLY_TURNS]:
            for name, talk in talks.items():
                milliseconds = await take(name, talk, text)
                if number:  # the first conversation warms up every side
                    early[name].append(milliseconds)
        _close(talks)
    ours = [name for name in sides if name != PEER]
    for _ in range(LATE_CONVERSATIONS):
        talks = await _opened(sides)
        fresh: dict[str, Any] = {}
        for turn in range(1, LATE_TURN + len(CYCLE)):
            text = CYCLE[(turn - 1) % len(CYCLE)]
            if turn < LATE_TURN - len(CYCLE):
                for name, talk in talks.items():
                    await take(name, talk, text)
                continue
            if not fresh or text == CYCLE[0]:
                _close(fresh)
                fresh = await _opened({name: sides[name] for name in ours})
            if PEER in talks:
                late[PEER].append(await take(PEER, talks[PEER], text))
            pair = [(late, talks), (beside_late, fresh)]
            for record, some in pair if turn % 2 else reversed(pair):
                for name in ours:
                    record[name].append(await take(name, some[name], text))
        _close(talks)
        _close(fresh)
        console.print("  a conversation of 200 turns taken on every side")
    for name, count in unanswered.items():
        console.print(f"  {name}: {count} turns without a reply")
    return {name: Turns(tuple(early[name]), tuple(late[name]), tuple(beside_late[name])) for name in sides}


async def _opened(sides: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """A conversation on every side, opened before the clock runs: a turn lasts from a message to its reply."""
    talks = {name: begin() for name, begin in sides.items()}
    for talk in talks.values():
        await talk.open()
    return talks


def _close(talks: Mapping[str, Any]) -> None:
    for talk in talks.values():
        if isinstance(talk, GatewayTalk):
            talk.close()


async def _bench(work: Path, stack: ExitStack) -> int:
    before = before_folder()
    comparison = await compared(ROOT, before, work, CYCLE) if before else None
    actions_port, brain_port, gateway_port, stock_port = free_port(), free_port(), free_port(), free_port()
    actions_url = f"http://127.0.0.1:{actions_port}/webhook"
    ours = work / "ours"
    copy_ours(ROOT, ours)
    secret, actions_secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    lift_limits(ours / "channels.yml")
    variables = environment(
        WARMLINE_ROOT=str(ours),
        WARMLINE_VAR=str(work / "var"),
        WARMLINE_BRAIN_PORT=str(brain_port),
        WARMLINE_BRAIN_SECRET=secret,
        WARMLINE_ACTIONS_SECRET=actions_secret,
        WARMLINE_PAYLOAD_KEY=secrets.token_urlsafe(32),
        WARMLINE_ACTIONS_PORT=str(actions_port),
        WARMLINE_GATEWAY_PORT=str(gateway_port),
        RASA_CACHE_DIRECTORY=str(work / "cache-ours"),
    )

    console.print("Training ours, caches cold: index, encoding, intents, dialogue …")
    our_training = run([str(BRAIN_PYTHON), "-m", "bot.knowledge.index.build"], ours, variables)
    our_training += run([str(BRAIN_PYTHON), "-m", "bot.brain.train"], ours, variables)
    console.print(f"  {our_training:.1f} s")
    stock = stock_folder()
    stock_training = trained(ROOT, stock, actions_url, console) if stock else None
    console.print("Starting everything …")

    run([str(BRAIN_PYTHON), "-m", "actions.shop.seed"], ours, variables)
    start(stack, [str(BRAIN_PYTHON), "-m", "bot.action_server.serve"], ours, variables, work / "actions.log")
    clients = {
        port: httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60.0, trust_env=False)
        for port in (actions_port, brain_port, gateway_port, stock_port)
    }

    async def actions_answer() -> bool:
        return (await clients[actions_port].get("/health")).status_code == 200

    await until(actions_answer)

    async def stock_answers() -> bool:
        return bool(await StockTalk(clients[stock_port]).turn(CYCLE[0]))

    sides: dict[str, Callable[[], Any]] = {}
    stock_pid = stock_start = None
    if stock:
        run_stock = ["-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(stock_port), "--endpoints", "endpoints.yml"]
        stock_environment = environment(
            RASA_CACHE_DIRECTORY=str(work / "cache-stock"), WARMLINE_ACTIONS_SECRET=actions_secret
        )
        stock_pid = start(stack, [str(BRAIN_PYTHON), *run_stock], stock, stock_environment, work / "stock.log")
        stock_start = await until(stock_answers)
        sides[PEER] = lambda: StockTalk(clients[stock_port])
        console.print(f"  stock {stock_start:.1f} s")

    # The gateway starts beside a brain that still loads, and takes a message that is answered later.
    brain_pid = start(stack, [str(BRAIN_PYTHON), "-m", "bot.brain.serve"], ours, variables, work / "brain.log")
    brain_began = time.monotonic()
    gateway = [str(GATEWAY_PYTHON), "-m", "bot.gateway.serve"]
    start(stack, gateway, ours, variables, work / "gateway.log")

    async def gateway_answers() -> bool:
        return (await clients[gateway_port].get("/health")).status_code == 200

    gateway_start = await until(gateway_answers, pause=0.02)
    health = (await clients[gateway_port].get("/health")).json()
    early_talk = GatewayTalk(clients[gateway_port])
    await early_talk.open()
    early_message = asyncio.create_task(early_talk.turn(CYCLE[0]))

    async def brain_answers() -> bool:
        return bool(await BrainTalk(clients[brain_port], secret).turn(CYCLE[0]))

    await until(brain_answers)
    brain_start = time.monotonic() - brain_began
    await early_message
    early_answer = time.monotonic() - brain_began
    early_talk.close()
    console.print(f"  gateway {gateway_start:.1f} s, brain {brain_start:.1f} s")

    brain_talks: list[BrainTalk] = []

    def begin_with_brain() -> BrainTalk:
        brain_talks.append(BrainTalk(clients[brain_port], secret))
        return brain_talks[-1]

    sides |= {"brain": begin_with_brain, "gateway": lambda: GatewayTalk(clients[gateway_port])}
    turns = await _measure_turns(sides)
    our_side = Side(our_training, brain_start, resident_bytes(brain_pid))
    stock_side = None
    if stock_pid is not None and stock_start is not None:
        stock_side = Side(stock_training, stock_start, resident_bytes(stock_pid))
    for client in clients.values():
        await client.aclose()

    early_spent = [one for talk in brain_talks[1 : EARLY_CONVERSATIONS + 1] for one in talk.spent]
    parts = parts_of_a_turn(early_spent, turns["brain"].p50, turns["gateway"].p50)
    _print(our_side, stock_side, turns)
    if comparison:
        comparison.print()
    console.print("  of a turn: " + ", ".join(f"{name} {spent:.1f} ms" for name, spent in parts.items()))
    peer_p50 = turns[PEER].p50 if PEER in turns else None
    checks: list[Check | NotMeasured] = [
        beside("turn through the gateway, p50 beside stock", turns["gateway"].p50, peer_p50, 1 / 2),
        beside("turn through the brain's channel, p50 beside stock", turns["brain"].p50, peer_p50, 1 / 3),
        Check("gateway, p50 around turn 200 beside turns 1 to 5", turns["gateway"].growth, 1.3),
        Check("brain, p50 around turn 200 beside turns 1 to 5", turns["brain"].growth, 1.3),
        _training_check(our_side, stock_side),
        beside("brain's start beside stock", our_side.start, stock_start, 1 / 3),
        Check("brain's resident memory, MB", our_side.memory / 1e6, 900),
        Check("gateway's first answer after its start, s", gateway_start, 3.0),
        Check("the brain was still loading then", float(health.get("brain") != "ready"), 1, "least"),
        *checks_of(comparison),
    ]
    figures = {
        "ours": asdict(our_side),
        "stock": asdict(stock_side) if stock_side else None,
        "gateway_start": gateway_start,
        "message_sent_while_loading_answered_after": early_answer,
        "where_a_turns_ms_go": parts,
        "beside_the_state_before": comparison.figures() if comparison else None,
        "turns_ms": {name: asdict(measured) for name, measured in turns.items()},
    }
    return write("turn", checks, figures)


def _training_check(ours: Side, stock: Side | None) -> Check | NotMeasured:
    """Compare the trainings; a model that somebody else put into the peer's folder comes without its time."""
    name, bound = "training beside stock", 1 / 4
    if stock is not None and stock.train is None:
        return NotMeasured(name, bound, "nobody timed the training of the model in STOCK=")
    return beside(name, ours.train, stock.train if stock else None, bound)


def _print(ours: Side, stock: Side | None, turns: Mapping[str, Turns]) -> None:
    """Print the table; the peer has a column where it was measured."""
    names = tuple(turns)
    table = Table(title="bench-turn: ours beside stock Rasa 3.6" if stock else f"bench-turn ({NO_STOCK}: no peer)")
    for column in ("", *names):
        table.add_column(column)

    def row(title: str, cell: Callable[[str], str]) -> None:
        table.add_row(title, *(cell(name) for name in names))

    def of_side(cell: Callable[[Side], str]) -> Callable[[str], str]:
        sides = {PEER: stock, "brain": ours}
        return lambda name: cell(side) if (side := sides.get(name)) else ""

    row("training, s", of_side(lambda side: "not timed" if side.train is None else f"{side.train:.1f}"))
    row("start to first answer, s", of_side(lambda side: f"{side.start:.1f}"))
    row("resident memory, MB", of_side(lambda side: f"{side.memory / 1e6:.0f}"))
    row("turns 1 to 5, p50 ms", lambda name: f"{turns[name].p50:.1f}")
    row("turns 1 to 5, p95 ms", lambda name: f"{turns[name].p95:.1f}")
    row("around turn 200, p50 ms", lambda name: f"{turns[name].late_p50:.1f}")
    row("… beside turns 1 to 5 just then", lambda name: "" if name == PEER else f"{turns[name].growth:.2f}")
    console.print(table)


def main() -> int:
    """Measure in a folder that is thrown away; 1 when a bound does not hold."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end with it
    work = Path(tempfile.mkdtemp(prefix="warmline-bench-"))
    try:
        with ExitStack() as stack:
            return asyncio.run(_bench(work, stack))
    finally:
        if os.environ.get("KEEP"):
            console.print(f"kept: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
