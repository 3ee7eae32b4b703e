"""``python -m tests.brain.predicted_stories MODEL STORIES patched|plain``: what comes next at each step, as JSON.

A process of its own, since a patch cannot be taken back. The last line is the list of dialogues, each with its steps:
the action that was predicted, by which policy, how surely, the slots and the form at that moment, and
what is told (a rule tells no whole dialogue).
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

Step = dict[str, Any]


async def predicted(model: Path, stories: Path, *, patched: bool) -> list[list[Step]]:
    """Go through each story and ask the model before each of its actions."""
    from rasa.core.agent import Agent
    from rasa.core.test import _create_data_generator

    from bot.brain.rasa_patches import apply

    if patched:
        apply.for_serving()
    agent = Agent.load(str(model))
    if patched:
        apply.to_loaded(agent)
    found = []
    for tests in (True, False):  # Rasa reads test stories from files with the name of such, rules from all others
        found += _create_data_generator(str(stories), agent, None, tests).generate()
    found.sort(key=lambda tracker: tracker.sender_id)
    return [_steps(agent, tracker) for tracker in found]


def _steps(agent: Any, story: Any) -> list[Step]:
    """Tell the story again as it goes, whatever is predicted."""
    from rasa.core.test import emulate_loop_rejection
    from rasa.shared.core.events import ActionExecuted
    from rasa.shared.core.trackers import DialogueStateTracker

    told = DialogueStateTracker(story.sender_id, agent.domain.slots)
    steps = []
    for event in story.events:
        if isinstance(event, ActionExecuted):
            step = _step(agent, told)
            if step["action"] != event.action_name and step["action"] == told.active_loop_name:
                # The open form looks at a message first, and turns down what is none of its answers.
                emulate_loop_rejection(told)
                steps.append(step)
                step = _step(agent, told)
            steps.append({**step, "told": None if story.is_rule_tracker else event.action_name})
        told.update(event, agent.domain)
    return [*steps, _step(agent, told)]


def _step(agent: Any, told: Any) -> Step:
    # By its first event a dialogue has an action to follow, which Rasa takes without asking the policies.
    told.clear_followup_action()
    prediction = agent.processor._predict_next_with_tracker(told)
    return {
        "action": agent.domain.action_names_or_texts[prediction.max_confidence_index],
        "policy": prediction.policy_name,
        "confidence": prediction.max_confidence,
        "hides": bool(prediction.hide_rule_turn),
        "sets": [_without_time(event.as_dict()) for event in prediction.events],
        "slots": {name: slot.value for name, slot in told.slots.items()},
        "form": told.active_loop_name,
    }


def _without_time(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "timestamp"}


def main() -> int:
    """Print the list on the last line."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    from bot.brain.rasa_patches import without_tensorflow

    without_tensorflow.install()
    from bot import settings
    from bot.brain import artefacts
    from tests.brain.small_project import WordEncoder

    model, stories, how = sys.argv[1:]
    # No message is read here, so which encoder reads is all one; but a model refuses another than its own.
    built = (settings.load().encoder / "manifest.json").is_file()
    encoder = WordEncoder(artefacts.encoder_fingerprint()) if built else WordEncoder()
    artefacts.encoder = lambda: encoder
    artefacts.encoder_fingerprint = lambda: encoder.fingerprint
    result = asyncio.run(predicted(Path(model), Path(stories), patched=how == "patched"))
    print(json.dumps(result, sort_keys=True, default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main())
