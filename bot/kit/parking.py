"""A form that waits while another wish is seen to: put aside in a word, and offered again."""

from __future__ import annotations

from bot.contract import names
from bot.dialogue.parking import Parked, as_slot, park, read_parked, without
from bot.kit.company import company, content
from bot.kit.turn import Choice, Event, Turn, close_form, followed_by, set_slot
from bot.wording.sentences import wording

PARKED = "parked_forms"
"""The slot with the forms that wait, the last first."""

OFFERED = "offered_form"
"""The slot with the form that was offered again by the latest answer."""

GO_ON = Choice(wording("button.yes_continue"), f"/{names.RESUME_FORM}")
LEAVE = Choice(wording("button.no_leave_it"), f"/{names.LEAVE_PARKED_FORM}")


def left_behind(turn: Turn) -> Parked | None:
    """The form that was open, its answers as they were; a yes is given anew when it goes on."""
    form = turn.form_before()
    if form is None or form not in content().forms:
        return None
    known = turn.known_before()
    names = [name for name in (*content().forms[form], *company().beside_forms) if not name.startswith("confirm_")]
    return Parked(form, {name: known[name] for name in names if known.get(name) is not None})


def put_aside(turn: Turn) -> list[Event]:
    """Leave the open form because a human takes over; it waits until the conversation is handed back."""
    left = left_behind(turn) if turn.open_form else None
    if left is None:
        return close_form()
    waiting = park(read_parked(turn.slot(PARKED)), left, opened="")
    return [*close_form(), set_slot(PARKED, as_slot(waiting))]


def waits(turn: Turn) -> bool:
    """Whether a form waits behind the open one."""
    return bool(read_parked(turn.slot(PARKED)))


def offer_again(turn: Turn) -> list[Event]:
    """Offer the form that was left last, where one waits."""
    waiting = read_parked(turn.slot(PARKED))
    if not waiting:
        return []
    turn.say("utter_offer_parked", choices=(GO_ON, LEAVE), thing=company().thing(waiting[0]))
    return [set_slot(OFFERED, waiting[0].form)]


def was_offered(turn: Turn) -> bool:
    """Whether the latest answer offered a form again: a yes long after means something else."""
    turns = turn.earlier()
    next(turns, None)
    _, followed = next(turns, (None, []))
    return any(event.get("name") == OFFERED and event.get("value") for event in followed)


def go_on(turn: Turn) -> list[Event]:
    """Open the form again that was left last, as it stood."""
    waiting = read_parked(turn.slot(PARKED))
    if not waiting:
        return []
    first = waiting[0]
    answers = [set_slot(name, value) for name, value in first.slots.items()]
    forgotten = [set_slot(PARKED, as_slot(without(waiting, first.form))), set_slot(OFFERED, None)]
    return [*answers, *forgotten, followed_by(first.form)]


def give_up(turn: Turn) -> list[Event]:
    """Forget the form that was left last."""
    waiting = read_parked(turn.slot(PARKED))
    return [set_slot(PARKED, as_slot(waiting[1:])), set_slot(OFFERED, None)]
