"""What a message says no to is found by its clauses; faults, which say no as well, are not."""

from __future__ import annotations

import pytest

from bot.nlu.intents.classifier import Reading
from bot.nlu.reading.rewritten import Rewritten
from bot.nlu.reading.ruled_out import Contrast, contrast_in, weighed

BOOK, REFUND, FAULT, STOP = "book", "refund", "fault", "stop"


def contrast(text: str) -> Contrast:
    """What is ruled out in a text that rules something out."""
    found = contrast_in(Rewritten(text))
    assert found is not None
    return found


def read(name: str, confidence: float = 0.9) -> tuple[Reading, ...]:
    """One reading."""
    return (Reading(name, confidence),)


@pytest.mark.parametrize(
    ("text", "wish", "left"),
    [
        ("I do NOT want a technician, I want my money", "I want a technician", "I want my money"),
        ("please dont cancel my order, I only want another address", "cancel my order", "I only want another address"),
        ("I'm not returning it, I need it repaired", "returning it", "I need it repaired"),
        ("it isn't the delivery I'm asking about but the refund", "the delivery", "the refund"),
        (
            "it isn't the noise that bothers me its that the clothes are dripping",
            "the noise",
            "its that the clothes are dripping",
        ),
        ("no need to call me, just tell me when", "I want to call me", "just tell me when"),
        ("there's no need for a visit. Where do I get the part?", "I want a visit", "Where do I get the part?"),
        ("this is not about my order, when do you open", "my order", "when do you open"),
        ("rather than a refund I'd like a new one", "I want a refund", "I'd like a new one"),
        ("can I have my money instead of a repair please", "I want a repair", "can I have my money please"),
        ("never mind the invoice, I need the manual", "the invoice", "I need the manual"),
        ("I haven't asked for a refund, where is my order", "I want a refund", "where is my order"),
    ],
)
def test_what_is_ruled_out_is_told_from_what_is_left(text: str, wish: str, left: str) -> None:
    """By clause, and within one where it says "rather than"."""
    found = contrast(text)
    assert [each.wish for each in found.ruled_out] == [wish]
    assert found.left.text == left
    assert not found.is_all


@pytest.mark.parametrize(
    "text", ["I don't want a technician", "no need to call me, thanks", "please don't cancel my order."]
)
def test_a_message_may_rule_out_and_say_nothing_else(text: str) -> None:
    """Courtesy is nothing else."""
    assert contrast(text).is_all


@pytest.mark.parametrize(
    "text",
    [
        "my oven doesn't heat up",
        "the door won't open",
        "I haven't received it",
        "I can't log in",
        "dishwasher not draining",
        "the fridge is not cold",
        "it doesn't drain and I don't know why",
        "I don't want it any more",
        "why don't you deliver to the islands",
        "can't you send someone sooner",
        "I don't have my receipt, can I return it",
        "isn't there anybody I can talk to",
        "",
    ],
)
def test_faults_and_questions_rule_nothing_out(text: str) -> None:
    """They say no to nothing that could be had."""
    assert contrast_in(Rewritten(text)) is None


def test_what_is_left_keeps_its_place() -> None:
    """The rest of a message is found again in what was typed."""
    text = "I don't want a refund, can you repair it"
    left = contrast(text).left
    assert text[slice(*left.typed_span(0, len(left.text)))] == "can you repair it"


def test_the_rest_is_read_where_something_is_ruled_out() -> None:
    """Though the whole was read as what is ruled out."""
    found = weighed(
        contrast("I don't want an engineer, I want money"), [read(BOOK)], read(BOOK), read(REFUND), {BOOK}, ()
    )
    assert found is not None
    assert (found.intents, found.reads) == ((BOOK,), "left")


def test_the_same_wish_in_the_rest_is_a_contrast_of_something_else() -> None:
    """Not this engineer but that one: an engineer is wanted."""
    text = "I don't want a trainee, I want a proper engineer"
    assert weighed(contrast(text), [read(BOOK)], read(BOOK), read(BOOK), {BOOK}, ()) is None


def test_an_intent_that_is_said_by_a_no_is_what_is_wanted() -> None:
    """ "Don't e-mail me" asks for something."""
    assert weighed(contrast("please don't e-mail me"), [read("post")], read("post"), (), set(), {"post"}) is None


def test_what_is_missing_is_ruled_out_only_where_it_could_be_done() -> None:
    """ "No power" is a fault; "no engineer" is a refusal."""
    assert weighed(contrast("no power at all"), [read(FAULT)], read(FAULT), (), {BOOK}, ()) is None
    found = weighed(contrast("no engineer please"), [read(BOOK)], read(BOOK), (), {BOOK}, ())
    assert found is not None
    assert found.reads == "nothing"


def test_an_unsure_reading_rules_nothing_out() -> None:
    """Who is not understood is not contradicted."""
    assert weighed(contrast("I don't want a fuss"), [read(BOOK, 0.3)], read(FAULT), (), {BOOK}, ()) is None


def test_a_rest_that_says_nothing_clear_leaves_a_message_about_something_else_whole() -> None:
    """ "Don't send anyone, it's fine with that" is read as it stands, and an engineer is not offered."""
    text = "please don't send anyone, with that other thing it is"
    found = weighed(contrast(text), [read(BOOK)], read(REFUND), read(FAULT, 0.2), {BOOK}, ())
    assert found is not None
    assert found.reads == "whole"
