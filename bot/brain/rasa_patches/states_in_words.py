"""States are not described in words for a log line that is left out (`bot/brain/quiet.py`)."""

from __future__ import annotations

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import State

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.core.policies.policy",
        "Policy.format_tracker_states",
        "65fe60d330f81d130315203746b8125b6e5338d8f42ad78cdc62677c2f56b0b1",
    ),
    Replaced(
        "rasa.core.policies.rule_policy",
        "RulePolicy._find_action_from_rules",
        "a77245b5aae28ec3fef057ee8f2a6eea59e02b80e270deece3b1f5c272672165",
    ),
)
"""The second one asks the first for a log line, and for nothing else."""


def _no_line(states: list[State]) -> str:
    """No description."""
    return ""


def install() -> None:
    """Put it in the place of Rasa's own, in this process."""
    RulePolicy.format_tracker_states = staticmethod(_no_line)
