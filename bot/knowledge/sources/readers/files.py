"""The files of a folder, and their content in bounded memory: limits before reading, no way out of the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from bot.errors import ContentError, Place


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file and every link below a folder, by path; hidden ones are left out, links are not followed."""
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in sorted([*names, *links]):
            if not name.startswith((".", "~$")):  # Word keeps a file beside each that is open
                yield Path(parent) / name


def bytes_of(path: Path, most: int) -> bytes:
    """Return a regular file's content; a longer one, or one that leads elsewhere, is a :class:`ContentError`.

    The size is looked at before anything is read, and no more than ``most`` bytes are read whatever it said.
    """
    try:
        # O_NOFOLLOW: a link put in its place a moment ago is not followed. O_NONBLOCK: a pipe does not keep us waiting.
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if path.is_symlink():
            raise leads_elsewhere(path) from error
        raise ContentError(Place(path), f"it cannot be read ({error.strerror}).", "Check its permissions.") from error
    with os.fdopen(number, "rb") as file:
        if not os.path.isfile(number):
            raise ContentError(Place(path), "it is not a file.", "Remove it from the folder.")
        size = os.fstat(number).st_size
        if size > most:
            raise too_long(path, size, most)
        content = file.read(most + 1)
    if len(content) > most:
        raise too_long(path, len(content), most)
    return content


def leads_elsewhere(path: Path) -> ContentError:
    """Return the error for a symbolic link."""
    return ContentError(
        Place(path), "it is a symbolic link, which may lead out of the folder.", "Put the file itself there."
    )


def too_long(path: Path, size: int, most: int) -> ContentError:
    """Return the error for a file of ``size`` bytes where ``most`` are allowed."""
    return ContentError(Place(path), f"it has {size:,} bytes, {most:,} at most.", "Split it into several articles.")


def text_of(path: Path, most: int) -> str:
    """Return a UTF-8 file's text, lines ending with a line feed; another encoding is named in the error."""
    content = bytes_of(path, most)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        guess = _encoding_of(content)
        seems = f" and seems to be {guess}" if guess else ""
        raise ContentError(
            Place(path, line), f"it is not UTF-8{seems}.", "Save the file with the encoding UTF-8."
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ContentError(Place(path, line), "it holds a null character.", "Save it as plain text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


# Enough for a guess; more takes time that grows with the text.
_LOOKED_AT = 16 * 1024


def _encoding_of(content: bytes) -> str | None:
    guess = from_bytes(content[:_LOOKED_AT]).best()
    return guess.encoding.replace("_", "-") if guess and guess.encoding not in ("ascii", "utf_8") else None
