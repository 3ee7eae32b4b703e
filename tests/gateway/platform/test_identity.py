"""Ids of others: kept as they are, or as a hash that no other id has."""

from __future__ import annotations

from bot.gateway.platform.identity import whole


def test_a_long_id_is_told_from_another_that_begins_like_it() -> None:
    """What differs behind the column's end differs in the column."""
    names = ["x" * 128, "x" * 128 + "1", "x" * 128 + "2", "x" * 100_000]
    kept = [whole(name, 128) for name in names]
    assert len(set(kept)) == 4
    assert max(map(len, kept)) <= 128
    assert kept[0] == names[0]


def test_no_short_id_passes_for_a_long_one() -> None:
    """Nobody can send the hash of somebody else's id as an id."""
    hashed = whole("x" * 200, 128)
    assert whole(hashed, 128) != hashed
