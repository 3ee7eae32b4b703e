"""Actions of the domain that nobody wrote, checks of forms that nobody calls, and responses that nobody says."""

from __future__ import annotations

import re

from bot.contract.names import VALIDATES, VALIDATES_SLOTS
from bot.teaching.checks.check_conversations import TWO_STAGES
from bot.teaching.checks.check_domain import questions
from bot.teaching.checks.domain import RASAS_ACTIONS, Domain
from bot.teaching.checks.findings import Findings, did_you_mean
from bot.teaching.checks.joined_core import WARMLINES_OWN
from bot.teaching.checks.python_actions import PythonActions

_RESPONSE = re.compile(r"utter_[a-z]\w+")

SAID_BY_RASA = frozenset({"utter_default", "utter_ask_rephrase", "utter_restart", "utter_iamabot", "utter_goodbye"})
"""Responses that Rasa's own actions say without being asked."""


def check_actions(domain: Domain, python: PythonActions, found: Findings) -> None:
    """Note what the domain and the sources of the actions say of each other."""
    if not python.there:
        return  # the actions are somewhere else
    for action, place in domain.actions.items():
        if action in {*domain.forms, *domain.responses, *domain.retrieval_actions}:
            continue
        if action.startswith("utter_"):
            remedy = f"Write {action} under `responses`, or remove it from `actions`."
            what = f"{action} is listed under `actions`, but there is no response of that name."
            found.wrong(place, what, did_you_mean(action, domain.responses, remedy))
        elif action in RASAS_ACTIONS and not python.has(action):
            # Rasa looks for a company's own action first, and the action server has none of that name.
            what = f"{action} is Rasa's own, and listed here it stands for a class in actions/, which is not there."
            found.wrong(place, what, f"Remove {action} from `actions`, or write a class whose name() it is.")
        elif not python.has(action):
            names = [name for name in python.named if name.startswith(("action_", VALIDATES))]
            remedy = f"Write a class whose name() is {action}, or remove it from the domain."
            found.wrong(place, f"no class in actions/ is called {action}.", did_you_mean(action, names, remedy))
    if TWO_STAGES in python.texts:
        what = f"{TWO_STAGES} is named here; after any intent but nlu_fallback it would loop for ever and never answer."
        found.remark(python.texts[TWO_STAGES], what, "Say in a response of your own that you did not understand.")
    checks = {f"{VALIDATES}{form}": "checks a form" for form in domain.forms}
    checks[VALIDATES_SLOTS] = "checks what messages fill"
    for check, does in checks.items():
        if check in python.named and check not in domain.actions:
            found.remark(
                python.named[check],
                f"{check} {does}, but Rasa only calls it if the domain lists it.",
                f"Add {check} to `actions` in the domain.",
            )


def check_said(domain: Domain, python: PythonActions, found: Findings) -> None:
    """Note responses that actions say and the domain does not have: the customer would hear nothing."""
    said = {**python.texts}
    for action, texts in python.kit_texts.items():
        if action in domain.actions and action not in python.texts:  # what a company writes anew says other things
            said.update({text: domain.actions[action] for text in texts if text not in said})
    for text, place in said.items():
        if not _RESPONSE.fullmatch(text) or text in domain.responses or text in domain.actions:
            continue
        if text.endswith("_") or any(name.startswith(text) for name in domain.responses):
            continue  # an ending is put to it
        remedy = f"Write {text} under `responses` in the domain."
        found.remark(place, f"the domain has no response {text}.", did_you_mean(text, domain.responses, remedy))


def check_responses(domain: Domain, said: set[str], python: PythonActions, found: Findings) -> None:
    """Note responses that nobody says; ``said`` are those of rules, stories and the configuration."""
    asked = {name for form, what in domain.forms.items() for slot, _ in what.slots for name in questions(form, slot)}
    for name, response in domain.responses.items():
        if name in said or name in asked or name in SAID_BY_RASA or python.speaks_of(name):
            continue
        if response.place.path.is_relative_to(WARMLINES_OWN):
            continue  # a company's rule may have taken the place of the one that says it
        if any(text and len(text) > len("utter_") and name.startswith(text) for text in python.all_texts()):
            continue  # an action may put an ending to it
        if "/" not in name:
            found.remark(
                response.place, f"{name} is never used, by a rule, a story or an action.", "Use it or delete it."
            )
