"""A whole installation on free ports with its own database, whose processes a test may kill, freeze and restart."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from bot.company_preparation import prepare_company
from bot.processes import ProcessPlan, free_port, process_plans
from bot.settings import Settings, load

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 120.0
LONGEST_ANSWER = 60.0

_VISITORS = itertools.count()


def private_settings(var: Path, root: Path = ROOT, **more: str) -> Settings:
    """Settings for an installation of a company whose files all lie in ``var`` and whose ports are free."""
    gateway, brain, actions = free_port(), free_port(), free_port()
    return replace(
        load(
            {
                "WARMLINE_ROOT": str(root),
                "WARMLINE_VAR": str(var),
                "WARMLINE_GATEWAY_PORT": str(gateway),
                "WARMLINE_BRAIN_PORT": str(brain),
                "WARMLINE_ACTIONS_PORT": str(actions),
                "WARMLINE_ACTIONS_SECRET": secrets.token_urlsafe(32),
                "WARMLINE_BRAIN_SECRET": secrets.token_urlsafe(32),
                "WARMLINE_PAYLOAD_KEY": secrets.token_urlsafe(32),
                **more,
            }
        )
    )


@dataclass
class Installation:
    """Gateway, brain and actions as real processes; everything ends with :meth:`close`."""

    settings: Settings
    environment: dict[str, str] = field(default_factory=dict)
    password: str = ""
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The gateway's address."""
        return self.settings.public_url

    def prepare(self) -> None:
        """Let the company prepare what it needs, and create the desk's first account."""
        from bot.commands.accounts import create_first

        self.settings.var.mkdir(parents=True, exist_ok=True)
        prepare_company(self.settings, {**os.environ, **self.environment})
        self.password = create_first(self.settings.database_url) or ""

    def start(self, *names: str) -> None:
        """Start the named processes, and wait until each answers that it is ready."""
        for name in names:
            self.launch(name)
        for name in names:
            self.wait_until_ready(name)

    def launch(self, name: str) -> None:
        """Start one process and do not wait for it."""
        plan = self._plan(name)
        plan.log.parent.mkdir(parents=True, exist_ok=True)
        with plan.log.open("ab") as log:
            self._processes[name] = subprocess.Popen(
                plan.command,
                cwd=plan.folder,
                env={**plan.environment, **self.environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def wait_until_ready(self, name: str) -> None:
        """Wait for a process that was launched; its log is part of the complaint when it never answers."""
        plan = self._plan(name)
        deadline = time.monotonic() + LONGEST_START
        while time.monotonic() < deadline:
            status = self._processes[name].poll()
            if status is not None:
                raise AssertionError(f"{name} ended with {status}:\n{self.log(name)}")
            try:
                if httpx.get(plan.ready_url, headers=dict(plan.ready_headers), trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"{name} is not ready after {LONGEST_START} s:\n{self.log(name)}")

    def process_id(self, name: str) -> int:
        """The id of a process that was started."""
        return self._processes[name].pid

    def kill(self, name: str) -> None:
        """End a process as a power cut would (SIGKILL)."""
        self._processes[name].kill()
        self._processes[name].wait()

    def freeze(self, name: str) -> None:
        """Stop a process in the middle of whatever it does (SIGSTOP)."""
        self._processes[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a frozen process go on."""
        self._processes[name].send_signal(signal.SIGCONT)

    def log(self, name: str) -> str:
        """The last lines that a process wrote."""
        log = self._plan(name).log
        return "\n".join(log.read_text(errors="replace").splitlines()[-40:]) if log.exists() else ""

    def rows(self, query: str, *values: Any, shop: bool = False) -> list[tuple[Any, ...]]:
        """Read rows of the gateway's database, or of the shop's."""
        path = self.settings.var / "shop.db" if shop else self.settings.var / "warmline.db"
        with sqlite3.connect(path, timeout=10) as connection:
            return connection.execute(query, values).fetchall()

    def close(self) -> None:
        """End everything that was started."""
        for process in self._processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self._processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _plan(self, name: str) -> ProcessPlan:
        return next(plan for plan in process_plans(self.settings) if plan.name == name)


class WebVisitor:
    """A visitor of the website channel who reads the whole story each time, for tests that are not about streaming."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        # Each from an address of their own, as visitors are: together they would be one that asks for many persons.
        here = f"127.0.1.{next(_VISITORS) % 250 + 1}"
        self.client = httpx.Client(
            base_url=installation.url,
            transport=httpx.HTTPTransport(local_address=here),
            trust_env=False,
            timeout=30.0,
        )
        opened = self.client.post("/api/web/conversations", json={"locale": "en"}).raise_for_status().json()
        self.conversation_id: str = opened["conversation_id"]
        self.headers = {"Authorization": f"Bearer {opened['token']}"}
        self._client_seq = 0

    def say(self, text: str) -> int:
        """Send a message; gives its number."""
        return self._post({"text": text})

    def press(self, title: str) -> int:
        """Press the newest button whose title starts so."""
        for message in reversed(self.story()):
            for choice in message.get("choices") or []:
                if choice["title"].startswith(title):
                    return self._post({"choice": choice["token"]})
        raise AssertionError(f"no button {title!r} in {self.story()}")

    def _post(self, body: dict[str, Any]) -> int:
        self._client_seq += 1
        path = f"/api/web/conversations/{self.conversation_id}/messages"
        answer = self.client.post(path, json={"client_seq": self._client_seq, **body}, headers=self.headers)
        return int(answer.raise_for_status().json()["seq"])

    def story(self) -> list[dict[str, Any]]:
        """All messages and states so far: the event stream from its beginning to what the database holds now."""
        [(newest,)] = self.installation.rows(
            "SELECT coalesce(max(seq), 0) FROM entries WHERE conversation_id = ? AND visible_to_customer",
            self.conversation_id,
        )
        events: list[dict[str, Any]] = []
        if newest == 0:
            return events
        path = f"/api/web/conversations/{self.conversation_id}/events"
        name = ""
        with self.client.stream("GET", path, params={"after": 0}, headers=self.headers) as stream:
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    name = line.removeprefix("event:").strip()
                elif line.startswith("data:") and name in ("message", "state"):
                    events.append({"event": name, **json.loads(line.removeprefix("data:"))})
                    if events[-1]["seq"] >= newest:
                        break
        return events

    def messages_after(self, seq: int) -> list[dict[str, Any]]:
        """What was said to the customer after a number."""
        return [m for m in self.story() if m["event"] == "message" and m["seq"] > seq and m["author"] != "customer"]

    def answer_to(self, seq: int, within: float = LONGEST_ANSWER, author: str = "bot") -> list[dict[str, Any]]:
        """Wait until something was said to the customer after a number; gives all of it."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            answers = [message for message in self.messages_after(seq) if message["author"] == author]
            if answers:
                return answers
            time.sleep(0.2)
        raise AssertionError(f"no {author} answer to {seq} within {within} s: {self.story()}")

    def close(self) -> None:
        """Hang up."""
        self.client.close()


def environment_without_ours() -> dict[str, str]:
    """The environment without Warmline's variables, for commands that must find their own way."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WARMLINE_")}
