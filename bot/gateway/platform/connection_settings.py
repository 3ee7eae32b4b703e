"""The section ``connections`` of ``channels.yml``: how much of the gateway one address, or all, may hold at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.setting_files import Section


@dataclass(frozen=True)
class Connections:
    """Bounds of one gateway process; times are seconds, an IPv6 address stands for its /64 network."""

    at_once: int = 2000
    """From everybody: an open page of the widget holds one."""
    per_address: int = 200
    """An office full of agents meets a third of it. It does not count for trusted proxies."""
    header_bytes: int = 16 * 1024
    """Node.js and h11 take as much; browsers send 1 to 4 kB."""
    header_seconds: int = 10
    """HAProxy's manual recommends it for ``timeout http-request``."""
    body_seconds: int = 30
    """A body of 64 kB over a mobile connection of 20 kbit/s, the slowest that is still in use."""
    idle_seconds: int = 5
    """Between two requests of one connection."""
    unread_seconds: int = 30
    """Two heartbeats of a stream: who has not read the first by then is gone."""
    streams_per_conversation: int = 6
    """The tabs of one visitor, and those whose network went away a moment ago."""
    streams_per_address: int = 30
    """A household has some ten devices. Agents' streams do not count."""
    streams_per_agent: int = 20
    """Tabs of the desk that one account has open."""


_DEFAULTS = Connections()

# Least and most of each setting: below, browsers are refused; above, the bound bounds nothing.
_RANGES = {
    "at_once": (10, 100_000),
    "per_address": (10, 100_000),
    "header_bytes": (4096, 65_536),
    "header_seconds": (1, 120),
    "body_seconds": (1, 600),
    "idle_seconds": (1, 600),
    "unread_seconds": (1, 600),
    "streams_per_conversation": (1, 1000),
    "streams_per_address": (1, 100_000),
    "streams_per_agent": (1, 1000),
}

# Each must be smaller than the other, and why.
_ORDER = (
    ("per_address", "at_once", "one address could take every connection"),
    ("streams_per_address", "per_address", "the streams of one address would leave no connection for its messages"),
)


def read_connections(section: Section | None) -> Connections:
    """Read the section; the line of a value that makes no sense is noted in it, and the default stands instead."""
    if section is None:
        return _DEFAULTS
    written = list(section.keys())
    values = {name: section.whole(name, getattr(_DEFAULTS, name), *bounds) for name, bounds in _RANGES.items()}
    section.finish()
    for smaller, larger, why in _ORDER:
        if section.is_sound(smaller, larger) and values[smaller] >= values[larger]:
            blamed = smaller if smaller in written else larger
            told = f"{smaller} ({values[smaller]}) must be below {larger} ({values[larger]}): {why}."
            section.refuse(blamed, told)
            return _DEFAULTS
    return Connections(**values)
