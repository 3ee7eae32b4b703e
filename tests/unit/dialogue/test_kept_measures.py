"""The lead and the agreement threshold: chosen by examples that are written down here, kept, and refused if damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.dialogue import agreement, sharing
from bot.dialogue.answering import Answering
from bot.dialogue.weighed import Sharing
from bot.errors import ArtefactError
from bot.nlu.intents.classifier import Reading
from bot.nlu.intents.held_out import HeldOut


def test_measures_are_written_by_name_and_read_back_as_numbers(tmp_path: Path) -> None:
    """Another version reads the same files; a whole number is a number too."""
    sharing.save(Sharing(lead=0.25), tmp_path)
    agreement.save(0.4, tmp_path)
    assert json.loads((tmp_path / "sharing.json").read_text("utf-8")) == {"lead": 0.25}
    assert json.loads((tmp_path / "agreement.json").read_text("utf-8")) == {"threshold": 0.4}
    assert sharing.load(tmp_path) == Sharing(lead=0.25)
    (tmp_path / "agreement.json").write_text('{"threshold": 2}')
    assert agreement.load(tmp_path) == 2.0


@pytest.mark.parametrize("content", ["{}", "[", "[]", '{"lead": null, "threshold": null}', '{"lead": "a lot"}', None])
def test_a_damaged_measure_is_refused_with_its_file_and_the_command_that_mends_it(
    tmp_path: Path, content: str | None
) -> None:
    """Whatever is wrong with it, also where it is missing."""
    for name, load in (("sharing.json", sharing.load), ("agreement.json", agreement.load)):
        if content is not None:
            (tmp_path / name).write_text(content)
        with pytest.raises(ArtefactError) as refused:
            load(tmp_path)
        assert str(refused.value) == f"{tmp_path / name}: it is damaged. Run `make train` to build it again."


def test_a_missing_list_of_articles_is_refused_with_its_file(tmp_path: Path) -> None:
    """As a damaged one is."""
    with pytest.raises(ArtefactError) as refused:
        Answering.load(tmp_path)
    assert str(refused.value) == f"{tmp_path / 'articles.json'}: it is damaged. Run `make train` to build it again."


def lead_for(*read: tuple[str, float, float]) -> float:
    """The lead for examples that were read as "a" and "b" with these probabilities, each with its own label."""
    held_out = [
        HeldOut(place, tuple(sorted((Reading("a", a), Reading("b", b)), key=lambda one: -one.confidence)))
        for place, (_, a, b) in enumerate(read)
    ]
    return sharing.best_lead(held_out, [label for label, _, _ in read], "out_of_scope").lead


def test_where_the_first_reading_is_always_right_nothing_is_asked_back() -> None:
    """Nor where there is nothing to learn from; of leads that do equally well the smallest is taken."""
    assert lead_for(("a", 0.5, 0.4), ("b", 0.45, 0.5)) == 0.0
    assert lead_for() == 0.0
    assert lead_for(("out_of_scope", 0.5, 0.4), ("out_of_scope", 0.4, 0.5)) == 0.0


def test_readings_that_are_wrong_when_near_are_asked_back_about_up_to_where_they_are() -> None:
    """In steps of 0.02: the next one above the difference."""
    assert lead_for(("b", 0.5, 0.39), ("a", 0.9, 0.05)) == pytest.approx(0.12)
    assert lead_for(("b", 1.0, 0.01)) == pytest.approx(1.0)


def test_asking_back_is_worth_less_than_going_on_rightly_and_more_than_going_wrong() -> None:
    """One wrong answer in three that are as near is not worth a question, three in seven are; nor is one without the
    right choice better than nothing."""
    right, wrong = ("a", 0.5, 0.4), ("b", 0.5, 0.4)
    assert lead_for(right, right, right, wrong) == 0.0
    assert lead_for(right, right, wrong) == pytest.approx(0.1)
    assert lead_for(right, wrong) == pytest.approx(0.1)
    neither = ("c", 0.5, 0.4)
    assert lead_for(neither) == pytest.approx(0.1)
    assert lead_for(right, neither) == 0.0
    assert lead_for(right, neither, neither, neither) == pytest.approx(0.1)


def test_an_answer_agrees_from_the_score_on_at_which_nine_of_ten_are_right() -> None:
    """In the order of their scores, however they came; fewer right ones than that agree at no score."""
    scores = [float(score) for score in range(20, 0, -1)]
    right = [True] * 9 + [False] + [True] * 2 + [False] * 6 + [True] * 2
    assert agreement.lowest_score(scores, right) == 9.0
    turned = list(reversed(scores)), list(reversed(right))
    assert agreement.lowest_score(*turned) == 9.0
    assert agreement.lowest_score([3.0, 2.0, 1.0], [False, True, True]) == agreement.NEVER


def test_an_answer_is_at_least_as_likely_as_not() -> None:
    """However often less has been right."""
    assert agreement.lowest_score([float(score) for score in range(-5, 6)], [True] * 11) == agreement.EVEN
    nine_of_ten = [True, True, False, *([True] * 7)]
    assert agreement.lowest_score([float(score) for score in range(10, 0, -1)], nine_of_ten) == 1.0


@pytest.mark.parametrize("right", [[], [False], [False] * 3])
def test_where_no_answer_is_right_none_agrees(right: list[bool]) -> None:
    """No question reaches that score."""
    assert agreement.lowest_score([9.0] * len(right), right) == agreement.NEVER
