"""What the kit is told at the start of an action server: the company's own word, and what its files say."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import threading
import time
from collections.abc import Mapping
from functools import cache, partial

from bot.errors import SettingError, WarmlineError
from bot.handoff.emergency import country_in
from bot.kit.company import Company, Content, serve_for
from bot.kit.readings import IntentTitle, load_titles
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.living import LivingIndex
from bot.nlu.encoder.onnx_encoder import EncoderManifest
from bot.nlu.intents.trained_models import newest_trained
from bot.settings import Settings
from bot.teaching.checks.domain import Domain
from bot.teaching.checks.joined_core import domain_of
from bot.teaching.checks.project import domain_files
from bot.wording.catalogue import Catalogue
from bot.wording.files import load_catalogue

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at the folder of models, as often as the brain looks."""

MODULE, FUNCTION = "company", "company"
"""Where a company says what the kit has to know of it: ``actions/company.py``, ``def company() -> Company``."""


def company_in(package: str) -> Company:
    """Ask the company's package; one that says nothing has the defaults.

    Raises:
        SettingError: What it says is no :class:`~bot.kit.company.Company`.
    """
    if importlib.util.find_spec(package) is None or not hasattr(importlib.import_module(package), "__path__"):
        return Company()
    module = f"{package}.{MODULE}"
    says = None
    if importlib.util.find_spec(module) is not None:
        says = getattr(importlib.import_module(module), FUNCTION, None)
    if says is None:
        return Company()
    said = says()
    if not isinstance(said, Company):
        raise SettingError(f"{module}.{FUNCTION}() answers no bot.kit.company.Company: let it answer one.")
    return said


def content_of(where: Settings) -> Content:
    """The company's files. Articles and titles are opened when an action first asks for them, and then kept."""
    opening = threading.Lock()  # actions run in threads; two that ask at once must not both load
    index = cache(lambda: LivingIndex(where.index, EncoderManifest.read(where.encoder).fingerprint))
    titles = cache(partial(load_titles, where.root))

    def knowledge() -> KnowledgeIndex:
        """As it stands now; no encoder is loaded, the brain has done the searching."""
        with opening:
            return index().refresh()

    words = cache(partial(load_catalogue, where.root))

    def load_catalogue_once() -> Catalogue:
        with opening:
            return words()

    def read_titles() -> Mapping[str, IntentTitle]:
        with opening:
            return titles()

    country = country_in(where.root / "config.yml")
    domain = _domain(where)
    forms = {name: tuple(slot for slot, _ in form.slots) for name, form in domain.forms.items()}
    return Content(knowledge, read_titles, forms, frozenset(domain.responses), load_catalogue_once, country)


class Renewal:
    """Reads the company's files anew once a newer model stands in the folder of models, as the brain takes it too."""

    def __init__(self, where: Settings, company: Company, every: float = LOOK_EVERY) -> None:
        self._where = where
        self._company = company
        self._every = every
        self._seen = newest_trained(where.models)
        self._next = time.monotonic() + every

    def renew(self) -> None:
        """Look, at most so often; what cannot be read leaves everything as it was, and says so once."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._every
        newest = newest_trained(self._where.models)
        if newest == self._seen:
            return
        self._seen = newest
        try:
            serve_for(self._company, content_of(self._where))
        except WarmlineError as error:
            logger.error("The company's files were not read anew, what they said before holds: %s", error)


def _domain(where: Settings) -> Domain:
    files = [path for path in domain_files(where.root) if path.is_file()]
    return domain_of(where.root, files)
