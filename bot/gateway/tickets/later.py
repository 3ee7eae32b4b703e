"""Later instead of waiting: keep the place and get a message, pick a time, get the answer by e-mail, go on elsewhere.

Each is a button below the notices of the queue. What it does stands in its payload, which never leaves the gateway and
which the brain never sees; the worker brings pressed ones here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.contract.question import question_in
from bot.dialogue.replies import Reply, read_reply, takes_offer
from bot.gateway.conversations import inbox, owner, transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.signals import announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import (
    callbacks,
    dangers,
    hours,
    line,
    meanwhile,
    notices,
    other_words,
    snoozing,
    standing,
    zones,
)
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.links import Links
from bot.gateway.tickets.notices import Notice
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.handoff.reasons import ReasonCode
from bot.nlu.entities.addresses import address_meant
from bot.nlu.reading.choosing import chosen
from bot.nlu.reading.in_line import Asked, asked_in_line
from bot.untrusted.moments import read_moment
from bot.wording.sentences import wording

# How many times are offered at once: more buttons are a list to study.
TIMES_OFFERED = 4
_NO = frozenset({"no", "nope", "no thanks", "no thank you", "not now", "rather not"})
_OF_CALL_BACKS = frozenset({notices.CANCEL_CALLBACK, notices.PICK_TIME, notices.TIME})
_IN_LINE = frozenset(
    {
        notices.RETURN_TO_BOT,
        notices.KEEP_PLACE,
        notices.EMAIL,
        notices.ELSEWHERE,
        notices.PICK_TIME,
        notices.TIME,
        notices.DO_NOW,
    }
)
# What a waiting customer may write instead of pressing the button.
_TYPED: Mapping[Asked, str] = {
    "leave": notices.RETURN_TO_BOT,
    "pick_time": notices.PICK_TIME,
}


def is_command(given: Mapping[str, Any]) -> bool:
    """Whether an input is one of these buttons (or the way back to the bot)."""
    return given.get("type") == "choice" and str(given.get("payload")).startswith(notices.PREFIX)


def act(
    session: Transaction, services: TicketServices, conversation: Conversation, given: Mapping[str, Any], now: datetime
) -> bool:
    """Do what a pressed button says; tells whether the customer needs to hear no more.

    One whose ticket is over, or that no longer fits, does nothing. A waiting customer hears so here, one whom the bot
    has should hear it with the open question; while a human is there nothing is said.
    """
    command, _, value = str(given.get("payload")).partition(" ")
    ticket = line.open_ticket_of(session, conversation)
    if owner.kind(conversation.owner) == "human":
        return True
    if ticket is not None and ticket.state == "queued" and conversation.owner == owner.QUEUE:
        if not _is_about(session, conversation, given, ticket) or command not in _IN_LINE:
            ways = (notices.not_in_line(), notices.unchanged())
            other_words.say(session, services, conversation, ways, now)
        elif command == notices.RETURN_TO_BOT:
            tickets.abandon(session, services, conversation, now)
        elif command == notices.KEEP_PLACE:
            _keep_place(session, services, conversation, ticket, now)
        elif command == notices.EMAIL:
            _ask_email(session, services, conversation, ticket, "", now)
        elif command == notices.ELSEWHERE:
            _offer_link(session, services, conversation, value, now)
        elif command == notices.PICK_TIME:
            _offer_times(session, services, conversation, now)
        elif command == notices.DO_NOW:
            meanwhile.begin(session, services, conversation, value.split(), now)
        else:
            _pick(session, services, conversation, ticket, value, now)
        return True
    if command == notices.RETURN_TO_BOT:
        notices.say(session, services, conversation, notices.already_with_the_assistant(), now)
        return True
    return command in _OF_CALL_BACKS and _change_callback(session, services, conversation, given, command, value, now)


def heard(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    given: Mapping[str, Any],
    now: datetime,
    message_id: str = "",
) -> bool:
    """Look at what a customer wrote whom the bot does not have; tells whether they got a reply.

    It is a danger, the address they were asked for, a button's title or number typed, a yes to what was offered, a
    question about the queue itself, or a sign that a snooze is over.
    """
    ticket = line.open_ticket_of(session, conversation)
    if ticket is None:
        return False
    text = str(given.get("text") or "")
    is_text = given.get("type") == "text"
    told = is_text and dangers.notice(session, services, conversation, ticket, text, now)
    if ticket.state == "accepted":
        snoozing.wake(session, ticket, conversation, now)
        return False
    if told or (is_text and dangers.answers_in_danger(session, services, conversation, ticket, text, now)):
        return True
    return is_text and _heard_in_line(session, services, conversation, ticket, text, message_id, now)


def _heard_in_line(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket,
    text: str,
    message_id: str,
    now: datetime,
) -> bool:
    typed = _typed_button(session, conversation, text)
    if typed is not None:
        return act(session, services, conversation, typed, now)
    if takes_offer(text, asked=True) and (offered := meanwhile.offered(session, conversation.id)) is not None:
        meanwhile.begin(session, services, conversation, offered, now)
        return True
    if ticket.contact is not None and _heard_about_email(session, services, conversation, ticket, text, now):
        return True
    asked = asked_in_line(text) if conversation.owner == owner.QUEUE else None
    in_danger = ticket.reason == ReasonCode.DANGER.value
    if asked is None or (asked.asked == "leave" and in_danger):
        return False  # a person looks at a danger, whatever became of it
    if asked.asked == "pass_on":
        if not other_words.say_unless_last(session, services, conversation, notices.passes_on(), now):
            standing.tell(session, services, conversation, ticket, now)
    elif asked.asked == "how_long":
        annoyed = standing.is_annoyed(services, text)
        standing.tell(session, services, conversation, ticket, now, annoyed=annoyed)
    elif asked.asked in ("by_phone", "who", "machine"):
        standing.tell_of_the_answer(session, services, conversation, ticket, asked.asked, now)
    elif asked.asked == "stay":
        _need_not_stay(session, services, conversation, ticket, now)
    elif in_danger:
        return other_words.say_unless_last(session, services, conversation, notices.answered_here(), now)
    elif asked.asked == "email":
        _ask_email(session, services, conversation, ticket, text, now)
    elif asked.wants_more:
        if tickets.abandon(session, services, conversation, now, notices.doing_it_now()) is not None:
            inbox.put_again(session, conversation, [message_id], now=now, put=lambda whole: asked.rest or whole)
    else:
        return act(session, services, conversation, {"type": "choice", "payload": _TYPED[asked.asked]}, now)
    return True


def _typed_button(session: Transaction, conversation: Conversation, text: str) -> dict[str, Any] | None:
    """The button of the line's last notice that somebody typed: its title, or "the second one"."""
    said = transcript.last_said(session, conversation.id)
    if said is None or not all(str(one["payload"]).startswith(notices.PREFIX) for one in said.choices):
        return None
    place = chosen(text, [str(one["title"]) for one in said.choices])
    if not isinstance(place, int):
        return None
    return {"type": "choice", "payload": said.choices[place]["payload"], "of": [said.seq, place]}


def corrects_address(
    session: Transaction, services: TicketServices, conversation: Conversation, given: Mapping[str, Any], now: datetime
) -> bool:
    """Take another address than the one that was left, from somebody whom the bot has again and asks for nothing."""
    text = str(given.get("text") or "")
    # Nearly no message holds an address: the others cost no look at the tickets.
    if given.get("type") != "text" or "@" not in text or question_in(conversation.dialogue_state) is not None:
        return False
    ticket = line.open_ticket_of(session, conversation)
    address = address_meant(text)
    if ticket is None or address is None or (ticket.contact or {}).get("address") in (None, address):
        return False
    _note_email(session, services, conversation, ticket, address, now)
    return True


def _is_about(session: Transaction, conversation: Conversation, given: Mapping[str, Any], ticket: Ticket) -> bool:
    """Whether a button was offered for this ticket; what was offered before that was noted counts as if it were."""
    pressed = given.get("of")
    if not isinstance(pressed, list):
        return True
    choices = session.scalar(
        select(Entry.choices).where(Entry.conversation_id == conversation.id, Entry.seq == pressed[0])
    )
    if choices is None or pressed[1] >= len(choices):
        return False
    return bool(choices[pressed[1]].get(notices.TICKET, ticket.id) == ticket.id)


def _heard_about_email(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket, text: str, now: datetime
) -> bool:
    """Take an address, or another one than before; whatever else is said to the open question gets a sentence."""
    contact = dict(ticket.contact or {})
    address = address_meant(text)
    if address is not None:
        if address != contact.get("address"):
            _note_email(session, services, conversation, ticket, address, now)
            return True
        return False
    if contact.get("address"):
        return False  # the question is answered; what else is written is for the person
    if _declines(text):
        ticket.contact = None
        notices.say(session, services, conversation, notices.no_email(), now)
    else:
        missed = int(contact.get("missed") or 0) + 1
        ticket.contact = {**contact, "missed": missed}
        # Each other time with the other ways on.
        notices.say(session, services, conversation, notices.email_unread(2 - missed % 2), now)
    return True


def _declines(text: str) -> bool:
    """Whether the customer wants no answer by e-mail after all."""
    return read_reply(text) is Reply.LEAVE or text.strip(" .!").lower() in _NO


def _keep_place(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket, now: datetime
) -> None:
    if not ticket.keeps_place:
        ticket.keeps_place = True
        notices.say(session, services, conversation, notices.place_kept(_links(session, services, conversation)), now)


def _need_not_stay(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket, now: datetime
) -> None:
    """Keep the place, and say that it is kept; in danger without anything to choose."""
    ticket.keeps_place = True
    kept = notices.place_kept(_links(session, services, conversation))
    ways = [kept.after(wording("queue.need_not_stay")), kept]
    if ticket.reason == ReasonCode.DANGER.value:
        ways = [one.without_choices() for one in ways]
    other_words.say(session, services, conversation, ways, now)


def _ask_email(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket, text: str, now: datetime
) -> None:
    """Take the address that stands beside the wish, or the one that is known; else ask for it."""
    address = address_meant(text) or _known_address(ticket)
    if address is not None:
        _note_email(session, services, conversation, ticket, address, now)
    else:
        ticket.contact = {"kind": "email", "address": None}
        notices.say(session, services, conversation, notices.ask_email(), now)


def _known_address(ticket: Ticket) -> str | None:
    """The address that a slot holds already, whatever the company calls it: nobody is asked for what they gave.

    A slot counts if it is an address and nothing else; of two addresses one may be somebody else's.
    """
    values = {str(slot["value"]).strip() for slot in (ticket.package.get("slots") or {}).values()}
    known = {address for value in values if (address := address_meant(value)) and address == value.lower()}
    return known.pop() if len(known) == 1 else None


def _note_email(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket,
    address: str,
    now: datetime,
) -> None:
    corrected = bool((ticket.contact or {}).get("address"))
    ticket.contact = {"kind": "email", "address": address}
    ticket.keeps_place = True
    notices.say(session, services, conversation, notices.email_noted(address, corrected=corrected), now)
    if conversation.owner == owner.QUEUE:
        # Nobody waits here any more: the assistant has the conversation, the ticket stays in the line.
        owner.change_owner(
            session,
            conversation,
            owner.BOT,
            expected_version=conversation.owner_version,
            now=now,
            answer_to=address,
        )
    else:
        owner.write_state(session, conversation, now=now, answer_to=address)
    announce(session, line.MOVED)


def _offer_times(session: Transaction, services: TicketServices, conversation: Conversation, now: datetime) -> None:
    settings = services.desk
    times = hours.times_to_pick(settings, now, TIMES_OFFERED)
    theirs = zones.zone_of(conversation)
    spoken = [(hours.spoken_bare(settings, at, now, theirs), at) for at in times]
    named = None if theirs is not None else zones.called(settings.timezone, now)
    offer = notices.offer_times(spoken, named)
    ways = [offer, Notice(wording("callback.offer_again"), offer.choices) if times else notices.unchanged()]
    other_words.say(session, services, conversation, ways, now)


def _pick(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket,
    value: str,
    now: datetime,
) -> None:
    at = read_moment(value)
    settings = services.desk
    if at is None or at <= now or not hours.is_open(settings, at):
        # The offer is old by now: another one.
        _offer_times(session, services, conversation, now)
    else:
        callbacks.schedule(session, services, conversation, ticket, at, now)


def _change_callback(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    given: Mapping[str, Any],
    command: str,
    value: str,
    now: datetime,
) -> bool:
    ticket = session.scalar(
        select(Ticket).where(Ticket.conversation_id == conversation.id, Ticket.state == "scheduled").limit(1)
    )
    if ticket is None or conversation.owner != owner.BOT or not _is_about(session, conversation, given, ticket):
        return False
    if command == notices.CANCEL_CALLBACK:
        callbacks.cancel(session, services, conversation, ticket, now)
    elif command == notices.PICK_TIME:
        _offer_times(session, services, conversation, now)
    else:
        _pick(session, services, conversation, ticket, value, now)
    return True


def _offer_link(
    session: Transaction, services: TicketServices, conversation: Conversation, channel: str, now: datetime
) -> None:
    maker = services.links
    if maker is None or channel not in maker.targets(conversation.channel):
        return
    url = maker.issue(session, conversation, channel, services.desk.link_lasts, now)
    ends = services.desk.link_lasts
    notices.say(session, services, conversation, notices.link(channel, url, ends), now)


def _links(session: Transaction, services: TicketServices, conversation: Conversation) -> tuple[str, ...]:
    maker: Links | None = services.links
    return () if maker is None else maker.targets(conversation.channel)


def customer_waits_elsewhere(
    session: Transaction, services: TicketServices, conversation: Conversation, now: datetime
) -> None:
    """A conversation came to another channel: the customer reads there how things stand."""
    ticket = line.open_ticket_of(session, conversation)
    place = None if ticket is None or ticket.state != "queued" else line.position(session, ticket)
    transcript.lock(session, conversation.id)
    notices.say(session, services, conversation, notices.continued(place, _links(session, services, conversation)), now)
