"""What every component of the pipeline does alike: it is made, trained, kept, loaded, and trained again when need be.

Rasa's training cache looks at the source of a component's own class, its settings and its input. What else a component
is made of has to be said in :meth:`WarmlineComponent.fingerprint_addon`, this base class among it; so it is said here,
once, for all of them (`docs/decisions/0042-one-base-for-the-components.md`).
"""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts
from bot.errors import ArtefactError

Learned = TypeVar("Learned")
"""What a component learns in training, and goes by when it serves."""
Own = TypeVar("Own", bound="WarmlineComponent[Any]")

EVERY_COMPONENT = ("nlu", "brain/components")
"""The source below ``bot/`` that each component is made of: what reads messages, and these classes with their base."""


class WarmlineComponent(GraphComponent, Generic[Learned]):
    """A component that learns something from the training data, and reads messages by it.

    A subclass says what it learns, how that is written and read, and what it does to a message. A mistake that a person
    can fix (:class:`bot.errors.WarmlineError`) comes out of each of these as a sentence.
    """

    made_of: ClassVar[tuple[str, ...]] = ()
    """Packages below ``bot/`` that it is made of beside :data:`EVERY_COMPONENT`: a change there trains it anew."""
    reads_vectors: ClassVar[bool] = True
    """Whether another encoder trains it anew."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learned: Learned | None = None
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._learned = learned
        """None until it is trained: then messages are left alone."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other source, another encoder or other files that Rasa does not see are another component."""
        encoder = artefacts.encoder_fingerprint() if cls.reads_vectors else ""
        return artefacts.source_fingerprint(*EVERY_COMPONENT, *cls.made_of) + encoder + cls.files_fingerprint()

    @classmethod
    def files_fingerprint(cls) -> str:
        """Name the state of what it learns from beside Rasa's training data."""
        return ""

    @classmethod
    def create(
        cls: type[Own],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Own:
        """Make the component before training."""
        with artefacts.refusing():
            return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls: type[Own],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Own:
        """Load what training learned."""
        with artefacts.refusing(), model_storage.read_from(resource) as folder:
            try:
                learned = cls.read(Path(folder), config)
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                damage = f"what {cls.__name__} has learned is damaged ({type(error).__name__})."
                raise ArtefactError(Path(folder), damage, "make train") from error
            return cls(config, model_storage, resource, learned)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn, and keep what was learned."""
        with artefacts.refusing():
            learned = self.learn(training_data)
            with self._storage.write_to(self._resource) as folder:
                self.write(learned, Path(folder))
        return self._resource

    @abstractmethod
    def learn(self, training_data: TrainingData) -> Learned:
        """Learn from the training data."""

    @classmethod
    @abstractmethod
    def write(cls, learned: Learned, folder: Path) -> None:
        """Write what was learned: JSON and npz, nothing that runs when it is read."""

    @classmethod
    @abstractmethod
    def read(cls, folder: Path, config: dict[str, Any]) -> Learned:
        """Read what :meth:`write` wrote, with what the entry in config.yml sets by hand."""

    @abstractmethod
    def process(self, messages: list[Message]) -> list[Message]:
        """Leave on each message what was read in it."""
