"""CSV: a table of questions and answers, one article a row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from bot.errors import ContentError, Place
from bot.knowledge.sources.fields import NAMES, WrittenFields
from bot.knowledge.sources.readers.characters import folded
from bot.knowledge.sources.readers.document import Document, Mark
from bot.knowledge.sources.readers.files import text_of
from bot.knowledge.sources.readers.hidden import shown

MOST_BYTES = 8 * 1024 * 1024
_MOST_ROWS = 20_000
QUESTION, ANSWER = "question", "answer"
_COLUMNS = (QUESTION, ANSWER, *(name for name in NAMES if name != "title"))
_LISTS = ("audience", "products")
_DAYS = ("updated", "review_by")


def read_questions(path: Path, sidecar: WrittenFields) -> Iterator[tuple[WrittenFields, Document] | ContentError]:
    """Yield each row's fields and text, or why the row is rejected; what a row leaves out stands in the sidecar.

    Columns are ``question``, ``answer`` and any field of an article but the title, which is the question; several
    audiences or products are separated by semicolons. Commas, semicolons or tabs separate the columns.
    """
    text = text_of(path, MOST_BYTES)
    rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = [name.strip().casefold() for name in next(rows, [])]
        _check_header(path, header)
        line = rows.line_num + 1
        for number, row in enumerate(rows, start=2):
            if number > _MOST_ROWS:
                raise ContentError(Place(path, line), f"it has more than {_MOST_ROWS:,} rows.", "Split it.")
            if any(cell.strip() for cell in row):
                yield _row(path, header, row, number, line, sidecar)
            line = rows.line_num + 1
    except csv.Error as error:
        raise ContentError(Place(path, rows.line_num), f"it is not a table ({error}).", "Check the quotes.") from error


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _check_header(path: Path, header: list[str]) -> None:
    unknown = [name for name in header if name not in _COLUMNS]
    if unknown:
        what = f"`{unknown[0]}` is not a column of a table of questions."
        raise ContentError(Place(path, 1), what, f"The columns are {', '.join(_COLUMNS)}.")
    for name in (QUESTION, ANSWER):
        if header.count(name) != 1:
            raise ContentError(Place(path, 1), f"it has no column `{name}`.", "Name it in the first row.")
    if len(set(header)) < len(header):
        raise ContentError(Place(path, 1), "two columns have one name.", "Keep one of the two.")


def _row(
    path: Path, header: list[str], row: list[str], number: int, line: int, sidecar: WrittenFields
) -> tuple[WrittenFields, Document] | ContentError:
    if len(row) != len(header):
        return ContentError(
            Place(path, line), f"the row has {len(row)} cells, the first one {len(header)}.", "Check the quotes."
        )
    cells = {name: folded(cell).strip() for name, cell in zip(header, row, strict=True)}
    question, answer = cells.pop(QUESTION), cells.pop(ANSWER)
    if not question or not answer:
        return ContentError(Place(path, line), "the row lacks its question or its answer.", "Write it.")
    values: dict[str, Any] = {name: _value(name, cell) for name, cell in cells.items() if cell}
    values = {**sidecar.values, "id": slug(question), **values, "title": " ".join(question.split())}
    try:
        body = shown(path, answer.replace("\r\n", "\n").replace("\r", "\n"), line) + "\n"
    except ContentError as error:
        return error
    return WrittenFields(path, values, dict.fromkeys(values, line)), Document("", body, (Mark(0, f"row {number}"),))


def _value(name: str, cell: str) -> Any:
    if name in _LISTS:
        return [word.strip() for word in cell.split(";") if word.strip()]
    if name in _DAYS:
        try:
            return date.fromisoformat(cell)
        except ValueError:
            return cell  # the check of the fields says it
    return cell


_LONGEST_ID = 80
_NO_WORD = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Return an id made of a text's words, the same for the same text; empty where it has no Latin letters."""
    words = _NO_WORD.sub("-", text.casefold()).strip("-")
    return words if len(words) <= _LONGEST_ID else words[:_LONGEST_ID].rpartition("-")[0] or words[:_LONGEST_ID]
