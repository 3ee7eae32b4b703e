"""Outside desks when things go wrong: repeats, lost answers, outages, forgeries, and words that come too late."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from bot.gateway.conversations.payloads import Payloads
from bot.gateway.desk import accounts
from bot.gateway.desk.roles import Role
from bot.gateway.external_desks import arrivals, cases
from bot.gateway.external_desks.chatwoot import WEBHOOK as CHATWOOT_WEBHOOK
from bot.gateway.external_desks.chatwoot import signature
from bot.gateway.external_desks.protocol import AgentStep, ExternalAgent
from bot.gateway.external_desks.tables import ExternalCase
from bot.gateway.external_desks.webhooks import WEBHOOK
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import EXTERNAL_ROLE, Agent, Ticket
from tests.gateway.channels.conftest import RealTime
from tests.gateway.channels.gateway_server import Gateway
from tests.gateway.external_desks.chatwoot_server import SECRET, ChatwootServer
from tests.gateway.external_desks.desks import DeskInUse, until
from tests.gateway.external_desks.local_server import Fault
from tests.gateway.external_desks.test_contract import CUSTOMER, handed_over, said_by_humans, the_ticket
from tests.gateway.external_desks.webhook_desk import SECRET as WEBHOOK_SECRET
from tests.gateway.external_desks.webhook_desk import WebhookDesk

# Nested without end, in another encoding, with a number that is none (X18).
HOSTILE_JSON = (b"{", b"[" * 30_000, b'{"a":' * 5_000, b'{\x00"\x00}\x00', b'{"data": NaN}', b"[1e999]")


async def _heard(desk: DeskInUse, number: int) -> list[str]:
    async def enough() -> list[str]:
        found = await desk.heard()
        return found if len(found) >= number else []

    return list(await until(enough, "the desk did not hear the customer"))


async def test_an_event_that_comes_twice_acts_once(outside: DeskInUse, scene: RealTime) -> None:
    """Providers repeat; a customer must not read everything twice."""
    conversation_id = await handed_over(scene)
    await outside.shown()
    await outside.reply("Ines", "Hello.")
    outside.server.bring_again()
    outside.server.bring_again()
    await outside.reply("Ines", "Still here.")
    assert await said_by_humans(scene, conversation_id, 2) == ["Hello.", "Still here."]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_events_whose_long_ids_begin_alike_are_two_events(database: Database, payloads: Payloads) -> None:
    """X14: an id is compared whole: 200 characters that differ in the last one are told apart, a repeat is not."""
    scene = RealTime(database, payloads)
    conversation_id = await handed_over(scene)
    (ticket,) = await scene.rows(Ticket)
    await scene.database.run(
        lambda session: session.add(
            ExternalCase(
                ticket_id=ticket.id,
                conversation_id=conversation_id,
                desk="webhooks",
                state="open",
                since=scene.clock(),
            )
        )
    )
    for end in ("a", "b", "a"):
        step = AgentStep("x" * 200 + end, "said", ExternalAgent("7", "Ines"), f"line {end}", ticket_id=ticket.id)
        await scene.database.run(arrivals.take, TicketServices(), "webhooks", step, scene.clock())
    assert await scene.texts(conversation_id, "human") == ["line a", "line b"]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_a_line_whose_answer_was_lost_is_not_there_twice(outside: DeskInUse, scene: RealTime) -> None:
    """The desk had it, we did not hear so: it is found, or told by its id."""
    await handed_over(scene)
    await outside.shown()
    outside.server.faults.append(Fault(after_doing=True))
    await scene.says(CUSTOMER, "it leaks")
    await scene.says(CUSTOMER, "it leaks")
    assert await _heard(outside, 2) == ["it leaks", "it leaks"]


async def test_a_busy_desk_is_told_later(outside: DeskInUse, scene: RealTime) -> None:
    """429 and 503 cost time and nothing else."""
    outside.server.faults.extend([Fault(503), Fault(429, headers={"Retry-After": "1"})])
    await handed_over(scene)
    await outside.shown()
    outside.server.faults.append(Fault(500))
    await scene.says(CUSTOMER, "are you there?")
    assert await _heard(outside, 1) == ["are you there?"]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_our_own_desk_takes_over_from_one_that_stays_away(
    outside: DeskInUse, scene: RealTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The customer is told, our agents see why, and the other desk hears of it when it is back."""
    monkeypatch.setattr(cases, "PATIENCE", timedelta(seconds=0.5))
    conversation_id = await handed_over(scene)
    await outside.shown()
    await outside.reply("Ines", "One moment.")
    await said_by_humans(scene, conversation_id, 1)
    outside.server.away = True
    await scene.says(CUSTOMER, "hello?")
    ticket = await the_ticket(scene, "queued")
    story = await scene.entries(conversation_id)
    assert any(one.type == "note" and "could not be reached" in one.text for one in story)
    assert any("taking a little longer" in text for text in await scene.texts(conversation_id, "system"))

    ours = await scene.agent("Lena")
    await scene.take(tickets.claim, ticket.id, ours)
    outside.server.away = False
    await until(outside.is_over, "the outside desk was not told")


async def test_a_desk_that_was_never_reached_loses_the_ticket_to_ours(
    outside: DeskInUse, scene: RealTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hand-off does not wait for an address where nobody is."""
    monkeypatch.setattr(cases, "PATIENCE", timedelta(seconds=0.5))
    outside.server.away = True
    conversation_id = await handed_over(scene)

    async def noted() -> bool:
        return any(one.type == "note" for one in await scene.entries(conversation_id))

    await until(noted, "nobody took over")
    (ticket,) = await scene.rows(Ticket)
    assert ticket.state == "queued"


async def test_our_own_agents_claim_ends_the_case_there(outside: DeskInUse, scene: RealTime) -> None:
    """Two desks never answer one customer; what comes from the other one too late is kept as a note."""
    conversation_id = await handed_over(scene)
    await outside.shown()
    (ticket,) = await scene.rows(Ticket)
    lena = await scene.agent("Lena")
    await scene.take(tickets.claim, ticket.id, lena)
    await until(outside.is_over, "the outside desk was not told")
    await outside.reply("Ines", "I can help.")

    async def kept() -> bool:
        return any(one.type == "note" and "I can help." in one.text for one in await scene.entries(conversation_id))

    await until(kept, "the late words were lost")
    assert await scene.texts(conversation_id, "human") == []
    assert (await scene.conversation(conversation_id)).owner == f"human:{lena.id}"


async def test_a_ticket_that_ended_before_it_was_brought_is_not_brought(outside: DeskInUse, scene: RealTime) -> None:
    """Nobody there learns of a customer who needs nobody."""
    outside.server.away = True
    conversation_id = await handed_over(scene)

    async def tried() -> bool:
        found = await scene.database.read(lambda session: session.query(ExternalCase).all())
        return bool(found and found[0].attempts)

    await until(tried, "no try was made")
    await scene.abandon(conversation_id)
    outside.server.away = False

    async def over() -> bool:
        found = await scene.database.read(lambda session: session.query(ExternalCase).all())
        return found[0].state == "over"

    await until(over, "the case stayed open")
    assert not isinstance(outside.server, ChatwootServer) or not outside.server.conversations
    assert not isinstance(outside.server, WebhookDesk) or not outside.server.events


@pytest.mark.parametrize("outside", ["chatwoot"], indirect=True)
async def test_forged_and_old_events_from_chatwoot_are_refused(outside: DeskInUse, running: Gateway) -> None:
    """Only who knows the secret acts, and only now."""
    body = json.dumps({"event": "message_created"}).encode()
    now, then = str(int(time.time())), str(int(time.time()) - 3600)
    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as client:
        for timestamp, given in (
            (now, signature(b"another secret", now, body)),
            (now, ""),
            (then, signature(SECRET.encode(), then, body)),
            ("soon", signature(SECRET.encode(), "soon", body)),
        ):
            answer = await client.post(
                CHATWOOT_WEBHOOK,
                content=body,
                headers={"X-Chatwoot-Signature": given, "X-Chatwoot-Timestamp": timestamp},
            )
            assert answer.status_code == 401
        for hostile in HOSTILE_JSON:
            signed = {"X-Chatwoot-Signature": signature(SECRET.encode(), now, hostile), "X-Chatwoot-Timestamp": now}
            answer = await client.post(CHATWOOT_WEBHOOK, content=hostile, headers=signed)
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), hostile[:10]
        for never in ("9" * 5000, "\xb2"):
            stamp = never.encode("latin-1")
            given = "sha256=" + hmac.new(SECRET.encode(), never.encode() + b"." + body, hashlib.sha256).hexdigest()
            headers = {"X-Chatwoot-Signature": given.encode(), "X-Chatwoot-Timestamp": stamp}
            assert (await client.post(CHATWOOT_WEBHOOK, content=body, headers=headers)).status_code == 401


@pytest.mark.parametrize("outside", ["webhooks"], indirect=True)
async def test_forged_webhooks_are_refused_and_wrong_ones_explained(outside: DeskInUse, running: Gateway) -> None:
    """A signature that is missing, malformed or someone else's is 401; a signed mistake is 400 with what is wrong."""
    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as client:
        for given in ("", "v1", "v1,###", "v1,AAAA"):
            headers = {"webhook-id": "m1", "webhook-timestamp": str(int(time.time())), "webhook-signature": given}
            assert (await client.post(WEBHOOK, content=b"{}", headers=headers)).status_code == 401
        assert (await client.post(WEBHOOK, content=b"{}")).status_code == 401
    assert isinstance(outside.server, WebhookDesk)
    signer = Webhook(WEBHOOK_SECRET)
    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as client:
        for hostile in HOSTILE_JSON:
            at = utc_now()
            given = {
                "webhook-id": "m2",
                "webhook-timestamp": str(int(at.timestamp())),
                "webhook-signature": signer.sign("m2", at, hostile.decode("latin-1")),
            }
            answer = await client.post(WEBHOOK, content=hostile, headers=given)
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), hostile[:10]
    outside.server.tell("ticket.exploded", {})
    await until(lambda: outside.server.delivered, "nothing was delivered")
    assert outside.server.delivered[-1].status == 400


async def test_an_account_cannot_take_the_row_of_an_outside_agent(database: Database) -> None:
    """Names with a colon are reserved; an account of that name from before stays its owner's (X19)."""
    for name in ("chatwoot:team", ":x", "a\nb", "\x1b[2J"):
        with pytest.raises(accounts.BadUsernameError):
            await database.run(accounts.create, name, "Mallory", Role.AGENT, utc_now())

    def before(session: Session) -> None:
        made = {"id": "old", "username": "chatwoot:team", "name": "Old", "role": "agent", "password_hash": "x"}
        session.add(Agent(**made))

    await database.run(before)
    ids = set()
    for _ in range(2):
        row = await database.run(arrivals._agent, "chatwoot", ExternalAgent("team", "Our team"), utc_now())
        ids.add(row.id)
        assert (row.role, row.name) == (EXTERNAL_ROLE, "Our team")
    assert len(ids) == 1
    assert "old" not in ids
    with pytest.raises(accounts.UnknownAgentError):
        await database.run(accounts.reset, "chatwoot:team:outside", utc_now())
