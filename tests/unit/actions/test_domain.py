"""What the actions and ``domain.yml`` say of each other."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import yaml

from actions.company import SENSITIVE, TOLD
from bot import core
from bot.kit.answer_question import OFFER
from bot.kit.base import CompanyAction

ROOT = Path(__file__).resolve().parents[3]
OWN, BROUGHT = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in (ROOT / "domain.yml", core.domain_file()))
DOMAIN: dict[str, Any] = {
    "forms": OWN["forms"],
    "slots": {**BROUGHT["slots"], **OWN["slots"]},
    "responses": {**BROUGHT["responses"], **OWN["responses"]},
    "intents": [*OWN["intents"], *BROUGHT["intents"]],
    "actions": [*OWN["actions"], *BROUGHT["actions"]],
}
"""What is trained: the company's domain, and what Warmline brings."""
TOLD_IN = "utter_other_language_"
FORMS = {name: tuple(form["required_slots"]) for name, form in DOMAIN["forms"].items()}
LANGUAGES = [name[len(TOLD_IN) :] for name in DOMAIN["responses"] if name.startswith(TOLD_IN)]
SOURCES = {path: path.read_text() for folder in ("actions", "bot/kit") for path in (ROOT / folder).glob("*.py")}


def _actions(kind: type[CompanyAction] = CompanyAction) -> set[type[CompanyAction]]:
    found: set[type[CompanyAction]] = set()
    for child in kind.__subclasses__():
        found |= {child} | _actions(child)
    return {action for action in found if hasattr(action, "action_name")}


def _import_all() -> None:
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("bot.kit")
    executor.register_package("actions")


def test_the_domain_names_the_actions_that_exist() -> None:
    """None is missing on either side."""
    _import_all()
    assert sorted({action.action_name for action in _actions()}) == sorted(DOMAIN["actions"])


def test_only_booking_and_returning_write() -> None:
    """A shadow turn may run everything else."""
    _import_all()
    writing = {action.action_name for action in _actions() if not action.read_only}
    assert writing == {"action_book_technician", "action_return_item"}


def test_every_slot_of_a_customer_exists() -> None:
    """Also those that the desk masks."""
    assert set(TOLD) <= set(DOMAIN["slots"])
    assert set(TOLD) >= SENSITIVE


def test_no_slot_influences_the_conversation() -> None:
    """Rules look at intents and forms; a forgotten flag would make them miss."""
    assert [name for name, slot in DOMAIN["slots"].items() if slot["influence_conversation"]] == []


def test_every_response_that_an_action_says_exists() -> None:
    """A missing one would be silence."""
    said = {name for source in SOURCES.values() for name in re.findall(r"\"(utter_\w+[^\W_])\"", source)}
    said |= {f"utter_hint_{slot}" for slots in FORMS.values() for slot in slots}
    said |= {"utter_not_understood_at_all", "utter_no_answer_at_all"}
    assert said - set(DOMAIN["responses"]) - {OFFER} == set()


def test_every_response_is_said_by_somebody() -> None:
    """By a rule, a story, an action or a form; dead text misleads trainers."""
    files = [path for folder in ("rules", "stories") for path in (ROOT / "data" / folder).glob("*")]
    rules = "".join(path.read_text() for path in (core.rules_file(), *files))
    texts = "".join(SOURCES.values()) + rules
    asked = {f"utter_ask_{form}_{slot}" for form, slots in FORMS.items() for slot in slots}
    hints = {f"utter_hint_{slot}" for slots in FORMS.values() for slot in slots}
    suffixed = {"utter_not_understood_at_all", "utter_no_answer_at_all"}
    foreign = {f"utter_{what}_{code}" for what in ("other_language", "handing_over") for code in LANGUAGES}
    offers = {f"{OFFER}{intent}" for intent in DOMAIN["intents"] if isinstance(intent, str)}
    reasons = {f"utter_why_{slot}" for slots in FORMS.values() for slot in slots}
    said = {name.removeprefix("utter_") for name in DOMAIN["responses"]}
    reasons |= {f"utter_{what}_{name}" for what in ("why", "ways_on") for name in said}
    known = asked | hints | reasons | suffixed | foreign | offers
    unused = {name for name in DOMAIN["responses"] if name not in texts} - known
    assert unused == set()


def test_every_language_that_customers_are_told_in_has_its_sentences_and_a_button() -> None:
    """The button fetches a person, whatever it is called."""
    assert len(LANGUAGES) >= 14
    for code in LANGUAGES:
        assert DOMAIN["responses"][f"utter_handing_over_{code}"][0]["text"]
        (told,) = DOMAIN["responses"][f"utter_other_language_{code}"]
        (button,) = told["buttons"]
        assert button["payload"] == "/ask_for_person"
        assert button["title"] != "Talk to a person"


def test_every_form_asks_for_every_slot() -> None:
    """By a response or by an action."""
    for form, slots in FORMS.items():
        for slot in slots:
            assert f"utter_ask_{form}_{slot}" in DOMAIN["responses"] or f"action_ask_{form}_{slot}" in DOMAIN["actions"]


def test_importing_an_action_does_nothing() -> None:
    """No module opens a file or a database at its top level; rasa-sdk imports them all."""
    for path, source in SOURCES.items():
        for statement in ast.parse(source).body:
            calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
            names = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                assert not names & {"open", "connect", "load", "read_text"}, path
