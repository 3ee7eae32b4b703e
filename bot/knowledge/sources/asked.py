"""Asked questions: what customers type who want a certain sentence, written down by editors beside the articles.

They teach the index how customers speak of what an article says in its own words, and which questions nothing answers.
An index without them works; with them it finds the sentence more often (docs/decisions/0011-cited-answers.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ContentError, Place

# A question of more characters is a story; the encoder would not read it to its end.
_LONGEST = 300
_ARTICLE, _ASKED, _SENTENCE, _QUESTIONS, _NOTHING = "article", "asked", "sentence", "questions", "nothing"
_FIELDS = frozenset({_ARTICLE, _ASKED, _NOTHING})
_REMEDY = "Write `article` and `asked`, or `nothing`, as in docs/first-steps-trainer.md."


@dataclass(frozen=True)
class AskedQuestion:
    """A question, and the sentence that answers it as it stands in the article, or its beginning."""

    text: str
    article: str
    sentence: str
    path: Path = field(compare=False, default=Path())


@dataclass(frozen=True)
class Asked:
    """All questions that editors wrote down."""

    questions: tuple[AskedQuestion, ...] = ()
    nothing: tuple[str, ...] = ()
    """Questions about the trade, and others, that no article answers."""


def load_asked(folder: Path) -> Asked:
    """Read every ``.yml`` file below a folder; none, where there is no such folder.

    Raises:
        ContentError: a file is not of the form that is expected, with its name and the reason.
    """
    questions: list[AskedQuestion] = []
    nothing: list[str] = []
    for path in sorted(folder.rglob("*.yml")) if folder.is_dir() else ():
        if path.is_symlink():
            raise ContentError(Place(path), "it is a link to another file.", "Put the file itself there.")
        content = _content_of(path)
        nothing += _texts(path, content.get(_NOTHING) or [], _NOTHING)
        if _ASKED in content:
            questions += _questions(path, content)
    return Asked(tuple(dict.fromkeys(questions)), tuple(dict.fromkeys(nothing)))


def _content_of(path: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContentError(Place(path, line), f"this is not YAML ({error.problem}).", "Mend the line.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContentError(Place(path), f"it cannot be read ({error}).", "Save it as YAML in UTF-8.") from error
    if not isinstance(content, dict) or not set(content) <= _FIELDS:
        raise ContentError(Place(path), "it holds something else than asked questions.", _REMEDY)
    return content


def _questions(path: Path, content: Mapping[str, Any]) -> Iterator[AskedQuestion]:
    article, asked = content.get(_ARTICLE), content[_ASKED]
    if not isinstance(article, str) or not isinstance(asked, list):
        raise ContentError(Place(path), "`article` must be an id, and `asked` a list.", _REMEDY)
    for entry in asked:
        if not isinstance(entry, dict) or set(entry) != {_SENTENCE, _QUESTIONS}:
            raise ContentError(Place(path), f"`asked`: each entry has `{_SENTENCE}` and `{_QUESTIONS}`.", _REMEDY)
        (sentence,) = _texts(path, [entry[_SENTENCE]], _SENTENCE, longest=10 * _LONGEST)
        for text in _texts(path, entry[_QUESTIONS], _QUESTIONS):
            yield AskedQuestion(text, article, sentence, path)


def _texts(path: Path, values: Any, name: str, longest: int = _LONGEST) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise ContentError(Place(path), f"`{name}`: there must be texts.", "Put each in quotes if it looks like YAML.")
    for value in values:
        if len(value) > longest:
            raise ContentError(Place(path), f"`{name}`: {value[:40]!r}… is too long.", f"Keep it under {longest}.")
    return [" ".join(value.split()) for value in values]
