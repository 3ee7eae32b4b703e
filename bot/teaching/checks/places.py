"""Adds file and line to what Rasa says of rules and stories, which it knows by their names only."""

from __future__ import annotations

import re
from pathlib import Path

from bot.teaching.checks.project import conversations_of


def with_places(sentence: str, root: Path) -> str:
    """Rasa's sentence, and below it where the rules and stories stand that it names in quotation marks."""
    places = [
        f"  {one.place}: {one.kind} “{one.name}”"
        for one in conversations_of(root)
        if re.search(rf"(?:'|, |> ){re.escape(one.name)}(?:'|, | >)", sentence)
    ]
    return "\n".join([sentence, *(["Where they are:", *places] if places else [])])
