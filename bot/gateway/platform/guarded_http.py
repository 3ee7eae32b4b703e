"""uvicorn's HTTP connection with what it lacks: a bound on headers, time limits, and a limit for slow readers.

uvicorn 0.54 on httptools sets no limit to a header or a trailer (the parser joins its pieces, each time copying
all of them), none to the time that a header, a body or an unread answer takes, and queues every pipelined request.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from contextlib import suppress
from enum import Enum, auto
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from bot.gateway.platform.guard import Guard
from bot.wording.files import product_catalogue
from bot.wording.moments import ENGLISH
from bot.wording.sentences import wording

# What may wait to be read by a client: a stream's events are small, and a page that is larger is written once.
_UNREAD_BYTES = 16 * 1024
# Browsers do not pipeline, proxies neither; some clients send the next request a moment early.
_MOST_PIPELINED = 4
# How long, in seconds, and for how many bytes a refused client may go on sending before it has read why.
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 256 * 1024
_RETRY_AFTER = 5

_REFUSALS = {
    400: ("Bad Request", "bad_request", wording("error.bad_request")),
    408: ("Request Timeout", "too_slow", wording("error.too_slow")),
    429: ("Too Many Requests", "too_many", wording("error.too_many_connections")),
    431: ("Request Header Fields Too Large", "header_too_large", wording("error.header_too_large")),
    503: ("Service Unavailable", "unavailable", wording("error.busy")),
}


def refusal(status: int) -> bytes:
    """Write the answer that ends a connection, in the shape of every error (:mod:`.error_answers`)."""
    phrase, code, said = _REFUSALS[status]
    # In English: which language the client wants stands in the header, which may not have come.
    message = product_catalogue().say(said, ENGLISH)
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    again = f"Retry-After: {_RETRY_AFTER}\r\n" if status in (429, 503) else ""
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"{again}Connection: close\r\n\r\n"
    )
    return head.encode() + body


class _Reading(Enum):
    """What the client sends just now."""

    NOTHING = auto()
    HEADER = auto()
    BODY = auto()


class _RefusedError(Exception):
    """Ends the parser's work; the connection has its answer."""


class GuardedConnection(HttpToolsProtocol):
    """One connection; made by uvicorn for each client."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        guard: Guard,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._guard = guard
        self._limits = guard.limits
        # What strangers send wrong is no news: they could fill the log with it.
        self.logger = logging.getLogger("uvicorn.error.request")
        self.logger.setLevel(logging.ERROR)
        self._reading = _Reading.NOTHING
        # uvicorn's own ``cycle`` is the newest request's, which may stand in line behind the one that is answered.
        self._answering: RequestResponseCycle | None = None
        self._parsed_something = False
        self._unparsed = 0
        self._header_bytes = 0
        self._refuse_with = 400
        self._refused = False
        self._discarded = 0
        self._client_is_late: asyncio.TimerHandle | None = None
        self._nobody_reads: asyncio.TimerHandle | None = None
        self._unread = 0

    @property
    def peer(self) -> str:
        """The address at the other end."""
        return self.client[0] if self.client else ""

    def drop(self) -> None:
        """End it at once, without a word."""
        self._abandon_answer()
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let the client in, or tell it why not."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=_UNREAD_BYTES)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # A telephone that changed its network never says that it is gone: its kernel does not acknowledge.
            with suppress(OSError):
                transport.get_extra_info("socket").setsockopt(
                    socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, self._limits.unread_seconds * 1000
                )
        status = self._guard.enter(self)
        if status:
            self._refuse(status)
            return
        self._expect_within(self._limits.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._guard.leave(self)
        if self._refused:
            self._refused = False
            self._guard.lingered()
        self._expect_nothing()
        if self._nobody_reads is not None:
            self._nobody_reads.cancel()
        self._abandon_answer()
        # uvicorn leaves its own timer when the connection broke.
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand what came to the parser, in pieces after which it can be stopped."""
        if self._refused:
            self._discarded += len(data)
            if self._discarded > _LINGER_BYTES:
                self.transport.abort()
            return
        if self._reading is _Reading.NOTHING and self._client_is_late is None:
            self._expect_within(self._limits.header_seconds)
        size = self._limits.header_bytes
        for start in range(0, len(data), size):
            piece = data[start : start + size] if len(data) > size else data
            self._parsed_something = False
            super().data_received(piece)
            if self._refused or self.transport.is_closing():
                return
            self._unparsed = 0 if self._parsed_something else self._unparsed + len(piece)
            if self._unparsed > self._limits.header_bytes:
                # A header, a trailer or a chunk's extension without an end.
                self._refuse(431)
                return

    def on_message_begin(self) -> None:
        """A request's first bytes are here."""
        super().on_message_begin()
        self._reading = _Reading.HEADER
        self._header_bytes = 0
        self._guard.waits(self)
        if self._client_is_late is None:
            self._expect_within(self._limits.header_seconds)

    def on_url(self, url: bytes) -> None:
        """Count a part of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a field of the header, or of the trailer."""
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The body is next, if there is one."""
        if len(self.pipeline) >= _MOST_PIPELINED:
            raise _RefusedError
        self._parsed_something = True
        self._reading = _Reading.BODY
        self._expect_within(self._limits.body_seconds)
        super().on_headers_complete()
        if not self._is_answering:
            self._answering = self.cycle

    def on_body(self, body: bytes) -> None:
        """Some of the body is here."""
        self._parsed_something = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole: it is our turn."""
        self._parsed_something = True
        self._reading = _Reading.NOTHING
        self._expect_nothing()
        super().on_message_complete()
        if self._is_answering:
            self._guard.works(self)
        else:
            self._guard.waits(self)

    def on_response_complete(self) -> None:
        """The answer is written: it is the client's turn."""
        self._answering = self.pipeline[-1][0] if self.pipeline else None
        super().on_response_complete()
        if self.transport.is_closing():
            self._await_reader()
        elif self._reading is _Reading.NOTHING and not self._is_answering:
            self._guard.waits(self)

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        """It has caught up."""
        super().resume_writing()
        if self._nobody_reads is not None:
            self._nobody_reads.cancel()
            self._nobody_reads = None

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser refused."""
        self._refuse(self._refuse_with)

    @property
    def _is_answering(self) -> bool:
        return self._answering is not None and not self._answering.response_complete

    def _abandon_answer(self) -> None:
        """Let the application hear that its client is gone; what it still writes goes nowhere."""
        self.pipeline.clear()
        if self._answering is not None and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.waiting_for_100_continue = False
            self._answering.message_event.set()

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > self._limits.header_bytes:
            self._refuse_with = 431
            raise _RefusedError

    def _expect_within(self, seconds: float) -> None:
        self._expect_nothing()
        self._client_is_late = self.loop.call_later(seconds, self._end_late_client)

    def _expect_nothing(self) -> None:
        if self._client_is_late is not None:
            self._client_is_late.cancel()
            self._client_is_late = None

    def _end_late_client(self) -> None:
        if self._reading is _Reading.NOTHING and not self._unparsed:
            # It never began to ask: browsers open connections that they may need.
            self.transport.close()
            return
        self._refuse(408)

    def _await_reader(self) -> None:
        if self._nobody_reads is None:
            self._unread = self.transport.get_write_buffer_size()
            self._nobody_reads = self.loop.call_later(self._limits.unread_seconds, self._end_who_does_not_read)

    def _end_who_does_not_read(self) -> None:
        self._nobody_reads = None
        if self.transport.get_write_buffer_size() > self._unread - _UNREAD_BYTES:
            self.drop()
        else:
            # A large page on a slow line.
            self._await_reader()

    def _refuse(self, status: int) -> None:
        """Answer with a status and end; a client that still sends gets a moment to read it."""
        if self._refused:
            return
        self._expect_nothing()
        self._unset_keepalive_if_required()
        self._guard.leave(self)
        if self._is_answering and (self.pipeline or self.cycle.response_started):
            self.drop()
            return
        self._abandon_answer()
        self.transport.write(refusal(status))
        if not self._guard.may_linger():
            # Who has stopped sending can read it all the same.
            self.transport.close()
            self._await_reader()
            return
        self._refused = True
        self.transport.write_eof()
        # Closed at once, with bytes of the client unread, the kernel would take the answer back (RFC 9112, 9.6).
        self.flow.resume_reading()
        self.loop.call_later(_LINGER_SECONDS, self.transport.abort)
