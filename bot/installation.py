"""Where the product itself lies: its source, and the two environments whose Pythons run everything.

A company's folder holds neither, so that one installation runs any number of them and an upgrade touches none.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, Literal

BESIDE: Final = Path(__file__).resolve().parents[1]
"""The folder in which the package ``bot`` lies."""

_ENVIRONMENTS: Final = {"gateway": ".venv", "brain": ".venv-brain"}


def python_of(environment: Literal["gateway", "brain"]) -> Path:
    """The Python of an environment: both lie beside one another, and this process runs in one of them."""
    return Path(sys.prefix).parent / _ENVIRONMENTS[environment] / "bin" / "python"
