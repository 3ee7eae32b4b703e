"""A company with articles and without asked questions, trained as it stands, and what it makes of its set.

``python -m tests.companies.untaught harakeke --half seen`` in `.venv-brain` prints the figures and each message that
was not right. It takes the encoder that is built in ``models/``, trains in a folder that is thrown away, and reads each
message as the first one of a conversation. `docs/decisions/0058-an-untaught-knowledge-base.md` has what came out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHIPPED = ("safety", "tone")
"""By which words dangers and moods are known: the files that Warmline brings."""
PARTS = ("questions", "unanswerable", "messages")
RIGHT, WRONG, NEITHER = "right", "wrong", "neither"


@dataclass(frozen=True)
class Wanted:
    """One message of a set, and what is right for it: an article's words, something done, or neither."""

    part: str
    half: str
    text: str
    articles: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    acts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Got:
    """What the assistant made of it."""

    kind: str
    intent: str
    article: str
    text: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """A message and how it went."""

    wanted: Wanted
    verdict: str
    got: tuple[Got, ...]


def read_set(path: Path) -> tuple[Wanted, ...]:
    """Read a set; the order is that of the file."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        Wanted(
            part,
            entry["half"],
            entry["text"],
            frozenset(entry.get("articles", ())),
            tuple(entry.get("words", ())),
            frozenset(entry.get("act", ())),
        )
        for part in PARTS
        for entry in content[part]
    )


def verdict_of(wanted: Wanted, got: Sequence[Got]) -> str:
    """Right where what was wanted is among what was said or done, wrong where only something else is.

    To ask back, or to say that it does not know, is wrong for nobody, and right where no article answers.
    """
    each = [_verdict(wanted, one) for one in got]
    return next((verdict for verdict in (RIGHT, WRONG) if verdict in each), NEITHER)


def _verdict(wanted: Wanted, got: Got) -> str:
    if got.kind == "answer":
        said = got.text.casefold()
        told = got.article in wanted.articles and all(word.casefold() in said for word in wanted.words)
        return RIGHT if told else WRONG
    if got.kind == "act":
        return RIGHT if got.intent in wanted.acts else WRONG
    return NEITHER if wanted.articles or wanted.acts else RIGHT


def copy_company(company: str, root: Path) -> None:
    """Lay out a company's folder with what Warmline brings, and without a single asked question."""
    shutil.copytree(HERE / company, root, dirs_exist_ok=True)
    for folder in SHIPPED:
        shutil.copytree(ROOT / "data" / folder, root / "data" / folder, dirs_exist_ok=True)


@contextmanager
def standing_in(root: Path) -> Iterator[None]:
    """Work in a company's folder, with its own models and the encoder that is built."""
    before = Path.cwd()
    models = root / "models"
    models.mkdir(exist_ok=True)
    built = Path(os.environ.get("WARMLINE_MODELS", ROOT / "models")) / "encoder"
    (models / "encoder").symlink_to(built.resolve())
    os.environ.update(WARMLINE_ROOT=str(root), WARMLINE_MODELS=str(models), RASA_TELEMETRY_ENABLED="false")
    os.chdir(root)
    try:
        yield
    finally:
        os.chdir(before)


def outcomes(company: str, half: str | None) -> list[Outcome]:
    """Train a company and read the messages of its set, one half of them or all."""
    from bot.brain.rasa_patches import without_tensorflow

    without_tensorflow.install()
    _quiet()
    with tempfile.TemporaryDirectory() as name, standing_in(Path(name)):
        root = Path(name)
        copy_company(company, root)
        _build_index(root)
        agent = _trained(root)
        wanted = [one for one in read_set(root / "untaught.yml") if half in (None, one.half)]
        return asyncio.run(_read(agent, wanted))


def _quiet() -> None:
    """Rasa logs each message with what was made of it, the unseen ones too."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _build_index(root: Path) -> None:
    from bot.brain import artefacts
    from bot.knowledge.index.index import KnowledgeIndex
    from bot.knowledge.sources.articles import load_articles
    from bot.knowledge.sources.asked import load_asked

    folder = root / "knowledge_index"
    articles = load_articles(folder / "articles")
    KnowledgeIndex.build(articles, artefacts.encoder(), load_asked(folder / "questions")).save(folder / "built")


def _trained(root: Path) -> Any:
    from rasa.core.agent import Agent
    from rasa.model_training import train

    result = train("domain.yml", "config.yml", ["data"], output=str(root / "models"))
    assert result.code == 0
    return Agent.load(result.model)


async def _read(agent: Any, wanted: Sequence[Wanted]) -> list[Outcome]:
    from bot.brain import artefacts

    index = artefacts.index()
    found = []
    for one in wanted:
        parsed = await _parsed(agent, one.text)
        wishes = [one.text[wish["start"] : wish["end"]] for wish in parsed.get("wishes") or []]
        read = [await _parsed(agent, wish) for wish in wishes] or [parsed]
        got = tuple(_got(index, part) for part in read)
        found.append(Outcome(one, verdict_of(one, got), got))
    return found


async def _parsed(agent: Any, text: str) -> Mapping[str, Any]:
    from rasa.core.channels.channel import UserMessage

    parsed: Mapping[str, Any] = await agent.processor.parse_message(UserMessage(text, metadata={}))
    return parsed


def _got(index: Any, parsed: Mapping[str, Any]) -> Got:
    from bot.knowledge.answering.answers import verified

    decision, answer = parsed.get("decision") or {}, (parsed.get("knowledge") or {}).get("answer")
    shown = verified(index, answer) if decision.get("kind") == "answer" and answer else None
    return Got(
        str(decision.get("kind")),
        str(parsed["intent"]["name"]),
        str(answer["article"]) if answer else "",
        shown[0] if shown else "",
        str(decision.get("why")),
    )


def figures(found: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Count the verdicts of each part."""
    return {
        part: {
            verdict: sum(one.wanted.part == part and one.verdict == verdict for one in found)
            for verdict in (RIGHT, WRONG, NEITHER)
        }
        for part in PARTS
    }


def main() -> None:
    """Print the figures and what was not right; as JSON for a program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("company")
    parser.add_argument("--half", choices=("seen", "unseen"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--figures-only", action="store_true", help="without the messages themselves")
    given = parser.parse_args()
    found = outcomes(given.company, given.half)
    if given.json:
        print(json.dumps(figures(found)))
        return
    for one in found if not given.figures_only else ():
        if one.verdict != RIGHT:
            print(f"{one.verdict:8} {one.wanted.text}")
            for got in one.got:
                print(f"         {got.kind} {got.intent} {got.article}: {got.text!r} ({got.why})")
    for half in ("seen", "unseen"):
        own = [one for one in found if one.wanted.half == half]
        for part, counts in figures(own).items() if own else ():
            print(half, part, counts)


if __name__ == "__main__":
    main()
