"""Keeps variables of the environment out of what trainers write: ``${NAME}`` there would say a secret to customers.

Rasa replaces ``${NAME}`` in every YAML file that it reads, and in the domain again whenever a model is loaded. That is
meant for ``endpoints.yml`` and ``credentials.yml``; in a slot's first value it makes the bot say what the variable
holds. `bot/brain/rasa_patches/environment_variables.py` leaves them as they stand where a model is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import yaml

from bot.errors import ContentError, Place

_ENDINGS = frozenset({".yml", ".yaml"})
_MARK = "${"


def refuse(paths: Iterable[Path]) -> None:
    """Look through files, and the YAML files in folders; raises :class:`ContentError` at the first ``${``."""
    for file in _files(paths):
        # What is no text is for Rasa to complain about.
        with suppress(OSError, UnicodeDecodeError):
            text = _as_rasa_reads_it(file.read_text(encoding="utf-8"))
            if _MARK in text:
                _refuse_values(file, text)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in _ENDINGS and file.is_file():
                yield file


def _as_rasa_reads_it(text: str) -> str:
    """In a file of ASCII alone any letter may stand as its number, ``$`` too (``rasa.shared.utils.io.read_yaml``)."""
    if not text.isascii():
        return text
    # Of a pair that stands for one emoji, each half is as little a dollar sign as the whole.
    return text.encode().decode("raw_unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _refuse_values(file: Path, text: str) -> None:
    try:
        found = [node for node in _scalars(yaml.compose(text, Loader=yaml.SafeLoader)) if _MARK in node.value]
    except yaml.YAMLError:
        return  # Rasa says where, and nothing is trained
    for node in found:
        # A block begins on the line below its "|".
        begins = node.start_mark.line + (2 if node.style in ("|", ">") else 1)
        line = begins + node.value[: node.value.index(_MARK)].count("\n")
        raise ContentError(
            Place(file, line),
            'a value holds "${", which stands for a variable of the environment.',
            "Such variables belong into endpoints.yml and credentials.yml; write the value itself here.",
        )


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    waiting, seen = [node], set[int]()
    while waiting:
        taken = waiting.pop()
        if id(taken) in seen:  # an alias (`*name`), perhaps of what it stands in
            continue
        seen.add(id(taken))
        if isinstance(taken, yaml.ScalarNode):
            yield taken
        elif isinstance(taken, yaml.SequenceNode):
            waiting.extend(reversed(taken.value))
        elif isinstance(taken, yaml.MappingNode):
            waiting.extend(part for pair in reversed(taken.value) for part in reversed(pair))
