"""What would stop a training of the imported project, told with the places of the original."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.errors import ContentError, Place
from bot.teaching.checks.findings import in_order
from bot.teaching.checks.joined_core import joins_core
from bot.teaching.checks.project import check_project
from bot.teaching.checks.written import read_document
from bot.teaching.rasa_import.classify import YamlFile
from bot.teaching.rasa_import.report import Notes, Outcome


def note_mistakes(folder: Path, files: Iterable[YamlFile], notes: Notes) -> None:
    """Run the checks that `warmline check` runs over the company's folder, and note what they find in these files."""
    config = folder / "config.yml"
    if not config.is_file() or not joins_core(read_document(config, Path(config.name))):
        return  # without the product's own names every rule of it looks unknown
    written = {file.target: file for file in files}
    lines: dict[Path, list[int]] = {}
    said = {note.place for note in notes.all() if note.outcome is Outcome.TO_DO}
    for mistake in in_order(check_project(folder, None).mistakes):
        if not isinstance(mistake, ContentError):
            continue
        place = mistake.place
        file = written.get(place.path)
        if file is not None:
            known = lines.setdefault(place.path, file.edits.lines())
            line = known[place.line - 1] if 0 < place.line <= len(known) else place.line
            place = Place(file.shown, line)
        if place not in said:
            notes.to_do(place, mistake.what, mistake.remedy)
