"""A component that makes the trouble a message asks for, and a small project with it and with Rasa's endless loop."""

from __future__ import annotations

import itertools
import re
import time
from collections import deque
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from tests.brain.small_project import write_project


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Troublesome(GraphComponent):
    """First in the pipeline; most messages pass it untouched."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Troublesome:
        """Rasa's way to make a component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Make trouble by what the messages say."""
        for message in messages:
            _TROUBLES.get(str(message.get("text")), _none)()
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples alone."""
        return training_data


def _none() -> None:
    pass


def _burn() -> None:
    while True:
        pass


def _match() -> None:
    re.match(r"(a|a)*b", "a" * 60)


def _sleep() -> None:
    time.sleep(600)


def _swallow() -> None:
    while True:
        try:
            _burn()
        except Exception:
            continue


def _hang() -> None:
    # Within C for good, without a look at signals and without letting go of the interpreter.
    deque(itertools.repeat(None), maxlen=0)


_TROUBLES = {
    "burn": _burn,
    "match": _match,
    "sleep": _sleep,
    "swallow": _swallow,
    "hang": _hang,
}


def write_troublesome_project(root: Path) -> None:
    """The small project, with the component and with `action_two_stage_fallback` where Rasa never leaves it."""
    write_project(root)
    _replace(root / "config.yml", "pipeline:\n", f"pipeline:\n  - name: {__name__}.Troublesome\n")
    _replace(root / "domain.yml", "intents: [greet,", "intents: [muddle, wobble, greet,")
    _replace(
        root / "domain.yml",
        "responses:\n",
        'responses:\n  utter_ask_rephrase: [{text: "Say it otherwise."}]\n',
    )
    _replace(
        root / "data" / "nlu.yml",
        "nlu:\n",
        "nlu:\n  - intent: muddle\n    metadata: {title: Muddle, kind: act}\n    examples: |\n"
        "      - muddle muddle\n      - muddle me up\n      - what a muddle\n      - muddle it\n"
        "  - intent: wobble\n    metadata: {title: Wobble, kind: act}\n    examples: |\n"
        "      - wobble wobble\n      - wobble me up\n      - what a wobble\n      - wobble it\n",
    )
    _replace(
        root / "data" / "rules.yml",
        "rules:\n",
        "rules:\n  - rule: never left\n    steps:\n      - intent: muddle\n"
        "      - action: action_two_stage_fallback\n      - active_loop: action_two_stage_fallback\n"
        "  - rule: acts and is never left\n    steps:\n      - intent: wobble\n      - action: action_fetch\n"
        "      - action: action_two_stage_fallback\n      - active_loop: action_two_stage_fallback\n",
    )


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has changed"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
