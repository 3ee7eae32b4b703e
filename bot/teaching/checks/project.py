"""All checks of a company's files, in one run: nothing is trained, started or imported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ContentError, Place
from bot.installation import BESIDE
from bot.nlu.intents.written import YAML_ENDINGS, acting_intents, contents, family_of
from bot.teaching.checks.check_actions import check_actions, check_responses, check_said
from bot.teaching.checks.check_config import (
    check_config,
    check_danger,
    check_fallback,
    check_tone,
    checks_contradictions,
    fallback_action,
    generalises,
    restricts_rules,
)
from bot.teaching.checks.check_contradictions import check_contradictions
from bot.teaching.checks.check_conversations import (
    TWO_STAGES,
    check_intents_used,
    check_names,
    check_rules,
    check_two_stages,
)
from bot.teaching.checks.check_domain import check_domain, mapped_intents, payload_intents
from bot.teaching.checks.check_entities import check_entities
from bot.teaching.checks.check_examples import check_against_domain, check_examples, remark_defaults
from bot.teaching.checks.check_languages import check_languages
from bot.teaching.checks.check_retrieval import check_retrieval
from bot.teaching.checks.check_shown import check_shown
from bot.teaching.checks.check_without_effect import (
    check_components,
    check_entities_nobody_finds,
    check_stories,
    check_waiting_for_fallback,
    listed_entities,
)
from bot.teaching.checks.conversations import Conversation, read_conversations
from bot.teaching.checks.domain import Domain, add_responses, read_domain
from bot.teaching.checks.examples import WrittenIntent, read_intents
from bot.teaching.checks.findings import Findings
from bot.teaching.checks.joined_core import core_conversations, core_domain, core_examples, joins_core
from bot.teaching.checks.python_actions import PythonActions, read_actions
from bot.teaching.checks.written import Document, read_document, twice


@dataclass
class Project:
    """What was read."""

    domain: Domain | None = None
    """None where a file of it cannot be read: everything would look unknown."""
    intents: list[WrittenIntent] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    config: Document | None = None
    python: PythonActions = field(default_factory=PythonActions)
    listed: set[str] = field(default_factory=set)
    """The entities of which there are lookups or patterns."""
    complete: bool = True
    """False where training data exists that is not read here: a broken file, or one in JSON."""


def check_project(root: Path, articles: Collection[str] | None) -> Findings:
    """Look through a company's folder.

    Args:
        root: The folder with ``config.yml``, ``domain.yml`` (or a folder ``domain``), ``data`` and ``actions``.
        articles: The ids of its articles; None where there are none yet.

    Returns:
        What was found; paths are relative to ``root``.
    """
    found = Findings()
    project = _read(root, found)
    check_examples(project.intents, articles, found)
    if project.config is not None:
        check_config(project.config, root, BESIDE, found)
        check_entities(project.config, found)
        check_languages(project.config, found)
        check_tone(project.config, root, found)
        check_fallback(project.config, TWO_STAGES, found)
        check_components(project.config, found)
    check_two_stages(project.conversations, found)
    check_waiting_for_fallback(project.conversations, project.config, found)
    check_stories(project.conversations, generalises(project.config), found)
    if restricts_rules(project.config):
        check_rules(project.conversations, found)
    if project.domain is not None:
        _check_with_domain(project, project.domain, found)
    with suppress(ContentError):  # what cannot be read has been named
        acting = acting_intents(contents(root / "data", *domain_files(root)))
        remark_defaults(project.intents, acting, found)
    return found


def _check_with_domain(project: Project, domain: Domain, found: Findings) -> None:
    check_domain(domain, found)
    check_against_domain(project.intents, domain, found)
    check_names(project.conversations, domain, project.python.named, found)
    check_actions(domain, project.python, found)
    check_shown(domain, found)
    if checks_contradictions(project.config):
        check_contradictions(project.conversations, domain, found)
    if not project.complete:
        return  # what seems to be missing may stand in the file that could not be read
    steps = [step for one in project.conversations for step in one.all_steps()]
    done = {step.name for step in steps if step.kind == "action"} | {fallback_action(project.config) or ""}
    check_entities_nobody_finds(domain, _entities_found(project, domain), project.config, found)
    check_retrieval(project.intents, project.conversations, domain, found)
    check_said(domain, project.python, found)
    check_responses(domain, done, project.python, found)
    used = {step.name.split("/")[0] for step in steps if step.kind == "intent"}
    used |= {*mapped_intents(domain), *domain.ignored_intents}
    if project.config is not None:
        check_danger(project.config, used, found)
    # A policy that generalises, and a customer's words in a story, may lead where no name is written.
    if generalises(project.config) or any(step.kind == "user" for step in steps):
        used |= {family_of(intent.name) for intent in project.intents}
    sent = {*payload_intents(domain)} | {name for name in domain.intents if _is_sent(name, project.python)}
    examples = {family_of(intent.name): (intent.place, intent.kind) for intent in reversed(project.intents)}
    check_intents_used(domain, examples, used, sent, found)


def _entities_found(project: Project, domain: Domain) -> set[str]:
    """The entities of lists and patterns, examples, buttons and Python."""
    marked = {name for intent in project.intents for example in intent.examples for name in example.entities()}
    sent = " ".join(payload for response in domain.responses.values() for payload, _ in response.payloads)
    told = {name for name in domain.entities if f'"{name}"' in sent or project.python.speaks_of(name)}
    return marked | told | project.listed


def _is_sent(intent: str, python: PythonActions) -> bool:
    return python.speaks_of(intent) or python.speaks_of(f"/{intent}")


def _read(root: Path, found: Findings) -> Project:
    project = Project()
    config = list(_documents(root, [root / "config.yml"], found))
    project.config = config[0] if config else None
    files = domain_files(root)
    documents = list(_documents(root, files, found))
    joined = joins_core(project.config)
    if files and len(documents) == len(files):
        # The company's first: of two responses with one name the first counts.
        project.domain = read_domain([*documents, core_domain()] if joined else documents)
    if not files:
        what = "there is no domain: neither domain.yml nor files in domain/."
        found.wrong(
            Place(Path("domain.yml")), what, "Write one: it names intents, slots, forms, actions and responses."
        )
    training = sorted(path for path in (root / "data").rglob("*") if path.is_file())
    readable = [path for path in training if path.suffix in YAML_ENDINGS]
    read = list(_documents(root, readable, found))
    project.complete = len(read) == len(readable) and not any(path.suffix == ".json" for path in training)
    for document in read:
        project.intents.extend(read_intents(document))
        project.conversations.extend(read_conversations(document))
        project.listed.update(listed_entities(document))
        if project.domain is not None:
            add_responses(project.domain, document)
    if joined:
        project.conversations.extend(core_conversations(project.conversations))
        project.intents.extend(read_intents(core_examples()))
    # Their settings are the start's business; here they only have to be YAML.
    list(_documents(root, [root / "endpoints.yml", root / "credentials.yml"], found))
    project.python = read_actions(root, BESIDE, found)
    return project


def domain_path(root: Path) -> Path:
    """Where Rasa finds the domain: ``domain.yml``, or else the folder ``domain`` with its files."""
    file, folder = root / "domain.yml", root / "domain"
    return folder if folder.is_dir() and not file.is_file() else file


def domain_files(root: Path) -> list[Path]:
    """The files of a domain."""
    path = domain_path(root)
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [one for one in found if one.suffix in YAML_ENDINGS and one.is_file()]


def conversations_of(root: Path) -> list[Conversation]:
    """The rules and stories of a company's folder, and Warmline's own; a file that cannot be read is left out."""
    files = sorted(path for path in (root / "data").rglob("*") if path.suffix in YAML_ENDINGS)
    own = [one for document in _documents(root, files, Findings()) for one in read_conversations(document)]
    config = next(_documents(root, [root / "config.yml"], Findings()), None)
    return [*own, *core_conversations(own)] if joins_core(config) else own


def check_training_data(files: Sequence[Path], articles: Collection[str] | None) -> Findings:
    """Look through files of training data alone, as Rasa's commands are given them."""
    found = Findings()
    documents = _documents(Path(), files, found)
    check_examples([intent for document in documents for intent in read_intents(document)], articles, found)
    return found


def _documents(root: Path, files: Iterable[Path], found: Findings) -> Iterator[Document]:
    """Read files; those that are missing are left out, and what cannot be read is a mistake."""
    for path in files:
        if not path.is_file():
            continue
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        try:
            document = read_document(path, shown)
        except ContentError as error:
            found.wrong(error.place, error.what, error.remedy)
            continue
        except OSError as error:
            found.wrong(Place(shown), f"this cannot be read ({error.strerror}).", "Let this user read it.")
            continue
        for key, again, first in twice(document):
            found.wrong(again, f"{key} is repeated here; it is already in line {first.line}.", "Keep one.")
        yield document
