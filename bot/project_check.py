"""What is looked at before anything is built or started: every file that people write, all mistakes at once."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console

from bot.errors import ContentError, SettingError, SettingMistakesError, WarmlineError
from bot.gateway.channels import opening
from bot.gateway.tickets import desk_settings
from bot.knowledge.sources.articles import read_folder
from bot.nlu.reading.danger_words import safety_of
from bot.nlu.reading.short_forms import read_short_forms
from bot.nlu.reading.talk_words import FOLDER, read_talk_words
from bot.nlu.tone.data import read_conversations
from bot.settings import Settings
from bot.teaching.checks.core import check_core
from bot.teaching.checks.findings import Findings, in_order
from bot.teaching.checks.project import check_project
from bot.teaching.checks.skills import check_skills
from bot.untrusted.terminal import inert
from bot.wording.files import WordingError, load_catalogue


def find_mistakes(settings: Settings) -> Findings:
    """Look through a company's whole folder; nothing is imported from it, and nothing is trained."""
    ids: set[str] | None = None
    rejected: list[ContentError] = []
    if settings.articles.is_dir():
        reading = read_folder(settings.articles)
        rejected = list(reading.rejected)
        # A rejected article counts by its name: training need not wait for an editor.
        ids = {article.id for article in reading.articles} | {error.place.path.stem for error in rejected}
    found = check_project(settings.root, ids)
    # The others are built without it, and the build says so each time until it is fixed.
    found.remarks.extend(rejected)
    for read, path in (
        (opening.load_channels, settings.root / opening.FILE),
        (desk_settings.load_desk_settings, settings.root / desk_settings.FILE),
        (read_conversations, settings.root / "data" / "tone"),
        (read_short_forms, settings.root / "data" / "spelling"),
        (_read_talk_words, settings.root / "data" / FOLDER),
        (safety_of, settings.root),
    ):
        try:
            read(path)
        except SettingMistakesError as error:
            found.mistakes.extend(error.found)
        except SettingError as error:
            found.mistakes.append(error)
        except ContentError as error:
            # A file of `data` that could not be read at all has been named before.
            if not any(error.place.path == settings.root / known.place.path for known in _in_files(found)):
                found.mistakes.append(error)
    try:
        load_catalogue(settings.root)
    except WordingError as error:
        found.mistakes.extend(error.found)
    check_skills(settings.root, found)
    check_core(settings.root, found)
    return found


def _read_talk_words(folder: Path) -> None:
    """Read them where there are any: a company may do without (WarmlineTalk in config.yml)."""
    if any(folder.glob("*.yml")):
        read_talk_words(folder)


def _in_files(found: Findings) -> list[ContentError]:
    return [mistake for mistake in found.mistakes if isinstance(mistake, ContentError)]


def refuse_mistakes(settings: Settings, console: Console) -> None:
    """Print what is wrong, and what is probably not meant.

    Raises:
        WarmlineError: something is wrong; the lines that were printed say what.
    """
    started = time.monotonic()
    found = find_mistakes(settings)
    for remark in in_order(found.remarks):
        console.print(f"[bold yellow]![/] {_shown(remark, settings)}", soft_wrap=True)
    for mistake in in_order(found.mistakes):
        console.print(f"[bold red]✗[/] {_shown(mistake, settings)}", soft_wrap=True)
    if found.mistakes:
        number = len(found.mistakes)
        what = "One mistake" if number == 1 else f"{number} mistakes"
        raise WarmlineError(f"{what} in the files above; nothing was built or started.")
    console.print(f"[green]✓[/] What you wrote: no mistakes ({time.monotonic() - started:.1f} s)")


def _shown(error: WarmlineError, settings: Settings) -> str:
    """The sentence, with paths from the company's folder on: short, and a link in most terminals."""
    return inert(str(error).replace(f"{settings.root}/", ""))
