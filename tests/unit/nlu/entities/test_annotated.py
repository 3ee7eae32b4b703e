"""What is found of the mentions that trainers mark: nearly all of a project's own, and three in four that are new.

The examples of `annotated/` were written for four small companies before the recogniser was, most values once only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.nlu.encoder.onnx_encoder import OnnxEncoder
from bot.nlu.encoder.word_vectors import WordVectors, word_vectors
from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.entities.recogniser import Annotated
from tests.unit.nlu.entities.annotated_sets import DOMAINS, examples_of
from tests.unit.nlu.entities.test_reader import SUNDAY

LEAST_OWN = 0.9
"""Of a project's own mentions, the share that is found: place, name, role and group."""
LEAST_HELD_OUT = 0.75
"""Of mentions in examples that it was not trained with."""
MOST_TOO_MANY = 0.15
"""What is found where nothing was marked, or otherwise than it was marked, beside what was marked."""
FOLDS = 10


@pytest.fixture(scope="module")
def meanings(built_encoder: OnnxEncoder, built_encoder_folder: Path) -> WordVectors:
    """What words mean to the encoder that serves; made at the first run, as `make train` does."""
    return word_vectors(built_encoder, built_encoder_folder.parent / "cache")


def built(examples: Sequence[Annotated], meanings: WordVectors) -> EntityFinder:
    return EntityFinder.build(Taught(examples=examples), Settings("Europe/London", "GB"), lambda: meanings)


def hits(finder: EntityFinder, examples: Sequence[Annotated], names: set[str]) -> tuple[int, int]:
    """How many mentions are found as they were marked, and how many others."""
    right = others = 0
    for example in examples:
        marked = {(each.name, each.start, each.end, each.role, each.group) for each in example.mentions}
        found = {(each.name, each.start, each.end, each.role, each.group) for each in finder.find(example.text, SUNDAY)}
        right += len(found & marked)
        others += sum(each[0] in names for each in found - marked)
    return right, others


def test_mentions_are_found_again_and_three_in_four_that_are_new(meanings: WordVectors) -> None:
    total = own = held_out = too_many = 0
    for domain in DOMAINS:
        examples = examples_of(domain)
        names = {mention.name for example in examples for mention in example.mentions}
        total += sum(len(example.mentions) for example in examples)
        own += hits(built(examples, meanings), examples, names)[0]
        for fold in range(FOLDS):
            rest = [example for place, example in enumerate(examples) if place % FOLDS != fold]
            right, others = hits(built(rest, meanings), examples[fold::FOLDS], names)
            held_out += right
            too_many += others
    assert total >= 250
    assert own / total >= LEAST_OWN
    assert held_out / total >= LEAST_HELD_OUT
    assert too_many / total <= MOST_TOO_MANY


def test_ordinary_words_are_found_where_they_mean_what_was_marked(meanings: WordVectors) -> None:
    """ "Cheap" and "outside" stand in every list of English words, and are values all the same."""
    finder = built(examples_of("restaurant"), meanings)
    found = finder.find("a cheap place for six, outside please", SUNDAY)
    assert [(each.name, each.value) for each in found] == [
        ("price", "cheap"),
        ("people", "six"),
        ("seating", "outside"),
    ]


def test_a_saved_finder_knows_what_it_learnt(meanings: WordVectors, tmp_path: Path) -> None:
    finder = built(examples_of("travel"), meanings)
    finder.save(tmp_path)
    text = "from Lisbon to New York, an aisle seat"
    found = EntityFinder.load(tmp_path).find(text, SUNDAY)
    assert found == finder.find(text, SUNDAY)
    assert [(each.name, each.role) for each in found] == [("city", "from"), ("city", "to"), ("seat", "")]
