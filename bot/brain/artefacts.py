"""Where the pipeline's parts get what was built for them: the encoder and the knowledge index, each loaded once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rasa.shared.exceptions import RasaException

from bot import core, settings
from bot.errors import WarmlineError
from bot.nlu.encoder.onnx_encoder import MANIFEST_FILE, EncoderManifest, OnnxEncoder
from bot.nlu.encoder.protocol import Encoder
from bot.nlu.encoder.vector_cache import VectorCache
from bot.nlu.languages.spoken import languages_in

if TYPE_CHECKING:
    from bot.knowledge.index.index import KnowledgeIndex
    from bot.knowledge.index.living import LivingIndex
    from bot.knowledge.sources.asked import Asked
    from bot.nlu.encoder.word_vectors import WordVectors

_PACKAGES = Path(__file__).parent.parent


class Refusal(RasaException):
    """A mistake that a person can fix, in the kind of error that Rasa prints as a sentence."""

    def __init__(self, error: WarmlineError) -> None:
        super().__init__(str(error))
        self.error = error

    def __str__(self) -> str:
        """The sentence, as it is."""
        return str(self.error)


@contextmanager
def refusing() -> Iterator[None]:
    """Let a mistake that a person can fix leave this block as a :class:`Refusal`."""
    try:
        yield
    except WarmlineError as error:
        raise Refusal(error) from error


@lru_cache(maxsize=1)
def _encoder(folder: Path) -> Encoder:
    return OnnxEncoder.load(folder)


@lru_cache(maxsize=1)
def _living(folder: Path, encoder_fingerprint: str) -> LivingIndex:
    # FAISS takes a while to import, and training without the knowledge component does not need it.
    from bot.knowledge.index.living import LivingIndex

    return LivingIndex(folder, encoder_fingerprint)


def encoder() -> Encoder:
    """The sentence encoder; :class:`Refusal` when it is missing or damaged."""
    with refusing():
        return _encoder(settings.load().encoder)


def encoder_fingerprint() -> str:
    """The encoder's fingerprint, without loading its weights."""
    with refusing():
        return EncoderManifest.read(settings.load().encoder).fingerprint


def encoder_weights() -> str:
    """The SHA-256 of the weights that the encoder was built from; empty where none was built, as for tests."""
    folder = settings.load().encoder
    if not (folder / MANIFEST_FILE).is_file():
        return ""
    with refusing():
        return EncoderManifest.read(folder).weights_sha256


def vector_cache() -> VectorCache:
    """The vectors of sentences that were encoded before: training again encodes new ones only."""
    return VectorCache(settings.load().models / "cache", encoder())


def word_vectors() -> WordVectors:
    """What single words mean to the encoder: made at the first training that asks for it, and kept."""
    from bot.nlu.encoder import word_vectors as words

    return words.word_vectors(encoder(), settings.load().models / "cache")


def living_index() -> LivingIndex:
    """The knowledge index, always current; :class:`Refusal` when it is missing, damaged or of another encoder."""
    with refusing():
        return _living(settings.load().index, encoder_fingerprint())


def watch_index() -> None:
    """Take in each new version of the knowledge index as soon as it is built; for a process that serves."""
    living_index().watch()


def index() -> KnowledgeIndex:
    """The knowledge index as it stands now; :class:`Refusal` as for :func:`living_index`."""
    return living_index().refresh()


def asked() -> Asked:
    """What editors wrote down that customers ask; :class:`Refusal` when a file of it is broken."""
    from bot.knowledge.sources.asked import load_asked

    with refusing():
        return load_asked(settings.load().asked)


def source_fingerprint(*packages: str) -> str:
    """A hash of the source under ``bot/<package>``: Rasa's training cache sees a component's own class only."""
    sources = [path for package in packages for path in sorted((_PACKAGES / package).rglob("*.py"))]
    # Every package reads the reserved names, and the kinds of values.
    contract = [_PACKAGES / "contract" / name for name in ("kinds.py", "names.py")]
    return files_digest([*sources, *contract], _PACKAGES)


def files_digest(files: Iterable[Path], folder: Path | None = None) -> str:
    """A hash of what stands in files and of their names, or of their places below ``folder``."""
    digest = hashlib.sha256()
    for path in files:
        digest.update((path.name if folder is None else path.relative_to(folder).as_posix()).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def models_folder() -> Path:
    """Where training puts models."""
    return settings.load().models


def tone_folder() -> Path:
    """Where trainers write how customers sound."""
    return settings.load().root / "data" / "tone"


def spelling_folder() -> Path:
    """Where trainers write short forms."""
    return settings.load().root / "data" / "spelling"


def safety_folder() -> Path:
    """Where trainers write by which words a danger is known."""
    return settings.load().root / "data" / "safety"


def languages() -> tuple[str, ...]:
    """The languages in Latin letters that customers write in, as config.yml has them."""
    with refusing():
        return languages_in(settings.load().root / "config.yml")


def articles_folder() -> Path:
    """Where editors write articles."""
    return settings.load().articles


def ranker_folder() -> Path:
    """Where training leaves what it learned about ranking, for tools that do without Rasa."""
    return settings.load().ranker


def talk_folder() -> Path:
    """By which words talk about the conversation is known: a company's own, or what Warmline brings."""
    return core.words_folder(settings.load().root, "talk")
