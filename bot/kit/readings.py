"""How an intent reads for a customer: its title and its articles, from the ``metadata`` beside its examples."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot import core
from bot.nlu.intents.written import IntentAsWritten as IntentTitle
from bot.nlu.intents.written import contents, intents_written

__all__ = ["IntentTitle", "load_titles"]


def load_titles(root: Path) -> Mapping[str, IntentTitle]:
    """Every intent that has examples in a company's folder, wherever Rasa reads them, and Warmline's own.

    Not retrieval intents (``faq/opening``): a button cannot ask for one. A broken file is a :class:`ContentError`.
    """
    # One by one: of an intent that stands in both, the company's title counts, which is read later.
    read = [*contents(core.examples_file()), *contents(root / "data", root / "domain.yml", root / "domain")]
    return {name: intent for name, intent in intents_written(read).items() if "/" not in name}
