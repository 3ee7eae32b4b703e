"""The living index: always the current version, taken in without a restart and without a pause."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from bot.errors import WarmlineError
from bot.knowledge.index import versions
from bot.knowledge.index.index import KnowledgeIndex

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5
"""Seconds between two looks at the disk: an editor who builds and then asks finds the new articles."""


class LivingIndex:
    """Gives out one whole index at a time; a new version is read beside it and then takes its place.

    Who asks keeps what he got until his question is answered: no question sees two versions. A version that cannot be
    read is said in the log, and the one in use stays.
    """

    def __init__(self, folder: Path, encoder_fingerprint: str) -> None:
        self._folder = folder
        self._encoder = encoder_fingerprint
        self._seen = self._state()
        self._index = KnowledgeIndex.load(folder, encoder_fingerprint)
        self._reading = threading.Lock()

    def current(self) -> KnowledgeIndex:
        """Return the index in use; where a newer one stands on the disk, have it read in the background."""
        state = self._state()
        if state != self._seen and self._reading.acquire(blocking=False):
            threading.Thread(target=self._read, args=(state,), name="knowledge-index", daemon=True).start()
        return self._index

    def watch(self, every: float = LOOK_EVERY) -> None:
        """Look at the disk from now on, in a thread of its own that ends with the process.

        Without it the first question after a build would only set the reading going, and be answered from the old
        version.
        """
        threading.Thread(target=self._watch, args=(every,), name="knowledge-watch", daemon=True).start()

    def _watch(self, every: float) -> None:
        pause = threading.Event()
        while not pause.wait(every):
            self.refresh()

    def refresh(self) -> KnowledgeIndex:
        """Return the current version, reading it first where it is newer: for commands, which can wait."""
        state = self._state()
        if state != self._seen:
            with self._reading:
                self._take(state)
        return self._index

    def _read(self, state: tuple[int, ...]) -> None:
        try:
            self._take(state)
        finally:
            self._reading.release()

    def _take(self, state: tuple[int, ...]) -> None:
        try:
            # One assignment: whoever asks meanwhile gets the old one or the new one.
            self._index = KnowledgeIndex.load(self._folder, self._encoder)
            logger.info("The knowledge index %s is in use now.", self._index.fingerprint)
        except WarmlineError as error:
            logger.error("A new knowledge index was not taken, the old one stays in use: %s", error)
        # Also after a failure: a broken version is read once, not with every question.
        self._seen = state

    def _state(self) -> tuple[int, ...]:
        try:
            found = os.stat(self._folder / versions.MANIFEST)
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_ino, found.st_size
