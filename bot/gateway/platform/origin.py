"""A visitor's origin as an opaque name, by which limits count; it does not tell where they come from.

An address is a person's data and few enough that a plain hash could be guessed back; so it is hashed with a key, and
the address itself is not kept.
"""

from __future__ import annotations

import hashlib
import hmac

from bot.gateway.platform.client_address import counted_as

# 128 bits: nobody finds two addresses with the same name.
LENGTH = 32

_PURPOSE = b"warmline: origin"


def of_address(key: str, address: str) -> str:
    """Name a network address; all addresses of one IPv6 /64 have one name."""
    return _named(key, counted_as(address))


def of_telegram(key: str, user_id: str) -> str:
    """Name a Telegram user."""
    return _named(key, f"telegram:{user_id}")


def _named(key: str, place: str) -> str:
    # A key of its own, so that nothing that is signed elsewhere with the payload key can ever be taken for this.
    derived = hmac.new(key.encode(), _PURPOSE, hashlib.sha256).digest()
    return hmac.new(derived, place.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:LENGTH]
