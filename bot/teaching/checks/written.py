"""A YAML file as it is written: each value with its line, whatever is wrong in it named at once.

The files are composed, not loaded: nodes know their lines. libyaml does it in a hundredth of a second for the whole
reference assistant, where a round trip in Python takes seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import ContentError, Place

# libyaml reads a thousand examples ten times faster than Python does.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# UTF-8 read as Windows-1252 and saved again: an accented letter, a quotation mark or a dash becomes two or three
# signs; and the sign that stands for a byte that could not be read.
_GARBLED = re.compile("\u00c3[\u0080-\u00bf\u0192\u201a-\u201e]|\u00e2\u20ac.|\u00c2[\u00a0-\u00bf]|\ufffd")
_CONFLICT = re.compile(r"^(<{7}|>{7})( |$)", re.MULTILINE)
_MERGED = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Document:
    """A file that could be read; ``path`` is what is shown to a person."""

    path: Path
    root: yaml.Node | None

    def place(self, node: yaml.Node) -> Place:
        """Where something of it stands."""
        return Place(self.path, node.start_mark.line + 1)


def read_document(path: Path, shown: Path) -> Document:
    """Read a file; :class:`ContentError` with its line where it is no UTF-8, no YAML, or nothing at all."""
    text = _text_of(path, shown)
    try:
        return Document(shown, yaml.compose(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        raise ContentError(Place(shown, line), f"this is not YAML ({error.problem}).", "Mend the line.") from error
    except yaml.YAMLError as error:
        raise ContentError(Place(shown), f"this is not YAML ({error}).", "Mend the file.") from error
    except RecursionError as error:
        raise ContentError(Place(shown), "this is nested too deeply.", "Write it flat.") from error


def _text_of(path: Path, shown: Path) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = f"this line is not UTF-8 text (byte 0x{content[error.start]:02x})."
        raise ContentError(Place(shown, line), what, "Save the whole file as UTF-8.") from error
    if not text.strip():
        raise ContentError(Place(shown), "the file is empty.", "Write intents into it, or delete it.")
    if garbled := _GARBLED.search(text):
        line = text.count("\n", 0, garbled.start()) + 1
        what = f"{garbled[0]!r} looks like a character that was read in one encoding and saved in another."
        raise ContentError(Place(shown, line), what, "Type the character again, and save the file as UTF-8.")
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        what = "two versions of the file were merged here, and the conflict is not resolved."
        raise ContentError(
            Place(shown, line), what, "Keep one, and remove the lines with <<<<<<<, ======= and >>>>>>>."
        )
    return text


def members(node: yaml.Node | None) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys and values of a mapping, those that it takes from others (``<<: *name``) among them."""
    if not isinstance(node, yaml.MappingNode):
        return []
    found: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.tag == _MERGED:
            for one in items(value) or [value]:
                for taken, below in members(one) if one is not node else ():
                    found.setdefault(taken.value, (taken, below))
        else:
            found[key.value] = (key, value)
    return list(found.values())


def member(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value of a key, or None."""
    return next((value for name, value in members(node) if name.value == key), None)


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a list; none where it is not a list."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def text(node: yaml.Node | None) -> str | None:
    """A scalar's text without blanks around it, or None."""
    return node.value.strip() if isinstance(node, yaml.ScalarNode) else None


def is_null(node: yaml.Node | None) -> bool:
    """Whether somebody wrote null, ``~``, or nothing."""
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def is_false(node: yaml.Node | None) -> bool:
    """Whether somebody wrote false."""
    return isinstance(node, yaml.ScalarNode) and node.value.lower() in {"false", "no", "off"}


def twice(document: Document) -> Iterator[tuple[str, Place, Place]]:
    """The keys that stand twice in one mapping: the name, where it stands again, and where it stands first."""
    seen: set[int] = set()
    waiting = [document.root]
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            first: dict[str, yaml.Node] = {}
            for key, value in node.value:
                waiting.append(value)
                if isinstance(key, yaml.ScalarNode) and key.tag != _MERGED:
                    before = first.setdefault(key.value, key)
                    if before is not key:
                        yield key.value, document.place(key), document.place(before)
        waiting.extend(items(node))
