"""Logs rotate (X20): bounded, whole lines, none lost, and a full disk stops nobody."""

from __future__ import annotations

import asyncio
import os
import resource
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.log_files import RotatingLog, whole_lines
from bot.processes import ProcessPlan, Supervisor, free_port


def _files(log: Path) -> list[Path]:
    """Oldest first."""
    found = log.parent.glob(f"{log.name}*")
    return sorted(found, key=lambda path: int(path.suffix[1:]) if path.suffix[1:].isdigit() else 0, reverse=True)


def _read(log: Path) -> bytes:
    return b"".join(path.read_bytes() for path in _files(log))


@contextmanager
def _files_cannot_grow_over(size: int) -> Iterator[None]:
    """What a full disk does: a write takes part of the bytes, and the next one none."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@given(st.lists(st.binary(max_size=40)), st.integers(1, 12), st.data())
def test_a_stream_is_cut_into_its_lines_however_it_arrives(
    lines: list[bytes], longest: int, data: st.DataObject
) -> None:
    """The same lines for all ways to cut it into chunks; a long one is shortened and says by how much."""
    stream = b"\n".join(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    found = list(whole_lines(chunks, longest))
    wanted = stream.split(b"\n")
    wanted = wanted if wanted[-1] else wanted[:-1]
    assert found == [
        line[:longest] + (b" [%d more bytes]" % (len(line) - longest) if len(line) > longest else b"") + b"\n"
        for line in wanted
    ]


@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"") + b"\n"), max_size=60))
def test_x20_no_line_is_lost_or_split_and_no_file_grows_too_large(lines: list[bytes]) -> None:
    """With room for all of them: what stands in the files, oldest first, is what was written."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        log = RotatingLog(Path(folder) / "some.log", largest=64, kept=1000)
        for line in lines:
            log.write(line)
        files = _files(log.path)
        assert _read(log.path) == b"".join(lines)
        assert all(file.stat().st_size <= 64 and file.read_bytes().endswith(b"\n") for file in files)


def test_x20_only_so_many_older_files_are_kept_and_they_are_the_youngest(tmp_path: Path) -> None:
    """Bounded in all; readable by their owner alone."""
    log = RotatingLog(tmp_path / "logs" / "some.log", largest=100, kept=2)
    for number in range(1000):
        log.write(b"line %d\n" % number)
    assert [path.name for path in _files(log.path)] == ["some.log.2", "some.log.1", "some.log"]
    kept = _read(log.path).splitlines()
    assert kept == [b"line %d" % number for number in range(1000 - len(kept), 1000)]
    assert len(kept) > 20
    assert {stat.S_IMODE(path.stat().st_mode) for path in _files(log.path)} == {0o600}
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_x20_fewer_files_than_before_leave_none_behind(tmp_path: Path) -> None:
    """A smaller WARMLINE_LOG_FILES frees the disk; what is no log of this process stays."""
    for name in ("some.log.1", "some.log.2", "some.log.3", "some.log.notes", "other.log.3"):
        (tmp_path / name).write_text(name)
        (tmp_path / name).chmod(0o644)
    RotatingLog(tmp_path / "some.log", largest=100, kept=1).write(b"line\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "other.log.3",
        "some.log",
        "some.log.1",
        "some.log.notes",
    ]
    assert stat.S_IMODE((tmp_path / "some.log.1").stat().st_mode) == 0o600


def test_x20_without_older_files_the_one_begins_again(tmp_path: Path) -> None:
    """WARMLINE_LOG_FILES=0."""
    log = RotatingLog(tmp_path / "some.log", largest=20, kept=0)
    for number in range(5):
        log.write(b"line %d....\n" % number)
    assert [path.name for path in _files(log.path)] == ["some.log"]
    assert log.path.read_bytes() == b"line 4....\n"


def test_x20_lines_that_a_full_disk_refused_are_counted_when_it_has_room_again(tmp_path: Path) -> None:
    """Nothing raises; half a line stays half a line and runs into no other one."""
    log = RotatingLog(tmp_path / "some.log", largest=10_000, kept=1)
    log.write(b"before\n")
    with _files_cannot_grow_over(10):
        for number in range(3):
            log.write(b"lost %d\n" % number)
    log.write(b"after\n")
    assert log.path.read_bytes() == b"before\nlos\n[3 lines are missing here: File too large]\nafter\n"


def test_a_log_that_somebody_removed_is_begun_anew(tmp_path: Path) -> None:
    """Else the disk would fill with a file that nobody sees."""
    log = RotatingLog(tmp_path / "some.log", largest=10_000, kept=1)
    log.write(b"before\n")
    log.path.unlink()
    log.write(b"after\n")
    assert log.path.read_bytes() == b"after\n"


def _talker(folder: Path, script: str) -> ProcessPlan:
    port = free_port()
    return ProcessPlan(
        name="talker",
        command=(sys.executable, "-c", script, str(port)),
        environment=dict(os.environ),
        ready_url=f"http://127.0.0.1:{port}/",
        ready_headers={},
        log=folder / "logs" / "talker.log",
        folder=folder,
        log_bytes=50_000,
        log_files=100,
    )


async def test_x20_all_that_a_process_writes_is_in_its_files_to_the_last_line(tmp_path: Path) -> None:
    """More than a pipe holds, a line without an end, and what it says when it is asked to end."""
    script = """
import http.server, signal, sys
for number in range(30000): print("line", number)
print("x" * 100_000)
def end(*_):
    sys.stderr.write("the very last words")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.send_response(200); self.end_headers()
    def log_message(self, *arguments): pass
sys.stdout.flush()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
    plan = _talker(tmp_path, script)
    supervisor = Supervisor((plan,), lambda sentence: None)
    running = asyncio.create_task(supervisor.run())
    await supervisor.ready("talker")
    supervisor.stop()
    await running
    lines = _read(plan.log).splitlines()
    assert lines[:30_000] == [b"line %d" % number for number in range(30_000)]
    assert lines[30_000].startswith(b"x" * 1000)
    assert lines[30_000].endswith(b"more bytes]")
    assert lines[30_001:] == [b"the very last words"]
    assert all(file.stat().st_size <= 50_000 for file in _files(plan.log))


async def test_x20_a_process_goes_on_when_its_log_takes_nothing(tmp_path: Path) -> None:
    """A folder stands where the log should be: no line can be written, and the process is ready all the same."""
    script = """
import http.server, sys
for number in range(300000): print("line", number)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
    plan = _talker(tmp_path, script)
    plan.log.mkdir(parents=True)
    supervisor = Supervisor((plan,), lambda sentence: None)
    running = asyncio.create_task(supervisor.run())
    await supervisor.ready("talker")
    supervisor.stop()
    await running
    assert list(plan.log.iterdir()) == []
