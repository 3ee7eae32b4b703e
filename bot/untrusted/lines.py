"""The lines of a text: a line ends at a line feed and nowhere else."""

from __future__ import annotations


def lines_of(text: str) -> list[str]:
    r"""Return the lines without their ends; ``\n`` and ``\r\n`` end one, and a last end adds no empty line.

    :meth:`str.splitlines` also splits at U+2028, U+0085 and seven more characters (https://docs.python.org/3/library/
    stdtypes.html#str.splitlines), which JSON leaves inside a text: a customer who types one would break a file of JSON
    lines in two.
    """
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]
