"""A page over a slow line: what it loads, how long that takes, with Chromium's own emulation."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

# A telephone at the edge of its network, there and back; the time to the server and back is a slow mobile line's.
KILOBITS_A_SECOND = 256
ROUND_TRIP_MS = 300


@dataclass
class SlowLine:
    """Slows a page down from now on, and counts what comes over the line: bytes as they are sent, headers too."""

    page: Page
    bytes_loaded: int = 0
    _begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        conditions = {"offline": False, "latency": ROUND_TRIP_MS}
        throughput = KILOBITS_A_SECOND * 1000 / 8
        session.send(
            "Network.emulateNetworkConditions",
            {**conditions, "downloadThroughput": throughput, "uploadThroughput": throughput},
        )
        session.on("Network.loadingFinished", self._loaded)

    def _loaded(self, event: dict[str, float]) -> None:
        self.bytes_loaded += int(event["encodedDataLength"])

    def opens(self, url: str) -> float:
        """Load the desk until somebody can sign in; gives the seconds."""
        start = time.monotonic()
        self.page.goto(url)
        expect(self.page.get_by_label("Username")).to_be_visible()
        return time.monotonic() - start
