"""Guessing at a stranger's order through the forms, and what the owner meets meanwhile."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from actions.ask_confirm_return import AskConfirmReturn
from actions.return_item import ReturnItem
from actions.shop.limits import Limits
from actions.shop.seed import DEMO_ORDERS
from actions.track_order import TrackOrder
from actions.validate_return_item_form import ValidateReturnItemForm
from actions.validate_track_order_form import ValidateTrackOrderForm
from actions.wording import spoken_wait
from tests.unit.actions.conftest import Clock
from tests.unit.kit.talk import Answer, Talk

ROOT = Path(__file__).resolve().parents[3]
THEIRS, OWN, *_ = DEMO_ORDERS
RETURNABLE = next(demo for demo in DEMO_ORDERS if demo.six == "430024")
USUAL = Limits().guesses
FORMS: dict[str, tuple[Any, Any]] = {
    "track_order": (ValidateTrackOrderForm, TrackOrder),
    "return_item": (ValidateReturnItemForm, ReturnItem),
}
pytestmark = pytest.mark.usefixtures("wired")
Begin = Callable[..., Talk]


def _try(conversation: Talk, number: str, postcode: str, intent: str = "track_order", shadow: bool = False) -> Answer:
    """Say number and postcode in one sentence, as a form hears it; its action runs when the form has ended."""
    validate, end = FORMS[intent]
    conversation.form = f"{intent}_form"
    conversation.slots.pop("requested_slot", None)
    known = {"order_number": number, "postcode": postcode}
    conversation.customer("x", intent, known)
    conversation.latest["metadata"]["shadow"] = shadow
    heard = conversation.mapped(**known).run(validate())
    filled = conversation.slots["order_number"] and conversation.slots["postcode"]
    ended = "requested_slot" in heard.slots or (filled and intent == "track_order")
    if not ended and not (filled and shadow):
        return heard
    conversation.form = None
    return conversation.run(end())


def _guess_from_elsewhere(talk: Begin, clock: Clock, number: str, count: int) -> None:
    for place in range(count):
        clock.passes(minutes=10)
        _try(talk(conversation=f"stranger {place} {number}", origin=f"o{place}"), number, "M1 1AE")


def _counted(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM tallies WHERE what = 'wrong pair'").fetchone()
    return int(count)


def test_an_own_order_in_between_gives_no_more_tries(talk: Begin, clock: Clock) -> None:
    """Two wrong ones, the own order, and the third wrong one is the last."""
    stranger = talk(origin="cafe")
    for postcode in ("M1 1AE", "M1 1AF"):
        assert _try(stranger, THEIRS.number, postcode).said == ["utter_order_and_postcode_differ"]
        assert _try(stranger, OWN.number, OWN.postcode).said == [f"utter_order_{OWN.state.value}"]
    assert _try(stranger, THEIRS.number, "M1 1AH").said == ["utter_order_not_matched_final"]
    assert _try(stranger, THEIRS.number, THEIRS.postcode).said == ["utter_order_not_matched_final"]


@pytest.mark.parametrize("intent", FORMS)
def test_after_guesses_of_others_the_owner_gets_a_person_who_knows_why(talk: Begin, clock: Clock, intent: str) -> None:
    """Kindly, whichever form asks; the agent is warned, and the customer is not told what others did."""
    _guess_from_elsewhere(talk, clock, RETURNABLE.number, USUAL.for_one_order)
    clock.passes(minutes=10)
    right = _try(talk(conversation="owner", origin="home"), RETURNABLE.number, RETURNABLE.postcode, intent)
    assert right.said == ["utter_order_needs_person"]
    assert right.handoff is not None
    assert right.handoff["reason"]["code"] == "policy"
    assert f"6 wrong postcodes were given for {RETURNABLE.number}" in right.handoff["reason"]["evidence"]
    wrong = _try(talk(conversation="stranger", origin="cafe"), RETURNABLE.number, "M1 1AE", intent)
    assert (wrong.said, wrong.slots["action_outcome"]) == (right.said, right.slots["action_outcome"])


def test_the_forms_count_in_one_place(talk: Begin, clock: Clock) -> None:
    """Three guesses by tracking and three by returning are six."""
    for place, intent in enumerate(["track_order", "return_item"] * 3):
        clock.passes(minutes=10)
        _try(talk(conversation=f"c{place}", origin=f"o{place}"), THEIRS.number, "M1 1AE", intent)
    owner = talk(conversation="owner", origin="home")
    assert _try(owner, THEIRS.number, THEIRS.postcode).said == ["utter_order_needs_person"]


def test_a_visitor_who_tries_many_numbers_gets_a_person(talk: Begin, clock: Clock) -> None:
    """In a new conversation each time; the agent hears that it is about the visitor."""
    for place in range(USUAL.by_one_visitor):
        clock.passes(minutes=10)
        _try(talk(conversation=f"c{place}", origin="cafe"), f"LF-{place:06}0", "M1 1AE")
        _try(talk(conversation=f"d{place}", origin="cafe"), DEMO_ORDERS[place % 9].number, f"M1 1A{'ABD'[place % 3]}")
    answer = _try(talk(conversation="last", origin="cafe"), OWN.number, OWN.postcode)
    assert answer.said == ["utter_order_needs_person"]
    assert answer.handoff is not None
    assert "From where this customer writes, 20 wrong postcodes" in answer.handoff["reason"]["evidence"]


def test_in_a_pause_nothing_is_looked_at_and_the_form_waits(talk: Begin, clock: Clock, shop_path: Path) -> None:
    """The customer hears how long, and that there are people; then the right postcode counts."""
    for place in range(3):
        _try(talk(conversation=f"c{place}", origin=f"o{place}"), THEIRS.number, "M1 1AE")
    owner = talk(conversation="owner", origin="home")
    answer = _try(owner, THEIRS.number, THEIRS.postcode)
    assert answer.said == ["utter_order_look_again_later"]
    assert answer.messages[0]["wait"] == "10 seconds"
    assert answer.choices == {"Talk to a person": "/ask_for_person"}
    assert (owner.slots["order_number"], owner.slots["postcode"]) == (THEIRS.number, None)
    assert "track_order_tries" not in owner.slots
    clock.passes(seconds=10)
    assert _try(owner, THEIRS.number, THEIRS.postcode).said == [f"utter_order_{THEIRS.state.value}"]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "10 seconds"),
        (10, "10 seconds"),
        (11, "20 seconds"),
        (50, "50 seconds"),
        (51, "a minute"),
        (61, "2 minutes"),
    ],
)
def test_a_wait_is_never_told_shorter_than_it_is(seconds: int, told: str) -> None:
    """Who comes back then is not sent away again."""
    assert spoken_wait(seconds) == told


def test_tries_are_forgotten_after_a_day(talk: Begin, clock: Clock) -> None:
    """A conversation in a messenger goes on for years."""
    customer = talk()
    _try(customer, OWN.number, "M1 1AE")
    clock.passes(hours=23)
    _try(customer, OWN.number, "M1 1AE")
    clock.passes(hours=2)
    assert _try(customer, OWN.number, "M1 1AE").said == ["utter_order_and_postcode_differ"]
    assert _try(customer, OWN.number, OWN.postcode).said == [f"utter_order_{OWN.state.value}"]


def test_a_postcode_said_before_is_counted_though_it_is_no_try(talk: Begin, clock: Clock, shop_path: Path) -> None:
    """The postcode first and the number then is guessing all the same."""
    for place in range(USUAL.for_one_order):
        clock.passes(minutes=10)
        conversation = talk(form="track_order_form", slots={"postcode": "M1 1AE"}, conversation=f"c{place}")
        conversation.customer(THEIRS.number, "track_order", {"order_number": THEIRS.number})
        conversation.mapped(order_number=THEIRS.number, postcode="M1 1AE").run(ValidateTrackOrderForm())
        assert "track_order_tries" not in conversation.slots
    assert _counted(shop_path) == 2 * USUAL.for_one_order
    assert _try(talk(conversation="new"), THEIRS.number, THEIRS.postcode).said == ["utter_order_needs_person"]


@pytest.mark.parametrize("intent", FORMS)
@pytest.mark.parametrize("postcode", [THEIRS.postcode, "M1 1AE"])
def test_a_shadow_turn_neither_counts_nor_shows(talk: Begin, shop_path: Path, postcode: str, intent: str) -> None:
    """A right pair and a wrong one leave the same nothing."""
    answer = _try(talk(), THEIRS.number, postcode, intent, shadow=True)
    assert answer.said == []
    assert _counted(shop_path) == 0
    assert _try(talk(), THEIRS.number, THEIRS.postcode, intent).said != []


def test_a_shadow_turn_shows_what_the_conversation_was_shown(talk: Begin) -> None:
    """An agent is offered the order again whose owner has proved it here."""
    customer = talk()
    _try(customer, OWN.number, OWN.postcode)
    assert _try(customer, OWN.number, OWN.postcode, shadow=True).said == [f"utter_order_{OWN.state.value}"]


def test_a_return_that_was_left_for_days_asks_for_the_proof_again(talk: Begin, clock: Clock) -> None:
    """Somebody has guessed meanwhile: a person goes on, and the form does not."""
    slots = {"order_number": RETURNABLE.number, "return_reason": "it hums", "return_method": "store"}
    customer = talk(form="return_item_form", slots={**slots, "postcode": RETURNABLE.postcode})
    _guess_from_elsewhere(talk, clock, RETURNABLE.number, USUAL.for_one_order)
    answer = customer.customer("to a store").run(AskConfirmReturn())
    assert answer.said == ["utter_order_needs_person"]
    assert customer.form is None


def test_what_is_counted_holds_no_postcode(talk: Begin, shop_path: Path) -> None:
    """Only that somebody tried, and when."""
    _try(talk(origin="cafe"), THEIRS.number, "M1 1AE")
    with closing(sqlite3.connect(shop_path)) as connection:
        assert "M1 1AE" not in str(connection.execute("SELECT * FROM tallies").fetchall())


def test_an_action_server_with_a_senseless_limit_does_not_start(tmp_path: Path) -> None:
    """It says the line to the operator, before a customer meets it."""
    (tmp_path / "actions").symlink_to(ROOT / "actions")
    (tmp_path / "desk.yml").write_text("self_service:\n  wrong_postcodes:\n    for_one_order: 0\n")
    environment = {**os.environ, "WARMLINE_ROOT": str(tmp_path), "WARMLINE_VAR": str(tmp_path / "var")}
    environment["WARMLINE_ACTIONS_SECRET"] = "s" * 32
    command = [sys.executable, "-m", "bot.action_server.serve"]
    # One that starts all the same is ended after a minute, and the test fails.
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode != 0
    assert f"{tmp_path / 'desk.yml'}:3: for_one_order takes a whole number from 1 to 1000." in done.stdout + done.stderr
