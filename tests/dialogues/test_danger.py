"""A danger goes before everything: fixed words, an urgent ticket, and nothing else in the turn."""

from __future__ import annotations

from tests.processes import Brain


def test_smoke_gets_the_emergency_number_and_a_person(brain: Brain) -> None:
    """P1: fixed words first, and nothing beside them."""
    talk = brain.talk()
    talk.say("there is smoke coming out of my dryer, and when is my order coming?")
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "danger"
    assert len(talk.last["replies"]) == 1
    assert "999" in talk.last["replies"][0]["text"]
    assert talk.last["trace"]["decision"]["kind"] == "danger"
    assert talk.last["trace"]["steps"][0]["name"] == "danger"


def test_the_company_adds_its_gas_emergency_line(brain: Brain) -> None:
    """What stands under `add` in data/safety follows the fixed words."""
    talk = brain.talk()
    talk.say("I can smell gas in the kitchen")
    assert "0800 111 999" in talk.last["replies"][0]["text"]


def test_a_danger_in_a_form_is_heard_and_the_form_waits(brain: Brain) -> None:
    """P1: the booking is kept, and not continued."""
    talk = brain.talk()
    talk.say("I need a technician")
    talk.say("it's for my oven")
    talk.say("oh no, now there are flames in the oven")
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "danger"
    assert talk.handoff["open_form"]["name"] == "book_technician_form"
    assert len(talk.last["replies"]) == 1
    assert talk.slot("parked_forms")[0]["form"] == "book_technician_form"


def test_a_human_who_hands_back_lets_the_form_be_taken_up(brain: Brain) -> None:
    """P1: only then is the form offered again."""
    talk = brain.talk()
    talk.say("I need a technician")
    talk.say("now there are flames in the oven")
    talk.returned_by_human()
    assert "technician" in str(talk.last["replies"]) or "visit" in str(talk.last["replies"])
    assert talk.choices[0]["payload"] == "/resume_form"


def test_a_slash_hides_no_danger(brain: Brain) -> None:
    """A customer's `/` is text."""
    talk = brain.talk()
    talk.say("/ the dryer is on fire")
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "danger"
