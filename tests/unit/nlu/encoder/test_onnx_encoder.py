"""What the serving encoder promises: unit rows in order, the same alone or in a batch, no torch, whole or refused."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from bot.errors import ArtefactError
from bot.nlu.encoder.onnx_encoder import OnnxEncoder

TEXTS = ["hi", "where is my parcel? It should have been here on Tuesday, and I am at home all day.", "", "fridge"]


def test_rows_have_length_one_and_the_order_of_the_texts(built_encoder):
    together = built_encoder.encode(TEXTS)
    assert together.dtype == np.float32
    assert together.shape == (len(TEXTS), built_encoder.dimensions)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    for row, text in zip(together, TEXTS, strict=True):
        assert float(row @ built_encoder.encode([text])[0]) > 0.99999


def test_alike_sentences_are_nearer_than_others(built_encoder):
    parcel, order, weather = built_encoder.encode(["where is my parcel", "track my order", "is it raining"])
    assert float(parcel @ order) > float(parcel @ weather) + 0.2


def test_odd_texts_are_encoded_too(built_encoder):
    assert np.isfinite(built_encoder.encode(["\ud800", "\0", "\U0001f600" * 50, "word " * 5000])).all()
    assert built_encoder.encode([]).shape == (0, built_encoder.dimensions)


def test_serving_imports_no_torch(built_encoder):
    code = "import sys, bot.nlu.encoder.onnx_encoder, onnxruntime, tokenizers; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_encoder_is_refused_with_the_command_that_mends_it(tmp_path):
    with pytest.raises(ArtefactError, match=r"missing.*make train"):
        OnnxEncoder.load(tmp_path / "encoder")


def test_a_changed_file_is_refused(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"not what was built")
    (tmp_path / "tokenizer.json").write_text("{}")
    manifest = {"schema": "encoder/1", "fingerprint": "f", "dimensions": 4, "max_tokens": 8, "pad_id": 0, "prefix": ""}
    manifest |= {"inputs": ["input_ids"], "files": {"model.onnx": "0" * 64, "tokenizer.json": "0" * 64}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ArtefactError, match=r"damaged.*make train"):
        OnnxEncoder.load(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", '{"schema": "encoder/1"}', '{"schema": "encoder/0"}'])
def test_a_damaged_manifest_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ArtefactError, match="make train"):
        OnnxEncoder.load(tmp_path)
