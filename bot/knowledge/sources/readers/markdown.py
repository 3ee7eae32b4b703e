"""Markdown with front matter: the format in which articles are best kept."""

from __future__ import annotations

import re
from pathlib import Path

from bot.errors import ContentError, Place
from bot.knowledge.sources.fields import WrittenFields, read_fields
from bot.knowledge.sources.readers.characters import folded
from bot.knowledge.sources.readers.document import Document, Mark
from bot.knowledge.sources.readers.hidden import shown

_FENCE = "---"
_LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:[ \t][^)]*)?\)")


def read_markdown(path: Path, text: str) -> tuple[WrittenFields, Document]:
    """Return the fields and the body, each line of which is a mark."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise ContentError(Place(path, 1), "it has no front matter.", f"Start the file with a line {_FENCE!r}.")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            fields = read_fields(path, "\n".join(lines[1:number]), first_line=2)
            first = number + 2
            body = shown(path, folded("\n".join(lines[number + 1 :])), first)
            return fields, Document("", body, _lines(body.split("\n"), first), _links(body))
    raise ContentError(Place(path, 1), "its front matter does not end.", f"Close it with a line {_FENCE!r}.")


def _lines(lines: list[str], first: int) -> tuple[Mark, ...]:
    marks, start = [], 0
    for number, line in enumerate(lines, start=first):
        marks.append(Mark(start, f"line {number}"))
        start += len(line) + 1
    return tuple(marks)


def _links(body: str) -> tuple[str, ...]:
    return tuple(found.group(1) for found in _LINK.finditer(body))
