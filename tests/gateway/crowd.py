"""A crowd of hostile clients on raw sockets, and how much of a gateway process it takes."""

from __future__ import annotations

import asyncio
import os
import resource
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.gateway.serving import PATIENCE

# So many connections are tried at once: more would measure the listener's backlog.
AT_ONCE = 50


@dataclass
class Client:
    """One open connection; what the gateway said on it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    said: bytes = b""

    @property
    def status(self) -> int:
        """The answer's status, 0 without one."""
        return int(self.said.split(b" ", 2)[1]) if self.said.startswith(b"HTTP/1.1 ") else 0

    async def hear_first(self) -> int:
        """Wait for the beginning of the answer; 0 when the connection ends without one."""
        with suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                self.said += await self.reader.read(4096)
        return self.status

    async def hear_end(self) -> int:
        """Wait until the gateway ends the connection; answers the status that it gave before."""
        with suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                while more := await self.reader.read(65536):
                    self.said += more
        return self.status


@dataclass
class Crowd:
    """All clients of a test; leaving the block ends them."""

    port: int
    clients: list[Client] = field(default_factory=list)

    async def __aenter__(self) -> Crowd:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self.clients:
            client.writer.transport.abort()
        await asyncio.sleep(0)

    async def join(self, number: int, send: bytes, networks: int = 1) -> list[Client]:
        """Connect so many clients, spread over so many addresses, and let each send the same bytes."""
        joined: list[Client] = []
        for start in range(0, number, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, number))
            joined += await asyncio.gather(*(self._one(send, f"127.0.1.{1 + one % networks}") for one in numbers))
        return joined

    async def _one(self, send: bytes, address: str) -> Client:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0))
        client = Client(reader, writer)
        self.clients.append(client)
        writer.write(send)
        with suppress(ConnectionError):
            await writer.drain()
        return client


def allow_open_files(number: int) -> None:
    """Let the test process hold so many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))


def resident_bytes(pid: int) -> int:
    """How much memory a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no such process")


def sockets(pid: int) -> int:
    """How many sockets a process holds."""
    count = 0
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            count += os.readlink(entry).startswith("socket:")
    return count


async def at_most_sockets(pid: int, number: int) -> None:
    """Wait until a process holds no more sockets than this."""
    async with asyncio.timeout(PATIENCE):
        while sockets(pid) > number:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.05)
