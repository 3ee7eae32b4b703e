"""The actions that a company wrote in Python, read without running them: their names, and what would not even load."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.contract.names import VALIDATES_SLOTS
from bot.errors import Place
from bot.teaching.checks.findings import Findings

PACKAGE = "actions"

FLAGS = ("read_only", "repeatable")
"""Attributes by which an action says when it may run (docs/reference/turn.md)."""

KIT = Path("bot", "kit")
"""The actions that every company has, beside its own."""

OLDEST_PYTHON = (3, 10)
"""The Python that runs actions (docs/decisions/0002-two-environments.md)."""

NAMED_BY_RASA = {
    "ValidationAction": VALIDATES_SLOTS,
    "ActionQueryKnowledgeBase": "action_query_knowledge_base",
}
"""Classes of rasa-sdk that name their children."""


@dataclass
class PythonActions:
    """What the sources say of names."""

    named: dict[str, Place] = field(default_factory=dict)
    """Texts by which a class calls itself, where they are written."""
    patterns: list[re.Pattern[str]] = field(default_factory=list)
    """Names that are put together: each gap may be anything."""
    texts: dict[str, Place] = field(default_factory=dict)
    """Every text of the company's sources, where it stands first: intents and responses that actions speak of."""
    kit_texts: dict[str, set[str]] = field(default_factory=dict)
    """The texts of each file of the kit, by the names of the actions in it; without a name, of all other files."""
    certain: bool = True
    """False where a name comes from somewhere that cannot be read: any text may then be one."""
    there: bool = False
    """Whether there are any actions of the company's own."""

    def has(self, action: str) -> bool:
        """Whether a class of that name exists, as far as the sources tell."""
        if action in self.named or any(pattern.fullmatch(action) for pattern in self.patterns):
            return True
        return not self.certain and action in self.texts

    def all_texts(self) -> set[str]:
        """The texts of the company's sources and of the kit's."""
        return set(self.texts).union(*self.kit_texts.values())

    def speaks_of(self, text: str) -> bool:
        """Whether a text, or one of which it may be put together, stands in the sources."""
        return text in self.all_texts() or any(pattern.fullmatch(text) for pattern in self.patterns)


def read_actions(root: Path, beside: Path, found: Findings) -> PythonActions:
    """Read the package (or the file) ``actions`` of a company.

    Args:
        root: The company's folder.
        beside: The folder in which the package ``bot`` lies, whose actions a company may import.
        found: Where to note what is no Python, and modules that do not exist.
    """
    actions = PythonActions()
    sources = [root / f"{PACKAGE}.py"] if not (root / PACKAGE).is_dir() else sorted((root / PACKAGE).rglob("*.py"))
    trees: list[tuple[Path, ast.Module]] = []
    seen: set[Path] = set()
    while sources:
        path = sources.pop(0)
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        ours = path.is_relative_to(root)
        tree = _tree_of(path, path.relative_to(root) if ours else path, found)
        if tree is None:
            continue
        trees.append((path, tree))
        own = path.is_relative_to(root / PACKAGE) or path == root / f"{PACKAGE}.py"
        for module, line in _imports(path, root, tree):
            target = (beside if module.split(".")[0] == "bot" else root).joinpath(*module.split("."))
            known = [one for one in (target.with_suffix(".py"), target / "__init__.py") if one.is_file()]
            if own and module.split(".")[0] == PACKAGE and not known and not target.is_dir():
                found.wrong(Place(path.relative_to(root), line), f"there is no module {module}.", "Correct the import.")
            # Of the product's own code only what defines actions is of interest.
            sources.extend(one for one in known if "rasa_sdk" in one.read_text(encoding="utf-8", errors="replace"))
    actions.there = bool(trees)
    kit = beside / KIT
    ours_too = [(path, tree) for path in sorted(kit.glob("*.py")) if (tree := _tree_of(path, path, found)) is not None]
    own_trees = [(path, tree) for path, tree in trees if not path.is_relative_to(kit)]
    _collect([*own_trees, *ours_too], root, actions)
    _collect_texts(own_trees, root, actions)
    _check_flags(own_trees, root, found)
    _collect_kit_texts(ours_too, actions)
    return actions


def _tree_of(path: Path, shown: Path, found: Findings) -> ast.Module | None:
    try:
        return ast.parse(path.read_bytes(), filename=str(path), feature_version=OLDEST_PYTHON)
    except SyntaxError as error:
        found.wrong(Place(shown, error.lineno or 0), f"this is not Python ({error.msg}).", "Mend the line.")
    except ValueError as error:
        found.wrong(Place(shown), f"this is not Python ({error}).", "Save the file again, as UTF-8 text.")
    except RecursionError:
        found.wrong(Place(shown), "this is nested too deeply to be read.", "Write it flat.")
    return None


def _imports(path: Path, root: Path, tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The modules of the company or the product that a file imports outright, and where."""
    for node in _outright(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in (PACKAGE, "bot"):
                    yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level and path.is_relative_to(root):
                package = path.relative_to(root).parent.parts
                package = package[: len(package) - node.level + 1]
                module = ".".join((*package, *([module] if module else [])))
            if module.split(".")[0] in (PACKAGE, "bot"):
                yield module, node.lineno


def _outright(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run whenever the file is imported; under ``try`` or ``if`` they may be meant to fail."""
    yield from tree.body


def _collect(trees: list[tuple[Path, ast.Module]], root: Path, actions: PythonActions) -> None:
    constants = {
        target.id: node.value
        for _, tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    attributes: set[str] = set()
    classes = [(path, node) for path, tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for path, owner in classes:
        for statement in owner.body:
            if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
                continue
            if _take(statement.value, path, root, constants, attributes, actions):
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                attributes.update(target.id for target in targets if isinstance(target, ast.Name))
    for path, owner in classes:
        bases = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in owner.bases}
        for base in bases & set(NAMED_BY_RASA):
            actions.named.setdefault(NAMED_BY_RASA[base], _place(path, root, owner))
        for keyword in owner.keywords:
            _take(keyword.value, path, root, constants, attributes, actions)
        for statement in owner.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == "name":
                for node in ast.walk(statement):
                    if isinstance(node, ast.Return) and node.value is not None:
                        taken = _take(node.value, path, root, constants, attributes, actions)
                        actions.certain = actions.certain and taken
    for _, tree in trees:
        for node in ast.walk(tree):
            if (pattern := _pattern(node)) is not None:
                actions.patterns.append(pattern)
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "type" and len(node.args) == 3:
                actions.certain = False  # a class that is made while the program runs


def _texts(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node


def _collect_texts(trees: list[tuple[Path, ast.Module]], root: Path, actions: PythonActions) -> None:
    for path, tree in trees:
        for text, node in _texts(tree):
            actions.texts.setdefault(text, _place(path, root, node))


def _collect_kit_texts(trees: list[tuple[Path, ast.Module]], actions: PythonActions) -> None:
    for _, tree in trees:
        texts = {text for text, _ in _texts(tree)}
        # In the kit a class is called as its `action_name` says, and in each file stands one action.
        name = next((text for text in sorted(texts) if text.startswith("action_") and text in actions.named), "")
        actions.kit_texts.setdefault(name, set()).update(texts)


def _check_flags(trees: list[tuple[Path, ast.Module]], root: Path, found: Findings) -> None:
    """Whether an action may run again, or in a shadow turn, is a yes or a no that can be read here."""
    for path, tree in trees:
        for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            for statement in owner.body:
                if not isinstance(statement, ast.Assign | ast.AnnAssign) or not isinstance(
                    statement.value, ast.Constant
                ):
                    continue
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                for name in {target.id for target in targets if isinstance(target, ast.Name)} & set(FLAGS):
                    if not isinstance(statement.value.value, bool):
                        what = f"{name} of {owner.name} is neither True nor False."
                        found.wrong(_place(path, root, statement), what, "Write one of them.")


def _take(
    value: ast.expr,
    path: Path,
    root: Path,
    constants: dict[str, ast.expr],
    attributes: Container[str],
    actions: PythonActions,
) -> bool:
    """Note the name that an expression gives; False where it cannot be read."""
    if isinstance(value, ast.Name) and value.id in constants:
        value = constants[value.id]
    if isinstance(value, ast.Attribute):
        if value.attr in attributes:
            return True  # noted where the class says what it is
        if value.attr in constants:
            value = constants[value.attr]
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        actions.named.setdefault(value.value, _place(path, root, value))
        return True
    return _pattern(value) is not None


def _pattern(node: ast.AST) -> re.Pattern[str] | None:
    """The shape of a text that is put together (f-string, ``+``, ``%``, ``format``), if it says anything at all."""
    parts = _parts(node)
    if parts is None or not any(part and re.search(r"\w{2}", part) for part in parts):
        return None
    return re.compile("".join(".+" if part is None else re.escape(part) for part in parts), re.DOTALL)


def _parts(node: ast.AST) -> list[str | None] | None:
    """The known pieces of a text, None for each gap; None where it is no text that is put together."""
    if isinstance(node, ast.JoinedStr):
        return [str(one.value) if isinstance(one, ast.Constant) else None for one in node.values]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_side(node.left), _side(node.right)]
        if any(part is not None for side in sides for part in side):
            return [part for side in sides for part in side]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and _is_text(node.left):
        return _with_gaps(node.left.value, r"%(?:\(\w+\))?[sdr]")  # type: ignore[attr-defined]
    formats = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    if formats and _is_text(node.func.value):  # type: ignore[attr-defined]
        return _with_gaps(node.func.value.value, r"\{[^{}]*\}")  # type: ignore[attr-defined]
    return None


def _side(node: ast.expr) -> list[str | None]:
    if _is_text(node):
        return [node.value]  # type: ignore[attr-defined]
    return _parts(node) or [None]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _with_gaps(text: str, gap: str) -> list[str | None]:
    pieces = re.split(gap, text)
    return [piece for index, one in enumerate(pieces) for piece in ([one] if index == 0 else [None, one])]


def _place(path: Path, root: Path, node: ast.expr | ast.stmt) -> Place:
    return Place(path.relative_to(root) if path.is_relative_to(root) else path, node.lineno)
