"""Fields of files that cannot hold their own: ``returns.pdf.yml`` beside ``returns.pdf``, and defaults for a folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from bot.errors import ContentError, Place
from bot.knowledge.sources.fields import WrittenFields, read_fields
from bot.knowledge.sources.readers.files import text_of
from bot.knowledge.sources.readers.questions import slug

SUFFIX = ".yml"
DEFAULTS = "defaults.yml"
_MOST_BYTES = 16 * 1024


def sidecar_of(path: Path) -> WrittenFields:
    """Return a file's fields, as far as they are written: its sidecar's, then its folder's defaults, then its name's.

    Neither file there is a :class:`ContentError`: whom an article is for must be said, not guessed. A default address
    that ends with a slash is a folder's, and the file's name is added.
    """
    sidecar, defaults = path.with_name(path.name + SUFFIX), path.with_name(DEFAULTS)
    own = _read(sidecar) if sidecar.exists() else None
    shared = _read(defaults) if defaults.exists() else None
    if own is None and shared is None:
        raise ContentError(
            Place(path), "nothing says whom it is for.", f"Write its fields into {sidecar.name}, beside it."
        )
    values = {"id": slug(path.stem), **(shared.values if shared else {}), **(own.values if own else {})}
    if (own is None or "url" not in own.values) and str(values.get("url", "")).endswith("/"):
        values["url"] = f"{values['url']}{quote(path.name)}"
    chosen = own or shared
    assert chosen is not None
    return WrittenFields(chosen.path, values, chosen.lines)


def is_sidecar(path: Path) -> bool:
    """Whether a file holds fields and no article."""
    return path.name.endswith(SUFFIX)


def _read(path: Path) -> WrittenFields:
    return read_fields(path, text_of(path, _MOST_BYTES), first_line=1)
