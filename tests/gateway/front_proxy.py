"""nginx and HAProxy in front of a gateway, each with the very lines of docs/behind-a-proxy.md."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.gateway.postgres import free_port
from tests.gateway.serving import PATIENCE

PAGE = Path(__file__).parents[2] / "docs" / "behind-a-proxy.md"

_NGINX = """
{user}
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{lines}
}}
"""


def lines_of_the_page(language: str) -> str:
    """Read the block of one language."""
    (block,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return str(block)


def program(name: str) -> str:
    """Find a program; skip where it is missing, but never in CI."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found:
        return found
    told = f"{name} is not installed: apt-get install {name} to try the lines of the documentation."
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def _certificate(folder: Path) -> None:
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", str(folder / "chat.key"), "-out", str(folder / "chat.crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "chat.pem").write_bytes((folder / "chat.crt").read_bytes() + (folder / "chat.key").read_bytes())


def _filled(text: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        assert text.count(place) == 1, f"the page's lines do not hold {place!r} once"
        text = text.replace(place, value)
    return text


def _nginx(folder: Path, port: int, gateway: int) -> list[str]:
    lines = _filled(
        lines_of_the_page("nginx"),
        {
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "/etc/ssl/chat.example.org.pem": str(folder / "chat.crt"),
            "/etc/ssl/chat.example.org.key": str(folder / "chat.key"),
            "127.0.0.1:8080": f"127.0.0.1:{gateway}",
        },
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX.format(user=user, folder=folder, lines=lines), encoding="utf-8")
    return [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]


def _haproxy(folder: Path, port: int, gateway: int) -> list[str]:
    lines = _filled(
        lines_of_the_page("haproxy"),
        {
            "bind :443 ssl": f"bind 127.0.0.1:{port} ssl",
            "/etc/haproxy/chat.example.org.pem": str(folder / "chat.pem"),
            "127.0.0.1:8080": f"127.0.0.1:{gateway}",
        },
    )
    (folder / "haproxy.cfg").write_text(lines, encoding="utf-8")
    return [program("haproxy"), "-db", "-f", str(folder / "haproxy.cfg")]


@asynccontextmanager
async def front_proxy(kind: str, folder: Path, gateway: int) -> AsyncIterator[str]:
    """Run ``nginx`` or ``haproxy`` in front of the gateway on that port; gives the https address of the proxy."""
    port = free_port()
    command = {"nginx": _nginx, "haproxy": _haproxy}[kind](folder, port, gateway)
    _certificate(folder)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                except ConnectionError:
                    assert process.returncode is None, (await process.communicate())[0].decode()
                    await asyncio.sleep(0.02)
        yield f"https://localhost:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
