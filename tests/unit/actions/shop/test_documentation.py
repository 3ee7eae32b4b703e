"""What the documentation says of the demonstration shop."""

from __future__ import annotations

from pathlib import Path

from actions.shop.seed import DEMO_ORDERS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "demo-shop.md"


def test_the_documented_orders_are_the_seeded_ones() -> None:
    """Number, postcode and model stand on one line, in the same order."""
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `LF-")]
    assert len(rows) == len(DEMO_ORDERS)
    for row, demo in zip(rows, DEMO_ORDERS, strict=True):
        assert f"| `{demo.number}` | `{demo.postcode}` | {demo.model} " in row
