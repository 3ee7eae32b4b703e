"""An earlier state beside this one: what is compared, what is left out, and what is asked of its checkout."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import yaml

from benchmarks.before import (
    CHANNELS,
    MOST,
    NO_BEFORE,
    STATES,
    WARM_UP,
    Comparison,
    Pairs,
    before_folder,
    checks_of,
    order_of,
    taken,
)
from benchmarks.installation import missing_in
from benchmarks.report import NotMeasured
from benchmarks.servers import cpu_seconds, ticks_in
from benchmarks.unhurried import NEVER_REACHED, lift_limits

TEXTS = ("hello", "thanks")


def _pairs(share: float) -> Pairs:
    """Conversations with turns of 10 to 30 ms before, and ``share`` of that now."""
    before = np.random.default_rng(7).uniform(10.0, 30.0, size=(40, len(TEXTS)))
    return Pairs(before * share, before)


def _comparison(brain: float, gateway: float) -> Comparison:
    spent = [{"understand": 4.0, "total": 9.0}]
    return Comparison(
        TEXTS,
        {"brain": _pairs(brain), "gateway": _pairs(gateway)},
        {"now": spent, "before": spent},
        {"brain": {"now": 9.0, "before": 8.0}},
    )


@pytest.mark.parametrize(("share", "holds"), [(0.9, True), (1.04, True), (1.06, False)])
def test_a_turn_may_cost_five_percent_more_than_before(share: float, holds: bool) -> None:
    """Of each channel by itself: the other's gain makes up for nothing."""
    brain, gateway = _comparison(share, 0.5).checks()
    assert brain.value == pytest.approx(share)
    assert (brain.bound, brain.holds) == (MOST, holds)
    assert gateway.holds


def test_without_an_earlier_state_its_bounds_are_left_out() -> None:
    """`BEFORE=` with nothing behind it is the same as none: the Makefile passes it on as it is."""
    for environment in ({}, {"BEFORE": ""}):
        assert before_folder(environment) is None
    left_out = checks_of(None)
    assert [type(one) for one in left_out] == [NotMeasured] * len(CHANNELS)
    assert {one.why for one in left_out if isinstance(one, NotMeasured)} == {NO_BEFORE}
    assert [one.name for one in left_out] == [one.name for one in _comparison(1, 1).checks()]


def test_the_raw_figures_say_how_sure_a_ratio_is() -> None:
    """The interval lies around the ratio, and is a point where every turn changed by the same share."""
    figures = _pairs(1.03).figures(TEXTS)
    assert figures["ratio_95"] == pytest.approx([1.03, 1.03])
    assert figures["ratio_by_pairs"] == pytest.approx(1.03, abs=0.01)
    noise = np.random.default_rng(3).normal(1.0, 0.2, size=(40, len(TEXTS)))
    before = _pairs(1.0).before
    low, high = Pairs(before * noise, before).figures(TEXTS)["ratio_95"]
    assert low < Pairs(before * noise, before).ratio < high
    # Forty conversations with noise of a fifth: some percent, and far from what a single one would say.
    assert 0.02 < high - low < 0.3


def test_messages_and_parts_are_told_apart() -> None:
    """A reader sees which message became dearer, and which part of a turn."""
    pairs = _pairs(1.0)
    pairs.now[:, 1] *= 2
    by_message = pairs.figures(TEXTS)["p50_by_message"]
    assert by_message["hello"]["now"] == by_message["hello"]["before"]
    assert by_message["thanks"]["now"] == pytest.approx(2 * by_message["thanks"]["before"])
    parts = _comparison(1.0, 1.0).figures()["where_a_turns_ms_go"]["now"]
    assert parts["understanding"] == 4.0
    assert parts["policies and actions"] == 5.0


def test_each_state_goes_first_as_often_as_the_other() -> None:
    """With any message: conversations have an odd number of turns, and the order changes from turn to turn."""
    for turn in range(5):
        firsts = [order_of(number + turn)[0] for number in range(10)]
        assert {state: firsts.count(state) for state in STATES} == {"now": 5, "before": 5}


def test_an_earlier_states_file_gets_no_limit_that_it_does_not_have(tmp_path: Path) -> None:
    """Its gateway would refuse the file; what stands there is raised, and everything else stays."""
    channels = tmp_path / "channels.yml"
    website = {"enabled": True, "greeting": "Hello", "new_conversations_per_minute": 60}
    channels.write_text(yaml.safe_dump({"website": website, "telegram": {"enabled": False}}))
    lift_limits(channels)
    read = yaml.safe_load(channels.read_text())
    assert read == {
        "website": {**website, "new_conversations_per_minute": NEVER_REACHED},
        "telegram": {"enabled": False},
    }


def test_every_limit_of_this_state_is_out_of_reach(tmp_path: Path) -> None:
    """Of a visitor and of an address, whatever the limits are called."""
    root = Path(__file__).resolve().parents[3]
    channels = tmp_path / "channels.yml"
    channels.write_text((root / "channels.yml").read_text(encoding="utf-8"), encoding="utf-8")
    lift_limits(channels)
    limits = yaml.safe_load(channels.read_text())["website"]["limits"]
    assert set(limits) == {"visitor", "address"}
    assert {amount for amounts in limits.values() for amount in amounts.values()} == {NEVER_REACHED}


def test_a_checkout_that_was_never_trained_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    """Before anything is copied: an earlier state brings its own environments and encoder."""
    assert ".venv/bin/python" in (missing_in(tmp_path) or "")
    for made in (".venv/bin/python", ".venv-brain/bin/python", "models/encoder"):
        (tmp_path / made).mkdir(parents=True)
    assert missing_in(tmp_path) is None


@pytest.mark.parametrize("name", ["python", "a name", "odd) S 9 (name"])
def test_processor_time_is_read_behind_any_name(name: str) -> None:
    """Fields 14 and 15 of /proc/PID/stat, counted as proc(5) does; a process may call itself what it likes."""
    later = "0 1 1 0 -1 4194560 10 0 0 0 321 45 7 8 20 0 3"
    assert ticks_in(f"1234 ({name}) S {later}") == 321 + 45


def test_a_running_process_has_taken_processor_time() -> None:
    """This one, which has at least loaded what it tests."""
    assert cpu_seconds(os.getpid()) > 0


@dataclass
class ScriptedTalk:
    """A conversation that writes down what it is asked, and answers at once."""

    heard: list[tuple[str, str]]
    name: str
    answers: dict[str, str]
    spent: list[dict[str, float]] = field(default_factory=list)
    closed: bool = False

    async def open(self) -> None:
        """Nothing to open."""

    async def turn(self, text: str) -> list[dict[str, str]]:
        """Answer from the script, with the message where it says nothing else."""
        self.heard.append((self.name, text))
        self.spent.append({"understand": 1.0, "total": 2.0})
        return [{"text": self.answers.get(text, text)}]

    def close(self) -> None:
        """Say that the conversation was left."""
        self.closed = True


@dataclass
class ScriptedSide:
    """A state whose processes are this test's own."""

    state: str
    heard: list[tuple[str, str]]
    answers: dict[str, str] = field(default_factory=dict)
    talks: list[ScriptedTalk] = field(default_factory=list)
    processes: dict[str, int] = field(
        default_factory=lambda: {name: os.getpid() for name in ("brain", "gateway", "actions")}
    )

    def _talk(self, channel: str) -> ScriptedTalk:
        self.talks.append(ScriptedTalk(self.heard, f"{self.state} {channel}", self.answers))
        return self.talks[-1]

    def talk_with_brain(self) -> ScriptedTalk:
        """Begin with the brain."""
        return self._talk("brain")

    def talk_with_gateway(self) -> ScriptedTalk:
        """Begin with the gateway."""
        return self._talk("gateway")


def test_both_states_take_the_same_turns_side_by_side() -> None:
    """Each message goes to both before the next goes to either; conversations that only warm up are not counted."""
    heard: list[tuple[str, str]] = []
    now, before = ScriptedSide("now", heard), ScriptedSide("before", heard, {"thanks": "You are welcome."})
    comparison = asyncio.run(taken({"now": now, "before": before}, TEXTS, conversations=4, pause=0))
    pairs = [heard[start : start + 2] for start in range(0, len(heard), 2)]
    assert len(pairs) == (WARM_UP + 4) * len(TEXTS) * len(CHANNELS)
    firsts = {(text, one) for (one, text), _ in pairs}
    assert firsts == {(text, f"{state} {channel}") for text in TEXTS for state in STATES for channel in CHANNELS}
    for (one, text), (other, same) in pairs:
        assert text == same
        assert one.split()[1] == other.split()[1]
        assert {one.split()[0], other.split()[0]} == {"now", "before"}
    assert comparison.pairs["gateway"].now.shape == (4, len(TEXTS))
    assert (comparison.pairs["brain"].before > 0).all()
    assert len(comparison.spent["now"]) == 4 * len(TEXTS)
    assert all(talk.closed for talk in now.talks + before.talks if talk.name.endswith("gateway"))
    # A state that says something else does something else: its time is told with that.
    assert comparison.other_replies == {"brain, 'thanks'": 4, "gateway, 'thanks'": 4}
