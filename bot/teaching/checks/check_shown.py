"""Responses of which a customer would see less than was written: addresses, custom parts, variations for a channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from bot.dialogue.shown import LINKS, NO_ADDRESS, PICTURES, may_open, shown_in
from bot.teaching.checks.domain import Domain
from bot.teaching.checks.findings import Findings, did_you_mean
from bot.teaching.checks.written import Document, is_null, items, member, members, text

CHANNELS = ("web", "telegram")
"""What `channel` may say of a variation: the names of our channels (a test compares them with the gateway's)."""

_ADDRESSES = frozenset({*LINKS, *PICTURES, "attachment"})

_SLOT = re.compile(r"\{[^{}\s]+\}")


def check_shown(domain: Domain, found: Findings) -> None:
    """Note what of a response no channel shows, and where nothing would be said at all."""
    for name, response in domain.responses.items():
        always = False
        for document, variation in response.variations:
            channel = text(member(variation, "channel"))
            always = always or not (channel or items(member(variation, "condition")))
            if channel and channel not in CHANNELS:
                what = (
                    f"{name} has a variation for the channel {channel}, which Warmline does not have: it is never said."
                )
                remedy = f"The channels are {' and '.join(CHANNELS)}; without `channel` it is said on all of them."
                found.remark(
                    document.place(member(variation, "channel") or variation),
                    what,
                    did_you_mean(channel, CHANNELS, remedy),
                )
            _check_variation(name, document, variation, found)
        if response.variations and not always:
            found.remark(
                response.place,
                f"{name} has only variations with a `channel` or a `condition`: where none fits, nothing is said.",
                "Add one without either.",
            )


def _check_variation(name: str, document: Document, variation: yaml.Node, found: Findings) -> None:
    for what in shown_in(_plain(variation)).left_out:
        if what == NO_ADDRESS:
            found.wrong(
                document.place(next(_closed(variation), variation)),
                f"{name} has {what}: no customer could open it.",
                "Write the whole address, with https:// (or mailto: or tel:) before it.",
            )
        else:
            found.remark(
                document.place(variation),
                f"{name} has {what}: no channel shows it.",
                "Write what customers are to read under `text`, `title` or `url`.",
            )


def _closed(node: yaml.Node) -> Iterator[yaml.Node]:
    """The addresses below a node that may not be opened."""
    for key, value in members(node):
        address = _plain(value)
        if key.value in _ADDRESSES and isinstance(address, str) and not may_open(address.strip()):
            yield value
        yield from _closed(value)
    for item in items(node):
        yield from _closed(item)


def _plain(node: yaml.Node | None) -> Any:
    """What Rasa makes of a node; a slot that is filled in later stands for something that fits."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in members(node)}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in items(node)]
    if node is None or is_null(node):
        return None
    return _filled(str(node.value))


def _filled(written: str) -> str:
    if written.startswith("/") or not _SLOT.search(written):
        return written
    for scheme, address in (("mailto:", "mailto:a@b.example"), ("tel:", "tel:1"), ("{", "https://slot.example/")):
        if written.startswith(scheme):
            return address
    return _SLOT.sub("x", written)
