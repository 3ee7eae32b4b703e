"""Browsers in which an account has signed in before, known by a signed cookie that opens nothing.

It only tells whose tries count apart (:mod:`bot.gateway.desk.tries`). Nothing of it is stored: a stolen database knows
no cookie, and a stolen cookie gives a few tries in a quarter of an hour.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

COOKIE = "warmline_device"
# Browsers keep no cookie for longer than 400 days (RFC 6265bis); each sign-in begins anew.
LASTS = timedelta(days=365)

_FORM = re.compile(r"([A-Za-z0-9_-]{22})\.([0-9]{1,12})\.([0-9a-f]{64})")
_NONCE_BYTES = 16


@dataclass(frozen=True)
class Device:
    """What a browser brought along, not yet believed."""

    cookie: str
    secret: str
    """The installation's payload key; the cookie's own key is derived from it."""

    def name_for(self, agent_id: str, now: datetime) -> str | None:
        """The browser's name, if this account signed in there within :data:`LASTS`; compared in constant time."""
        found = _FORM.fullmatch(self.cookie)
        if found is None:
            return None
        nonce, at, mac = found.groups()
        right = hmac.compare_digest(mac, self._mac(agent_id, nonce, at))
        return nonce if right and 0 <= now.timestamp() - int(at) + _CLOCKS_APART <= LASTS.total_seconds() else None

    def renewed(self, agent_id: str, now: datetime) -> str:
        """The cookie for a browser in which this account has just signed in: its name stays, its time begins anew."""
        nonce, at = self.name_for(agent_id, now) or secrets.token_urlsafe(_NONCE_BYTES), str(int(now.timestamp()))
        return f"{nonce}.{at}.{self._mac(agent_id, nonce, at)}"

    def _mac(self, agent_id: str, nonce: str, at: str) -> str:
        key = hmac.digest(self.secret.encode(), b"warmline desk device", "sha256")
        return hmac.new(key, f"{agent_id}\n{nonce}\n{at}".encode(), hashlib.sha256).hexdigest()


# Of several gateways, in seconds.
_CLOCKS_APART = 300
