"""``python -m tests.brain.brain_process MODEL``: a real brain of its own, with the small project's stand-in encoder."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Serve as `bot.brain.serve` does."""
    from bot import settings
    from bot.brain.rasa_patches import without_tensorflow

    without_tensorflow.install()
    from bot.brain import artefacts, serve
    from tests.brain.small_project import WordEncoder

    encoder = WordEncoder()
    artefacts.encoder = lambda: encoder
    artefacts.encoder_fingerprint = lambda: encoder.fingerprint
    return serve._serve(settings.load(), Path(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
