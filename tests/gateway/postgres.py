"""One private PostgreSQL for a test session: in a temporary folder, on a free port, and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUNNING = "WARMLINE_TEST_POSTGRES"
"""Names a server that runs already, as postgresql://user@host:port/postgres; its databases come and go."""


class NoPostgresError(Exception):
    """PostgreSQL is not installed here."""


def binaries() -> Path:
    """Find the newest PostgreSQL's programs: where Debian puts them, else on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    if found:
        return found[-1]
    if on_path:
        return Path(on_path).resolve().parent
    raise NoPostgresError(f"PostgreSQL is not installed: apt-get install postgresql, or set {RUNNING}.")


def free_port() -> int:
    """Find a port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Cluster:
    """A running server that can be stopped and started, as a failing one is."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        # PostgreSQL refuses to run as root; Debian's package made it a user of its own.
        self._user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        """Make the files of a new cluster."""
        if self._user:
            owner = pwd.getpwnam("postgres")
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._run(
            "initdb", "-D", str(self._folder / "data"), "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8"
        )

    def start(self) -> None:
        """Start the server and wait until it answers. Nothing here must survive a power cut, so nothing is synced."""
        settings = f"-c port={self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        speed = "-c fsync=off -c full_page_writes=off -c shared_buffers=32MB"
        log = str(self._folder / "log")
        self._run(
            "pg_ctl",
            "start",
            "-w",
            "-t",
            "60",
            "-D",
            str(self._folder / "data"),
            "-l",
            log,
            "-o",
            f"{settings} {speed}",
        )

    def stop(self) -> None:
        """Stop the server as a crash does, connections and all."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self._folder / "data"))

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*self._user, str(self._programs / program), *arguments],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program == "initdb" else subprocess.DEVNULL,
            timeout=120,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} ended with {done.returncode}: {(done.stdout or b'').decode()[-800:]}")


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """Run a cluster of one's own for as long as the block lasts."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="warmline-postgres-"))
    try:
        cluster = Cluster(folder, programs)
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            try:
                cluster.stop()
            except RuntimeError:
                if (folder / "data" / "postmaster.pid").exists():
                    raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
