"""An earlier state beside this one: ``BEFORE=folder``, a checkout with its own environments and a built encoder.

Both states are copied, trained and started in the same way, and take the same turns in the same run, one after the
other in changing order, so that what the machine does meanwhile meets both. Without ``BEFORE=`` nothing is started.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from benchmarks.installation import Installation, missing_in, started
from benchmarks.report import Check, NotMeasured
from benchmarks.servers import console, cpu_seconds
from benchmarks.talks import parts_of_a_turn

NO_BEFORE = "no BEFORE="
# What the milestones allow: a ratio of 1.05, in the same run.
MOST = 1.05
# Some six hundred pairs for each channel. How sure a ratio is stands beside it (``ratio_95``): on two cores with ten
# other processes at work the interval was a tenth to either side, and such a run decides nothing.
CONVERSATIONS = 120
WARM_UP = 5
# A gateway's work after a reply must not fall into the other state's next turn.
PAUSE = 0.02
RESAMPLES = 2000

State = Literal["now", "before"]
Channel = Literal["brain", "gateway"]
STATES: tuple[State, State] = ("now", "before")
CHANNELS: tuple[Channel, Channel] = ("brain", "gateway")


class Side(Protocol):
    """One of the two states, as :class:`~benchmarks.installation.Installation` is."""

    @property
    def processes(self) -> Mapping[str, int]:
        """Process ids: ``brain``, ``gateway`` and ``actions``."""

    def talk_with_brain(self) -> Any:
        """Begin a conversation with the brain's private channel; its ``spent`` says what its turns cost."""

    def talk_with_gateway(self) -> Any:
        """Begin a conversation on the website channel, which is closed at its end."""


@dataclass(frozen=True)
class Pairs:
    """Milliseconds of the same turns in both states, each of shape (conversations, turns of a conversation)."""

    now: NDArray[np.float64]
    before: NDArray[np.float64]

    @property
    def ratio(self) -> float:
        """The median turn now, as a share of the median turn before."""
        return float(np.median(self.now) / np.median(self.before))

    def figures(self, texts: Sequence[str], seed: int = 0) -> dict[str, Any]:
        """Give medians and ratios with their 95 % intervals, from a bootstrap over whole conversations."""
        chosen = np.random.default_rng(seed).integers(len(self.now), size=(RESAMPLES, len(self.now)))
        ratios = [np.median(self.now[some]) / np.median(self.before[some]) for some in chosen]
        difference = self.now - self.before
        differences = [np.median(difference[some]) for some in chosen]
        return {
            "p50_now": float(np.median(self.now)),
            "p50_before": float(np.median(self.before)),
            "ratio": self.ratio,
            "ratio_95": _interval(ratios),
            "median_paired_difference_ms": float(np.median(difference)),
            "median_paired_difference_ms_95": _interval(differences),
            "ratio_by_pairs": 1 + float(np.median(difference) / np.median(self.before)),
            "p50_by_message": {
                text: {"now": float(np.median(self.now[:, turn])), "before": float(np.median(self.before[:, turn]))}
                for turn, text in enumerate(texts)
            },
        }


def _interval(values: Sequence[float]) -> list[float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return [float(low), float(high)]


@dataclass
class Comparison:
    """What both states did in the same minutes."""

    texts: Sequence[str]
    pairs: dict[Channel, Pairs]
    spent: dict[State, list[Mapping[str, float]]]
    """What the traces of the brain's turns say."""
    cpu_ms_per_turn: dict[str, dict[State, float]]
    """Processor time of each process, with its threads, by the turns it took part in; opening conversations and what
    it does when nobody writes are part of it."""
    other_replies: dict[str, int] = field(default_factory=dict)
    """How many conversations had another reply than before, by channel and message."""

    def checks(self) -> list[Check]:
        """Give the bounds: a turn costs at most 5 % more than before."""
        return [Check(_name(channel), self.pairs[channel].ratio, MOST) for channel in CHANNELS]

    def figures(self) -> dict[str, Any]:
        """Give the raw figures for the report's file."""
        return {
            **{channel: pairs.figures(self.texts) for channel, pairs in self.pairs.items()},
            "where_a_turns_ms_go": {state: self._parts(state) for state in STATES},
            "cpu_ms_per_turn": self.cpu_ms_per_turn,
            "other_replies": self.other_replies,
        }

    def _parts(self, state: State) -> dict[str, float]:
        p50 = {channel: float(np.median(getattr(pairs, state))) for channel, pairs in self.pairs.items()}
        return parts_of_a_turn(self.spent[state], p50["brain"], p50["gateway"])

    def print(self) -> None:
        """Print what was compared."""
        table = Table(title="bench-turn: this state beside an earlier one")
        for column in ("", "now", "before", "ratio", "95 %"):
            table.add_column(column)
        for channel, pairs in self.pairs.items():
            figures = pairs.figures(self.texts)
            low, high = figures["ratio_95"]
            p50 = (figures["p50_now"], figures["p50_before"])
            _row(table, f"{channel}, p50 ms", *p50, f"{low:.3f} to {high:.3f}")
            for text, both in figures["p50_by_message"].items():
                _row(table, f"  {text}", both["now"], both["before"])
        parts = {state: self._parts(state) for state in STATES}
        for name in parts["now"]:
            _row(table, f"{name}, ms", parts["now"][name], parts["before"][name])
        for name, spent in self.cpu_ms_per_turn.items():
            _row(table, f"{name}, processor ms a turn", spent["now"], spent["before"])
        console.print(table)
        for name, count in self.other_replies.items():
            console.print(f"  {name}: {count} conversations had another reply than before")


def _row(table: Table, title: str, now: float, before: float, interval: str = "") -> None:
    table.add_row(title, f"{now:.2f}", f"{before:.2f}", f"{now / before:.3f}" if before > 0 else "", interval)


def _name(channel: Channel) -> str:
    return f"turn through the {channel}, p50 beside the state before"


def before_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where the earlier state's checkout lies; None where nobody asked for it."""
    said = environment.get("BEFORE")
    return Path(said).resolve() if said else None


def checks_of(comparison: Comparison | None) -> list[Check | NotMeasured]:
    """Give the bounds of a comparison; without one they are left out, and the report says so."""
    if comparison is not None:
        return [*comparison.checks()]
    return [NotMeasured(_name(channel), MOST, NO_BEFORE) for channel in CHANNELS]


async def compared(root: Path, before: Path, work: Path, texts: Sequence[str]) -> Comparison:
    """Train and start both states below ``work``, take ``texts`` in conversations with both, and end them again."""
    folders: dict[State, Path] = {"now": root, "before": before}
    for folder in folders.values():
        if missing := missing_in(folder):
            sys.exit(missing)
    with ExitStack() as stack:
        both: dict[State, Installation] = {}
        for state, checkout in folders.items():
            console.print(f"Training and starting the state {state}, caches cold …")
            own = work / state
            own.mkdir()
            both[state] = await started(checkout, own, stack, texts[0])
        console.print(f"Taking {CONVERSATIONS} conversations with both …")
        try:
            return await taken(both, texts)
        finally:
            for installation in both.values():
                await installation.close()


async def taken(
    both: Mapping[State, Side], texts: Sequence[str], conversations: int = CONVERSATIONS, pause: float = PAUSE
) -> Comparison:
    """Take ``texts`` in so many conversations with both states by each channel, after some that warm them up."""
    shape = (conversations, len(texts))
    times = {channel: {state: np.zeros(shape) for state in STATES} for channel in CHANNELS}
    spent: dict[State, list[Mapping[str, float]]] = {state: [] for state in STATES}
    other_replies: dict[str, int] = {}
    cpu = _cpu(both)
    for number in range(-WARM_UP, conversations):
        if number == 0:
            cpu = _cpu(both)
        for channel in CHANNELS:
            talks = {state: getattr(side, f"talk_with_{channel}")() for state, side in both.items()}
            for talk in talks.values():
                await talk.open()
            for turn, text in enumerate(texts):
                replies: dict[State, list[Any]] = {}
                for state in order_of(number + turn):
                    began = time.perf_counter()
                    answer = await talks[state].turn(text)
                    if number >= 0:
                        times[channel][state][number, turn] = (time.perf_counter() - began) * 1000
                    replies[state] = [reply.get("text") for reply in answer]
                    await asyncio.sleep(pause)
                if number >= 0 and replies["now"] != replies["before"]:
                    name = f"{channel}, {text!r}"
                    other_replies[name] = other_replies.get(name, 0) + 1
            for state, talk in talks.items():
                if channel == "gateway":
                    talk.close()
                elif number >= 0:
                    spent[state].extend(talk.spent)
    turns = conversations * len(texts)
    after = _cpu(both)
    # The gateway takes part in its own turns, brain and actions in those of both channels.
    shares = {"gateway": turns, "brain": len(CHANNELS) * turns, "actions": len(CHANNELS) * turns}
    return Comparison(
        texts,
        {channel: Pairs(**{state: times[channel][state] for state in STATES}) for channel in CHANNELS},
        spent,
        {
            process: {state: (after[state][process] - cpu[state][process]) * 1000 / share for state in STATES}
            for process, share in shares.items()
        },
        other_replies,
    )


def order_of(number: int) -> tuple[State, ...]:
    """Tell who goes first in the turn of that number: each state in every second one."""
    return STATES if number % 2 else STATES[::-1]


def _cpu(both: Mapping[State, Side]) -> dict[State, dict[str, float]]:
    return {state: {name: cpu_seconds(pid) for name, pid in side.processes.items()} for state, side in both.items()}
