"""Finds the rules that fit a dialogue by the step that they end with, instead of trying them all.

`RulePolicy` asks of each rule at each moment of the dialogue whether it fits. Here only those are asked whose last step
has the dialogue's last action and intent, and only as far back as rules go. Whether one fits, Rasa says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.core.policies.rule_policy",
        "RulePolicy._get_possible_keys",
        "2e1f2503cec2370d4a093865400e4fe696c08cb52a0ce3b498667e321cab5d02",
    ),
    Replaced(
        "rasa.core.policies.rule_policy",
        "RulePolicy._is_rule_applicable",
        "bcfd1178fabc68756c0a3e209cb0bda6f91ea0009df26ed4ee9cc6ba64708866",
    ),
    Replaced(
        "rasa.core.policies.rule_policy",
        "RulePolicy._rule_key_to_state",
        "4950ac7976fc7b7c996f8592675f06816d1351aa8d7baaab965fae1774fa18a3",
    ),
)

_Step = tuple[str | None, str | None]
"""An action and an intent; None where a rule asks for none in particular."""

_KNOWN = "_warmline_rules"
"""The attribute of a policy that holds its sorted rules: lookup's identity to the lookup and its :class:`_Rules`."""


class _Rules:
    """A lookup's rules, by their last step."""

    def __init__(self, lookup: Mapping[str, str]) -> None:
        self.reach = 0
        """Steps of the longest rule."""
        self._by_step: dict[_Step, list[str]] = {}
        for key in lookup:
            states = RulePolicy._rule_key_to_state(key)
            self.reach = max(self.reach, len(states))
            self._by_step.setdefault(_asked(states[-1]), []).append(key)
        self._all = set(lookup)

    def that_may_end_with(self, state: State) -> set[str]:
        """Every rule that fits this state as its last one, and perhaps others."""
        action, intent = (state.get(part, {}).get(name) for part, name in _PARTS)
        if not action:
            return set(self._all)
        return {key for a in {action, None} for i in {intent, None} for key in self._by_step.get((a, i), ())}


_PARTS = ((PREVIOUS_ACTION, ACTION_NAME), (USER, INTENT))


def _asked(state: State) -> _Step:
    action, intent = (_demand(state.get(part, {}).get(name)) for part, name in _PARTS)
    return action, intent


def _demand(value: Any) -> str | None:
    """A rule's demand of one value; an empty one, or the demand that there be none, leaves all others open."""
    return value if isinstance(value, str) and value and value != SHOULD_NOT_BE_SET else None


_RASAS_OWN = RulePolicy._get_possible_keys


def get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: Sequence[State]) -> set[str]:
    """Rasa's `RulePolicy._get_possible_keys`: the keys of the rules that fit the dialogue."""
    if not states:
        return set(lookup)
    rules = _rules_of(self, lookup)
    fitting = rules.that_may_end_with(states[-1])
    # Before its first step a rule asks for nothing.
    for back, state in enumerate(reversed(states[-rules.reach :] if rules.reach else ())):
        fitting = {key for key in fitting if self._is_rule_applicable(key, back, state)}
    return fitting


def _rules_of(policy: RulePolicy, lookup: dict[str, str]) -> _Rules:
    known = policy.__dict__.setdefault(_KNOWN, {})
    if id(lookup) not in known:
        known[id(lookup)] = lookup, _Rules(lookup)
    return known[id(lookup)][1]


def install() -> None:
    """Put it in the place of Rasa's own, in this process."""
    RulePolicy._get_possible_keys = get_possible_keys
