"""Changes to a YAML file as it is written: what is not changed keeps its comments, its order and its line ends.

The places come from the nodes of `bot/teaching/checks/written.py`. Nothing is loaded and written again: a person who
compares the file with the original sees the changes that the report names, and no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


@dataclass
class Edits:
    """The changes to one text, gathered first and made at once."""

    text: str
    _edits: list[_Edit] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to change."""
        return bool(self._edits)

    def done(self) -> str:
        """The text with every change made; a change inside of what is cut out is forgotten."""
        return "".join(piece for piece, _ in self._pieces())

    def lines(self) -> list[int]:
        """For each line of the changed text the line of the original from which it comes, from 1."""
        found: list[int] = []
        begins = True
        for piece, at in self._pieces():
            if not piece:
                continue
            # What is put in stands where it was put in.
            step = 1 if self.text.startswith(piece, at) else 0
            line = self.text.count("\n", 0, at) + 1
            ends = piece.count("\n")
            # A line that ends a piece may go on in the next one, or elsewhere.
            first, last = (0 if begins else 1), (ends - 1 if piece.endswith("\n") else ends)
            found.extend(line + step * number for number in range(first, last + 1))
            begins = piece.endswith("\n")
        return found or [1]

    def _pieces(self) -> Iterator[tuple[str, int]]:
        """The parts of the changed text, each with the place in the original where it stands or is put in."""
        at = 0
        # Of two that begin at one place, what is put in comes before what is taken away.
        for edit in sorted(self._edits, key=lambda one: (one.start, one.end)):
            if edit.start >= at:
                yield self.text[at : edit.start], at
                yield edit.text, edit.start
                at = edit.end
        yield self.text[at:], at

    def rename(self, node: yaml.ScalarNode, new: str) -> None:
        """Write another name in a scalar's place, between the same quotation marks."""
        quote = node.style if node.style in ("'", '"') else ""
        self._edit(node.start_mark.index, end_of(self.text, node), f"{quote}{new}{quote}")

    def replace_in(self, node: yaml.ScalarNode, old: str, new: str) -> None:
        """Replace the first ``old`` in a scalar as it is written."""
        start, end = node.start_mark.index, end_of(self.text, node)
        self._edit(start, end, self.text[start:end].replace(old, new, 1))

    def put(self, node: yaml.Node, written: str) -> None:
        """Write something else in a node's place."""
        start, end = node.start_mark.index, end_of(self.text, node)
        # Nothing at all stands for null, right behind the colon.
        self._edit(start, end, written if end > start or self.text[start - 1 : start] in (" ", "") else f" {written}")

    def add_entry(self, mapping: yaml.MappingNode, key: str, value: str) -> None:
        """Add ``key: value`` (the value in flow style) in front of a mapping's entries."""
        if not mapping.value:
            self.put(mapping, f"{{{key}: {value}}}")
        elif mapping.flow_style:
            self._insert(mapping.start_mark.index + 1, f"{key}: {value}, ")
        else:
            first = mapping.value[0][0].start_mark
            self._insert(first.index, f"{key}: {value}{self.line_end}{' ' * first.column}")

    def add_item(self, sequence: yaml.SequenceNode, value: str) -> None:
        """Add an item (in flow style) in front of a list's."""
        if not sequence.value:
            self.put(sequence, f"[{value}]")
        elif sequence.flow_style:
            self._insert(sequence.start_mark.index + 1, f"{value}, ")
        else:
            at = sequence.start_mark
            self._insert(at.index, f"- {value}{self.line_end}{' ' * at.column}")

    def add_line_below(self, node: yaml.Node, written: str, column: int) -> None:
        """Add a line below the one on which a scalar stands."""
        end = self.text.find("\n", end_of(self.text, node))
        at, begins = (len(self.text), self.line_end) if end < 0 else (end + 1, "")
        self._insert(at, f"{begins}{' ' * column}{written}{self.line_end}")

    def cut_item(self, sequence: yaml.SequenceNode, item: yaml.Node) -> None:
        """Take an item out of a list."""
        self._cut(item.start_mark.index, end_of(self.text, item), bool(sequence.flow_style), "-")

    def cut_entry(self, mapping: yaml.MappingNode, key: yaml.Node) -> None:
        """Take a key and its value out of a mapping."""
        value = next(value for name, value in mapping.value if name is key)
        end = max(end_of(self.text, key), end_of(self.text, value))
        self._cut(key.start_mark.index, end, bool(mapping.flow_style), "")

    def cut_line(self, line: int) -> None:
        """Take out a whole line; lines count from 1, and end at line feeds alone."""
        start, end = self._line(line)
        self._edit(start, end, "")

    def line(self, line: int) -> str:
        """A line as it is written."""
        start, end = self._line(line)
        return self.text[start:end]

    def _line(self, line: int) -> tuple[int, int]:
        start = 0
        for _ in range(line - 1):
            start = self.text.find("\n", start) + 1
        end = self.text.find("\n", start)
        return start, len(self.text) if end < 0 else end + 1

    @property
    def line_end(self) -> str:
        """How the lines of the file end."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def _cut(self, start: int, end: int, flow: bool, mark: str) -> None:
        if flow:
            after = end + len(self.text[end:]) - len(self.text[end:].lstrip())
            if self.text[after : after + 1] == ",":
                self._edit(start, after + 1, "")
            else:
                before = self.text[:start].rstrip()
                self._edit(len(before) - 1 if before.endswith(",") else start, end, "")
            return
        line = self.text.rfind("\n", 0, start) + 1
        if self.text[line:start].strip() not in ("", mark):
            line = start  # something else begins on this line: `- - item`
        below = self.text.find("\n", end)
        stop = len(self.text) if below < 0 else below + 1
        while (blank := self.text.find("\n", stop) + 1) and not self.text[stop:blank].strip():
            stop = blank  # the blank lines that set it apart from what follows
        self._edit(self._above(line, start), stop, "")

    def _above(self, line: int, start: int) -> int:
        """Where the comment begins that stands right above an item, as far to the right as its dash."""
        before = self.text[line:start]
        indent = before[: len(before) - len(before.lstrip())]
        while line and self.text[self.text.rfind("\n", 0, line - 1) + 1 : line].startswith(f"{indent}#"):
            line = self.text.rfind("\n", 0, line - 1) + 1
        return line

    def _insert(self, at: int, written: str) -> None:
        self._edit(at, at, written)

    def _edit(self, start: int, end: int, written: str) -> None:
        self._edits.append(_Edit(start, end, written))


def end_of(text: str, node: yaml.Node) -> int:
    """Where a node's own text ends; YAML's mark stands behind the comments and blank lines that follow."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        parts = last if isinstance(last, tuple) else (last,)
        # An alias (`*name`) is the node that it stands for, which may stand further up.
        return max(node.start_mark.index, *(end_of(text, part) for part in parts))
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip())
