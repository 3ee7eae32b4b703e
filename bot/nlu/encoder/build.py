"""Build ``models/encoder/``: a sentence-transformers model as ONNX, with its tokenizer and a manifest.

``python -m bot.nlu.encoder.build`` in the environment that holds torch; nothing that serves imports this module.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import shutil
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import ArtefactError, WarmlineError
from bot.nlu import artefact
from bot.nlu.encoder import source as encoder_source
from bot.nlu.encoder.onnx_encoder import MANIFEST_FILE, MODEL_FILE, SCHEMA, TOKENIZER_FILE, EncoderManifest, OnnxEncoder
from bot.nlu.encoder.source import EncoderChoice, EncoderSource

# Raise it when the exported graph changes in a way that moves vectors: old artefacts are then built again.
BUILD_FORMAT = 2
# What float32 on another runtime may cost; the same weights reach 0.9999999.
LEAST_COSINE = 0.99999
# What weights of a byte each may cost. 4,500 sentences of a public set lie between .977 and .997 beside float32, and
# classifiers on either vectors are right equally often (docs/decisions/0005-bytes-for-weights.md).
LEAST_COSINE_OF_BYTES = 0.95
# The oldest operator set that all parts of the graph have; onnxruntime 1.14 and newer run it.
_OPSET = 17
_EXACT_FILE = "exact.onnx"

_PROOF = (
    "hi",
    "where is my order?",
    "Order 1234566 should have been here on Tuesday!!",
    "i want too retrun my new bycicle",
    "My parcel is torn. It is three months old, I called twice, nobody came, and the carpet is wet again. " * 4,
    "ça coûte combien, 49 €?",
    "",
    "supercalifragilisticexpialidocious " * 80,
)
"""Short, long, misspelt, foreign, empty and cut: the exported model must agree on all of them."""

Say = Callable[[str], None]


def is_current(folder: Path, choice: EncoderChoice) -> bool:
    """Tell whether ``folder`` holds, undamaged, what ``choice`` asks for."""
    try:
        manifest = EncoderManifest.read(folder)
        content = artefact.read_json(folder / MANIFEST_FILE, SCHEMA, "make train")
        artefact.verify(folder, manifest.files, "make train")
    except ArtefactError:
        return False
    return bool(
        content.get("format") == BUILD_FORMAT
        and content.get("model") == choice.model
        and content.get("revision") == choice.revision
        and (choice.sha256 is None or content.get("weights_sha256") == choice.sha256)
        and not _folder_changed(choice, str(content.get("weights_sha256")))
    )


def _folder_changed(choice: EncoderChoice, built_from: str) -> bool:
    weights = Path(choice.model) / encoder_source.WEIGHTS_FILE
    return weights.is_file() and artefact.sha256_of(weights) != built_from


def build(folder: Path, choice: EncoderChoice, say: Say) -> None:
    """Export the chosen model into ``folder`` and prove that it gives the same vectors; all of it or nothing."""
    started = time.monotonic()
    source = encoder_source.fetch(choice, say)
    say(f"weights: {source.origin}, SHA-256 {source.sha256[:16]}…{' as expected' if choice.sha256 else ''}")
    say("loading torch and sentence-transformers (about 10 s)")
    model = _load(source.folder)
    with artefact.replaced_folder(folder) as fresh:
        say("exporting to ONNX, pooling and normalisation included")
        exact = fresh / _EXACT_FILE
        inputs = _export(model, exact)
        say("turning the weights into bytes")
        _weights_to_bytes(exact, fresh / MODEL_FILE)
        _write_tokenizer(model, source.folder, fresh / TOKENIZER_FILE)
        _write_manifest(fresh, choice, source, model, inputs)
        served = OnnxEncoder.load(fresh)
        worst = _proved(choice, model, served.with_weights(exact), LEAST_COSINE)
        worst_of_bytes = _proved(choice, model, served, LEAST_COSINE_OF_BYTES)
        exact.unlink()
        size = sum(path.stat().st_size for path in fresh.iterdir()) / 1e6
    say(
        f"same vectors as sentence-transformers (worst cosine {worst:.7f}; with weights of a byte {worst_of_bytes:.4f})"
    )
    say(f"wrote {folder}, {size:.0f} MB, after {time.monotonic() - started:.0f} s")


def _load(folder: Path) -> Any:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    quiet: Any = transformers_logging.disable_progress_bar
    quiet()
    # Eager attention is plain matrix products, which every ONNX runtime knows.
    model = SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
    )
    return model.eval()


def _export(model: Any, path: Path) -> tuple[str, ...]:
    import torch

    class Sentences(torch.nn.Module):  # type: ignore[misc]
        """All of the model's steps, then rows of length 1."""

        def __init__(self, names: tuple[str, ...]) -> None:
            super().__init__()
            self.model = model
            self.names = names

        def forward(self, *tensors: Any) -> Any:
            found = self.model(dict(zip(self.names, tensors, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(found, p=2, dim=1)

    # Two sentences of different length, so that the trace contains the padding's mask.
    sample = dict(model.tokenizer(["hello", "where is my parcel, please?"], padding=True, return_tensors="pt"))
    inputs = tuple(name for name in ("input_ids", "attention_mask", "token_type_ids") if name in sample)
    axes: dict[str, dict[int, str]] = {name: {0: "sentences", 1: "tokens"} for name in inputs}
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter warns of branches on shapes; the comparison with the original is what proves them right.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Sentences(inputs),
            tuple(sample[name] for name in inputs),
            str(path),
            input_names=list(inputs),
            output_names=["vector"],
            dynamic_axes={**axes, "vector": {0: "sentences"}},
            opset_version=_OPSET,
            dynamo=False,
        )
    return inputs


def _write_tokenizer(model: Any, source: Path, target: Path) -> None:
    # The model's own file where there is one: its checksum, and so our fingerprint, does not depend on libraries.
    if (source / TOKENIZER_FILE).is_file():
        shutil.copyfile(source / TOKENIZER_FILE, target)
    else:
        model.tokenizer.backend_tokenizer.save(str(target))


def _write_manifest(
    folder: Path, choice: EncoderChoice, source: EncoderSource, model: Any, inputs: tuple[str, ...]
) -> None:
    import sentence_transformers
    import torch

    files = artefact.checksums(folder, [MODEL_FILE, TOKENIZER_FILE])
    prefix = str(model.prompts.get(model.default_prompt_name) or "") if model.default_prompt_name else ""
    identity = [str(BUILD_FORMAT), source.sha256, files[TOKENIZER_FILE], str(model.max_seq_length), prefix]
    fingerprint = hashlib.sha256("\n".join(identity).encode()).hexdigest()[:16]
    pad = model.tokenizer.pad_token_id
    artefact.write_json(
        folder / MANIFEST_FILE,
        {
            "schema": SCHEMA,
            "format": BUILD_FORMAT,
            "model": choice.model,
            "revision": choice.revision,
            "origin": source.origin,
            "weights_sha256": source.sha256,
            "fingerprint": fingerprint,
            "dimensions": int(np.shape(model.encode(["x"]))[1]),
            "max_tokens": int(model.max_seq_length),
            "pad_id": int(pad) if pad is not None else 0,
            "prefix": prefix,
            "inputs": list(inputs),
            "files": files,
            "built_with": {"torch": torch.__version__, "sentence_transformers": sentence_transformers.__version__},
        },
    )


def _weights_to_bytes(exact: Path, target: Path) -> None:
    """Write the model with matrices of a byte a weight, a scale a column; activations are scaled as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # it suggests a preparation that changes nothing here
    # Seven bits: with eight, processors without VNNI overflow, and vectors would depend on the machine.
    quantize_dynamic(
        exact, target, op_types_to_quantize=["MatMul"], per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
    )


def _proved(choice: EncoderChoice, model: Any, encoder: OnnxEncoder, least: float) -> float:
    """Return the worst cosine beside the original on difficult sentences."""
    expected = model.encode(list(_PROOF), normalize_embeddings=True, convert_to_numpy=True)
    worst = float((expected * encoder.encode(_PROOF)).sum(axis=1).min())
    if not worst > least:
        raise WarmlineError(
            f"The exported encoder does not agree with {choice.model}: cosine {worst:.7f} where more than "
            f"{least} is needed. Nothing was replaced. Choose another model with WARMLINE_ENCODER_MODEL."
        )
    return worst


def main(arguments: list[str] | None = None) -> int:
    """Build the encoder unless it is up to date; return the process's exit status."""
    environment = os.environ
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.encoder.build", description=__doc__)
    parser.add_argument(
        "--model",
        default=environment.get("WARMLINE_ENCODER_MODEL"),
        help="a sentence-transformers model: its name on the hub or a folder (WARMLINE_ENCODER_MODEL)",
    )
    parser.add_argument("--revision", default=environment.get("WARMLINE_ENCODER_REVISION"), help="the hub's commit")
    parser.add_argument(
        "--sha256", default=environment.get("WARMLINE_ENCODER_SHA256"), help="the checksum that the weights must have"
    )
    default_folder = Path(environment.get("WARMLINE_MODELS", "models")) / "encoder"
    parser.add_argument("--folder", type=Path, default=default_folder, help="where the encoder is written")
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    options = parser.parse_args(arguments)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    choice = encoder_source.choose(options.model, options.revision, options.sha256)
    folder = options.folder.resolve()

    def say(line: str) -> None:
        print(f"encoder: {line}", flush=True)

    try:
        if not options.force and is_current(folder, choice):
            say(f"up to date ({choice.model})")
            return 0
        build(folder, choice, say)
    except WarmlineError as error:
        print(f"encoder: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
