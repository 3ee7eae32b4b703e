"""Events and states are not copied for the lines of a debug log that is left out (`bot/brain/quiet.py`)."""

from __future__ import annotations

from typing import Any

import rasa.core.actions.forms
import rasa.core.policies.memoization
import rasa.core.policies.rule_policy
import rasa.core.processor

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.core.actions.forms",
        "FormAction.validate_slots",
        "cc6475502fa21cd3846292f0eac8443da36c9ac0452498cd543e26e4f04bff01",
    ),
    Replaced(
        "rasa.core.actions.forms",
        "FormAction._validate_if_required",
        "7a099010ea47e4e2436050415afbe0b8ac1002df1b6fcb9e1793ff1837c677c1",
    ),
    Replaced(
        "rasa.core.actions.forms",
        "FormAction.activate",
        "a78e4f020ce2e4a68efe1a54cf4affd503d0dc44bbee8297c5d187a9ae838c3b",
    ),
    Replaced(
        "rasa.core.policies.memoization",
        "MemoizationPolicy.predict_action_probabilities",
        "1a00244ff6e3756479d59ce0947e78f722363b74c7534bcb7b9a8c3fc9e728a1",
    ),
    Replaced(
        "rasa.core.policies.memoization",
        "AugmentedMemoizationPolicy._recall_using_truncation",
        "04f3bbb02bd510fe512101c2208e74b2cbf6531779dd1092a7046bcd3ff1d6cc",
    ),
    Replaced(
        "rasa.core.policies.rule_policy",
        "RulePolicy._find_action_from_rules",
        "a77245b5aae28ec3fef057ee8f2a6eea59e02b80e270deece3b1f5c272672165",
    ),
    Replaced(
        "rasa.core.processor",
        "MessageProcessor.run_action_extract_slots",
        "061cb9ae3f51702f7b1d32cbad6ebd2e3a14e30af52d869117a92c4d40ab517e",
    ),
    Replaced(
        "rasa.core.processor",
        "MessageProcessor._log_slots",
        "545c96b5b90877e285180b08341bd730aa7f925b099269c187cc45b1905646f8",
    ),
    Replaced(
        "rasa.core.processor",
        "MessageProcessor.parse_message",
        "716084ea5371a0dee1ee0885f770d63e72fef7b4bfacb40445d8c1d1772ef3ce",
    ),
    Replaced(
        "rasa.core.processor",
        "MessageProcessor._log_action_on_tracker",
        "a56d356cf881ca99131b0b68820042247172c8708a5d57cb541afc65ada7d179",
    ),
)
"""Every function that copies in these modules; each copies for a log line, and for nothing else."""

COPY_FOR_LINES = (
    rasa.core.actions.forms,
    rasa.core.policies.memoization,
    rasa.core.policies.rule_policy,
    rasa.core.processor,
)
"""Rasa's modules that copy for log lines."""


class _NoCopies:
    """Stands for the module `copy`."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """The value itself: nothing is written of it."""
        return value


def install() -> None:
    """Put it in the place of `copy` in these modules, in this process."""
    for module in COPY_FOR_LINES:
        module.copy = _NoCopies
