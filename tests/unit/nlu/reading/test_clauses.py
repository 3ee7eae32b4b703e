"""Where a message could be taken apart, and where it could not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.reading.clauses import MOST_CLAUSES, clauses_of, tells_and_asks, told_in


def cut(text: str) -> list[str]:
    """The clauses' texts."""
    return [text[clause.start : clause.end] for clause in clauses_of(text)]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Cancel order 4711 and when do you open?", ["Cancel order 4711", "when do you open?"]),
        ("Where is it? Also, can I pay by card?", ["Where is it", "can I pay by card?"]),
        ("1. Where is it?\n2. Can I change it?", ["Where is it", "Can I change it?"]),
        ("do you take cash where is your shop", ["do you take cash", "where is your shop"]),
        ("track it btw what does a visit cost", ["track it", "what does a visit cost"]),
    ],
)
def test_a_question_or_request_after_a_joint_is_a_clause(text: str, clauses: list[str]) -> None:
    """Joining words and numbers belong to neither side."""
    assert cut(text) == clauses


@pytest.mark.parametrize(
    "text",
    [
        "Do you have the Heron 7 and the Heron 9",
        "If I order now, will it be here in time?",
        "I have a question about the account: do I need a number?",
        "tell me how it works",
        "what time do you close on Saturdays",
        "the price is 1.50 at www.example.com",
    ],
)
def test_what_belongs_together_stays_together(text: str) -> None:
    """Lists, subordinate clauses and questions within a question are no joints."""
    assert len(clauses_of(text)) == 1


def test_acts_are_told_by_how_a_clause_begins_and_ends() -> None:
    """A question, a request, a statement."""
    assert [clause.act for clause in clauses_of("It leaks. Please send somebody. Is it safe?")] == [
        "statement",
        "request",
        "question",
    ]


def test_a_letter_has_no_more_clauses_than_are_looked_at() -> None:
    """However long it is."""
    assert len(clauses_of("I wrote to you. " * 200)) == MOST_CLAUSES


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_no_message_is_too_strange(text: str) -> None:
    """Clauses lie in the text, in order, and nothing is raised."""
    place = 0
    for clause in clauses_of(text):
        assert place <= clause.outset <= clause.start <= clause.end <= len(text)
        place = clause.end


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("could somebody come and fix it", 1),
        ("can someone come round and collect my old fridge", 1),
        ("can someone come and when do you close", 2),
        ("can someone come and I'd like to track my order", 2),
        ("send me the invoice and fix my address", 2),
    ],
)
def test_come_and_do_is_one_thing_to_do(text: str, clauses: int) -> None:
    """A cousin of W5: what somebody comes for is no wish of its own."""
    assert len(clauses_of(text)) == clauses


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("it leaks, can you send somebody?", "it leaks"),
        ("Can someone come? My dishwasher won't drain", "My dishwasher won't drain"),
        ("The fridge is warm, could a technician look at it?", "The fridge is warm, could a technician look at it?"),
        ("can you send someone to fix my oven?", ""),
        ("washer leaks, please send a technician", ""),
    ],
)
def test_what_is_told_with_a_question_is_found(text: str, told: str) -> None:
    """W5: a fault that is told and a question are two things, one of them no wish by its form."""
    assert tells_and_asks(text) == bool(told)
    if told:
        assert told_in(text) == told
