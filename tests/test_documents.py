"""What the documents name is there: files that they link to, headings, paths, modules and commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer.main

from bot.commands.main import app

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *ROOT.rglob("docs/**/*.md"),
    )
    if not {"node_modules", ".venv", ".venv-brain"} & set(path.parts)
)
# What stands in the repository; what running makes and what an editor may write need not be there.
FOLDERS = "bot|actions|tests|docs|data|benchmarks|constraints|knowledge_index"
MADE = ("knowledge_index/built", "knowledge_index/accepted.yml")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(rf"`((?:{FOLDERS})/[^`\s]*)`")
MODULE = re.compile(r"(?<![\w./-])bot(?:\.[a-z_]\w*)+(?![\w/])")
COMMAND = re.compile(r"(?<![\w/.-])(?:\.venv/bin/)?warmline((?: [a-z][a-z-]*)+)")
TARGET = re.compile(r"(?:`|^|&& )make ([a-z][a-z-]*)", re.MULTILINE)

_COMMANDS: Mapping[str, Any] = getattr(typer.main.get_command(app), "commands")  # noqa: B009 - typer names no type for it


def _text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def _without_code(text: str) -> str:
    """A link in an example of Markdown is none."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def _anchors(path: Path) -> set[str]:
    """The headings of a page, as addresses name them on GitHub."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _code(document: str) -> str:
    """What stands in backticks or in a block: there a command is meant to be typed."""
    text = _text(document)
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    outside = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join((*blocks, *re.findall(r"`[^`\n]+`", outside)))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    """To a file or folder of the repository, and to a heading that stands in it."""
    broken = []
    for link in LINK.findall(_without_code(_text(document))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_is_named_is_there(document: str) -> None:
    """`bot/…` and its neighbours, with `*` for several, up to a name in capitals that stands for any."""
    gone = []
    for named in PATH.findall(_text(document)):
        path = re.split(r"…|[A-Z<{]", named.partition(":")[0])[0].rstrip("/")
        if not path.startswith(MADE) and not list(ROOT.glob(path)):
            gone.append(named)
    assert gone == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_is_named_is_there(document: str) -> None:
    """`bot.a.b` is a module, a package, or something that a module says."""
    gone = []
    for named in MODULE.findall(_text(document)):
        path, names = ROOT / "bot", named.split(".")[1:]
        while names and (path / names[0]).is_dir():
            path, names = path / names[0], names[1:]
        if names and (path / f"{names[0]}.py").is_file():
            path, names = path / f"{names[0]}.py", names[1:]
        says = path if path.is_file() else path / "__init__.py"
        if names and not re.search(rf"\b{names[0]}\b", says.read_text(encoding="utf-8")):
            gone.append(named)
    assert gone == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_is_to_be_run_does_something(document: str) -> None:
    """`python -m` of a module without a main part ends at once and says nothing."""
    silent = []
    for named in re.findall(r"python -m ((?:bot|actions|benchmarks|tests)\.[a-z_.]+[a-z])", _text(document)):
        module = ROOT / named.replace(".", "/")
        file = module / "__main__.py" if module.is_dir() else module.with_suffix(".py")
        if not file.is_file() or (file.stem != "__main__" and "__main__" not in file.read_text(encoding="utf-8")):
            silent.append(named)
    assert silent == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_is_there(document: str) -> None:
    """`warmline …` and `make …`, as they are typed."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", _text("Makefile"), re.MULTILINE))
    gone = [
        f"make {name}" for name in TARGET.findall(_code(document)) if name not in targets and not name.endswith("-")
    ]
    for words in COMMAND.findall(_code(document)):
        there: Mapping[str, Any] | None = _COMMANDS
        for word in words.split():
            if there is not None and word not in there:
                gone.append(f"warmline{words}")
                break
            # A command without commands below it takes what follows as its own.
            there = getattr(there[word], "commands", None) if there is not None else None
    assert gone == []
