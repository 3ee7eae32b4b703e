"""What the two stand-ins for outside desks share: a threaded HTTP server with faults, and a thread that delivers."""

from __future__ import annotations

import json
import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx


@dataclass
class Fault:
    """What the next request meets."""

    status: int = 503
    after_doing: bool = False
    """The request is carried out, but the connection ends before the answer."""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Delivered:
    """An event that was brought to the gateway, and the answer."""

    event: dict[str, Any]
    status: int


@dataclass
class LocalServer:
    """A server on a free port of the loopback; ``handle`` answers, ``later`` delivers."""

    faults: deque[Fault] = field(default_factory=deque)
    away: bool = False
    """Every request gets 503, until it is set back."""
    delivered: list[Delivered] = field(default_factory=list)

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Answer one request."""
        raise NotImplementedError

    def __enter__(self) -> Any:
        self._lock = threading.RLock()
        self._events: queue.Queue[Callable[[], None] | None] = queue.Queue()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                fault = Fault() if owner.away else owner.faults.popleft() if owner.faults else None
                if fault is not None and not fault.after_doing:
                    self._answer(fault.status, {}, fault.headers)
                    return
                with owner._lock:
                    status, data = owner.handle(self.command, self.path, dict(self.headers), body)
                if fault is not None:
                    self.close_connection = True
                    return
                self._answer(status, data, {})

            do_GET = do_POST = _serve  # noqa: N815 - the names that the base class looks up

            def _answer(self, status: int, data: Any, headers: dict[str, str]) -> None:
                payload = b"" if status == 204 else json.dumps(data).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._threads = [
            threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}),
            threading.Thread(target=self._deliver_all),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def later(self, deliver: Callable[[], None]) -> None:
        """Deliver something on the delivering thread, in order."""
        self._events.put(deliver)

    def post(self, url: str, event: dict[str, Any], body: bytes, headers: dict[str, str]) -> int:
        """Bring one event to the gateway and remember the answer; 0 when nobody listens."""
        try:
            answer = httpx.post(
                url, content=body, headers={"Content-Type": "application/json", **headers}, timeout=5.0, trust_env=False
            )
            status = answer.status_code
        except httpx.HTTPError:
            status = 0
        self.delivered.append(Delivered(event, status))
        return status

    def _deliver_all(self) -> None:
        while (deliver := self._events.get()) is not None:
            deliver()
