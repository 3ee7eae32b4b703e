"""A file is changed in its places and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.teaching.checks.written import member
from bot.teaching.rasa_import.edits import Edits

BLOCK = """# Who we are.
slots:
  # The first.
  one:
    type: text   # of any kind

  two: {type: bool}
list:
  # About a.
  - a

  # About b.
  - name: b
    more: |
      b
      b

  - c  # the last
end: yes
"""
FLOW = "slots: {one: {type: text}, two: {type: bool}}\nlist: [a, {name: b}, c]\nend: yes\n"


def _nodes(text: str) -> Any:
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def _changed(text: str, change: Callable[[Edits, Any], None]) -> str:
    edits = Edits(text)
    change(edits, _nodes(text))
    return edits.done()


@pytest.mark.parametrize("text", [BLOCK, FLOW, BLOCK.replace("\n", "\r\n")], ids=["block", "flow", "windows"])
def test_an_item_goes_with_the_comment_above_it_and_nothing_else(text: str) -> None:
    """The other items keep theirs."""
    left = [["b", "c"], ["a", "c"], ["a", "b"]]
    for number in range(3):
        made = _changed(text, lambda edits, root, at=number: edits.cut_item(member(root, "list"), _item(root, at)))
        names = [one if isinstance(one, str) else one["name"] for one in yaml.safe_load(made)["list"]]
        assert names == left[number]
        assert "About " + "abc"[number] not in made
        assert yaml.safe_load(made)["slots"] == yaml.safe_load(text)["slots"]
    assert "# of any kind" in made or text == FLOW


def _item(root: Any, number: int) -> Any:
    return member(root, "list").value[number]


@pytest.mark.parametrize("text", [BLOCK, FLOW], ids=["block", "flow"])
def test_an_entry_is_added_and_taken_out(text: str) -> None:
    """In the style of the mapping in which it stands."""

    def change(edits: Edits, root: Any) -> None:
        slots = member(root, "slots")
        edits.add_entry(slots.value[0][1], "mappings", "[{type: custom}]")
        edits.cut_entry(slots, slots.value[1][0])

    made = yaml.safe_load(_changed(text, change))
    assert made["slots"] == {"one": {"type": "text", "mappings": [{"type": "custom"}]}}
    assert made["end"] is True


def test_a_value_that_nobody_wrote_can_be_written() -> None:
    """Nothing behind the colon stands for null."""
    made = _changed(
        "forms:\n  a:\n  b:\n", lambda edits, root: edits.put(member(member(root, "forms"), "a"), "{x: []}")
    )
    assert yaml.safe_load(made) == {"forms": {"a": {"x": []}, "b": None}}


def test_quotation_marks_stay_around_a_new_name() -> None:
    """And what is quoted is not taken for a number or a comment."""
    for written in ("'bye'", '"bye"', "bye"):
        made = _changed(f"- {written} # said\n", lambda edits, root: edits.rename(root.value[0], "goodbye"))
        assert made == f"- {written.replace('bye', 'goodbye')} # said\n"


def test_a_change_in_what_is_cut_out_is_forgotten() -> None:
    """A step of a story that goes."""

    def change(edits: Edits, root: Any) -> None:
        edits.put(_item(root, 1).value[0][1], "x")
        edits.cut_item(member(root, "list"), _item(root, 1))

    assert yaml.safe_load(_changed(BLOCK, change))["list"] == ["a", "c"]


def test_each_line_knows_the_line_of_the_original() -> None:
    """What was put in belongs to the line where it was put in."""
    edits = Edits(BLOCK)
    root = _nodes(BLOCK)
    edits.cut_item(member(root, "list"), _item(root, 0))
    edits.add_entry(member(root, "slots").value[0][1], "mappings", "[]")
    old, new = BLOCK.split("\n"), edits.done().split("\n")
    for number, line in enumerate(edits.lines(), start=1):
        if "mappings" not in new[number - 1]:
            assert new[number - 1] == old[line - 1]
        else:
            assert line == 5


@given(
    st.lists(st.sampled_from(["a", "b: 1\n    c: 2", "'d'", "{e: 1}", "|\n    f\n    g"]), min_size=1, max_size=6),
    st.data(),
)
def test_whatever_stands_beside_it_stays(parts: list[str], data: st.DataObject) -> None:
    """Any one of any items."""
    text = "list:\n" + "".join(f"  - {part}\n" for part in parts) + "end: 1\n"
    number = data.draw(st.integers(0, len(parts) - 1))
    before = yaml.safe_load(text)
    made = yaml.safe_load(_changed(text, lambda edits, root: edits.cut_item(member(root, "list"), _item(root, number))))
    assert made == {"list": [*before["list"][:number], *before["list"][number + 1 :]] or None, "end": 1}
