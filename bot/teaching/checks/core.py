"""A company that does without what every assistant has: what it would have to write itself."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot import core
from bot.errors import ContentError
from bot.teaching.checks.domain import read_domain
from bot.teaching.checks.findings import Findings
from bot.teaching.checks.joined_core import IMPORTER, SETTING, core_domain, domain_of, joins_core
from bot.teaching.checks.project import domain_files
from bot.teaching.checks.written import items, member, read_document, text


def check_core(root: Path, found: Findings) -> None:
    """Name a language in which Warmline brings nothing, and remark on a company that does without what it brings.

    Whoever writes ``core: false`` has decided so.
    """
    try:
        config = read_document(root / "config.yml", Path("config.yml"))
        domain = domain_of(root, domain_files(root))
    except (ContentError, OSError):
        return  # noted elsewhere
    deciders = [entry for entry in items(member(config.root, "pipeline")) if _is_decider(member(entry, "name"))]
    language = member(config.root, "language")
    if joins_core(config) and language is not None and text(language) not in core.LANGUAGES:
        what = f"Warmline brings nothing in {text(language)}, and would join what it has in {core.LANGUAGES[0]}."
        found.wrong(config.place(language), what, f"Choose one of {', '.join(core.LANGUAGES)}, or write `core: false`.")
    decided = any(member(entry, SETTING) is not None for entry in items(member(config.root, "importers")))
    if decided or not deciders:
        return
    brought = read_domain([core_domain()])
    missing = [
        f"{len(lacking)} {what}, such as {lacking[0]}"
        for what, needed, there in (
            ("intents", brought.intents, domain.intents),
            ("actions", brought.actions, domain.actions),
            ("responses", brought.responses, domain.responses),
        )
        if (lacking := [name for name in needed if name not in there])
    ]
    if missing:
        what = f"the domain lacks what every assistant has: {'; '.join(missing)}."
        found.remark(config.place(deciders[0]), what, f"Write `{SETTING}: true` under the importer {IMPORTER}.")


def _is_decider(name: yaml.Node | None) -> bool:
    return (text(name) or "").endswith(".WarmlineArbiter")
