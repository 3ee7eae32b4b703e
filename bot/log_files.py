"""What a process writes, in files of bounded size and number; the process itself notices nothing of it.

The launcher reads a pipe and writes the files. A line is never split over two of them, and a disk that is full costs
lines, which are counted in the log, but stops nobody.
"""

from __future__ import annotations

import fcntl
import glob
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.private_files import narrow, open_private, private_folder

LONGEST_LINE = 16_384
"""Bytes of a line that are kept: the longest stack traces are many lines, and one that is longer is data."""

_CHUNK = 65_536
# A pipe holds this much (Linux's usual limit, /proc/sys/fs/pipe-max-size) while the launcher is held up.
_PIPE_BYTES = 1_048_576


def whole_lines(chunks: Iterable[bytes], longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """Cut a stream at its line ends; of a line that is longer than ``longest`` bytes the rest is counted only."""
    line, cut = b"", 0
    for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            line, cut = _joined(line, cut, part, longest)
            yield _finished(line, cut)
            line, cut = b"", 0
        line, cut = _joined(line, cut, rest, longest)
    if line:
        yield _finished(line, cut)


def _joined(line: bytes, cut: int, part: bytes, longest: int) -> tuple[bytes, int]:
    room = longest - len(line)
    return line + part[:room], cut + max(0, len(part) - room)


def _finished(line: bytes, cut: int) -> bytes:
    return line + (b" [%d more bytes]" % cut if cut else b"") + b"\n"


class RotatingLog:
    """One process's log: ``name.log`` and before it ``name.log.1`` (younger) to ``name.log.<kept>`` (older)."""

    def __init__(self, path: Path, largest: int, kept: int) -> None:
        """Bound each file to ``largest`` bytes, and the older files to ``kept``."""
        self.path = path
        self._largest = largest
        self._kept = kept
        self._writing = threading.Lock()
        self._copying: list[threading.Thread] = []
        self._file: int | None = None
        self._tidied = False
        self._torn = False
        self._lost = 0
        self._why = ""

    @contextmanager
    def for_process(self) -> Iterator[int]:
        """Give the descriptor that a process writes to; what it writes is copied until it has ended."""
        reading, writing = os.pipe()
        with suppress(OSError, AttributeError):  # a smaller pipe serves too
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)  # type: ignore[attr-defined, unused-ignore]
        copying = threading.Thread(target=self._copy, args=(reading,), name=f"log {self.path.name}", daemon=True)
        copying.start()
        self._copying = [thread for thread in self._copying if thread.is_alive()] + [copying]
        try:
            yield writing
        finally:
            os.close(writing)

    def finish(self, patience: float) -> None:
        """Wait until what ended processes wrote is in the file; ``patience`` seconds at most for all of it."""
        deadline = time.monotonic() + patience
        for copying in self._copying:
            copying.join(max(0.0, deadline - time.monotonic()))

    def write(self, line: bytes) -> None:
        """Append one line with its line end; one that cannot be written is counted, and the count said later."""
        with self._writing:
            try:
                if self._lost:
                    self._append(f"[{self._lost} lines are missing here: {self._why}]\n".encode())
                    self._lost = 0
                self._append(line)
            except OSError as error:
                self._lost += 1
                self._why = error.strerror or type(error).__name__
                self._close()

    def _copy(self, reading: int) -> None:
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            for line in whole_lines(iter(lambda: pipe.read(_CHUNK) or b"", b"")):
                self.write(line)

    def _append(self, line: bytes) -> None:
        file = self._file_with_room(len(line))
        left = memoryview(b"\n" + line if self._torn else line)
        while left:
            written = os.write(file, left)
            # Until its end is there, a line is torn: the next one must not stand behind its first half.
            self._torn = written < len(left)
            left = left[written:]

    def _file_with_room(self, size: int) -> int:
        file = self._open()
        found = os.fstat(file)
        if found.st_nlink == 0:  # somebody removed the file: begin a new one instead of filling the disk unseen
            self._close()
            file = self._open()
        elif found.st_size and found.st_size + size > self._largest:
            self._rotate()
            file = self._open()
        return file

    def _open(self) -> int:
        if self._file is None:
            private_folder(self.path.parent)
            self._file = open_private(self.path, os.O_WRONLY | os.O_APPEND)
            if not self._tidied:
                self._tidied = True
                self._tidy()
        return self._file

    def _tidy(self) -> None:
        """Remove what an earlier, larger setting kept; close to others what an earlier version left open."""
        for older in self.path.parent.glob(f"{glob.escape(self.path.name)}.*"):
            number = older.suffix[1:]
            if number.isascii() and number.isdigit():
                if int(number) > self._kept:
                    older.unlink(missing_ok=True)
                else:
                    narrow(older)

    def _rotate(self) -> None:
        self._close()
        if self._kept == 0:
            os.truncate(self.path, 0)
        for number in range(self._kept, 0, -1):
            with suppress(FileNotFoundError):
                os.replace(self._older(number - 1), self._older(number))
        self._torn = False

    def _older(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}") if number else self.path

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
