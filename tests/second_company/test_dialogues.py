"""What every company's assistant can do, tried on one that knows nothing of the reference assistant."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.processes import Brain, Dialogue


def _quote(brain: Brain) -> Dialogue:
    talk = brain.talk().say("could I get a quote")
    assert talk.open_form == "request_quote_form"
    return talk


def _requests(brain: Brain) -> list[str]:
    path = brain.installation.settings.var / "quotes.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        return [row[0] for row in connection.execute("SELECT request FROM requests")]


def test_a_greeting_is_the_companys_own(second_brain: Brain) -> None:
    """By its name."""
    assert "Maple & Pine" in second_brain.talk().say("hello").said


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("when are you open?", "opening-hours"),
        ("are you there between Christmas and New Year", "opening-hours"),
        ("what does an hour cost", "prices-and-payment"),
        ("can I pay by card?", "prices-and-payment"),
    ],
)
def test_a_question_is_answered_from_an_article(second_brain: Brain, question: str, article: str) -> None:
    """With its source, though nobody has taught its articles."""
    assert second_brain.talk().say(question).citations == [article]


def test_a_form_is_filled_and_done_once(second_brain: Brain) -> None:
    """The company's own slots and its own action."""
    before = len(_requests(second_brain))
    talk = _quote(second_brain)
    talk.say("a new fence, about twenty metres").say("next Tuesday").say("pat@example.com")
    assert "pat@example.com" in talk.said
    assert "Q-" in talk.said
    assert talk.open_form is None
    assert len(_requests(second_brain)) == before + 1


def test_the_form_listens(second_brain: Brain) -> None:
    """A question in between is answered and the form goes on; a correction is taken; it can be left."""
    talk = _quote(second_brain).say("paint the hall")
    talk.say("how much is an hour?")
    assert talk.citations == ["prices-and-payment"]
    assert talk.open_form == "request_quote_form"
    talk.say("March 24")
    assert str(talk.slot("start_day")).endswith("-03-24")
    talk.say("no, make it March 25")
    assert str(talk.slot("start_day")).endswith("-03-25")
    assert talk.say("forget it").open_form is None


def test_what_the_opening_says_is_not_asked_again(second_brain: Brain) -> None:
    """The address was told."""
    talk = second_brain.talk().say("I'd like a quote please, my email is sam@example.com")
    assert talk.slot("reply_address") == "sam@example.com"


def test_a_day_of_another_question_is_none_of_the_forms(second_brain: Brain) -> None:
    """ "Are you open on Friday?" does not say when the work shall begin."""
    talk = second_brain.talk().say("what time do you close on Friday?").say("I'd like a quote").say("a garden shed")
    assert talk.slot("start_day") is None
    assert "On which day" in talk.said


def test_a_person_is_there_from_the_first_message(second_brain: Brain) -> None:
    """Without a quiz."""
    talk = second_brain.talk().say("can I talk to a person please")
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "customer_request"


def test_a_danger_gets_the_number_of_the_companys_country(second_brain: Brain) -> None:
    """911 in Canada."""
    talk = second_brain.talk().say("there is a fire in my kitchen!!")
    assert "911" in talk.said
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "danger"


def test_the_talk_itself_is_understood(second_brain: Brain) -> None:
    """What was said, and what did not help."""
    talk = second_brain.talk().say("when are you open?")
    first = talk.texts
    assert talk.say("what did you say?").texts == first
    assert talk.say("thanks, bye").handoff is None


def test_another_business_is_not_answered(second_brain: Brain) -> None:
    """Nothing is made up."""
    talk = second_brain.talk().say("is my flight to Lisbon delayed")
    assert talk.citations == []
    assert talk.handoff is None


@pytest.mark.parametrize("word", ["Larkfield", "order", "technician", "appliance", "postcode"])
def test_help_speaks_of_nothing_of_the_reference_assistant(second_brain: Brain, word: str) -> None:
    """Neither its name nor its trade."""
    talk = second_brain.talk()
    for message in ("hello", "what can you do?", "yes", "never mind", "asdf qwer", "I am so angry with you"):
        assert word.casefold() not in talk.say(message).said.casefold()


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("are you a robot?", "computer program"),
        ("My husband passed away last month.", "sorry for your loss"),
        ("what can you do?", "ask our team for a quote"),
        ("¿puede usted ayudarme con mi factura, por favor?", "solo hablo inglés"),
    ],
)
def test_what_customers_say_to_any_assistant_is_heard(second_brain: Brain, message: str, says: str) -> None:
    """Warmline's own words, where the company has none."""
    assert says in second_brain.talk().say(message).said


def test_a_complaint_is_heard_and_passed_on(second_brain: Brain) -> None:
    """With the customer's own words."""
    talk = second_brain.talk().say("I want to make a complaint")
    assert talk.handoff is None
    talk.say("your people left my yard in a terrible state")
    assert talk.handoff is not None
    assert "terrible state" in str(talk.handoff)


def test_two_times_not_understood_is_a_persons(second_brain: Brain) -> None:
    """No third try."""
    talk = second_brain.talk().say("qwertz uiop asdf").say("hjkl yxcv bnm")
    assert talk.handoff is not None or "one of our team" in talk.said


def test_a_form_waits_while_a_person_has_the_conversation(second_brain: Brain) -> None:
    """And is offered again under the name that the company gives it."""
    talk = _quote(second_brain).say("can I talk to a person please")
    assert talk.handoff is not None
    talk.returned_by_human("Nova")
    assert "your quote" in talk.said


def test_what_was_done_can_be_asked_about(second_brain: Brain) -> None:
    """Its reference is said again."""
    talk = _quote(second_brain).say("a shed").say("March 24").say("pat@example.com")
    reference = next(word for word in talk.said.replace(".", " ").split() if word.startswith("Q-"))
    assert reference in talk.say("what did we agree?").said


@pytest.mark.parametrize(
    ("typed", "day"), [("3/24/2027", "2027-03-24"), ("24 March 2027", "2027-03-24"), ("2027-03-24", "2027-03-24")]
)
def test_a_day_is_read_as_it_is_written_there(second_brain: Brain, typed: str, day: str) -> None:
    """Month and day where there is no doubt; the slot has one form."""
    assert _quote(second_brain).say("a shed").say(typed).slot("start_day") == day
