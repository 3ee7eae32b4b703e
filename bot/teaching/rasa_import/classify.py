"""Which of a project's files is what: Rasa goes by the keys in a file, and by a few names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePath

import yaml

from bot.errors import Place
from bot.nlu.intents.written import YAML_ENDINGS
from bot.teaching.checks.written import Document, member, members
from bot.teaching.rasa_import.edits import Edits
from bot.teaching.rasa_import.files import Found, read_yaml, text_of
from bot.teaching.rasa_import.report import Notes

DOMAIN_KEYS = frozenset(
    {"intents", "entities", "slots", "forms", "actions", "templates", "session_config", "e2e_actions"}
)
TRAINING_KEYS = frozenset({"nlu", "stories", "rules"})

CONFIG_KEYS = frozenset({"pipeline", "policies"})
ENDPOINT_KEYS = frozenset({"action_endpoint", "tracker_store", "event_broker", "lock_store", "nlg", "models"})

_HEAD = 4096
"""Bytes of a file by which its format is known."""

TRAINING_FOLDER = "data"
ACTIONS = "actions"
TESTS = "tests"


@dataclass
class YamlFile:
    """A YAML file of the project, and the changes that it needs."""

    found: Found
    document: Document
    edits: Edits
    original: bytes
    keep: frozenset[str] | None = None
    """The only keys that are kept of a file that is both domain and training data."""
    target: Path = field(default_factory=Path)
    """Where it goes, relative to the company's folder."""

    @property
    def shown(self) -> Path:
        """Relative to the project."""
        return self.found.shown

    @property
    def keys(self) -> frozenset[str]:
        """Its top-level keys."""
        return frozenset(key.value for key, _ in members(self.document.root))

    def section(self, key: str) -> yaml.Node | None:
        """What stands under a top-level key, if that belongs to this part of the file."""
        return member(self.document.root, key) if self.keep is None or key in self.keep else None

    def cut_what_is_not_kept(self) -> None:
        """Leave only the keys that belong to this part of the file."""
        root = self.document.root
        if self.keep is not None and isinstance(root, yaml.MappingNode):
            for key, _ in members(root):
                if key.value not in self.keep:
                    self.edits.cut_entry(root, key)


@dataclass
class Sorted:
    """A project's files by what they are."""

    domain: list[YamlFile] = field(default_factory=list)
    training: list[YamlFile] = field(default_factory=list)
    tests: list[YamlFile] = field(default_factory=list)
    configs: list[YamlFile] = field(default_factory=list)
    secrets: list[YamlFile] = field(default_factory=list)
    """``endpoints.yml`` and ``credentials.yml``: reported by their keys, never copied."""
    python: list[Found] = field(default_factory=list)
    """What lies in ``actions/``, or is called ``actions.py``."""


def sort_files(found: Iterable[Found], notes: Notes) -> Sorted:
    """Sort a project's files; what is nothing of Rasa's is named."""
    files = Sorted()
    other: dict[Path, list[Found]] = {}
    for one in found:
        if _is_of_actions(one.shown):
            files.python.append(one)
        elif one.shown.suffix in YAML_ENDINGS and one.shown.parts[0] != ".":
            _sort_yaml(one, files, notes)
        elif not _is_old_training_data(one, notes):
            other.setdefault(Path(one.shown.parts[0]), []).append(one)
    for top, members_ in other.items():
        _note_other(top, members_, notes)
    _one_domain(files, notes)
    return files


def _is_of_actions(shown: PurePath) -> bool:
    return shown.parts[0] == ACTIONS or shown.as_posix() == f"{ACTIONS}.py"


def _sort_yaml(one: Found, files: Sorted, notes: Notes) -> None:
    if one.shown.name in ("credentials.yml", "credentials.yaml"):
        _keep_secret(one, files, notes)
        return
    document = read_yaml(one, notes)
    if document is None:
        return
    file = YamlFile(one, document, Edits(text_of(one)), one.path.read_bytes())
    keys = file.keys
    in_domain = keys & DOMAIN_KEYS
    in_training = keys & TRAINING_KEYS
    if keys & CONFIG_KEYS:
        files.configs.append(file)
    elif keys & ENDPOINT_KEYS or one.shown.stem == "endpoints":
        files.secrets.append(file)
    elif _is_test(one.shown) and in_training:
        files.tests.append(file)
    elif in_domain and in_training:
        # Rasa reads such a file twice, as domain and as training data.
        files.domain.append(_part(file, keys - TRAINING_KEYS))
        files.training.append(_part(file, TRAINING_KEYS | {"version"}))
    elif in_domain:
        files.domain.append(file)
    elif in_training:
        files.training.append(file)
    elif "responses" in keys:
        (files.training if one.shown.parts[0] == TRAINING_FOLDER else files.domain).append(file)
    else:
        notes.left_out(Place(one.shown), "none of the keys of this file is Rasa's.")


def _keep_secret(one: Found, files: Sorted, notes: Notes) -> None:
    document = read_yaml(one, notes)
    if document is not None:
        files.secrets.append(YamlFile(one, document, Edits(""), b""))


def _part(whole: YamlFile, keep: frozenset[str]) -> YamlFile:
    return YamlFile(whole.found, whole.document, Edits(whole.edits.text), whole.original, keep)


def _is_test(shown: Path) -> bool:
    return shown.parts[0] in (TESTS, "test") or shown.name.startswith("test_")


def _is_old_training_data(one: Found, notes: Notes) -> bool:
    """Training data in a format of Rasa 1 or 2 that Rasa 3 no longer reads, or that is not read here."""
    if one.shown.suffix not in (".md", ".json"):
        return False
    with one.path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8", errors="replace")
    if one.shown.suffix == ".json" and ("rasa_nlu_data" in head or '"luis_schema_version"' in head):
        kind = "examples in JSON"
    elif one.shown.suffix == ".md" and any(mark in head for mark in ("## intent:", "## lookup:", "## synonym:")):
        kind = "examples in Markdown"
    elif one.shown.suffix == ".md" and "\n* " in head and "\n  - " in head and "## " in head:
        kind = "stories in Markdown"
    else:
        return False
    remedy = "Convert it with `rasa data convert` of Rasa 2.8 to YAML, and import the project again."
    notes.left_out(Place(one.shown), f"{kind} are a format that Rasa 3 has given up.", remedy)
    return True


def _note_other(top: Path, found: list[Found], notes: Notes) -> None:
    many = "this is" if len(found) == 1 else f"these {len(found)} files are"
    what = f"{many} nothing that Rasa trains from."
    custom = [one for one in found if one.shown.suffix == ".py"]
    if custom:
        place, remedy = Place(custom[0].shown), "Python outside of actions/ is not taken; what an action imports, copy."
        notes.left_out(place, what, remedy)
    else:
        notes.left_out(Place(top), what)


def _one_domain(files: Sorted, notes: Notes) -> None:
    """Of several domains take the one that Rasa reads by default, and say which are left."""
    default = [one for one in files.domain if one.found.shown.parts[0] in ("domain.yml", "domain.yaml", "domain")]
    if not default:
        return
    for one in files.domain:
        if one not in default and one.found.shown.parts[0] != TRAINING_FOLDER:
            what = "Rasa reads domain.yml, or the folder domain/, unless it is told of another; this one was not taken."
            notes.left_out(Place(one.found.shown), what, "Move it there if it belongs to the domain, and import again.")
    files.domain = [one for one in files.domain if one in default or one.found.shown.parts[0] == TRAINING_FOLDER]
