"""What became of the suggestions, for trainers: how often each kind and article was taken, edited or put away."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations.tables import Entry
from bot.gateway.desk import suggestions
from bot.gateway.desk.moments import moment

# Older ones say little of the articles and examples of today.
WINDOW = timedelta(days=30)
# Edited and rejected offers that a trainer reads one by one.
MOST_EXAMPLES = 50
_MOST_SUGGESTIONS = 5000

VERDICTS = ("accepted", "edited", "rejected")


def report(session: Session, now: datetime) -> dict[str, Any]:
    """Count the offers of the last 30 days: in total, by kind, by article; and the newest that did not fit."""
    rows = session.scalars(
        select(Entry)
        .where(Entry.type == suggestions.SUGGESTION, Entry.at >= now - WINDOW)
        .order_by(Entry.id.desc())
        .limit(_MOST_SUGGESTIONS)
    ).all()
    total: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    articles: dict[str, Counter[str]] = {}
    examples: list[dict[str, Any]] = []
    for entry in rows:
        said = suggestions.verdicts(session, entry.conversation_id, [entry.seq]).get(entry.seq, {})
        for number, offer in enumerate((entry.detail or {}).get("offers", [])):
            verdict = said.get(number, "passed_over")
            article = (offer.get("source") or {}).get("article")
            for counter in (total, kinds.setdefault(offer["kind"], Counter())) + (
                (articles.setdefault(article, Counter()),) if article else ()
            ):
                counter["offered"] += 1
                counter[verdict] += 1
            if verdict in ("edited", "rejected") and len(examples) < MOST_EXAMPLES:
                examples.append(_example(session, entry, number, offer, verdict))
    return {
        "since": moment(now - WINDOW),
        "total": _counts(total),
        "kinds": [{"kind": name} | _counts(counter) for name, counter in sorted(kinds.items())],
        "articles": [
            {"article": name} | _counts(counter)
            for name, counter in sorted(articles.items(), key=lambda one: (-one[1]["offered"], one[0]))
        ],
        "examples": examples,
    }


def _counts(counter: Counter[str]) -> dict[str, int]:
    return {"offered": counter["offered"], **{name: counter[name] for name in VERDICTS}}


def _example(session: Session, entry: Entry, number: int, offer: dict[str, Any], verdict: str) -> dict[str, Any]:
    """One offer beside the question it was made for and what the agent sent in its place."""
    question = _text(session, entry.conversation_id, (entry.detail or {}).get("for_seq"))
    sent = suggestions.sent_seq(session, entry.conversation_id, entry.seq, number)
    return {
        "at": moment(entry.at),
        "question": question,
        "kind": offer["kind"],
        "offered": offer["text"],
        "source": offer.get("source"),
        "verdict": verdict,
        "sent": _text(session, entry.conversation_id, sent),
    }


def _text(session: Session, conversation_id: str, seq: int | None) -> str | None:
    if seq is None:
        return None
    return session.scalar(select(Entry.text).where(Entry.conversation_id == conversation_id, Entry.seq == seq))
