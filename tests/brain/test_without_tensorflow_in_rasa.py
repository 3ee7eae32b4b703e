"""Rasa starts without TensorFlow, and with it where it is wanted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

STOOD_IN_FOR = """
from bot.brain.rasa_patches import without_tensorflow
without_tensorflow.install()
import rasa.engine.recipes.default_components, rasa.core.run, rasa.model_training, sys
import tensorflow
assert not hasattr(tensorflow, "__version__"), "the real one was imported"
assert "tensorflow.python.pywrap_tensorflow" not in sys.modules
try:
    tensorflow.constant(1)
except RuntimeError as error:
    print(error)
"""


def test_everything_that_rasa_lists_imports_without_it_and_real_use_is_refused() -> None:
    """A new version of Rasa that needs more of it would fail here, not at a start."""
    done = subprocess.run([sys.executable, "-c", STOOD_IN_FOR], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "constant needs TensorFlow" in done.stdout


def test_a_process_that_has_it_already_keeps_it() -> None:
    """The stand-in never mixes with the real one."""
    script = (
        "import sys, types; real = sys.modules['tensorflow'] = types.ModuleType('tensorflow')\n"
        "from bot.brain.rasa_patches import without_tensorflow; without_tensorflow.install()\n"
        "import tensorflow; assert tensorflow is real\n"
        "assert not any(type(finder).__name__ == '_StandIn' for finder in sys.meta_path)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
