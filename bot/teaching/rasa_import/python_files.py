"""A project's actions: copied as they are, read and never run."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.contract.names import VALIDATES_SLOTS
from bot.errors import ContentError, Place
from bot.teaching.checks.domain import RASAS_ACTIONS, Domain
from bot.teaching.checks.findings import Findings
from bot.teaching.checks.python_actions import PACKAGE, PythonActions, read_actions
from bot.teaching.rasa_import.files import Found
from bot.teaching.rasa_import.product import ProductCore
from bot.teaching.rasa_import.report import Notes

PROVIDED = frozenset({"rasa_sdk", "bot", PACKAGE})
"""What every action may import, besides Python's own modules."""

_SECRET = re.compile(r"(^\.env|secret|credential|password|\.pem$|\.key$|\.p12$|\.pfx$|id_rsa)", re.IGNORECASE)
"""Names of files that hold secrets rather than data."""

_FORM_ACTION = "Rasa 1's forms are gone: list the slots in the domain, and check them in a FormValidationAction."
_IN_VAIN = {
    "ConversationPaused": "the assistant falls silent when a person takes over: hand over with action_hand_to_human.",
    "ConversationResumed": "a conversation comes back when the agent gives it back.",
    "Restarted": "it would forget what the product knows of the conversation: set the slots to None instead.",
    "AllSlotsReset": "it would empty the product's own slots, too: set yours to None instead.",
}
"""Events that an action may send, and what they mean here."""


def read_python(files: Sequence[Found], notes: Notes) -> PythonActions:
    """Read the actions with `ast`; what is no Python is said."""
    found = Findings()
    # The checks walk through a folder: one in which there is nothing but what may be read.
    with TemporaryDirectory() as folder:
        for one in files:
            if one.shown.suffix == ".py":
                copy = Path(folder) / one.shown
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(one.path.read_bytes())
        actions = read_actions(Path(folder), Path(folder), found)
    for error in found.mistakes:
        if isinstance(error, ContentError):
            notes.to_do(error.place, error.what, error.remedy)
    return actions


def target_of(found: Found) -> Path:
    """Where a file of the actions goes: ``actions.py`` becomes a module of the package."""
    return found.shown if found.shown.parts[0] == PACKAGE else Path(PACKAGE) / found.shown


def choose_python(files: Sequence[Found], notes: Notes) -> list[Found]:
    """The files that are copied; what looks like a secret is not."""
    chosen: list[Found] = []
    for one in files:
        if _SECRET.search(one.shown.name):
            remedy = "Give the action what it needs by an environment variable."
            notes.left_out(Place(one.shown), "this looks like a secret, and is not copied.", remedy)
            continue
        chosen.append(one)
        if one.shown.suffix == ".py":
            notes.taken(Place(one.shown), f"copied as it is to {target_of(one).as_posix()}; none of it was run.")
            _note_source(one, notes)
        elif one.shown.name.startswith("requirements"):
            remedy = "Name in requirements.txt of this folder what is needed; `make` installs it."
            notes.to_do(Place(one.shown), "the actions ask for packages of their own.", remedy)
        else:
            notes.taken(Place(one.shown), "copied as it is, beside the actions.")
    return chosen


def note_actions(domain: Domain, python: PythonActions, core: ProductCore, notes: Notes) -> None:
    """Say which actions have no Python, and which take the place of one of the product's."""
    for name, place in domain.actions.items():
        if name in RASAS_ACTIONS or name in domain.forms or name in domain.responses or name in core.actions:
            continue
        if name.startswith("utter_"):
            what = f"{name} stands under `actions`, and there is no response of that name."
            notes.to_do(place, what, f"Write {name} under `responses`, or remove it.")
        elif not python.has(name):
            what = f"no class in {PACKAGE}/ is called {name}."
            notes.to_do(place, what, "Copy the file that has it into actions/, or remove the name from the domain.")
    for name, place in python.named.items():
        if not place.path.is_absolute() and name in core.actions:
            what = f"{name} is also an action of the product; this one takes its place."
            notes.to_do(place, what, "Give it another name if that is not meant.")
        elif not place.path.is_absolute() and name in RASAS_ACTIONS and name != VALIDATES_SLOTS:
            what = f"{name} is Rasa's own name; conversations here begin, end and start again in the gateway."
            notes.to_do(place, what, "Give it another name, and a rule, if it is still needed.")


def _note_source(one: Found, notes: Notes) -> None:
    try:
        tree = ast.parse(one.path.read_bytes())
    except (SyntaxError, ValueError, RecursionError):
        return  # said by :func:`read_python`
    for name, line in _imported(tree):
        place = Place(one.shown, line)
        if name == "rasa":
            remedy = "Take from rasa_sdk what there is, and write the rest yourself."
            notes.to_do(place, "an action imports rasa itself, which is only there by accident.", remedy)
        elif name not in PROVIDED and name not in sys.stdlib_module_names:
            remedy = "Name it in requirements.txt of this folder, or copy it into actions/ if it is the project's own."
            notes.to_do(place, f"an action imports {name}, which is not part of the product.", remedy)
    for node in ast.walk(tree):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name == "FormAction":
            notes.to_do(Place(one.shown, node.lineno), f"{name} is used here.", _FORM_ACTION)  # type: ignore[attr-defined]
        elif name in _IN_VAIN:
            notes.to_do(Place(one.shown, node.lineno), f"{name} is sent here: {_IN_VAIN[name]}", "")  # type: ignore[attr-defined]


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    for node in ast.walk(tree):
        names: Collection[str] = ()
        if isinstance(node, ast.Import):
            names = [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names = [node.module.split(".")[0]]
        for name in names:
            if name not in seen:
                seen.add(name)
                yield name, node.lineno  # type: ignore[attr-defined]
