"""Mistakes in retrieval intents (``faq/opening``): one that no response answers, and a family that no rule answers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.nlu.intents.written import family_of
from bot.teaching.checks.conversations import Conversation
from bot.teaching.checks.domain import Domain
from bot.teaching.checks.examples import WrittenIntent
from bot.teaching.checks.findings import Findings, did_you_mean


def check_retrieval(
    intents: Sequence[WrittenIntent], conversations: Sequence[Conversation], domain: Domain, found: Findings
) -> None:
    """Note what would leave a customer without an answer, and an intent that is both a family and one by itself."""
    families = {family_of(intent.name): intent for intent in reversed(intents) if "/" in intent.name}
    done = {step.name for one in conversations for step in one.all_steps() if step.kind == "action"}
    for name, first in families.items():
        if f"utter_{name}" not in done:
            found.wrong(
                first.place,
                f"no rule says what answers {name}.",
                f"Write one in data/rules: `intent: {name}`, then `action: utter_{name}`.",
            )
    for intent in intents:
        if intent.name in families:
            found.wrong(
                intent.place,
                f"{intent.name} is a retrieval intent elsewhere ({families[intent.name].name}).",
                f"Call it {intent.name}/something, and write its response.",
            )
        response = f"utter_{intent.name}"
        if "/" in intent.name and response not in domain.responses:
            remedy = f"Write {response} under `responses`."
            near = [known for known in domain.responses if known.startswith(f"utter_{family_of(intent.name)}/")]
            found.wrong(intent.place, f"there is no response {response}.", did_you_mean(response, near, remedy))
