"""A stand-in for TensorFlow, which Rasa imports at start even when no component of the model uses it.

`docs/decisions/0003-without-tensorflow.md` says what it saves and when it steps aside. Rasa's own modules only define
classes and decorate functions with TensorFlow's names while they are imported; the stand-in lets them do that, and
refuses the first real use.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import sys
import tarfile
import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

STOOD_IN = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorflow_addons")
"""Packages that Rasa 3.6 imports for its TensorFlow components only (found by searching its source)."""

NEEDS_TENSORFLOW = frozenset(
    {
        "DIETClassifier",
        "ResponseSelector",
        "ConveRTFeaturizer",
        "LanguageModelFeaturizer",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
    }
)
"""Rasa's own components that compute with TensorFlow, by class name."""

KNOWN_WITHOUT = ("rasa.", "bot.brain.")
"""Where a component may come from to be trusted without TensorFlow; a project's own component may import anything."""


class _Absent(type):
    """A class that can be subclassed and used as a decorator, as Rasa's modules do while they are imported."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(name)

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        if len(arguments) == 1 and not options and isinstance(arguments[0], types.FunctionType | type):
            return arguments[0]
        if not arguments and cls.__bases__ == (object,):
            return lambda decorated: decorated
        raise RuntimeError(
            f"{cls.__name__} needs TensorFlow, which this process does not load. "
            "Name the component in config.yml, then the real one is loaded."
        )


def _absent(name: str) -> _Absent:
    return _Absent(name, (), {"__module__": "tensorflow"})


class _AbsentModule(types.ModuleType):
    """A module that has every name."""

    __path__: Sequence[str] = ()  # type: ignore[assignment]  # nothing is added to it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _absent(name)
        setattr(self, name, value)
        return value


class _StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the packages of :data:`STOOD_IN` before Python's own finders do."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for the packages that are stood in for, and for no other."""
        if fullname.partition(".")[0] in STOOD_IN:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Make the empty module."""
        return _AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Stand in for TensorFlow in this process; does nothing where it is imported already or stood in for."""
    if "tensorflow" not in sys.modules and not stands_in():
        sys.meta_path.insert(0, _StandIn())


def stands_in() -> bool:
    """Whether this process has the stand-in: then no model that needs TensorFlow can be loaded into it."""
    return any(isinstance(finder, _StandIn) for finder in sys.meta_path)


def config_needs_tensorflow(config: Mapping[str, Any]) -> bool:
    """Whether training with this ``config.yml`` may need it; Rasa fills an empty section with DIET and TED."""
    for section in ("pipeline", "policies"):
        entries = config.get(section)
        if not entries:
            return True
        names = [entry["name"] if isinstance(entry, Mapping) else str(entry) for entry in entries]
        if any(_may_need(name) for name in names):
            return True
    return False


def model_needs_tensorflow(model: Path) -> bool:
    """Whether serving this trained model (``models/*.tar.gz``) may import TensorFlow."""
    return any(_may_need(name) for name in _components(model))


def _may_need(name: str) -> bool:
    if name.rpartition(".")[2] in NEEDS_TENSORFLOW:
        return True
    return "." in name and not name.startswith(KNOWN_WITHOUT)


def _components(model: Path) -> Iterator[str]:
    with tarfile.open(model) as archive:
        metadata = archive.extractfile("metadata.json")
        if metadata is None:
            return
        schema = json.load(metadata)["predict_schema"]
        for node in schema["nodes"].values():
            yield node["uses"]
