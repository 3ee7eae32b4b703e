"""What the two stand-ins for outside desks share: a threaded HTTP server with faults, and a thread that delivers."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.gateway.loopback import Answer, Loopback


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
        self._loopback = Loopback(self._serve)
        self._thread = threading.Thread(target=self._deliver_all)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._events.put(None)
        self._loopback.close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Its address."""
        return self._loopback.url

    def _serve(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        fault = Fault() if self.away else self.faults.popleft() if self.faults else None
        if fault is not None and not fault.after_doing:
            return fault.status, {}, fault.headers
        with self._lock:
            status, data = self.handle(method, path, headers, body)
        return None if fault is not None else (status, data, {})

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
