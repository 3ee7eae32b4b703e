"""The import of a Rasa project into a company's folder, from beginning to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from bot.errors import Place, WarmlineError
from bot.teaching.checks.check_domain import mapped_intents
from bot.teaching.checks.examples import read_intents
from bot.teaching.checks.written import members
from bot.teaching.rasa_import.classify import ACTIONS, TESTS, TRAINING_FOLDER, Sorted, YamlFile, sort_files
from bot.teaching.rasa_import.configuration import note_configuration, note_secrets
from bot.teaching.rasa_import.conversations import Settling, acting_intents, conversations_in
from bot.teaching.rasa_import.domain import VERSION, adapt_domain, adapt_version
from bot.teaching.rasa_import.examples import Additions, adapt_examples
from bot.teaching.rasa_import.files import Found, find_files
from bot.teaching.rasa_import.flow import name as safe
from bot.teaching.rasa_import.mistakes import note_mistakes
from bot.teaching.rasa_import.product import product_core, spoken
from bot.teaching.rasa_import.python_files import choose_python, note_actions, read_python, target_of
from bot.teaching.rasa_import.renaming import rename_intents
from bot.teaching.rasa_import.report import ImportReport, Notes, as_markdown

DOMAIN_FOLDER = "domain"
OWN = "from_rasa.yml"
"""What the import itself writes, in the domain and among the rules."""
REPORT = "from-rasa.md"

_OWN_RULES = "# Made by the import: stories of the project, where the product answers the same words in another way.\n"
_OWN_NAMES = "# Made by the import: what the project uses and declares nowhere.\n"

_VARIABLE = "${"


def import_project(project: Path, folder: Path, language: str = "en") -> ImportReport:
    """Bring a Rasa 2 or 3 project into a company's folder that has just been made.

    Nothing of the project is changed, run or imported. Files that need no change are copied byte for byte.

    Args:
        project: The folder with the project's domain, data, actions and configuration.
        folder: The company's folder; what stands there stays, but for ``domain.yml``, which moves into ``domain/``.
        language: Of what the product brings, the files in this language (`bot/core`).

    Returns:
        What became of each part, with file and line of the original; also written to ``from-rasa.md``.

    Raises:
        WarmlineError: There is no project, or one of the two folders lies in the other.
    """
    notes = Notes()
    core = product_core(language)
    files = _found(project, folder, notes)
    python = read_python(files.python, notes)
    rename_intents(files, core, python, notes)
    additions = Additions()
    domain = adapt_domain(files.domain, core, notes)
    acting = acting_intents(files.training) | set(mapped_intents(domain)) | domain.ignored_intents
    for file in (*files.training, *files.tests):
        adapt_version(file, notes)
    adapt_examples(files.training, domain, acting, core, additions, notes)
    settling = Settling(core, _responses(files), _sentences(files), additions, notes)
    rules = settling.settle(list(conversations_in(files.training)))
    note_actions(domain, python, core, notes)
    note_configuration(files.configs, domain, language, notes)
    note_secrets(files.secrets, notes)
    chosen = choose_python(files.python, notes)
    _note_variables((*files.domain, *files.training), notes)
    _note_responses(files, notes)
    _choose_targets(files, folder)
    written = list(_write(files, chosen, rules, additions, folder, notes))
    note_mistakes(folder, (*files.domain, *files.training), notes)
    report = ImportReport(notes.all(), tuple(sorted(written)))
    (folder / REPORT).write_text(as_markdown(report, project.name), encoding="utf-8")
    return report


def refuse_project(project: Path, folder: Path) -> None:
    """Say what cannot be imported, before anything is written; :class:`WarmlineError` as for the import itself."""
    _found(project, folder, Notes())


def _found(project: Path, folder: Path, notes: Notes) -> Sorted:
    one, other = project.resolve(), folder.resolve()
    if one == other or one.is_relative_to(other) or other.is_relative_to(one):
        raise WarmlineError(f"{folder} and {project} lie in one another: choose a folder of its own for the company.")
    files = sort_files(find_files(project, notes), notes)
    if not files.domain and not files.training:
        raise WarmlineError(
            f"{project} holds no Rasa project: no domain, no examples, no rules and no stories in YAML."
        )
    return files


def _responses(files: Sorted) -> dict[str, yaml.Node]:
    return {
        key.value: value
        for file in (*files.domain, *files.training)
        for section in ("responses", "templates")
        for key, value in members(file.section(section))
    }


def _sentences(files: Sorted) -> dict[str, str]:
    return {
        spoken(example.text): intent.name
        for file in files.training
        for intent in read_intents(file.document)
        for example in intent.examples
    }


def _note_variables(files: Sequence[YamlFile], notes: Notes) -> None:
    """A variable of the environment in a text is refused at training: it would be said to customers."""
    for file in files:
        for number, line in enumerate(file.edits.text.split("\n"), start=1):
            if _VARIABLE in line:
                what = f"a value holds {_VARIABLE}, which stands for a variable of the environment."
                remedy = "Training refuses it: write the value itself, or let an action fill a slot."
                notes.to_do(Place(file.shown, number), what, remedy)


def _note_responses(files: Sorted, notes: Notes) -> None:
    for file in files.training:
        section = file.section("responses")
        if members(section):
            place = Place(file.shown, section.start_mark.line + 1 if section is not None else 0)
            notes.taken(place, f"{len(members(section))} responses among the training data.")


def _choose_targets(files: Sorted, folder: Path) -> None:
    taken: set[Path] = set()
    for group, top in ((files.domain, DOMAIN_FOLDER), (files.training, TRAINING_FOLDER), (files.tests, TESTS)):
        for file in group:
            parts = file.shown.parts
            below = Path(*parts[1:]) if len(parts) > 1 and parts[0] in (top, "test") else file.shown
            below = below if group is not files.tests or below.parts[0] == "stories" else Path("stories") / below
            target = Path(top) / below
            if target in taken or (folder / target).exists():
                target = Path(top) / "from_rasa" / below
            taken.add(target)
            file.target = target


def _write(
    files: Sorted, python: Sequence[Found], rules: Sequence[str], additions: Additions, folder: Path, notes: Notes
) -> Iterator[Path]:
    yield from _make_room(files, additions, folder)
    for file in (*files.domain, *files.training, *files.tests):
        file.cut_what_is_not_kept()
        if (content := _content(file, notes)) is not None:
            yield _put(folder, file.target, content)
    for one in python:
        yield _put(folder, target_of(one), one.path.read_bytes())
    if python and not (folder / ACTIONS / "__init__.py").exists():
        yield _put(folder, Path(ACTIONS, "__init__.py"), b"")
    if rules:
        text = f'{_OWN_RULES}version: "{VERSION}"\nrules:\n{"".join(rules)}'
        yield _put(folder, Path(TRAINING_FOLDER, "rules", OWN), text.encode())
    if declared := _declared(additions):
        text = f'{_OWN_NAMES}version: "{VERSION}"\n{declared}'
        yield _put(folder, Path(DOMAIN_FOLDER, OWN), text.encode())


def _content(file: YamlFile, notes: Notes) -> bytes | None:
    """What is written of a file: its own bytes where nothing changes; None where nothing is left."""
    if not file.edits and file.edits.text == file.original.decode("utf-8-sig"):
        return file.original
    text = file.edits.done()
    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        # Written in a way that was not foreseen (an anchor in what changes): a person can do it.
        line = error.problem_mark.line + 1 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else 0
        what = (
            "this file could not be changed in its place, and was copied as it is: none of its changes above was made."
        )
        notes.to_do(Place(file.shown, line), what, "Make them by hand.")
        return file.original
    if {key.value for key, _ in members(root)} <= {"version"}:
        return None
    return text.encode()


def _declared(additions: Additions) -> str:
    lists = (("intents", additions.intents), ("entities", additions.entities))
    parts = [f"{key}: [{', '.join(map(safe, names))}]\n" for key, names in lists if names]
    if additions.responses:
        said = "".join(f"  {safe(response)}: {variations}\n" for response, variations in additions.responses.items())
        parts.append(f"responses:\n{said}")
    return "".join(parts)


def _make_room(files: Sorted, additions: Additions, folder: Path) -> Iterator[Path]:
    """Move the company's own ``domain.yml`` to the project's in ``domain/``: Rasa reads the one or the other."""
    own = folder / "domain.yml"
    if not own.is_file() or not (files.domain or additions.intents or additions.entities or additions.responses):
        return
    target = Path(DOMAIN_FOLDER, "company.yml")
    yield _put(folder, target, own.read_bytes())
    own.unlink()


def _put(folder: Path, target: Path, content: bytes) -> Path:
    path = folder / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return target
