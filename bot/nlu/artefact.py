"""Built folders: written whole or not at all, and recognised when they are damaged."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import ArtefactError

_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``target`` when the block ends well, and vanishes when it fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield fresh
        fresh.chmod(0o755)  # mkdtemp's 0700 would hide the artefact from a service's own user
        _swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, target: Path) -> None:
    """Rename ``fresh`` to ``target``; what stood there survives until the new one is in place."""
    if not target.exists():
        fresh.rename(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    try:
        target.rename(aside / "old")
        try:
            fresh.rename(target)
        except OSError:
            (aside / "old").rename(target)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write one file so that a reader sees the old content or the new, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file in a form that is the same for the same content."""
    write_bytes(path, (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())


def read_json(path: Path, schema: str, command: str) -> dict[str, Any]:
    """Read a JSON object whose ``schema`` is the one given; anything else is an :class:`ArtefactError`."""
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ArtefactError(path, "it is missing.", command) from error
    except (OSError, ValueError) as error:
        raise ArtefactError(path, f"it cannot be read ({error}).", command) from error
    found = content.get("schema") if isinstance(content, dict) else None
    if found != schema:
        raise ArtefactError(path, f"it holds {found!r} where {schema!r} is needed.", command)
    return dict(content)


def checksums(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Return the SHA-256 of each named file of a folder."""
    return {name: sha256_of(folder / name) for name in names}


def verify(folder: Path, expected: Mapping[str, str], command: str) -> None:
    """Raise :class:`ArtefactError` when a file of a built folder is missing or not the one that was written."""
    for name, digest in expected.items():
        path = folder / name
        if not path.is_file():
            raise ArtefactError(path, "it is missing.", command)
        if sha256_of(path) != digest:
            raise ArtefactError(path, "it is damaged: its checksum is not the one noted when it was built.", command)
