"""Of a family of retrieval intents the one is chosen whose examples are most like the sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ArtefactError
from bot.nlu.encoder.protocol import Encoder
from bot.nlu.intents.retrieval import Families

EXAMPLES = {
    "faq/parking": ("where can I park", "is there parking"),
    "faq/dogs": ("may I bring my dog", "are dogs welcome"),
    "chat/weather": ("nice weather today",),
}


@pytest.fixture
def families(encoder: Encoder) -> Families:
    names = [name for name, texts in EXAMPLES.items() for _ in texts]
    return Families.learn(names, list(encoder.encode([text for texts in EXAMPLES.values() for text in texts])))


def test_the_one_with_the_likest_examples_comes_first(families: Families, encoder: Encoder) -> None:
    chosen = families.choose("faq", encoder.encode(["where can I park my car"]))
    assert [one.name for one in chosen] == ["faq/parking", "faq/dogs"]
    assert chosen[0].likeness > chosen[1].likeness


def test_a_saved_one_chooses_as_before(families: Families, encoder: Encoder, tmp_path: Path) -> None:
    families.save(tmp_path)
    row = encoder.encode(["my dog"])
    assert Families.load(tmp_path).choose("faq", row) == families.choose("faq", row)


def test_without_families_there_is_nothing_to_choose_from(tmp_path: Path) -> None:
    Families.learn([], []).save(tmp_path)
    assert Families.load(tmp_path).names == {}


def test_a_damaged_file_is_refused_with_the_command_that_mends_it(families: Families, tmp_path: Path) -> None:
    families.save(tmp_path)
    (tmp_path / "retrieval.npz").write_bytes(b"nonsense")
    with pytest.raises(ArtefactError, match="make train"):
        Families.load(tmp_path)
