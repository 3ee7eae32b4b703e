"""What is counted in the shop's database: rows that say what happened for whom and when, within a sliding window.

Every function runs inside the caller's transaction, so that what was counted is still true when it acts on it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from actions.shop.limits import UseLimits
from actions.shop.model import Visitor

# Where dots in the local part mean nothing (https://support.google.com/mail/answer/7436150).
_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True)
class Tally:
    """One kind of thing that is counted, since a moment (seconds since 1970)."""

    connection: sqlite3.Connection
    what: str
    since: int

    def forget_what_is_over(self) -> None:
        """Delete what no longer counts: the table stays as small as what happens within a window."""
        self.connection.execute("DELETE FROM tallies WHERE what = ? AND at <= ?", (self.what, self.since))

    def count(self, counted_for: str) -> int:
        """How often it happened."""
        (count,) = self.connection.execute(
            "SELECT count(*) FROM tallies WHERE what = ? AND counted_for = ? AND at > ?",
            (self.what, counted_for, self.since),
        ).fetchone()
        return int(count)

    def last(self, counted_for: str) -> int:
        """When it last happened; the beginning of the window where it did not."""
        (last,) = self.connection.execute(
            "SELECT max(at) FROM tallies WHERE what = ? AND counted_for = ? AND at > ?",
            (self.what, counted_for, self.since),
        ).fetchone()
        return self.since if last is None else int(last)

    def has(self, counted_for: str, key: str) -> bool:
        """Whether it was counted under a key."""
        found = self.connection.execute(
            "SELECT 1 FROM tallies WHERE what = ? AND counted_for = ? AND key = ? AND at > ?",
            (self.what, counted_for, key, self.since),
        )
        return found.fetchone() is not None

    def add(self, counted_for: Iterable[str], key: str, now: int) -> None:
        """Count it, once for a key; the first time stays its time."""
        self.connection.executemany(
            "INSERT INTO tallies (what, counted_for, key, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (what, counted_for, key) DO NOTHING",
            [(self.what, one, key, now) for one in counted_for],
        )


def conversation(visitor: Visitor) -> str:
    """What is counted for a conversation."""
    return f"conversation {visitor.conversation}"


def origin(visitor: Visitor) -> str:
    """What is counted for where somebody comes from; without a gateway the conversation stands for it."""
    return f"origin {visitor.origin}" if visitor.origin else conversation(visitor)


class Uses:
    """What was done for one visitor (visits booked, returns registered) and how much more may be.

    ``now`` is in seconds since 1970. Each counts for the conversation, the customer, the mailbox and the origin, as far
    as they are known.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        what: str,
        limits: UseLimits,
        visitor: Visitor,
        now: int,
        email: str | None = None,
    ) -> None:
        self._tally = Tally(connection, what, now - int(limits.window.total_seconds()))
        self._now = now
        self._allowed = {conversation(visitor): limits.for_one_conversation}
        if visitor.customer:
            self._allowed[f"customer {visitor.customer}"] = limits.for_one_customer
        if email:
            self._allowed[f"email {mailbox(email)}"] = limits.for_one_customer
        if visitor.origin:
            self._allowed[origin(visitor)] = limits.from_one_origin

    def reached(self) -> bool:
        """Whether one of the limits allows no more."""
        return any(self._tally.count(counted_for) >= limit for counted_for, limit in self._allowed.items())

    def add(self, key: str) -> None:
        """Count one more."""
        self._tally.forget_what_is_over()
        self._tally.add(self._allowed, key, self._now)


def mailbox(email: str) -> str:
    """The mailbox behind an address: ``ada@example.com`` for ``Ada+oven@example.com``.

    What stands behind a plus sign is the owner's to choose with most providers: thousands of spellings, one victim.
    """
    local, _, domain = email.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') if domain in _WITHOUT_DOTS else local}@{domain}"
