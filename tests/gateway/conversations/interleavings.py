"""A machine that does everything that can happen to a conversation, in any order; tests and the benchmark drive it.

A customer who writes, providers that deliver twice and that withhold acknowledgements, workers that are slow or killed,
two agents who claim, pass on, set aside, give back and resolve, an agent who falls silent, a customer who wants to wait
elsewhere, and time that passes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import booleans, integers, sampled_from
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.background import TIMER_KINDS
from bot.gateway.channels import outbox
from bot.gateway.channels.outbox import Job
from bot.gateway.channels.protocol import NotNow, SendResult, Sent
from bot.gateway.conversations import inbox, owner, transcript, unanswered, waiting, work
from bot.gateway.conversations.brain_client import Reply, TurnTaken
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Conversation, Delivery, Entry, InboxMessage
from bot.gateway.conversations.work import Work
from bot.gateway.desk.replies import reply as agent_reply
from bot.gateway.platform.database import Database
from bot.gateway.tickets import later, notices, presence, silence, snoozing, timers
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.refusals import AlreadyClaimedError, NotYoursError
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Agent, Ticket
from bot.handoff.request import HandoffRequest
from tests.gateway.making import conversation, conversation_services, said
from tests.gateway.stub_brain import handoff

PAYLOADS = Payloads("k" * 40)
WORKER = "worker"
AGENTS = ("a", "b")
BUTTONS = (notices.RETURN_TO_BOT, notices.KEEP_PLACE, notices.PICK_TIME, notices.EMAIL, notices.CANCEL_CALLBACK)


@dataclass(frozen=True)
class Received:
    """What a provider got."""

    delivery_id: int
    entry_id: int
    author: str
    owner: str
    """Who had the conversation when the message was taken for sending."""


class Interleavings(RuleBasedStateMachine):
    """One conversation on a messaging channel, two agents; ``opening`` gives an empty, migrated database.

    The promises are looked at after every ``look_every`` steps and at the end: the story keeps all that happened.
    """

    def __init__(self, opening: Callable[[], Database], look_every: int = 1) -> None:
        super().__init__()
        self._opening = opening
        self._look_every = look_every
        self._steps = 0

    @initialize()
    def open(self) -> None:
        """Start with an empty database, two agents at work, and a customer who says hello."""
        self.database = self._opening()
        self.now = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
        self.do(self._hire)
        self.written = 0
        self.claimed: list[Work] = []
        self.received: list[Received] = []
        self.unacknowledged: list[tuple[Job, datetime]] = []
        self.agents_wrote = 0
        self.receive(0)

    def _hire(self, session: Session) -> None:
        for name in AGENTS:
            session.add(Agent(id=name, username=name, name=name.upper(), role="agent", password_hash="-"))
        session.flush()
        for name in AGENTS:
            presence.choose(session, name, "online", self.now)

    def do(self, f: Any, *arguments: Any, **more: Any) -> Any:
        """One transaction; a second goes by."""
        self.now += timedelta(seconds=1)
        return self.database.run_here(f, *arguments, **more)

    def receive(self, number: int) -> None:
        """A provider delivers the customer's message of that number."""
        self.do(inbox.receive, said(f"m{number}", number), payloads=PAYLOADS, allowed={}, now=self.now)

    @rule()
    def the_customer_writes(self) -> None:
        """Something new comes in."""
        self.written += 1
        self.receive(self.written)

    @rule(which=integers(0, 50))
    def the_provider_delivers_again(self, which: int) -> None:
        """Any earlier message, at any time."""
        self.receive(which % (self.written + 1))

    @rule(seconds=sampled_from([5, 31, 200, 700, 2000]))
    def time_passes(self, seconds: int) -> None:
        """Leases lapse, people fall silent."""
        self.now += timedelta(seconds=seconds)

    @rule(times=integers(1, 3))
    def a_worker_claims(self, times: int) -> None:
        """Also while another one is at it."""
        for _ in range(times):
            claimed = self.do(work.claim, conversation_services(), WORKER, (), self.now)
            if isinstance(claimed, Work):
                self.claimed.append(claimed)

    @precondition(lambda self: self.claimed)
    @rule(which=integers(0, 9), mood=integers(0, 3), forgets=booleans())
    def a_turn_ends(self, which: int, mood: int, forgets: bool) -> None:
        """Any open turn, perhaps long outdated; perhaps its worker did not hear that it had ended."""
        claimed = self.claimed[which % len(self.claimed)]
        if not forgets:
            self.claimed.remove(claimed)
        reply = Reply(f"re {getattr(claimed.turn.input, 'text', 'event')}")
        request = handoff("customer_request") if mood == 3 else None
        turns = ((claimed.turn.state or {}).get("turns") or 0) + 1
        self.do(
            work.finish,
            conversation_services(),
            claimed,
            TurnTaken((reply,), request, {"turns": turns}, {}),
            WORKER,
            self.now,
        )

    @precondition(lambda self: self.claimed)
    @rule(which=integers(0, 9), how=sampled_from(["given up", "failed", "lost", "cut off"]))
    def a_turn_fails(self, which: int, how: str) -> None:
        """To be taken again, or for good."""
        claimed = self.claimed.pop(which % len(self.claimed))
        if how == "given up":
            self.do(
                unanswered.give_up, conversation_services(), claimed, WORKER, "failed", None, waiting.BROKEN, self.now
            )
        elif how == "cut off":
            sentences = {"shorter": waiting.TOO_LONG, "sentence": waiting.BROKEN}
            self.do(
                unanswered.cut_off, conversation_services(), claimed, WORKER, acted=False, now=self.now, **sentences
            )
        else:
            self.do(work.postpone, claimed, WORKER, timedelta(seconds=2), self.now, **{how: True})

    @precondition(lambda self: self.claimed)
    @rule()
    def a_worker_is_killed(self) -> None:
        """It forgets what it had begun."""
        self.claimed.clear()

    @rule(who=sampled_from(AGENTS), next_one=booleans(), twice=booleans())
    def an_agent_claims(self, who: str, next_one: bool, twice: bool) -> None:
        """The ticket on the screen, or whatever is next; perhaps with two clicks."""

        def step(session: Session) -> None:
            agent, ticket = session.get_one(Agent, who), self._open_ticket(session)
            if next_one:
                tickets.claim_next(session, TicketServices(), agent, self.now)
            elif ticket is not None:
                try:
                    tickets.claim(session, TicketServices(), ticket.id, agent, self.now)
                except AlreadyClaimedError:
                    assert ticket.agent_id != who

        for _ in range(1 + twice):
            self.do(step)

    @rule(who=sampled_from(AGENTS), what=sampled_from(["write", "return", "resolve", "transfer", "skill", "snooze"]))
    def an_agent_acts(self, who: str, what: str) -> None:
        """Only the one who has the conversation gets anything done."""

        def step(session: Session) -> None:
            agent, ticket = session.get_one(Agent, who), self._open_ticket(session)
            if ticket is None:
                return
            before = (ticket.state, ticket.agent_id)
            try:
                self._act(session, ticket.id, agent, what)
            except NotYoursError:
                assert before != ("accepted", who)
            else:
                assert before == ("accepted", who)

        self.do(step)

    def _act(self, session: Session, ticket_id: str, agent: Agent, what: str) -> None:
        other = next(name for name in AGENTS if name != agent.id)
        if what == "write":
            self.agents_wrote += 1
            agent_reply(session, ticket_id, agent, self.agents_wrote, f"h{self.agents_wrote}", self.now)
        elif what == "return":
            tickets.give_back(session, TicketServices(), ticket_id, agent, "note", self.now)
        elif what == "resolve":
            tickets.resolve(session, TicketServices(), ticket_id, agent, "solved", "", self.now)
        elif what == "snooze":
            snoozing.snooze(session, ticket_id, agent, self.now + timedelta(minutes=5), self.now)
        elif what == "transfer":
            tickets.transfer(session, TicketServices(), ticket_id, agent, self.now, to_agent_id=other)
        else:
            tickets.transfer(session, TicketServices(), ticket_id, agent, self.now, skill="returns")

    @rule(button=sampled_from(BUTTONS))
    def the_customer_presses_a_button(self, button: str) -> None:
        """One of the gateway's own, at a moment when it may mean nothing any more."""

        def step(session: Session) -> None:
            found = transcript.lock(session, conversation(session).id)
            assert found is not None
            later.act(session, TicketServices(), found, {"type": "choice", "payload": button, "title": "…"}, self.now)

        self.do(step)

    @rule()
    def the_desk_is_looked_after(self) -> None:
        """Silent agents lose conversations, silent customers are asked and let go, timers fire."""
        for ticket_id in self.do(silence.due, TicketServices(), self.now):
            self.do(silence.act, TicketServices(), ticket_id, self.now)
        for timer_id in self.do(timers.due, self.now):
            self.do(timers.fire, TicketServices(), timer_id, TIMER_KINDS, self.now)

    @precondition(lambda self: self.claimed)
    @rule()
    def the_bot_is_stopped_in_the_middle_of_a_turn(self) -> None:
        """A ticket opens while the brain still thinks."""

        def step(session: Session) -> None:
            found = transcript.lock(session, conversation(session).id)
            assert found is not None
            if found.owner == owner.BOT:
                tickets.open_ticket(
                    session, TicketServices(), found, HandoffRequest.from_json(handoff("upset_customer")), self.now
                )

        self.do(step)

    @rule(times=integers(1, 4), fate=sampled_from(["sent", "sent", "lost", "not now", "killed"]))
    def the_outbox_is_served(self, times: int, fate: str) -> None:
        """What is due goes out; the acknowledgement comes, is lost, or finds nobody any more."""
        for _ in range(times):
            for delivery_id in self.do(outbox.due, self.now):
                job = self.do(self._take, delivery_id)
                if job is None:
                    continue
                result: SendResult = Sent("p")
                if fate == "lost":
                    result = NotNow(0, "lost", maybe_sent=True)
                elif fate == "not now":
                    result = NotNow(1, "slow down")
                    self.received.pop()
                if fate != "killed":
                    sent = ("p",) if isinstance(result, Sent) else ()
                    self.do(outbox.finish, job, result, sent, self.now)

    def _take(self, session: Session, delivery_id: int) -> Job | None:
        job = outbox.take(session, delivery_id, PAYLOADS, self.now)
        if job is not None:
            entry = session.get_one(Entry, session.get_one(Delivery, delivery_id).entry_id)
            with_ = session.get_one(Conversation, entry.conversation_id).owner
            self.received.append(Received(delivery_id, entry.id, entry.author, owner.kind(with_)))
        return job

    def _open_ticket(self, session: Session) -> Ticket | None:
        return session.scalars(select(Ticket).where(Ticket.state.in_(("queued", "accepted")))).one_or_none()

    @invariant()
    def the_story_is_consistent(self) -> None:
        """Numbers without gaps, each message once, no answer twice, none while somebody else has the customer."""
        self._steps += 1
        if self._steps % self._look_every == 0:
            self.database.run_here(self._check)

    def _check(self, session: Session) -> None:
        found = session.scalars(select(Conversation)).one()
        entries = list(session.scalars(select(Entry).order_by(Entry.id)))
        assert [entry.seq for entry in entries] == list(range(1, found.last_seq + 1))
        said_by_customer = [entry.text for entry in entries if entry.author == "customer"]
        assert said_by_customer == [f"m{number}" for number in range(self.written + 1)], "a message is lost or twice"
        answers = [entry.text for entry in entries if entry.author == "bot" and entry.type == "message"]
        answered = [text for text in answers if text.startswith("re m")]
        assert answered == sorted(set(answered), key=lambda text: int(text[4:])), "answered twice or out of order"
        now_with = "bot"
        for entry in entries:
            if entry.type == "state":
                assert entry.detail is not None
                now_with = entry.detail["owner"]
            elif entry.author == "bot" and entry.type == "message":
                assert now_with == "bot", "the bot talked over somebody"
            elif entry.author == "human" and entry.type == "message":
                assert now_with == "human"
        assert owner.kind(found.owner) == now_with
        self._check_inbox(session, answers, entries)
        self._check_ticket(session, found)
        self._check_provider(session)

    def _check_inbox(self, session: Session, answers: list[str], entries: list[Entry]) -> None:
        rows = list(session.scalars(select(InboxMessage).order_by(InboxMessage.id)))
        handled = [row.handled_at is not None for row in rows]
        assert handled == sorted(handled, reverse=True), "a later message was handled before an earlier one"
        taken = [row for row in rows if row.outcome in ("answered", "handed_off")]
        of_answers = {entry.message_id for entry in entries if entry.author == "bot" and entry.type == "message"}
        assert len(answers) == len(of_answers) <= len(taken)

    def _check_ticket(self, session: Session, found: Conversation) -> None:
        ticket = self._open_ticket(session)
        expected = owner.BOT
        if ticket is not None:
            expected = owner.QUEUE if ticket.state == "queued" else owner.human(str(ticket.agent_id))
        assert found.owner == expected, "ticket and owner disagree"

    def _check_provider(self, session: Session) -> None:
        order: list[int] = []
        for one in self.received:
            if one.author == "bot":
                assert one.owner != "human", "the bot's words went out after a human had come"
            if not order or order[-1] != one.entry_id:
                order.append(one.entry_id)
        assert order == sorted(set(order)), "the customer reads in another order than it was said"
        for delivery in session.scalars(select(Delivery)):
            times = sum(one.delivery_id == delivery.id for one in self.received)
            assert times <= 2, "a message was repeated more than once"
            if times == 2:
                assert outbox.is_repeat(delivery), "a repeat is not marked"

    def teardown(self) -> None:
        """Look at everything once more."""
        if hasattr(self, "database"):
            self.database.run_here(self._check)
