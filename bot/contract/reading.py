"""How messages are read and written: strict JSON first, then its fields against its type."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec

from bot.untrusted.json_reading import NotJsonError, read_json

T = TypeVar("T", bound=msgspec.Struct)

Text = Annotated[str, msgspec.Meta(pattern=r"\A[^\ud800-\udfff]*\Z")]
"""Text that can be written as UTF-8: JSON may spell half of a surrogate pair, which nothing behind us can write."""

Word = Annotated[str, msgspec.Meta(pattern=r"\A\s*[^\s\ud800-\udfff][^\ud800-\udfff]*\Z")]
"""Text that is not blank."""


class MalformedMessageError(ValueError):
    """A message is not what the contract says; the text names the field and never repeats a value."""


def read(body: bytes, kind: type[T], *, largest: int) -> T:
    """Read a whole message of at most ``largest`` bytes; :class:`MalformedMessageError` for anything else."""
    return checked(json_object(body, largest=largest), kind)


def json_object(body: bytes, *, largest: int) -> dict[str, Any]:
    """Read a JSON object of at most ``largest`` bytes; :class:`MalformedMessageError` for anything else."""
    try:
        data = read_json(body, largest=largest)
    except NotJsonError as error:
        raise MalformedMessageError(f"The body cannot be read. {error}") from None
    if not isinstance(data, dict):
        raise MalformedMessageError("The body is not a JSON object.")
    return data


def checked(data: Any, kind: type[T]) -> T:
    """Check what was read as JSON, or is kept in a database; fields that the type does not know are left out."""
    name = schema_of(kind)
    # A lone struct with a tag is read without one too; a message has to say what it is.
    if name is not None and not (isinstance(data, Mapping) and data.get("schema") == name):
        raise MalformedMessageError(f'"schema" must be "{name}".')
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise MalformedMessageError(_without_values(str(error))) from None


def as_json(message: msgspec.Struct) -> dict[str, Any]:
    """A message as the dictionary that JSON is made of."""
    written: dict[str, Any] = msgspec.to_builtins(message)
    return written


def as_bytes(message: msgspec.Struct) -> bytes:
    """A message as JSON; half of a surrogate pair, which an action may write, is spelt as JSON spells it."""
    try:
        return msgspec.json.encode(message)
    except UnicodeEncodeError:
        return json.dumps(as_json(message)).encode()


@cache
def schema_of(kind: type[msgspec.Struct]) -> str | None:
    """The ``schema`` that a message of this type bears; None for a part of a message."""
    config = kind.__struct_config__
    return str(config.tag) if config.tag_field == "schema" else None


_PLACE = re.compile(r"(?P<what>.*?)(?: - at `(?P<where>[^`]*)`)?", re.DOTALL)


def _without_values(said: str) -> str:
    """Name the field in a sentence of our own: the library's may repeat what was sent."""
    found = _PLACE.fullmatch(said)
    assert found is not None, "the pattern takes any text"
    what, where = found["what"], (found["where"] or "$").removeprefix("$").removeprefix(".")
    if "matching regex" in what:
        what = "it is blank, or holds half of a surrogate pair"
    elif what.startswith("Invalid"):
        what = "it has a value that is not known"
    else:
        # "Expected `str`, got `int`", "Object missing required field `text`": types and names of our own.
        what = what.replace("`", "")
        what = what[:1].lower() + what[1:]
    return f'"{where}": {what}.' if where else f"The message: {what}."
