"""What says half is read with what was said before, and what is open is asked about, by the whole system."""

from __future__ import annotations

from tests.processes import Brain


def test_the_product_is_asked_for_and_then_the_first_question_is_answered(brain: Brain) -> None:
    """By a button or in the customer's own word, and a visit is offered with the answer as with any."""
    for reply in ("Hob", "the hob"):
        talk = brain.talk().say("it shows E04")
        assert talk.last["trace"]["decision"]["kind"] == "ask_value"
        assert {"Hob", "Dishwasher"} <= set(talk.titles)
        talk.say(reply)
        assert talk.citations == ["hob-error-codes"]
        assert "E04" in talk.said
        assert talk.titles == ["Book a technician"]


def test_a_pressed_product_is_known_from_then_on(brain: Brain) -> None:
    """A booking does not ask for it again."""
    talk = brain.talk().say("it shows E04").press("Hob").say("book a technician")
    assert talk.last["trace"]["form"] == {"name": "book_technician_form", "asks": "postcode"}


def test_a_short_question_belongs_to_the_one_before_it(brain: Brain) -> None:
    """Sunday is a delivery day for nobody and an opening hour for who asked for those; the trace has both texts."""
    talk = brain.talk().say("what time does the York store close").say("Sundays?")
    assert talk.citations == ["store-hours"]
    [step] = [step for step in talk.last["trace"]["steps"] if step["name"] == "context"]
    assert step["did"] == "Sundays? → what time does the York store close, Sundays"
    assert talk.say("do you take old fridges away").citations == ["appliance-recycling"]


def test_a_choice_answers_the_first_message(brain: Brain) -> None:
    """From the article that was chosen, and not its opening."""
    talk = brain.talk().say("wrong colour")
    articles = [choice for choice in talk.choices if choice["payload"].startswith("/knowledge_question{")]
    if talk.last["trace"]["decision"]["kind"] != "answer":
        assert articles
        waits = talk.state["slots"]["last_question"]["waiting"]  # type: ignore[index]
        assert waits["text"] == "wrong colour"
        assert waits["answers"]
        talk.press(articles[0]["title"])
    assert talk.citations


def test_a_remark_before_a_question_hides_it_not(brain: Brain) -> None:
    """ "Pity." says nothing that the question behind it could not be completed by."""
    talk = (
        brain.talk().say("Will the crew carry a fridge up a spiral staircase?").say("oh dear. and if it doesn't fit?")
    )
    assert talk.citations == ["delivery-access"]


def test_what_goes_on_belongs_to_what_was_done_last(brain: Brain) -> None:
    """An order that waits at the store is fetched from there, whatever was asked before it."""
    talk = brain.talk().say("track my order LF-1000033 YO10 4DD")
    assert "York" in talk.said
    assert talk.say("can my son pick it up?").citations == ["kerbside-pickup"]


def test_what_was_meant_instead_takes_the_place_of_the_product(brain: Brain) -> None:
    """The question stays."""
    talk = brain.talk().say("my fridge is noisy").say("sorry, I meant the dryer")
    assert talk.citations == ["dryer-noisy"]


def test_what_was_tried_is_no_new_question(brain: Brain) -> None:
    """A filter that was cleaned asks for no article on cleaning, but for the other checks; what now is the visit."""
    talk = brain.talk().say("my dryer isn't drying").say("I already cleaned the filter")
    assert talk.citations == ["dryer-not-drying"]
    assert "Pull the fluff filter" not in talk.said
    assert "Empty the water container" in talk.said
    assert "Book a technician" in talk.titles
    assert talk.say("so what now then").titles == ["Book a technician"]
