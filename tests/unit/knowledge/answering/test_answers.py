"""What an answer promises: verbatim, steps whole, checked again when it is sent, none where articles disagree."""

from __future__ import annotations

import pytest

from bot.knowledge.answering.answers import Answer, Disagreement, answer_from, best_in, shown_text, verified
from bot.knowledge.answering.asking import Asking
from bot.knowledge.answering.disagreement import amounts_in, contradict
from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.duplicates import repeats
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles

LONG = """Our crews deliver every day but Sunday. The crew rings half an hour before it arrives. Delivery to the islands
takes longer. An adult must be at home for the delivery. The crew carries the appliance to the room of your choice.
Narrow stairs must be measured before. The crew takes the packaging away. The old appliance is taken away for a fee of
twenty pounds. Fees are paid in advance. Parking must be possible in front of the house."""


def asked(index, encoder, text, audiences=("public",)):
    allowed = index.filters.allowed(Filter(frozenset(audiences)))
    vector = encoder.encode([text])[0]
    ranked = Ranker.untaught(encoder.dimensions).rank(index, vector, text, allowed)
    return answer_from(index, ranked, Asking(text))


@pytest.fixture
def index(shelf, encoder):
    return KnowledgeIndex.build(shelf, encoder)


@pytest.mark.parametrize("text", ["stores on christmas day", "how do i clean the filter", "when are the stores open"])
def test_an_answer_is_verbatim_and_names_its_article_s_version(index, encoder, text):
    answer = asked(index, encoder, text)
    assert isinstance(answer, Answer)
    assert answer.version == index.version(answer.article)
    assert index.passages[answer.id].article == answer.article
    assert 0 < answer.score <= 1
    for quote in answer.quotes:
        assert index.text(answer.article, quote.start, quote.end) in index.parts.bodies[answer.article]


def test_of_a_long_passage_the_fitting_sentence_is_quoted(write, encoder):
    index = KnowledgeIndex.build(load_articles(write(body=LONG).parent), encoder)
    said = shown_text(index, asked(index, encoder, "must an adult be at home for the delivery"))
    assert "An adult must be at home for the delivery." in said
    assert "twenty pounds" not in said


def test_steps_are_quoted_whole_with_the_sentence_that_leads_to_them(write, encoder):
    steps = "\n".join(
        f"{number}. Turn screw {number} to the left until the small red mark is up." for number in range(9)
    )
    body = f"Some words to begin with. They say little.\n\nTo open the pump cover:\n\n{steps}\n\nThen close it."
    index = KnowledgeIndex.build(load_articles(write(body=body).parent), encoder)
    answer = asked(index, encoder, "how to turn the screw to the left")
    assert f"To open the pump cover:\n\n{steps}" in shown_text(index, answer)


def test_nobody_gets_an_answer_from_nothing(index, encoder):
    assert asked(index, encoder, "when are the stores open", audiences=()) is None


def test_internal_words_are_never_an_answer_for_customers(index, encoder):
    answer = asked(index, encoder, "Refunds over £200 need the approval of a team leader.")
    assert answer is None or answer.article != "refund-limits"


def test_an_answer_is_checked_again_when_it_is_sent(index, write, encoder):
    found = asked(index, encoder, "stores closed on christmas day").to_json()
    text, passage = verified(index, found)
    assert "Stores are closed on Christmas Day." in text
    assert passage.article == "store-hours"
    write("a.md", "All stores open at 8am.\n")
    changed = KnowledgeIndex.build(load_articles(write("b.md", id="other").parent), encoder)
    assert verified(changed, found) is None
    forged = {**found, "quotes": [{**found["quotes"][0], "end": found["quotes"][0]["end"] - 1}]}
    assert verified(index, forged) is None
    assert verified(index, {"article": "store-hours"}) is None


def test_who_searches_for_himself_sees_the_nearest_sentence_of_a_passage(index, encoder):
    (vector,) = encoder.encode(["closed on christmas day"])
    passage = next(one for one in index.passages if one.heading == "Bank holidays")
    assert best_in(index, vector, passage) == "Stores are closed on Christmas Day."


def test_where_two_articles_disagree_neither_answers(write, encoder):
    write("a.md", "A third delivery attempt by the crew costs £25.\n", id="one", title="Delivery")
    path = write("b.md", "A third delivery attempt by the crew costs £30.\n", id="two", title="Delivery")
    index = KnowledgeIndex.build(load_articles(path.parent), encoder)
    found = asked(index, encoder, "what does a third delivery attempt by the crew cost")
    assert isinstance(found, Disagreement)
    assert {index.passages[passage].article for passage in found.passages} == {"one", "two"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Delivery costs £25.", "Delivery costs £30.", True),
        ("Delivery costs £25.", "Delivery costs £25 and takes 3 days.", False),
        ("Returns within 30 days.", "Returns within 14 days.", True),
        ("The crew takes doors out of their frames.", "The crew does not take doors out of their frames.", True),
        ("The crew takes doors out.", "Gift cards cannot be returned.", False),
        ("Open from 9am to 7pm.", "On Sunday from 11am to 7pm.", False),
    ],
)
def test_other_amounts_periods_and_denials_contradict(one, other, expected):
    assert contradict(one, other) is expected


def test_amounts_are_read_by_unit():
    assert amounts_in("£1,000 within 5 working days, or 10%") == {"£": {"1000"}, "working day": {"5"}, "%": {"10"}}


SUNDAYS = """All our shops are open from 9am to 7pm on Monday to Saturday and from 11am to 5pm on Sunday.

## The weekend

On Saturday every shop is open from 9am to 7pm, and on Sunday from 11am to 5pm. Dogs wait at the door.
"""


def test_an_answer_says_nothing_twice(write, encoder):
    """The opening holds what the fitting sentence says, so one of them is enough; another number is another matter."""
    index = KnowledgeIndex.build(load_articles(write(body=SUNDAYS).parent), encoder)
    said = shown_text(index, asked(index, encoder, "on saturday and on sunday is every shop open from 9am"))
    assert said.count("from 11am to 5pm") == 1
    other = SUNDAYS.replace("from 9am to 7pm, and", "from 8am to 7pm, and")
    index = KnowledgeIndex.build(load_articles(write(body=other).parent), encoder)
    said = shown_text(
        index, asked(index, encoder, "all our shops are open on monday; on saturday every shop is open from 8am")
    )
    assert said.count("from 11am to 5pm") == 2


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("The shops close at 7pm on weekdays.", "The shops close at 7pm on weekdays and on Saturdays.", True),
        ("The shops close at 7pm on weekdays and on Saturdays.", "The shops close at 7pm on weekdays.", True),
        ("The shops close at 6pm on weekdays.", "The shops close at 7pm on weekdays and on Saturdays.", False),
        ("The shops do not close on weekdays.", "The shops close on weekdays at 7pm.", False),
        ("Parking is free.", "The shops close at 7pm.", False),
    ],
)
def test_a_text_repeats_another_when_one_holds_the_other(one, other, expected):
    assert repeats(one, other) is expected
