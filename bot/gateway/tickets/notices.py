"""What customers read while they change hands: which sentence when. The sentences are in :mod:`bot.wording`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.gateway.conversations import transcript
from bot.gateway.conversations.owner import BOT
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.wording.sentences import Said, Wording, wording

TICKET = "ticket"
"""The field of a kept choice that names the ticket that it is about: pressed when that is over, it does nothing."""

PREFIX = "/warmline_"
"""How the payloads of the gateway's own buttons begin; it acts on them itself, the brain never sees them."""
RETURN_TO_BOT = "/warmline_return_to_bot"
KEEP_PLACE = "/warmline_keep_place"
PICK_TIME = "/warmline_pick_time"
TIME = "/warmline_time"
CANCEL_CALLBACK = "/warmline_cancel_callback"
EMAIL = "/warmline_email"
ELSEWHERE = "/warmline_elsewhere"
DO_NOW = "/warmline_do_now"


@dataclass(frozen=True)
class Choice:
    """A button: its title, and what it does."""

    title: Wording
    payload: str


BACK_TO_THE_ASSISTANT = Choice(wording("button.back_to_assistant"), RETURN_TO_BOT)
MESSAGE_ME = Choice(wording("button.keep_place"), KEEP_PLACE)
A_TIME = Choice(wording("button.pick_time"), PICK_TIME)
BY_EMAIL = Choice(wording("button.by_email"), EMAIL)
NO_CALLBACK = Choice(wording("button.no_callback"), CANCEL_CALLBACK)

WHILE_WAITING: tuple[Choice, ...] = (BACK_TO_THE_ASSISTANT, MESSAGE_ME, A_TIME)
"""What somebody who waits can choose."""
WHEN_NOBODY_IS_THERE: tuple[Choice, ...] = (*WHILE_WAITING, BY_EMAIL)

_CONTINUE_ON: Mapping[str, Wording] = {
    "telegram": wording("button.continue_on_telegram"),
    "web": wording("button.continue_on_website"),
}

OUTCOMES = ("solved", "not_solved", "no_reply")


@dataclass(frozen=True)
class Notice:
    """One sentence or several, and the buttons below."""

    said: Said
    choices: tuple[Choice, ...] = ()

    def without_choices(self) -> Notice:
        """The words alone."""
        return Notice(self.said)

    def after(self, lead: Wording) -> Notice:
        """The same with a sentence in front."""
        return Notice((lead, *(self.said if isinstance(self.said, tuple) else (self.said,))), self.choices)


def queued(position: int, wait: Mapping[str, Any] | None = None, nobody: Wording | None = None) -> Notice:
    """A person will come; ``position`` counts from 1, ``nobody`` says why it takes until somebody is there."""
    keep_writing = wording("queue.keep_writing")
    if nobody is not None:
        place = (
            wording("queue.next_while_nobody")
            if position == 1
            else wording("queue.place_while_nobody", position=position)
        )
        return Notice((nobody, place, keep_writing), WHEN_NOBODY_IS_THERE)
    place = wording("queue.next") if position == 1 else wording("queue.place", position=position)
    return Notice((place, *_waiting_time(wait), keep_writing), WHILE_WAITING)


def moved(position: int, wait: Mapping[str, Any] | None = None) -> Notice:
    """The place or the waiting time has really changed; for channels that show no live place."""
    place = wording("queue.now_next") if position == 1 else wording("queue.now_place", position=position)
    return Notice((place, *_waiting_time(wait)))


def waiting(position: int, wait: Mapping[str, Any] | None = None, nobody: Wording | None = None) -> Notice:
    """How things stand in the queue, for somebody who asks."""
    if nobody is not None:
        place = (
            wording("queue.next_while_nobody")
            if position == 1
            else wording("queue.place_while_nobody", position=position)
        )
        return Notice((nobody, place), WHEN_NOBODY_IS_THERE)
    place = wording("queue.now_next") if position == 1 else wording("queue.now_place", position=position)
    said = _waiting_time(wait) or (wording("queue.wait_unknown"),)
    return Notice((place, *said), WHILE_WAITING)


def enough_tickets() -> Notice:
    """The same visitor has as many open requests as they may."""
    return Notice(wording("limit.own_requests"))


def enough_tickets_nearby() -> Notice:
    """Many who share the customer's network address wait already."""
    return Notice(wording("limit.requests_nearby"))


def place_kept(channels: tuple[str, ...]) -> Notice:
    """The customer does not have to wait on the page; ``channels`` are where they could continue."""
    return Notice(wording("queue.place_kept"), (*_elsewhere(channels), BACK_TO_THE_ASSISTANT))


def link(channel: str, url: str, lasts: timedelta) -> Notice:
    """The way to another channel."""
    hours = round(lasts.total_seconds() / 3600)
    to = {
        "telegram": wording("elsewhere.link_to_telegram", url=url, count=hours),
        "web": wording("elsewhere.link_to_website", url=url, count=hours),
    }
    return Notice(to[channel])


def continued(position: int | None, channels: tuple[str, ...]) -> Notice:
    """The conversation has come here from another channel, with the place that was kept; ``channels`` lead on."""
    if position is None:
        return Notice(wording("elsewhere.welcome"))
    place = (
        wording("elsewhere.welcome_next") if position == 1 else wording("elsewhere.welcome_place", position=position)
    )
    return Notice(place, (*_elsewhere(channels), BACK_TO_THE_ASSISTANT, A_TIME))


def _elsewhere(channels: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(_CONTINUE_ON[name], f"{ELSEWHERE} {name}") for name in channels)


def link_refused(why: Wording) -> Notice:
    """A link that could not be used."""
    return Notice((why, wording("elsewhere.ask_again")))


def offer_times(times: Sequence[tuple[Wording, datetime]], zone: Wording | str | None) -> Notice:
    """Times at which a person could be there, in words and exactly.

    ``zone`` says whose clock the words are by; none where it is the customer's own.
    """
    if not times:
        return Notice(wording("callback.no_times"), WHILE_WAITING)
    choices = tuple(Choice(said.as_title(), f"{TIME} {at.isoformat()}") for said, at in times)
    offer = wording("callback.offer_your_time") if zone is None else wording("callback.offer", zone=zone)
    return Notice(offer, choices)


def callback_set(time: Wording) -> Notice:
    """A time was picked."""
    return Notice(wording("callback.set", time=time), (NO_CALLBACK, Choice(wording("button.another_time"), PICK_TIME)))


def callback_reminder(time: Wording) -> Notice:
    """The time is near."""
    return Notice(wording("callback.reminder", time=time), (NO_CALLBACK,))


def callback_due(position: int) -> Notice:
    """The time has come."""
    place = wording("callback.due_next") if position == 1 else wording("callback.due_place", position=position)
    return Notice(place, WHILE_WAITING)


def callback_cancelled() -> Notice:
    """No call-back after all."""
    return Notice(wording("callback.cancelled"))


def ask_email() -> Notice:
    """Where should the answer go?"""
    return Notice(wording("email.ask"), (BACK_TO_THE_ASSISTANT,))


def email_unread(missed: int) -> Notice:
    """What was written is no address that anybody could answer to; the second time with other ways to go on."""
    if missed == 1:
        return Notice(wording("email.unread"), (BACK_TO_THE_ASSISTANT,))
    return Notice(wording("email.unread_again"), (MESSAGE_ME, BACK_TO_THE_ASSISTANT))


def no_email() -> Notice:
    """No answer by e-mail after all."""
    return Notice(wording("email.none"), WHILE_WAITING)


def email_noted(address: str, *, corrected: bool = False) -> Notice:
    """The answer goes to this address, and no longer to the one before where it was corrected."""
    if corrected:
        return Notice(wording("email.corrected", address=address))
    return Notice(wording("email.noted", address=address))


def not_in_line() -> Notice:
    """A button that does not fit somebody who waits."""
    return Notice(wording("choice.not_now"), WHILE_WAITING)


def added(again: bool = False) -> Notice:
    """What a waiting customer wrote is kept for the person; ``again`` when that was the last thing they heard."""
    return Notice(wording("queue.added_again") if again else wording("queue.added"))


def passes_on() -> Notice:
    """A waiting customer asks whether what they write reaches the person."""
    return Notice(wording("queue.passes_on"))


def added_and_offered(offered: str, wish: str = "", *, again: bool = False) -> Notice:
    """What a waiting customer wants is something that the assistant does: ``offered`` are the ids of their messages."""
    now = Choice(wording("button.do_it_now"), f"{DO_NOW} {offered}")
    if wish:
        named = wording("queue.offers_wish_again", wish=wish) if again else wording("queue.offers_wish", wish=wish)
        return Notice(named, (now,))
    return Notice(wording("queue.added_and_offered_again") if again else wording("queue.added_and_offered"), (now,))


WHILE_YOU_WAIT = wording("assistant.while_you_wait")


def unchanged() -> Notice:
    """Somebody asks again how things stand, and it is as they read just before."""
    return Notice(wording("queue.unchanged"), WHILE_WAITING)


def takes_long(position: int) -> Notice:
    """Somebody asks once more, and nothing has changed since they were told."""
    place = wording("queue.still_next") if position == 1 else wording("queue.still_place", position=position)
    return Notice((wording("queue.takes_long"), place), WHILE_WAITING)


def answered_here() -> Notice:
    """Somebody in danger asks for a call or a letter: the person writes here, and at once."""
    return Notice(wording("queue.answered_here"))


def doing_it_meanwhile() -> Notice:
    """The assistant does a wish, and the place in the queue is kept."""
    return Notice(wording("queue.doing_it_meanwhile"))


def place_was_kept(position: int) -> Notice:
    """The wish is done, and the customer waits on."""
    place = wording("queue.still_next") if position == 1 else wording("queue.still_place", position=position)
    return Notice((place, wording("queue.if_no_longer")), WHILE_WAITING)


def taken_out() -> Notice:
    """A person is no longer wanted, and the assistant has the customer already."""
    return Notice(wording("queue.taken_out"))


def doing_it_now() -> Notice:
    """The customer left the queue, and wants something of the assistant."""
    return Notice(wording("assistant.doing_it_now"))


def already_with_the_assistant() -> Notice:
    """Somebody who wants back is back."""
    return Notice(wording("assistant.already_here"))


def agent_silent(agent_name: str, position: int, nobody: Wording | None = None) -> Notice:
    """The agent did not answer for too long."""
    place = (
        wording("person.stepped_away_next", agent=agent_name)
        if position == 1
        else wording("person.stepped_away_place", agent=agent_name, position=position)
    )
    if nobody is None:
        return Notice(place, WHILE_WAITING)
    return Notice((place, nobody), WHEN_NOBODY_IS_THERE)


def moving_desks() -> Notice:
    """Another desk takes over, because the one that had the customer cannot be reached."""
    return Notice(wording("queue.moving_desks"))


def still_there(agent_name: str) -> Notice:
    """The customer has not written for a while."""
    return Notice(wording("person.still_there", agent=agent_name))


def closed_for_silence(agent_name: str) -> Notice:
    """The customer did not come back."""
    return Notice(wording("person.closed_for_silence", agent=agent_name))


def _waiting_time(wait: Mapping[str, Any] | None) -> tuple[Wording, ...]:
    """The waiting time in words; the truth when it cannot be told."""
    if wait is None:
        return ()
    half, most = wait["p50_minutes"], wait["p90_minutes"]
    if wait["too_wide"]:
        return (wording("queue.wait_unclear", count=most),)
    if half == most:
        return (wording("queue.wait_at_most", count=most),)
    return (wording("queue.wait", count=half, most=most),)


def claimed(agent_name: str) -> Notice:
    """A person is here."""
    return Notice(wording("person.joined", agent=agent_name))


def transferred(agent_name: str, colleague: str) -> Notice:
    """The person gave the conversation to a colleague, who is there."""
    return Notice(wording("person.passed_to", agent=agent_name, colleague=colleague))


def sent_on(agent_name: str) -> Notice:
    """The person gave the conversation back into the queue, for a colleague."""
    return Notice(wording("person.asked_colleague", agent=agent_name), WHILE_WAITING)


def promised(agent_name: str, text: str) -> Notice:
    """The time of a promise has come."""
    return Notice(wording("person.promised", agent=agent_name, promise=text))


def returned(agent_name: str) -> Notice:
    """The person gave the conversation back."""
    return Notice(wording("person.handed_back", agent=agent_name))


def abandoned() -> Notice:
    """The customer left the queue."""
    return Notice(wording("assistant.back_from_queue"))


def resolved(agent_name: str, outcome: str) -> Notice:
    """The person has finished; ``outcome`` is one of :data:`OUTCOMES`."""
    if outcome == "solved":
        return Notice(wording("person.solved", agent=agent_name))
    if outcome == "no_reply":
        return Notice(wording("person.no_reply", agent=agent_name))
    return Notice(wording("person.not_solved", agent=agent_name))


def say(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    notice: Notice,
    now: datetime,
    *,
    about: Ticket | None = None,
) -> Entry:
    """Write a notice into the conversation, in the gateway's own name.

    Its buttons belong to the ticket ``about``, by default the one of that moment.
    """
    say_in = services.wording.say
    choices = [{"title": say_in(one.title, conversation.locale), "payload": one.payload} for one in notice.choices]
    ticket_id = None
    if choices:
        ticket_id = _concerned(session, conversation) if about is None else about.id
    if ticket_id is not None:
        choices = [{**one, TICKET: ticket_id} for one in choices]
    text = say_in(notice.said, conversation.locale)
    return transcript.append(session, conversation, author="system", now=now, text=text, choices=choices)


def _concerned(session: Transaction, conversation: Conversation) -> str | None:
    """The ticket that a conversation's notices are about: while it waits that one, else the call-back it has."""
    state = "scheduled" if conversation.owner == BOT else "queued"
    return session.scalar(
        select(Ticket.id)
        .where(Ticket.conversation_id == conversation.id, Ticket.state == state)
        .order_by(Ticket.created_at.desc())
        .limit(1)
    )
