"""What trainers can get wrong in ``data/nlu`` without Rasa noticing, found with file and line.

No Rasa here: the files are read as YAML, so that each mistake can be shown where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import ContentError, Place
from bot.untrusted.lines import lines_of

KINDS = ("act", "fact")
LEAST_EXAMPLES = 2
"""With one example nothing can be held back to be tested on; more than a dozen are needed to be any good."""


@dataclass(frozen=True)
class WrittenExample:
    """A sentence as a trainer wrote it, entities marked."""

    text: str
    place: Place


@dataclass(frozen=True)
class WrittenIntent:
    """One ``- intent:`` block of a file."""

    name: str
    place: Place
    title: str | None
    kind: str | None
    articles: tuple[tuple[str, Place], ...]
    examples: tuple[WrittenExample, ...]


def check_intents(files: Sequence[Path], articles: Collection[str] | None) -> None:
    """Raise :class:`ContentError` for the first mistake; ``articles`` are the known ids, None where none exist yet."""
    intents = [intent for path in sorted(files) for intent in read_intents(path)]
    _check_examples(intents)
    for intent in intents:
        _check_metadata(intent, articles)


def read_intents(path: Path) -> Iterator[WrittenIntent]:
    """Yield the intents of a training file; :class:`ContentError` where it is not YAML."""
    text = _text_of(path)
    try:
        document = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        raise ContentError(Place(path, line), f"this is not YAML ({error.problem}).", "Mend the line.") from error
    for item in _items(_member(document, "nlu")):
        name = _member(item, "intent")
        if isinstance(name, yaml.ScalarNode):
            yield _intent(path, item, name)


def _text_of(path: Path) -> str:
    """Read a file as UTF-8; :class:`ContentError` with the line where it is something else, or nothing at all."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = f"this line is not UTF-8 text (byte 0x{content[error.start]:02x})."
        raise ContentError(Place(path, line), what, "Save the whole file as UTF-8.") from error
    if not text.strip():
        raise ContentError(Place(path), "the file is empty.", "Write intents into it, or delete it.")
    if garbled := _GARBLED.search(text):
        line = text.count("\n", 0, garbled.start()) + 1
        what = f"{garbled[0]!r} looks like a character that was read in one encoding and saved in another."
        raise ContentError(Place(path, line), what, "Type the character again, and save the file as UTF-8.")
    return text


# UTF-8 read as Windows-1252 and saved again: an accented letter, a quotation mark or a dash becomes two or three
# signs; and the sign that stands for a byte that could not be read.
_GARBLED = re.compile("\u00c3[\u0080-\u00bf\u0192\u201a-\u201e]|\u00e2\u20ac.|\u00c2[\u00a0-\u00bf]|\ufffd")
# libyaml reads a thousand examples ten times faster than Python does.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _intent(path: Path, item: yaml.Node, name: yaml.ScalarNode) -> WrittenIntent:
    metadata = _member(item, "metadata")
    return WrittenIntent(
        name=name.value,
        place=_place(path, name),
        title=_text(_member(metadata, "title")),
        kind=_text(_member(metadata, "kind")),
        articles=tuple(
            (node.value, _place(path, node))
            for node in _items(_member(metadata, "articles"))
            if isinstance(node, yaml.ScalarNode)
        ),
        examples=tuple(_examples(path, _member(item, "examples"))),
    )


def _examples(path: Path, node: yaml.Node | None) -> Iterator[WrittenExample]:
    if isinstance(node, yaml.ScalarNode):
        # A block scalar (`examples: |`) begins on the line after its mark.
        first = node.start_mark.line + (2 if node.style in ("|", ">") else 1)
        for offset, line in enumerate(lines_of(node.value)):
            if line.startswith("-") and line[1:].strip():
                yield WrittenExample(line[1:].strip(), Place(path, first + offset))
    for entry in _items(node):
        text = _member(entry, "text")
        if isinstance(text, yaml.ScalarNode) and text.value.strip():
            yield WrittenExample(text.value.strip().removeprefix("-").strip(), _place(path, text))


def _check_examples(intents: Sequence[WrittenIntent]) -> None:
    seen: dict[str, tuple[str, Place]] = {}
    counts: dict[str, int] = {}
    for intent in intents:
        counts[intent.name] = counts.get(intent.name, 0) + len(intent.examples)
        for example in intent.examples:
            key = " ".join(example.text.casefold().split())
            name, place = seen.setdefault(key, (intent.name, example.place))
            if name != intent.name:
                raise ContentError(
                    example.place,
                    f"the same sentence stands under {intent.name} here and under {name} in {place}.",
                    "Keep it where it belongs.",
                )
    for intent in intents:
        if counts[intent.name] < LEAST_EXAMPLES:
            raise ContentError(
                intent.place,
                f"{intent.name} has {counts[intent.name]} example{'' if counts[intent.name] == 1 else 's'}.",
                "Write 15 or more, as customers would say it.",
            )


def _check_metadata(intent: WrittenIntent, articles: Collection[str] | None) -> None:
    if not intent.title:
        raise ContentError(intent.place, f"{intent.name} has no title.", "Add `metadata:` with a `title:` for humans.")
    if intent.kind not in KINDS:
        raise ContentError(
            intent.place,
            f"{intent.name} has no `kind`, or one that is neither act nor fact.",
            "Write `kind: act` where the assistant does something, `kind: fact` where an article answers.",
        )
    if intent.kind == "fact" and not intent.articles:
        raise ContentError(
            intent.place,
            f"{intent.name} asks for a fact but names no article.",
            "Add `articles: [id]` to its metadata.",
        )
    for article, place in intent.articles:
        if articles is not None and article not in articles:
            raise ContentError(
                place, f"there is no article {article!r}.", "Use an `id` from knowledge_index/articles/, or write it."
            )


def _member(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if getattr(name, "value", None) == key), None)


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _text(node: yaml.Node | None) -> str | None:
    return node.value.strip() if isinstance(node, yaml.ScalarNode) else None


def _place(path: Path, node: yaml.Node) -> Place:
    return Place(path, node.start_mark.line + 1)
