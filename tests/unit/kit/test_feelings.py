"""What moves a customer has an answer of its own; a complaint is heard before a person gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.kit.complaint import TakeComplaint
from bot.kit.feelings import AnswerFeeling
from tests.unit.kit.talk import Answer, Talk

pytestmark = pytest.mark.usefixtures("served")
Begin = Callable[..., Talk]
TOLD = "your driver left the gate open and the dog ran off"


def _moved(talk: Talk, kind: str) -> Answer:
    decision: dict[str, Any] = {"kind": "feeling", "why": "", "choices": [], "feeling": kind}
    return talk.customer("so it is", "feeling", decision=decision).run(AnswerFeeling())


@pytest.mark.parametrize(
    ("kind", "said"), [("bereavement", "utter_condolence"), ("threat", "utter_handing_over_threat")]
)
def test_a_death_and_a_threat_bring_a_person_and_no_menu(talk: Begin, kind: str, said: str) -> None:
    """An open form is left."""
    answer = _moved(talk(form="track_order_form"), kind)
    assert (answer.said, answer.choices) == ([said], {})
    assert answer.handoff is not None
    assert answer.handoff["reason"] == {"code": "policy", "evidence": "so it is"}
    assert "active_loop" in answer.kinds


@pytest.mark.parametrize(
    ("kind", "said", "choices"),
    [
        ("praise", "utter_praise", {}),
        ("distress", "utter_distress", {"Talk to a person": "/ask_for_person"}),
        ("sarcasm", "utter_sarcasm", {"Talk to a person": "/ask_for_person"}),
        ("insult", "utter_insult", {"Talk to a person": "/ask_for_person"}),
    ],
)
def test_the_others_get_one_sentence(talk: Begin, kind: str, said: str, choices: dict[str, str]) -> None:
    """Praise wants nothing; who is cross may want a person. An open form asks its question again, without buttons."""
    answer = _moved(talk(), kind)
    assert (answer.said, answer.choices, answer.handoff) == ([said], choices, None)
    inside = _moved(talk(form="track_order_form"), kind)
    assert (inside.said, inside.choices) == ([said], {})


def test_a_bare_complaint_is_asked_what_happened(talk: Begin) -> None:
    """In the customer's own words."""
    answer = talk().customer("I want to complain", "complain").run(TakeComplaint())
    assert (answer.said, answer.handoff) == (["utter_complain"], None)


def test_who_has_said_what_happened_is_not_asked_again(talk: Begin) -> None:
    """A person is offered."""
    answer = talk().customer(TOLD, "complain").run(TakeComplaint())
    assert (answer.said, answer.choices) == (["utter_complaint_heard"], {"Talk to a person": "/ask_for_person"})


def test_what_is_told_then_goes_to_a_person_with_everything_before_it(talk: Begin) -> None:
    """With reason and words; an earlier complaint, with something else in between, is not part of it."""
    begun = talk()
    begun.customer("rubbish service", "complain").run(TakeComplaint())
    begun.customer("when do you open", "store_hours")
    begun.customer("I want to complain", "complain").run(TakeComplaint())
    answer = begun.customer(TOLD, "complain").run(TakeComplaint())
    assert answer.said == ["utter_handing_over_complaint"]
    assert answer.handoff is not None
    assert answer.handoff["reason"] == {"code": "policy", "evidence": f"I want to complain\n{TOLD}"}
