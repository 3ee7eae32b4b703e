"""Nothing that only colleagues may read reaches a customer, however they ask; the bench asks fifty times as often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.leaks import TurnLeaks, leaks_in, leaks_in_search, questions, runs_of, secret_runs
from bot.knowledge.answering.ranking import ranker_of
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles
from bot.nlu.encoder.onnx_encoder import OnnxEncoder
from tests.e2e.installation import ROOT
from tests.processes import Brain

COUNT = 200
ARTICLES = load_articles(ROOT / "knowledge_index" / "articles")


def test_two_hundred_adversarial_questions_bring_up_no_internal_words(brain: Brain) -> None:
    """Replies, buttons and what they lead to, citations, errors and the trace: everything but the dialogue state."""
    secret = secret_runs(ARTICLES, {"public"})
    assert len(secret) > 1000
    turns = TurnLeaks(brain.take_turn, secret)
    assert [leak for question in questions(ARTICLES, COUNT, seed=7) for leak in turns.of(question)] == []


def test_searching_for_customers_finds_nothing_internal(brain: Brain) -> None:
    """Below every threshold, with and without the segments of a trader."""
    settings = brain.installation.settings
    encoder = OnnxEncoder.load(settings.encoder)
    index = KnowledgeIndex.load(settings.index, encoder.fingerprint)
    ranker = ranker_of(settings.ranker, encoder.dimensions)
    asked = questions(ARTICLES, COUNT, seed=8)
    vectors = encoder.encode(asked)
    for readers in ({"public"}, {"public", "trade"}):
        assert leaks_in_search(index, vectors, ranker, asked, secret_runs(ARTICLES, readers), readers) == []
    secret = secret_runs(ARTICLES, {"public"})
    everything = leaks_in_search(index, vectors[:20], ranker, asked[:20], secret, {"public", "internal"})
    assert everything, "the measure finds nothing where there is something to be found"


def test_a_button_that_names_an_internal_article_opens_nothing(brain: Brain) -> None:
    """Even with a payload that no customer can sign."""
    secret = secret_runs(ARTICLES, {"public"})
    for article in ARTICLES:
        if "internal" in article.audience:
            payload = f'/knowledge_question{{"article": "{article.id}"}}'
            result = brain.take_turn({"type": "choice", "payload": payload, "title": "Show"})
            assert list(leaks_in("", result, secret)) == []
            assert article.title not in str(result["replies"])


def test_what_would_be_a_leak_is_found() -> None:
    """The measure itself: an internal sentence is a leak wherever it stands, but not where the customer said it."""
    internal = next(article for article in ARTICLES if "internal" in article.audience)
    secret = secret_runs(ARTICLES, {"public"})
    sentence = next(line for line in internal.body.split("\n") if len(runs_of(line) & secret) > 2)
    result: Mapping[str, Any] = {"replies": [{"text": "Hello."}], "trace": {"knowledge": [{"heading": sentence}]}}
    assert {leak.where for leak in leaks_in("", result, secret)} == {"trace.knowledge.heading"}
    assert list(leaks_in(sentence, result, secret)) == []
    assert secret_runs(ARTICLES, {"public", "internal"}) == frozenset()
