"""The product knows nothing of the reference: no slot, form, action, product or name of it stands in ``bot/``.

What the reference is called and sells is read from the files at the repository's root; documentation may use it to
illustrate.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.contract import names
from bot.contract.kinds import KINDS

ROOT = Path(__file__).resolve().parents[3]
BOT = ROOT / "bot"

CORES = {
    *("last_question", "parked_forms", "offered_form", "missed_question", "not_understood", "upset_handed_over"),
    "article",
}
"""Slots and entities of the reference's domain that belong to the product: each company's domain has them."""

OTHER_MEANINGS = {
    ("gateway/desk/audit.py", "reset_password"): "what a supervisor does to an account",
    ("nlu/languages/english_short_forms.yml", "appointment"): "an English word that people shorten",
}

DOCUMENTS = (".yml", ".json")
NOT_OURS = {"built", "node_modules", "__pycache__", "starter"}
"""What `warmline init` writes is looked at where it is written (tests/unit/commands/test_init.py)."""


def _written(name: str) -> dict:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def _keys(listed: list) -> set[str]:
    return {one if isinstance(one, str) else next(iter(one)) for one in listed}


def _kits_actions() -> set[str]:
    """The actions that the product brings, by what its classes call them."""
    return {
        statement.value.value
        for path in (BOT / "kit").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign))
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    }


@cache
def _examples_names() -> frozenset[str]:
    domain = _written("domain.yml")
    actions = {name for name in domain["actions"] if not name.startswith("utter_")}
    reserved = {value for value in vars(names).values() if isinstance(value, str)}
    named = {*domain["slots"], *domain["forms"], *domain["intents"], *_keys(domain["entities"]), *actions}
    return frozenset(named - reserved - set(KINDS) - CORES - _kits_actions())


@cache
def _examples_words() -> frozenset[str]:
    """What the company is called, and what it sells."""
    sold = [
        line.removeprefix("- ").strip().lower()
        for section in _written("data/nlu/entities.yml")["nlu"]
        if section.get("lookup") == names.PRODUCT
        for line in section["examples"].splitlines()
    ]
    return frozenset({str(_written("config.yml")["assistant_id"]), *sold})


@cache
def _pattern() -> re.Pattern[str]:
    """Its words, and its names of several words; a name of one word counts only as the whole of a text."""
    long = {name for name in _examples_names() if "_" in name}
    any_of = "|".join(map(re.escape, sorted(long | _examples_words(), key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{any_of})s?(?!\w)", re.IGNORECASE)


def found_in(text: str) -> set[str]:
    """The names of the reference in one text."""
    whole = {text.removeprefix("/")} & _examples_names()
    return whole | {match.group().lower() for match in _pattern().finditer(text)}


def _literals(source: str) -> Iterator[str]:
    """Every string that stands in the code, but for documentation."""
    tree = ast.parse(source)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def _scalars(document: str) -> Iterator[str]:
    """Every key and value of a YAML or JSON file; comments are none."""
    for event in yaml.parse(document, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.ScalarEvent):
            yield event.value


def _texts() -> Iterator[tuple[str, str]]:
    for path in sorted(BOT.rglob("*")):
        if path.is_file() and not NOT_OURS & set(path.parts):
            read = _literals if path.suffix == ".py" else _scalars if path.suffix in DOCUMENTS else None
            for text in read(path.read_text(encoding="utf-8")) if read is not None else ():
                yield path.relative_to(BOT).as_posix(), text


def test_no_name_of_the_reference_stands_in_the_product() -> None:
    """A company puts its own files in the place of the reference's, and changes nothing here."""
    assert {(path, name) for path, text in _texts() for name in found_in(text)} == set(OTHER_MEANINGS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("order_number", {"order_number"}),
        ("/book_technician", {"book_technician"}),
        ("action_ask_track_order_form_order_number", {"action_ask_track_order_form_order_number"}),
        ("no (?:machine|fridge|hob)", {"fridge", "hob"}),
        ("Ask Larkfield", {"larkfield"}),
        ("problem", {"problem"}),
        ("what is the problem?", set()),
        ("postcode", set()),
        ("parked_forms", set()),
        ("last_question", set()),
        ("the overnight ovenware", set()),
    ],
)
def test_the_guard_sees_the_references_names_and_nobody_elses(text: str, found: set[str]) -> None:
    """Kinds of values, the product's own slots and ordinary words are everybody's."""
    assert found_in(text) == found


def test_the_guard_reads_what_the_reference_has() -> None:
    """Without names it would find nothing anywhere."""
    assert {"order_number", "book_technician_form", "action_track_order", "wanted_collection"} <= _examples_names()
    assert {"larkfield", "dishwasher", "kestrel"} <= _examples_words()
