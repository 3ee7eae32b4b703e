"""What a flood did to the assistant: what the honest customer heard, what the hostile ones got, what it cost."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.e2e.installation import Installation, WebVisitor
from tests.flood import honest
from tests.flood.assistant import WatchedInstallation
from tests.flood.hostile import addresses, visitor_of
from tests.flood.material import FEWEST_GUESSES, STRANGERS_ORDER, STRANGERS_ORDER_SHOWN, postcode_guesses
from tests.flood.process import Flood, Pace

# What one client address may have of what belongs to all; the limits of `channels.yml` and `desk.yml` are not above it.
MOST_TICKETS_OF_AN_ADDRESS = 10
MOST_VISITS_OF_AN_ADDRESS = 8

# Seconds that what was taken in the flood gets to be handled once it is over: 50 visitors may have 30 messages each
# waiting, and a brain on a busy machine takes some 20 a second.
PATIENCE_WITH_THE_REST = 120.0
LOOK_EVERY = 0.2

_WAITING = "SELECT count(*) FROM inbox WHERE handled_at IS NULL"


@dataclass(frozen=True)
class Outcome:
    """All of it in counts."""

    talk: honest.Talk
    honest_tickets: int
    tally: dict[str, Any]
    """The flood's own account, as ``tests/flood/__main__.py`` prints it."""
    tickets: Counter[str]
    """Open tickets of hostile visitors by client address."""
    visits: Counter[str]
    """Visits that hostile visitors booked, by client address."""
    orders_shown: int
    """Times that a guesser was told where the stranger's order is: the last of them gives the right postcode."""
    waiting: int
    """Messages that were taken and had no outcome yet when the flood stopped."""
    left_over: int
    """Those that had none after the patience at the end either."""
    process_ids: tuple[dict[str, int | None], dict[str, int | None]]
    """Before the flood and after it."""

    @property
    def replaced(self) -> list[str]:
        """The processes that are not the same as before."""
        before, after = self.process_ids
        return [name for name, pid in before.items() if pid is None or after[name] != pid]

    def answers(self, kind: str) -> int:
        """Calls of hostile visitors by their kind: ``taken``, ``refused`` or ``unanswered``."""
        return sum(count for name, count in self.tally["answers"].items() if kind_of(name.split()[1]) == kind)


def kind_of(outcome: str) -> str:
    """Put an HTTP status or an error's name into one word; 5xx is a fault of ours."""
    if not outcome.isdigit():
        return "unanswered"
    return {"2": "taken", "4": "refused"}.get(outcome[0], "failed")


def flooded(running: WatchedInstallation, pace: Pace, patience: float, *, one_address: bool) -> Outcome:
    """Flood the assistant while the honest customer asks; both are over at the end, and what was taken is handled."""
    before = running.process_ids()
    flood = Flood(running.url, pace, one_address)
    with flood:
        talk = asyncio.run(honest.ask_all(running.url, patience))
    waiting = _count(running, _WAITING)
    deadline = time.monotonic() + PATIENCE_WITH_THE_REST
    while (left_over := _count(running, _WAITING)) and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY)
    _guess_right(running)
    after = running.process_ids()
    by_address = addresses(pace.visitors, one=one_address)
    address_of = {one: address for address, ids in flood.tally["conversations"].items() for one in ids}
    opened = [
        one for (one,) in running.rows("SELECT conversation_id FROM tickets WHERE state IN ('queued', 'accepted')")
    ]
    visits: Counter[str] = Counter()
    for (email,) in running.rows("SELECT email FROM appointments", shop=True):
        visitor = visitor_of(email)
        if visitor is not None:
            visits[by_address[visitor]] += 1
    shown = "SELECT count(*) FROM entries WHERE type = 'message' AND author = 'bot' AND text LIKE ?"
    return Outcome(
        talk=talk,
        honest_tickets=_count(running, "SELECT count(*) FROM tickets WHERE conversation_id = ?", talk.conversation_id),
        tally=flood.tally,
        # A conversation whose opening the flood did not hear of any more has no address that it could be counted for.
        tickets=Counter(address_of.get(one, "unknown") for one in opened if one != talk.conversation_id),
        visits=visits,
        orders_shown=_count(running, shown, f"%{STRANGERS_ORDER_SHOWN}%"),
        waiting=waiting,
        left_over=left_over,
        process_ids=(before, after),
    )


def _guess_right(running: Installation) -> None:
    """More guessers, from an address of their own and in new conversations, the last of whom has the right postcode.

    What the flood guessed was taken, but on a busy machine not all of it came to the shop.
    """
    wrong = itertools.islice(postcode_guesses(), FEWEST_GUESSES)
    for postcode in (*wrong, STRANGERS_ORDER.postcode):
        visitor = WebVisitor(running)
        try:
            visitor.answer_to(visitor.say(f"track my order {STRANGERS_ORDER.number}, postcode {postcode}"))
        finally:
            visitor.close()


def _count(running: Installation, query: str, *values: Any) -> int:
    [(count,)] = running.rows(query, *values)
    return int(count)
