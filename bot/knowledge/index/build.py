"""Build ``knowledge_index/built/`` from ``knowledge_index/articles/``: ``python -m bot.knowledge.index.build``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.errors import ArtefactError, ContentError, WarmlineError
from bot.knowledge.index.index import KnowledgeIndex, fingerprint_of
from bot.knowledge.sources.articles import INTERNAL, read_folder
from bot.knowledge.sources.asked import Asked, load_asked
from bot.nlu.encoder.onnx_encoder import EncoderManifest, OnnxEncoder
from bot.nlu.encoder.vector_cache import VectorCache
from bot.untrusted.control_characters import visible

SOME_REJECTED = 3
"""Exit status: the index is built, but without the files that were named."""


def build(
    articles: Path, target: Path, encoder: Path, cache: Path, say: Callable[[str], None], asked: Path | None = None
) -> tuple[ContentError, ...]:
    """Build the index when an article, the encoder or the way of building changed; otherwise say that it is current.

    Only texts that the index in ``target`` does not hold are encoded. Returns why files were rejected; the others are
    in the index. Where no file can be read the old index stays. A brain that runs takes the new one in by itself.
    """
    started = time.monotonic()
    reading = read_folder(articles)
    loaded, rejected = reading.articles, reading.rejected
    if rejected and not loaded:
        raise rejected[0]
    questions = load_asked(asked) if asked is not None else Asked()
    encoder_fingerprint = EncoderManifest.read(encoder).fingerprint
    earlier = _current(target, encoder_fingerprint)
    if earlier is not None and earlier.fingerprint == fingerprint_of(loaded, encoder_fingerprint, questions):
        say(f"up to date ({len(loaded)} articles)")
        return rejected
    say(f"encoding {len(loaded)} articles")
    told = _Progress(say)
    index = KnowledgeIndex.build(
        loaded, VectorCache(cache, OnnxEncoder.load(encoder)), questions, earlier, progress=told.of
    )
    index.save(target)
    internal = sum(INTERNAL in article.audience for article in loaded)
    lost = len(questions.questions) - len(index.parts.asked)
    if lost:
        say(f"{lost} asked questions name a sentence that is no longer in any article")
    say(
        f"{len(loaded)} articles ({internal} internal), {len(index.passages)} passages, "
        f"{len(index.stretches)} stretches; wrote {target} after {time.monotonic() - started:.1f} s"
    )
    return rejected


class _Progress:
    """Says how far encoding is, every few seconds: a long build must not look like a dead one."""

    _EVERY = 2.0

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said = time.monotonic()

    def of(self, done: int, all_: int) -> None:
        if time.monotonic() - self._said >= self._EVERY and done < all_:
            self._said = time.monotonic()
            self._say(f"encoded {done} of {all_} texts")


def _current(target: Path, encoder_fingerprint: str) -> KnowledgeIndex | None:
    try:
        return KnowledgeIndex.load(target, encoder_fingerprint)
    except ArtefactError:
        return None


def main(arguments: list[str] | None = None) -> int:
    """Build the index unless it is up to date; return the process's exit status."""
    root = Path(os.environ.get("WARMLINE_ROOT", "."))
    models = Path(os.environ.get("WARMLINE_MODELS", root / "models"))
    parser = argparse.ArgumentParser(prog="python -m bot.knowledge.index.build", description=__doc__)
    parser.add_argument("--articles", type=Path, default=root / "knowledge_index" / "articles")
    parser.add_argument("--asked", type=Path, default=root / "knowledge_index" / "questions")
    parser.add_argument("--target", type=Path, default=root / "knowledge_index" / "built")
    parser.add_argument("--encoder", type=Path, default=models / "encoder")
    parser.add_argument("--cache", type=Path, default=models / "cache", help="vectors of earlier builds")
    options = parser.parse_args(arguments)

    def say(line: str) -> None:
        print(f"knowledge index: {visible(line)}", flush=True)

    try:
        rejected = build(options.articles, options.target, options.encoder, options.cache, say, options.asked)
    except WarmlineError as error:
        print(f"knowledge index: {visible(str(error))}", file=sys.stderr)
        return 1
    for why in rejected:
        print(f"knowledge index: REJECTED {visible(str(why))}", file=sys.stderr)
    return SOME_REJECTED if rejected else 0


if __name__ == "__main__":
    sys.exit(main())
