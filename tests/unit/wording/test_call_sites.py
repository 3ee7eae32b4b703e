"""No sentence for a customer stands in code: whoever says one names it, with the values that it takes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.wording.files import placeholders, product_catalogue, read_product

ROOT = Path(__file__).resolve().parents[3]
GATEWAY = ROOT / "bot" / "gateway"
WIDGET = ROOT / "frontend" / "widget"
SOURCES = [path for folder in ("bot", "actions") for path in sorted((ROOT / folder).rglob("*.py"))]
ENGLISH = read_product()["en"]

SAYING = [
    *sorted((GATEWAY / "tickets").glob("*.py")),
    *sorted((GATEWAY / "conversations").glob("*.py")),
    *sorted((GATEWAY / "channels").glob("*.py")),
    GATEWAY / "external_desks" / "takeover.py",
    GATEWAY / "platform" / "body_limit.py",
    GATEWAY / "platform" / "guarded_http.py",
    GATEWAY / "web" / "articles.py",
]
"""The modules that say something to customers."""

FOR_AGENTS = re.compile(
    r"""^(
        There\ is\ no\ such\ (ticket|colleague|answer\ in\ this\ conversation)\.
      | You\ (have|do\ not\ have)\ .*conversation.*
      | This\ customer\ is\ no\ longer\ waiting\.
      | The\ customer\ has\ ended\ the\ conversation\ in\ their\ browser.*
      | The\ conversation\ has\ another\ owner\ by\ now\.
      | Presence\ is\ online,\ away\ or\ offline\.
      | …\ (was\ faster|promised\ this\ by\ now|could\ not\ be\ reached).*
      | Queued\ again:\ the\ customer\ had\ no\ answer\ from\ .*
    )$""",
    re.VERBOSE,
)
"""Sentences of these modules that only people at the desk read, who work in English."""

FOR_PROGRAMMERS = re.compile(
    r"""^(
        That\ choice\ is\ not\ one\ that\ was\ offered\ here\.
      | Send\ either\ a\ text\ or\ a\ choice\.
      | (Message|Another\ message\ came\ with\ the\ number)\ .*
      | It\ says\ (which\ channels\ are\ open|when\ people\ answer)\.
      | …\ of\ an\ address\ .* | Bearer\ …
      | WARMLINE_.* | Telegram.* | The\ secret\ token\ is\ missing\ or\ wrong\. | Updates\ from\ Telegram
      | Too\ Many\ Requests | Request\ Header\ Fields\ Too\ Large | Bad\ Request | Request\ Timeout
    )$""",
    re.VERBOSE | re.DOTALL,
)
"""Errors, settings, headers and log lines: whoever reads them runs or connects the gateway."""


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called == name:
                yield node


def _wordings() -> Iterator[tuple[str, str, frozenset[str]]]:
    for path in SOURCES:
        for call in _calls(ast.parse(path.read_text()), "wording"):
            where = f"{path.relative_to(ROOT)}:{call.lineno}"
            assert len(call.args) == 1, where
            assert isinstance(call.args[0], ast.Constant), f"{where}: a key is written out, so that it can be found"
            yield where, str(call.args[0].value), frozenset(str(one.arg) for one in call.keywords)


def test_every_wording_is_named_with_the_values_that_it_takes() -> None:
    """A missing value would be a fault in front of a customer."""
    wrong = []
    for where, key, values in _wordings():
        text = ENGLISH.get(key)
        takes = None if text is None else placeholders(text if isinstance(text, str) else text["other"])
        if takes != values:
            wrong.append(f"{where}: {key} takes {takes and sorted(takes)}")
    assert wrong == []


def test_every_sentence_is_said_somewhere() -> None:
    """What nobody says is not translated in vain."""
    said = {key for _, key, _ in _wordings()}
    widget = set(re.findall(r'say\("(\w+)"', (WIDGET / "texts.ts").read_text()))
    assert set(ENGLISH) == said | {f"widget.{key}" for key in widget}


def _sentences(path: Path) -> Iterator[tuple[int, str]]:
    """What begins with a capital and has two words or more, outside docstrings."""
    tree = ast.parse(path.read_text())
    silent = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    silent |= {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if node in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if re.match(r"[A-Z].*[a-z] [a-z…]|….*[a-z] [a-z…].*[.:?!]", text):
            yield node.lineno, text


@pytest.mark.parametrize("path", SAYING, ids=lambda path: str(path.relative_to(GATEWAY)))
def test_a_module_that_talks_to_customers_holds_no_sentence(path: Path) -> None:
    """What is neither for agents nor for programmers belongs into the catalogue."""
    left = [
        f"{line}: {text}"
        for line, text in _sentences(path)
        if not FOR_AGENTS.match(text) and not FOR_PROGRAMMERS.match(text)
    ]
    assert left == []


@pytest.mark.parametrize("path", sorted(GATEWAY.rglob("*.py")), ids=lambda path: str(path.relative_to(GATEWAY)))
def test_no_entry_that_a_customer_reads_is_written_from_a_literal(path: Path) -> None:
    """In the whole gateway: an entry of the system or the assistant that is no note has its words from elsewhere."""
    left = []
    for call in _calls(ast.parse(path.read_text()), "append"):
        given = {one.arg: one.value for one in call.keywords}
        author, kind = given.get("author"), given.get("type")
        to_customers = not isinstance(kind, ast.Constant) or kind.value == "message"
        by_us = isinstance(author, ast.Constant) and author.value in ("system", "bot")
        if by_us and to_customers and isinstance(given.get("text"), ast.Constant | ast.JoinedStr):
            literal = given["text"]
            names = [node.id for node in ast.walk(literal) if isinstance(node, ast.Name)]
            if not names or not isinstance(literal, ast.JoinedStr):
                left.append(call.lineno)
    assert left == []


def test_the_widget_holds_no_sentence() -> None:
    """What stands in quotation marks with a capital and a blank is for the console, or it is in the catalogue."""
    left = []
    for path in sorted(WIDGET.glob("*.ts")):
        for number, line in enumerate(path.read_text().split("\n"), start=1):
            code = line.split("//")[0] if "://" not in line else line
            if code.lstrip().startswith("*") or "console.error" in code or "Warmline:" in code:
                continue
            found = re.findall(r"[\"`]((?:[A-Z][a-z]+|I'd) [a-z][^\"`]*)[\"`]", code)
            left += [f"{path.name}:{number}: {text}" for text in found]
    assert left == []


def test_the_widgets_english_is_the_catalogues() -> None:
    """What is built in is what the gateway would say; `npm run check` proves it too, this does without Node."""
    built_in = json.loads((WIDGET / "english.json").read_text(encoding="utf-8"))
    assert built_in == product_catalogue().texts_below("widget.", "en")
