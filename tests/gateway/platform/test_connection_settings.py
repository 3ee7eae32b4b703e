"""``connections`` and ``trusted_proxies`` in channels.yml, and how many connections the system leaves room for."""

from __future__ import annotations

import dataclasses
import logging
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.gateway.channels.opening import OpenChannels, load_channels
from bot.gateway.platform.connection_settings import Connections
from bot.gateway.platform.open_files import RESERVE, connections_that_fit

PROJECT = Path(__file__).parents[3]


def _load(tmp_path: Path, text: str) -> OpenChannels:
    path = tmp_path / "channels.yml"
    path.write_text(text, encoding="utf-8")
    return load_channels(path)


def test_the_projects_own_file_and_an_empty_one_say_the_defaults(tmp_path: Path) -> None:
    """The file shows what holds without it, and no proxy is trusted unless it is named."""
    for channels in (load_channels(PROJECT / "channels.yml"), _load(tmp_path, "")):
        assert channels.connections == Connections()
        assert not channels.trusted_proxies


def test_every_setting_is_read(tmp_path: Path) -> None:
    """Each by its own name."""
    wanted = Connections(500, 100, 8192, 3, 4, 6, 7, 2, 20, 9)
    lines = "".join(f"  {name}: {value}\n" for name, value in dataclasses.asdict(wanted).items())
    channels = _load(tmp_path, "connections:\n" + lines + "trusted_proxies: [127.0.0.1, '2001:db8::/32']\n")
    assert channels.connections == wanted
    assert [str(network) for network in channels.trusted_proxies.networks] == ["127.0.0.1/32", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("line", "says", "text"),
    [
        (2, "a whole number from 10 to 100000", "connections:\n  at_once: 0\n"),
        (2, "a whole number from 10", "connections:\n  at_once: many\n"),
        (2, "a whole number from 4096", "connections:\n  header_bytes: 100\n"),
        (3, "a whole number from 1 to 120", "connections:\n  at_once: 500\n  header_seconds: 1000\n"),
        (2, "a whole number from 1", "connections:\n  header_seconds: 0.5\n"),
        (2, "a whole number from 1", "connections:\n  streams_per_conversation: 0\n"),
        (2, "no setting 'header_size'", "connections:\n  header_size: 4096\n"),
        (3, "one address could take", "connections:\n  at_once: 50\n  per_address: 50\n"),
        (2, "one address could take", "connections:\n  at_once: 200\n"),
        (2, "no connection for its messages", "connections:\n  streams_per_address: 200\n"),
        (1, "addresses and networks", "trusted_proxies: [localhost]\n"),
        (3, "addresses and networks", "trusted_proxies:\n  - 10.0.0.1\n  - 10.0.0.1/8\n"),
        (1, "not every address", "trusted_proxies: [0.0.0.0/0]\n"),
        (1, "must be a list", "trusted_proxies: 127.0.0.1\n"),
    ],
)
def test_a_senseless_value_is_refused_with_its_line(tmp_path: Path, line: int, says: str, text: str) -> None:
    """At the start, before anybody is served by it."""
    with pytest.raises(SettingError) as caught:
        _load(tmp_path, text)
    assert f"channels.yml:{line}:" in str(caught.value)
    assert says in str(caught.value)


class System:
    """A system's limit on open files; one that cannot be changed refuses like the real one."""

    def __init__(self, soft: int, hard: int, *, fixed: bool = False) -> None:
        self.limits = (soft, hard)
        self._fixed = fixed

    def change(self, limits: tuple[int, int]) -> None:
        if self._fixed:
            raise OSError("not permitted")
        self.limits = limits


@pytest.mark.parametrize(
    ("soft", "hard", "fixed", "room", "left"),
    [
        (4096, 4096, False, 2000, 4096),
        (1024, 524_288, False, 2000, 524_288),
        (1024, resource.RLIM_INFINITY, False, 2000, 2000 + RESERVE),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, False, 2000, resource.RLIM_INFINITY),
        (1024, 1024, False, 1024 - RESERVE, 1024),
        (256, 512, False, 256, 512),
        (1024, 4096, True, 1024 - RESERVE, 1024),
    ],
)
def test_as_many_connections_are_kept_as_files_may_be_open(
    caplog: pytest.LogCaptureFixture, soft: int, hard: int, fixed: bool, room: int, left: int
) -> None:
    """The limit is raised where that is allowed; else fewer connections, and a sentence that says what to set."""
    system = System(soft, hard, fixed=fixed)
    with caplog.at_level(logging.WARNING):
        assert connections_that_fit(2000, lambda: system.limits, system.change) == room
    assert system.limits[0] == left
    assert any(f"Raise the limit to {2000 + RESERVE}" in line for line in caplog.messages) is (room < 2000)


def test_the_real_limit_is_raised() -> None:
    """In a process that starts with few, as a shell's children do."""
    program = (
        "import resource; from bot.gateway.platform.open_files import connections_that_fit;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, 1024));"
        "print(connections_that_fit(500), connections_that_fit(2000), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["500", str(1024 - RESERVE), "1024"]
