"""Reads ``data/safety``: the words by which a danger is known; whatever is wrong is named with file and line.

There is no way to have no dangers by mistake: a missing folder, an empty file or a malformed line stops the training.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import ContentError, Place
from bot.nlu.trainers_yaml import composed

KINDS: Final = ("fire", "gas", "carbon_monoxide", "electricity", "water", "health", "self_harm", "violence")
"""The dangers for which the wording catalogue has words; each needs signs."""

NOT_NOW: Final = ("negation", "no_negation", "supposed", "not_supposed", "past", "now", "harmless")
"""The lists that take a danger out of words, or put it back."""

FOLDER: Final = "data/safety"
_COMPONENT: Final = "WarmlineDanger"
"""The component that reads them (`bot/brain/components/danger.py`)."""

_LIST = re.compile(r"\{([a-z_]+)\}")
_FIRST = "Write them as the files that Warmline brings do (docs/teach-dangers.md)."

Phrase = tuple[str, ...]
"""Words in lower case and without apostrophes; the last sign ``*`` of a word stands for any ending."""


@dataclass(frozen=True)
class Sign:
    """What is enough for a danger: elements that stand near each other, ``in_order`` close behind one another."""

    kind: str
    elements: tuple[tuple[Phrase, ...], ...]
    """Of each element the phrases of which one must be there."""
    written: str
    """As it stands in the file, for the trace."""
    in_order: bool = False
    bare: bool = False
    """Whether it counts only where the sentence is hardly more."""


@dataclass(frozen=True)
class Safety:
    """All of ``data/safety``."""

    signs: tuple[Sign, ...]
    not_now: Mapping[str, tuple[Phrase, ...]]
    add: Mapping[str, str] = field(default_factory=dict)
    """What a company adds to the fixed words of a danger: the number of a helpline."""

    def to_json(self) -> dict[str, Any]:
        """As a dictionary that JSON can keep."""
        return {
            "signs": [
                {
                    "kind": sign.kind,
                    "elements": [[" ".join(phrase) for phrase in element] for element in sign.elements],
                    "written": sign.written,
                    "in_order": sign.in_order,
                    "bare": sign.bare,
                }
                for sign in self.signs
            ],
            "not_now": {name: [" ".join(phrase) for phrase in phrases] for name, phrases in self.not_now.items()},
            "add": dict(self.add),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Safety:
        """Read what :meth:`to_json` wrote; one without signs is damaged (:class:`ValueError`)."""
        signs = tuple(
            Sign(
                sign["kind"],
                tuple(tuple(tuple(phrase.split()) for phrase in element) for element in sign["elements"]),
                sign["written"],
                sign["in_order"],
                sign["bare"],
            )
            for sign in kept["signs"]
        )
        missing = set(KINDS).difference(sign.kind for sign in signs)
        if missing:
            raise ValueError(f"no signs of {', '.join(sorted(missing))}")
        not_now = {name: tuple(tuple(phrase.split()) for phrase in kept["not_now"][name]) for name in NOT_NOW}
        return cls(signs, not_now, dict(kept["add"]))


def read_safety(folder: Path) -> Safety:
    """Read the folder; :class:`ContentError` with file and line for anything that is missing or malformed."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise ContentError(
            Place(folder),
            "there are no files about dangers, so none would be noticed.",
            f"Copy {FOLDER} from Warmline.",
        )
    read = [_File(path) for path in files]
    common = _Lists({})
    for file in read:
        if file.kind is None:
            common.add(file.lists)
    signs: list[Sign] = []
    not_now: dict[str, tuple[Phrase, ...]] = {}
    add: dict[str, str] = {}
    for file in read:
        lists = common.beside(file.lists) if file.kind is not None else common
        for name, entries in file.not_now.items():
            not_now[name] = (*not_now.get(name, ()), *(phrase for entry in entries for phrase in lists.element(entry)))
        if file.kind is None:
            continue
        signs += [_sign(file.kind, entry, lists) for entry in file.signs]
        signs += [_bare(file.kind, entry, lists) for entry in file.bare]
        if file.add:
            add[file.kind] = file.add
    missing = [kind for kind in KINDS if not any(sign.kind == kind for sign in signs)]
    missing += [name for name in NOT_NOW if not not_now.get(name)]
    if missing:
        names = ", ".join(missing)
        raise ContentError(Place(folder), f"nothing is said about {names}.", f"Copy the file from Warmline's {FOLDER}.")
    return Safety(tuple(signs), not_now, add)


def safety_of(root: Path) -> Safety | None:
    """What a company's folder says of dangers; None only where its ``config.yml`` has no reader of them either.

    :class:`ContentError` as for :func:`read_safety`.
    """
    folder = root / FOLDER
    if folder.is_dir() or _reads_dangers(root / "config.yml"):
        return read_safety(folder)
    return None


def _reads_dangers(config: Path) -> bool:
    return config.is_file() and _COMPONENT in config.read_text(encoding="utf-8", errors="replace")


@dataclass(frozen=True)
class _Entry:
    text: str
    place: Place


class _Lists:
    """Lists by name; a list may name others."""

    def __init__(self, lists: Mapping[str, tuple[_Entry, ...]]) -> None:
        self._lists = dict(lists)
        self._known: dict[str, tuple[Phrase, ...]] = {}

    def add(self, lists: Mapping[str, tuple[_Entry, ...]]) -> None:
        for name, entries in lists.items():
            if name in self._lists:
                raise ContentError(entries[0].place, f"there are two lists {name!r}.", "Rename one of them.")
            self._lists[name] = entries

    def beside(self, lists: Mapping[str, tuple[_Entry, ...]]) -> _Lists:
        """These and a file's own, which go before."""
        return _Lists({**self._lists, **lists})

    def element(self, entry: _Entry, within: tuple[str, ...] = ()) -> tuple[Phrase, ...]:
        """The phrases that an entry stands for."""
        named = _LIST.fullmatch(entry.text)
        if named is None:
            phrase = _phrase(entry)
            return (phrase,)
        name = named[1]
        if name not in self._lists or name in within:
            what = "a list in itself" if name in within else "no list of that name"
            raise ContentError(entry.place, f"{{{name}}}: there is {what}.", "Correct the name, or write the list.")
        if name not in self._known:
            found = (phrase for one in self._lists[name] for phrase in self.element(one, (*within, name)))
            self._known[name] = tuple(dict.fromkeys(found))
        return self._known[name]


def _phrase(entry: _Entry) -> Phrase:
    words = tuple(word.replace("'", "") for word in entry.text.lower().replace("\u2019", "'").replace("-", " ").split())
    if not words or not all(re.fullmatch(r"[^\W_]+\*?", word) for word in words):
        raise ContentError(entry.place, f"{entry.text!r} is not a row of words.", "Write words, {a list}, + or > only.")
    if any(len(word) < 4 for word in words if word.endswith("*") and not word[:-1].isdigit()):
        raise ContentError(entry.place, f"{entry.text!r} begins too many words.", "Write three letters before the *.")
    return words


def _sign(kind: str, entry: _Entry, lists: _Lists) -> Sign:
    in_order = ">" in entry.text
    if in_order and "+" in entry.text:
        raise ContentError(entry.place, "a sign has either + or >.", "Write two signs.")
    pieces = re.split(r"[+>]", entry.text)
    elements = tuple(lists.element(_Entry(piece.strip(), entry.place)) for piece in pieces)
    return Sign(kind, elements, entry.text, in_order)


def _bare(kind: str, entry: _Entry, lists: _Lists) -> Sign:
    return Sign(kind, (lists.element(entry),), entry.text, bare=True)


class _File:
    """One file, its entries with their places."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kind: str | None = None
        self.add = ""
        self.lists: dict[str, tuple[_Entry, ...]] = {}
        self.not_now: dict[str, tuple[_Entry, ...]] = {}
        self.signs: tuple[_Entry, ...] = ()
        self.bare: tuple[_Entry, ...] = ()
        document = composed(self.path)
        if not isinstance(document, yaml.MappingNode) or not document.value:
            raise ContentError(Place(path, 1), "there is nothing about dangers in this file.", _FIRST)
        for key, node in document.value:
            self._take(key, node)
        if self.kind is not None and not self.signs:
            raise ContentError(Place(path, 1), f"the danger {self.kind} has no signs.", _FIRST)

    def _take(self, key: yaml.Node, node: yaml.Node) -> None:
        name = str(key.value)
        if name == "danger":
            self.kind = self._text(node)
            if self.kind not in KINDS:
                kinds = ", ".join(KINDS)
                raise ContentError(self._place(node), f"there is no danger {self.kind!r}.", f"Write one of {kinds}.")
        elif name == "add":
            self.add = self._text(node)
        elif name == "signs":
            self.signs = self._entries(node)
        elif name == "bare":
            self.bare = self._entries(node)
        elif name == "lists":
            self.lists = dict(self._named(node))
        elif name == "not_now":
            self.not_now = dict(self._named(node))
            unknown = next((one for one in self._keys(node) if one.value not in NOT_NOW), None)
            if unknown is not None:
                raise ContentError(
                    self._place(unknown), f"there is no list {unknown.value!r} here.", f"Write {', '.join(NOT_NOW)}."
                )
        else:
            raise ContentError(
                self._place(key),
                f"nothing is called {name!r} here.",
                "Write danger, add, lists, signs, bare or not_now.",
            )

    def _named(self, node: yaml.Node) -> Iterator[tuple[str, tuple[_Entry, ...]]]:
        if not isinstance(node, yaml.MappingNode):
            raise ContentError(self._place(node), "these are not lists with names.", _FIRST)
        for key, entries in node.value:
            yield str(key.value), self._entries(entries)

    def _keys(self, node: yaml.Node) -> list[yaml.Node]:
        return [key for key, _ in node.value]

    def _entries(self, node: yaml.Node) -> tuple[_Entry, ...]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise ContentError(self._place(node), "this is not a list, or it is empty.", "Write [one, another].")
        return tuple(_Entry(self._text(one), self._place(one)) for one in node.value)

    def _text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise ContentError(self._place(node), "there should be words here.", "Write them, in quotation marks.")
        return str(node.value).strip()

    def _place(self, node: yaml.Node) -> Place:
        return Place(self.path, node.start_mark.line + 1)
