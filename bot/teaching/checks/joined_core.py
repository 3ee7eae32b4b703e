"""Warmline's own domain, rules and examples, as documents beside a company's: what is checked is what is trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot import core
from bot.installation import BESIDE
from bot.teaching.checks.conversations import Conversation, read_conversations
from bot.teaching.checks.domain import Domain, read_domain
from bot.teaching.checks.written import Document, items, member, read_document, text

IMPORTER = "bot.brain.content.TrainersData"
"""What reads a company's data, and with ``core: true`` Warmline's own beside it."""
SETTING = "core"

WARMLINES_OWN = core.HERE.relative_to(BESIDE)
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


def core_examples() -> Document:
    """Warmline's own examples."""
    return _own(core.examples_file())


def core_conversations(own: Sequence[Conversation]) -> list[Conversation]:
    """Warmline's own rules, but for those that a company has under the same name."""
    replaced = {one.name for one in own if one.kind == "rule"}
    return [one for one in read_conversations(_own(core.rules_file())) if one.name not in replaced]


def _own(path: Path) -> Document:
    return read_document(path, path.relative_to(BESIDE))


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
