"""Customers who write another language than the assistant's."""

from __future__ import annotations

from tests.processes import Brain


def test_a_customer_is_told_in_their_language_and_offered_a_person(brain: Brain) -> None:
    """The button too; pressing it is answered in that language, and routed by it."""
    talk = brain.talk().say("Dzień dobry, kiedy przyjedzie moja paczka?")
    assert talk.last["trace"]["decision"]["kind"] == "other_language"
    assert "tylko po angielsku" in talk.said
    assert talk.handoff is None
    talk.press("Rozmowa z człowiekiem")
    assert "naszego zespołu" in talk.said
    assert talk.handoff is not None
    assert talk.handoff["language"] == "pl"


def test_the_second_time_running_a_human_takes_over(brain: Brain) -> None:
    """Not twice the same sentence."""
    talk = brain.talk().say("la lavadora no funciona desde ayer").say("quiero hablar con alguien por favor")
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "not_understood"
    assert talk.handoff["language"] == "es"
    assert "nuestro equipo" in talk.said


def test_a_language_without_a_sentence_of_its_own_is_answered_in_english(brain: Brain) -> None:
    """With the same offer."""
    talk = brain.talk().say("Που είναι η παραγγελία μου;")
    assert "only speak English" in talk.said
    assert talk.titles == ["Talk to a person"]


def test_an_open_form_waits_meanwhile(brain: Brain) -> None:
    """And takes an English answer afterwards."""
    talk = brain.talk().say("track my order").say("где находится номер заказа, скажите пожалуйста")
    assert talk.last["trace"]["decision"]["kind"] == "other_language"
    assert talk.open_form == "track_order_form"
    assert "postcode" in talk.say("LF-1000017").said


def test_english_with_foreign_names_is_english(brain: Brain) -> None:
    """Nobody is told in Polish for being called Kowalczyk."""
    talk = brain.talk().say("Agnieszka Kowalczyk here, when are you open on Sunday?")
    assert talk.last["trace"]["language"] is None
    assert "language" not in (talk.say("can I talk to a person please").handoff or {})
