"""What the kit does with a company that says much, little, or something that fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.dialogue.parking import Parked
from bot.kit.answer_offer import AnswerOffer
from bot.kit.company import Company, Content, InWords, NobodyServedError, company, serve_for
from bot.kit.hand_to_human import HandToHuman
from bot.kit.other_language import OtherLanguage
from bot.kit.parking import offer_again
from bot.kit.turn import Turn
from bot.kit.welcome_back import WelcomeBack
from tests.unit.kit.conftest import FORMS
from tests.unit.kit.talk import Talk, few_articles

Begin = Callable[..., Talk]
NONE: Any = few_articles()


def serve(**says: Any) -> None:
    """A company that says so much of itself."""
    serve_for(Company(**says), Content(lambda: NONE, dict, FORMS))


def slots_told(conversation: Talk) -> dict[str, Any]:
    """What a person reads who takes over."""
    handoff = conversation.customer("a person", "ask_for_person").run(HandToHuman()).handoff
    assert handoff is not None
    return dict(handoff["slots"])


def test_a_company_that_says_nothing_tells_what_its_forms_ask_for(talk: Begin) -> None:
    """Nothing is masked, and each value says itself."""
    serve()
    told = slots_told(talk(slots={"email": "ada@example.com", "order_number": "1", "last_question": "x"}))
    assert list(told) == ["order_number", "email"]
    assert told["email"] == {"value": "ada@example.com", "sensitive": False}


def test_a_slot_is_told_in_the_companys_words(talk: Begin) -> None:
    """An id says nothing to an agent."""
    serve(told=("appointment",), in_words=lambda slot, value: InWords("Visit", f"the {value}th"))
    told = slots_told(talk(slots={"appointment": 7}))
    assert told == {"appointment": {"value": 7, "sensitive": False, "title": "Visit", "text": "the 7th"}}


def test_words_that_cannot_be_found_keep_nobody_from_a_person(talk: Begin) -> None:
    """The company's system may be the very thing that failed."""

    def fails(slot: str, value: Any) -> InWords | None:
        raise ConnectionError("orders are away")

    serve(told=("appointment",), in_words=fails)
    assert slots_told(talk(slots={"appointment": 7})) == {"appointment": {"value": 7, "sensitive": False}}


def test_a_form_that_waits_is_called_as_the_company_calls_it(talk: Begin) -> None:
    """By its own name where the company does not say."""
    parked = [{"form": "book_technician_form", "slots": {"product": "hob"}}]
    conversation = talk(slots={"parked_forms": parked}).customer("thanks", "thanks")
    for says, thing in (({}, "book technician"), ({"thing": lambda form: form.slots["product"]}, "hob")):
        serve(**says)
        assert said_of(conversation) == thing
    assert company().thing(Parked("x_form", {"product": "oven"})) == "oven"


def said_of(conversation: Talk) -> str:
    """What the form that is offered again is called."""
    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    dispatcher = CollectingDispatcher()
    tracker = Tracker("c", dict(conversation.slots), conversation.latest, [], False, None, {}, "action_listen")
    offer_again(Turn(tracker, dispatcher))
    return str(dispatcher.messages[0]["thing"])


def test_what_the_company_counts_begins_anew_after_a_human(talk: Begin) -> None:
    """Beside what the kit itself counts."""
    serve(counters=("tries",))
    conversation = talk(slots={"tries": 3, "not_understood": "no_answer"})
    conversation.customer("/returned_by_human", "returned_by_human").run(WelcomeBack())
    assert (conversation.slots["tries"], conversation.slots["not_understood"]) == (None, None)


def test_a_customer_is_told_in_their_language_where_there_is_a_sentence(talk: Begin) -> None:
    """Warmline brings sentences in fourteen."""
    serve_for(Company(), Content(lambda: NONE, dict, FORMS, {"utter_other_language_pl"}))
    for code, said in (("pl", "utter_other_language_pl"), ("fi", "utter_other_language")):
        conversation = talk().customer("…", "other_language", language={"code": code})
        assert conversation.run(OtherLanguage()).said == [said]


def test_an_action_in_a_process_that_serves_nobody_fails_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer who starts rasa-sdk's own server reads which one to start."""
    monkeypatch.setattr("bot.kit.company._served", [])
    with pytest.raises(NobodyServedError, match=r"bot\.action_server\.serve"):
        company()
    assert AnswerOffer().name() == "action_answer_offer", "creating an action asks nothing"
