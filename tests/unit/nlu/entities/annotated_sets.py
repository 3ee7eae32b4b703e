"""The annotated examples of small domains, read as Rasa reads them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from bot.nlu.entities.recogniser import Annotated, Mention

FOLDER = Path(__file__).parent / "annotated"
DOMAINS = tuple(path.stem for path in sorted(FOLDER.glob("*.yml")))

_MARK = re.compile(r"\[([^\]]+)\](?:\(([^)]+)\)|(\{[^}]+\}))")


def annotated(written: str) -> Annotated:
    """An example as a trainer writes it, ``[words](entity)`` or ``[words]{"entity": …}``."""
    text, mentions, last = "", [], 0
    for match in _MARK.finditer(written):
        text += written[last : match.start()]
        marked = {"entity": match[2]} if match[2] else json.loads(match[3])
        end = len(text) + len(match[1])
        mentions.append(Mention(marked["entity"], len(text), end, marked.get("role", ""), marked.get("group", "")))
        text += match[1]
        last = match.end()
    return Annotated(text + written[last:], tuple(mentions))


def examples_of(domain: str) -> list[Annotated]:
    """All examples of a domain, those without a mention among them."""
    content = yaml.safe_load((FOLDER / f"{domain}.yml").read_text("utf-8"))
    lines = [line for item in content["nlu"] for line in item["examples"].splitlines()]
    return [annotated(line.removeprefix("- ")) for line in lines]
