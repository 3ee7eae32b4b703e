"""Wishes in ``desk.yml`` that no intent has: nobody would ever be asked for."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.errors import ContentError
from bot.teaching.checks.findings import Findings, did_you_mean
from bot.teaching.checks.joined_core import domain_of
from bot.teaching.checks.project import domain_files
from bot.teaching.checks.written import items, member, members, read_document

FILE = "desk.yml"


def check_skills(root: Path, found: Findings) -> None:
    """Remark on skills whose intents the domain does not have; files that cannot be read are noted elsewhere."""
    if not (root / FILE).is_file():
        return
    try:
        desk = read_document(root / FILE, Path(FILE))
        domain = domain_of(root, domain_files(root))
    except (ContentError, OSError):
        return
    for skill, wishes in members(member(desk.root, "skills")):
        for wish in items(wishes):
            if isinstance(wish, yaml.ScalarNode) and wish.value not in domain.all_intents:
                found.remark(
                    desk.place(wish),
                    f"the skill {skill.value} is for {wish.value}, but the domain has no such intent.",
                    did_you_mean(wish.value, domain.intents, "Correct the name or remove it."),
                )
