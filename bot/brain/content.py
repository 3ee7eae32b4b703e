"""Rasa's reader of training data, with the checks of `bot/teaching/checks` before it."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, METADATA, METADATA_INTENT
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts, variables_in_files
from bot.brain.quiet import leave_out_warnings
from bot.errors import WarmlineError
from bot.knowledge.sources.articles import known_ids
from bot.nlu.intents.written import acting_intents, as_written, contents
from bot.teaching.checks.project import check_training_data


class TrainersData(RasaFileImporter):
    """Reads ``data/``, ``domain.yml`` and ``config.yml`` as Rasa does; used by train, test and data validate."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        try:
            files = [Path(path) for path in (config_file, domain_path, *_listed(training_data_paths)) if path]
            variables_in_files.refuse(files)
        except WarmlineError as error:
            raise artefacts.Refusal(error) from error
        super().__init__(config_file, domain_path, training_data_paths)
        leave_out_warnings()

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
        """Give each intent a title and a kind where its trainers gave it none (`bot/nlu/intents/written.py`)."""
        files = [Path(path) for path in (*self._story_files, *_listed(self._domain_path)) if path]
        acting = acting_intents(contents(*files))
        for message in data.intent_examples:
            name, said = message.get(INTENT), message.get(METADATA) or {}
            # Retrieval intents are one intent to the rules; what stands beside one of them is said of that alone.
            own = said.get(METADATA_INTENT) if not message.get(INTENT_RESPONSE_KEY) else None
            own = own if isinstance(own, dict) else {}
            default = as_written(name, own, acting)
            filled = {"title": default.title, "kind": "act" if default.acts else "fact", **own}
            if filled != own:
                message.set(METADATA, {**said, METADATA_INTENT: filled})


def _listed(paths: list[str] | str | None) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths or [])
