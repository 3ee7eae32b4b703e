"""Where a visitor comes from, as a name that tells nobody where: limits count by it, and nothing else needs it.

An address is a person's data and few enough that a plain hash could be guessed back; so it is hashed with a key, and
the address itself is not kept.
"""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# 128 bits: nobody finds two addresses with the same name.
LENGTH = 32

# An internet provider gives a customer a /64 at least (https://www.rfc-editor.org/rfc/rfc6177), and every device in it
# takes new addresses as it likes (https://www.rfc-editor.org/rfc/rfc8981).
_IPV6_PREFIX = 64

_PURPOSE = b"warmline: origin"


def of_address(key: str, address: str) -> str:
    """Name a network address; all addresses of one IPv6 /64 have one name."""
    return _named(key, _network(address))


def of_telegram(key: str, user_id: str) -> str:
    """Name a Telegram user."""
    return _named(key, f"telegram:{user_id}")


def _named(key: str, place: str) -> str:
    # A key of its own, so that nothing that is signed elsewhere with the payload key can ever be taken for this.
    derived = hmac.new(key.encode(), _PURPOSE, hashlib.sha256).digest()
    return hmac.new(derived, place.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:LENGTH]


def _network(address: str) -> str:
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return address  # a name of the server's own: a Unix socket has no address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((parsed, _IPV6_PREFIX), strict=False))
