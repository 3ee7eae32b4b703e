"""Mistakes in ``config.yml``: components that do not exist, and settings that no component has."""

from __future__ import annotations

import ast
import json
from collections.abc import Collection
from functools import cache
from pathlib import Path

import yaml

from bot.contract.names import DANGER
from bot.teaching.checks.findings import Findings, did_you_mean, nearest
from bot.teaching.checks.written import Document, is_false, is_null, items, member, members, text

TOP = frozenset({"recipe", "assistant_id", "language", "importers", "pipeline", "policies", "version", "spaces"})
"""The keys that Rasa's default recipe reads."""

ANY_COMPONENT = frozenset({"name"})
ANY_POLICY = frozenset({"featurizer", "state_featurizer", "max_history", "priority"})
"""What a policy of Rasa's takes beside its defaults (`rasa.core.policies.policy.Policy`)."""

_FALLBACK = "core_fallback_action_name"

_TABLE = Path(__file__).with_name("rasa_components.json")
"""The settings of each component of Rasa 3.6.21, as its `get_default_config` gives them (a test compares)."""


@cache
def rasas_components() -> dict[str, frozenset[str]]:
    """The settings of each component that Rasa brings."""
    return {name: frozenset(keys) for name, keys in json.loads(_TABLE.read_text(encoding="utf-8")).items()}


def check_config(config: Document, root: Path, beside: Path, found: Findings) -> None:
    """Note unknown keys and components.

    Args:
        config: The file.
        root: The company's folder, in which its own components lie.
        beside: The folder in which the package ``bot`` lies.
        found: Where to note it.
    """
    for key, _ in members(config.root):
        near = nearest(key.value, TOP)
        if key.value not in TOP and near is not None:
            found.wrong(config.place(key), f"Rasa does not read {key.value}.", f"Did you mean {near}?")
    for section in ("pipeline", "policies"):
        for entry in items(member(config.root, section)):
            _check_entry(config, section, entry, root, beside, found)


def check_tone(config: Document, root: Path, found: Findings) -> None:
    """Note a component that learns how customers sound, and has nothing to learn from."""
    for entry in items(member(config.root, "pipeline")):
        name = member(entry, "name") or entry
        if (text(name) or "").endswith(".WarmlineTone") and not any((root / "data" / "tone").glob("*.yml")):
            what = "WarmlineTone learns from data/tone, but there is nothing in it."
            found.wrong(config.place(name), what, "Write data/tone/tone.yml, or remove the component.")


def check_danger(config: Document, used: Collection[str], found: Findings) -> None:
    """Note a component that reads dangers where no rule answers one: customers would hear that we did not understand.

    ``used`` are the intents that rules, stories, forms and slots ask for.
    """
    for entry in items(member(config.root, "pipeline")):
        name = member(entry, "name") or entry
        if (text(name) or "").endswith(".WarmlineDanger") and DANGER not in used:
            what = f"WarmlineDanger reads dangers, but no rule answers the intent {DANGER}."
            remedy = f"Write a rule in data/rules: `intent: {DANGER}`, then `action: action_danger`."
            found.wrong(config.place(name), what, remedy)


def checks_contradictions(config: Document | None) -> bool:
    """Whether Rasa would look for contradictions: a policy for rules stands there, and nobody has told it not to."""
    rules = _policy(config, "RulePolicy")
    return rules is not None and not is_false(member(rules, "check_for_contradictions"))


def restricts_rules(config: Document | None) -> bool:
    """Whether rules with more than one message of the customer are refused."""
    rules = _policy(config, "RulePolicy")
    return rules is not None and not is_false(member(rules, "restrict_rules"))


def generalises(config: Document | None) -> bool:
    """Whether a policy stands there that acts without a rule or a story for it."""
    return any(_policy(config, name) is not None for name in ("TEDPolicy", "UnexpecTEDIntentPolicy"))


def check_fallback(config: Document, endless: str, found: Findings) -> None:
    """Note a fallback that never ends: ``endless`` is taken wherever no rule fits, whatever the customer's intent."""
    node = member(_policy(config, "RulePolicy"), _FALLBACK)
    if node is not None and text(node) == endless:
        found.wrong(
            config.place(node),
            f"{endless} is to be taken where no rule fits, where it would loop for ever and never answer.",
            "Use action_default_fallback, or an action that says you did not understand.",
        )


def fallback_action(config: Document | None) -> str | None:
    """The action that is taken where no rule fits."""
    return text(member(_policy(config, "RulePolicy"), _FALLBACK))


def _policy(config: Document | None, name: str) -> yaml.Node | None:
    entries = items(member(config.root, "policies")) if config is not None else []
    return next((one for one in entries if (text(member(one, "name")) or text(one) or "").endswith(name)), None)


def _check_entry(config: Document, section: str, entry: yaml.Node, root: Path, beside: Path, found: Findings) -> None:
    name = entry if isinstance(entry, yaml.ScalarNode) else member(entry, "name")
    if not isinstance(name, yaml.ScalarNode) or is_null(name):
        what = f"an entry of `{section}` has no name."
        found.wrong(config.place(entry), what, "Begin it with `- name:` and the component.")
        return
    keys = _keys_of(name.value, root, beside)
    if keys is None:
        _check_exists(config, name, root, beside, found)
        return
    allowed = keys | ANY_COMPONENT | (ANY_POLICY if section == "policies" else frozenset())
    # Rasa's own components may read what their defaults do not name; ours never do.
    strict = "." in name.value
    for key, _ in members(entry):
        if key.value in allowed:
            continue
        near = nearest(key.value, allowed - ANY_COMPONENT)
        what = f"{_class_of(name.value)} has no setting {key.value}."
        settings = ", ".join(sorted(keys)) or "none"
        if strict or near is not None:
            remedy = did_you_mean(key.value, allowed - ANY_COMPONENT, f"Its settings: {settings}.")
            found.wrong(config.place(key), what, remedy)
        else:
            found.remark(config.place(key), what, f"Its settings: {settings}.")


def _check_exists(config: Document, name: yaml.ScalarNode, root: Path, beside: Path, found: Findings) -> None:
    """Note a component that is nowhere; one that is there, and whose settings cannot be read, is left alone."""
    module, _, wanted = name.value.rpartition(".")
    if not module:
        remedy = "Rasa's components are called by their name alone, others with their module: bot.brain.components.…"
        what = f"Rasa has no component {wanted}."
        found.wrong(config.place(name), what, did_you_mean(wanted, rasas_components(), remedy))
        return
    source = _source_of(module, root, beside)
    if module.split(".")[0] == "bot" and (source is None or wanted not in _classes(source)):
        known = {f"bot.brain.components.{path.stem}.{one}" for path in _ours(beside) for one in _classes(path)}
        what = f"there is no component {name.value}."
        found.wrong(config.place(name), what, did_you_mean(name.value, known, "Correct the name."))


def _ours(beside: Path) -> list[Path]:
    return sorted((beside / "bot" / "brain" / "components").glob("*.py"))


def _class_of(name: str) -> str:
    return name.rpartition(".")[2]


def _keys_of(name: str, root: Path, beside: Path) -> frozenset[str] | None:
    """A component's settings, or None where they cannot be read."""
    module, _, wanted = name.rpartition(".")
    if not module or module.split(".")[0] == "rasa":
        return rasas_components().get(wanted)
    source = _source_of(module, root, beside)
    return None if source is None else _read_keys(source, wanted)


def _source_of(module: str, root: Path, beside: Path) -> Path | None:
    folder = beside if module.split(".")[0] == "bot" else root
    target = folder.joinpath(*module.split("."))
    return next((one for one in (target.with_suffix(".py"), target / "__init__.py") if one.is_file()), None)


def _classes(source: Path) -> dict[str, ast.ClassDef]:
    try:
        tree = ast.parse(source.read_bytes())
    except (SyntaxError, ValueError):
        return {}
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _read_keys(source: Path, wanted: str) -> frozenset[str] | None:
    """The keys of the dictionary that `get_default_config` returns, if it is written out."""
    found = _classes(source).get(wanted)
    if found is None:
        return None
    for statement in found.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "get_default_config":
            returned = [node.value for node in ast.walk(statement) if isinstance(node, ast.Return)]
            if len(returned) != 1 or not isinstance(returned[0], ast.Dict):
                return None
            keys = [key.value for key in returned[0].keys if isinstance(key, ast.Constant)]
            return frozenset(map(str, keys)) if len(keys) == len(returned[0].keys) else None
    bases = [base.id for base in found.bases if isinstance(base, ast.Name)]
    return next((rasas_components()[base] for base in bases if base in rasas_components()), None)
