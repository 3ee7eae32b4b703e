"""The sentences that customers read while they change hands; plain, warm, and nothing that is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.conversations.owner import BOT
from bot.gateway.tables import Conversation, Entry, Ticket

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

BACK_TO_THE_ASSISTANT: Mapping[str, str] = {"title": "Back to the assistant", "payload": RETURN_TO_BOT}
MESSAGE_ME: Mapping[str, str] = {"title": "Keep my place and message me", "payload": KEEP_PLACE}
A_TIME: Mapping[str, str] = {"title": "Pick a time", "payload": PICK_TIME}
BY_EMAIL: Mapping[str, str] = {"title": "Answer me by e-mail", "payload": EMAIL}
NO_CALLBACK: Mapping[str, str] = {"title": "I no longer need it", "payload": CANCEL_CALLBACK}

WHILE_WAITING: tuple[Mapping[str, str], ...] = (BACK_TO_THE_ASSISTANT, MESSAGE_ME, A_TIME)
"""What somebody who waits can choose."""
WHEN_NOBODY_IS_THERE: tuple[Mapping[str, str], ...] = (*WHILE_WAITING, BY_EMAIL)

_CHANNELS = {"telegram": "Telegram", "web": "the website"}

OUTCOMES = ("solved", "not_solved", "no_reply")


@dataclass(frozen=True)
class Notice:
    """One sentence and the buttons below it."""

    text: str
    choices: tuple[Mapping[str, str], ...] = ()


def queued(position: int, wait: Mapping[str, Any] | None = None, nobody: str = "") -> Notice:
    """A person will come; ``position`` counts from 1, ``nobody`` says why it takes until somebody is there."""
    if nobody:
        place = "first" if position == 1 else f"number {position}"
        return Notice(
            f"{nobody} Your request is {place} in line, and whoever answers will have read everything above. "
            "You can keep writing here meanwhile.",
            WHEN_NOBODY_IS_THERE,
        )
    place = "You are next in line for a person" if position == 1 else f"You are number {position} in line for a person"
    told = _minutes(wait)
    return Notice(
        f"{place}, who will have read everything above. {told and told + ' '}You can keep writing here meanwhile.",
        WHILE_WAITING,
    )


def moved(position: int, wait: Mapping[str, Any] | None = None) -> Notice:
    """The place or the waiting time has really changed; for channels that show no live place."""
    place = "You are next in line now." if position == 1 else f"You are number {position} in line now."
    return Notice(" ".join(text for text in (place, _minutes(wait)) if text))


def enough_tickets() -> Notice:
    """The same visitor has as many open requests as they may."""
    return Notice(
        "One of our team already has your request and will write to you here, so I have not asked for another one. "
        "Meanwhile I am glad to help with anything else."
    )


def enough_tickets_nearby() -> Notice:
    """Many who share the customer's network address wait already."""
    return Notice(
        "Several people who share your internet connection are waiting for a person already, so I cannot add one more "
        "just now. They are answered in turn: please ask me again a little later. Meanwhile I am glad to help."
    )


def place_kept(channels: tuple[str, ...]) -> Notice:
    """The customer need not wait on the page; ``channels`` are where they could go on."""
    return Notice(
        "Your place is kept, even if you close this. You will find a message here when a person is with you.",
        (*_elsewhere(channels), BACK_TO_THE_ASSISTANT),
    )


def link(channel: str, url: str, lasts: timedelta) -> Notice:
    """The way to another channel."""
    hours = round(lasts.total_seconds() / 3600)
    return Notice(
        f"Open this link to go on on {_CHANNELS[channel]}: {url}\nIt works once, for {hours} hours, and is for you "
        "alone: whoever opens it gets this conversation."
    )


def continued(position: int | None, channels: tuple[str, ...]) -> Notice:
    """The conversation has come here from another channel, with the place that was kept; ``channels`` lead on."""
    if position is None:
        return Notice("Welcome back: we go on here, where we left off.")
    place = "next in line" if position == 1 else f"number {position} in line"
    return Notice(
        f"Welcome back: we go on here. You have kept your place and are {place}.",
        (*_elsewhere(channels), BACK_TO_THE_ASSISTANT, A_TIME),
    )


def _elsewhere(channels: tuple[str, ...]) -> tuple[Mapping[str, str], ...]:
    return tuple({"title": f"Continue on {_CHANNELS[name]}", "payload": f"{ELSEWHERE} {name}"} for name in channels)


def link_refused(message: str) -> Notice:
    """A link that could not be used."""
    return Notice(f"{message} You can ask for a new one where you started, or just write here.")


def offer_times(times: Sequence[tuple[str, datetime]], zone: str) -> Notice:
    """Times at which a person could be there, in words and exactly; ``zone`` says whose clock the words are by."""
    if not times:
        return Notice("There is no time to pick at the moment. Your place in line is kept.", WHILE_WAITING)
    choices = [{"title": said[0].upper() + said[1:], "payload": f"{TIME} {at.isoformat()}"} for said, at in times]
    return Notice(f"When would suit you? All times are {zone}.", tuple(choices))


def callback_set(said: str) -> Notice:
    """A time was picked."""
    return Notice(
        f"Agreed: a person will message you here {said}. Until then I am here for anything else.",
        (NO_CALLBACK, {"title": "Another time", "payload": PICK_TIME}),
    )


def callback_reminder(said: str) -> Notice:
    """The time is near."""
    return Notice(f"A reminder: a person will message you here {said}.", (NO_CALLBACK,))


def callback_due(position: int) -> Notice:
    """The time has come."""
    place = "You are next in line" if position == 1 else f"You are number {position} in line"
    return Notice(f"It is the time that you picked. {place}, and a person will be with you shortly.", WHILE_WAITING)


def callback_cancelled() -> Notice:
    """No call-back after all."""
    return Notice("All right, nobody will message you. What else can I do?")


def ask_email() -> Notice:
    """Where should the answer go?"""
    return Notice("Which e-mail address should we answer to?", (BACK_TO_THE_ASSISTANT,))


def email_unread(missed: int) -> Notice:
    """What was written is no address that anybody could answer to; the second time with other ways to go on."""
    if missed == 1:
        return Notice(
            "I could not find an e-mail address in that. It looks like name@example.com: could you write it once more?",
            (BACK_TO_THE_ASSISTANT,),
        )
    return Notice(
        "I still could not read an address. You can try once more, wait here for a person instead, or come back to me.",
        (MESSAGE_ME, BACK_TO_THE_ASSISTANT),
    )


def no_email() -> Notice:
    """No answer by e-mail after all."""
    return Notice("All right, no e-mail. You are still in line for a person.", WHILE_WAITING)


def email_noted(address: str, *, corrected: bool = False) -> Notice:
    """The answer goes to this address, and no longer to the one before where it was corrected."""
    begins = "Corrected" if corrected else "Thank you"
    return Notice(
        f"{begins}: a person will read everything above and answer to {address}. There is no need to wait, "
        "and I'm here for anything else."
    )


def not_in_line() -> Notice:
    """A button that does not fit somebody who waits."""
    return Notice(
        "I can't use that choice now, so nothing has changed. You are still in line for a person.", WHILE_WAITING
    )


def added(again: bool = False) -> Notice:
    """What a waiting customer wrote is kept for the person; ``again`` when that was the last thing they heard."""
    return Notice("Added as well." if again else "Thanks, I've added that for the person who will answer you.")


def added_and_offered(message_id: str) -> Notice:
    """What a waiting customer wants is something that the assistant does."""
    return Notice(
        "I've added that for the person. As the assistant I can also do it now: you would leave the line for that, and "
        "can ask for a person again at any time.",
        ({"title": "Do it now", "payload": f"{DO_NOW} {message_id}"},),
    )


WHILE_YOU_WAIT = "While you wait, here is what I can tell you as the assistant:"


def doing_it_now() -> Notice:
    """The customer left the line to have it done."""
    return Notice("You are back with the assistant: let's do that now.")


def already_with_the_assistant() -> Notice:
    """Somebody who wants back is back."""
    return Notice("You are with the assistant already. What can I do for you?")


def agent_silent(agent_name: str, position: int, nobody: str = "") -> Notice:
    """The agent did not answer for too long."""
    place = "first" if position == 1 else f"number {position}"
    said = f" {nobody}" if nobody else ""
    return Notice(
        f"I'm sorry: {agent_name} had to step away. You are {place} in line for a colleague, "
        f"who can read everything.{said}",
        WHEN_NOBODY_IS_THERE if nobody else WHILE_WAITING,
    )


def still_there(agent_name: str) -> Notice:
    """The customer has not written for a while."""
    return Notice(f"Are you still there? {agent_name} is here and happy to go on. Take your time.")


def closed_for_silence(agent_name: str) -> Notice:
    """The customer did not come back."""
    return Notice(
        f"We have closed the conversation with {agent_name} for now, as we have not heard from you. "
        "Write here whenever you are ready: everything is kept."
    )


def _minutes(wait: Mapping[str, Any] | None) -> str:
    """The waiting time in words; the truth when it cannot be told."""
    if wait is None:
        return ""
    if wait["too_wide"]:
        return f"It is hard to say how long it takes just now: it may be over {wait['p90_minutes']} minutes."
    first, last = wait["p50_minutes"], wait["p90_minutes"]
    if first == last:
        return f"It will probably take no more than {last} minute{'s' if last > 1 else ''}."
    return f"It will probably take about {first} minute{'s' if first > 1 else ''}, and hardly more than {last}."


def claimed(agent_name: str) -> Notice:
    """A person is here."""
    return Notice(f"{agent_name} has joined and is reading what you wrote.")


def transferred(agent_name: str, colleague: str) -> Notice:
    """The person gave the conversation to a colleague, who is there."""
    return Notice(f"{agent_name} has passed you to {colleague}, who is reading what you wrote.")


def sent_on(agent_name: str) -> Notice:
    """The person gave the conversation back into the line, for a colleague."""
    return Notice(
        f"{agent_name} has asked a colleague to take over. You keep your place and need not repeat anything.",
        WHILE_WAITING,
    )


def promised(agent_name: str, text: str) -> Notice:
    """The time of a promise has come."""
    return Notice(f"A reminder of what {agent_name} promised: {text}")


def returned(agent_name: str) -> Notice:
    """The person gave the conversation back."""
    return Notice(f"{agent_name} has handed you back to the assistant. You can go on right here.")


def abandoned() -> Notice:
    """The customer left the line."""
    return Notice("You have left the line and are back with the assistant. What would you like to do?")


def resolved(agent_name: str, outcome: str) -> Notice:
    """The person has finished; ``outcome`` is one of :data:`OUTCOMES`."""
    if outcome == "solved":
        return Notice(f"{agent_name} has marked this as solved. If anything else comes up, just write here.")
    if outcome == "no_reply":
        return Notice(
            f"{agent_name} has not heard back from you and has closed this for now. Write here whenever you are ready."
        )
    return Notice(
        f"{agent_name} has closed this conversation. We are sorry that it could not be solved here today. "
        "If you need anything else, just write here."
    )


def say(
    session: Session, conversation: Conversation, notice: Notice, now: datetime, *, about: Ticket | None = None
) -> Entry:
    """Write a notice into the conversation, in the gateway's own name.

    Its buttons belong to the ticket ``about``, by default the one of that moment.
    """
    choices = [dict(one) for one in notice.choices]
    ticket_id = None
    if choices:
        ticket_id = _concerned(session, conversation) if about is None else about.id
    if ticket_id is not None:
        choices = [{**one, TICKET: ticket_id} for one in choices]
    return transcript.append(session, conversation, author="system", now=now, text=notice.text, choices=choices)


def _concerned(session: Session, conversation: Conversation) -> str | None:
    """The ticket that a conversation's notices are about: while it waits that one, else the call-back it has."""
    state = "scheduled" if conversation.owner == BOT else "queued"
    return session.scalar(
        select(Ticket.id)
        .where(Ticket.conversation_id == conversation.id, Ticket.state == state)
        .order_by(Ticket.created_at.desc())
        .limit(1)
    )
