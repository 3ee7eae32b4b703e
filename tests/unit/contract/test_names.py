"""Reserved names and the names of messages are written once; everywhere else they are read from the contract."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.contract import names, schemas, trace

BOT = Path(__file__).resolve().parents[3] / "bot"

RESERVED = {
    value
    for module in (names, schemas, trace)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, str)
}

ANYBODYS = {
    *(trace.ACT, trace.ANSWER, trace.ASK_BACK, trace.UPSET, trace.DANGER, trace.TALK, trace.FEELING),
    *(names.GREET, names.THANKS, names.GOODBYE, names.HELP, names.COMPLAIN),
}
"""Words that mean many other things too: mypy guards them where they are decisions (`trace.DecisionKind`)."""

OTHER_MEANINGS = {
    ("handoff/reasons.py", names.OUT_OF_SCOPE): "a reason, part of handoff/1",
    ("handoff/reasons.py", trace.NO_ANSWER): "a reason, part of handoff/1",
    ("handoff/reasons.py", names.UPSET_CUSTOMER): "a reason, part of handoff/1",
    ("nlu/reading/clauses.py", names.STOP): "a group of a regular expression",
    ("kit/complaint.py", names.TAKES_COMPLAINT): "the action itself; the check of a company's files reads it there",
    ("gateway/desk/asked.py", names.NONE_OF_THESE): "what a customer did next, part of question/1",
}


def _literals(source: str) -> Iterator[str]:
    """Every string that stands in the code, but for documentation and for the values that a type names."""
    tree = ast.parse(source)
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
            # mypy compares these with the constants.
            passed |= {id(inner) for inner in ast.walk(node.slice)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.value


def _spelt(source: str, guarded: set[str]) -> set[str]:
    """The guarded names that a source spells out, alone or as a button's payload (``/name``, ``/name{…}``)."""
    return {text.removeprefix("/").partition("{")[0] for text in _literals(source)} & guarded


def _sources() -> list[Path]:
    found = sorted(path for path in BOT.rglob("*.py") if "node_modules" not in path.parts)
    return [path for path in found if path.relative_to(BOT).parts[0] != "contract"]


def test_a_reserved_name_is_spelt_in_the_contract_alone() -> None:
    """A name that stands in two places is changed in one of them."""
    guarded = RESERVED - ANYBODYS
    spelt = {
        (path.relative_to(BOT).as_posix(), name) for path in _sources() for name in _spelt(path.read_text(), guarded)
    }
    assert spelt == set(OTHER_MEANINGS)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('KIND = "unclear"', {"unclear"}),
        ('pressed == "/none_of_these"', {"none_of_these"}),
        ('say(f\'/knowledge_question{{"article": "{article}"}}\')', {"knowledge_question"}),
        ('"""unclear"""', set()),
        ('Kind = Literal["unclear"]', set()),
        ('say("that is unclear")', set()),
    ],
)
def test_the_guard_sees_names_and_not_words(source: str, found: set[str]) -> None:
    """It reads code, not text."""
    assert _spelt(source, RESERVED) == found


def test_what_the_arbiter_sets_is_the_products() -> None:
    """Trainers are not asked for examples of what nobody says."""
    assert {names.KNOWLEDGE_QUESTION, names.UNCLEAR, names.OUT_OF_SCOPE} <= names.SET_BY_THE_PRODUCT
    assert names.ANSWERS_TO_FORM < names.ANSWERS
