"""What slips of the finger weigh: how many a word may have, and which are made more often than others."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import OSA, Levenshtein

LONG = 9
"""From so many letters on a word is known by the others, though two of them are wrong."""
_VOWELS = frozenset("aeiouy")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ENDS_APART = 0.3
"""How much of a slip it is besides when first or last letters differ."""


def most_slips(letters: int) -> int:
    """How many slips may be in a word of so many letters; of two letters any would be another word."""
    if letters < 3:
        return 0
    return 1 if letters < 5 else 2


def most_weight(letters: int) -> float:
    """What two slips may weigh in a word of so many letters: doubled letters and swapped ones, sooner than others."""
    if letters >= LONG:
        return 2.4
    return 1.7 if letters > 5 else 1.3


def weight_of(typed: str, meant: str) -> float:
    """What the slips between two words weigh: one that fingers often make less than another."""
    return sum(_weights_of_edits(typed, meant)) + _ENDS_APART * ((typed[0] != meant[0]) + (typed[-1] != meant[-1]))


def _weights_of_edits(typed: str, meant: str) -> Iterator[float]:
    if len(typed) == len(meant) and sorted(typed) == sorted(meant) and OSA.distance(typed, meant) == 1:
        yield 0.6  # two letters swapped
        return
    for edit in Levenshtein.editops(typed, meant):
        here, there = edit.src_pos, edit.dest_pos
        if edit.tag == "replace":
            one, other = typed[here], meant[there]
            if one in _VOWELS and other in _VOWELS:
                yield 0.7
            elif {one, other} in _ALIKE:
                yield 0.8
            else:
                yield 0.8 if other in _NEIGHBOURS.get(one, "") else 1.2
        elif edit.tag == "delete":  # a letter too many
            doubled = typed[here] in typed[max(0, here - 1) : here] + typed[here + 1 : here + 2]
            yield 0.6 if doubled else 0.9
        else:
            doubled = meant[there] in meant[max(0, there - 1) : there] + meant[there + 1 : there + 2]
            yield 0.6 if doubled else 0.8


_ALIKE = ({"u", "w"}, {"c", "k"}, {"c", "s"}, {"s", "z"}, {"f", "v"}, {"g", "j"}, {"m", "n"}, {"t", "d"})
_NEIGHBOURS: dict[str, str] = {
    key: row[max(0, place - 1) : place]
    + row[place + 1 : place + 2]
    + "".join(_ROWS[other][max(0, place - 1) : place + 2] for other in (number - 1, number + 1) if 0 <= other < 3)
    for number, row in enumerate(_ROWS)
    for place, key in enumerate(row)
}
