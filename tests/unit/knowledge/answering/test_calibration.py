"""What learning and calibrating promise: asked questions teach, unseen ones judge, the same seed learns the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.errors import ArtefactError
from bot.knowledge.answering.calibration import WITHOUT_QUESTIONS, Calibration, calibrate
from bot.knowledge.answering.learning import FEWEST_ASKED, Example, learn
from bot.knowledge.answering.ranking import Ranker, passages_in, ranker_of
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles
from bot.knowledge.sources.asked import Asked, AskedQuestion
from bot.nlu.intents.budget import Budget

PUBLIC = frozenset({"public"})
TOPICS = ("oven", "fridge", "hob", "dryer", "refund", "invoice", "voucher", "delivery", "warranty", "installation")
# What customers call it: words that stand in no article.
CALLED = ("cooker", "chiller", "rings", "tumbler", "cash", "bill", "token", "van", "cover", "fitting")
SLANG = dict(zip(TOPICS, CALLED, strict=True))
STARTS = ("tell me about the {}", "my {} please", "what of the {} then", "{} question", "need help {}", "is the {} ok")
NOTHING = tuple(
    f"{start} {word}"
    for word in ("weather", "football", "poem", "song", "king", "rome", "film", "stars", "chess", "cats")
    for start in ("tell me about the", "what of the", "my")
)


def asked_for(topics):
    return tuple(
        AskedQuestion(start.format(SLANG[topic]), topic, f"All {topic} matters") for topic in topics for start in STARTS
    )


@pytest.fixture
def articles(write):
    for topic in TOPICS:
        path = write(f"{topic}.md", f"All {topic} matters are settled here.\n", id=topic, title=f"About {topic}")
    return load_articles(path.parent)


@pytest.fixture
def index(articles, encoder):
    return KnowledgeIndex.build(articles, encoder, Asked(asked_for(TOPICS), NOTHING))


def learned_on(index, encoder, seed=1, examples=()):
    return learn(index, NOTHING, encoder.encode(list(NOTHING)), examples, PUBLIC, seed)


def best(index, encoder, ranker, text):
    ranked = ranker.rank(index, encoder.encode([text])[0], text, index.filters.allowed(Filter(PUBLIC)))
    return passages_in(index, ranked, 1)[0], ranked.answerable


def test_asked_questions_teach_what_customers_call_a_thing(index, encoder):
    assert len(index.parts.asked) >= FEWEST_ASKED
    learned = learned_on(index, encoder)
    for topic in TOPICS:
        hit, answerable = best(index, encoder, learned.ranker, f"something with my {SLANG[topic]}")
        assert hit.passage.article == topic
        assert answerable > best(index, encoder, learned.ranker, "something with the weather")[1]


def test_questions_are_judged_by_a_ranker_that_has_not_seen_them(index, encoder):
    examples = [Example("oven matters", encoder.encode(["oven matters"])[0], frozenset({"oven"}))]
    judged = learned_on(index, encoder, examples=examples).judged
    assert len(judged) == len(index.parts.asked) + len(NOTHING) + 1
    assert [one.stretch for one in judged[: len(index.parts.asked)]] == [one.stretch for one in index.parts.asked]
    assert all(not one.articles and one.stretch is None for one in judged[len(index.parts.asked) : -1])
    assert judged[-1].articles == {"oven"}


def test_the_same_seed_learns_the_same(index, encoder):
    one, other = learned_on(index, encoder).ranker, learned_on(index, encoder).ranker
    assert np.array_equal(one.to_sentence, other.to_sentence)
    assert one.nothing == other.nothing


def test_the_threshold_parts_answerable_questions_from_others(index, encoder):
    found = calibrate(index, learned_on(index, encoder).judged)
    assert found.coverage >= 0.8
    assert found.refused >= 0.8
    assert found.answerable == len(index.parts.asked)
    assert f"{found.refused:.1%} of {len(NOTHING)} others get none" in str(found)


def test_with_little_to_learn_from_nothing_is_learned(articles, encoder):
    few = KnowledgeIndex.build(articles, encoder, Asked(asked_for(TOPICS[:1])))
    learned = learn(few, (), np.zeros((0, encoder.dimensions), np.float32), (), PUBLIC, 1)
    assert not learned.ranker.to_sentence.any()
    assert calibrate(few, learned.judged).threshold == WITHOUT_QUESTIONS


def test_a_saved_ranker_is_read_again_and_a_damaged_one_refused(index, encoder, tmp_path):
    assert ranker_of(tmp_path, encoder.dimensions).nothing == Ranker.untaught(encoder.dimensions).nothing
    ranker = learned_on(index, encoder).ranker
    ranker.save(tmp_path)
    assert np.array_equal(ranker_of(tmp_path, encoder.dimensions).weights, ranker.weights)
    (tmp_path / "ranker.npz").write_bytes(b"PK")
    with pytest.raises(ArtefactError, match="make train"):
        Ranker.load(tmp_path)


def test_a_saved_calibration_is_read_again(index, encoder, tmp_path):
    found = calibrate(index, learned_on(index, encoder).judged)
    found.save(tmp_path)
    assert Calibration.load(tmp_path) == found


@pytest.mark.parametrize("content", ["{}", "[", '{"schema": "calibration/2", "limit": 1}'])
def test_a_damaged_calibration_is_refused(tmp_path, content):
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(ArtefactError, match="make train"):
        Calibration.load(tmp_path)


def test_a_budget_decides_from_when_on_an_answer_is_given(index, encoder):
    """A stricter budget answers no more, and no more wrongly; one that nothing can break answers whatever is asked."""
    judged = learned_on(index, encoder).judged
    loose, strict = (calibrate(index, judged, Budget(share, out_of_scope_share=0.5)) for share in (0.99, 0.02))
    assert strict.threshold > loose.threshold
    assert loose.refused == 0
    assert strict.refused >= 0.9
    assert strict.precision >= loose.precision


def test_what_is_near_to_a_question_that_nothing_answers_is_answered_less(index, encoder, tmp_path):
    """Editors write down what nothing answers; a message that says the same again is no question to guess at."""
    learned_on(index, encoder).ranker.save(tmp_path)
    learned = Ranker.load(tmp_path)
    assert len(learned.unanswered) == len(NOTHING)
    # How much it counts is learned; that it counts is what is promised.
    deaf, heedful = replace(learned, near_nothing=0.0), replace(learned, near_nothing=4.0)

    def lost(text):
        return best(index, encoder, deaf, text)[1] - best(index, encoder, heedful, text)[1]

    assert all(lost(text) == pytest.approx(4.0, abs=1e-3) for text in NOTHING[:10])
    assert all(lost(f"something with my {slang}") < 3.9 for slang in CALLED)


def test_the_mean_of_rankers_scores_as_they_do_on_average(index, encoder):
    """What is averaged are numbers of a linear score, so nothing else than the scores' mean comes out."""
    one, other = learned_on(index, encoder, seed=1).ranker, learned_on(index, encoder, seed=2).ranker
    text, allowed = "is the rings ok", index.filters.allowed(Filter(PUBLIC))
    (vector,) = encoder.encode([text])
    ranked = [ranker.rank(index, vector, text, allowed) for ranker in (one, other, Ranker.mean([one, other]))]
    assert np.allclose((ranked[0].scores + ranked[1].scores) / 2, ranked[2].scores, atol=1e-4)
    assert ranked[2].nothing == pytest.approx((ranked[0].nothing + ranked[1].nothing) / 2, abs=1e-4)
