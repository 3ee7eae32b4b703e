"""Reads ``data/talk``: the phrases of acts of speech; mistakes are named with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from bot.errors import ContentError, Place
from bot.nlu.reading.acts import ACTS, WHEN, Act, TalkWords, When
from bot.nlu.reading.phrases import PhraseError, pattern_of
from bot.nlu.trainers_yaml import composed

FOLDER = "talk"
"""Below ``data/``."""

_LISTS = ("before", "after", "person", "pass_on", "never_person")
_ACTS: Mapping[str, Act] = {act: act for act in ACTS}
_WHEN: Mapping[str, When] = {when: when for when in WHEN}


def read_talk_words(folder: Path) -> TalkWords:
    """Return the phrases of all files together; :class:`ContentError` for the first mistake, or where there is none."""
    acts: dict[Act, dict[When, list[str]]] = {}
    lists: dict[str, list[str]] = {name: [] for name in _LISTS}
    words: dict[str, str] = {}
    phrases: list[tuple[str, Place]] = []
    for path in sorted(folder.glob("*.yml")):
        for name, node in _members(_talk_in(path), path):
            if name.value in _LISTS:
                written = list(_phrases(path, node))
                lists[name.value] += [phrase for phrase, _ in written]
                phrases += written
            elif name.value == "words":
                words.update({key.value: value.value for key, value in _members(node, path)})
            elif name.value == "acts":
                for act, when, written in _acts_in(path, node):
                    acts.setdefault(act, {}).setdefault(when, []).extend(phrase for phrase, _ in written)
                    phrases += written
            else:
                remedy = "Write acts, words, before, after, person, pass_on or never_person."
                raise ContentError(_place(path, name), f"there is nothing called {name.value!r} in `talk`.", remedy)
    if not acts:
        what = "there is not one act of speech in it, so nobody could ask what was said."
        raise ContentError(
            Place(folder), what, "Write the phrases under `talk`, or remove WarmlineTalk from config.yml."
        )
    for phrase, place in phrases:
        try:
            pattern_of(phrase, words)
        except (PhraseError, RecursionError) as error:
            raise ContentError(place, str(error), "Mend the phrase.") from error
    return TalkWords(acts=acts, words=words, **lists)


def _talk_in(path: Path) -> yaml.Node | None:
    document = composed(path)
    return next((node for name, node in _members(document, path) if name.value == "talk"), None)


def _acts_in(path: Path, node: yaml.Node) -> Iterator[tuple[Act, When, list[tuple[str, Place]]]]:
    for name, groups in _members(node, path):
        if name.value not in _ACTS:
            raise ContentError(
                _place(path, name), f"there is no act {name.value!r}.", f"Write one of {', '.join(ACTS)}."
            )
        for when, written in _members(groups, path):
            if when.value not in _WHEN:
                remedy = f"Write one of {', '.join(WHEN)}."
                raise ContentError(_place(path, when), f"an act does not count {when.value!r}.", remedy)
            yield _ACTS[name.value], _WHEN[when.value], list(_phrases(path, written))


def _phrases(path: Path, node: yaml.Node) -> Iterator[tuple[str, Place]]:
    if not isinstance(node, yaml.SequenceNode):
        raise ContentError(
            _place(path, node), "this is not a list of phrases.", "Write one phrase a line, after a dash."
        )
    for entry in node.value:
        if not isinstance(entry, yaml.ScalarNode) or not entry.value.strip():
            raise ContentError(_place(path, entry), "this is not a phrase.", "Write words, in quotation marks.")
        yield entry.value, _place(path, entry)


def _members(node: yaml.Node | None, path: Path) -> list[tuple[yaml.Node, yaml.Node]]:
    if node is None:
        return []
    if not isinstance(node, yaml.MappingNode):
        raise ContentError(_place(path, node), "names and what belongs to them are wanted here.", "Write `name: …`.")
    return list(node.value)


def _place(path: Path, node: yaml.Node) -> Place:
    return Place(path, node.start_mark.line + 1)
