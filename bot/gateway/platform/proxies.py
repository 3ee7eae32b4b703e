"""Proxies in front of the gateway: whose word counts for a visitor's address, and warnings where it cannot be right.

``X-Forwarded-For`` is a list to which each proxy adds the address that it saw
(https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For). What stands left of the last
untrusted entry may be anybody's invention. uvicorn's own middleware is not used: it trusts loopback without being
told to, and takes any text for an address.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger(__name__)

Network = IPv4Network | IPv6Network

FORWARDED_FOR = b"x-forwarded-for"
FORWARDED_PROTO = b"x-forwarded-proto"
# RFC 7239's header is not read, as the proxies of the documentation do not write it; it tells that one is there.
FORWARDED = b"forwarded"

# Some proxies add the port: 192.0.2.1:4711, [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?")
# Load balancers and the launcher ask here, and are no visitors.
_HEALTH = "/health"


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as a proxy writes it; none for anything else. IPv4 inside IPv6 is IPv4."""
    text = text.strip()
    with_port = _WITH_PORT.fullmatch(text)
    if with_port:
        text = with_port[1] or with_port[2]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def network_of(text: str) -> Network | None:
    """Read an item of ``trusted_proxies``; none when it is no network, or every address there is."""
    try:
        network: Network = ipaddress.ip_network(text)
    except ValueError:
        return None
    return network if network.prefixlen else None


@dataclass(frozen=True)
class TrustedProxies:
    """The addresses from which proxies of the installation speak."""

    networks: tuple[Network, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether any is named."""
        return bool(self.networks)

    def trusts(self, address: IPv4Address | IPv6Address | None) -> bool:
        """Tell whether this is one of them."""
        return address is not None and any(address in network for network in self.networks)

    def visitor(self, peer: str, lists: list[bytes]) -> str:
        """Answer the visitor's address, given the peer's and the values of ``X-Forwarded-For`` in their order.

        It is the last address that is not a trusted proxy's; where a trusted proxy passed on what is no address,
        that proxy's own.
        """
        nearest = address_of(peer)
        if nearest is None or not self.trusts(nearest):
            return peer if nearest is None else str(nearest)
        text = b",".join(lists).decode("latin-1")
        for entry in reversed(text.split(",")):
            if not entry.strip():
                continue
            address = address_of(entry)
            if address is None:
                break
            nearest = address
            if not self.trusts(address):
                break
        return str(nearest)


@dataclass
class _Said:
    """Which warnings stand in the log already: one each is enough, and strangers may cause some of them."""

    words: set[str] = field(default_factory=set)

    def once(self, kind: str, message: str, *values: str) -> None:
        if kind not in self.words:
            self.words.add(kind)
            log.warning(message, *values)


class VisitorAddress:
    """Puts the visitor's address and scheme in the place of the proxy's, before anything else reads them."""

    def __init__(self, app: ASGIApp, trusted: TrustedProxies) -> None:
        self._app = app
        self._trusted = trusted
        self._said = _Said()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the address that counts."""
        if scope["type"] in ("http", "websocket") and scope.get("client"):
            scope = self._seen_through(scope)
        await self._app(scope, receive, send)

    def _seen_through(self, scope: Scope) -> Scope:
        peer = scope["client"][0]
        lists = [value for name, value in scope["headers"] if name == FORWARDED_FOR]
        if not self._trusted.trusts(address_of(peer)):
            if lists or any(name == FORWARDED for name, _ in scope["headers"]):
                self._unknown_proxy(peer)
            return {**scope, "client": (self._trusted.visitor(peer, []), scope["client"][1])}
        if not any(value.strip() for value in lists) and scope["path"] != _HEALTH:
            self._said.once(
                "silent",
                "A request from the trusted proxy %s carries no X-Forwarded-For. If it was a visitor's, all visitors "
                "behind that proxy count as one: docs/behind-a-proxy.md has the lines that it needs.",
                peer,
            )
        # The port is the proxy's own, and nobody needs it.
        changed: Scope = {**scope, "client": (self._trusted.visitor(peer, lists), 0)}
        schemes = [value for name, value in scope["headers"] if name == FORWARDED_PROTO]
        if schemes:
            scheme = schemes[-1].decode("latin-1").rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                changed["scheme"] = scheme
        return changed

    def _unknown_proxy(self, peer: str) -> None:
        address = address_of(peer)
        if address is not None and address.is_private:
            self._said.once(
                "near",
                "A request from %s carries X-Forwarded-For or Forwarded, so there seems to be a proxy there, and all "
                "visitors behind it count as one. If it is yours, add its address to trusted_proxies in channels.yml.",
                peer,
            )
            return
        self._said.once(
            "far",
            "X-Forwarded-For or Forwarded of %s was not believed. If this is a proxy of yours, add its address to "
            "trusted_proxies in channels.yml; otherwise somebody is trying to hide where they come from.",
            peer,
        )


def doubts(host: str, public_url: str, trusted: TrustedProxies) -> list[str]:
    """Say at start why visitors' addresses may be wrong, given where the gateway listens; mostly nothing.

    The gateway speaks plain HTTP, so where customers come over https, or to another machine than the one whose
    loopback it listens on, something stands between.
    """
    if trusted:
        return []
    public = urlsplit(public_url)
    remedy = (
        "Name it in trusted_proxies in channels.yml (docs/behind-a-proxy.md): all visitors count as one until then."
    )
    if public.scheme == "https":
        return [f"WARMLINE_PUBLIC_URL is {public_url}, so there is a proxy in front of the gateway. {remedy}"]
    if _is_loopback(host):
        if public.hostname and not _is_loopback(public.hostname):
            return [f"Customers reach {public_url}, and the gateway listens on {host} only: a proxy. {remedy}"]
        return []
    return [
        f"The gateway listens on {host}, in plain HTTP, and trusts no proxy: each peer counts as a visitor. "
        "If there is a proxy in front of it, name it in trusted_proxies in channels.yml (docs/behind-a-proxy.md)."
    ]


def _is_loopback(host: str) -> bool:
    address = address_of(host)
    return host == "localhost" if address is None else address.is_loopback
