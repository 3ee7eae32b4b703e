"""How long somebody will wait: what the queue looks like now, what past waits say of it, and how good that was."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import accumulate
from math import ceil
from typing import Any

from sqlalchemy import Select, func, select

from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import hours, presence, routing
from bot.gateway.tickets.desk_settings import DeskSettings
from bot.gateway.tickets.forecasting import MOST, SLOW, Forecast, Load, coverage, loss
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket, Wait

# Waits that a moving mean remembers: the simple forecast that ours is compared with.
MEAN_OF = 50
# An interval of so many seconds is never called too wide.
ALWAYS_FINE = 300


def load_of(session: Transaction, services: TicketServices, ticket: Ticket, position: int, now: datetime) -> Load:
    """The line and the desk as a ticket at this place sees them."""
    settings = services.desk
    agents = presence.at_work(session, now)
    in_hand = presence.in_hand(session, now)
    queued_at, rank_at = ticket.queued_at or now, ticket.rank_at or now
    waiting = routing.Waiting(ticket.id, ticket.skill, ticket.language, queued_at, rank_at, ticket.assigned_to)
    online = {agent.id for agent in agents}
    able = [one for one in agents if routing.may_take(settings, presence.able(one, 1), waiting, now, online)]
    first = session.scalar(select(func.min(Ticket.queued_at)).where(Ticket.state == "queued"))
    return Load(
        ahead=position - 1,
        online=len(agents),
        able=len(able),
        free=sum(max(0, agent.capacity - in_hand.get(agent.id, 0)) for agent in agents),
        in_hand=sum(in_hand.values()),
        oldest=0.0 if first is None else hours.open_between(settings, first, now).total_seconds(),
    )


def forecast(session: Transaction, services: TicketServices, load: Load) -> Forecast | None:
    """What to expect at such a moment; none while too few waits were timed."""
    return services.waits.history(session).forecast(load)


def too_wide(settings: DeskSettings, expected: Forecast) -> bool:
    """Whether the interval says too little to be a promise (``line.too_wide`` in ``desk.yml``)."""
    return expected.p90 > settings.too_wide * expected.p50 + ALWAYS_FINE


def shown(settings: DeskSettings, expected: Forecast) -> dict[str, Any]:
    """As customers see it: ``{p50_minutes, p90_minutes, too_wide}``, whole minutes, at least one."""
    return {
        "p50_minutes": max(1, ceil(expected.p50 / 60)),
        "p90_minutes": max(1, ceil(expected.p90 / 60)),
        "too_wide": too_wide(settings, expected),
    }


def promise(ticket: Ticket, load: Load, expected: Forecast | None) -> None:
    """Note on a ticket what was computed as it joined the line."""
    ticket.load, ticket.promised_position, ticket.agents_online = asdict(load), load.ahead + 1, load.able
    if expected is not None:
        ticket.promised_p50, ticket.promised_p90 = round(expected.p50), round(expected.p90)


def note_end(session: Transaction, services: TicketServices, ticket: Ticket, now: datetime) -> None:
    """Time a wait that ends with a human; the first of a ticket counts, and a call-back's does not."""
    if ticket.load is None or ticket.queued_at is None:
        return
    waited = hours.open_between(services.desk, ticket.queued_at, now)
    session.add(
        Wait(
            ticket_id=ticket.id,
            ended_at=now,
            load=ticket.load,
            waited=round(waited.total_seconds()),
            promised_p50=ticket.promised_p50,
            promised_p90=ticket.promised_p90,
        )
    )
    ticket.load = None


def kept(session: Transaction, since: datetime) -> dict[str, Any]:
    """How good the promises were of the waits that ended since then; all in seconds of open time.

    ``{count, p50_promised_seconds, p90_promised_seconds, p50_covered, p90_covered, real_p50_seconds, real_p90_seconds,
    compared, pinball_seconds, moving_mean_pinball_seconds}``: the losses are means over the ``compared`` waits for
    which a moving mean existed, too, made of waits that had ended when the customer joined. None where nothing was
    timed.
    """
    rows = session.execute(ended(since)).all()[::-1]
    ends = [row.ended_at for row in rows]
    told = [(one.promised_p50 or 0, one.promised_p90, one.waited) for one in rows if one.promised_p90 is not None]
    # What the first so many waited together.
    together = list(accumulate((one.waited for one in rows), initial=0))
    ours, means = [], []
    for wait in rows:
        known = bisect_right(ends, wait.created_at)
        first = max(0, known - MEAN_OF)
        if wait.promised_p90 is None or first == known:
            continue
        mean = (together[known] - together[first]) / (known - first)
        ours.append(loss(wait.promised_p50 or 0, wait.promised_p90, wait.waited))
        means.append(loss(mean, mean, wait.waited))
    lengths = sorted(waited for _, _, waited in told)
    return {
        "count": len(told),
        "p50_promised_seconds": _mean([p50 for p50, _, _ in told]),
        "p90_promised_seconds": _mean([p90 for _, p90, _ in told]),
        "p50_covered": coverage((p50, waited) for p50, _, waited in told),
        "p90_covered": coverage((p90, waited) for _, p90, waited in told),
        "real_p50_seconds": lengths[len(lengths) // 2] if lengths else None,
        "real_p90_seconds": lengths[min(len(lengths) - 1, int(SLOW * len(lengths)))] if lengths else None,
        "compared": len(ours),
        "pinball_seconds": _mean(ours),
        "moving_mean_pinball_seconds": _mean(means),
    }


def ended(since: datetime) -> Select[datetime, int, int | None, int | None, datetime]:
    """The newest waits that ended since then: how long, what had been promised, and when the customer came."""
    columns = select(Wait.ended_at, Wait.waited, Wait.promised_p50, Wait.promised_p90, Ticket.created_at)
    found = columns.join(Ticket, Ticket.id == Wait.ticket_id).where(Wait.ended_at >= since)
    return found.order_by(Wait.ended_at.desc(), Wait.id.desc()).limit(MOST)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
