"""Setting files in YAML (``channels.yml``, ``desk.yml``): read once at start; every mistake is named with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import yaml

from bot.errors import Place, SettingError, SettingMistakesError

T = TypeVar("T")

# Scheme and host, perhaps a port, and nothing behind: what a browser sends as Origin.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")


def read_document(path: Path, purpose: str) -> Section:
    """Read a file as its outermost section; :class:`~bot.errors.SettingError` when it is missing or no YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: cannot be read ({error}). {purpose}") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise SettingError(f"{Place(path, line)}: this is not YAML: {error.problem}.") from error
    except yaml.YAMLError as error:
        raise SettingError(f"{path}: this is not YAML: {error}.") from error
    return Section(path, root, "the file", [])


class Section:
    """A mapping of the file, which knows its lines; each key is taken once, what is left over is a mistake.

    A mistake is noted, and the default stands in for the value, so that reading goes on to the next one; whoever read
    the file calls :meth:`raise_if_wrong` at the end.
    """

    def __init__(self, path: Path, node: yaml.Node | None, name: str, mistakes: list[tuple[int, str]]) -> None:
        self._path = path
        self._mistakes = mistakes
        self._unsound: set[str] = set()
        self._name = name
        self._values: dict[str, yaml.Node] = {}
        self._keys: dict[str, yaml.Node] = {}
        self._asked: list[str] = []
        if node is None or _is_null(node):
            return
        if not isinstance(node, yaml.MappingNode):
            self._note(node, f"{name} must be a list of `key: value` lines.")
            return
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in self._values:
                self._note(key, f"this key of {name} appears twice or is not a word.")
                continue
            self._values[key.value] = value
            self._keys[key.value] = key

    def section(self, key: str) -> Section | None:
        """A mapping below this one, or none."""
        node = self._take(key)
        return None if node is None else Section(self._path, node, key, self._mistakes)

    def boolean(self, key: str, default: bool) -> bool:
        """A switch."""
        # YAML 1.1's other spellings (yes, on) have surprised too many people.
        return self._scalar(key, default, "bool", {"true": True, "false": False}.get, "true or false")

    def count(self, key: str, default: int, least: int = 1) -> int:
        """A whole number from ``least`` to 999,999."""

        def parse(text: str) -> int | None:
            return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) >= least else None

        return self._scalar(key, default, "int", parse, f"a whole number above {least - 1}")

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number between two bounds, both allowed."""

        def parse(text: str) -> int | None:
            fits = text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most
            return int(text) if fits else None

        return self._scalar(key, default, "int", parse, f"a whole number from {least} to {most}")

    def text(self, key: str, default: str, longest: int) -> str:
        """A text that is not empty."""

        def parse(text: str) -> str | None:
            return text.strip() if 0 < len(text.strip()) <= longest else None

        return self._scalar(key, default, "str", parse, f"a text of 1 to {longest} characters")

    def origins(self, key: str) -> tuple[str, ...]:
        """Addresses of other sites."""
        node = self._take(key)
        if node is None or _is_null(node):
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self._note(node, f"{key} must be a list, as in [https://www.example.com].", key)
            return ()
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode) or not _ORIGIN.fullmatch(item.value):
                self._note(item, f"{key} takes origins like https://www.example.com, without a path.", key)
        return tuple(item.value for item in node.value)

    def texts(self, key: str, takes: str, parse: Callable[[str], T | None]) -> tuple[T, ...] | None:
        """A list of texts, each read by ``parse``, which answers None for a wrong one; None when the key is absent."""
        node = self._take(key)
        if node is None:
            return None
        if _is_null(node):
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self._note(node, f"{key} must be a list, as in [one, two]; each item is {takes}.", key)
            return None
        read = []
        for item in node.value:
            value = parse(item.value) if isinstance(item, yaml.ScalarNode) else None
            if value is None:
                self._note(item, f"{key} takes {takes}.", key)
            else:
                read.append(value)
        return tuple(read)

    def parsed(self, key: str, default: T, takes: str, parse: Callable[[str], T | None]) -> T:
        """A text, a date or a number, read by ``parse``, which answers None for a wrong one."""
        node = self._take(key)
        if node is None:
            return default
        value = parse(node.value) if isinstance(node, yaml.ScalarNode) and not _is_null(node) else None
        if value is None:
            self._note(node, f"{key} takes {takes}.", key)
            return default
        return value

    def keys(self) -> Iterator[str]:
        """The names that have not been taken yet, in the file's order."""
        yield from list(self._values)

    def names(self, key: str) -> bool:
        """Whether the file has this key, taken or not."""
        return key in self._keys

    def is_sound(self, *keys: str) -> bool:
        """Whether no mistake was noted at these keys: a value is only compared with another that was meant."""
        return not self._unsound.intersection(keys)

    def refuse(self, key: str, what: str) -> None:
        """Note a mistake on a key's line."""
        self._note(self._keys[key], what, key)

    def raise_if_wrong(self) -> None:
        """Raise :class:`~bot.errors.SettingMistakesError` with all that was noted in the file, from its top on."""
        if self._mistakes:
            found = sorted(self._mistakes, key=lambda mistake: mistake[0])
            raise SettingMistakesError([SettingError(f"{Place(self._path, line)}: {what}") for line, what in found])

    def finish(self) -> None:
        """Refuse what nobody asked for: it is a typing mistake, and its setting would silently not act."""
        for key in self._values:
            near = get_close_matches(key, self._asked, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            self._note(self._keys[key], f"{self._name} has no setting {key!r}.{meant}")

    def _take(self, key: str) -> yaml.Node | None:
        self._asked.append(key)
        return self._values.pop(key, None)

    def _scalar(self, key: str, default: T, tag: str, parse: Callable[[str], T | None], takes: str) -> T:
        node = self._take(key)
        if node is None:
            return default
        value = None
        if isinstance(node, yaml.ScalarNode) and node.tag == f"tag:yaml.org,2002:{tag}":
            value = parse(node.value)
        if value is None:
            self._note(node, f"{key} takes {takes}.", key)
            return default
        return value

    def _note(self, node: yaml.Node, what: str, key: str | None = None) -> None:
        self._mistakes.append((node.start_mark.line + 1, what))
        if key is not None:
            self._unsound.add(key)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"
