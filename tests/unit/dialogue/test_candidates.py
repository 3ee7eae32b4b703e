"""What a message may mean: the products between which its answer depends, and the choices worth a button."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.answering import Answering
from bot.dialogue.asker import Asker
from bot.dialogue.candidates import Likely, choices_among
from bot.dialogue.context import Context, Waiting
from bot.dialogue.looking_up import Found, look_up
from bot.knowledge.answering.answers import Answer
from bot.knowledge.answering.calibration import Calibration
from bot.knowledge.answering.follow_up import LastQuestion
from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles
from bot.nlu.encoder.protocol import Encoder

PUBLIC = frozenset({"public"})
ARTICLES = (
    ("boat-noise", "boat", "A loud noise of the engine comes from a loose bolt. Tighten the bolt."),
    ("bike-noise", "bike", "A loud noise of the chain comes from dry links. Oil the links."),
    ("boat-codes", "boat", "Code E04 means water in the hull."),
    ("bike-codes", "bike", "Code E04 means an empty battery. Code E09 means a flat tyre."),
    ("hours", "", "The shops open at nine and close at six."),
)


@pytest.fixture
def index(tmp_path: Path, encoder: Encoder) -> KnowledgeIndex:
    """Articles about boats, about bikes and about shops."""
    for name, product, body in ARTICLES:
        (tmp_path / f"{name}.md").write_text(
            f"---\nid: {name}\ntitle: About {name}\naudience: [public]\nlanguage: en\nupdated: 2026-01-05\n"
            f"review_by: 2027-01-05\nurl: https://help.example/{name}\nproducts: [{product}]\n---\n{body}\n",
            encoding="utf-8",
        )
    return KnowledgeIndex.build(load_articles(tmp_path), encoder)


def found(index: KnowledgeIndex, encoder: Encoder, text: str, asker: Asker | None = None, intent: str = "") -> Found:
    """Look a message up where every passage answers."""
    measured = Calibration(-99.0, 1.0, 1.0, 1.0, answerable=0, unanswerable=0)
    learned = Answering(Ranker.untaught(encoder.dimensions), measured, -99.0, {"boat_fault": ("boat-noise",)})
    (vector,) = encoder.encode([text])
    return look_up(index, learned, text, vector, intent, asker or Asker(PUBLIC), 5, encoder.encode, 0.9)


def test_an_answer_that_differs_by_the_product_depends_on_it(index: KnowledgeIndex, encoder: Encoder) -> None:
    """Each product has its own answer, to be given when it is named."""
    depends = found(index, encoder, "a loud noise comes").depends
    assert depends is not None
    assert {name: answer.article for name, answer in depends.answers.items()} == {
        "boat": "boat-noise",
        "bike": "bike-noise",
    }


def test_a_named_product_leaves_nothing_open(index: KnowledgeIndex, encoder: Encoder) -> None:
    """And articles about others are no candidates."""
    one = found(index, encoder, "a loud noise comes from my bike")
    assert one.depends is None
    assert {hit.passage.products for hit in one.hits} <= {("bike",), ()}


def test_a_code_that_one_product_knows_is_that_products(index: KnowledgeIndex, encoder: Encoder) -> None:
    """A code that two know is asked about."""
    assert found(index, encoder, "what does E09 mean").depends is None
    assert found(index, encoder, "what does E04 mean").depends is not None


def test_the_product_of_the_conversation_is_taken(index: KnowledgeIndex, encoder: Encoder) -> None:
    """Of which the customer spoke, which they own, or about which they were answered; and the trace says so."""
    for asker in (
        Asker(PUBLIC, owned=("bike",)),
        Asker(PUBLIC, context=Context((LastQuestion("the chain", "bike-noise"),))),
    ):
        one = found(index, encoder, "a loud noise comes", asker)
        assert (one.depends, one.took) == (None, "bike")
        assert isinstance(one.best, Answer)
        assert one.best.article == "bike-noise"


def test_a_reading_about_the_same_product_settles_it(index: KnowledgeIndex, encoder: Encoder) -> None:
    """Two witnesses for one product; one for another settles nothing."""
    settled = found(index, encoder, "a loud noise of the engine comes", intent="boat_fault")
    assert settled.depends is None
    assert found(index, encoder, "a loud noise of the engine comes").depends is not None


def test_the_named_product_answers_the_first_question(index: KnowledgeIndex, encoder: Encoder) -> None:
    """With one encoding, of the completed question."""
    waits = Asker(PUBLIC, context=Context((), Waiting("a loud noise comes", "product", {})))
    one = found(index, encoder, "the bike", waits)
    assert one.asked == "a loud noise comes, the bike"
    assert isinstance(one.best, Answer)
    assert one.best.article == "bike-noise"


def test_a_short_question_is_read_with_the_one_before_it(index: KnowledgeIndex, encoder: Encoder) -> None:
    """What to remember is the question that stands alone."""
    asker = Asker(PUBLIC, context=Context((LastQuestion("when do the shops open", "hours"),)))
    one = found(index, encoder, "and close?", asker)
    assert one.asked == "when do the shops open, close"
    assert one.to_json()["root"] == "when do the shops open"


def test_choices_are_the_likeliest_and_a_fact_is_its_article() -> None:
    """A reading and an article that speak for each other count together."""
    chosen = choices_among(
        {"book": 0.2, "thanks": 0.01},
        {"care": 0.3},
        {"care": ("bike-care", "boat-care")},
        {"boat-care": 0.1, "hours": 0.25, "rare": 0.001},
    )
    assert chosen == [Likely("care", "boat-care"), Likely("", "hours"), Likely("book")]
    assert choices_among({}, {"care": 0.3}, {"care": ("bike-care",)}, {}) == [Likely("care", "bike-care")]
