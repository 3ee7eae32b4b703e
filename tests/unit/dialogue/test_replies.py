"""What a reply means inside a question."""

from __future__ import annotations

import pytest

from bot.dialogue.asking_again import as_slot, missed_again
from bot.dialogue.replies import (
    Reply,
    begins_with_yes,
    is_plain_yes_or_no,
    named_field,
    names_instead_of_agreeing,
    read_reply,
    says_more_than_no,
    takes_offer,
    takes_what_was_offered,
    went_well,
    yes_beside_thanks,
)

NAMES = {
    "email": ("email", "e mail", "e mail address", "address for the confirmation"),
    "appointment": ("day", "time", "visit"),
    "postcode": ("address",),
}


@pytest.mark.parametrize(
    "text",
    [
        "cancel",
        "Leave it.",
        "forget it",
        "Never mind!",
        "please stop",
        "forget that",
        "actually forget it, I'll try to sort it myself",
    ],
)
def test_a_way_out_leaves(text: str) -> None:
    """D9, kind 3: ways out are no reasons."""
    assert read_reply(text) is Reply.LEAVE


@pytest.mark.parametrize(
    "text",
    [
        "it stops mid-cycle",
        "I had to cancel my holiday",
        "the door won't leave it alone",
        "cancel button is dead",
        "cancel it, I'll send it back",
        "I changed my mind",
    ],
)
def test_a_word_of_leaving_inside_a_sentence_leaves_nothing(text: str) -> None:
    """D9, kind 3: the whole message is read."""
    assert read_reply(text) is not Reply.LEAVE


@pytest.mark.parametrize(
    "text",
    [
        "i don't know",
        "No idea",
        "I don\N{RIGHT SINGLE QUOTATION MARK}t know",
        "how should i know?",
        "not sure",
        "dunno",
    ],
)
def test_not_knowing_is_heard(text: str) -> None:
    """D7 and D9, kind 3."""
    assert read_reply(text) is Reply.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "can we do wednesday instead",
        "can you change it to wednesday",
        "the email",
        "another email",
        "can it be earlier?",
    ],
)
def test_a_wish_to_change_is_heard(text: str) -> None:
    """D8, kind 3."""
    assert read_reply(text) is Reply.CHANGE


@pytest.mark.parametrize("text", ["nothing, book it", "just book it", "nothing else, go ahead please"])
def test_nothing_to_change_goes_ahead(text: str) -> None:
    """D8, kind 3."""
    assert read_reply(text) is Reply.GO_AHEAD


@pytest.mark.parametrize("text", ["no power", "No hot water", "yes it leaks", "does not light"])
def test_words_behind_yes_or_no_say_more(text: str) -> None:
    """D7, kind 3."""
    assert not is_plain_yes_or_no(text)


@pytest.mark.parametrize("text", ["no", "No, thanks", "yes please", "ok", "not really"])
def test_a_plain_yes_or_no_says_no_more(text: str) -> None:
    """D7, kind 3: the other side."""
    assert is_plain_yes_or_no(text)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("the e-mail", "email"),
        ("the e-mail address", "email"),
        ("the address", "postcode"),
        ("the day", "appointment"),
        ("the email or the day", None),
    ],
)
def test_a_field_is_named_by_what_customers_call_it(text: str, field: str | None) -> None:
    """D8, kind 3: several fields are none."""
    assert named_field(text, NAMES) == field


def test_the_second_miss_of_one_question_needs_a_way_on() -> None:
    """D7, kind 3: a hint first; another question starts anew."""
    first = missed_again(None, "problem")
    second = missed_again(as_slot(first), "problem")
    assert (first.needs_way_on, second.needs_way_on) == (False, True)
    assert not missed_again(as_slot(second), "postcode").needs_way_on


@pytest.mark.parametrize("text", ["yes", "Yes please!", "yeah, sure", "yes thanks", "please", "go ahead", "book it"])
def test_a_yes_takes_what_was_offered(text: str) -> None:
    """W5, kind 3: whether the offer was a question or not."""
    assert takes_offer(text, asked=False)


@pytest.mark.parametrize(
    "text", ["no", "no thanks", "thanks", "ok thanks", "not really", "yes it leaks", "leave it", ""]
)
def test_what_is_no_yes_takes_nothing(text: str) -> None:
    """W5: thanks for an answer are not a booking."""
    assert not takes_offer(text, asked=True)


def test_ok_takes_an_offer_that_was_a_question() -> None:
    """W5: else it only says that something was read."""
    assert takes_offer("ok", asked=True)
    assert not takes_offer("ok", asked=False)


def test_a_yes_may_have_more_behind_it() -> None:
    """The arbiter reads the rest."""
    assert begins_with_yes("yeah go on")
    assert not begins_with_yes("go on, yes")
    assert not begins_with_yes("")


@pytest.mark.parametrize("text", ["yes it's working now", "YES it's warming up", "yep, that did the trick"])
def test_a_yes_that_tells_of_success_takes_no_offer(text: str) -> None:
    """Nobody is sent where nothing is wrong any more."""
    assert not takes_what_was_offered(text)


@pytest.mark.parametrize("text", ["yes please", "yes it's still leaking", "yes that works", "yeah that's fine"])
def test_a_yes_that_tells_of_anything_else_does(text: str) -> None:
    """A fault that goes on is a reason to take it."""
    assert takes_what_was_offered(text)


@pytest.mark.parametrize(
    "text",
    [
        "thank you so much yes",
        "yes thank you ever so much",
        "yes, thanks a lot",
        "cheers, yes please",
        "that's lovely thank you, yes",
        "Thanks for all your help. Yes",
        "perfect, book it",
        "oh you're a star, yeah",
        "thanks, go ahead",
        "brilliant, yes",
    ],
)
def test_thanks_around_a_yes_are_a_yes(text: str) -> None:
    """Kindness takes nothing back."""
    assert yes_beside_thanks(text)
    assert takes_offer(text, asked=False)


@pytest.mark.parametrize(
    "text",
    [
        "thank you so much",
        "thanks",
        "ok thanks",
        "no thank you",
        "thanks but no",
        "yes",
        "thanks, yes it leaks",
        "great",
    ],
)
def test_thanks_alone_and_anything_more_are_no_plain_yes(text: str) -> None:
    """Nothing is written for a thank-you."""
    assert not yes_beside_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "not tuesday and not an afternoon. monday?",
        "not in junk either",
        "so not one of your lot",
        "its not on the statement",
        "no not the double room",
        "but not with a credit card",
    ],
)
def test_what_something_is_not_is_no_plain_no(text: str) -> None:
    """It tells of the matter, and turns nothing down."""
    assert says_more_than_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "not now",
        "not really",
        "not today thanks",
        "no not yet",
        "not one of these",
        "not that",
        "not sure",
        "nah",
        "not interested",
        "not for me",
        "not at the moment",
        "no thanks",
        "not a chance",
        "so not needed then",
    ],
)
def test_a_no_stays_a_no(text: str) -> None:
    """However it is said."""
    assert not says_more_than_no(text)


def test_a_yes_may_tell_that_it_went_well() -> None:
    """Then nothing is left to do."""
    assert went_well("YES it's warming up")
    assert not went_well("yes")
    assert not went_well("it's warming up")


@pytest.mark.parametrize(
    ("text", "names"),
    [("reason please", True), ("the day", True), ("yes, that day is fine", False), ("go ahead", False)],
)
def test_a_name_is_no_yes(text: str, names: bool) -> None:
    """Under "What shall I change?" nothing is written for "reason please", whatever it was read as."""
    assert names_instead_of_agreeing(text, {"reason": ["reason"], "day": ["day"]}) is names
