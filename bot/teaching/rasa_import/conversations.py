"""Rules and stories beside the product's own: what contradicts those would stop the training, so it is settled here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import yaml

from bot.contract.names import INFORM, OUT_OF_SCOPE, SET_BY_THE_PRODUCT
from bot.teaching.checks.conversations import Conversation, Step, read_conversations
from bot.teaching.checks.written import items, member, members, text
from bot.teaching.rasa_import.classify import YamlFile
from bot.teaching.rasa_import.examples import Additions
from bot.teaching.rasa_import.flow import entries, on_one_line
from bot.teaching.rasa_import.flow import name as safe
from bot.teaching.rasa_import.names import quoted
from bot.teaching.rasa_import.product import ProductCore, is_unconditional, spoken
from bot.teaching.rasa_import.report import Notes
from bot.teaching.rasa_import.turns import Heard, Turn, action_in, entered_by, rule_of, turns_of

NLU_FALLBACK = "nlu_fallback"
NOT_UNDERSTOOD = {NLU_FALLBACK: "utter_not_understood", OUT_OF_SCOPE: "utter_out_of_scope"}
"""Intents of what is not understood, and what the product says then."""
TWO_STAGES = "action_two_stage_fallback"

_KINDS = (("rules", "rule"), ("stories", "story"))


@dataclass(frozen=True)
class Written:
    """A rule or a story, and the nodes in which it stands."""

    file: YamlFile
    conversation: Conversation
    section: yaml.SequenceNode
    node: yaml.Node

    @property
    def called(self) -> str:
        """How it is spoken of."""
        return f"the {self.conversation.kind} “{self.conversation.name}”"


def conversations_in(files: Sequence[YamlFile]) -> Iterator[Written]:
    """The rules and stories of the training data."""
    for file in files:
        read = list(read_conversations(file.document))
        for key, kind in _KINDS:
            section = file.section(key)
            nodes = [item for item in items(section) if isinstance(member(item, kind), yaml.ScalarNode)]
            # Both walk through the same items in the same order.
            for node, one in zip(nodes, (one for one in read if one.kind == kind), strict=False):
                if isinstance(section, yaml.SequenceNode):
                    yield Written(file, one, section, node)


def acting_intents(files: Sequence[YamlFile]) -> set[str]:
    """The intents from which a rule or a story goes on, families of retrieval intents among them."""
    steps = [step for one in conversations_in(files) for step in one.conversation.all_steps() if step.kind == "intent"]
    return {name for step in steps for name in (step.name, step.name.split("/")[0])}


@dataclass
class Settling:
    """What is needed to decide about each rule and story."""

    core: ProductCore
    responses: Mapping[str, yaml.Node]
    """The project's own."""
    sentences: Mapping[str, str]
    """Its examples (as :func:`spoken`), and their intents."""
    additions: Additions
    notes: Notes
    replaced: set[str] = field(default_factory=set)
    """Intents after which the project's own rule counts in the place of the product's."""
    ruled: set[tuple[str, str]] = field(default_factory=set)
    """What the assistant has just done, and the intent that a rule of the project answers then."""

    def settle(self, written: Sequence[Written]) -> list[str]:
        """Gather the changes; returns rules that are to be added, as YAML."""
        stories = [one for one in written if one.conversation.kind == "story"]
        entered = entered_by([one.node for one in stories], self._named)
        added: dict[str, str] = {}
        # First: what the project's rules do in the place of the product's, its stories do, too.
        gone = {id(one) for one in written if one.conversation.kind == "rule" and self._settle_rule(one)}
        gone |= {id(one) for one in stories if self._settle_story(one, entered, added)}
        for one in written:
            if id(one) in gone:
                one.file.edits.cut_item(one.section, one.node)
            else:
                self._name_families(one)
        for one in {id(one.section): one for one in written}.values():
            self._close(one, [each for each in written if each.section is one.section and id(each) not in gone])
        return list(added.values())

    def _name_families(self, one: Written) -> None:
        """Of a retrieval intent rules and stories only see the family."""
        for step in _maps(one):
            node = member(step, "intent")
            if isinstance(node, yaml.ScalarNode) and "/" in (name := node.value.strip().removeprefix("/")):
                family = name.partition("/")[0]
                one.file.edits.rename(node, family)
                what = f"{name} is {family} in {one.called}: the response of the one that was read is said."
                self.notes.changed(one.file.document.place(node), what)

    def _close(self, one: Written, kept: Sequence[Written]) -> None:
        """Say what stays of a section; one of which nothing stays goes as a whole."""
        root = one.file.document.root
        key = next(key for key, value in members(root) if value is one.section)
        if kept:
            found = [step.kind for each in kept for step in each.conversation.all_steps()]
            ways = [name for kind, name in _SHOWN.items() if kind in found]
            ways += ["or"] if any(len(group) > 1 for each in kept for group in each.conversation.steps) else []
            with_ = f", with {', '.join(sorted(ways))}" if ways else ""
            number = len(kept)
            kind = one.conversation.kind
            several = {"rule": "rules", "story": "stories"}[kind] if number > 1 else kind
            self.notes.taken(one.file.document.place(key), f"{number} {several}{with_}.")
        elif isinstance(root, yaml.MappingNode):
            one.file.edits.cut_entry(root, key)

    def _settle_rule(self, one: Written) -> bool:
        """Whether a rule is left out, with the reason said."""
        rule, place = one.conversation, one.conversation.place
        heard = [step for group in rule.steps for step in group if step.kind == "intent"]
        if lost := [step for step in heard if step.name in NOT_UNDERSTOOD]:
            remedy = "It says so, asks back between likely readings, and after the second time offers a person."
            self.notes.left_out(
                place, f"{one.called} is left out: the product answers what it does not understand.", remedy
            )
            self._keep_words(one, lost[0])
            return True
        if self._uses(rule, TWO_STAGES):
            self.notes.left_out(place, f"{one.called} is left out: {_ASKS_BACK}")
            return True
        if any(step.kind in ("user", "bot") for step in rule.all_steps()):
            what = f"{one.called} is left out: a rule has intents and actions, no sentences."
            self.notes.left_out(place, what, "Write it with an intent and a response.")
            return True
        if not is_unconditional(rule):
            self._name_apart(one, None)
            for before, then in pairwise(rule.steps):
                self.ruled |= {
                    (b.name, t.name) for b in before for t in then if (b.kind, t.kind) == ("action", "intent")
                }
            return False
        theirs = [step.name for group in rule.steps[1:] for step in group if step.kind == "action"]
        against = [
            step
            for step in rule.steps[0]
            if step.name in self.core.answers and not step.entities and theirs != [self.core.answers[step.name]]
        ]
        if len(rule.steps[0]) == 1 and against and self.core.answers[against[0].name].startswith("utter_"):
            self._take_the_place(one, against[0])
            return False
        for step in against:
            answer = self.core.answers[step.name]
            what = (
                f"{one.called} is left out after {step.name}: the product does {answer}, and two rules cannot differ."
            )
            remedy = (
                f"A class in actions/ that calls itself {answer} takes its place."
                if answer.startswith("action_")
                else ""
            )
            self.notes.left_out(place, what, remedy)
            if len(against) < len(rule.steps[0]):
                self._cut_alternative(one, step)  # the other ones of the `or` stay
        gone = len(against) == len(rule.steps[0])
        if not gone:
            self._name_apart(one, rule.steps[0][0].name)
        return gone

    def _take_the_place(self, one: Written, step: Step) -> None:
        """Call a rule as the product calls its own, which then does not count."""
        name = self.core.rules[step.name]
        what = f"{one.called} is called “{name}”, so that it takes the place of the product's rule for {step.name}."
        self.notes.changed(one.conversation.place, what)
        self._rename(one, name)
        self.replaced.add(step.name)

    def _name_apart(self, one: Written, intent: str | None) -> None:
        """Call a rule otherwise that would take the place of one of the product's by accident."""
        name = one.conversation.name
        owner = next((known for known, rule in self.core.rules.items() if rule == name), intent)
        if owner != intent:
            self._rename(one, f"{name} (of the project)")
            what = (
                f"{one.called} has another name now: it would have taken the place of the product's rule for {owner}."
            )
            self.notes.changed(one.conversation.place, what)

    def _rename(self, one: Written, name: str) -> None:
        node = member(one.node, "rule")
        if isinstance(node, yaml.ScalarNode):
            one.file.edits.put(node, quoted(name))

    def _say_instead(self, answer: str, actions: Sequence[str]) -> bool:
        """Whether the project's words are taken over under the product's name for them."""
        words = self.responses.get(actions[0]) if len(actions) == 1 else None
        if words is None or not answer.startswith("utter_") or answer in self.responses:
            return False
        self.additions.responses.setdefault(answer, on_one_line(words))
        return True

    def _keep_words(self, one: Written, heard: Step) -> None:
        said = [step.name for group in one.conversation.steps for step in group if step.kind == "action"]
        words = [name for name in said if name in self.responses]
        product = NOT_UNDERSTOOD[heard.name]
        if not words:
            return
        what = f"{words[0]} was said after {heard.name}"
        if self._say_instead(product, words):
            self.notes.changed(
                one.conversation.place, f"{what}; its words are {product} now, which the product says then."
            )
        else:
            remedy = f"Write its words as {product} in the domain if you want them."
            self.notes.to_do(one.conversation.place, f"{what}; nothing says it now.", remedy)

    def _cut_alternative(self, one: Written, step: Step) -> None:
        for node in items(member(one.node, "steps")):
            alternatives = member(node, "or")
            for item in items(alternatives):
                if text(member(item, "intent")) == step.name and isinstance(alternatives, yaml.SequenceNode):
                    one.file.edits.cut_item(alternatives, item)

    def _settle_story(self, one: Written, entered: Mapping[str, set[str]], added: dict[str, str]) -> bool:
        """Whether a story is left out, with the reason said."""
        story, place = one.conversation, one.conversation.place
        if self._uses(story, TWO_STAGES) or any(step.name == NLU_FALLBACK for step in story.all_steps()):
            self.notes.left_out(place, f"{one.called} is left out: {_ASKS_BACK}")
            return True
        sentences = _sentences(one)
        for node, key in sentences:
            found = self._named(key, node.value)
            if found is None:
                what = f"{one.called} is left out: “{node.value}” is written out, and no {_NAMED[key]} has these words."
                self.notes.left_out(
                    place, what, f"Write the {_NAMED[key]} there; nothing here learns from whole sentences."
                )
                return True
        for node, key in sentences:
            new = str(self._named(key, node.value)).split("/")[0] if key == "user" else self._named(key, node.value)
            entry = next(name for step in _maps(one) for name, value in members(step) if value is node)
            one.file.edits.rename(entry, {"user": "intent", "bot": "action"}[key])
            one.file.edits.put(node, str(new))
            what = f"“{node.value}” in {one.called} stands for the {_NAMED[key]} {new}."
            self.notes.changed(one.file.document.place(node), what)
        return self._settle_turns(one, entered, added)

    def _named(self, key: str, sentence: str) -> str | None:
        """The intent or the response that has these very words."""
        words = spoken(sentence)
        if key == "user":
            return self.sentences.get(words) or self.core.sentences.get(words)
        return next((name for name, said in self.responses.items() if words in _texts(said)), None)

    def _settle_turns(self, one: Written, entered: Mapping[str, set[str]], added: dict[str, str]) -> bool:
        """Let a story go on where the product would do something else: by a rule that knows what came before."""
        for turn in turns_of(one.node, self._named, entered):
            for heard in turn.heard:
                answer = self._contradicted(turn, heard)
                if answer is None:
                    continue
                if turn.before and heard.name not in SET_BY_THE_PRODUCT - {INFORM}:
                    self._add_rules(one, turn, heard, added)
                elif len(turn.heard) == 1:
                    self._answer_as_the_product(one, turn, heard, answer)
                else:
                    what = (
                        f"{one.called} is left out: it begins with {heard.name}, after which the product does {answer}."
                    )
                    self.notes.left_out(heard.place(one.file.document), what, "Begin it with what the customer wants.")
                    return True
        return False

    def _contradicted(self, turn: Turn, heard: Heard) -> str | None:
        """What the product would do, where that is something else."""
        answer = self.core.answers.get(heard.name)
        if (
            answer is None
            or heard.name in self.replaced
            or heard.entities
            or not turn.actions
            or turn.actions == (answer,)
        ):
            return None
        return None if turn.form and heard.name in self.core.outside_forms else answer

    def _answer_as_the_product(self, one: Written, turn: Turn, heard: Heard, answer: str) -> None:
        what = f"after {heard.name} the product does {answer}, and so does {one.called} now."
        words = NOT_UNDERSTOOD.get(heard.name, answer)
        if self._say_instead(words, turn.actions):
            what += f" Your {turn.actions[0]} is said as {words}."
        self.notes.changed(heard.place(one.file.document), what)
        first, *others = [node for node in turn.then if action_in(node) is not None]
        one.file.edits.put(first, entries({"action": safe(answer)}))
        section = member(one.node, "steps")
        for node in [*others, *(node for node in turn.then if action_in(node) is None)]:
            if isinstance(section, yaml.SequenceNode):
                one.file.edits.cut_item(section, node)

    def _add_rules(self, one: Written, turn: Turn, heard: Heard, added: dict[str, str]) -> None:
        place = heard.place(one.file.document)
        for before in turn.before:
            if (before, heard.name) in self.ruled:
                continue  # the project has a rule for it
            name = f"After {before}, {heard.name}" + (f" in {turn.form}" if turn.form else "")
            rule = rule_of(name, turn, before, heard, self._named)
            known = added.setdefault(name, rule)
            if known == rule:
                what = f"{heard.name} after {before} has a rule of its own now, for {one.called}."
                self.notes.changed(place, what)
            else:
                what = f"after {before} and {heard.name}, {one.called} goes on in another way than another story."
                self.notes.to_do(place, what, "Tell the two apart by a slot, or by what is said before.")

    @staticmethod
    def _uses(conversation: Conversation, action: str) -> bool:
        return any(step.kind in ("action", "loop") and step.name == action for step in conversation.all_steps())


_ASKS_BACK = "the product asks back by itself, with the likely readings as buttons."
_NAMED = {"user": "intent", "bot": "response"}
_SHOWN = {"slot": "slot_was_set", "loop": "active_loop", "checkpoint": "checkpoints"}


def _maps(one: Written) -> Iterator[yaml.Node]:
    """The steps, and the alternatives of an ``or`` among them."""
    for node in items(member(one.node, "steps")):
        yield node
        yield from items(member(node, "or"))


def _sentences(one: Written) -> list[tuple[yaml.ScalarNode, str]]:
    """What is written out in a story: what the customer says (where no intent stands beside it), or the assistant."""
    found: list[tuple[yaml.ScalarNode, str]] = []
    for node in _maps(one):
        keys = {key.value: value for key, value in members(node)}
        for key, beside in (("user", "intent"), ("bot", "action")):
            value = keys.get(key)
            if isinstance(value, yaml.ScalarNode) and beside not in keys:
                found.append((value, key))
    return found


def _texts(response: yaml.Node) -> Collection[str]:
    return {spoken(said) for one in items(response) if (said := text(member(one, "text")))}
