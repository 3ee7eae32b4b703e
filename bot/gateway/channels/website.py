"""The website channel: events down, messages up, one unguessable token for each visitor.

The contract stands in ``docs/reference/web-api.md``. Entries are numbered, so a page that was reloaded or lost its
network goes on where it was; what it sends again is answered again and changes nothing.
"""

from __future__ import annotations

import hmac
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr
from sqlalchemy import ColumnElement, func, select

from bot.gateway.channels import ageing
from bot.gateway.channels.open_streams import EventStream
from bot.gateway.channels.opening import Website
from bot.gateway.channels.services import ChannelServices, ChannelServicesOfRequest
from bot.gateway.channels.streaming import LARGEST_SEQ, resume_point, visitor_stream
from bot.gateway.channels.throttle import Throttle
from bot.gateway.conversations import rating, transcript
from bot.gateway.conversations.inbox import LONGEST_TEXT, Chose, InboundMessage, Receipt, Said, receive
from bot.gateway.conversations.owner import QUEUE, kind
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.conversations.transcript import WEBSITE
from bot.gateway.platform import origin
from bot.gateway.platform.client_address import client_address, counted_as
from bot.gateway.platform.errors import Problem
from bot.gateway.platform.identity import hash_of, new_id, new_token
from bot.gateway.platform.limits import Charge, LimitReachedError, spend
from bot.gateway.platform.signals import announce, typing_topic
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import zones
from bot.gateway.tickets.links import LinkError
from bot.handoff.limits import storable
from bot.wording.sentences import wording

ACCOUNT = "default"
_ID = Annotated[str, Path(max_length=36, alias="conversation_id")]
_SEQ = Annotated[int, Path(ge=1, le=LARGEST_SEQ)]
_Authorization = Annotated[str, Header(alias="Authorization")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewConversation(_Strict):
    """What a page tells when a visitor opens the widget."""

    locale: StrictStr = Field("en", pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}$", max_length=16)
    page: StrictStr = Field("", max_length=2000)
    timezone: StrictStr | None = Field(None, max_length=zones.LONGEST_NAME)


class OpenedConversation(BaseModel):
    """A new conversation, and the only key to it."""

    conversation_id: str
    token: str
    owner: str
    greeting: str


class Continuation(_Strict):
    """The token of a link from another channel."""

    token: StrictStr = Field(max_length=64)


class ContinuedConversation(OpenedConversation):
    """A conversation that came to the website, and its new key."""

    last_client_seq: int


class NewMessage(_Strict):
    """A text or a choice, with the visitor's own number for it."""

    client_seq: StrictInt = Field(ge=1, le=LARGEST_SEQ)
    text: StrictStr | None = Field(None, max_length=LONGEST_TEXT)
    choice: StrictStr | None = Field(None, max_length=200)


class Rating(_Strict):
    """What the visitor thinks of an answer; null takes it back."""

    rating: Literal["up", "down"] | None


class Ended(BaseModel):
    """Who answered until then."""

    owner: str


class Accepted(BaseModel):
    """The entry's number in the conversation: the message is stored."""

    seq: int


class NowOwnedBy(BaseModel):
    """Who answers from now on."""

    owner: str


def website_router(website: Website) -> APIRouter:
    """Build the channel's routes."""
    router = APIRouter(prefix="/api/web/conversations", tags=["website"])
    extras = website.extras
    # A first line in this process's memory: what it drops costs no look into the database.
    typing_by_visitor, typing_by_address = Throttle(extras.typing), Throttle(extras.typing_by_address)

    @router.post("", status_code=201)
    async def open_conversation(
        request: Request, body: NewConversation, services: ChannelServicesOfRequest
    ) -> OpenedConversation:
        """Open a conversation; the answer holds the visitor's token, which is shown this once."""
        token = new_token()
        charge = Charge("conversations/address", _origin(services, request), website.new_conversations_per_minute)
        conversation_id = await services.database.run(_open, services, body, token, charge)
        return OpenedConversation(
            conversation_id=conversation_id,
            token=token,
            owner="bot",
            greeting=_greeting(services, website, body.locale),
        )

    @router.post("/continue")
    async def continue_conversation(
        request: Request, body: Continuation, services: ChannelServicesOfRequest
    ) -> ContinuedConversation:
        """Take a conversation over from a messaging channel by its link; any earlier visitor's token ends."""
        token = new_token()
        # Apart from what follows: a wrong link undoes its own transaction, and must count all the same.
        charge = Charge("links/address", _origin(services, request), extras.links)
        await services.database.run(spend, [charge], services.clock())
        try:
            found = await services.database.run(_continue, services, body.token, token)
        except LinkError as error:
            raise Problem(410 if error.why in ("used", "expired") else 404, f"link_{error.why}", error.said) from error
        conversation_id, owner, last, locale = found
        greeting = _greeting(services, website, locale)
        return ContinuedConversation(
            conversation_id=conversation_id, token=token, owner=owner, greeting=greeting, last_client_seq=last
        )

    @router.get("/{conversation_id}/events", response_class=StreamingResponse)
    async def events(
        request: Request,
        conversation_id: _ID,
        services: ChannelServicesOfRequest,
        authorization: _Authorization = "",
        after: Annotated[int, Query(ge=0, le=LARGEST_SEQ)] = 0,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> EventStream:
        """Stream everything with a number above ``after`` (or ``Last-Event-ID``), then live."""
        start = max(after, resume_point(last_event_id))
        await services.database.read(_visitors, services, conversation_id, authorization)
        stream = visitor_stream(services, conversation_id, start)
        bounds = services.connections
        most = {
            f"conversation {conversation_id}": bounds.streams_per_conversation,
            f"address {counted_as(client_address(request))}": bounds.streams_per_address,
        }
        return EventStream(stream, services.open_streams, most)

    @router.post("/{conversation_id}/messages", status_code=202)
    async def send_message(
        request: Request,
        conversation_id: _ID,
        body: NewMessage,
        services: ChannelServicesOfRequest,
        authorization: _Authorization = "",
    ) -> Accepted:
        """Store a message; the same ``client_seq`` with the same words again answers the same and changes nothing."""
        receipt = await services.database.run(
            _receive, services, conversation_id, authorization, body, _origin(services, request)
        )
        return Accepted(seq=receipt.seq)

    @router.post("/{conversation_id}/messages/{seq}/rating", status_code=204)
    async def rate_answer(
        conversation_id: _ID,
        seq: _SEQ,
        body: Rating,
        services: ChannelServicesOfRequest,
        authorization: _Authorization = "",
    ) -> None:
        """Set, change or take back a thumb on an answer; the same again changes nothing."""
        charge = Charge("ratings/visitor", conversation_id, extras.ratings)
        await services.database.run(_rate, services, conversation_id, authorization, seq, body.rating, charge)

    @router.post("/{conversation_id}/typing", status_code=204)
    async def typing(
        request: Request, conversation_id: _ID, services: ChannelServicesOfRequest, authorization: _Authorization = ""
    ) -> None:
        """Show the agent that the visitor is writing; what they write stays with them until they send it.

        Signs that come too fast are dropped: the agent sees no difference.
        """
        where = _origin(services, request)
        if typing_by_address.wait(where) > 0 or typing_by_visitor.wait(f"{conversation_id} {authorization}") > 0:
            return
        await services.database.read(_visitors, services, conversation_id, authorization)
        if services.database.is_sqlite:
            # One gateway, whose memory has counted it already: not worth a write to the disk.
            await services.database.signal(typing_topic(conversation_id, "customer"))
            return
        charges = [
            Charge("typing/visitor", conversation_id, extras.typing),
            Charge("typing/address", where, extras.typing_by_address),
        ]
        with suppress(LimitReachedError):
            await services.database.run(_signal_typing, conversation_id, charges, services.clock())

    @router.post("/{conversation_id}/return-to-bot")
    async def return_to_bot(
        conversation_id: _ID, services: ChannelServicesOfRequest, authorization: _Authorization = ""
    ) -> NowOwnedBy:
        """Stop waiting for a person: the ticket is abandoned and the bot answers again."""
        await services.database.run(_return_to_bot, services, conversation_id, authorization)
        return NowOwnedBy(owner="bot")

    @router.post("/{conversation_id}/end")
    async def end(
        conversation_id: _ID, services: ChannelServicesOfRequest, authorization: _Authorization = ""
    ) -> Ended:
        """End a conversation for its visitor: the key opens it no more, and nobody waits in the line for it."""
        return Ended(owner=await services.database.run(_end, services, conversation_id, authorization))

    return router


def _greeting(services: ChannelServices, website: Website, locale: str) -> str:
    return website.greeting or services.wording.say(wording("assistant.greeting"), locale)


def _origin(services: ChannelServices, request: Request) -> str:
    return origin.of_address(services.origin_key, client_address(request))


def _signal_typing(session: Transaction, conversation_id: str, charges: list[Charge], now: datetime) -> None:
    # Signals between gateways are a transaction anyway: counting rides along.
    spend(session, charges, now)
    announce(session, typing_topic(conversation_id, "customer"))


def _open(session: Transaction, services: ChannelServices, body: NewConversation, token: str, charge: Charge) -> str:
    now = services.clock()
    spend(session, [charge], now)
    conversation_id = new_id(now)
    attributes: dict[str, Any] = {"page": services.discretion.hide_everywhere(body.page)} if body.page else {}
    if (zone := zones.known(body.timezone)) is not None:
        # A name that we do not know shuts nobody out: they read the desk's time.
        attributes[zones.ATTRIBUTE] = zone
    session.add(
        Conversation(
            id=conversation_id,
            channel=WEBSITE,
            account=ACCOUNT,
            address=conversation_id,
            token_hash=hash_of(token),
            locale=body.locale,
            customer={"id": conversation_id, "name": None, "verified": False, "attributes": attributes},
            started_at=now,
            origin=charge.subject,
        )
    )
    return conversation_id


def _continue(session: Transaction, services: ChannelServices, link: str, token: str) -> tuple[str, str, int, str]:
    from bot.gateway.tickets import later

    maker = services.tickets.links
    if maker is None:
        raise LinkError("unknown")
    now = services.clock()
    conversation = maker.redeem(session, link, WEBSITE, ACCOUNT, None, now)
    conversation.token_hash = hash_of(token)
    later.customer_waits_elsewhere(session, services.tickets, conversation, now)
    last = session.scalar(select(func.max(Entry.client_seq)).where(*_by_visitor(conversation.id)))
    return conversation.id, kind(conversation.owner), last or 0, conversation.locale


def _by_visitor(conversation_id: str) -> tuple[ColumnElement[bool], ...]:
    return Entry.conversation_id == conversation_id, Entry.author == "customer"


def _visitors(
    session: Transaction, services: ChannelServices, conversation_id: str, authorization: str
) -> Conversation:
    """Read a conversation for the visitor whose it is; to anybody else it does not exist."""
    scheme, _, token = authorization.partition(" ")
    conversation = session.get(Conversation, conversation_id)
    # Without a conversation the comparison is made all the same: its time must not tell whether there is one.
    expected = (conversation.token_hash if conversation else None) or hash_of("")
    fits = hmac.compare_digest(expected, hash_of(token.strip()))
    if conversation is None or not fits or not token.strip() or scheme.lower() != "bearer":
        raise Problem(404, "unknown_conversation", wording("error.unknown_conversation"))
    if ageing.has_ended(session, services.age_limit, conversation):
        raise Problem(404, "unknown_conversation", wording("error.ended"))
    return conversation


def _receive(
    session: Transaction,
    services: ChannelServices,
    conversation_id: str,
    authorization: str,
    body: NewMessage,
    where: str,
) -> Receipt:
    conversation = _visitors(session, services, conversation_id, authorization)
    message = InboundMessage(
        channel=WEBSITE,
        account=ACCOUNT,
        address=conversation_id,
        provider_message_id=f"{conversation_id}:{body.client_seq}",
        input=_input_of(body),
        locale=conversation.locale,
        client_seq=body.client_seq,
        conversation_id=conversation_id,
        origin=where,
    )
    return receive(
        session,
        message,
        payloads=services.payloads,
        allowed=services.inbound,
        now=services.clock(),
        discretion=services.discretion,
    )


def _rate(
    session: Transaction,
    services: ChannelServices,
    conversation_id: str,
    authorization: str,
    seq: int,
    thumb: Literal["up", "down"] | None,
    charge: Charge,
) -> None:
    _visitors(session, services, conversation_id, authorization)
    spend(session, [charge], services.clock())
    rating.rate(session, conversation_id, seq, thumb)


def _input_of(body: NewMessage) -> Said | Chose:
    if body.choice is not None and body.text is None:
        return Chose(body.choice)
    if body.text is not None and body.choice is None:
        if storable(body.text).strip():
            return Said(body.text)
        raise Problem(400, "bad_request", wording("error.empty_message"))
    raise Problem(400, "bad_request", "Send either a text or a choice.")


def _return_to_bot(session: Transaction, services: ChannelServices, conversation_id: str, authorization: str) -> None:
    from bot.gateway.tickets import life_cycle as tickets

    _visitors(session, services, conversation_id, authorization)
    conversation = transcript.lock(session, conversation_id)
    if conversation is None or conversation.owner != QUEUE:
        raise Problem(409, "not_waiting", wording("error.not_waiting"))
    tickets.abandon(session, services.tickets, conversation, services.clock())


def _end(session: Transaction, services: ChannelServices, conversation_id: str, authorization: str) -> str:
    from bot.gateway.channels import ending

    _visitors(session, services, conversation_id, authorization)
    conversation = transcript.lock(session, conversation_id)
    if conversation is None:
        raise Problem(404, "unknown_conversation", wording("error.unknown_conversation"))
    return ending.end(session, services.tickets, conversation, services.clock())
