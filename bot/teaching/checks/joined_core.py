"""Warmline's own domain, rules and examples, as documents beside a company's: what is checked is what is trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot import core
from bot.teaching.checks.conversations import Conversation, read_conversations
from bot.teaching.checks.domain import Domain, read_domain
from bot.teaching.checks.written import Document, items, member, read_document, text

IMPORTER = "bot.brain.content.TrainersData"
"""What reads a company's data, and with ``core: true`` Warmline's own beside it."""
SETTING = "core"

_BESIDE = Path(core.__file__).resolve().parents[2]
WARMLINES_OWN = core.HERE.relative_to(_BESIDE)
"""How the places of Warmline's own files begin."""


def joins_core(config: Document | None) -> bool:
    """Whether ``config.yml`` joins Warmline's own files with the company's."""
    if config is None:
        return False
    entries = items(member(config.root, "importers"))
    return any(
        text(member(entry, "name")) == IMPORTER and (text(member(entry, SETTING)) or "").lower() == "true"
        for entry in entries
    )


def core_domain() -> Document:
    """Warmline's own domain."""
    return _own(core.domain_file())


def core_training_data() -> list[Document]:
    """Warmline's own rules and examples."""
    return [_own(core.rules_file()), _own(core.examples_file())]


def without_replaced(own: Sequence[Conversation], brought: Sequence[Conversation]) -> list[Conversation]:
    """Warmline's rules but for those that a company has under the same name."""
    replaced = {one.name for one in own if one.kind == "rule"}
    return [one for one in brought if one.name not in replaced]


def core_conversations(own: Sequence[Conversation]) -> list[Conversation]:
    """Warmline's own rules, beside a company's."""
    return without_replaced(own, [one for document in core_training_data() for one in read_conversations(document)])


def _own(path: Path) -> Document:
    return read_document(path, path.relative_to(_BESIDE))


def domain_of(root: Path, files: Sequence[Path]) -> Domain:
    """A company's domain from its ``files``, with Warmline's own where its config.yml joins them.

    Raises:
        ContentError: One of the files, or config.yml, is no YAML.
        OSError: One of the files cannot be read.
    """
    documents = [read_document(path, path.relative_to(root)) for path in files]
    config = root / "config.yml"
    if config.is_file() and joins_core(read_document(config, Path(config.name))):
        documents.append(core_domain())
    return read_domain(documents)
