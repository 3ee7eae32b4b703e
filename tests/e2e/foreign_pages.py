"""Other people's pages that carry the widget: a small server for them, and a real gateway with a brain by script."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from playwright.sync_api import Page

from bot.gateway.app import create_app
from bot.gateway.services import Services
from bot.gateway.wiring import wire
from bot.settings import load
from tests.e2e.installation import ROOT
from tests.gateway.stub_brain import StubBrain, handoff, result

# Starting takes half a second on an idle machine.
START_PATIENCE = 30.0

TABLE = """Our **fees** for a visit:

| Service | Price |
|---|---:|
| Call-out | £79 |
| Half hour | £24 |

- *first* the filter
- then the [hose](https://help.larkfield.example/hose)

Ask help@larkfield.example or 0808 157 0140."""
CITATION = {
    "article": "fees",
    "title": "Fees",
    "heading": "Fees",
    "url": "https://help.larkfield.example/fees",
    "passage": "fees#1",
    "score": 0.9,
}
BODY = '<h1>A shop</h1><p><a href="#x">A link</a> <input aria-label="Search" id="search"></p>'
LONG = "It begins here. " + "\n".join(f"Step {number}: look at it and wait." for number in range(1, 60))


async def _speak(turn: dict[str, Any]) -> httpx.Response:
    said = turn["input"].get("text") or ""
    if said == "a person":
        return result(turn, "I will get somebody.", handoff=handoff("customer_request"))
    if said == "fees":
        return result(turn, replies=[{"text": TABLE, "format": "markdown", "citation": CITATION}])
    if said == "long":
        return result(turn, LONG)
    if said == "choose":
        choices = [{"title": title, "payload": "/help"} for title in ("The first", "The second")]
        return result(turn, replies=[{"text": "Which one?", "choices": choices}])
    return result(turn, f"you said {said}")


@dataclass
class ForeignSite:
    """A site of somebody else's (an origin of its own) with pages that a test writes."""

    url: str
    pages: dict[str, str] = field(default_factory=dict)

    def page(self, path: str, gateway: str, *, head: str = "", body: str = "", tag: str = "", html: str = "") -> str:
        """Put a page there; gives its address. ``tag`` takes the place of the widget's usual one."""
        widget = tag or f'<script src="{gateway}/widget.js" data-title="Help" defer></script>'
        self.pages[path] = (
            f'<!doctype html><html lang="en" {html}><head><meta charset="utf-8"><title>A shop</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}{widget}</head>'
            f"<body>{body or BODY}"
            "</body></html>"
        )
        return f"{self.url}{path}"


@contextmanager
def foreign_site() -> Iterator[ForeignSite]:
    """Serve pages on a free port for as long as the block lasts."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(self.path.split("?")[0])
            content = (found or "").encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield ForeignSite(f"http://127.0.0.1:{server.server_address[1]}", pages)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class QuickGateway:
    """A running gateway whose brain answers by script."""

    url: str
    parts: Services


@contextmanager
def quick_gateway(folder: Path, *allowed: str) -> Iterator[QuickGateway]:
    """Run one with a database in this folder, on whose widget these origins may call."""
    origins = ", ".join(f'"{origin}"' for origin in allowed)
    (folder / "channels.yml").write_text(
        f'website:\n  enabled: true\n  greeting: "Hello, how can I help?"\n  allowed_origins: [{origins}]\n'
    )
    # The page of the reference assistant, so that there is one with the widget on it.
    shutil.copytree(ROOT / "page", folder / "page")
    settings = load(
        {
            "WARMLINE_ROOT": str(folder),
            "WARMLINE_VAR": str(folder),
            "WARMLINE_DATABASE_URL": f"sqlite:///{folder / 'warmline.db'}",
            "WARMLINE_BRAIN_SECRET": "s" * 40,
            "WARMLINE_PAYLOAD_KEY": "k" * 40,
        }
    )
    brain = StubBrain()
    brain.behave = _speak
    parts = replace(wire(settings), brain=brain.client())
    config = uvicorn.Config(
        create_app(settings, parts), host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        deadline = time.monotonic() + START_PATIENCE
        while not server.started:
            assert thread.is_alive(), "the gateway ended at its start"
            assert time.monotonic() < deadline, "the gateway did not start"
            time.sleep(0.01)
        yield QuickGateway(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", parts)
    finally:
        server.should_exit = True
        thread.join()


LAUNCHER = "warmline-chat .launcher"
PANEL = "warmline-chat .panel"


def looks_of(page: Page) -> dict[str, Any]:
    """How the open panel, its words and its field stand on the screen, as the browser has worked it out."""
    looks: dict[str, Any] = page.evaluate(
        """() => {
        const root = document.querySelector("warmline-chat").shadowRoot;
        const of = (selector) => {
            const element = root.querySelector(selector);
            const {x, y, width, height} = element.getBoundingClientRect();
            const style = getComputedStyle(element);
            const kept = ["color", "backgroundColor", "fontSize", "lineHeight", "fontFamily", "display", "position",
                "letterSpacing", "textTransform", "textAlign", "visibility", "opacity", "transform", "cursor"];
            return {place: [x, y, width, height].map(Math.round),
                style: Object.fromEntries(kept.map((name) => [name, style[name]]))};
        };
        return Object.fromEntries([".panel", ".head", ".title", ".log", ".bubble", "textarea", ".send"]
            .map((selector) => [selector, of(selector)]));
    }"""
    )
    return looks
