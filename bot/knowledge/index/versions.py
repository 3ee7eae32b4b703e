"""Versions: an index is written beside the one in use, and one small file says which is current.

A crash at any point leaves the old version whole and current: the new one counts only from the moment at which the
manifest is replaced, which the file system does at once or not at all. A reader that is busy with the old version can
finish: the version before the current one is kept.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.errors import ArtefactError
from bot.nlu import artefact

SCHEMA = "knowledge-index/4"
MANIFEST = "manifest.json"
_VERSIONS = "versions"
_LOCK = ".lock"
# A version is published twice while it is being read only by someone who publishes all the time.
_TRIES = 5

Read = TypeVar("Read")


@dataclass(frozen=True)
class Current:
    """Which version is current, and what it must be made of."""

    fingerprint: str
    encoder: str
    version: str
    """The name of its folder."""
    files: dict[str, str]
    """SHA-256 by file name."""

    @classmethod
    def of(cls, folder: Path, command: str) -> Current:
        """Read the manifest; :class:`ArtefactError` when it is missing or not one of ours."""
        path = folder / MANIFEST
        content = artefact.read_json(path, SCHEMA, command)
        try:
            return cls(
                str(content["fingerprint"]), str(content["encoder"]), str(content["version"]), dict(content["files"])
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ArtefactError(path, f"it is damaged ({error!r}).", command) from error


@contextmanager
def published(folder: Path, fingerprint: str, encoder: str) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well, what it holds becomes the current version."""
    shelf = folder / _VERSIONS
    shelf.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=shelf))
        try:
            yield fresh
            names = sorted(path.name for path in fresh.iterdir())
            for name in names:
                _to_disk(fresh / name)
            fresh.chmod(0o755)  # mkdtemp's 0700 would hide it from a service's own user
            place = shelf / f"{fingerprint}-{fresh.name.removeprefix('.new-')}"
            fresh.rename(place)
            _to_disk(shelf)
            before = _current_version(folder)
            artefact.write_json(
                folder / MANIFEST,
                {
                    "schema": SCHEMA,
                    "fingerprint": fingerprint,
                    "encoder": encoder,
                    "version": place.name,
                    "files": artefact.checksums(place, names),
                },
            )
            _to_disk(folder)
            _tidy(folder, {place.name, before})
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def read(folder: Path, encoder_fingerprint: str, command: str, reader: Callable[[Path, Current], Read]) -> Read:
    """Return what ``reader`` makes of the current version; a version that is replaced meanwhile is no error."""
    for left in reversed(range(_TRIES)):
        current = Current.of(folder, command)
        if current.encoder != encoder_fingerprint:
            raise ArtefactError(
                folder,
                f"it was built with the encoder {current.encoder}, and {encoder_fingerprint} is in use.",
                command,
            )
        try:
            return reader(folder / _VERSIONS / current.version, current)
        except ArtefactError:
            if not left or Current.of(folder, command).version == current.version:
                raise
    raise AssertionError("the last try returns or raises")


def _current_version(folder: Path) -> str:
    try:
        return Current.of(folder, "").version
    except ArtefactError:
        return ""


def _tidy(folder: Path, kept: set[str]) -> None:
    """Take away versions that nobody reads any more, what a crash left, and files of older layouts."""
    for path in (folder / _VERSIONS).iterdir():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.iterdir():
        if path.is_file() and path.name not in (MANIFEST, _LOCK):
            path.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process publish at a time; the lock goes with the process."""
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _to_disk(path: Path) -> None:
    """Have a file or a folder written to the disk: a name must not arrive there before what it names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
