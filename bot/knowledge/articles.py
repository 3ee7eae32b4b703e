"""Articles: Markdown files with front matter, read strictly, so that a slip is found before a customer finds it."""

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

PUBLIC = "public"
INTERNAL = "internal"
"""Reserved audiences: everyone, and the company's own people only."""

# Ten times what a reader reads to the end; longer ones are several articles.
_MOST_BYTES = 64 * 1024
_FENCE = "---"
_FIELDS = ("id", "title", "audience", "language", "updated", "review_by", "url", "products")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_URL = re.compile(r"(?:https?://|/)\S+")


@dataclass(frozen=True)
class Article:
    """One article; ``body`` is its Markdown without front matter, lines end with a line feed."""

    id: str
    title: str
    audience: tuple[str, ...]
    language: str
    updated: date
    review_by: date
    url: str
    products: tuple[str, ...]
    body: str
    path: Path


def load_articles(folder: Path) -> tuple[Article, ...]:
    """Read every ``.md`` file under a folder, by path; the first mistake is a :class:`ContentError`."""
    if not folder.is_dir():
        raise ContentError(Place(folder), "there is no such folder.", "Create it and put the articles there.")
    articles: dict[str, Article] = {}
    for path in sorted(folder.rglob("*.md")):
        article = read_article(path)
        if article.id in articles:
            other = articles[article.id].path
            line = _line_of(path, "id")
            raise ContentError(Place(path, line), f"{other.name} has the id {article.id!r} too.", "Give each its own.")
        articles[article.id] = article
    return tuple(articles.values())


def read_article(path: Path) -> Article:
    """Read and check one file."""
    text = _text_of(path)
    head, body, first_line = _parts(path, text)
    fields, lines = _fields(path, head)
    check = _Check(path, fields, lines)
    article = Article(
        id=check.matching("id", _ID, "Use small letters, digits and hyphens, such as store-hours."),
        title=check.text("title"),
        audience=check.names("audience", least=1),
        language=check.matching("language", _LANGUAGE, "Write a language such as en or en-GB."),
        updated=check.day("updated"),
        review_by=check.day("review_by"),
        url=check.matching("url", _URL, "Start it with https:// or with a slash."),
        products=check.names("products", least=0),
        body=body,
        path=path,
    )
    if article.review_by < article.updated:
        check.fail("review_by", "it lies before `updated`.", "Set the day by which somebody must read it again.")
    if PUBLIC in article.audience and INTERNAL in article.audience:
        check.fail("audience", "an article cannot be public and internal.", "Keep one of the two.")
    if not body.strip():
        raise ContentError(Place(path, first_line), "there is no text after the front matter.", "Write the article.")
    return article


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContentError(Place(path), f"it cannot be read ({error.strerror}).", "Check its permissions.") from error
    if len(content) > _MOST_BYTES:
        raise ContentError(
            Place(path), f"it has {len(content):,} bytes, {_MOST_BYTES:,} at most.", "Split it into several articles."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ContentError(Place(path, line), "it is not UTF-8.", "Save the file with the encoding UTF-8.") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ContentError(Place(path, line), "it holds a null character.", "Save it as plain text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parts(path: Path, text: str) -> tuple[str, str, int]:
    """Return front matter, body, and the body's first line; the front matter starts on line 2."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise ContentError(Place(path, 1), "it has no front matter.", f"Start the file with a line {_FENCE!r}.")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise ContentError(Place(path, 1), "its front matter does not end.", f"Close it with a line {_FENCE!r}.")


def _fields(path: Path, head: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Parse the front matter; return its fields and the line on which each stands."""
    try:
        node = yaml.compose(head, Loader=yaml.SafeLoader)
        fields = yaml.safe_load(head)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        raise ContentError(
            Place(path, line), f"the front matter is not YAML ({error.problem}).", "Check colons, quotes and indents."
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ContentError(Place(path, 1), f"the front matter is not YAML ({error}).", "Correct it.") from error
    if not isinstance(node, yaml.MappingNode) or not isinstance(fields, dict):
        raise ContentError(Place(path, 2), "the front matter holds no fields.", f"Write {', '.join(_FIELDS)}.")
    lines: dict[str, int] = {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + 2
        if name in lines:
            raise ContentError(Place(path, line), f"`{name}` stands here twice.", "Keep one of the two.")
        if name not in _FIELDS:
            raise ContentError(
                Place(path, line), f"`{name}` is no field of an article.", f"The fields are {', '.join(_FIELDS)}."
            )
        lines[name] = line
    return {str(name): value for name, value in fields.items()}, lines


def _line_of(path: Path, name: str) -> int:
    return _fields(path, _parts(path, _text_of(path))[0])[1].get(name, 1)


class _Check:
    """Takes fields one by one and says where a wrong one stands."""

    def __init__(self, path: Path, fields: Mapping[str, Any], lines: Mapping[str, int]) -> None:
        self._path = path
        self._fields = fields
        self._lines = lines

    def fail(self, name: str, what: str, remedy: str) -> NoReturn:
        raise ContentError(Place(self._path, self._lines.get(name, 1)), f"`{name}`: {what}", remedy)

    def _given(self, name: str) -> Any:
        if name not in self._fields:
            raise ContentError(Place(self._path, 1), f"`{name}` is missing.", "Add it to the front matter.")
        return self._fields[name]

    def text(self, name: str) -> str:
        value = self._given(name)
        if not isinstance(value, str) or not value.strip():
            self.fail(name, f"{value!r} is no text.", "Write a text, in quotes if it looks like something else.")
        return value.strip()

    def matching(self, name: str, pattern: re.Pattern[str], remedy: str) -> str:
        value = self.text(name)
        if not pattern.fullmatch(value):
            self.fail(name, f"{value!r} is not allowed.", remedy)
        return value

    def day(self, name: str) -> date:
        value = self._given(name)
        if isinstance(value, datetime.datetime) or not isinstance(value, date):
            self.fail(name, f"{value!s} is no date.", "Write it as 2026-11-22, without quotes.")
        return value

    def names(self, name: str, least: int) -> tuple[str, ...]:
        value = self._given(name)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.fail(name, f"{value!r} is no list of words.", f"Write it as {name}: [one, two].")
        if len(value) < least:
            self.fail(name, "the list is empty.", f"Name one or more, such as {name}: [{PUBLIC}].")
        return tuple(item.strip() for item in value)
