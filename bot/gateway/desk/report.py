"""What became of the suggestions, for trainers: how often each kind and article was taken, edited or put away.

The database counts. Reading five thousand suggestions to count them here took a second in which nobody else got far.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import Subquery

from bot.gateway.conversations.tables import Entry
from bot.gateway.desk import suggestions
from bot.gateway.desk.moments import moment
from bot.gateway.desk.tables import SuggestionVerdict
from bot.gateway.platform.tables import constant
from bot.gateway.platform.transaction import Transaction

# Older ones say little of the articles and examples of today.
WINDOW = timedelta(days=30)
# Edited and rejected offers that a trainer reads one by one.
MOST_EXAMPLES = 50
_MOST_SUGGESTIONS = 5000

VERDICTS = ("accepted", "edited", "rejected")
_PASSED_OVER = "passed_over"


def report(session: Transaction, now: datetime) -> dict[str, Any]:
    """Count the offers of the last 30 days: in total, by kind, by article; and the newest that did not fit."""
    total: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    articles: dict[str, Counter[str]] = {}
    postgresql = session.get_bind().dialect.name == "postgresql"
    for kind, article, verdict, count in session.execute(counts(now, postgresql=postgresql)):
        for counter in (total, kinds.setdefault(kind, Counter())) + (
            (articles.setdefault(article, Counter()),) if article else ()
        ):
            counter["offered"] += count
            counter[verdict] += count
    return {
        "since": moment(now - WINDOW),
        "total": _counts(total),
        "kinds": [{"kind": name} | _counts(counter) for name, counter in sorted(kinds.items())],
        "articles": [
            {"article": name} | _counts(counter)
            for name, counter in sorted(articles.items(), key=lambda one: (-one[1]["offered"], one[0]))
        ],
        "examples": _examples(session, now),
    }


def counts(now: datetime, *, postgresql: bool) -> Select[Any]:
    """How often each kind, article (or null) and verdict came together among the newest suggestions."""
    offered = _offered_on_postgresql(_recent(now)) if postgresql else _offered_on_sqlite(_recent(now))
    verdict = func.coalesce(SuggestionVerdict.verdict, _PASSED_OVER).label("verdict")
    return (
        select(offered.c.kind, offered.c.article, verdict, func.count())
        .select_from(offered)
        .join(
            SuggestionVerdict,
            and_(
                SuggestionVerdict.conversation_id == offered.c.conversation_id,
                SuggestionVerdict.seq == offered.c.seq,
                SuggestionVerdict.offer == offered.c.number,
            ),
            isouter=True,
        )
        .group_by(offered.c.kind, offered.c.article, verdict)
    )


def unfitting(now: datetime) -> Select[Any]:
    """The newest offers that were edited or put away, each with its suggestion, the question and what was sent."""
    question, sent = aliased(Entry), aliased(Entry)
    return (
        select(
            Entry.at,
            Entry.detail,
            SuggestionVerdict.offer,
            SuggestionVerdict.verdict,
            question.text.label("question"),
            sent.text.label("sent"),
        )
        .join(
            SuggestionVerdict,
            and_(SuggestionVerdict.conversation_id == Entry.conversation_id, SuggestionVerdict.seq == Entry.seq),
        )
        .join(
            question,
            and_(
                question.conversation_id == Entry.conversation_id,
                question.seq == Entry.detail["for_seq"].as_integer(),
            ),
            isouter=True,
        )
        .join(
            sent,
            and_(sent.conversation_id == Entry.conversation_id, sent.seq == SuggestionVerdict.sent_seq),
            isouter=True,
        )
        .where(
            Entry.type == constant(suggestions.SUGGESTION),
            Entry.at >= now - WINDOW,
            SuggestionVerdict.verdict.in_(("edited", "rejected")),
        )
        .order_by(Entry.at.desc(), Entry.id.desc(), SuggestionVerdict.offer)
        .limit(MOST_EXAMPLES)
    )


def _recent(now: datetime) -> Subquery:
    return (
        select(Entry.conversation_id, Entry.seq, Entry.detail)
        .where(Entry.type == constant(suggestions.SUGGESTION), Entry.at >= now - WINDOW)
        .order_by(Entry.at.desc(), Entry.id.desc())
        .limit(_MOST_SUGGESTIONS)
        .subquery()
    )


def _offered_on_sqlite(recent: Subquery) -> Subquery:
    """One row an offer (https://www.sqlite.org/json1.html#the_json_each_and_json_tree_table_valued_functions)."""
    each = func.json_each(recent.c.detail, "$.offers").table_valued("key", "value", joins_implicitly=True)
    return select(
        recent.c.conversation_id,
        recent.c.seq,
        each.c.key.label("number"),
        func.json_extract(each.c.value, "$.kind").label("kind"),
        func.json_extract(each.c.value, "$.source.article").label("article"),
    ).subquery()


def _offered_on_postgresql(recent: Subquery) -> Subquery:
    """One row an offer (https://www.postgresql.org/docs/current/functions-json.html)."""
    each = (
        func.json_array_elements(recent.c.detail["offers"])
        .table_valued("value", with_ordinality="number", joins_implicitly=True)
        .render_derived()
    )
    return select(
        recent.c.conversation_id,
        recent.c.seq,
        (each.c.number - 1).label("number"),
        func.json_extract_path_text(each.c.value, "kind").label("kind"),
        func.json_extract_path_text(each.c.value, "source", "article").label("article"),
    ).subquery()


def _counts(counter: Counter[str]) -> dict[str, int]:
    return {"offered": counter["offered"], **{name: counter[name] for name in VERDICTS}}


def _examples(session: Transaction, now: datetime) -> list[dict[str, Any]]:
    """Each offer beside the question it was made for and what the agent sent in its place."""
    examples = []
    for row in session.execute(unfitting(now)):
        offer = row.detail["offers"][row.offer]
        examples.append(
            {
                "at": moment(row.at),
                "question": row.question,
                "kind": offer["kind"],
                "offered": offer["text"],
                "source": offer.get("source"),
                "verdict": row.verdict,
                "sent": row.sent,
            }
        )
    return examples
