"""What the conversation knows, and what it completes: never against a message that says all it needs."""

from __future__ import annotations

import time

import pytest

from bot.dialogue.context import (
    MOST_KEPT,
    Context,
    Waiting,
    completed,
    concludes,
    corrected,
    first_sentence,
    follows,
)
from bot.knowledge.answering.follow_up import LastQuestion

DELIVERY = LastQuestion("how much is delivery to Leeds", "delivery-prices")
HOURS = LastQuestion("when are you open", "store-hours")


@pytest.mark.parametrize(
    "text",
    [
        "and to Jersey?",
        "what about the oven",
        "how much?",
        "Sundays?",
        "which one is cheaper",
        "is there a fast one",
        "ok and does it need a hole",
        "even there?",
        "can he come at 7 at night",
        "what width does it need",
        "pity. and if they get here and it won't fit?",
        "I don't drive though. can my nephew get it",
        "from the day I ordered or from the day it came",
        "so until Monday basically",
        "it's too late to add it then I suppose",
    ],
)
def test_what_says_half_follows(text: str) -> None:
    """It continues, it points, or it is a question of a few words."""
    assert follows(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "thanks",
        "that's great",
        "magic that's done it",
        "that's all right then",
        "so I had this machine for six weeks and then it began to leak and nobody came, can you help",
        "I want to send back the dishwasher that I bought from you last week",
        "do you take away the old machine when the new one comes on Friday",
    ],
)
def test_what_says_all_or_asks_nothing_does_not_follow(text: str) -> None:
    """Praise that says "that" asks nothing, and a whole sentence stands alone."""
    assert not follows(text)


def test_a_follow_up_is_put_behind_the_question_that_stands_alone() -> None:
    """The next one belongs to the same question, and not to a chain of all of them."""
    whole = completed("ok and to Jersey?", Context((DELIVERY,)))
    assert whole is not None
    assert whole.text == "how much is delivery to Leeds, to Jersey"
    assert whole.root == DELIVERY.text


@pytest.mark.parametrize(
    ("text", "values", "meant"),
    [
        ("sorry I meant the dryer", 1, "the dryer"),
        ("no, the dryer I mean", 1, "the dryer"),
        ("I meant Sunday", 0, "Sunday"),
        ("no, the dryer", 1, "the dryer"),
        ("no, the other day", 0, None),
        ("I mean I have had enough of all of this by now", 0, None),
    ],
)
def test_what_was_meant_takes_the_place_of_what_was_asked(text: str, values: int, meant: str | None) -> None:
    """Without "I meant" only a product does: a "no" begins much else."""
    assert corrected(text, values) == meant


def test_a_correction_of_the_product_asks_the_last_question_again() -> None:
    """What the dryer's own articles say of "sorry" proves nothing."""
    whole = completed("sorry I meant the dryer", Context((LastQuestion("my fridge is noisy", "fridge-noisy"),)), 1)
    assert whole is not None
    assert whole.text == "my fridge is noisy, the dryer"
    assert whole.lone


def test_a_conclusion_stays_with_the_answer() -> None:
    """It checks what was understood; a new question does not."""
    assert concludes("so until Monday basically")
    assert not concludes("so how much is that")
    assert not concludes("bye then")


def test_a_follow_up_belongs_to_what_was_done_last() -> None:
    """And not to the question that was answered before that."""
    done = Context((HOURS,)).behind("track order, Your order is ready for pick-up")
    whole = completed("can my nephew get it", done)
    assert whole is not None
    assert whole.text == "track order, Your order is ready for pick-up, can my nephew get it"
    assert Context((HOURS,)).behind("").last == HOURS


def test_where_a_follow_up_moves_to_another_article_the_next_one_belongs_to_that() -> None:
    """ "Can I make it longer?", "how much is that": the extension, not the warranty. Choosing one moves nowhere."""
    context = Context((LastQuestion("what is the warranty", "warranty"),))
    stays = context.going_on({"root": "what is the warranty"}, "warranty", "Warranty")
    moved = context.going_on({"root": "what is the warranty"}, "extended", "Can I extend it?")
    chosen = context.going_on({"root": "A or B", "points": True}, "noise", "How loud are they?")
    assert [one.text for one in (stays, moved, chosen)] == ["what is the warranty", "Can I extend it?", "A or B"]


def test_what_was_done_is_told_in_its_first_sentence() -> None:
    """The rest is what happens next."""
    assert first_sentence("Done: it is registered. We come on Tuesday.") == "Done: it is registered"
    assert len(first_sentence("x" * 900)) <= 120


def test_what_was_seen_of_an_article_is_kept_while_it_answers() -> None:
    """A new version, or another article, begins anew."""
    first = LastQuestion("a", "hours", "v1", ((0, 10),))
    assert LastQuestion("b", "hours", "v1", ((20, 30),)).after(first).shown == ((0, 10), (20, 30))
    for other in (LastQuestion("b", "hours", "v2", ((20, 30),)), LastQuestion("b", "prices", "v1", ((20, 30),))):
        assert other.after(first) == other
    done = LastQuestion("c", "hours", "v1", ((20, 30),), ((0, 5),))
    assert done.after(LastQuestion("b", "hours", "v1", (), ((7, 9),))).done == ((7, 9), (0, 5))
    assert LastQuestion.of(done.to_json()) == done
    assert LastQuestion.of(first.to_json()) == first
    assert LastQuestion.of({"text": "a", "article": "b", "shown": [[1], "x", [1, "y"], [1, 2]]}).shown == ((1, 2),)


def test_without_an_answer_before_nothing_is_completed() -> None:
    """Who begins with "and?" is read as they are."""
    assert completed("and to Jersey?", Context()) is None


def test_the_product_that_was_asked_for_completes_the_first_question() -> None:
    """In a word, or in a sentence that says more; a question is another question."""
    waits = Context((DELIVERY,), Waiting("it makes a noise", "product", {}))
    word, sentence = (
        completed("the washer", waits, 1),
        completed("it's from the front of the washer I reckon", waits, 1),
    )
    assert word is not None
    assert word.must
    assert (word.text, word.root) == ("it makes a noise, the washer", "it makes a noise, the washer")
    assert sentence is not None
    assert sentence.value
    assert not sentence.must
    other = completed("how much is a washer?", waits, 1)
    assert other is None or not other.value


def test_the_context_travels_as_plain_values_and_keeps_two_answers() -> None:
    """What a slot held before there was a context is one as well."""
    context = Context().answering(HOURS).answering(DELIVERY).answering(DELIVERY)
    assert context.answered == (DELIVERY, HOURS)
    asking = context.asking(Waiting("it leaks", "product", {"oven-door": {"article": "oven-door"}}))
    assert Context.of(asking.to_json()) == asking
    assert Context.of(DELIVERY.to_json()) == Context((DELIVERY,))
    assert asking.answering(HOURS).waiting is None
    for none in (None, 3, {}, {"text": 1}, {"waiting": {"text": 2}}, {"before": "x"}):
        assert Context.of(none) == Context()


def test_what_waits_is_small() -> None:
    """It is carried from turn to turn."""
    waits = Waiting("x" * 5000, "product", {str(n): {} for n in range(50)}).to_json()
    assert len(waits["answers"]) == MOST_KEPT
    assert len(waits["text"]) <= 200


def test_a_long_message_is_read_in_no_time() -> None:
    """Whatever a customer pastes."""
    waits = Context((DELIVERY,), Waiting("it leaks", "product", {}))
    began = time.perf_counter()
    for text in ("ok " * 20000, "which one " * 10000, "hmm" * 20000, "and " + "?" * 50000):
        completed(text, waits, 1)
        follows(text)
    assert time.perf_counter() - began < 1.0
