"""A trainer's file as YAML nodes, which know their lines."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.errors import ContentError, Place


def composed(path: Path) -> yaml.Node | None:
    """Return the file's root; None for an empty file.

    Raises:
        ContentError: it is no YAML, or no UTF-8 text; with the line where there is one.
    """
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        raise ContentError(Place(path, line), f"this is not YAML ({error.problem}).", "Mend the line.") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(Place(path), "this is not UTF-8 text.", "Save the file as UTF-8.") from error
