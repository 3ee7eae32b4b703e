"""Which channels are open: ``channels.yml``, read once at start; a mistake in it names its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from bot.errors import Place, SettingError

T = TypeVar("T")

FILE = "channels.yml"

# Scheme and host, perhaps a port, and nothing behind: what a browser sends as Origin.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
# A greeting is read in a small window.
_LONGEST_GREETING = 500


@dataclass(frozen=True)
class Website:
    """The website channel's settings."""

    greeting: str
    allowed_origins: tuple[str, ...] = ()
    new_conversations_per_minute: int = 60


@dataclass(frozen=True)
class Telegram:
    """The Telegram channel is open; its secrets are settings."""


@dataclass(frozen=True)
class OpenChannels:
    """The channels that customers can use; None is closed."""

    website: Website | None
    telegram: Telegram | None


def load_channels(path: Path) -> OpenChannels:
    """Read ``channels.yml``; :class:`~bot.errors.SettingError` names the file and the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: cannot be read ({error}). It says which channels are open.") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise SettingError(f"{Place(path, line)}: this is not YAML: {error.problem}.") from error
    except yaml.YAMLError as error:
        raise SettingError(f"{path}: this is not YAML: {error}.") from error
    document = _Section(path, root, "the file")
    website = document.section("website")
    telegram = document.section("telegram")
    document.finish()
    return OpenChannels(_website(website), _telegram(telegram))


def _website(section: _Section | None) -> Website | None:
    if section is None:
        return None
    enabled = section.boolean("enabled", False)
    website = Website(
        greeting=section.text("greeting", "Hello, how can I help?", _LONGEST_GREETING),
        allowed_origins=section.origins("allowed_origins"),
        new_conversations_per_minute=section.count("new_conversations_per_minute", 60),
    )
    section.finish()
    return website if enabled else None


def _telegram(section: _Section | None) -> Telegram | None:
    if section is None:
        return None
    enabled = section.boolean("enabled", False)
    section.finish()
    return Telegram() if enabled else None


class _Section:
    """A mapping of the file, which knows its lines; each key is taken once, what is left over is a mistake."""

    def __init__(self, path: Path, node: yaml.Node | None, name: str) -> None:
        self._path = path
        self._name = name
        self._values: dict[str, yaml.Node] = {}
        self._keys: dict[str, yaml.Node] = {}
        if node is None or _is_null(node):
            return
        if not isinstance(node, yaml.MappingNode):
            raise self._wrong(node, f"{name} must be a list of `key: value` lines.")
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in self._values:
                raise self._wrong(key, f"this key of {name} stands twice or is not a word.")
            self._values[key.value] = value
            self._keys[key.value] = key

    def section(self, key: str) -> _Section | None:
        node = self._values.pop(key, None)
        return None if node is None else _Section(self._path, node, key)

    def boolean(self, key: str, default: bool) -> bool:
        # YAML 1.1's other spellings (yes, on) have surprised too many people.
        return self._scalar(key, default, "bool", {"true": True, "false": False}.get, "true or false")

    def count(self, key: str, default: int) -> int:
        def parse(text: str) -> int | None:
            return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0 else None

        return self._scalar(key, default, "int", parse, "a whole number above 0")

    def text(self, key: str, default: str, longest: int) -> str:
        def parse(text: str) -> str | None:
            return text.strip() if 0 < len(text.strip()) <= longest else None

        return self._scalar(key, default, "str", parse, f"a text of 1 to {longest} characters")

    def origins(self, key: str) -> tuple[str, ...]:
        node = self._values.pop(key, None)
        if node is None or _is_null(node):
            return ()
        if not isinstance(node, yaml.SequenceNode):
            raise self._wrong(node, f"{key} must be a list, as in [https://www.example.com].")
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode) or not _ORIGIN.fullmatch(item.value):
                raise self._wrong(item, f"{key} takes origins like https://www.example.com, without a path.")
        return tuple(item.value for item in node.value)

    def finish(self) -> None:
        """Refuse what nobody asked for: it is a typing mistake, and its setting would silently not act."""
        for key in self._values:
            raise self._wrong(self._keys[key], f"{self._name} has no setting {key!r}.")

    def _scalar(self, key: str, default: T, tag: str, parse: Callable[[str], T | None], takes: str) -> T:
        node = self._values.pop(key, None)
        if node is None:
            return default
        value = None
        if isinstance(node, yaml.ScalarNode) and node.tag == f"tag:yaml.org,2002:{tag}":
            value = parse(node.value)
        if value is None:
            raise self._wrong(node, f"{key} takes {takes}.")
        return value

    def _wrong(self, node: yaml.Node, what: str) -> SettingError:
        return SettingError(f"{Place(self._path, node.start_mark.line + 1)}: {what}")


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"
