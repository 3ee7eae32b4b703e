"""The trained recogniser learns where an entity stands, is the same each time, and its file holds no code."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
import srsly

from bot.errors import ArtefactError
from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.entities.recogniser import Annotated, Mention, Recogniser
from tests.unit.nlu.entities.test_reader import SUNDAY

COLOURS = (
    *("teal", "maroon", "beige", "mauve", "cream", "amber", "black", "white", "red", "blue", "green", "grey", "silver"),
    *("copper", "bronze", "olive", "lilac", "navy", "coral", "crimson", "ivory", "khaki", "lemon", "magenta", "ochre"),
    *("plum", "rust", "sage", "tan", "umber", "violet", "wine"),
)
FRAMES = ("I want the {} one", "do you have it in {}", "is {} in stock", "make it {} please", "a {} one would do")
PLAIN = ("where is my parcel", "I want a refund", "is it broken", "do you have a shop", "make me an offer")


def examples() -> list[Annotated]:
    marked = []
    for place, colour in enumerate(COLOURS):
        for frame in (FRAMES[place % 5], FRAMES[(place + 2) % 5]):
            start = frame.index("{}")
            marked.append(Annotated(frame.format(colour), (Mention("colour", start, start + len(colour)),)))
    return [*marked, *(Annotated(text) for text in PLAIN * 4)]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    trained = Recogniser.train(examples(), seed=1)
    assert trained is not None
    return trained


def test_it_finds_what_it_has_never_seen_where_such_things_stand(recogniser: Recogniser) -> None:
    text = "do you have it in ochrish"
    assert recogniser.find(text) == (Mention("colour", 18, 25),)


def test_the_same_seed_gives_the_same_weights(recogniser: Recogniser) -> None:
    again = Recogniser.train(examples(), seed=1)
    assert again is not None
    first, second = weights(recogniser), weights(again)
    assert len(first) > 5
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))


def weights(recogniser: Recogniser) -> list[np.ndarray]:
    layers = recogniser._language.get_pipe("ner").model.walk()
    return [layer.get_param(name) for layer in layers for name in layer.param_names if layer.has_param(name)]


def test_a_few_mentions_teach_nothing() -> None:
    assert Recogniser.train(examples()[:5], seed=1) is None


def test_its_file_holds_numbers_and_texts_only(recogniser: Recogniser, tmp_path: Path) -> None:
    recogniser.save(tmp_path)
    content = (tmp_path / "recogniser.msgpack").read_bytes()
    assert set(srsly.msgpack_loads(content)) == {"meta.json", "config.cfg", "ner"}
    with pytest.raises(Exception, match=r".*"):
        pickle.loads(content)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x82\xa1a\x01"])
def test_a_damaged_file_is_refused_with_the_command_that_mends_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "recogniser.msgpack").write_bytes(content)
    with pytest.raises(ArtefactError, match="make train"):
        Recogniser.load(tmp_path, "make train")


def test_an_annotated_entity_needs_no_list(tmp_path: Path) -> None:
    finder = EntityFinder.build(Taught(examples=examples()), Settings("Europe/London", "GB"))
    finder.save(tmp_path)
    for each in (finder, EntityFinder.load(tmp_path)):
        assert [(e.name, e.value) for e in each.find("make it ochrish please", SUNDAY)] == [("colour", "ochrish")]
        assert each.find("where is my parcel", SUNDAY) == ()
