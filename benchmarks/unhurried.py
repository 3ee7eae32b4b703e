"""A visitor who writes turn after turn: a checkout's own ``channels.yml``, with limits that this one never reaches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

NEVER_REACHED = 100_000
"""Messages, kilobytes or conversations a minute: a hundred times what a benchmark sends."""


def lift_limits(channels: Path) -> None:
    """Raise every limit of the website that stands in the file; they are counted as ever.

    A limit that does not stand there is not added: an earlier state of the gateway refuses keys that it does not know.
    """
    content = yaml.safe_load(channels.read_text(encoding="utf-8"))
    website = content["website"]
    for name in ("new_conversations_per_minute", "limits"):
        if name in website:
            website[name] = _raised(website[name])
    channels.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def _raised(limit: Any) -> Any:
    if isinstance(limit, dict):
        return {name: _raised(one) for name, one in limit.items()}
    return NEVER_REACHED
