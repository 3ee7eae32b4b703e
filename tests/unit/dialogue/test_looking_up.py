"""What is searched for a message, for whom, and which of the answers counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.agreement import agreeing
from bot.dialogue.answering import Answering
from bot.dialogue.asker import Asker, days_of, owned_by, under_way
from bot.dialogue.context import Context
from bot.dialogue.form_input import OpenForm
from bot.dialogue.looking_up import Found, look_up
from bot.errors import ArtefactError
from bot.knowledge.answering.answers import Answer, Disagreement, shown_text
from bot.knowledge.answering.calibration import Calibration
from bot.knowledge.answering.follow_up import LastQuestion
from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles
from bot.nlu.encoder.protocol import Encoder, Vectors

NEVER, ALWAYS = 99.0, -99.0
"""Thresholds that no answer reaches, and that each does."""
PUBLIC = frozenset({"public"})
HOURS = "All stores open at 9am and close at 7pm. On Sunday the stores open at 11am."
OVENS = "The oven is guaranteed for two years. Its door is guaranteed for one."
DRAIN = "A dishwasher that does not drain usually has a blocked filter."
ARTICLES = (
    ("store-hours", "When are the stores open?", "public", "en", HOURS),
    ("guarantee", "Guarantee of ovens", "public", "en", OVENS),
    ("draining", "A dishwasher that stands in water", "public", "en", DRAIN),
    ("garantie", "Garantie", "public", "de", "The oven is guaranteed for two years, in German words."),
    ("goodwill", "Goodwill", "internal", "en", "Staff may give thirty pounds as goodwill without asking."),
)


@pytest.fixture
def index(tmp_path: Path, encoder: Encoder) -> KnowledgeIndex:
    """Four public articles, one of them in German, and an internal one."""
    return shelf_of(tmp_path, encoder, ARTICLES)


def shelf_of(folder: Path, encoder: Encoder, articles: Sequence[tuple[str, str, str, str, str]]) -> KnowledgeIndex:
    """An index of articles: id, title, audience, language, body."""
    for name, title, audience, language, body in articles:
        (folder / f"{name}.md").write_text(
            f"---\nid: {name}\ntitle: {title}\naudience: [{audience}]\nlanguage: {language}\nupdated: 2026-01-05\n"
            f"review_by: 2027-01-05\nurl: https://help.example/{name}\nproducts: []\n---\n{body}\n",
            encoding="utf-8",
        )
    return KnowledgeIndex.build(load_articles(folder), encoder)


def answering(encoder: Encoder, alone: float = ALWAYS, agreed: float = NEVER) -> Answering:
    """Thresholds by hand, and a ranker that has learned nothing."""
    measured = Calibration(alone, 1.0, 1.0, 1.0, answerable=0, unanswerable=0)
    return Answering(Ranker.untaught(encoder.dimensions), measured, agreed, {"opening_hours": ("store-hours",)})


def found(index: KnowledgeIndex, encoder: Encoder, text: str, learned: Answering | None = None, **more: Any) -> Found:
    """Look a message up as the pipeline does."""
    asker = more.pop("asker", Asker(PUBLIC))
    (vector,) = encoder.encode([text])
    learned = learned or answering(encoder)
    intent, most = more.pop("intent", None), more.pop("most", 5)
    return look_up(index, learned, text, vector, intent, asker, most, encoder.encode)


def test_a_sure_passage_answers_and_an_unsure_one_is_only_shown(index: KnowledgeIndex, encoder: Encoder) -> None:
    """The trace names what was found, whether or not anybody is told."""
    text = "is the oven guaranteed"
    sure, unsure = found(index, encoder, text), found(index, encoder, text, answering(encoder, alone=NEVER))
    assert isinstance(sure.best, Answer)
    assert sure.best.article == "guarantee"
    assert unsure.best is None
    assert unsure.to_json()["answer"] is None
    assert unsure.hits[0].passage.article == "guarantee"


def test_the_article_of_the_intent_that_was_read_needs_less(index: KnowledgeIndex, encoder: Encoder) -> None:
    """Two witnesses; another article of the same message is none."""
    learned = answering(encoder, alone=NEVER, agreed=ALWAYS)
    asked = found(index, encoder, "when do the stores open on Sunday", learned, intent="opening_hours")
    assert asked.agreed is not None
    assert asked.agreed.article == "store-hours"
    assert found(index, encoder, "is the oven guaranteed", learned, intent=None).agreed is None
    assert found(index, encoder, "is the oven guaranteed", learned, intent="without_articles").agreed is None


def test_an_articles_own_title_is_a_question_for_it(index: KnowledgeIndex, encoder: Encoder) -> None:
    """However unsure the ranker is."""
    titled = found(index, encoder, "guarantee of ovens", answering(encoder, alone=NEVER))
    assert titled.named
    assert isinstance(titled.best, Answer)
    assert titled.best.article == "guarantee"
    assert not found(index, encoder, "is the oven guaranteed").named


def test_a_title_counts_more_than_what_fits_better(tmp_path: Path, encoder: Encoder) -> None:
    """Who asks with it means that article, whatever another one says in the same words."""
    repeated = "Care of the hob. The care of the hob, and again the care of the hob."
    shelf = [
        ("named", "Care of the hob", "public", "en", "Wipe glass when it is cold."),
        ("other", "Something else", "public", "en", repeated),
    ]
    index = shelf_of(tmp_path, encoder, shelf)
    asked = found(index, encoder, "care of the hob")
    assert asked.hits[0].passage.article == "other"
    assert isinstance(asked.best, Answer)
    assert asked.best.article == "named"


def test_a_follow_up_is_searched_for_with_the_question_before_it(index: KnowledgeIndex, encoder: Encoder) -> None:
    """It is encoded anew; who was answered nothing asks what stands there."""
    read: list[str] = []

    def encode(texts: Sequence[str]) -> Vectors:
        read.extend(texts)
        return encoder.encode(texts)

    (vector,) = encoder.encode(["and its door?"])
    asker = Asker(PUBLIC, context=Context((LastQuestion("is the oven guaranteed", "guarantee"),)))
    after = look_up(index, answering(encoder), "and its door?", vector, None, asker, 5, encode)
    assert after.asked is not None
    assert "oven" in after.asked
    assert "door" in after.asked
    assert read == [after.asked]
    assert after.hits[0].passage == found(index, encoder, after.asked).hits[0].passage
    assert found(index, encoder, "and its door?").asked is None


def test_nobody_is_shown_what_is_not_theirs_to_read(index: KnowledgeIndex, encoder: Encoder) -> None:
    """Not in the answer, and not in the passages that are kept beside it."""
    text = "goodwill of thirty pounds without asking"
    assert "goodwill" not in {hit.passage.article for hit in found(index, encoder, text).hits}
    staff = found(index, encoder, text, asker=Asker(frozenset({"internal"})))
    assert [hit.passage.article for hit in staff.hits] == ["goodwill"]


def test_articles_in_the_customers_language_answer_where_there_are_some(
    index: KnowledgeIndex, encoder: Encoder
) -> None:
    """Else those in any language do."""
    text = "is the oven guaranteed for two years"

    def languages(locale: str) -> set[str]:
        hits = found(index, encoder, text, asker=Asker(PUBLIC, locale=locale)).hits
        return {hit.passage.article for hit in hits}

    assert languages("de-AT") == languages("de") == {"garantie"}
    assert "garantie" not in languages("en-GB")
    assert languages("fr") >= {"garantie", "guarantee"}


def test_where_articles_disagree_nothing_is_answered_and_both_are_shown(tmp_path: Path, encoder: Encoder) -> None:
    """Not even what the intent's own article says: it is one of the two."""
    two = [
        (f"fee-{pounds}", f"Fees {pounds}", "public", "en", f"The delivery of an oven costs £{pounds} in all cases.")
        for pounds in (25, 40)
    ]
    index = shelf_of(tmp_path, encoder, two)
    learned = replace(answering(encoder, agreed=ALWAYS), articles={"fees": ("fee-25",)})
    asked = found(index, encoder, "what does the delivery of an oven cost", learned, intent="fees", most=1)
    assert isinstance(asked.best, Disagreement)
    assert asked.agreed is None
    assert asked.to_json()["answer"] is None
    assert {hit.passage.id for hit in asked.hits} == set(asked.best.passages)
    assert asked.to_json()["disagree"] == list(asked.best.passages)


def test_what_a_customer_owns_or_speaks_of_is_named_as_articles_name_it() -> None:
    """By the product's slot and by the company's records, which hold a list or a word; anything else is nothing."""
    assert owned_by({"attributes": {"products": ["Heron 9", 3]}}, "Washing machine") == ("washing-machine", "heron-9")
    assert owned_by({"attributes": {"products": "Tern 60"}}, None) == ("tern-60",)
    assert owned_by(None, None) == owned_by({"attributes": None}, 7) == ()


def test_what_is_set_by_hand_counts_and_two_witnesses_never_need_more_than_one(encoder: Encoder) -> None:
    """What is not set by hand is the measured one."""
    measured = answering(encoder, alone=2.0, agreed=1.0)
    assert (measured.by_hand(None, None).alone, measured.by_hand(None, None).agreed) == (2.0, 1.0)
    assert (measured.by_hand(0.5, None).alone, measured.by_hand(0.5, None).agreed) == (0.5, 0.5)
    assert (measured.by_hand(None, 3.0).alone, measured.by_hand(None, 3.0).agreed) == (2.0, 2.0)


def test_what_was_learned_is_read_as_it_was_written(encoder: Encoder, tmp_path: Path) -> None:
    """A damaged file is named, with the command that mends it."""
    learned = answering(encoder, alone=1.5, agreed=0.5)
    learned.save(tmp_path)
    read = Answering.load(tmp_path)
    assert (read.alone, read.agreed) == (1.5, 0.5)
    assert {name: tuple(ids) for name, ids in read.articles.items()} == learned.articles
    (tmp_path / "articles.json").write_text("[")
    with pytest.raises(ArtefactError, match="make train"):
        Answering.load(tmp_path)


def test_what_was_found_travels_as_plain_values(index: KnowledgeIndex, encoder: Encoder) -> None:
    """By the names that the trace and the action that answers read."""
    asked = found(index, encoder, "is the oven guaranteed", most=1)
    assert isinstance(asked.best, Answer)
    (hit,) = asked.hits
    assert asked.to_json() == {
        "index": index.fingerprint,
        "asked": None,
        "passages": [
            {
                "id": hit.passage.id,
                "article": "guarantee",
                "heading": hit.passage.heading,
                "score": pytest.approx(float(hit.score), abs=5e-5),
            }
        ],
        "answer": asked.best.to_json(),
        "disagree": [],
    }
    (passage,) = asked.to_json()["passages"]
    assert passage["score"] == round(passage["score"], 4)
    assert type(passage["score"]) is float


def test_a_passage_answers_from_its_threshold_on(index: KnowledgeIndex, encoder: Encoder) -> None:
    """Not only above it; an article that agrees must reach its own as well."""
    text, intent = "when do the stores open on Sunday", "opening_hours"
    allowed = index.filters.allowed(Filter(PUBLIC))
    (vector,) = encoder.encode([text])
    ranked = Ranker.untaught(encoder.dimensions).rank(index, vector, text, allowed)
    own = agreeing(index, ranked, ("store-hours",))
    at_them = answering(encoder, alone=ranked.answerable, agreed=own.answerable)
    assert found(index, encoder, text, at_them, intent=intent).best is not None
    assert found(index, encoder, text, at_them, intent=intent).agreed is not None
    above = answering(encoder, alone=ranked.answerable + 1e-6, agreed=own.answerable + 1e-6)
    assert found(index, encoder, text, above, intent=intent).best is None
    assert found(index, encoder, text, above, intent=intent).agreed is None


def test_no_more_passages_are_shown_than_asked_for(index: KnowledgeIndex, encoder: Encoder) -> None:
    """What does not answer is not shown beside it."""
    text = "is the oven guaranteed for two years"
    assert [hit.passage.article for hit in found(index, encoder, text, most=1).hits] == ["guarantee"]
    assert len(found(index, encoder, text, answering(encoder, alone=NEVER), most=2).hits) == 2


def test_what_a_customer_owns_is_ranked_with(tmp_path: Path, encoder: Encoder) -> None:
    """An article about their own product goes before one about another."""
    for name in ("heron-9", "tern-60"):
        (tmp_path / f"{name}.md").write_text(
            f"---\nid: {name}\ntitle: Care of {name}\naudience: [public]\nlanguage: en\nupdated: 2026-01-05\n"
            f"review_by: 2027-01-05\nurl: https://help.example/{name}\nproducts: [{name}]\n---\n"
            "Wipe the machine with a dry cloth.\n",
            encoding="utf-8",
        )
    index = KnowledgeIndex.build(load_articles(tmp_path), encoder)
    for owned in ("heron-9", "tern-60"):
        asked = found(index, encoder, "how do I wipe the machine", asker=Asker(PUBLIC, owned=(owned,)))
        assert asked.hits[0].passage.article == owned


def test_a_question_within_a_form_is_about_what_the_form_does() -> None:
    """By the name of the intent that opens it; an answer to the form, or no form at all, is about nothing else."""
    form = OpenForm("book_a_visit_form", "day")
    assert under_way(form, "is it free?") == LastQuestion("book a visit", "")
    assert under_way(form, "on Tuesday") is None
    assert under_way(None, "is it free?") is None


@pytest.mark.parametrize(("form", "answers"), [(True, True), (False, False)])
def test_within_a_form_a_question_needs_less_to_be_answered(
    index: KnowledgeIndex, encoder: Encoder, form: bool, answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the form does is a second witness, as the reading is elsewhere."""
    monkeypatch.setattr("bot.dialogue.looking_up.STANDS_ALONE", 2.0)
    learned = answering(encoder, alone=NEVER, agreed=ALWAYS)
    about = LastQuestion("guarantee of ovens", "") if form else None
    best = found(index, encoder, "is its door guaranteed?", learned, asker=Asker(PUBLIC, under_way=about)).best
    assert isinstance(best, Answer) is answers


def test_the_day_that_a_message_means_chooses_the_row(tmp_path: Path, encoder: Encoder) -> None:
    """No article says "tomorrow"; a day in a company's own words is none."""
    table = "\n\n| Day | Hours |\n| --- | --- |\n| Monday to Saturday | 9am to 7pm |\n| Sunday | 11am to 5pm |\n"
    articles = [("store-hours", "Stores", "public", "en", f"All stores open at nine.{table}")]
    index = shelf_of(tmp_path, encoder, articles)
    days = days_of(["2026-11-29", "whenever"])
    assert days == (date(2026, 11, 29),)
    best = found(index, encoder, "what time do stores open tomorrow", asker=Asker(PUBLIC, days=days)).best
    assert isinstance(best, Answer)
    assert shown_text(index, best) == "| Day | Hours |\n| --- | --- |\n| Sunday | 11am to 5pm |"


def test_a_follow_up_is_answered_in_its_own_words_and_nothing_is_said_twice(tmp_path: Path, encoder: Encoder) -> None:
    """Of what was just seen only what fits best is said again; a row that is asked for is picked out of its table."""
    body = "Delivery of an oven costs £25.\n\n## Islands\n\nDelivery to the islands costs £60 by ferry.\n"
    index = shelf_of(tmp_path, encoder, [("delivery", "Prices", "public", "en", body)])
    asked = "what does delivery of an oven cost"
    first = found(index, encoder, asked).best
    assert isinstance(first, Answer)
    seen = tuple((quote.start, quote.end) for quote in first.quotes)
    last = LastQuestion(asked, "delivery", first.version, seen)
    best = found(index, encoder, "and to the islands by ferry?", asker=Asker(PUBLIC, context=Context((last,)))).best
    assert isinstance(best, Answer)
    assert shown_text(index, best) == "Delivery to the islands costs £60 by ferry."


@pytest.mark.parametrize(
    ("text", "article"), [("so the door stores then", "guarantee"), ("and the stores", "store-hours")]
)
def test_a_conclusion_is_answered_from_the_article_that_answered(
    index: KnowledgeIndex, encoder: Encoder, text: str, article: str
) -> None:
    """Though another one has its words, too; what only goes on may move there."""
    context = Context((LastQuestion("is the oven guaranteed", "guarantee"),))
    best = found(index, encoder, text, asker=Asker(PUBLIC, context=context)).best
    assert isinstance(best, Answer)
    assert best.article == article


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [("and is that guaranteed for one year?", True), ("how long is it guaranteed", True), ("and the stores", False)],
)
def test_what_names_its_matter_by_a_pointing_word_does_not_stand_alone(
    index: KnowledgeIndex, encoder: Encoder, text: str, goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However surely an article has its words: "that" is what was spoken of."""
    monkeypatch.setattr("bot.dialogue.looking_up.STANDS_ALONE", 0.0)
    context = Context((LastQuestion("does my dishwasher drain", "draining"),))
    further: list[str] = []

    def encode(texts: Sequence[str]) -> Vectors:
        further.extend(texts)
        return encoder.encode(texts)

    asker = Asker(PUBLIC, context=context)
    look_up(index, answering(encoder), text, encoder.encode([text])[0], None, asker, 5, encode)
    assert bool(further) is goes_on
