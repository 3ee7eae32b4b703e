"""The brain as it ships, with a meter: how much CPU time the layer between reading and acting takes in each turn.

``python -m benchmarks.timed_brain`` stands in for ``bot.brain.serve``; `benchmarks.conversation_stage` starts it where
the cost is asked for. What counts as the layer is what stands in ``READING``, ``DECIDING`` and every component of the
pipeline that is not in ``BESIDE_THE_LAYER``; what is added to these is measured without a word here. Encoding is left
out, as the bound has it. The time of each turn goes to ``WARMLINE_VAR/reading_cost.jsonl``, one line a turn.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bot.brain import serve

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from bot.settings import Settings

FILE = "reading_cost.jsonl"

READING = "bot.nlu.reading."
DECIDING = "bot.dialogue."
# What the packages hold besides: the context variable of the turn, the trace, what is measured in training, and the
# search, which is a step of its own before context and decision.
NO_STEPS = frozenset(
    {"current_turn", "looking_up", "trace", "operating_points", "replies", "said", "shown", "slot_mappings"}
)
BESIDE_THE_LAYER = frozenset(
    (
        *("WarmlineSentenceVectors", "WarmlineIntents", "WarmlineScope", "WarmlineEntities"),
        *("WarmlineLanguage", "WarmlineTone", "WarmlineKnowledge", "WarmlineMemoization"),
    )
)


@dataclass
class Meter:
    """The CPU time of one turn, in seconds."""

    layer: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)
    inside: bool = False
    """Whether a part of the layer is at work: what it calls of the layer is measured with it."""


_METER: ContextVar[Meter | None] = ContextVar("warmline_meter", default=None)


def metered(step: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Count the time of a function as the layer's, under ``step``."""

    @functools.wraps(function)
    def counted(*given: Any, **named: Any) -> Any:
        meter = _METER.get()
        if meter is None or meter.inside:
            return function(*given, **named)
        meter.inside = True
        before, layer = time.thread_time(), meter.layer
        try:
            return function(*given, **named)
        finally:
            # What was taken off in between, for an encoding, stays off.
            spent = time.thread_time() - before + (meter.layer - layer)
            meter.layer = layer + spent
            meter.steps[step] = meter.steps.get(step, 0.0) + spent
            meter.inside = False

    return counted


def left_out(function: Callable[..., Any]) -> Callable[..., Any]:
    """Take the time of a function, the encoder's, off the layer's."""

    @functools.wraps(function)
    def counted(*given: Any, **named: Any) -> Any:
        before = time.thread_time()
        try:
            return function(*given, **named)
        finally:
            meter = _METER.get()
            if meter is not None and meter.inside:
                meter.layer -= time.thread_time() - before

    return counted


def functions_of_the_layer() -> dict[int, tuple[str, Callable[..., Any]]]:
    """Give the functions that make up the layer, by their identity: the step, and the function itself."""
    found = {}
    for name, module in list(sys.modules.items()):
        if name.startswith((READING, DECIDING)) and name.rpartition(".")[2] not in NO_STEPS:
            step = name.rpartition(".")[2]
            for attribute, value in vars(module).items():
                if not attribute.startswith("_") and _is_a_step(value) and value.__module__ == name:
                    found[id(value)] = (step, value)
    return found


def _is_a_step(value: object) -> bool:
    # A coroutine waits for others, and a generator is used up elsewhere.
    is_plain = not inspect.iscoroutinefunction(value) and not inspect.isgeneratorfunction(value)
    return inspect.isfunction(value) and is_plain


def instrument() -> None:
    """Put the meter on everything that is imported by now."""
    from bot.brain.components.component import WarmlineComponent
    from bot.brain.turn_run import TurnRun
    from bot.nlu.encoder.onnx_encoder import OnnxEncoder

    functions = functions_of_the_layer()
    for module in _ours():
        for attribute, value in list(vars(module).items()):
            known = functions.get(id(value))
            if known is not None:
                setattr(module, attribute, metered(*known))
    for component in _below(WarmlineComponent):
        if component.__name__ not in BESIDE_THE_LAYER and "process" in vars(component):
            setattr(component, "process", metered(component.__name__, component.process))  # noqa: B010 - typed as a method
    setattr(OnnxEncoder, "encode", left_out(OnnxEncoder.encode))  # noqa: B010 - typed as a method
    setattr(TurnRun, "run", _written(TurnRun.run))  # noqa: B010 - typed as a method


def _written(run: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(run)
    async def counted(self: Any) -> None:
        meter = Meter()
        token = _METER.set(meter)
        try:
            await run(self)
        finally:
            _METER.reset(token)
            _write(meter)

    return counted


def _write(meter: Meter) -> None:
    from bot.settings import load

    line = {"ms": round(1000 * meter.layer, 4), "steps": {name: round(1000 * s, 4) for name, s in meter.steps.items()}}
    with Path(load().var / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _ours() -> Iterator[ModuleType]:
    return (module for name, module in list(sys.modules.items()) if name.startswith("bot."))


def _below(kind: type) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _load_agent(where: Settings, model: Path, *more: Any, load: Callable[..., Agent]) -> Agent:
    # Before the model is loaded: its graph keeps the components' methods as they are then.
    import bot.brain.channel
    import bot.brain.components

    for one in pkgutil.iter_modules(bot.brain.components.__path__, "bot.brain.components."):
        importlib.import_module(one.name)
    instrument()
    return load(where, model, *more)


def main() -> int:
    """Serve as the brain does."""
    serve.load_agent = functools.partial(_load_agent, load=serve.load_agent)
    return serve.main()


if __name__ == "__main__":
    sys.exit(main())
