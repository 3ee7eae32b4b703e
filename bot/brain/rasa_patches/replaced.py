"""The functions of Rasa whose work a patch does in another way, and what they were when it was written.

A patch is right as long as what it replaces is what it was. `tests/brain/test_patches_are_up_to_date.py` compares these
hashes with the Rasa that is installed, and names the patch that has to be read again after an upgrade.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WRITTEN_FOR = "3.6.21"
"""The version of Rasa that the hashes are of."""


@dataclass(frozen=True)
class Replaced:
    """A function of Rasa: where it stands, and the SHA-256 of its source, decorators and comments included."""

    module: str
    function: str
    """Its name, behind that of its class: ``RulePolicy._get_possible_keys``."""
    sha256: str

    def source(self) -> str:
        """Read it from the file, since the function may be patched by now; :class:`LookupError` where it is gone."""
        found = importlib.util.find_spec(self.module)
        if found is None or found.origin is None:
            raise LookupError(f"Rasa has no module {self.module}")
        text = Path(found.origin).read_text(encoding="utf-8")
        body = ast.parse(text).body
        for name in self.function.split("."):
            node = _named(name, body)
            body = node.body
        lines = text.split("\n")[_first_line(node) - 1 : node.end_lineno]
        return textwrap.dedent("\n".join([*lines, ""]))

    def installed(self) -> str:
        """The SHA-256 of its source in the Rasa that is installed."""
        return hashlib.sha256(self.source().encode()).hexdigest()


_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _named(name: str, body: Sequence[ast.stmt]) -> _Definition:
    for node in body:
        if isinstance(node, _Definition) and node.name == name:
            return node
    raise LookupError(f"Rasa has no {name} here any more")


def _first_line(node: _Definition) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
