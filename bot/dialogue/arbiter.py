"""Who answers, intent or article? The one place that decides, after everything has been read.

In go what was read, whether it is in scope and what the articles say; out come a decision, the intent that the rules
see, and why. Pure: no Rasa, no thresholds of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.contract import names, trace
from bot.contract.names import ANSWERS_TO_FORM
from bot.contract.trace import DecisionKind as Kind
from bot.dialogue.form_input import MOSTLY_ANSWER, Heard, OpenForm, is_form_input
from bot.dialogue.replies import Reply, begins_with_yes, is_plain_yes_or_no, read_reply
from bot.dialogue.signs import sign_in
from bot.dialogue.statements import has_shape_of_question, statement_in
from bot.nlu.intents.classifier import Reading
from bot.nlu.reading.cap import read_of
from bot.nlu.reading.clauses import tells_and_asks
from bot.nlu.scope.verdict import ScopeVerdict

SEEN_BY_RULES: Mapping[Kind, str] = {
    trace.ANSWER: names.KNOWLEDGE_QUESTION,
    trace.ASK_BACK: names.UNCLEAR,
    trace.NO_ANSWER: names.UNCLEAR,
    trace.UNCLEAR: names.UNCLEAR,
    trace.OUT_OF_SCOPE: names.OUT_OF_SCOPE,
    trace.OTHER_LANGUAGE: names.OTHER_LANGUAGE,
    trace.UPSET: names.UPSET_CUSTOMER,
}
"""The intent that stands for each kind of decision in the rules; ``act`` stands for itself."""

FAR_SURER = 0.9
"""How probable an article's answer must be before a question is taken from an intent that acts. Of the reference
assistant's 628 examples of intents that act, read and ranked by models that had not seen them, it takes one ("who do I
write to with a complaint"); of 32 editors' questions of articles that were read as something to do it gives 20 back."""

FORM_ANSWER = names.INFORM
"""The intent of a message that answers a form's question and was read as something else."""

LEAVES = names.STOP
"""The intent with which a form is left."""


@dataclass(frozen=True)
class IntentFacts:
    """What a trainer says about an intent in its ``metadata``."""

    title: str
    acts: bool
    articles: tuple[str, ...] = ()
    offers: str = ""
    """The intent that is offered under an answer of these articles: a visit under what a fault may be."""


@dataclass(frozen=True)
class EntityFound:
    """An entity of the message and where it stands in the text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Sharing:
    """When readings share the probability; measured by `bot/dialogue/sharing.py` on held-out examples."""

    lead: float
    """How far the first reading must be ahead of the second to stand alone, 0 to 1."""
    most_choices: int = 3
    """More than three buttons are a menu, not a question back."""


@dataclass(frozen=True)
class Answers:
    """Which articles answer the message, each above its own threshold."""

    alone: bool = False
    """The best passage of all, whatever was read."""
    agreed: bool = False
    """The best passage among the articles of the best reading: two witnesses, so less is asked of each."""
    score: float = 0.0
    """The probability that the article of ``alone`` answers, 0 to 1."""
    named: bool = False
    """Whether the message is the title of that article, word for word."""
    offers: str = ""
    """The intent that is offered under the answer of ``alone``."""


@dataclass(frozen=True)
class Overrides:
    """What goes before a message's meaning."""

    language: str | None = None
    """The language it is in, where the assistant does not speak it."""
    upset: float | None = None
    """How upset the customer is, 0 to 1, where that is reason to hand over now."""


@dataclass(frozen=True)
class Decision:
    """What to do with the message; ``choices`` are the intents to ask back about."""

    kind: Kind
    intent: str
    confidence: float
    why: str
    choices: tuple[str, ...] = ()
    uses_agreed: bool = False
    """Whether the answer is the one that intent and article agree on."""


def sharing_readings(readings: Sequence[Reading], sharing: Sharing) -> tuple[str, ...]:
    """The readings that share the probability, best first: those less than ``sharing.lead`` behind the first."""
    if not readings:
        return ()
    first, *others = readings[: sharing.most_choices]
    return (first.name, *(other.name for other in others if first.confidence - other.confidence < sharing.lead))


def decide(
    text: str,
    readings: Sequence[Reading],
    scope: ScopeVerdict,
    entities: Collection[EntityFound],
    answers: Answers,
    intents: Mapping[str, IntentFacts],
    sharing: Sharing,
    form: OpenForm | None = None,
    overrides: Overrides = Overrides(),
    offered: str = "",
) -> Decision:
    """Decide by the table; readings are those in scope, the likeliest first.

    ``offered`` is the intent of the only thing that the assistant offered just before.
    """
    if overrides.upset is not None:
        why = f"the customer is upset with us by now ({overrides.upset:.2f})"
        return Decision(trace.UPSET, names.UPSET_CUSTOMER, overrides.upset, why)
    best = readings[0] if readings else Reading("", 0.0)
    shared = sharing_readings(readings, sharing)
    sure = scope.in_scope and len(shared) == 1
    agreed = sure and answers.agreed and not _acts(best.name, intents)
    if (sign := sign_in(text)) is not None:
        if sign in intents:
            return Decision("act", sign, 1.0, f"a sign without a word that says {sign}")
        return Decision(trace.UNCLEAR, names.UNCLEAR, 1.0, "not a word in it")
    if overrides.language is not None and not (form is not None and _names_the_answer(form, text, entities)):
        why = f"in a language that the assistant does not speak ({overrides.language})"
        return Decision(trace.OTHER_LANGUAGE, names.OTHER_LANGUAGE, 1.0, why)
    if form is not None:
        inside = _inside(form, text, best, intents)
        if inside is not None:
            return inside
        heard = Heard(
            intent=best.name,
            acts=_acts(best.name, intents),
            sure=sure,
            entities={entity.name for entity in entities},
            covered=_covered(text, entities),
            asks=has_shape_of_question(text),
            strong_passage=answers.alone or agreed,
        )
        if is_form_input(form, heard):
            return _form_answer(form, heard, best)
    if form is None and offered in intents and best.name == names.AFFIRM and begins_with_yes(text):
        return Decision("act", offered, best.confidence, f"says yes to {offered}, which was offered just before")
    if scope.in_scope and form is None and offered in shared:
        # "Do I need an engineer?" may ask what a visit costs; under the offer of a visit it takes the offer.
        return Decision("act", offered, best.confidence, f"read as {offered}, which was offered just before")
    if (form is None or form.opener != best.name) and _belong_together(text, best, answers, intents):
        why = f"an article answers it ({answers.score:.2f}), and {best.name} is offered with the answer"
        return _decision("answer", best, why)
    outside = _outside(text, best, scope, shared, answers, agreed, intents)
    if form is not None and _tells_besides(form, text, outside):
        why = f"tells something beside what it asks at {form.name}'s question about {form.requested_slot}"
        return Decision("act", FORM_ANSWER, best.confidence, why)
    return outside


def _tells_besides(form: OpenForm, text: str, outside: Decision) -> bool:
    """Whether a message that asks has an answer in own words as well: "it leaks, can you fix it?".

    A question that an article answers comes first, and so does another wish.
    """
    another = outside.kind == "act" and outside.intent != form.opener
    if not form.wants_own_words or outside.kind in {"answer", "upset"} or another:
        return False
    return statement_in(text) != text.strip()


def _outside(
    text: str,
    best: Reading,
    scope: ScopeVerdict,
    shared: tuple[str, ...],
    answers: Answers,
    agreed: bool,
    intents: Mapping[str, IntentFacts],
) -> Decision:
    """The decision where no form is waiting for an answer."""
    sure = scope.in_scope and len(shared) == 1
    if _far_surer(text, best, sure, answers):
        why = f"an article answers it ({answers.score:.2f}), far surer than {best.name} was read"
        return _decision("answer", best, why)
    if not scope.in_scope:
        if answers.alone:
            return _decision("answer", best, "outside what the intents know, but an article answers it")
        why = f"outside what the intents know ({scope.reason})"
        return Decision(trace.OUT_OF_SCOPE, names.OUT_OF_SCOPE, 1.0 - scope.score, why)
    if len(shared) > 1:
        return _among_shared(shared, best, answers, intents)
    if _acts(best.name, intents):
        return Decision("act", best.name, best.confidence, f"read as {best.name}")
    if best.name and answers.alone:
        return _decision("answer", best, f"read as {best.name}, and the best passage of all answers it")
    if agreed:
        return _decision("answer", best, f"read as {best.name}, and its article answers it", uses_agreed=True)
    if best.name:
        return _decision(
            trace.NO_ANSWER, best, f"read as {best.name}, but no article's answer is sure enough", (best.name,)
        )
    return _decision(trace.UNCLEAR, best, "no intent was read")


def _far_surer(text: str, best: Reading, sure: bool, answers: Answers) -> bool:
    """Whether a passage outdoes the reading, whether it stands alone or shares the probability.

    Only a question can be taken from an intent that acts: "I need a return number" is a wish, however well an article
    tells how returns work. An article's own title is a question for it, unless it was surely read as something to do.
    """
    asks = has_shape_of_question(text)
    if answers.alone and answers.named:
        return asks or not sure
    return asks and answers.alone and answers.score >= FAR_SURER and answers.score > best.confidence


def _belong_together(text: str, best: Reading, answers: Answers, intents: Mapping[str, IntentFacts]) -> bool:
    """Whether the message says what is wrong, which an article answers, and asks for what is offered with the answer.

    "It won't drain, can someone come?" is both; "it won't drain, please send someone" has decided.
    """
    offered = answers.alone and answers.offers == best.name and _acts(best.name, intents)
    return offered and tells_and_asks(read_of(text))


def _inside(form: OpenForm, text: str, best: Reading, intents: Mapping[str, IntentFacts]) -> Decision | None:
    """What the message does to the form's own question; None if that cannot be told before other wishes are weighed."""
    reply = read_reply(text)
    asked = f"{form.name}'s question about {form.requested_slot}"
    if reply is Reply.LEAVE and LEAVES in intents:
        return Decision("act", LEAVES, 1.0, f"leaves {asked}")
    if reply is Reply.UNKNOWN:
        return Decision("act", FORM_ANSWER, 1.0, f"does not know the answer to {asked}")
    if form.asks_yes_or_no and reply is Reply.GO_AHEAD:
        return Decision("act", names.AFFIRM, 1.0, f"goes ahead at {asked}")
    if form.asks_yes_or_no and reply is Reply.CHANGE and not _wishes_elsewhere(form, best, intents):
        return Decision("act", FORM_ANSWER, 1.0, f"asks for a change at {asked}")
    if form.wants_own_words and best.name in {names.AFFIRM, names.DENY} and not is_plain_yes_or_no(text):
        return Decision("act", FORM_ANSWER, best.confidence, f"says more than yes or no to {asked}")
    return None


def _wishes_elsewhere(form: OpenForm, best: Reading, intents: Mapping[str, IntentFacts]) -> bool:
    """Whether another wish was read: "I'd rather talk to a person" changes nothing in a booking.

    Leaving is none: ways out are read as whole messages before, and "another time" is a change.
    """
    return _acts(best.name, intents) and best.name not in {*ANSWERS_TO_FORM, LEAVES, form.opener}


def _names_the_answer(form: OpenForm, text: str, entities: Collection[EntityFound]) -> bool:
    """Whether a message is little else than what the form asked for: a product and a postcode have no language."""
    asked = {filling.entity for filling in form.fillings}
    return any(entity.name in asked for entity in entities) and _covered(text, entities) >= MOSTLY_ANSWER


def _covered(text: str, entities: Collection[EntityFound]) -> float:
    """The share of the text that entities take up; two that overlap count once."""
    places = {place for entity in entities for place in range(entity.start, entity.end)}
    return len(places) / max(1, len(text.strip()))


def _among_shared(
    shared: tuple[str, ...], best: Reading, answers: Answers, intents: Mapping[str, IntentFacts]
) -> Decision:
    names = " and ".join(shared)
    if answers.alone and not any(_acts(name, intents) and name != answers.offers for name in shared):
        # Facts only, or a fact and what is offered with its answer: the article settles which of them was meant.
        return _decision("answer", best, f"{names} share the probability, and an article answers it")
    return _decision("ask_back", best, f"{names} share the probability", shared)


def _form_answer(form: OpenForm, heard: Heard, best: Reading) -> Decision:
    why = f"answers {form.name}'s question about {form.requested_slot}"
    return Decision("act", heard.intent if heard.intent in ANSWERS_TO_FORM else FORM_ANSWER, best.confidence, why)


def _decision(
    kind: Kind, best: Reading, why: str, choices: tuple[str, ...] = (), uses_agreed: bool = False
) -> Decision:
    return Decision(kind, SEEN_BY_RULES[kind], best.confidence, why, choices, uses_agreed)


def _acts(name: str, intents: Mapping[str, IntentFacts]) -> bool:
    return name in intents and intents[name].acts
