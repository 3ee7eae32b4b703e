"""What calibrating promises: a threshold that keeps wrong answers rare, measured on questions it did not see."""

from __future__ import annotations

import pytest

from bot.errors import ArtefactError
from bot.knowledge.articles import load_articles
from bot.knowledge.calibration import TARGET_PRECISION, Calibration, Question, calibrate
from bot.knowledge.index import KnowledgeIndex

TOPICS = ("oven", "fridge", "hob", "dryer", "refund", "invoice", "voucher", "delivery", "warranty", "installation")


@pytest.fixture
def index(write, encoder):
    for topic in TOPICS:
        path = write(f"{topic}.md", f"About the {topic}: all {topic} matters are settled here.", id=topic, title=topic)
    return KnowledgeIndex.build(load_articles(path.parent), encoder)


def question(encoder, text, *articles):
    return Question(text, encoder.encode([text])[0], frozenset(articles))


@pytest.fixture
def questions(encoder):
    answerable = [
        question(encoder, f"{start} {topic}", topic)
        for topic in TOPICS
        for start in ("about the", "matters of the", "settled", "all about")
    ]
    words = ("weather", "football", "poem", "song", "king", "rome", "film", "stars", "chess", "cats")
    foreign = [question(encoder, f"{start} {word}") for word in words for start in ("tell me of", "which", "good")]
    return answerable + foreign


def test_the_threshold_parts_answerable_questions_from_others(index, questions):
    found = calibrate(index, questions, seed=1)
    assert found.precision >= TARGET_PRECISION
    assert found.coverage > 0.8
    assert found.refused > 0.8
    assert (found.answerable, found.unanswerable) == (40, 30)


def test_calibrating_twice_with_one_seed_finds_the_same(index, questions):
    assert calibrate(index, questions, seed=1) == calibrate(index, questions, seed=1)


def test_questions_whose_articles_are_wrong_are_not_answered_to_please_the_coverage(index, encoder, questions):
    wrong = [Question(one.text, one.vector, frozenset({"nowhere"})) if one.articles else one for one in questions]
    assert calibrate(index, wrong, seed=1).precision == 0.0


def test_few_or_no_questions_give_a_threshold_all_the_same(index, questions):
    assert 0.0 < calibrate(index, (), seed=1).threshold < 1.0
    assert 0.0 < calibrate(index, questions[:3], seed=1).threshold < 1.0


def test_it_is_said_in_one_line(index, questions):
    assert "of 40 answerable questions get one" in str(calibrate(index, questions, seed=1))


def test_a_saved_calibration_is_read_again(index, questions, tmp_path):
    found = calibrate(index, questions, seed=1)
    found.save(tmp_path)
    assert Calibration.load(tmp_path) == found


@pytest.mark.parametrize("content", ["", "[]", '{"schema": "calibration/1"}', '{"schema": "calibration/1", "a": 1}'])
def test_a_damaged_calibration_is_refused(tmp_path, content):
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(ArtefactError, match="make train"):
        Calibration.load(tmp_path)
