"""In what trainers write, ``${NAME}`` is those characters: Rasa would put the variable's value there, secrets too.

Rasa replaces it in every YAML file that it reads, and in the domain again whenever a model is loaded. That is meant for
``endpoints.yml`` and ``credentials.yml``; in a slot's first value it makes the bot say what the variable holds. What is
written that way is refused before (`bot/brain/variables_in_files.py`); a model may have been trained elsewhere.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.utils.io import yaml as rasas_yaml

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.shared.utils.io",
        "replace_environment_variables",
        "de50a1a26580d47ba85a943e10d1957ad9669f123ebd838b02d667ec397a41ca",
    ),
)


def _as_it_stands(loader: Any, node: Any) -> str:
    return str(loader.construct_scalar(node))


def install() -> None:
    """From now on, leave ``${NAME}`` as it stands in whatever YAML Rasa reads in this process."""
    rasas_yaml.SafeConstructor.add_constructor("!env_var", _as_it_stands)
