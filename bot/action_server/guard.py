"""Who may call the action server: the brain, which knows its secret, and no page that a browser shows.

The port listens on loopback, and every web page that somebody on the same machine opens can send requests there: a form
posts ``text/plain`` without asking, and a name that its owner points at 127.0.0.1 passes for the page's own server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot import bearer

LARGEST_CALL = 4 * 1024 * 1024
"""Bytes of one call: the dialogue is at most a turn's 256 kB, and an action that asks for the domain gets it whole."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Refusal:
    """Why a request is not taken, as HTTP says it and as a person reads it."""

    status: int
    reason: str


class Guard:
    """Looks at a request's head, before its body is read."""

    def __init__(self, secret: str, *addresses: str) -> None:
        """Let those in who know ``secret`` and call one of the ``addresses`` (hosts or URLs) or a loopback name."""
        self._secret = secret
        self._hosts = _LOOPBACK | {host for address in addresses if (host := host_of(address)) is not None}

    def refusal(self, method: str, path: str, headers: Mapping[str, str]) -> Refusal | None:
        """What is wrong with a request; ``headers`` by their names in small letters. None lets it in."""
        if "origin" in headers:
            return Refusal(403, "Web pages may not call the action server.")
        if (method, path) == ("GET", "/health"):
            return None  # a load balancer asks by whatever address; the answer tells nothing
        if host_of(headers.get("host", "")) not in self._hosts:
            return Refusal(403, "This server does not go by that name: set WARMLINE_ACTIONS_URL here as for the brain.")
        if not bearer.shows(headers.get("authorization"), self._secret):
            return Refusal(401, "The Authorization header does not hold the action server's secret.")
        if method == "POST" and headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return Refusal(415, "A call is application/json.")
        if headers.get("content-encoding", "identity").lower() != "identity":
            return Refusal(415, "A call is not compressed.")
        return None


def host_of(address: str) -> str | None:
    """The host's name or number in small letters, of a URL or of what a Host header holds; None where there is none."""
    if "//" not in address:
        # A bare IPv6 address, as a setting holds it, has no brackets.
        bare = address.count(":") > 1 and not address.startswith("[")
        address = f"//[{address}]" if bare else f"//{address}"
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
