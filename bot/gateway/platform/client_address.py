"""Where a visitor's request comes from: the one answer for every limit that counts by address."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection

# Providers give a customer at least one /64 network (RFC 6177): its addresses cost nothing.
_ONE_CUSTOMER = 64


def client_address(request: HTTPConnection) -> str:
    """Return the visitor's address, also behind proxies (:class:`bot.gateway.platform.proxies.VisitorAddress`).

    It is empty where the server knows none.
    """
    return request.client.host if request.client else ""


def counted_as(address: str) -> str:
    """Name what limits count for an address: itself, for IPv6 its /64 network; other text stays as it is."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((int(read), _ONE_CUSTOMER), strict=False))
