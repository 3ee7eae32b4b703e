"""Mistakes in the languages that ``config.yml`` lists."""

from __future__ import annotations

import yaml

from bot.errors import SettingError
from bot.nlu.languages.spoken import listed
from bot.teaching.checks.findings import Findings
from bot.teaching.checks.written import Document, is_null, items, member, text


def check_languages(config: Document, found: Findings) -> None:
    """Note each language that cannot be told from others by its words."""
    for entry in items(member(config.root, "pipeline")):
        written = member(entry, "languages")
        if not (text(member(entry, "name")) or "").endswith(".WarmlineLanguage") or written is None or is_null(written):
            continue
        if not isinstance(written, yaml.SequenceNode):
            found.wrong(config.place(written), "`languages` is no list.", "Write one, such as [fr, de].")
        for code in items(written):
            try:
                listed([text(code) or ""])
            except SettingError as error:
                what, _, remedy = str(error).partition(": ")
                found.wrong(config.place(code), f"{what[0].lower()}{what[1:]}.", f"{remedy[0].upper()}{remedy[1:]}")
