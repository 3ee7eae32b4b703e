"""What ``data/nlu`` promises: examples that are complete, distinct, well marked and true. Needs no Rasa."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frontmatter
import pytest
import yaml

from bot import core

ROOT = Path(__file__).parents[3]
FILES = [core.examples_file(), *sorted((ROOT / "data" / "nlu").glob("*.yml"))]
"""What is trained: Warmline's own examples, and the company's."""
CORES = core.examples_file().name
DOMAINS = (core.domain_file(), ROOT / "domain.yml")
ARTICLES = ROOT / "knowledge_index" / "articles"

# What the reference assistant was promised to have; below them a classifier learns wording instead of meaning.
FEWEST_INTENTS = 45
FEWEST_EXAMPLES = 20
FEWEST_OUT_OF_SCOPE = 200

# Rasa's short annotation, [words](entity); the long one, [words]{"entity": …}, is not used in these files.
ANNOTATION = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<entity>[^)]+)\)")
ORDER_NUMBER = re.compile(r"\b(?:LF[ -]?)?(\d{7})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Intent:
    """One ``- intent:`` block of a file."""

    name: str
    file: str
    metadata: dict[str, Any]
    examples: tuple[str, ...]


def _lines(block: str) -> tuple[str, ...]:
    lines = block.splitlines()
    assert all(line.startswith("- ") for line in lines), f"Rasa drops a line that does not start with '- ': {lines}"
    return tuple(line[2:].strip() for line in lines)


def _items(key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in FILES:
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if key in item:
                yield path.name, item


def _lookup(name: str) -> list[str]:
    """The words of one lookup table."""
    return [words for _, item in _items("lookup") if item["lookup"] == name for words in _lines(item["examples"])]


def _joined() -> Iterator[Intent]:
    """Each intent with all its examples, whichever files they stand in."""
    blocks: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for file, item in _items("intent"):
        blocks.setdefault(item["intent"], []).append((file, item))
    for name, found in blocks.items():
        metadata = {key: value for _, item in found for key, value in (item.get("metadata") or {}).items()}
        yield Intent(name, found[0][0], metadata, tuple(line for _, item in found for line in _lines(item["examples"])))


INTENTS = list(_joined())
each_intent = pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.name)


def _folded(example: str) -> str:
    return " ".join(ANNOTATION.sub(r"\g<words>", example).casefold().split())


def _passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: from the right, every second digit doubled, the digits' sum a multiple of ten."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        total += sum(divmod(digit * 2, 10)) if place % 2 else digit
    return total % 10 == 0


def _annotations() -> Iterator[tuple[str, str, str]]:
    for intent in INTENTS:
        for example in intent.examples:
            for match in ANNOTATION.finditer(example):
                yield f"{intent.file}: {example}", match["entity"], match["words"]


def test_every_file_says_the_format_version_that_rasa_3_reads() -> None:
    """Rasa skips a file of another version with a warning only."""
    assert FILES
    assert {yaml.safe_load(path.read_text(encoding="utf-8"))["version"] for path in FILES} == {"3.1"}


@each_intent
def test_an_intent_has_a_title_for_humans_and_says_whether_it_acts_or_asks(intent: Intent) -> None:
    """The arbiter asks back with the title, and lets articles answer by the kind."""
    assert intent.metadata.get("title", "").strip()
    assert intent.metadata.get("kind") in {"act", "fact"}


def test_there_are_enough_intents() -> None:
    """The assistant covers what a retailer of appliances is asked."""
    assert len(INTENTS) >= FEWEST_INTENTS


def test_the_domain_knows_every_intent() -> None:
    """Rasa drops the examples of an intent that ``domain.yml`` does not list."""
    known = {name for path in DOMAINS for name in yaml.safe_load(path.read_text(encoding="utf-8"))["intents"]}
    assert {intent.name for intent in INTENTS} <= known


@each_intent
def test_an_intent_has_enough_examples(intent: Intent) -> None:
    """Out of scope has no shape of its own and needs many more."""
    assert len(intent.examples) >= (FEWEST_OUT_OF_SCOPE if intent.name == "out_of_scope" else FEWEST_EXAMPLES)


def test_an_intent_stands_in_one_place() -> None:
    """A trainer who finds a block has found all of that intent, but for what Warmline brings."""
    names = [(file == CORES, item["intent"]) for file, item in _items("intent")]
    assert sorted(names) == sorted(set(names))


def test_no_sentence_stands_twice() -> None:
    """Neither under two intents, where it would teach both wrongly, nor twice under one."""
    places = defaultdict(list)
    for intent in INTENTS:
        for example in intent.examples:
            places[_folded(example)].append(intent.name)
    assert {sentence: names for sentence, names in places.items() if len(names) > 1} == {}


@each_intent
def test_an_intent_names_articles_that_a_customer_may_read_if_and_only_if_it_asks_for_a_fact(intent: Intent) -> None:
    """An article that is missing or internal would leave the question without an answer."""
    audiences = {
        article["id"]: article["audience"] for article in map(frontmatter.load, map(str, ARTICLES.glob("**/*.md")))
    }
    named = intent.metadata.get("articles", [])
    assert bool(named) == (intent.metadata.get("kind") == "fact")
    assert [article for article in named if "public" not in audiences.get(article, [])] == []


def test_order_numbers_in_examples_carry_a_right_check_digit() -> None:
    """A wrong one would teach the entity finder, and the reader, something false."""
    numbers = {
        number: intent.file
        for intent in INTENTS
        for example in intent.examples
        for number in ORDER_NUMBER.findall(example)
    }
    assert numbers
    assert {number: file for number, file in numbers.items() if not _passes_luhn(number)} == {}


@pytest.mark.parametrize(("digits", "passes"), [("1234566", True), ("1234567", False), ("1243566", False)])
def test_the_check_digit_catches_a_wrong_digit_and_two_swapped_ones(digits: str, passes: bool) -> None:
    """The check above is worth what this one is worth."""
    assert _passes_luhn(digits) is passes


def test_marked_words_look_like_the_entity_they_are_marked_as() -> None:
    """Products stand in the lookup table; order numbers, postcodes and e-mail addresses match their patterns."""
    products = {words.casefold() for words in _lookup("product")}
    patterns = {item["regex"]: [re.compile(line) for line in _lines(item["examples"])] for _, item in _items("regex")}
    assert set(patterns) == {"order_number", "postcode", "email"}
    for place, entity, words in _annotations():
        assert entity in {*patterns, "product", "date", "time"}, place
        if entity == "product":
            assert words.casefold() in products, place
        elif entity in patterns:
            assert any(pattern.fullmatch(words) for pattern in patterns[entity]), place


def test_every_product_word_means_one_product() -> None:
    """Each word of the lookup table is a product's own name or a synonym of exactly one."""
    meanings = defaultdict(set)
    for _, item in _items("synonym"):
        for words in _lines(item["examples"]):
            meanings[words.casefold()].add(item["synonym"])
    listed = _lookup("product")
    own_names = {meaning for found in meanings.values() for meaning in found}
    for words in listed:
        assert len(meanings[words.casefold()] or own_names & {words}) == 1, words
    assert set(meanings) <= {words.casefold() for words in listed}


def test_every_lookup_table_is_an_entity_of_the_domain() -> None:
    """A misspelt name would be a list that nobody reads."""
    listed = [one for path in DOMAINS for one in yaml.safe_load(path.read_text(encoding="utf-8"))["entities"]]
    entities = {name if isinstance(name, str) else next(iter(name)) for name in listed}
    assert {item["lookup"] for _, item in _items("lookup")} <= entities
