"""Rasa's reader of training data, with the checks of `bot/teaching/checks` before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import RuleStep, StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import story_graph_from_paths
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, METADATA, METADATA_INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from bot import core as warmlines
from bot.brain import artefacts, variables_in_files
from bot.brain.quiet import leave_out_warnings
from bot.errors import WarmlineError
from bot.knowledge.sources.articles import known_ids
from bot.nlu.intents.written import acting_intents, as_written, contents
from bot.teaching.checks.project import check_training_data


class TrainersData(RasaFileImporter):
    """Reads ``data/``, ``domain.yml`` and ``config.yml`` as Rasa does; used by train, test and data validate.

    With ``core: true`` Warmline's own domain, rules and examples (`bot/core`) are joined with them. Of two responses,
    or two rules, with one name the company's counts; examples of one intent add up.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        core: bool = False,
    ) -> None:
        try:
            files = [Path(path) for path in (config_file, domain_path, *_listed(training_data_paths)) if path]
            variables_in_files.refuse(files)
        except WarmlineError as error:
            raise artefacts.Refusal(error) from error
        super().__init__(config_file, domain_path, training_data_paths)
        self._core = core
        if core:
            # First: of the metadata of an intent that stands in both, the company's counts.
            self._nlu_files: list[str] = [str(warmlines.examples_file()), *self._nlu_files]
        leave_out_warnings()

    @cached_method
    def get_domain(self) -> Domain:
        """The company's domain, with Warmline's own where it is joined."""
        own = super().get_domain()
        if not self._core:
            return own
        brought = _without(Domain.load(str(warmlines.domain_file())).as_dict(), own.as_dict())
        return own.merge(Domain.from_dict(brought))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The company's rules and stories, with Warmline's own rules but for those that the company has itself."""
        own = super().get_stories(exclusion_percentage)
        if not self._core:
            return own
        replaced = {step.block_name for step in own.story_steps if isinstance(step, RuleStep)}
        brought = story_graph_from_paths([str(warmlines.rules_file())], self.get_domain())
        return own.merge(StoryGraph([step for step in brought.story_steps if step.block_name not in replaced]))

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Check the files, then let Rasa read them."""
        folder = artefacts.articles_folder()
        try:
            check_training_data([Path(path) for path in self._nlu_files], known_ids(folder)).raise_if_wrong()
        except WarmlineError as error:
            raise artefacts.Refusal(error) from error
        data = super().get_nlu_data(language)
        self._complete_metadata(data)
        return data

    def _complete_metadata(self, data: TrainingData) -> None:
        """Give each intent a title and a kind where its trainers gave it none (`bot/nlu/intents/written.py`).

        What is written beside some examples of an intent counts for all of them.
        """
        files = [Path(path) for path in (*self._story_files, *_listed(self._domain_path)) if path]
        acting = acting_intents(contents(*files, *([warmlines.rules_file()] if self._core else [])))
        written: dict[tuple[str, bool], dict[str, Any]] = {}
        for message in data.intent_examples:
            written.setdefault(_whose(message), {}).update(_said(message))
        for message in data.intent_examples:
            name, own = message.get(INTENT), written[_whose(message)]
            default = as_written(name, own, acting)
            filled = {"title": default.title, "kind": "act" if default.acts else "fact", **own}
            message.set(METADATA, {**(message.get(METADATA) or {}), METADATA_INTENT: filled})


def _whose(message: Message) -> tuple[str, bool]:
    """Retrieval intents are one intent to the rules; what stands beside one of them is said of that alone."""
    return message.get(INTENT), bool(message.get(INTENT_RESPONSE_KEY))


def _said(message: Message) -> dict[str, Any]:
    own = (message.get(METADATA) or {}).get(METADATA_INTENT) if not message.get(INTENT_RESPONSE_KEY) else None
    return own if isinstance(own, dict) else {}


def _without(brought: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Warmline's domain without what a company has under the same name, of which Rasa would warn."""
    left = dict(brought)
    for section, there in brought.items():
        if isinstance(there, dict) and section in _NAMED:
            left[section] = {name: value for name, value in there.items() if name not in own.get(section, {})}
        elif isinstance(there, list):
            known = {_name(one) for one in own.get(section) or ()}
            left[section] = [one for one in there if _name(one) not in known]
    return left


_NAMED = frozenset({"forms", "responses", "slots"})


def _name(listed: str | dict[str, Any]) -> str:
    """An intent, an entity or an action, alone or with its options."""
    return listed if isinstance(listed, str) else str(next(iter(listed)))


def _listed(paths: list[str] | str | None) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths or [])
