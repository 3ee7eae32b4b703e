"""What Rasa would take and Warmline makes no use of: said before anybody waits for it, with file and line.

Remarks, not mistakes: a project that was brought in trains, and its people learn at once what they have to write anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import yaml

from bot.contract.kinds import KINDS
from bot.contract.names import SET_BY_THE_PRODUCT
from bot.teaching.checks.conversations import Conversation
from bot.teaching.checks.domain import Domain
from bot.teaching.checks.findings import Findings
from bot.teaching.checks.written import Document, is_false, items, member, members, text

MOST_FREE_MESSAGES = 4
"""Messages of the customer outside a form that a story may have before it hardly ever holds word for word."""

_DECIDES = "WarmlineArbiter"
_READS_INTENTS = frozenset(
    {
        "DIETClassifier",
        "FallbackClassifier",
        "KeywordIntentClassifier",
        "LogisticRegressionClassifier",
        "MitieIntentClassifier",
        "SklearnIntentClassifier",
    }
)
_SELECTS = "ResponseSelector"
_DUCKLING = "DucklingEntityExtractor"
_FINDS_MORE = frozenset({_DUCKLING, "MitieEntityExtractor", "SpacyEntityExtractor"})
"""Recognisers that find entities of which no training data speaks."""
_DUCKLINGS_ENTITIES = frozenset(
    {
        "amount-of-money",
        "distance",
        "duration",
        "number",
        "ordinal",
        "phone-number",
        "quantity",
        "temperature",
        "url",
        "volume",
    }
)
"""Its dimensions (`rasa.nlu.extractors.duckling_entity_extractor`) that Warmline does not read under these names."""


def check_components(config: Document, found: Findings) -> None:
    """Note components of Rasa whose work nothing uses."""
    if not _decides(config):
        return
    for entry, name, known in _pipeline(config):
        if known in _READS_INTENTS and not is_false(member(entry, "intent_classification")):
            remedy = "WarmlineIntents and WarmlineEntities read intents and entities."
            if known == "FallbackClassifier":
                remedy = "What is not understood is the intent unclear or out_of_scope: write rules for those."
            what = f"{known} reads intents without effect: {_DECIDES} decides after it."
            found.remark(config.place(name), what, f"Remove it. {remedy}")
        elif known == _SELECTS:
            what = f"{known} chooses among retrieval intents without effect: WarmlineIntents does."
            found.remark(config.place(name), what, "Remove it.")
        elif known == _DUCKLING:
            what = (
                f"{known} asks a server of its own for each message; days, hours and telephone numbers are read here."
            )
            remedy = "Remove it, and fill slots from the entities date, time and phone."
            found.remark(config.place(name), what, remedy)


def check_entities_nobody_finds(
    domain: Domain, found_by: Collection[str], config: Document | None, found: Findings
) -> None:
    """Note slots that are filled from an entity that nothing finds.

    ``found_by`` are the entities that training data, buttons and Python speak of.
    """
    if config is None or any(known in _FINDS_MORE for _, _, known in _pipeline(config)):
        return
    known_ones = {*found_by, *KINDS, *_read_under_another_name(config)}
    for slot, what in domain.slots.items():
        for document, mapping in what.mappings:
            entity = member(mapping, "entity")
            if not isinstance(entity, yaml.ScalarNode) or entity.value in known_ones:
                continue
            if entity.value not in domain.entities:
                continue  # a mistake, which has been named
            remedy = f"Mark it in examples, `[words]({entity.value})`, or list it: `- lookup: {entity.value}`."
            if entity.value in _DUCKLINGS_ENTITIES:
                remedy = f"Duckling would find it, which is not in the pipeline. {remedy}"
            told = f"slot {slot} is filled from the entity {entity.value}, which nothing finds."
            found.remark(document.place(entity), told, remedy)


def _read_under_another_name(config: Document) -> Iterator[str]:
    """The entities that hold a kind of value, as config.yml says it (``kinds: {zip: postcode}``)."""
    for entry, _, _ in _pipeline(config):
        yield from (key.value for key, _ in members(member(entry, "kinds")))


def check_stories(conversations: Sequence[Conversation], generalises: bool, found: Findings) -> None:
    """Note steps and stories that only a policy that generalises (TED) could make something of."""
    if generalises:
        return
    for conversation in conversations:
        where = f"{conversation.kind} “{conversation.name}”"
        for step in conversation.all_steps():
            if step.kind in ("user", "bot"):
                whose = "a customer's" if step.kind == "user" else "the assistant's"
                what = f"{where} has {whose} words instead of a name: without TEDPolicy it never applies."
                remedy = "Write `intent:`." if step.kind == "user" else "Write `action:` and a response."
                found.remark(step.place, what, remedy)
        free = _free_messages(conversation)
        if conversation.kind == "story" and free > MOST_FREE_MESSAGES:
            what = (
                f"{where} goes over {free} free messages of the customer, and holds only where a conversation goes "
                "exactly so: there is no TEDPolicy to generalise it."
            )
            found.remark(conversation.place, what, "Write rules, or a form, for what is to hold in any order.")


def check_waiting_for_fallback(conversations: Iterable[Conversation], config: Document | None, found: Findings) -> None:
    """Note rules for ``nlu_fallback``, which nothing sets where the arbiter decides."""
    if config is None or not _decides(config):
        return
    for conversation in conversations:
        for step in conversation.all_steps():
            if step.kind == "intent" and step.name == "nlu_fallback":
                what = f"{conversation.kind} “{conversation.name}” waits for nlu_fallback, which nothing sets."
                found.remark(step.place, what, "Write it for the intents unclear and out_of_scope.")


def listed_entities(document: Document) -> Iterator[str]:
    """The names of the lookups and patterns in a file of training data."""
    for item in items(member(document.root, "nlu")):
        yield from (name for key in ("lookup", "regex") if (name := text(member(item, key))))


def _free_messages(conversation: Conversation) -> int:
    """Messages outside a form that something else than the product sets."""
    count, inside = 0, False
    for step in conversation.steps:
        for one in step[:1]:
            if one.kind == "loop":
                inside = one.set
            elif one.kind == "intent" and not inside and one.name not in SET_BY_THE_PRODUCT:
                count += 1
    return count


def _pipeline(config: Document) -> Iterator[tuple[yaml.Node, yaml.Node, str]]:
    """Each entry, its name, and the name of its class."""
    for entry in items(member(config.root, "pipeline")):
        name = member(entry, "name") or entry
        yield entry, name, (text(name) or "").rpartition(".")[2]


def _decides(config: Document) -> bool:
    return any(known == _DECIDES for _, _, known in _pipeline(config))
