"""The contract of all components: when each is trained again, how it is kept, and what it leaves alone."""

from __future__ import annotations

import ast
import inspect
import shutil
from pathlib import Path

import pytest
import rasa.engine.recipes.default_components
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.brain.components.arbiter import WarmlineArbiter
from bot.brain.components.component import EVERY_COMPONENT, WarmlineComponent
from bot.brain.components.danger import WarmlineDanger
from bot.brain.components.entities import WarmlineEntities
from bot.brain.components.intents import WarmlineIntents
from bot.brain.components.knowledge import WarmlineKnowledge
from bot.brain.components.language import WarmlineLanguage
from bot.brain.components.memoization import WarmlineMemoization
from bot.brain.components.negation import WarmlineNegation
from bot.brain.components.scope import WarmlineScope
from bot.brain.components.sentence_vectors import WarmlineSentenceVectors
from bot.brain.components.spelling import WarmlineSpelling
from bot.brain.components.talk import WarmlineTalk
from bot.brain.components.tone import WarmlineTone

READERS: tuple[type[WarmlineComponent], ...] = (
    WarmlineDanger,
    WarmlineSpelling,
    WarmlineTalk,
    WarmlineSentenceVectors,
    WarmlineIntents,
    WarmlineNegation,
    WarmlineScope,
    WarmlineEntities,
    WarmlineLanguage,
    WarmlineTone,
    WarmlineKnowledge,
    WarmlineArbiter,
)
"""All that read messages; a test looks for others."""

NO_VECTORS = {
    WarmlineDanger,
    WarmlineSpelling,
    WarmlineTalk,
    WarmlineNegation,
    WarmlineLanguage,
}
"""Those that read letters and words, whatever the encoder is."""

LEARNED_FROM = ("nlu", "knowledge", "dialogue", "handoff")
"""Packages whose code decides what training learns."""

PASSED_WHEN_SERVING = "bot.dialogue.current_turn"
"""What belongs to a customer's turn; in training there is none."""


def data(text: str = "hello there") -> TrainingData:
    """One example, as Rasa passes it from part to part."""
    return TrainingData([Message({TEXT: text, INTENT: "greet"})])


def key(component: type[GraphComponent], training_data: TrainingData | None = None) -> str:
    """What Rasa's training cache looks a component up by: with the same key it is not trained."""
    given = training_data if training_data is not None else data()
    return calculate_fingerprint_key(component, component.get_default_config(), {"training_data": given})


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of ``bot/``, the one that is fingerprinted."""
    copy = tmp_path / "bot"
    shutil.copytree(artefacts._PACKAGES, copy, ignore=shutil.ignore_patterns("node_modules", "__pycache__", "web"))
    monkeypatch.setattr(artefacts, "_PACKAGES", copy)
    return copy


@pytest.mark.parametrize("component", [*READERS, WarmlineMemoization])
def test_no_component_has_the_name_of_one_of_rasas_own(component: type[GraphComponent]) -> None:
    """Rasa would silently use ours in its place."""
    assert component.__name__ not in {own.__name__ for own in rasa.engine.recipes.default_components.DEFAULT_COMPONENTS}


def test_every_component_of_the_pipeline_is_held_to_this_contract() -> None:
    """Whoever adds one adds it above."""
    folder = Path(inspect.getfile(WarmlineComponent)).parent
    written = {
        node.name
        for path in folder.glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and node.decorator_list and "register" in ast.unparse(node.decorator_list[0])
    }
    assert written == {component.__name__ for component in (*READERS, WarmlineMemoization)}


@pytest.mark.parametrize("component", READERS)
def test_the_same_source_encoder_and_data_train_nothing_again(
    component: type[WarmlineComponent], small_project: Path
) -> None:
    """Training twice costs once."""
    assert key(component) == key(component)


@pytest.mark.parametrize(
    ("component", "package"),
    [(component, package) for component in READERS for package in ("nlu", "brain/components", *component.made_of)]
    + [(WarmlineMemoization, "brain/components")],
)
def test_a_change_of_the_source_underneath_trains_a_component_again(
    component: type[GraphComponent], package: str, small_project: Path, source: Path
) -> None:
    """Rasa's training cache looks at the component's own class only, not even at its base."""
    before = key(component)
    changed = next(path for path in sorted((source / package).rglob("*.py")) if path.stem != "__init__")
    changed.write_text(f"{changed.read_text()}\n# Changed.\n")
    assert key(component) != before


@pytest.mark.parametrize("component", READERS)
def test_what_a_component_is_made_of_is_what_it_imports(component: type[WarmlineComponent]) -> None:
    """A package that is forgotten would leave an old model in place after a change, and nobody would know."""
    tree = ast.parse(Path(inspect.getfile(component)).read_text())
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot.")
        for alias in node.names
        for name in [f"{node.module}.{alias.name}"]
        if not name.startswith(PASSED_WHEN_SERVING)
    }
    packages = {name.split(".")[1] for name in imported} & set(LEARNED_FROM)
    assert packages <= {*EVERY_COMPONENT, *component.made_of}


@pytest.mark.parametrize("component", [part for part in READERS if part is not WarmlineKnowledge])
def test_another_encoder_trains_every_component_again_that_reads_vectors(
    component: type[WarmlineComponent], small_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors of two encoders must never meet."""
    before = key(component)
    monkeypatch.setattr(artefacts, "encoder_fingerprint", lambda: "another")
    assert (key(component) == before) is (component in NO_VECTORS)


def test_an_index_of_another_encoder_is_refused_before_anything_is_learned_from_it(
    small_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sentences and the questions would be in different spaces."""
    monkeypatch.setattr(artefacts, "encoder_fingerprint", lambda: "another")
    with pytest.raises(artefacts.Refusal, match="encoder"):
        key(WarmlineKnowledge)


@pytest.mark.parametrize("component", READERS)
def test_other_examples_train_every_component_again(component: type[WarmlineComponent], small_project: Path) -> None:
    """Rasa sees these itself."""
    assert key(component, data("good morning")) != key(component)


@pytest.mark.parametrize(
    ("component", "file", "text"),
    [
        (WarmlineDanger, "data/safety/more.yml", "danger: gas\nsigns: [hydrogen leak]\n"),
        (WarmlineTone, "data/tone/more.yml", "tone: {calm: [[thanks a lot]]}\n"),
        (WarmlineKnowledge, "knowledge_index/questions/more.yml", "nothing: [who won the cup]\n"),
    ],
)
def test_files_that_rasa_does_not_read_train_again_who_learns_from_them(
    component: type[WarmlineComponent], file: str, text: str, small_project: Path
) -> None:
    """How customers sound, and what no article answers, stand beside Rasa's training data."""
    before = key(component)
    path = small_project / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    try:
        assert key(component) != before
    finally:
        path.unlink()
    assert key(component) == before


@pytest.mark.parametrize("component", READERS)
def test_a_model_that_lacks_what_was_learned_is_refused_in_a_sentence(
    component: type[WarmlineComponent], small_project: Path, tmp_path: Path
) -> None:
    """An archive that was cut off says so at start, and what to do."""
    storage, resource = LocalModelStorage.create(tmp_path), Resource("component")
    with storage.write_to(resource) as folder:
        (folder / "something-else").touch()
    context = ExecutionContext(GraphSchema({}))
    with pytest.raises(artefacts.Refusal, match="make train"):
        component.load(component.get_default_config(), storage, resource, context)


@pytest.mark.parametrize("component", READERS)
def test_a_component_that_is_not_trained_leaves_messages_alone(
    component: type[GraphComponent], small_project: Path
) -> None:
    """Rasa makes one before training."""
    message = Message({TEXT: "hello"})
    fresh = component.create(component.get_default_config(), None, None, None)
    assert fresh.process([message]) == [message]
    assert message.get("decision") is None
