"""Reads the short forms that customers write: those that ship, and a company's own of ``data/spelling``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.errors import ContentError, Place
from bot.nlu.trainers_yaml import composed

_SHIPPED = Path(__file__).parent.parent / "languages" / "english_short_forms.yml"
_KEY = "short_forms"


def files_of(folder: Path) -> list[Path]:
    """The files in which they stand: the one that ships, and a company's, which count before it."""
    return [_SHIPPED, *sorted(folder.glob("*.yml"))]


def read_short_forms(folder: Path) -> dict[str, str]:
    """Return what each form means, lower case; :class:`ContentError` with file and line for the first mistake."""
    found: dict[str, str] = {}
    for path in files_of(folder):
        found.update(_written(path))
    return found


def _written(path: Path) -> Iterator[tuple[str, str]]:
    document = composed(path)
    if document is None:
        return
    if not isinstance(document, yaml.MappingNode):
        raise ContentError(_place(path, document), "this is not a table.", f"Begin with {_KEY}:")
    for key, node in document.value:
        if key.value != _KEY:
            continue
        if not isinstance(node, yaml.MappingNode):
            raise ContentError(_place(path, node), "this is not a list of forms.", 'Write "tmrw: tomorrow".')
        for form, meant in node.value:
            if not isinstance(form, yaml.ScalarNode) or not isinstance(meant, yaml.ScalarNode):
                raise ContentError(_place(path, form), "this is not a form and its words.", 'Write "tmrw: tomorrow".')
            if len(form.value.split()) != 1:
                raise ContentError(
                    _place(path, form), f"{form.value!r} is not one word.", "Only single words are short forms."
                )
            yield form.value.lower(), meant.value.strip()


def _place(path: Path, node: yaml.Node) -> Place:
    return Place(path, node.start_mark.line + 1)
