"""What runs beside the requests: the worker, the outbox, other gateways' signals; each started again if it falls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import TracebackType

from bot.gateway.channels.delivery import Sender
from bot.gateway.conversations.news import NewsReader
from bot.gateway.conversations.services import ConversationServices
from bot.gateway.conversations.worker import Worker
from bot.gateway.desk.agent_assist import AgentAssist
from bot.gateway.external_desks.relay import Relay
from bot.gateway.platform.jobs import JobRunner
from bot.gateway.platform.listening import Listener
from bot.gateway.services import Services
from bot.gateway.tickets import callbacks, commitments, reminders
from bot.gateway.tickets.attending import Attendant
from bot.gateway.tickets.line import QueueNotifier
from bot.gateway.tickets.reception import TicketReception
from bot.gateway.tickets.silence import SilenceMonitor
from bot.gateway.tickets.timers import AlarmClock, Fire
from bot.gateway.tidying import Tidier

TIMER_KINDS: dict[str, Fire] = {
    callbacks.CALLBACK: callbacks.is_due,
    callbacks.REMINDER: callbacks.remind,
    commitments.PROMISE: commitments.promise_is_due,
    reminders.REMINDER: reminders.is_due,
}
"""What each kind of timer does."""

log = logging.getLogger(__name__)

# A part that fell is started again after so many seconds: soon enough for a customer, not a busy loop.
_PAUSE = 1.0
# What a stopping gateway waits for its parts, in seconds.
_STOP_PATIENCE = 5.0


def worker_of(services: Services) -> Worker:
    """The worker of a gateway that is composed of these."""
    return Worker(
        database=services.database,
        clock=services.clock,
        brain=services.brain,
        services=ConversationServices(TicketReception(services.tickets), services.wording),
        messaging=services.messaging,
        patience=timedelta(seconds=services.settings.brain_patience),
    )


class Background:
    """Starts the parts on entering and ends them on leaving."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Background:
        """Start everything that runs by itself."""
        services = self._services
        database, clock, tickets = services.database, services.clock, services.tickets
        news = NewsReader(database)
        runs: dict[str, Callable[[], Awaitable[None]]] = {
            "worker": worker_of(services).run,
            "news": news.run,
            "line": QueueNotifier(database, clock, tickets).run,
            "attendant": Attendant(database, services.brain, clock, tickets, news.feeds["queue"]).run,
            "agent_assist": AgentAssist(database, services.brain, clock, news.feeds["human"]).run,
            "timers": JobRunner(database, clock, AlarmClock(tickets, TIMER_KINDS)).run,
            "silence": SilenceMonitor(database, clock, tickets).run,
            "tidier": Tidier(database, clock).run,
        }
        if services.messaging:
            sender = Sender(database, services.payloads, services.messaging, clock)
            runs["outbox"] = JobRunner(database, clock, sender).run
        if services.external_desk is not None:
            relay = Relay(services.external_desk, tickets)
            runs["outside desk"] = JobRunner(database, clock, relay, relay.adopt).run
        if not services.database.is_sqlite:
            runs["listener"] = Listener(services.database.url, services.signals).run
        self._tasks = [asyncio.create_task(self._keep(name, run), name=name) for name, run in runs.items()]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Let the parts end what they do, then end them."""
        self._services.signals.close()
        if self._tasks:
            _done, unfinished = await asyncio.wait(self._tasks, timeout=_STOP_PATIENCE)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        while not self._services.signals.closed:
            try:
                await run()
            except Exception:
                log.exception("%s failed and is being restarted", name)
                await asyncio.sleep(_PAUSE)
