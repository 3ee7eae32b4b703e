"""Articles: files of several formats with their fields, read strictly: a slip is found before a customer finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import ContentError, Place
from bot.knowledge.sources.fields import INTERNAL, PUBLIC, WrittenFields
from bot.knowledge.sources.readers.document import Document, Mark, mark_at, too_many_words
from bot.knowledge.sources.readers.files import files_below, leads_elsewhere, text_of
from bot.knowledge.sources.readers.isolation import IsolatedReader
from bot.knowledge.sources.readers.markdown import read_markdown
from bot.knowledge.sources.readers.questions import read_questions
from bot.knowledge.sources.readers.sidecars import DEFAULTS, is_sidecar, sidecar_of

__all__ = ["INTERNAL", "PUBLIC", "Article", "Reading", "load_articles", "read_folder"]

# Ten times what a reader reads to the end; longer ones are several articles.
_MOST_BYTES = 64 * 1024
FORMATS = {".md": "markdown", ".html": "html", ".htm": "html", ".pdf": "pdf", ".docx": "docx", ".csv": "questions"}
"""Which files are articles, and who reads them."""


@dataclass(frozen=True)
class Article:
    """One article; ``body`` is Markdown without front matter, whatever the source, lines end with a line feed."""

    id: str
    title: str
    audience: tuple[str, ...]
    """``public``, ``internal``, or segments of customers such as ``trade``; never ``internal`` and another."""
    language: str
    updated: date
    review_by: date
    url: str
    products: tuple[str, ...]
    body: str
    path: Path
    marks: tuple[Mark, ...] = ()
    """Where in the source the body's parts stand, by rising offset."""
    links: tuple[str, ...] = ()
    """Where its links lead, as written."""

    def place(self, offset: int) -> str:
        """Return where ``body[offset]`` stands, for editors: ``returns.pdf, page 3`` or ``hours.md, line 14``."""
        name = mark_at(self.marks, offset)
        return f"{self.path.name}, {name}" if name else self.path.name


@dataclass(frozen=True)
class Reading:
    """A folder that was read: its articles by path, and why each other file was rejected."""

    articles: tuple[Article, ...]
    rejected: tuple[ContentError, ...]
    ignored: tuple[Path, ...] = ()
    """Files of a format that nobody reads."""


def load_articles(folder: Path) -> tuple[Article, ...]:
    """Read every article below a folder, by path; the first mistake is a :class:`ContentError`."""
    reading = read_folder(folder)
    if reading.rejected:
        raise reading.rejected[0]
    return reading.articles


def read_folder(folder: Path, progress: Callable[[int, int], None] | None = None) -> Reading:
    """Read every article below a folder; a file that cannot be one is rejected, and the others are read all the same.

    Of two articles with one id neither is read: which of them is meant is for the editors to say.

    Args:
        folder: where the articles are; :class:`ContentError` where it does not exist.
        progress: hears after each file how many files were read, and of how many.
    """
    if not folder.is_dir():
        raise ContentError(Place(folder), "there is no such folder.", "Create it and put the articles there.")
    found: list[tuple[Article, int]] = []
    rejected: list[ContentError] = []
    files = list(files_below(folder))
    paths = [path for path in files if path.suffix.lower() in FORMATS]
    with IsolatedReader() as isolated:
        for number, path in enumerate(paths, start=1):
            try:
                for one in _articles_of(path, isolated):
                    if isinstance(one, ContentError):
                        rejected.append(one)
                    else:
                        found.append(one)
            except ContentError as error:
                rejected.append(error)
            if progress:
                progress(number, len(paths))
    articles, twice = _each_once(found)
    ignored = tuple(path for path in files if path.suffix.lower() not in FORMATS and not is_sidecar(path))
    return Reading(articles, (*rejected, *twice, *_widowed(files)), ignored)


def known_ids(folder: Path) -> set[str] | None:
    """The ids of all articles, None where there is no folder.

    A rejected file counts by its name: training need not wait for an editor.
    """
    if not folder.is_dir():
        return None
    reading = read_folder(folder)
    return {article.id for article in reading.articles} | {error.place.path.stem for error in reading.rejected}


def _articles_of(path: Path, isolated: IsolatedReader) -> Iterator[tuple[Article, int] | ContentError]:
    """Yield a file's articles, each with the line on which its id stands, and the rows that are none."""
    form = FORMATS[path.suffix.lower()]
    if path.is_symlink():
        raise leads_elsewhere(path)
    if form == "markdown":
        fields, document = read_markdown(path, text_of(path, _MOST_BYTES))
        yield _article(path, fields, document), fields.lines.get("id", 1)
    elif form == "questions":
        for row in read_questions(path, sidecar_of(path)):
            try:
                yield row if isinstance(row, ContentError) else (_article(path, *row), row[0].lines["id"])
            except ContentError as error:
                yield error
    else:
        fields = sidecar_of(path)
        document = isolated.read(path, form)
        fields = fields.with_defaults(title=document.title)
        yield _article(path, fields, document), fields.lines.get("id", 1)


def _article(path: Path, written: WrittenFields, document: Document) -> Article:
    fields = written.checked()
    if not document.body.strip():
        last = max(written.lines.values(), default=0) if written.path == path else 0
        raise ContentError(Place(path, last), "there is no text after the front matter.", "Write the article.")
    if error := too_many_words(path, document.body):
        raise error
    return Article(**vars(fields), body=document.body, path=path, marks=document.marks, links=document.links)


def _each_once(found: list[tuple[Article, int]]) -> tuple[tuple[Article, ...], list[ContentError]]:
    by_id: dict[str, list[tuple[Article, int]]] = {}
    for article, line in found:
        by_id.setdefault(article.id, []).append((article, line))
    articles, rejected = [], []
    for same in by_id.values():
        if len(same) == 1:
            articles.append(same[0][0])
        for article, line in same[1:]:
            what = f"{same[0][0].path.name} has the id {article.id!r} too."
            rejected.append(ContentError(Place(article.path, line), what, "Give each its own."))
    return tuple(articles), rejected


def _widowed(files: list[Path]) -> list[ContentError]:
    """Return an error for each sidecar whose file is gone or has another name."""
    known = set(files)
    return [
        ContentError(Place(path), f"there is no {path.stem} beside it.", "Rename it, or take it away.")
        for path in files
        if is_sidecar(path) and path.name != DEFAULTS and path.with_name(path.stem) not in known
    ]
