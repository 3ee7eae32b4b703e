"""The trained recogniser learns where an entity stands, is the same each time, and its file holds no code."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bot.errors import ArtefactError
from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.entities.recogniser import Annotated, Mention, Recogniser
from bot.nlu.languages.english_words import english_words
from tests.unit.nlu.entities.annotated_sets import annotated
from tests.unit.nlu.entities.test_reader import SUNDAY

ORDINARY = english_words()

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
    trained = Recogniser.train(examples(), ORDINARY)
    assert trained is not None
    return trained


def test_it_finds_what_it_has_never_seen_where_such_things_stand(recogniser: Recogniser) -> None:
    text = "do you have it in ochrish"
    assert recogniser.find(text) == (Mention("colour", 18, 25),)


def test_the_same_examples_give_the_same_weights(recogniser: Recogniser, tmp_path: Path) -> None:
    again = Recogniser.train(examples(), ORDINARY)
    assert again is not None
    for one, folder in ((recogniser, tmp_path / "first"), (again, tmp_path / "second")):
        one.save(folder)
    for name in ("recogniser.json", "recogniser.npz"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_without_a_mention_there_is_nothing_to_learn() -> None:
    assert Recogniser.train([Annotated(text) for text in PLAIN], ORDINARY) is None


def test_its_files_hold_numbers_and_texts_only(recogniser: Recogniser, tmp_path: Path) -> None:
    recogniser.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["recogniser.json", "recogniser.npz"]
    json.loads((tmp_path / "recogniser.json").read_text("utf-8"))
    with np.load(tmp_path / "recogniser.npz", allow_pickle=False) as numbers:
        assert all(numbers[name].dtype == np.float32 for name in numbers)


@pytest.mark.parametrize("name", ["recogniser.json", "recogniser.npz"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b'{"schema": "recogniser/1"}', None])
def test_a_damaged_file_is_refused_with_the_command_that_mends_it(
    recogniser: Recogniser, tmp_path: Path, name: str, content: bytes | None
) -> None:
    recogniser.save(tmp_path)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ArtefactError, match="make train"):
        Recogniser.load(tmp_path, ORDINARY, "make train")


PLACES = ("Oslo", "Rome", "Lima", "Bern", "Cork", "Nice", "Riga", "Kyiv")


def test_roles_come_from_what_stands_before_a_mention_and_are_kept(tmp_path: Path) -> None:
    written = [
        f'from [{one}]{{"entity": "city", "role": "from"}} to [{other}]{{"entity": "city", "role": "to"}}'
        for one, other in pairwise(PLACES)
    ]
    written += [
        f'to [{one}]{{"entity": "city", "role": "to"}} from [{other}]{{"entity": "city", "role": "from"}}'
        for one, other in pairwise(PLACES[4:])
    ]
    written += [f'take me to [{one}]{{"entity": "city", "role": "to"}}' for one in PLACES]
    trained = Recogniser.train([annotated(one) for one in written], ORDINARY)
    assert trained is not None
    trained.save(tmp_path)
    for each in (trained, Recogniser.load(tmp_path, ORDINARY, "make train")):
        assert each.find("to Cork from Oslo") == (
            Mention("city", 3, 7, role="to"),
            Mention("city", 13, 17, role="from"),
        )


def test_groups_tell_the_first_thing_from_the_second() -> None:
    sizes, dishes = ("large", "small", "medium"), ("pizza", "salad", "soup", "curry")
    one, other = '{"entity": "%s", "group": "1"}', '{"entity": "%s", "group": "2"}'
    written = [
        f"a [{size}]{one % 'size'} [{dish}]{one % 'dish'} and a [{sizes[place]}]{other % 'size'} "
        f"[{dishes[place]}]{other % 'dish'}"
        for place, size in enumerate(sizes)
        for dish in dishes
    ]
    trained = Recogniser.train([annotated(one) for one in written], ORDINARY)
    assert trained is not None
    found = trained.find("a small curry and a large soup")
    assert [(mention.name, mention.group) for mention in found] == [
        ("size", "1"),
        ("dish", "1"),
        ("size", "2"),
        ("dish", "2"),
    ]


def test_an_annotated_entity_needs_no_list(tmp_path: Path) -> None:
    finder = EntityFinder.build(Taught(examples=examples()), Settings("Europe/London", "GB"))
    finder.save(tmp_path)
    for each in (finder, EntityFinder.load(tmp_path)):
        assert [(e.name, e.value) for e in each.find("make it ochrish please", SUNDAY)] == [("colour", "ochrish")]
        assert each.find("where is my parcel", SUNDAY) == ()
