"""The files of a project, found without following anything that leads out of it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import ContentError, Place, WarmlineError
from bot.teaching.checks.written import Document, read_document, twice
from bot.teaching.rasa_import.report import Notes

LARGEST_FILE = 10_000_000
"""Bytes. Ten thousand intents of a hundred examples are less; what is more is no trainer's file."""
MOST_FILES = 20_000
"""So many files are looked at; a folder that holds more was probably not meant."""
MOST_VALUES = 1_000_000
"""So many values a file may have when each alias (`*name`) is counted with all that it stands for. A few lines can
stand for billions ("billion laughs", CVE-2003-1564), and Rasa would build them all."""


NO_CONTENT = {
    "models": "trained models; they are trained again here",
    "results": "results of `rasa test`",
    "node_modules": "packages",
    "venv": "an environment",
    "env": "an environment",
    "build": "what was built",
    "__pycache__": "compiled Python",
}
"""Folders that hold nothing that people wrote."""

_STANDARD_TAGS = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Found:
    """A file that may be read."""

    path: Path
    shown: Path
    """Relative to the project: what is shown to a person."""


def find_files(project: Path, notes: Notes) -> list[Found]:
    """Return the project's files, in order.

    Raises:
        WarmlineError: There is no such folder, or far more in it than a project has.
    """
    if not project.is_dir():
        raise WarmlineError(f"{project} is no folder: name the one that holds the project's domain and data.")
    root = project.resolve()
    found: list[Found] = []
    for folder, folders, names in os.walk(
        root, followlinks=False, onerror=lambda error: _unreadable(error, root, notes)
    ):
        here = Path(folder)
        for name in sorted(folders):
            _look_at_folder(here / name, root, folders, notes)
        folders.sort()
        for name in sorted(names):
            path = here / name
            if _may_be_read(path, root, notes):
                found.append(Found(path, path.relative_to(root)))
            if len(found) > MOST_FILES:
                raise WarmlineError(f"{project} holds more than {MOST_FILES} files: name the project's own folder.")
    return found


def _unreadable(error: OSError, root: Path, notes: Notes) -> None:
    shown = Path(os.path.relpath(str(error.filename), root))
    notes.to_do(Place(shown), f"this folder cannot be read ({error.strerror}).", "Let this user read it.")


def _look_at_folder(path: Path, root: Path, folders: list[str], notes: Notes) -> None:
    shown = path.relative_to(root)
    if path.is_symlink():
        folders.remove(path.name)
        if not path.resolve().is_relative_to(root):
            notes.left_out(Place(shown), _LEADS_OUT, "Copy what it stands for into the project.")
        else:
            notes.left_out(Place(shown), "this is a link to a folder of the project, which is read where it stands.")
    elif path.name.startswith("."):
        folders.remove(path.name)
        notes.left_out(Place(shown), "hidden folders hold nothing that Rasa reads.")
    elif path.name in NO_CONTENT:
        folders.remove(path.name)
        notes.left_out(Place(shown), f"{NO_CONTENT[path.name]}: not looked at.")


_LEADS_OUT = "this link leads out of the project, and nothing outside of it is read."


def _may_be_read(path: Path, root: Path, notes: Notes) -> bool:
    place = Place(path.relative_to(root))
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            notes.left_out(place, _LEADS_OUT, "Copy what it stands for into the project.")
            return False
        what = path.stat()
    except (OSError, RuntimeError) as error:  # a link that leads nowhere, or round in a circle
        notes.left_out(place, f"this cannot be read ({getattr(error, 'strerror', None) or error}).")
        return False
    if not stat.S_ISREG(what.st_mode):
        notes.left_out(place, "this is no ordinary file.")
        return False
    if what.st_size > LARGEST_FILE:
        megabytes = LARGEST_FILE // 1_000_000
        notes.to_do(place, f"this has more than {megabytes} MB and was not read.", "Split it into smaller files.")
        return False
    return True


def read_yaml(file: Found, notes: Notes) -> Document | None:
    """Read a YAML file; None, and a note that says where and why, for one that cannot be taken."""
    try:
        document = read_document(file.path, file.shown)
        _refuse_bombs(document)
    except ContentError as error:
        notes.to_do(error.place, error.what, f"{error.remedy} The file was not taken.")
        return None
    except OSError as error:
        notes.to_do(Place(file.shown), f"this cannot be read ({error.strerror}).", "Let this user read it.")
        return None
    for key, again, first in twice(document):
        notes.to_do(again, f"{key} is repeated here; it is already in line {first.line}.", "Keep one.")
    return document


def text_of(file: Found) -> str:
    """A file's text as its nodes count it: without a byte order mark."""
    return file.path.read_bytes().decode("utf-8-sig")


def _refuse_bombs(document: Document) -> None:
    if document.root is None:
        return
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()
    waiting: list[tuple[yaml.Node, bool]] = [(document.root, False)]
    while waiting:
        node, counted = waiting.pop()
        below = _below(node)
        if counted:
            open_nodes.discard(id(node))
            sizes[id(node)] = size = 1 + sum(sizes.get(id(one), 0) for one in below)
            if size > MOST_VALUES:
                what = f"with its aliases this stands for more than {MOST_VALUES:,} values."
                raise ContentError(document.place(node), what, "Write out what is meant.")
            continue
        if id(node) in sizes:
            continue
        if id(node) in open_nodes:
            raise ContentError(document.place(node), "this holds itself, by an alias.", "Write out what is meant.")
        if not node.tag.startswith(_STANDARD_TAGS) or node.tag.startswith(f"{_STANDARD_TAGS}python"):
            remedy = "Write the value without it."
            raise ContentError(document.place(node), f"{node.tag} is a tag of another program.", remedy)
        open_nodes.add(id(node))
        waiting.append((node, True))
        waiting.extend((one, False) for one in below)


def _below(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
