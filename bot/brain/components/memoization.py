"""Stories learnt by heart: Rasa's policy, which first asks whether any story could go on from here at all.

Rasa's own replays the dialogue once for each of its events before it finds that no story fits, and most turns are
rules' business: that took a third of a turn. What is predicted is the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rasa.core.policies.memoization import AugmentedMemoizationPolicy, _trim_tracker_by_max_history
from rasa.core.policies.policy import POLICY_MAX_HISTORY
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain import artefacts
from bot.brain.rasa_patches.past_states import Rest
from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.core.policies.memoization",
        "AugmentedMemoizationPolicy._recall_using_truncation",
        "04f3bbb02bd510fe512101c2208e74b2cbf6531779dd1092a7046bcd3ff1d6cc",
    ),
    Replaced(
        "rasa.core.policies.memoization",
        "AugmentedMemoizationPolicy.recall",
        "fe3d5faf6622afb887985e3caff0074a0fafee816b893d5e8a1fde99ee5b52e3",
    ),
    Replaced(
        "rasa.core.policies.memoization",
        "MemoizationPolicy._recall_states",
        "51893e5e050acb17f14b00e5b55d36c5dbd8e7864d0bbe189f79f3f2a03f0217",
    ),
    Replaced(
        "rasa.core.policies.memoization",
        "MemoizationPolicy._create_lookup_from_states",
        "8dcaf81fc9f221c38fca0d8776814154fbfacb2308556de6a6380ec897d61ed8",
    ),
)
"""Not a patch, since config.yml chooses this policy; but what it does is Rasa's, done in another order."""

Step = tuple[str, str, str]
"""Intent, last action and open form of a story's step."""

_SHAPES = "shapes.json"


def step_of(state: State) -> Step:
    """What two equal states surely share, and what truncating a dialogue never changes in its latest one."""
    user, action, loop = (state.get(part, {}) for part in ("user", "prev_action", "active_loop"))
    return str(user.get("intent")), str(action.get("action_name")), str(loop.get("name"))


def shape_of(states: Sequence[State]) -> tuple[Step, ...]:
    """The steps of a story or a dialogue: quicker to compare than all that is in its states."""
    return tuple(map(step_of, states))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class WarmlineMemoization(AugmentedMemoizationPolicy):
    """`AugmentedMemoizationPolicy`, without its search where no story ends like the dialogue at hand."""

    def __init__(self, *arguments: Any, shapes: frozenset[tuple[Step, ...]] = frozenset(), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._know(shapes)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other shapes are another memory; Rasa's training cache sees this class only."""
        return artefacts.source_fingerprint("brain/components")

    def _know(self, shapes: frozenset[tuple[Step, ...]]) -> None:
        self._shapes = shapes
        self._endings = frozenset(shape[-1] for shape in shapes)

    def _create_lookup_from_states(
        self, trackers_as_states: list[list[State]], trackers_as_actions: list[list[str]]
    ) -> dict[str, str]:
        self._know(frozenset(shape_of(states) for states in trackers_as_states if states))
        return super()._create_lookup_from_states(trackers_as_states, trackers_as_actions)

    def persist(self) -> None:
        """Write the shapes beside what Rasa writes."""
        super().persist()
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / _SHAPES).write_text(json.dumps(sorted(self._shapes)), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WarmlineMemoization:
        """Load the stories and their shapes."""
        policy = super().load(config, model_storage, resource, execution_context, **kwargs)
        with model_storage.read_from(resource) as folder:
            written = json.loads((Path(folder) / _SHAPES).read_text(encoding="utf-8"))
        policy._know(frozenset(tuple((intent, action, form) for intent, action, form in shape) for shape in written))
        return policy

    def recall(
        self, states: list[State], tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None
    ) -> str | None:
        """The next action of a story that goes on from here."""
        if not states or step_of(states[-1]) not in self._endings:
            return None
        return super().recall(states, tracker, domain, rule_only_data)

    def _recall_states(self, states: list[State]) -> str | None:
        return super()._recall_states(states) if shape_of(states) in self._shapes else None

    def _recall_using_truncation(
        self,
        old_states: list[State],
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None,
    ) -> str | None:
        """Rasa's search: forget the beginning, step by step, until what is left is a story."""
        for rest in self._rests(tracker):
            states = self._prediction_states(rest, domain, rule_only_data=rule_only_data)
            if states != old_states:
                action = self._recall_states(states)
                if action is not None:
                    return action
                old_states = states
        return None

    def _rests(self, tracker: DialogueStateTracker) -> Iterator[Rest]:
        """The dialogue from its first action on that is within reach, then from the second, and so on."""
        rest = Rest(_trim_tracker_by_max_history(tracker, self.config[POLICY_MAX_HISTORY]))
        begins = _action(rest, 0)
        while begins is not None:
            rest = rest.since(begins)
            yield rest
            begins = _action(rest, 1)


def _action(rest: Rest, number: int) -> int | None:
    """Where an action stands among the events, counted from 0."""
    actions = (place for place, event in enumerate(rest.applied_events()) if isinstance(event, ActionExecuted))
    return next(islice(actions, number, None), None)
