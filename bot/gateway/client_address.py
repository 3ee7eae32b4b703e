"""Where a request comes from."""

from __future__ import annotations

from starlette.requests import Request


def client_address(request: Request) -> str:
    """The network address of whoever sent a request; empty where the server knows none (a Unix socket)."""
    return request.client.host if request.client else ""
