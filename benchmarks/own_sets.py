"""What the trained model makes of the assistant's own evaluation sets (`tests/understanding/README.md`).

Each function takes a part of the newest trained model, as the brain loads it, and returns figures that may be
printed or compared with a bound; the short messages go through a whole brain.
``python -m benchmarks.own_sets`` prints them all.
"""

from __future__ import annotations

import json
import math
import subprocess
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rich.console import Console

from benchmarks.report import Check
from benchmarks.wishes import Reader, parts_found
from bot.nlu.encoder.onnx_encoder import OnnxEncoder
from bot.nlu.encoder.protocol import Encoder
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.reader import EntityFinder
from bot.nlu.intents.classifier import IntentModel
from bot.nlu.languages.detection import LanguageReader
from bot.nlu.scope.verdict import ScopeModel
from bot.nlu.tone.trend import Earlier, ToneModel
from bot.nlu.wishes.splitting import WishSplitter

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT / "tests" / "understanding"
LEAST_ENTITY_F1 = 0.92
LEAST_TONE_PRECISION = 0.9
TONE_RECALL = 0.6
MOST_SPLIT_WRONGLY, LEAST_PARTS_FOUND = 0.02, 0.9
OUT_OF_SCOPE = "out_of_scope"


@contextmanager
def trained_parts(models: Path = ROOT / "models") -> Iterator[Callable[[str], Path]]:
    """Unpack the newest model; yields a function that gives the folder of a component by its class."""
    newest = max(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    with tempfile.TemporaryDirectory() as name:
        with tarfile.open(newest) as archive:
            archive.extractall(name, filter="data")

        def folder_of(component: str) -> Path:
            """The folder in which a component keeps what it learnt."""
            found = [path for path in Path(name).rglob(f"train_*{component}*") if path.is_dir()]
            if len(found) != 1:
                raise LookupError(f"{newest.name} has {len(found)} folders of {component}; train again.")
            return found[0]

        yield folder_of


def read_set(name: str) -> Any:
    """One of the sets, as it stands in its file."""
    return yaml.safe_load((SETS / f"{name}.yml").read_text(encoding="utf-8"))


def entities(finder: EntityFinder) -> dict[str, Any]:
    """Micro F1 over all mentions, and precision, recall and F1 of each entity, as README.md counts."""
    data = read_set("entities")
    now = datetime.fromisoformat(data["now"]).replace(tzinfo=ZoneInfo(data["timezone"]))
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    for message in data["messages"]:
        expected = list(_placed(message))
        labelled.update(mention["entity"] for mention in expected if mention.get("valid", True))
        for entity in finder.find(message["text"], now):
            match = next((mention for mention in expected if _meets(entity, mention)), None)
            if match is not None and not match.get("valid", True) and not entity.valid:
                continue  # said to be wrong, and wrong: counts neither way
            found[entity.name] += 1
            is_right = match is not None and match.get("valid", True) and match["value"] == entity.value
            if is_right and entity.valid:
                right[entity.name] += 1
                expected.remove(match)
    each = {name: _f1(right[name], found[name], labelled[name]) for name in sorted(labelled)}
    total = _f1(sum(right.values()), sum(found.values()), sum(labelled.values()))
    return {"f1": total["f1"], "precision": total["precision"], "recall": total["recall"], "entities": each}


def _placed(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    place = 0
    for mention in message["entities"]:
        start = message["text"].find(mention["text"], place)
        place = start + len(mention["text"])
        yield {**mention, "start": start, "end": place}


def _meets(entity: Entity, mention: Mapping[str, Any]) -> bool:
    overlaps = entity.start < mention["end"] and mention["start"] < entity.end
    return entity.name == mention["entity"] and overlaps


def _f1(right: int, found: int, labelled: int) -> dict[str, float]:
    precision = right / found if found else 0.0
    recall = right / labelled if labelled else 0.0
    both = precision + recall
    return {
        "f1": round(2 * precision * recall / both, 4) if both else 0.0,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "labelled": labelled,
    }


def languages(reader: LanguageReader, finder: EntityFinder) -> dict[str, Any]:
    """Shares, 0 to 1: out-of-scope messages recognised, those with their language, English ones taken for foreign."""
    out_of_scope = right = named = english = taken = 0
    each: dict[str, Counter[str]] = {}
    for message in read_set("languages"):
        places = [(entity.start, entity.end) for entity in finder.find(message["text"], datetime.now(timezone.utc))]
        verdict = reader.read(message["text"], places)
        if message["language"] == "en":
            english += 1
            taken += not verdict.is_english
            continue
        out_of_scope += 1
        right += not verdict.is_english
        named += verdict.language == message["language"]
        each.setdefault(message["language"], Counter())[
            "named" if verdict.language == message["language"] else "other" if not verdict.is_english else "english"
        ] += 1
    return {
        "recognised": round(right / out_of_scope, 4),
        "named": round(named / out_of_scope, 4),
        "english_taken_for_foreign": round(taken / english, 4),
        "languages": {code: dict(counts) for code, counts in sorted(each.items())},
    }


def tone(model: ToneModel, encoder: Encoder) -> dict[str, Any]:
    """Precision of "upset" at a recall of .6 after the last message, and what the model's own threshold gives."""
    scores, labels = [], []
    for conversation in read_set("tone"):
        earlier: list[Earlier] = []
        verdict = None
        for text, vector in zip(conversation["messages"], encoder.encode(conversation["messages"]), strict=True):
            verdict = model.judge(text, vector, earlier)
            earlier.append(Earlier(text, verdict.message))
        scores.append(verdict.trend if verdict is not None else 0.0)
        labels.append(bool(conversation["upset"]))
    best_first = sorted(range(len(scores)), key=lambda place: -scores[place])
    wanted = math.ceil(TONE_RECALL * sum(labels))
    found = called = 0
    for place in best_first:
        called += 1
        found += labels[place]
        if found == wanted:
            break
    over = [label for score, label in zip(scores, labels, strict=True) if score >= model.threshold]
    return {
        "precision_at_recall_06": round(found / called, 4),
        "threshold": round(model.threshold, 4),
        "precision_at_threshold": round(sum(over) / max(1, len(over)), 4),
        "recall_at_threshold": round(sum(over) / sum(labels), 4),
    }


def wishes(splitter: WishSplitter, reader: Reader) -> dict[str, Any]:
    """Shares of one-wish messages that are split, and of parts that are found, as README.md counts."""
    single = wrong = parts = found = 0
    for message in read_set("wishes"):
        came_out = [wish.text for wish in splitter.split(message["text"], reader)]
        labelled = [part["text"] for part in message["parts"]]
        if len(labelled) == 1:
            single, wrong = single + 1, wrong + (len(came_out) > 1)
        else:
            parts, found = parts + len(labelled), found + parts_found(labelled, came_out)
    return {
        "split_wrongly": round(wrong / single, 4),
        "parts_found": round(found / parts, 4),
        "one_wish": single,
        "parts": parts,
    }


def short(models: Path) -> dict[str, Any]:
    """How many short messages had a sensible outcome, in whole turns; the brain has no bound for them, and no part.

    It runs in the gateway's environment, which alone has what starts and asks the processes.
    """
    python = str(ROOT / ".venv" / "bin" / "python")
    command = [python, "-m", "benchmarks.short_messages", "--models", str(models)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8")  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"The short messages could not be played:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def figures(models: Path = ROOT / "models") -> tuple[list[Check], dict[str, Any]]:
    """All bounds and raw figures, from the newest model of a folder."""
    with trained_parts(models) as folder_of:
        finder = EntityFinder.load(folder_of("WarmlineEntities"))
        known = json.loads((folder_of("WarmlineLanguage") / "language.json").read_text(encoding="utf-8"))
        named = entities(finder)
        spoken = languages(LanguageReader(known["known"], languages=known["languages"]), finder)
        felt = tone(ToneModel.load(folder_of("WarmlineTone")), OnnxEncoder.load(models / "encoder"))
        reader = Reader(
            OnnxEncoder.load(models / "encoder"),
            IntentModel.load(folder_of("WarmlineIntents")),
            ScopeModel.load(folder_of("WarmlineScope")),
            OUT_OF_SCOPE,
        )
        wanted = wishes(WishSplitter.load(), reader)
    checks = [
        Check("own set: entity F1", named["f1"], LEAST_ENTITY_F1, "least"),
        Check("own set: upset, precision at recall .6", felt["precision_at_recall_06"], LEAST_TONE_PRECISION, "least"),
        Check("own set: one wish split wrongly", wanted["split_wrongly"], MOST_SPLIT_WRONGLY, "most"),
        Check("own set: parts found", wanted["parts_found"], LEAST_PARTS_FOUND, "least"),
    ]
    raw = {"entities": named, "languages": spoken, "tone": felt, "wishes": wanted, "short": short(models)}
    return checks, raw


def main() -> int:
    """Print bounds and figures; 1 when a bound does not hold."""
    checks, raw = figures()
    show(Console(highlight=False), checks, raw)
    return 0 if all(check.holds for check in checks) else 1


def show(console: Console, checks: Sequence[Check], raw: Mapping[str, Any]) -> None:
    """Print the bounds, and all figures below them."""
    for check in checks:
        console.print(
            f"{check.name}: {check.value:.3f} (at {check.at} {check.bound}) {'holds' if check.holds else 'NO'}"
        )
    _print(console, raw)


def _print(console: Console, raw: Mapping[str, Any], indent: int = 2) -> None:
    for name, value in raw.items():
        if isinstance(value, Mapping) and any(isinstance(inner, Mapping | Sequence) for inner in value.values()):
            console.print(f"{' ' * indent}{name}")
            _print(console, value, indent + 2)
        else:
            console.print(f"{' ' * indent}{name}: {value}")


if __name__ == "__main__":
    raise SystemExit(main())
