"""What searching promises: filters inside, large indexes as good as flat ones, words, duplicates, follow-ups."""

from __future__ import annotations

import numpy as np
import pytest

from bot.errors import ContentError
from bot.knowledge.answering.follow_up import LastQuestion, opens_like_one, rewritten
from bot.knowledge.index import vectors
from bot.knowledge.index.cutting import cut
from bot.knowledge.index.duplicates import folded, prints_of
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.vectors import Allowed, VectorIndex
from bot.knowledge.index.words import WordIndex
from bot.knowledge.sources.articles import load_articles
from bot.knowledge.sources.asked import Asked, AskedQuestion, load_asked


@pytest.fixture
def clouds():
    """Three hundred directions, each ten times with a little noise."""
    draw = np.random.RandomState(1)
    rows = np.repeat(draw.normal(size=(300, 24)), 10, axis=0) + 0.05 * draw.normal(size=(3000, 24))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_beyond_a_size_cells_find_nearly_what_a_flat_index_finds(clouds, monkeypatch, tmp_path):
    flat = VectorIndex.build(clouds)
    monkeypatch.setattr(vectors, "MOST_FLAT", 1000)
    cells = VectorIndex.build(clouds)
    assert flat.exact
    assert not cells.exact
    shared = [len(set(flat.search(row, 10)[0]) & set(cells.search(row, 10)[0])) / 10 for row in clouds[::100]]
    assert np.mean(shared) > 0.95
    cells.save(tmp_path, "v")
    again = VectorIndex.load(tmp_path, "v")
    assert np.array_equal(again.search(clouds[7], 10)[0], cells.search(clouds[7], 10)[0])


@pytest.mark.parametrize("most_flat", [10_000, 1000])
@pytest.mark.parametrize("share", [0.5, 0.01])
def test_a_filter_lets_only_its_rows_through_and_finds_the_nearest_of_them(clouds, monkeypatch, most_flat, share):
    monkeypatch.setattr(vectors, "MOST_FLAT", most_flat)
    index = VectorIndex.build(clouds)
    mask = np.random.RandomState(2).uniform(size=len(clouds)) < share
    numbers, scores = index.search(clouds[5], 5, Allowed.of(mask))
    assert mask[numbers].all()
    nearest = np.flatnonzero(mask)[np.argmax(clouds[mask] @ clouds[5])]
    assert numbers[0] == nearest
    assert list(scores) == sorted(scores, reverse=True)
    assert not len(index.search(clouds[5], 5, Allowed.of(np.zeros(len(clouds), bool)))[0])


def test_language_and_product_filter_and_owning_only_prefers(write, encoder):
    write("a.md", "Clean the filter once a month.\n", id="dish", products="[dishwasher]")
    write("b.md", "Clean the filter every month.\n", id="dry", products="[dryer]")
    write("c.md", "Filter jeden Monat reinigen.\n", id="de", language="de")
    index = KnowledgeIndex.build(load_articles(write("d.md", id="hours").parent), encoder)
    (vector,) = encoder.encode(["clean the filter"])

    def found(**more):
        return [hit.passage.article for hit in index.search(vector, "clean the filter", {"public"}, **more)]

    assert set(found(language="de-AT")) == {"de"}
    assert "dry" not in found(products=["dishwasher"])
    assert "hours" in found(products=["dishwasher"]), "what is about no product is about all"
    assert set(found(owned=["dryer"])) == set(found())
    assert index.languages == {"en", "de"}


def test_passages_that_say_the_same_are_shown_once_with_all_sources(write, encoder):
    text = "The crew takes the packaging of every appliance away at once and free of charge, {}.\n"
    write("a.md", text.format("on request"), id="one")
    write("b.md", text.format("on request"), id="two")
    index = KnowledgeIndex.build(
        load_articles(write("c.md", text.format("on request"), id="inside", audience="[internal]").parent), encoder
    )
    (vector,) = encoder.encode(["who takes the packaging away"])
    hits = index.search(vector, "who takes the packaging away", {"public"})
    assert [hit.passage.article for hit in hits] == ["one"]
    assert [source.article for source in hits[0].sources] == ["two"]


def test_other_numbers_and_denials_are_no_duplicates():
    long = "A technician comes to your home within {} working days after you have booked a visit with us {}"
    texts = [long.format(3, "today"), long.format(3, "today."), long.format(5, "today"), long.format(3, "not today")]
    texts = [*texts, ""]
    assert folded(prints_of(texts), texts.__getitem__).tolist() == [0, 0, 2, 3, 4]


def test_rare_words_weigh_more_and_unknown_ones_lower_every_score(tmp_path):
    index = WordIndex.build(["the oven shows E01", "the fridge shows ice", "the oven door"])
    scores = index.scores("oven E01")
    assert scores.argmax() == 0
    assert (index.scores("oven E01 zebra") < scores).sum() == 2
    index.save(tmp_path, "w")
    assert np.array_equal(WordIndex.load(tmp_path, "w").scores("oven E01"), scores)
    assert WordIndex.build([]).scores("oven").shape == (0,)


def test_what_was_asked_for_a_sentence_speaks_for_it_and_less_for_its_article(write, encoder):
    """The nearest asked question of a sentence, how many are near, and the nearest of the whole article."""
    write("a.md", "Returns take a week. Refunds take a day.\n", id="money")
    shelf = load_articles(write("b.md", "Ovens are hot.\n", id="oven").parent)
    asked = Asked(
        tuple(
            AskedQuestion(text, "money", sentence)
            for text, sentence in (("one", "Returns"), ("two", "Returns"), ("three", "Refunds"))
        )
    )
    index = KnowledgeIndex.build(shelf, encoder, asked)
    assert [one.text for one in index.parts.asked] == ["one", "two", "three"]
    nearest, crowd, article = index.searching.asked_fits(np.asarray([[0.9, 0.8, 0.3]], dtype=np.float32))[0]
    said = {
        index.text(index.passages[one.passage].article, one.start, one.end): n for n, one in enumerate(index.stretches)
    }
    returns, refunds, oven = (said[text] for text in ("Returns take a week.", "Refunds take a day.", "Ovens are hot."))
    assert nearest[[returns, refunds, oven]].tolist() == pytest.approx([0.9, 0.3, 0.0])
    assert article[[returns, refunds, oven]].tolist() == pytest.approx([0.9, 0.9, 0.0])
    alone = index.searching.asked_fits(np.asarray([[0.9, 0.0, 0.3]], dtype=np.float32))[0][1]
    assert crowd[returns] > alone[returns] > crowd[refunds] > crowd[oven] == 0


def test_asked_questions_are_laid_beside_their_sentence(shelf, tmp_path):
    folder = tmp_path / "questions"
    folder.mkdir()
    (folder / "hours.yml").write_text(
        "article: store-hours\nasked:\n"
        '  - {sentence: "Stores are closed on Christmas", questions: ["open on  xmas?"]}\n'
        '  - {sentence: "Stores are shut on Monday.", questions: ["monday?"]}\n'
    )
    (folder / "nothing.yml").write_text("nothing: [who are you]\n")
    asked = load_asked(folder)
    assert asked.nothing == ("who are you",)
    made = cut(shelf, asked)
    ((text, stretch),) = made.asked
    assert text == "open on xmas?"
    assert made.texts.sentences[stretch] == "Stores are closed on Christmas Day."
    assert [one.sentence for one in made.unplaced] == ["Stores are shut on Monday."]
    assert load_asked(tmp_path / "none").questions == ()


@pytest.mark.parametrize(
    "content",
    ["article: [", "- a", "article: a", "asked: 1\narticle: a", "nothing: [1]", "nothing: ['" + "x" * 400 + "']"],
)
def test_a_broken_file_of_asked_questions_is_named(tmp_path, content):
    (tmp_path / "broken.yml").write_text(content)
    if content == "article: a":
        assert load_asked(tmp_path).questions == ()
        return
    with pytest.raises(ContentError, match=r"broken\.yml"):
        load_asked(tmp_path)


@pytest.mark.parametrize(
    "text", ["and for the oven?", "what about sundays", "for a hob?", "how about at easter", "is it free?"]
)
def test_a_continuation_is_known_by_its_beginning(text):
    assert opens_like_one(text)
    assert rewritten(text, LastQuestion("what does installing a fridge cost?", "installation")).startswith(
        "what does installing a fridge cost, "
    )


@pytest.mark.parametrize("text", ["", "where is my order", "how long does a refund take after a return to the store"])
def test_a_question_of_its_own_is_none(text):
    assert not opens_like_one(text)


@pytest.mark.parametrize("value", [None, "x", {}, {"text": 3}])
def test_a_slot_of_another_form_is_no_question(value):
    assert LastQuestion.of(value) is None
