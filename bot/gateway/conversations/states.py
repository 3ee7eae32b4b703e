"""The life cycles of inbox messages and deliveries."""

from __future__ import annotations

from bot.gateway.platform.life_cycles import LifeCycle

HANDLED = (
    "answered",
    "kept_for_human",
    "handed_off",
    "not_handed_off",
    "superseded",
    "expired",
    "repeated",
    "over_budget",
)
"""How the handling of a message may end; none of them changes any more, and a message is handled once."""

INBOX = LifeCycle(of="A message", column="outcome", steps=dict.fromkeys(HANDLED, ()), starts=HANDLED)
"""A message waits without an outcome, and then has one."""

DELIVERY = LifeCycle(
    of="A delivery",
    column="state",
    steps={
        "waiting": ("sent", "failed", "cancelled"),
        # Two processes may have brought it, where the lease of the first ended.
        "sent": ("sent",),
        # It was on its way when it was given up, or when a human took over, and has arrived all the same.
        "failed": ("sent",),
        "cancelled": ("sent",),
    },
    starts=("waiting",),
)

ON_ITS_WAY, UNKNOWN, REPEATING = "on_its_way", "unknown", "repeating"
ARRIVALS = (ON_ITS_WAY, UNKNOWN, REPEATING)
"""What is known of a delivery's last try: under way, its answer was lost, or it is the one repeat of such a try."""
