"""What the format of Markdown hides from readers, taken out before anything is cut, searched or quoted.

Comments, blocks of fields inside the text, definitions of links and of footnotes, marks of footnotes, attributes, and
the tags of HTML with what HTML hides. Lines keep their numbers: what is taken out leaves empty lines. Code keeps
everything: there it is meant.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from bot.errors import ContentError, Place

_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_BACKTICKS = re.compile(r"`+")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_COMMENT, _COMMENT_END = "<!--", "-->"
# Characters of the private use area stand around the number of a line of code while the rest is looked at.
_OPEN, _CLOSE = "\ue000", "\ue001"
_CODE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")

_FIELDS_FENCE = re.compile(r"(?:---|\+\+\+)[ \t]*$")
_FIELD = re.compile(r"[ \t]*(?:[\w.-]+[ \t]*[:=](?:[ \t]|$)|-[ \t]|#|$)|[ \t]{2,}\S")
_NAMED_FIELD = re.compile(r"[\w.-]+[ \t]*[:=](?:[ \t]|$)")

_FOOTNOTE = re.compile(r"[ ]{0,3}\[\^[^\]\s]+\]:")
_DEFINITION = re.compile(
    r"[ ]{0,3}\[(?!\^)((?:[^\[\]\\]|\\.)+)\]:[ \t]*(?:<([^>]*)>|(\S+))[ \t]*"
    r"(?:\"[^\"]*\"|'[^']*'|\([^)]*\))?[ \t]*$"
)
_INDENTED = re.compile(r"(?:[ ]{2,}|\t)\S")
_MARK = re.compile(r"[ ]?\[\^[^\]\s]+\]")
_REFERENCE = re.compile(r"!?\[((?:[^\[\]\\]|\\.)+)\](?:\[([^\[\]]*)\])?(?![(:])")
_ATTRIBUTES = re.compile(r"[ \t]*\{[:#.][^{}]*\}[ \t]*$")
_CONTENTS = re.compile(r"[ ]{0,3}(?:\[\[_?TOC_?\]\]|\[TOC\])[ \t]*$", re.IGNORECASE)
_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:[ \t\n][^<>]*)?/?>")
_UNSEEN = re.compile(
    r"<(script|style|template|noscript|head|title)\b[^<>]*>.*?</\1[ \t\n]*>"
    r"|<([A-Za-z][A-Za-z0-9-]*)\b"
    r"(?=[^<>]*(?:[ \t\n]hidden(?=[ \t\n=/>])|display[ ]*:[ ]*none|visibility[ ]*:[ ]*hidden))"
    r"[^<>]*>.*?</\2[ \t\n]*>"
    r"|<[?!][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)


def shown(path: Path, body: str, first_line: int = 1) -> str:
    """Return a body without what its format hides, each line where it stood.

    Raises:
        ContentError: a comment opens and never ends: an editor must say how far it goes.
    """
    text, code = _without_comments(path, body.replace(_OPEN, "").replace(_CLOSE, ""), first_line)
    text, links = _without_definitions(_blanked(_UNSEEN, _without_fields(text)))
    text = _REFERENCE.sub(lambda found: _resolved(found, links), text)
    lines = (_ATTRIBUTES.sub("", "" if _CONTENTS.match(line) else line) for line in text.split("\n"))
    text = _blanked(_TAG, _BREAK.sub(" ", _MARK.sub("", "\n".join(lines))))
    return _CODE.sub(lambda found: code[int(found[1])], text)


def _without_comments(path: Path, body: str, first_line: int) -> tuple[str, list[str]]:
    """Blank the comments, and set code apart: what looks like a comment in code is shown, and the other way round."""
    out: list[str] = []
    code: list[str] = []
    place, line_start, paragraph_end = 0, True, -1
    while place < len(body):
        if line_start and (fence := _FENCE.match(body, place)):
            end = _fence_end(body, place, fence.group(1))
            _set_apart(body[place:end], out, code)
            place = end
            continue
        character = body[place]
        line_start = character == "\n"
        if character == "`":
            run = _BACKTICKS.match(body, place)
            assert run is not None
            if place > paragraph_end:
                found = _PARAGRAPH_END.search(body, place)
                paragraph_end = found.start() if found else len(body)
            closed = _span_end(body, run.end(), paragraph_end, len(run.group()))
            if closed is None:
                out.append(run.group())
            else:
                _set_apart(body[place:closed], out, code)
            place = run.end() if closed is None else closed
        elif body.startswith(_COMMENT, place):
            end = body.find(_COMMENT_END, place + len(_COMMENT))
            if end < 0:
                line = first_line + body.count("\n", 0, place)
                what = f"a comment opens here ({_COMMENT}) and never ends."
                raise ContentError(Place(path, line), what, f"Close it with {_COMMENT_END}.")
            out.append("\n" * body.count("\n", place, end))
            place = end + len(_COMMENT_END)
        else:
            out.append(character)
            place += 1
    return "".join(out), code


def _set_apart(piece: str, out: list[str], code: list[str]) -> None:
    # Line by line: where a footnote hides code, its lines still have to be counted.
    lines = piece.split("\n")
    out.append("\n".join(f"{_OPEN}{len(code) + number}{_CLOSE}" for number in range(len(lines))))
    code.extend(lines)


def _fence_end(body: str, start: int, fence: str) -> int:
    """Return where the last line of a fenced block ends, before its line feed."""
    place = body.find("\n", start)
    while place >= 0:
        following = body.find("\n", place + 1)
        line = body[place + 1 : following if following >= 0 else len(body)]
        if line.strip().startswith(fence):
            return following if following >= 0 else len(body)
        place = following
    return len(body)


def _span_end(body: str, start: int, end: int, length: int) -> int | None:
    """Return where a code span ends that as many backticks close, ``None`` where none do."""
    for run in _BACKTICKS.finditer(body, start, end):
        if len(run.group()) == length:
            return run.end()
    return None


def _without_fields(body: str) -> str:
    """Blank blocks that look like front matter and stand inside the text: lines of fields between two fences."""
    lines = body.split("\n")
    fences = [number for number, line in enumerate(lines) if _FIELDS_FENCE.match(line)]
    done = -1
    for first, last in pairwise(fences):
        inner = lines[first + 1 : last]
        alike = lines[first].strip() == lines[last].strip()
        if first > done and alike and any(map(_NAMED_FIELD.match, inner)) and all(map(_FIELD.match, inner)):
            lines[first : last + 1] = [""] * (last + 1 - first)
            done = last
    return "\n".join(lines)


def _without_definitions(text: str) -> tuple[str, dict[str, str]]:
    """Blank the definitions of links and footnotes; return the links by their names."""
    links: dict[str, str] = {}
    lines = text.split("\n")
    in_footnote = after_blank = False
    for number, line in enumerate(lines):
        if _FOOTNOTE.match(line):
            in_footnote = True
            lines[number] = ""
        elif in_footnote and (_INDENTED.match(line) or (line.strip() and not after_blank)):
            # A footnote goes on in the lines behind it, and in indented ones after an empty line.
            lines[number] = ""
        elif (found := _DEFINITION.match(line)) is not None:
            links.setdefault(_name(found[1]), found[2] if found[2] is not None else found[3])
            lines[number] = ""
            in_footnote = False
        elif line.strip():
            in_footnote = False
        after_blank = not line.strip()
    return "\n".join(lines), links


def _resolved(found: re.Match[str], links: dict[str, str]) -> str:
    """Write a link by reference as one with its address; anything else in brackets stays as it is."""
    address = links.get(_name(found[2] or found[1]))
    return found.group() if address is None else f"[{found[1]}]({address})"


def _name(text: str) -> str:
    return " ".join(text.casefold().split())


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: "\n" * found.group().count("\n"), text)
