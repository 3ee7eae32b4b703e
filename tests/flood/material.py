"""What hostile visitors send: texts that are dear to read, and guesses at somebody else's order."""

from __future__ import annotations

import itertools
import string
from collections.abc import Iterator

from actions.shop.seed import DEMO_ORDERS

# As long as a message may be (docs/reference/web-api.md).
LONGEST_MESSAGE = 4000

# Each kept a reader busy for seconds once, or looks as if it could: joints, punctuation, emoji, one giant word.
DEAR = (
    ("oh " * 700)[:2000],
    ("oh " * 1400)[:LONGEST_MESSAGE],
    "and " * 500,
    "[" * LONGEST_MESSAGE,
    "'" * LONGEST_MESSAGE,
    "😀" * LONGEST_MESSAGE,
    "w" * LONGEST_MESSAGE,
    "7" * LONGEST_MESSAGE,
    ("not tomorrow, or " * 300)[:LONGEST_MESSAGE],
    ("I want a refund and a technician. " * 200)[:LONGEST_MESSAGE],
    ("😀and['oh 1.2.2027 " * 300)[:LONGEST_MESSAGE],
)

PLAIN = ("hello", "are you there?", "hello?", "what can you do?", "thanks", "where are you")

OWN_ORDER, STRANGERS_ORDER, *_ = DEMO_ORDERS
# So many wrong guesses must have been taken before the right one proves anything: `desk.yml` allows 6 a day.
FEWEST_GUESSES = 8


def postcode_guesses() -> Iterator[str]:
    """Wrong postcodes of the stranger's district without end; the right one comes when the flood is over."""
    district = STRANGERS_ORDER.postcode[:-2]
    pairs = map("".join, itertools.product(string.ascii_uppercase, repeat=2))
    return itertools.cycle([district + pair for pair in pairs if district + pair != STRANGERS_ORDER.postcode])


# How the shop's sentences name the stranger's order once they tell where it is.
STRANGERS_ORDER_SHOWN = f"{STRANGERS_ORDER.number} ({STRANGERS_ORDER.model}"
