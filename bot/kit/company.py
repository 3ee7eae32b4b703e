"""What the kit has to know of a company: the one seam through which a company's own values reach it.

rasa-sdk creates every action without arguments, so nothing can be handed to one. The action server fills the seam once,
before it serves (:func:`serve_for`); actions read it when they run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.form_input import wish_of_form
from bot.dialogue.parking import Parked
from bot.kit.readings import IntentTitle
from bot.knowledge.index.index import KnowledgeIndex
from bot.wording.catalogue import Catalogue
from bot.wording.files import product_catalogue


@dataclass(frozen=True)
class InWords:
    """A slot for people to read, where its value is an id or a code."""

    title: str
    text: str | None = None
    """None where the value says nothing to anybody now."""


def _says_itself(slot: str, value: Any) -> InWords | None:
    return None


def _by_its_name(parked: Parked) -> str:
    return wish_of_form(parked.form).replace("_", " ")


@dataclass(frozen=True)
class Company:
    """What a company's ``actions/company.py`` says of itself; a company that says nothing has the defaults."""

    told: Sequence[str] = ()
    """The slots that hold what customers tell, in the order in which an agent wants to read them. Without any: those
    that the forms ask for."""
    sensitive: frozenset[str] = frozenset()
    """Those that the desk shows masked until an agent asks for them."""
    in_words: Callable[[str, Any], InWords | None] = _says_itself
    """A slot and its value for an agent; None where the value says it itself."""
    counters: Sequence[str] = ()
    """Slots that count towards giving up: a stretch with a human empties them."""
    beside_forms: Sequence[str] = ()
    """Slots that belong to an open form, beside those that it asks for: they wait and come back with it."""
    thing: Callable[[Parked], str] = _by_its_name
    """What a customer would call a form that waits: ``the visit for your hob``."""


@dataclass(frozen=True)
class Content:
    """What the company's files say, as they stand when it is asked for."""

    knowledge: Callable[[], KnowledgeIndex]
    titles: Callable[[], Mapping[str, IntentTitle]]
    """The intents' titles and articles, by the intents' names."""
    forms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The slots that each form of the domain asks for, in its order."""
    responses: Collection[str] = ()
    """The names of the domain's responses: some sentences are said only where a company wrote them."""
    catalogue: Callable[[], Catalogue] = product_catalogue
    """The product's own sentences, in the company's words."""
    country: str = ""
    """Where the company is (ISO 3166), as ``config.yml`` says it for the entities."""


class NobodyServedError(RuntimeError):
    """An action ran in a process that serves no company."""


@dataclass
class _Served:
    company: Company
    content: Content


_served: list[_Served] = []


def serve_for(company: Company, content: Content) -> None:
    """Say whose actions run in this process; called at its start, before the first of them."""
    _served[:] = [_Served(company, content)]


def company() -> Company:
    """The company that is served."""
    return _now().company


def content() -> Content:
    """Its files."""
    return _now().content


def _now() -> _Served:
    if not _served:
        raise NobodyServedError("serve_for was not called: start the actions by bot.action_server.serve")
    return _served[0]
