"""What the settings of a Rasa project did, and what does it here: none of them is taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from bot.teaching.checks.domain import Domain
from bot.teaching.checks.written import items, member, members, text
from bot.teaching.rasa_import.classify import YamlFile
from bot.teaching.rasa_import.report import Notes

ENTITIES_READ = frozenset({"date", "time", "email", "phone", "postcode"})
"""Entities that the product reads by itself (docs/teach-entities-languages-tone.md)."""

_WORDS = "splits a message into words; the product has its own"
_FEATURES = "turned words into numbers; the product has one encoder for whole sentences"
_INTENTS = "chose the intent; the product's classifier is trained from the same examples"
_FALLBACK = "said when nothing was understood; the arbiter does, by the share of wrong answers that config.yml allows"
_ENTITIES = "found entities; the product learns them from the same marks, lookup tables and regular expressions"

REPLACED: Mapping[str, str] = {
    **dict.fromkeys(("WhitespaceTokenizer", "JiebaTokenizer", "MitieTokenizer", "SpacyTokenizer"), _WORDS),
    **dict.fromkeys(("ConveRTTokenizer", "LanguageModelTokenizer"), _WORDS),
    **dict.fromkeys(
        (
            "RegexFeaturizer",
            "LexicalSyntacticFeaturizer",
            "CountVectorsFeaturizer",
            "SpacyFeaturizer",
            "MitieFeaturizer",
            "ConveRTFeaturizer",
            "LanguageModelFeaturizer",
            "HFTransformersNLP",
        ),
        _FEATURES,
    ),
    "SpacyNLP": "loaded a language model of spaCy; the product needs none",
    "MitieNLP": "loaded a language model of MITIE; the product needs none",
    "DIETClassifier": f"{_INTENTS}, and its entities are learnt from the same marks",
    **dict.fromkeys(
        ("SklearnIntentClassifier", "MitieIntentClassifier", "LogisticRegressionClassifier", "KeywordIntentClassifier"),
        _INTENTS,
    ),
    **dict.fromkeys(("CRFEntityExtractor", "RegexEntityExtractor", "MitieEntityExtractor"), _ENTITIES),
    "EntitySynonymMapper": "gave entities their usual name; the product reads the same synonyms",
    "ResponseSelector": "chose the answer of a retrieval intent; the product's classifier chooses it",
    "FallbackClassifier": _FALLBACK,
    "RulePolicy": "followed the rules; config.yml here has it too",
    **dict.fromkeys(
        ("MemoizationPolicy", "AugmentedMemoizationPolicy"),
        "followed stories that it knew; config.yml here has a quicker one that does the same",
    ),
    "TEDPolicy": "guessed how a conversation goes on that stands in no story; here only rules and stories count",
    "UnexpecTEDIntentPolicy": "noticed messages that stand in no story; the arbiter looks at scope and open questions",
    **dict.fromkeys(
        ("FormPolicy", "MappingPolicy", "FallbackPolicy", "TwoStageFallbackPolicy"),
        "is Rasa 1's, and was replaced by rules in Rasa 2",
    ),
    "KerasPolicy": "is Rasa 1's, and guessed; here only rules and stories count",
    "EmbeddingPolicy": "is Rasa 1's, and guessed; here only rules and stories count",
}
"""What Rasa's components did, and what replaces each."""

_GUESSED = frozenset({"TEDPolicy", "UnexpecTEDIntentPolicy", "KerasPolicy", "EmbeddingPolicy"})

_DUCKLING = "DucklingEntityExtractor"
_DUCKLINGS: Mapping[str, str | None] = {
    "time": "date and time",
    "email": "email",
    "phone-number": "phone",
    "number": None,
    "amount-of-money": None,
    "duration": None,
    "distance": None,
    "ordinal": None,
    "temperature": None,
    "quantity": None,
    "volume": None,
    "url": None,
    "credit-card-number": None,
}
"""Duckling's dimensions, and by which of its own entities the product reads the same."""

_SPACYS = ("PERSON", "ORG", "GPE", "LOC", "DATE", "TIME", "MONEY", "CARDINAL", "ORDINAL", "FAC", "NORP", "PRODUCT")

SECRETS: Mapping[str, str] = {
    "action_endpoint": "actions/ is served by the product itself",
    "tracker_store": "conversations are kept in the gateway's database (WARMLINE_DATABASE_URL)",
    "lock_store": "the gateway takes one message of a conversation at a time",
    "event_broker": "what happens is kept in the gateway's database",
    "nlg": "responses come from the domain; a server for them is not asked",
    "models": "the model is trained in this folder and taken by itself",
    "rest": "the gateway has an interface of its own (docs/reference/web-api.md)",
    "socketio": "the website's chat window is the gateway's (channels.yml)",
    "rasa": "Rasa X and Rasa Enterprise are not used",
    "telegram": "Telegram is opened in channels.yml; its token comes from the environment",
}
"""What each key of endpoints.yml and credentials.yml stood for. Its value is never read."""


def note_configuration(configs: Sequence[YamlFile], domain: Domain, language: str, notes: Notes) -> None:
    """Say of each entry of each config.yml what it did and what does it here."""
    for file in configs:
        for section in ("pipeline", "policies"):
            node = member(file.document.root, section)
            for entry in items(node):
                _note_entry(file, entry, domain, notes)
            if isinstance(node, yaml.ScalarNode) and node.value:
                what = f"the {section} {node.value} is a template of Rasa 1; config.yml here has its own."
                notes.left_out(file.document.place(node), what)
        for key, value in members(file.document.root):
            if key.value == "language" and text(value) == language:
                notes.taken(file.document.place(key), f"the language is {language}, as chosen for this folder.")
            elif key.value == "language":
                what = f"the project's language is {text(value)}, and this folder's is {language}."
                notes.to_do(file.document.place(key), what, "Make the folder in the project's language.")
            elif key.value == "importers":
                what = "importers of a project are not taken: they would run in training."
                notes.left_out(file.document.place(key), what)


def note_secrets(files: Sequence[YamlFile], notes: Notes) -> None:
    """Say of each key of endpoints.yml and credentials.yml what does it here; values are nobody's business."""
    for file in files:
        for key, _ in members(file.document.root):
            does = SECRETS.get(key.value, "no channel or server of this name is opened here")
            notes.left_out(file.document.place(key), f"{key.value} is not copied, since it may hold secrets; {does}.")


def _note_entry(file: YamlFile, entry: yaml.Node, domain: Domain, notes: Notes) -> None:
    node = member(entry, "name") or entry
    name = text(node) or "?"
    short, place = name.rpartition(".")[2], file.document.place(node)
    if name == _DUCKLING:
        _note_duckling(file, entry, domain, notes)
    elif name == "SpacyEntityExtractor":
        lost = [one for one in _SPACYS if one in domain.entities]
        what = f"{name} is not taken: names of people, places and firms are not read by themselves."
        notes.left_out(place, what, f"Mark {', '.join(lost)} in examples, or list them." if lost else "")
    elif "." in name and not name.startswith("rasa."):
        what = (
            f"{name} is a component of the project's own and is not taken: it would run in training and in each turn."
        )
        notes.left_out(place, what, "What it did, an action can do, or an entity of config.yml.")
    elif short in REPLACED:
        notes.left_out(
            place, f"{short} is not taken: it {REPLACED[short]}.", _ASKS_FOR_RULES if short in _GUESSED else ""
        )
    else:
        notes.left_out(place, f"{short} is not taken: the product's own pipeline stands in config.yml.")


_ASKS_FOR_RULES = "Where a conversation relied on that, write a rule or a story."


def _note_duckling(file: YamlFile, entry: yaml.Node, domain: Domain, notes: Notes) -> None:
    dimensions = items(member(entry, "dimensions"))
    if not dimensions:
        what = f"{_DUCKLING} is not taken: it is a server beside Rasa; date, time, email and phone are read without it."
        notes.left_out(file.document.place(entry), what)
    for node in dimensions:
        name = text(node) or ""
        read = _DUCKLINGS.get(name)
        what = f"{_DUCKLING} read {name}; "
        if read is None:
            used = name in domain.entities
            remedy = "Mark it in examples or write a regular expression for it." if used else ""
            say = notes.to_do if used else notes.left_out
            say(file.document.place(node), f"{what}nothing reads it by itself here.", remedy)
        elif name in ENTITIES_READ or name not in domain.entities:
            notes.changed(file.document.place(node), f"{what}the product reads {read} by itself, in a form of its own.")
        else:
            remedy = f"Map the slots that {name} filled from {read}."
            notes.to_do(file.document.place(node), f"{what}the product reads it by itself as {read}.", remedy)
