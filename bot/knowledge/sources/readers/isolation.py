"""Reading foreign formats in a process of their own, which is ended when a file takes too long or too much."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import bot
from bot.errors import ContentError, Place
from bot.knowledge.sources.readers.document import Document, Mark

_COMMAND = ("-m", "bot.knowledge.sources.readers.worker")
# The process limits its own computing time to 60 s; this is for one that waits for something.
_PATIENCE = 90.0
# Twelve bytes of JSON for each character of the longest body, and as much for marks and links.
_LONGEST_ANSWER = 16 * 1024 * 1024


class IsolatedReader:
    """Starts its process with the first file, and another one after a file that broke it; a context manager."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(self, path: Path, form: str) -> Document:
        """Read a file of a format (``html``, ``docx`` or ``pdf``); :class:`ContentError` says why it cannot be read."""
        process = self._started()
        try:
            process.stdin.write(json.dumps({"path": str(path), "format": form}).encode() + b"\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            line = self._line(process)
        except (BrokenPipeError, TimeoutError) as error:
            self._end()
            raise ContentError(
                Place(path), "reading it takes too long or too much memory.", "Split it, or save it in a simpler form."
            ) from error
        answer = json.loads(line)
        if "error" in answer:
            number, what, remedy = answer["error"]
            raise ContentError(Place(path, number), what, remedy)
        marks = tuple(Mark(start, _clean(name)) for start, name in answer["marks"])
        return Document(_clean(answer["title"]), _clean(answer["body"]), marks, tuple(map(_clean, answer["links"])))

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            # Nothing of our environment but where Python finds us: no secret can leak from what reads a hostile file.
            paths = [str(Path(bot.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, *_COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"},
            )
        return self._process

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        pipe = process.stdout
        assert pipe is not None
        deadline = time.monotonic() + _PATIENCE
        read = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while not read.endswith(b"\n"):
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise TimeoutError
                piece = os.read(pipe.fileno(), 1 << 16)
                if not piece or len(read) > _LONGEST_ANSWER:
                    raise BrokenPipeError
                read += piece
        return bytes(read)

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self._process = None


def _clean(text: str) -> str:
    """Leave out what no text holds: half characters, and control characters that a terminal would obey."""
    kept = text.encode("utf-8", "ignore").decode("utf-8")
    return "".join(letter for letter in kept if letter in "\n\t" or not _is_control(letter))


def _is_control(letter: str) -> bool:
    return ord(letter) < 32 or 127 <= ord(letter) < 160
