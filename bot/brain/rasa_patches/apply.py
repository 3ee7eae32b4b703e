"""Puts the patches in place, each in its file: the only module that does.

What Rasa decides, answers and refuses stays the same, except that variables of the environment are not put into what
trainers write. `tests/brain/test_rasa_patches.py` compares each patch with what it replaces, and
`tests/brain/test_stories_with_patches.py` predicts stories with all of them and with none. `without_tensorflow` comes
before Rasa is imported, so whoever starts a process decides about it (`docs/decisions/0003-without-tensorflow.md`).
"""

from __future__ import annotations

from rasa.core.agent import Agent

from bot.brain.rasa_patches import (
    answers_of_actions,
    applied_events,
    copies_for_log_lines,
    copies_of_slots,
    empty_domain,
    environment_variables,
    past_states,
    reminders,
    rules_by_step,
    states_in_words,
)
from bot.brain.rasa_patches.straight_line import StraightLineRunner


def for_training() -> None:
    """Patch a process that trains: it runs Rasa as it is, but for what trainers write."""
    environment_variables.install()


def for_serving() -> None:
    """Patch a process that serves, where nobody reads a debug log."""
    environment_variables.install()
    answers_of_actions.install()
    states_in_words.install()
    copies_for_log_lines.install()
    copies_of_slots.install()
    empty_domain.install()
    applied_events.install()
    past_states.install()
    rules_by_step.install()
    reminders.install()


def to_loaded(agent: Agent) -> None:
    """Let a loaded model run without dask."""
    agent.processor.graph_runner = StraightLineRunner.of(agent.processor.graph_runner)
