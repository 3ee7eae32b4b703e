"""The forms of the company's own numbers, as its ``config.yml`` has them for the entities."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.errors import Place, SettingError

FILE = "config.yml"
FORMS = "forms"
"""The setting of a pipeline's entry: an entity's one form, in which each 0 stands for a digit."""


def read_own_forms(root: Path) -> tuple[str, ...]:
    """Return the forms in a company's folder, none where it has no ``config.yml``.

    Raises :class:`~bot.errors.SettingError` with file and line for one that cannot be read: a company's order numbers
    would otherwise be hidden as cards'.
    """
    path = root / FILE
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise SettingError(f"{Place(path, line)}: this is not YAML: {error.problem}.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingError(f"{path}: cannot be read ({error}).") from error
    pipeline = content.get("pipeline") if isinstance(content, Mapping) else None
    entries = [entry for entry in pipeline if isinstance(entry, Mapping)] if isinstance(pipeline, list) else []
    settings = [entry[FORMS] for entry in entries if isinstance(entry.get(FORMS), Mapping)]
    return tuple(form for one in settings for form in one.values() if isinstance(form, str))
