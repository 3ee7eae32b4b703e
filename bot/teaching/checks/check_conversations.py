"""Mistakes in rules and stories: unknown names, rules with more than one message, and intents with no rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.contract.names import OUT_OF_SCOPE, SET_BY_THE_PRODUCT
from bot.errors import Place
from bot.nlu.intents.written import family_of
from bot.teaching.checks.conversations import Conversation, Step
from bot.teaching.checks.domain import RASAS_INTENTS, Domain
from bot.teaching.checks.findings import Findings, did_you_mean

TWO_STAGES = "action_two_stage_fallback"
LEADS_TO_TWO_STAGES = frozenset({"nlu_fallback", OUT_OF_SCOPE})
"""Under any other intent it takes its own question for answered, takes the message back and starts again, for ever
(`rasa.core.actions.two_stage_fallback.TwoStageFallbackAction.is_done`)."""


def check_names(
    conversations: Sequence[Conversation], domain: Domain, python: Collection[str], found: Findings
) -> None:
    """Note every name that the domain does not know; ``python`` are the actions that exist in Python."""
    for conversation in conversations:
        for step in conversation.all_steps():
            _check_step(step, conversation, domain, python, found)


def _check_step(
    step: Step, conversation: Conversation, domain: Domain, python: Collection[str], found: Findings
) -> None:
    where = f"{conversation.kind} “{conversation.name}”"
    if step.kind == "action" and step.name not in domain.all_actions:
        _unknown_action(step, where, domain, python, found)
    elif step.kind == "intent" and step.name.split("/")[0] not in domain.all_intents:
        remedy = f"Add {step.name} to `intents` in the domain."
        found.wrong(
            step.place, f"{where} uses the unknown intent {step.name}.", did_you_mean(step.name, domain.intents, remedy)
        )
    elif step.kind == "intent" and "/" in step.name:
        family = family_of(step.name)
        remedy = f"Write `intent: {family}`, then `action: utter_{family}`: it says the response of what was read."
        found.wrong(step.place, f"{where} uses {step.name}, but rules and stories only see {family}.", remedy)
    elif step.kind == "slot" and step.name not in domain.all_slots:
        remedy = f"Add {step.name} to `slots` in the domain."
        found.wrong(
            step.place, f"{where} uses the unknown slot {step.name}.", did_you_mean(step.name, domain.slots, remedy)
        )
    elif step.kind == "loop" and step.set and step.name not in {*domain.forms, *domain.actions, TWO_STAGES}:
        remedy = f"Add {step.name} to `forms` in the domain."
        found.wrong(
            step.place, f"{where} uses the unknown form {step.name}.", did_you_mean(step.name, domain.forms, remedy)
        )
    for entity, place in step.entities:
        if entity not in domain.entities:
            remedy = f"Add {entity} to `entities` in the domain."
            found.wrong(
                place, f"{where} uses the unknown entity {entity}.", did_you_mean(entity, domain.entities, remedy)
            )


def _unknown_action(step: Step, where: str, domain: Domain, python: Collection[str], found: Findings) -> None:
    if step.name in python:
        what = f"{where} uses {step.name}, which exists in Python, but not in the domain."
        found.wrong(step.place, what, f"Add {step.name} to `actions` in the domain.")
        return
    known = domain.all_actions | set(python)
    if step.name.startswith("utter_"):
        remedy = f"Write {step.name} under `responses` in the domain."
        found.wrong(
            step.place, f"{where} uses the unknown response {step.name}.", did_you_mean(step.name, known, remedy)
        )
    else:
        remedy = f"Add {step.name} to `actions` in the domain, and its class to the actions in Python."
        found.wrong(step.place, f"{where} uses the unknown action {step.name}.", did_you_mean(step.name, known, remedy))


def check_rules(conversations: Iterable[Conversation], found: Findings) -> None:
    """Note rules with more than one message of the customer, which Rasa refuses without saying where they stand."""
    for rule in conversations:
        if rule.kind == "rule":
            said = [step for step in rule.steps if step and step[0].kind in ("intent", "user")]
            if len(said) > 1:
                what = f"rule “{rule.name}” has {len(said)} messages of the customer; a rule has one."
                found.wrong(said[1][0].place, what, "Write it as a story.")


def check_two_stages(conversations: Iterable[Conversation], found: Findings) -> None:
    """Note `action_two_stage_fallback` where it would never come to an end."""
    for conversation in conversations:
        heard: tuple[Step, ...] = ()
        for step in conversation.steps:
            if step and step[0].kind in ("intent", "user"):
                heard = step
            if not any(one.kind == "action" and one.name == TWO_STAGES for one in step):
                continue
            for intent in heard:
                if intent.name == OUT_OF_SCOPE:
                    found.remark(
                        step[0].place,
                        f"{conversation.kind} “{conversation.name}” uses {TWO_STAGES} after {intent.name}: it asks for "
                        "other words again and again, and never gives up.",
                        "Rasa counts nlu_fallback only. Use action_not_understood, which hands over the second time.",
                    )
                elif intent.name not in LEADS_TO_TWO_STAGES:
                    found.wrong(
                        step[0].place,
                        f"{conversation.kind} “{conversation.name}” uses {TWO_STAGES} after {intent.name}, "
                        "where it would loop for ever and never answer.",
                        "It only works after nlu_fallback. Use a response that says you did not understand.",
                    )


def check_intents_used(
    domain: Domain,
    examples: dict[str, tuple[Place, str | None]],
    used: Collection[str],
    sent: Collection[str],
    found: Findings,
) -> None:
    """Note intents that lead nowhere.

    Args:
        domain: What there is.
        examples: The intents with examples: where they stand, and their ``kind``.
        used: The intents that rules, stories, forms and slots ask for.
        sent: The intents that buttons and Python send.
        found: Where to note it.
    """
    ours = SET_BY_THE_PRODUCT | RASAS_INTENTS
    for intent, place in domain.intents.items():
        if intent in ours or "/" in intent:
            continue
        if intent not in examples and intent not in used and intent not in sent:
            undeclared = set(examples) - set(domain.intents)
            found.wrong(
                place,
                f"the intent {intent} has neither examples nor a rule.",
                did_you_mean(intent, undeclared, "Write examples in data/nlu, or remove it from the domain."),
            )
        elif intent not in examples and intent not in sent:
            found.remark(
                place,
                f"the intent {intent} has no examples, and no button sends it, so its rules can never apply.",
                "Write examples in data/nlu.",
            )
        elif intent in examples and intent not in used and examples[intent][1] == "act":
            found.remark(
                examples[intent][0],
                f"no rule or story handles {intent}: customers would be told that they were not understood.",
                "Write a rule in data/rules, or `kind: fact` where an article answers.",
            )
