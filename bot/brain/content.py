"""Rasa's reader of training data, with the checks of `bot/teaching/checks` before it."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain import artefacts, variables_in_files
from bot.brain.quiet import leave_out_warnings
from bot.errors import WarmlineError
from bot.knowledge.sources.articles import known_ids
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
        return super().get_nlu_data(language)


def _listed(paths: list[str] | str | None) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths or [])
