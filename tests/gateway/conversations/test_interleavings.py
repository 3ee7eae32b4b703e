"""Whatever order things happen in, each message is answered at most once, in order, and never over a human."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import booleans, integers
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.clock import utc_now
from bot.gateway.conversations import inbox, owner, transcript, work
from bot.gateway.conversations.brain_client import Reply, TurnTaken
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.work import Work
from bot.gateway.database import Database
from bot.gateway.migrations import upgrade
from bot.gateway.queue import tickets
from bot.gateway.signals import Signals
from bot.gateway.tables import Agent, Conversation, Entry, InboxMessage, Ticket
from bot.handoff.request import HandoffRequest
from tests.gateway.making import conversation, said
from tests.gateway.stub_brain import handoff

PAYLOADS = Payloads("k" * 40)
WORKER = "worker"


@cache
def _migrated() -> bytes:
    """An empty database's file: migrating for each example would take most of the time."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/warmline.db", Signals())
        upgrade(database)
        database.close()
        return (Path(folder) / "warmline.db").read_bytes()


class Conversations(RuleBasedStateMachine):
    """A customer who writes, providers that repeat, two workers that are killed at any point, an agent at the desk."""

    @initialize()
    def open(self) -> None:
        """Start with an empty database."""
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "warmline.db"
        path.write_bytes(_migrated())
        self.database = Database(f"sqlite:///{path}", Signals())
        self.do(lambda session: session.add(Agent(id="a", username="a", name="Grace", role="agent", password_hash="-")))
        self.written = 0
        self.claimed: list[Work] = []
        self.receive(0)

    def do(self, f: Any, *arguments: Any, **more: Any) -> Any:
        """One transaction."""
        return self.database.run_here(f, *arguments, **more)

    def receive(self, number: int) -> None:
        """A provider delivers the customer's message of that number."""
        self.do(inbox.receive, said(f"m{number}", number), payloads=PAYLOADS, now=utc_now())

    @rule()
    def the_customer_writes(self) -> None:
        """Something new comes in."""
        self.written += 1
        self.receive(self.written)

    @rule(which=integers(0, 50))
    def the_provider_delivers_again(self, which: int) -> None:
        """Any earlier message, at any time."""
        self.receive(which % (self.written + 1))

    @rule()
    def a_worker_claims(self) -> None:
        """Also while another one is at it."""
        claimed = self.do(work.claim, WORKER, (), utc_now())
        if claimed is not None:
            self.claimed.append(claimed)

    @precondition(lambda self: self.claimed)
    @rule(which=integers(0, 9), mood=integers(0, 4), forgets=booleans())
    def a_turn_ends(self, which: int, mood: int, forgets: bool) -> None:
        """Any open turn, perhaps long outdated; perhaps its worker did not hear that it had ended."""
        claimed = self.claimed[which % len(self.claimed)]
        if not forgets:
            self.claimed.remove(claimed)
        reply = Reply(f"re {claimed.turn.input.get('text', claimed.turn.input['type'])}")
        request = handoff("customer_request") if mood == 4 else None
        turns = ((claimed.turn.state or {}).get("turns") or 0) + 1
        self.do(work.finish, claimed, TurnTaken((reply,), request, {"turns": turns}, {}), WORKER, utc_now())

    @precondition(lambda self: self.claimed)
    @rule(which=integers(0, 9))
    def a_turn_is_given_up(self, which: int) -> None:
        """The brain failed for good."""
        claimed = self.claimed.pop(which % len(self.claimed))
        self.do(work.give_up, claimed, WORKER, "failed", None, "Sorry.", utc_now())

    @precondition(lambda self: len(self.claimed) > 1)
    @rule()
    def a_worker_is_killed(self) -> None:
        """It forgets what it had begun."""
        self.claimed.pop()

    @rule()
    def the_agent_takes_the_next_step(self) -> None:
        """Claims what waits, gives back what they have."""

        def step(session: Session) -> None:
            ticket = session.scalars(select(Ticket).where(Ticket.state.in_(("queued", "accepted")))).one_or_none()
            agent = session.get_one(Agent, "a")
            if ticket is not None and ticket.state == "queued":
                tickets.claim(session, ticket.id, agent, utc_now())
            elif ticket is not None:
                tickets.give_back(session, ticket.id, agent, "note", utc_now())

        self.do(step)

    @precondition(lambda self: self.claimed)
    @rule()
    def the_bot_is_stopped_in_the_middle_of_a_turn(self) -> None:
        """A ticket opens while the brain still thinks."""

        def step(session: Session) -> None:
            found = transcript.lock(session, conversation(session).id)
            assert found is not None
            if found.owner == owner.BOT:
                tickets.open_ticket(session, found, HandoffRequest.from_json(handoff("upset_customer")), utc_now())

        self.do(step)

    @invariant()
    def the_story_is_consistent(self) -> None:
        """Numbers without gaps, each message once, no answer twice, none while somebody else has the customer."""
        self.do(self._check)

    def _check(self, session: Session) -> None:
        found = session.scalars(select(Conversation)).one()
        entries = list(session.scalars(select(Entry).order_by(Entry.id)))
        assert [entry.seq for entry in entries] == list(range(1, found.last_seq + 1))
        said_by_customer = [entry.text for entry in entries if entry.author == "customer"]
        assert said_by_customer == [f"m{number}" for number in range(self.written + 1)]
        answers = [entry.text for entry in entries if entry.author == "bot" and entry.type == "message"]
        answered = [text for text in answers if text.startswith("re m")]
        assert answered == sorted(set(answered), key=lambda text: int(text[4:]))
        now_with = "bot"
        for entry in entries:
            if entry.type == "state":
                assert entry.detail is not None
                now_with = entry.detail["owner"]
            elif entry.author == "bot" and entry.type == "message":
                assert now_with == "bot"
        assert owner.kind(found.owner) == now_with
        handled = [
            row.handled_at is not None for row in session.scalars(select(InboxMessage).order_by(InboxMessage.id))
        ]
        assert handled == sorted(handled, reverse=True)
        taken = session.scalars(select(InboxMessage).where(InboxMessage.outcome.in_(("answered", "handed_off"))))
        assert len(answers) == len({entry.message_id for entry in entries if entry.text in answers}) <= len(taken.all())

    def teardown(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()


TestConversations = Conversations.TestCase
TestConversations.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
