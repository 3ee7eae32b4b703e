"""What a reply means inside a question."""

from __future__ import annotations

import pytest

from bot.dialogue.asking_again import as_slot, missed_again
from bot.dialogue.replies import Reply, begins_with_yes, is_plain_yes_or_no, named_field, read_reply, takes_offer

NAMES = {
    "email": ("email", "e mail", "e mail address", "address for the confirmation"),
    "appointment": ("day", "time", "visit"),
    "postcode": ("address",),
}


@pytest.mark.parametrize("text", ["cancel", "Leave it.", "forget it", "Never mind!", "please stop", "forget that"])
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
