"""YAML nodes written on one line, each value as it was: what stood in quotation marks does so again."""

from __future__ import annotations

import json
import re

import yaml

from bot.teaching.checks.written import is_null, members

# What needs no quotation marks inside of brackets and braces, and means there what it means elsewhere.
_PLAIN = re.compile(r"[\w.+/\-]+(?: [\w.+/\-]+)*")

_NAME = re.compile(r"[A-Za-z_][\w./\-]*")


def on_one_line(node: yaml.Node | None) -> str:
    """A node in flow style: ``[a, b]``, ``{type: from_entity, entity: cuisine}``."""
    if node is None or is_null(node):
        return "null"
    if isinstance(node, yaml.SequenceNode):
        return f"[{', '.join(map(on_one_line, node.value))}]"
    if isinstance(node, yaml.MappingNode):
        return entries({key.value: on_one_line(value) for key, value in members(node)})
    if not isinstance(node, yaml.ScalarNode):
        return "null"
    if not node.style and _PLAIN.fullmatch(node.value):
        return str(node.value)
    return json.dumps(node.value, ensure_ascii=False)


def name(written: str) -> str:
    """A name of an intent, an action or a slot, in quotation marks where it would be read as something else."""
    plain = _NAME.fullmatch(written) and isinstance(yaml.safe_load(written), str)
    return written if plain else json.dumps(written, ensure_ascii=False)


def entries(written: dict[str, str]) -> str:
    """Keys with values that are written already, in braces."""
    return f"{{{', '.join(f'{key}: {value}' for key, value in written.items())}}}"
