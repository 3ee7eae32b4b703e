"""What is shown of an article: what answers, and little else; steps whole; of a table the row asked about."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bot.knowledge.answering.answers import opening_of
from bot.knowledge.answering.asking import Asking, kind_of
from bot.knowledge.answering.choosing import LONGEST, Shown
from bot.knowledge.answering.narrowing import is_steps, on_day
from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.pieces import pieces_of
from bot.knowledge.sources.articles import load_articles

HOURS = """All shops are open from 9am to 7pm on Monday to Saturday and from 11am to 5pm on Sunday.

## Shops

| Day | Shop | Bays |
| --- | --- | --- |
| Monday to Friday | 9am to 7pm | 9am to 6pm |
| Saturday | 9am to 7pm | 9am to 6pm |
| Sunday | 11am to 5pm | 11am to 4pm |

Dogs wait at the door.

## Telephone

Ring us from 8am to 8pm.
"""
DRAIN = """A washer that does not drain usually has a blocked filter.

## What to check first

- Pull the plug and wait.
- Turn the filter to the left.
- Check the hose behind the washer.

## Codes

- Error A1 means that the door is open.
- Error A2 means that the filter is blocked.
- Error A3 means that the hose leaks.

## Prices

A new filter costs £9. A new hose costs £7.
"""


@pytest.fixture
def shelf_of(write, encoder):
    """Return the index of one article."""

    def made(body: str, **fields: str) -> KnowledgeIndex:
        return KnowledgeIndex.build(load_articles(write(body=body, **fields).parent), encoder)

    return made


def shown(index: KnowledgeIndex, asking: Asking, *fits: tuple[str, float]) -> list[str]:
    """Return what is shown where stretches that begin so have these shares, and the others none."""
    article = index.passages[0].article
    texts = [index.text(article, stretch.start, stretch.end) for stretch in index.stretches]
    scores = np.full(len(texts), -50.0)
    for words, share in fits:
        (place,) = [number for number, text in enumerate(texts) if words in text]
        scores[place] = np.log(share)
    own = Ranked(np.arange(len(texts), dtype=np.int64), scores, -50.0)
    return [index.text(article, start, end) for start, end in Shown(index, own, asking).places()]


def test_only_the_sentence_that_answers_is_shown(shelf_of):
    index = shelf_of(DRAIN)
    asking = Asking("how much is a new filter")
    assert shown(index, asking, ("A new filter", 0.9), ("A new hose", 0.05)) == ["A new filter costs £9."]


def test_a_second_sentence_that_fits_nearly_as_well_is_shown_too(shelf_of):
    asking = Asking("how much are filter and hose")
    said = shown(shelf_of(DRAIN), asking, ("A new filter", 0.6), ("A new hose", 0.3))
    assert said == ["A new filter costs £9.", "A new hose costs £7."]


def test_who_asks_two_things_gets_what_answers_the_lesser_one(shelf_of):
    """Of one question it would be beside the point."""
    fits = (("A new filter", 0.9), ("A new hose", 0.02))
    assert len(shown(shelf_of(DRAIN), Asking("what does the filter cost, and what is the hose"), *fits)) == 2


@pytest.mark.parametrize(
    "text", ["my washer does not drain", "how do i get my washer to drain", "washer wont drain, why"]
)
def test_a_fault_gets_the_short_answer_and_its_checks_whole(shelf_of, text):
    index = shelf_of(DRAIN, title="Why does my washer not drain?")
    short, checks = shown(index, Asking(text), ("A washer that", 0.9))
    assert short == "A washer that does not drain usually has a blocked filter."
    assert checks == "- Pull the plug and wait.\n- Turn the filter to the left.\n- Check the hose behind the washer."


def test_a_question_of_fact_gets_no_steps(shelf_of):
    index = shelf_of(DRAIN, title="Why does my washer not drain?")
    assert len(shown(index, Asking("when does a washer not drain"), ("A washer that", 0.9))) == 1


def test_steps_of_an_article_that_tells_a_fact_are_not_added(shelf_of):
    index = shelf_of(DRAIN, title="What does draining mean?")
    assert len(shown(index, Asking("my washer does not drain"), ("A washer that", 0.9))) == 1


def test_of_cases_the_one_that_was_named_is_shown(shelf_of):
    said = shown(shelf_of(DRAIN), Asking("what does error A2 mean"), ("Error A1", 0.9))
    assert said == ["- Error A2 means that the filter is blocked."]


def test_of_cases_all_are_shown_where_none_was_named(shelf_of):
    (said,) = shown(shelf_of(DRAIN), Asking("what do the error codes mean"), ("Error A1", 0.9))
    assert said.count("Error A") == 3


def test_checks_are_shown_whole_whatever_is_named(shelf_of):
    (said,) = shown(shelf_of(DRAIN), Asking("the hose behind the washer, when"), ("Pull the plug", 0.9))
    assert said.count("\n") == 2


@pytest.mark.parametrize(
    ("day", "row"),
    [("2026-11-29", "| Sunday |"), ("2026-12-01", "| Monday to Friday |"), ("2026-12-05", "| Saturday |")],
)
def test_a_day_gets_its_row_with_the_titles(shelf_of, day, row):
    """Of the table beside what fits best: "tomorrow" is in no article."""
    asking = Asking("what time do you open tomorrow", (date.fromisoformat(day),))
    titles, said = shown(shelf_of(HOURS), asking, ("All shops", 0.9))
    assert titles == "| Day | Shop | Bays |\n| --- | --- | --- |"
    assert said.startswith(row)


def test_a_day_leaves_alone_what_is_about_something_else(shelf_of):
    asking = Asking("when can i ring on sunday", (date(2026, 11, 29),))
    assert shown(shelf_of(HOURS), asking, ("Ring us", 0.9)) == ["Ring us from 8am to 8pm."]


def test_a_table_without_days_is_no_answer_to_a_day(shelf_of):
    """As one of measures is none; it was an error once."""
    body = HOURS.replace("Monday to Friday", "Small").replace("| Saturday", "| Middle").replace("| Sunday", "| Large")
    said = shown(shelf_of(body), Asking("open tomorrow?", (date(2026, 11, 29),)), ("All shops", 0.9))
    assert len(said) == 1
    assert said[0].startswith("All shops")


@pytest.mark.parametrize(
    ("row", "day", "expected"),
    [
        ("| Friday to Monday | closed |", date(2026, 11, 29), True),
        ("| Friday to Monday | closed |", date(2026, 12, 1), False),
        ("| Mon-Fri | open |", date(2026, 12, 2), True),
        ("| 26 December, Boxing Day | open |", date(2026, 12, 26), True),
        ("| 26 December, Boxing Day | open |", date(2026, 12, 25), False),
        ("| Height | 140 cm |", date(2026, 12, 25), False),
        ("| Weekly | Sunday |", date(2026, 11, 29), False),
    ],
)
def test_a_row_is_about_the_days_that_its_first_cell_names(row, day, expected):
    assert on_day(row, day) is expected


def test_nothing_is_added_beyond_what_a_telephone_shows(shelf_of):
    long = " and".join(["The first thing is long"] * 24) + "."
    other = " or".join(["Another thing has many words"] * 8) + "."
    said = shown(shelf_of(f"{long}\n\n{other}\n"), Asking("what is long"), ("The first", 0.5), ("Another", 0.5))
    assert said == [long]
    assert len(long) + len(other) > LONGEST


def test_who_chooses_an_article_gets_its_short_answer_and_its_steps(shelf_of):
    index = shelf_of(DRAIN, title="Why does my washer not drain?")
    article = index.passages[0].article
    said = opening_of(index, article, Asking(index.passages[0].title), 320)
    assert said.startswith("A washer that does not drain")
    assert said.endswith("- Check the hose behind the washer.")
    assert opening_of(index, article, Asking("which error codes are there"), 320) == (
        "A washer that does not drain usually has a blocked filter."
    )
    assert opening_of(index, "gone", Asking("what"), 320) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("how do i reset my password", "do"),
        ("my oven is cold, what can i do", "do"),
        ("why is it so loud", "do"),
        ("what do i pay for a visit", "fact"),
        ("how long does it take", "fact"),
        ("hi, where is the shop", "fact"),
        ("until when are you open", "fact"),
        ("can i pay in cash", "yes_or_no"),
        ("so do you deliver", "yes_or_no"),
        ("my oven stays cold", "told"),
        ("", "told"),
    ],
)
def test_what_a_question_asks_for_is_seen_by_its_shape(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["1. Sign in.", "2. Select Save."], True),
        (["- Check the plug.", "- Close the door.", "- Press Start."], True),
        (["- You must be at home.", "- Have the number ready.", "- Clear the way.", "- Keep dogs away."], True),
        (["- Gift cards cannot be returned.", "- Opened filters cannot be returned."], False),
        (["- A hum is the compressor.", "- A click is the switch."], False),
        (["- On an oven, open the door.", "- In a fridge, look left."], False),
        (["- Error E01 means no water.", "- Error E02 means no power.", "- Error E03 means no heat."], False),
        ([], False),
    ],
)
def test_steps_are_numbered_or_begin_as_orders_do(items, expected):
    assert is_steps(items) is expected


def test_pieces_are_sentences_items_and_rows_in_order():
    body = "One. Two:\n\n- a\n  more of a\n- b\n\n| x | y |\n| --- | --- |\n| 1 | 2 |\n"
    found = [(piece.kind, body[piece.start : piece.end]) for piece in pieces_of(body)]
    assert found == [
        ("sentence", "One."),
        ("sentence", "Two:"),
        ("item", "- a\n  more of a"),
        ("item", "- b"),
        ("head", "| x | y |\n| --- | --- |"),
        ("row", "| 1 | 2 |"),
    ]


def test_what_was_done_is_not_said_again_to_who_tells_more(shelf_of):
    """A question is answered whole, and so is who did all of it: nothing else would be left to say."""
    index = shelf_of(DRAIN)
    body = index.parts.bodies["store-hours"]
    items = [
        (piece.start, piece.end) for piece in pieces_of(body) if body[piece.start :].startswith(("- P", "- T", "- C"))
    ]
    whole = "- Pull the plug and wait.\n- Turn the filter to the left.\n- Check the hose behind the washer."

    def said(text: str, *done: tuple[int, int]) -> list[str]:
        return shown(index, Asking(text, done=done), ("- Pull the plug", 0.9))

    assert said("water stands in the drum", items[1]) == [whole.split("\n")[0], whole.split("\n")[2]]
    assert said("how do I drain it", items[1]) == [whole]
    assert said("water stands in the drum", *items) == [whole]
    assert said("water stands in the drum") == [whole]
