"""Stories learnt by heart: Rasa's policy, which first asks whether any story could go on from here at all.

Rasa's own replays the dialogue once for each of its events before it finds that no story fits, and most turns are
rules' business: that took a third of a turn. What is predicted is the same.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

Ending = tuple[str, str, str]
"""Intent, last action and open form of a story's latest step."""

_ENDINGS = "endings.json"


def ending_of(state: State) -> Ending:
    """What truncating a dialogue at its beginning never changes in its latest step; slots it may."""
    user, action, loop = (state.get(part, {}) for part in ("user", "prev_action", "active_loop"))
    return str(user.get("intent")), str(action.get("action_name")), str(loop.get("name"))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class WarmlineMemoization(AugmentedMemoizationPolicy):
    """`AugmentedMemoizationPolicy`, without its search where no story ends like the dialogue at hand."""

    def __init__(self, *arguments: Any, endings: frozenset[Ending] = frozenset(), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._endings = endings

    def _create_lookup_from_states(
        self, trackers_as_states: list[list[State]], trackers_as_actions: list[list[str]]
    ) -> dict[str, str]:
        self._endings = frozenset(ending_of(states[-1]) for states in trackers_as_states if states)
        return super()._create_lookup_from_states(trackers_as_states, trackers_as_actions)

    def persist(self) -> None:
        """Write the endings beside what Rasa writes."""
        super().persist()
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / _ENDINGS).write_text(json.dumps(sorted(self._endings)), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WarmlineMemoization:
        """Load the stories and their endings."""
        policy = super().load(config, model_storage, resource, execution_context, **kwargs)
        with model_storage.read_from(resource) as folder:
            written = json.loads((Path(folder) / _ENDINGS).read_text(encoding="utf-8"))
        policy._endings = frozenset((intent, action, form) for intent, action, form in written)
        return policy

    def recall(
        self, states: list[State], tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None
    ) -> str | None:
        """The next action of a story that goes on from here."""
        if not states or ending_of(states[-1]) not in self._endings:
            return None
        return super().recall(states, tracker, domain, rule_only_data)
