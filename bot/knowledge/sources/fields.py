"""An article's fields: what each must look like, and a sentence with file and line for one that does not."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import yaml

from bot.errors import ContentError, Place
from bot.untrusted.addresses import may_be_shown

PUBLIC = "public"
INTERNAL = "internal"
"""Reserved audiences: everyone, and the company's own people only. Every other word names a segment of customers."""

NAMES = ("id", "title", "audience", "language", "updated", "review_by", "url", "products")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AUDIENCE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")


@dataclass(frozen=True)
class Fields:
    """All that is said about an article beside its text."""

    id: str
    title: str
    audience: tuple[str, ...]
    language: str
    updated: date
    review_by: date
    url: str
    products: tuple[str, ...]


@dataclass(frozen=True)
class WrittenFields:
    """Fields as somebody wrote them: values by name, and the line on which each stands in ``path``."""

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def with_defaults(self, **values: str) -> WrittenFields:
        """Return the same fields, and these where they were left out; an empty value is no default."""
        given = {name: value for name, value in values.items() if value}
        return WrittenFields(self.path, {**given, **self.values}, self.lines)

    def checked(self) -> Fields:
        """Return the fields; the first wrong one is a :class:`ContentError`."""
        check = _Check(self)
        fields = Fields(
            id=check.matching("id", _ID, "Use small letters, digits and hyphens, such as store-hours."),
            title=check.text("title"),
            audience=check.names("audience", least=1),
            language=check.matching("language", _LANGUAGE, "Write a language such as en or en-GB."),
            updated=check.day("updated"),
            review_by=check.day("review_by"),
            url=check.address("url"),
            products=check.names("products", least=0),
        )
        if fields.review_by < fields.updated:
            check.fail("review_by", "it lies before `updated`.", "Set the day by which somebody must read it again.")
        if INTERNAL in fields.audience and len(set(fields.audience)) > 1:
            others = " and ".join(name for name in dict.fromkeys(fields.audience) if name != INTERNAL)
            check.fail(
                "audience", f"an article cannot be {others} and internal.", "Keep one side: customers or colleagues."
            )
        for name in fields.audience:
            if not is_audience(name):
                check.fail("audience", f"{name!r} is not allowed.", "Use small letters, digits and hyphens.")
        return fields


def is_audience(name: str) -> bool:
    """Tell whether a word can name an audience."""
    return _AUDIENCE.fullmatch(name) is not None


def read_fields(path: Path, head: str, first_line: int) -> WrittenFields:
    """Parse fields written as YAML; the text of ``head`` starts on ``first_line`` of the file."""
    try:
        node = yaml.compose(head, Loader=yaml.SafeLoader)
        values = yaml.safe_load(head)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + first_line if mark else 1
        raise ContentError(
            Place(path, line), f"the front matter is not YAML ({error.problem}).", "Check colons, quotes and indents."
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContentError(Place(path, 1), f"the front matter is not YAML ({error}).", "Correct it.") from error
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        raise ContentError(Place(path, first_line), "the front matter holds no fields.", f"Write {', '.join(NAMES)}.")
    lines: dict[str, int] = {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + first_line
        if name in lines:
            raise ContentError(Place(path, line), f"`{name}` appears twice.", "Keep one of the two.")
        if name not in NAMES:
            raise ContentError(
                Place(path, line), f"`{name}` is not a field of an article.", f"The fields are {', '.join(NAMES)}."
            )
        lines[name] = line
    return WrittenFields(path, {str(name): value for name, value in values.items()}, lines)


class _Check:
    """Takes fields one by one and says where a wrong one stands."""

    def __init__(self, written: WrittenFields) -> None:
        self._written = written

    def fail(self, name: str, what: str, remedy: str) -> NoReturn:
        place = Place(self._written.path, self._written.lines.get(name, 1))
        raise ContentError(place, f"`{name}`: {what}", remedy)

    def _given(self, name: str) -> Any:
        if name not in self._written.values:
            raise ContentError(Place(self._written.path, 1), f"`{name}` is missing.", "Add it to the article's fields.")
        return self._written.values[name]

    def text(self, name: str) -> str:
        value = self._given(name)
        if not isinstance(value, str) or not value.strip():
            self.fail(name, f"{value!r} is not text.", "Write a text, in quotes if it looks like something else.")
        return value.strip()

    def matching(self, name: str, pattern: re.Pattern[str], remedy: str) -> str:
        value = self.text(name)
        if not pattern.fullmatch(value):
            self.fail(name, f"{value!r} is not allowed.", remedy)
        return value

    def address(self, name: str) -> str:
        value = self.text(name)
        if not may_be_shown(value):
            self.fail(name, f"{value!r} is not allowed.", "Write a whole address (https://…) or a path (/help/…).")
        return value

    def day(self, name: str) -> date:
        value = self._given(name)
        if isinstance(value, datetime.datetime) or not isinstance(value, date):
            self.fail(name, f"{value!s} is not a date.", "Write it as 2026-11-22, without quotes.")
        return value

    def names(self, name: str, least: int) -> tuple[str, ...]:
        value = self._given(name)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.fail(name, f"{value!r} is not a list of words.", f"Write it as {name}: [one, two].")
        if len(value) < least:
            self.fail(name, "the list is empty.", f"Name one or more, such as {name}: [{PUBLIC}].")
        return tuple(item.strip() for item in value)
