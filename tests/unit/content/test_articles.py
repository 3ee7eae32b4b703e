"""What the reference assistant's articles promise: complete, current, quotable, and the internal ones kept apart."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.gateway.conversations.formatting import PAGES
from bot.knowledge.sources.articles import Article, load_articles
from bot.knowledge.sources.asked import load_asked
from bot.markdown.plain import plain_words
from bot.markdown.subset import in_subset

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "knowledge_index" / "articles"


def _golden(name: str) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "knowledge" / name).read_text(encoding="utf-8"))
    return questions


OPEN, BLIND = _golden("questions.yml"), _golden("questions_blind.yml")
ANSWERED = [question for question in OPEN + BLIND if question["article"]]

# Shorter ones hold no answer, longer ones hold several articles.
FEWEST_WORDS, MOST_WORDS = 120, 500
# What the assistant was promised to have: 80 or more articles, 12 or more of them internal.
FEWEST_PUBLIC, FEWEST_INTERNAL = 73, 13
# The halves of the golden questions: enough for a figure whose margin is a few points.
FEWEST_ANSWERED, FEWEST_UNANSWERED, FEWEST_INTERNAL_QUESTIONS = 110, 25, 10
BLIND_ANSWERED, BLIND_UNANSWERED = 120, 30
# Shorter runs ("the order number and the delivery postcode") occur in any two texts about one trade.
LEAK_RUN = 8

WORD = re.compile(r"[\w£]+(?:['.:-][\w£]+)*")
PHONE = re.compile(r"\b0\d{2,4} \d{3} ?\d{3,4}\b")
# Numbers that the regulator keeps free for fiction: 01632 960xxx, 0808 157 0xxx, 496 0xxx and 498 0xxx in big cities.
FICTIONAL_PHONE = re.compile(r"01632 960\d{3}|0808 157 0\d{3}|01(?:13|14|15|61) 496 0\d{3}|0191 498 0\d{3}")
LINK = re.compile(r"https?://([^/\s]+)")
# Rasa's short annotation, [words](entity).
ANNOTATION = re.compile(r"\[([^\]]+)\]\([^)]+\)")


@cache
def _articles() -> dict[str, Article]:
    return {article.id: article for article in load_articles(FOLDER)}


def _read_by(audience: str) -> list[Article]:
    return [article for article in _articles().values() if audience in article.audience]


def _words(article: Article) -> list[str]:
    return WORD.findall(article.body.casefold())


def _runs(article: Article) -> set[tuple[str, ...]]:
    words = _words(article)
    return {tuple(words[start : start + LEAK_RUN]) for start in range(len(words) - LEAK_RUN + 1)}


def _quotable(article: Article) -> set[str]:
    """Every whole paragraph, sentence and list item, as it stands in the body."""
    found: set[str] = set()
    for line in article.body.splitlines():
        text = re.sub(r"^(?:- |\d+\. )", "", line.strip())
        sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", text)
        found |= {text, *sentences}
    return found


def test_every_file_is_an_article_named_after_its_id() -> None:
    """A citation's id leads an editor straight to the file, and no file is left out."""
    assert sorted(_articles()) == sorted(path.stem for path in FOLDER.glob("*.md"))


def test_there_are_enough_articles_for_customers_and_for_staff() -> None:
    """Enough of both kinds, and none that is both."""
    public, internal = _read_by("public"), _read_by("internal")
    assert len(public) >= FEWEST_PUBLIC
    assert len(internal) >= FEWEST_INTERNAL
    assert len(public) + len(internal) == len(_articles())


def test_every_article_has_120_to_500_words() -> None:
    """Shorter ones hold no answer, longer ones hold several articles."""
    lengths = {article.id: len(article.body.split()) for article in _articles().values()}
    assert {name: length for name, length in lengths.items() if not FEWEST_WORDS <= length <= MOST_WORDS} == {}


def test_every_article_is_reviewed_after_its_last_change() -> None:
    """The date of review lies after the date of the update, and both are dates."""
    for article in _articles().values():
        assert isinstance(article.updated, date), article.id
        assert article.updated < article.review_by, article.id


def test_every_article_is_titled_with_a_question_and_answers_it_first() -> None:
    """A reader who sees the title and the first sentence has the answer; details follow under headings."""
    for article in _articles().values():
        opening = article.body.strip().splitlines()[0]
        assert article.title.endswith("?"), article.id
        assert opening.endswith("."), article.id
        assert not opening.startswith(("#", "-", "|")), article.id
        headings = re.findall(r"^## (.+)$", article.body, re.MULTILINE)
        assert len(headings) >= 2, article.id
        assert len(headings) == len(set(headings)), f"{article.id} has two sections of one name"


def test_articles_name_no_real_phone_number_and_no_real_site() -> None:
    """Example text must not send anybody to a stranger."""
    for article in _articles().values():
        text = f"{article.url}\n{article.body}"
        assert [number for number in PHONE.findall(text) if not FICTIONAL_PHONE.fullmatch(number)] == [], article.id
        assert [host for host in LINK.findall(text) if not host.endswith(".example")] == [], article.id


def test_every_sentence_can_be_quoted_as_it_stands() -> None:
    """An answer is shown as plain text: no bold, no code, no link that is not written out."""
    for article in _articles().values():
        assert not re.search(r"\*\*|__|`|\]\(", article.body), article.id


def test_the_open_golden_questions_are_as_many_as_promised() -> None:
    """Many are answered, some are not, some ask what only staff may know; each public article is asked for."""
    answered = [question for question in OPEN if question["article"]]
    assert len(answered) >= FEWEST_ANSWERED
    assert sum(not question["article"] and not question.get("internal") for question in OPEN) >= FEWEST_UNANSWERED
    assert sum(bool(question.get("internal")) for question in OPEN) >= FEWEST_INTERNAL_QUESTIONS
    assert {question["article"] for question in answered} == {article.id for article in _read_by("public")}


def test_the_blind_golden_questions_are_as_many_as_promised() -> None:
    """The figure that is published rests on a known number of questions over all articles."""
    assert sum(bool(question["article"]) for question in BLIND) == BLIND_ANSWERED
    assert sum(not question["article"] for question in BLIND) == BLIND_UNANSWERED
    assert {question["article"] for question in BLIND if question["article"]} <= {
        article.id for article in _read_by("public")
    }


def test_no_golden_question_stands_twice_or_among_the_examples() -> None:
    """A question that was trained on, or stands in both halves, measures memory."""
    questions = [" ".join(question["question"].casefold().split()) for question in OPEN + BLIND]
    assert len(set(questions)) == len(questions)
    examples = {
        " ".join(ANNOTATION.sub(r"\1", line[2:]).casefold().split())
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        if "intent" in item
        for line in item["examples"].splitlines()
    }
    assert examples
    assert set(questions) & examples == set()


def test_no_golden_question_stands_among_the_asked_ones() -> None:
    """Editors write down what customers type in their own words; what is measured with is not taught."""
    asked = load_asked(ROOT / "knowledge_index" / "questions")
    taught = {_letters(text) for text in (*(one.text for one in asked.questions), *asked.nothing)}
    assert len(taught) > len(_articles())
    assert sum(_letters(question["question"]) in taught for question in OPEN + BLIND) == 0


def _letters(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


def test_nothing_that_runs_reads_the_blind_half() -> None:
    """Blind means that neither training nor calibration can look at it."""
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("bot", "actions")
        for path in (ROOT / folder).rglob("*.py")
        if "questions_blind" in path.read_text(encoding="utf-8")
    ]
    assert readers == []


@pytest.mark.parametrize("question", ANSWERED, ids=lambda question: question["question"])
def test_a_golden_answer_is_a_whole_sentence_of_its_article(question: dict[str, Any]) -> None:
    """What a customer is told stands word for word in an article that customers may read."""
    article = _articles()[question["article"]]
    assert "public" in article.audience
    assert question["sentence"] in _quotable(article)


def test_no_public_article_repeats_what_only_staff_may_read() -> None:
    """No run of eight words stands in a public and in an internal article, so a leak can be told from chance."""
    secret = {run: article.id for article in _read_by("internal") for run in _runs(article)}
    shared = [
        (article.id, secret[run], " ".join(run))
        for article in _read_by("public")
        for run in _runs(article) & set(secret)
    ]
    assert shared == []


def test_every_article_has_the_address_of_its_own_page() -> None:
    """W11: each source link of the demo leads to a page that this gateway serves."""
    assert {article.id: article.url for article in _articles().values()} == {
        article: f"{PAGES}{article}" for article in _articles()
    }


@pytest.mark.parametrize("article", [article.id for article in load_articles(FOLDER)])
def test_no_article_shows_a_sign_of_its_format(article: str) -> None:
    """D16: 31 of them hold tables, and none reaches a messenger as strokes and dashes."""
    words = plain_words(_articles()[article].body)
    assert not re.search(r"\||\*\*|\]\(|^#|^>|`", words, re.MULTILINE), words
    assert plain_words(in_subset(_articles()[article].body)) == words
