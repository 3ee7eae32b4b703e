"""What customers asked, what was decided and how it ended, for trainers and editors: ``question/1``, read-only.

``warmline questions`` prints it as JSON lines (docs/reference/questions.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import select

from bot.contract import names
from bot.contract.trace import NOT_UNDERSTOOD
from bot.gateway.conversations import rating
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.desk import marks
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database, existing
from bot.gateway.platform.transaction import Transaction

Ending = Literal["done", "chose", "rephrased", "handed_off", "gave_up", "open"]

Next = Literal["asked_again", "none_of_these", "asked_for_person", "went_on", "nothing"]

_SCHEMA = "question/1"
# What the bot did not know how to take; everything else it answered or did.
# A customer who has not come back after this long has given up; who writes within it goes on with the same matter.
_PATIENCE = timedelta(minutes=15)


@dataclass(frozen=True)
class Question:
    """One message that a customer typed and the bot took."""

    conversation: str
    message_id: str
    at: str
    """When it came in, ISO 8601 in UTC."""
    channel: str
    locale: str
    text: str
    intent: Mapping[str, Any] | None
    """``{name, confidence}``, as the rules saw it."""
    ranking: Sequence[Mapping[str, Any]]
    decision: str
    """As in ``turn-result/1``; ``failed`` where the brain could not take it."""
    why: str
    article: str | None
    """The article that was cited."""
    ending: Ending
    """``done``: answered or acted. Else what the customer did next: ``chose`` a button, ``rephrased``, ``gave_up``, or
    went to a person (``handed_off``); ``open`` while they may still go on."""
    chosen: str | None
    """The title of the button that was pressed or typed next."""
    next: Next
    """What the customer did next."""
    model: str | None
    """The model that took it."""
    rating: rating.Thumb | None
    """The visitor's thumb."""
    mark: Mapping[str, Any] | None
    """What an agent or a trainer said of the turn: ``{verdict, meant, by, at}``."""
    schema: str = field(default=_SCHEMA)


def asked(session: Transaction, since: datetime, now: datetime) -> Iterator[Question]:
    """Yield the questions of conversations in which something was said since then, in order."""
    rows = session.execute(
        select(Entry, InboxMessage.input, InboxMessage.outcome, Conversation.channel, Conversation.locale)
        .join(Conversation, Conversation.id == Entry.conversation_id)
        .outerjoin(InboxMessage, InboxMessage.message_id == Entry.message_id)
        .where(Entry.at >= since, Entry.type.in_(("message", "trace")))
        .order_by(Entry.conversation_id, Entry.seq)
        .execution_options(yield_per=1000)
    )
    for _, rows_of_one in groupby(rows, key=lambda row: row[0].conversation_id):
        story = [tuple(row) for row in rows_of_one]
        taken = {entry.message_id for entry, *_ in story if entry.type == "trace"}
        yield from _questions(story, marks.marks_of(session, taken), now)


def _questions(
    story: Sequence[tuple[Any, ...]], marked: Mapping[str, Mapping[str, Any]], now: datetime
) -> Iterator[Question]:
    traces = {entry.message_id: entry.detail or {} for entry, *_ in story if entry.type == "trace"}
    cited = {
        entry.message_id: entry.citation["article"] for entry, *_ in story if entry.citation and entry.author == "bot"
    }
    thumbs = {entry.message_id: thumb for entry, *_ in story if (thumb := rating.shown(entry)) is not None}
    said = [row for row in story if row[0].type == "message" and row[0].author == "customer"]
    for place, (entry, given, outcome, channel, locale) in enumerate(said):
        trace = traces.get(entry.message_id)
        if trace is None or (given or {}).get("type") != "text":
            continue  # a button says itself what it means; what a human read is no question to the bot
        decision = trace.get("decision") or {}
        kind = "failed" if "failure" in trace else str(decision.get("kind", "failed"))
        following = said[place + 1] if place + 1 < len(said) else None
        intent = trace.get("intent")
        ending, chosen = _ending(kind, outcome, entry, following, now), _chosen(following, traces)
        yield Question(
            conversation=entry.conversation_id,
            message_id=entry.message_id,
            at=entry.at.isoformat(),
            channel=channel,
            locale=locale,
            text=entry.text,
            intent=intent if isinstance(intent, Mapping) else None,
            ranking=list(trace.get("ranking") or ()),
            decision=kind,
            why=str(decision.get("why", "")),
            article=cited.get(entry.message_id),
            ending="chose" if ending == "rephrased" and chosen is not None else ending,
            chosen=chosen,
            next=_next(trace, entry, following, traces),
            model=trace.get("model"),
            rating=thumbs.get(entry.message_id),
            mark=marked.get(entry.message_id),
        )


def _chosen(following: tuple[Any, ...] | None, traces: Mapping[str | None, Mapping[str, Any]]) -> str | None:
    if following is None:
        return None
    entry, given, *_ = following
    if (given or {}).get("type") == "choice":
        return str((given or {}).get("title") or "")
    typed = traces.get(entry.message_id, {}).get("chose")
    return str(typed.get("title") or "") if isinstance(typed, Mapping) else None


def _next(
    trace: Mapping[str, Any],
    entry: Entry,
    following: tuple[Any, ...] | None,
    traces: Mapping[str | None, Mapping[str, Any]],
) -> Next:
    """What the customer did next: whoever asks the same again or for a person was not served."""
    if following is None or following[0].at - entry.at > _PATIENCE:
        return "nothing"
    after, given, *_ = following
    told = traces.get(after.message_id, {})
    intent = str((told.get("intent") or {}).get("name") or "")
    payload = str((given or {}).get("payload") or "").lstrip("/").partition("{")[0]
    for name, meant in ((names.NONE_OF_THESE, "none_of_these"), (names.ASK_FOR_PERSON, "asked_for_person")):
        if name in (intent, payload):
            return meant  # type: ignore[return-value]  # both are named in the type
    if trace.get("form") or (given or {}).get("type") != "text":
        return "went_on"  # what a form asked for is an answer
    same = _read_as(trace) and _read_as(trace) == _read_as(told)
    return "asked_again" if same else "went_on"


def _read_as(trace: Mapping[str, Any]) -> str:
    ranking = trace.get("ranking") or [{}]
    return str(ranking[0].get("name") or "")


def _ending(kind: str, outcome: str | None, entry: Entry, following: tuple[Any, ...] | None, now: datetime) -> Ending:
    if outcome == "handed_off":
        return "handed_off"
    if kind not in NOT_UNDERSTOOD and kind != "failed":
        return "done"
    if following is None or following[0].at - entry.at > _PATIENCE:
        waited = (now if following is None else following[0].at) - entry.at
        return "gave_up" if waited > _PATIENCE else "open"
    _, given, next_outcome, *_ = following
    if next_outcome == "handed_off" and (given or {}).get("type") != "text":
        return "handed_off"  # the button that offered a person
    return "chose" if (given or {}).get("type") == "choice" else "rephrased"


def export(database_url: str, since: datetime) -> None:
    """Write the questions since then to standard output; :class:`WarmlineError` where there is no database."""
    with existing(database_url) as database:
        _record_export(database, since)
        with database.reading() as session:
            _write(session, since)


def _record_export(database: Database, since: datetime) -> None:
    """Who may read the database may read this; that it was read stands in the log."""
    from bot.gateway.desk import audit

    def work(session: Transaction) -> None:
        audit.record_reading(session, audit.Action.EXPORTED_QUESTIONS, None, utc_now(), since=since.date().isoformat())

    database.run_here(work)


def _write(session: Transaction, since: datetime) -> None:
    for question in asked(session, since, utc_now()):
        print(json.dumps(asdict(question), ensure_ascii=False))
