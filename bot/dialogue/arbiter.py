"""Who answers, intent or article? The one place that decides, after everything has been read.

In go what was read, whether it is in scope and what the articles say; out come a decision, the intent that the rules
see, and why. Pure: no Rasa, no thresholds of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.contract import names, trace
from bot.contract.names import ANSWERS_TO_FORM
from bot.contract.trace import DecisionKind as Kind
from bot.dialogue import feelings
from bot.dialogue.candidates import NEVER_OFFERED
from bot.dialogue.feelings import Felt
from bot.dialogue.form_input import MOSTLY_ANSWER, Heard, OpenForm, is_form_input
from bot.dialogue.inside_form import asks_before_agreeing
from bot.dialogue.open_question import (
    FORM_ANSWER,
    LEAVES,
    decided_inside,
    form_answer,
    names_the_answer,
    tells_besides,
)
from bot.dialogue.replies import (
    Reply,
    is_plain_yes_or_no,
    read_reply,
    takes_what_was_offered,
    went_well,
    yes_beside_thanks,
)
from bot.dialogue.signs import sign_in
from bot.dialogue.statements import has_shape_of_question
from bot.dialogue.unasked import covered, is_no_refusal, without_refusal
from bot.dialogue.weighed import (
    NOTHING_BEFORE,
    Answers,
    Decision,
    EntityFound,
    IntentFacts,
    Overrides,
    Sharing,
    acts_of,
    sharing_readings,
)
from bot.dialogue.wish_words import NO_WISHES, WishWords
from bot.nlu.intents.classifier import Reading
from bot.nlu.reading.cap import read_of
from bot.nlu.reading.clauses import asks_in_a_clause, tells_and_asks
from bot.nlu.scope.verdict import ScopeVerdict

SEEN_BY_RULES: Mapping[Kind, str] = {
    trace.ANSWER: names.KNOWLEDGE_QUESTION,
    trace.ASK_BACK: names.UNCLEAR,
    trace.ASK_VALUE: names.UNCLEAR,
    trace.NO_ANSWER: names.UNCLEAR,
    trace.UNCLEAR: names.UNCLEAR,
    trace.OUT_OF_SCOPE: names.OUT_OF_SCOPE,
    trace.OTHER_LANGUAGE: names.OTHER_LANGUAGE,
    trace.UPSET: names.UPSET_CUSTOMER,
    trace.DANGER: names.DANGER,
    trace.TALK: names.TALK_ABOUT_CONVERSATION,
    trace.FEELING: names.FEELING,
}
"""The intent that stands for each kind of decision in the rules; ``act`` stands for itself."""

FAR_SURER = 0.9
"""How probable an article's answer must be before a question is taken from an intent that acts. Of the reference
assistant's 628 examples of intents that act, read and ranked by models that had not seen them, it takes one ("who do I
write to with a complaint"); of 32 editors' questions of articles that were read as something to do it gives 20 back."""

CLEARLY = 0.5
"""How much less probable than an article's answer everything that acts must be, of readings that share the probability
of a question, for the article to answer: half of it. Of the reference assistant's 923 examples of intents that act,
read by a model that had not seen them, 53 are unsure, and 22 of those have an article; this takes one of them."""
WORTH_OFFERING = 0.3
"""How probable an article must be that is offered for a message outside what the intents know. Of the reference
assistant's 249 out-of-scope examples that nothing answers, 10 reach it."""
ANSWERS_NOTHING = 0.7
"""How probable an article's answer must be for a message that reads as an answer where nothing was asked."""
HARDLY = 0.05
"""The same for what is no question: a wish is told in statements, so next to nothing may speak for it."""


def decide(
    text: str,
    readings: Sequence[Reading],
    scope: ScopeVerdict,
    entities: Collection[EntityFound],
    answers: Answers,
    intents: Mapping[str, IntentFacts],
    sharing: Sharing,
    form: OpenForm | None = None,
    overrides: Overrides = NOTHING_BEFORE,
    offered: str = "",
    wishes: WishWords = NO_WISHES,
    corrects_last: bool = False,
) -> Decision:
    """Decide by the table; readings are those in scope, the likeliest first.

    ``offered`` is the intent of the only thing that the assistant offered just before; ``wishes`` knows the words of
    what is offered with answers; ``corrects_last`` says whether it corrects what was booked or registered just before.
    """
    if overrides.danger is not None:
        return Decision(trace.DANGER, names.DANGER, 1.0, f"tells of a danger ({overrides.danger})")
    felt = overrides.felt
    if (first := feelings.comes_first(felt)) is not None:
        return _felt(first, felt)
    if (act := overrides.talk.act) is not None and (overrides.upset is None or overrides.talk.is_plain):
        return Decision(trace.TALK, names.TALK_ABOUT_CONVERSATION, 1.0, f"about the conversation itself: {act}")
    outweighs = feelings.outweighs_upset(felt)
    if overrides.upset is not None and outweighs is not None:
        if (all_of_it := feelings.is_all(felt, asks=has_shape_of_question(text), wishes=False)) is not None:
            return _felt(all_of_it, felt)
    elif overrides.upset is not None:
        why = f"the customer is upset with us by now ({overrides.upset:.2f})"
        return Decision(trace.UPSET, names.UPSET_CUSTOMER, overrides.upset, why)
    if overrides.talk.person is not None and names.ASK_FOR_PERSON in intents:
        return Decision("act", names.ASK_FOR_PERSON, 1.0, "asks for a person, whatever it is about")
    tells_what_not = form is None and is_no_refusal(text, readings)
    readings = without_refusal(readings) if tells_what_not else readings
    best = readings[0] if readings else Reading("", 0.0)
    shared = sharing_readings(readings, sharing)
    sure = scope.in_scope and len(shared) == 1
    agreed = sure and answers.agreed and not acts_of(best.name, intents)
    if (sign := sign_in(text)) is not None:
        if sign in intents:
            return Decision("act", sign, 1.0, f"a sign without a word that says {sign}")
        return Decision(trace.UNCLEAR, names.UNCLEAR, 1.0, "not a word in it")
    if overrides.language is not None and not (form is not None and names_the_answer(form, text, entities)):
        why = f"in a language that the assistant does not speak ({overrides.language})"
        return Decision(trace.OTHER_LANGUAGE, names.OTHER_LANGUAGE, 1.0, why)
    if form is not None and offered in shared and offered not in {*names.ANSWERS, form.opener} and scope.in_scope:
        return Decision("act", offered, best.confidence, f"read as {offered}, which the open question offers")
    if form is not None:
        heard = Heard(
            intent=best.name,
            acts=acts_of(best.name, intents),
            sure=sure,
            entities={entity.name for entity in entities},
            covered=covered(text, entities),
            asks=has_shape_of_question(text),
            strong_passage=answers.alone or agreed,
        )
        asks_first = asks_before_agreeing(form, text)
        inside = None if asks_first else decided_inside(form, text, best, intents, heard)
        if inside is not None:
            return inside
        if not asks_first and is_form_input(form, heard):
            return form_answer(form, heard, best)
    if form is None and overrides.asked_back and read_reply(text) is Reply.UNKNOWN:
        return Decision("act", names.NONE_OF_THESE, 1.0, "does not know which of the choices was meant")
    if form is None and corrects_last:
        return Decision("act", names.CHANGE_WHAT_WAS_DONE, 1.0, "corrects what was done just before")
    if form is None and names.AFFIRM in intents and went_well(text):
        return Decision("act", names.AFFIRM, 1.0, "says that it went well")
    if (moved := _moved(felt, text, best, sure, intents, form)) is not None:
        return moved
    yes = yes_beside_thanks(text) or (best.name == names.AFFIRM and takes_what_was_offered(text))
    if form is None and offered in intents and yes and not answers.remains:
        return Decision("act", offered, best.confidence, f"says yes to {offered}, which was offered just before")
    if scope.in_scope and form is None and offered in shared:
        # "Do I need an engineer?" may ask what a visit costs; under the offer of a visit it takes the offer.
        return Decision("act", offered, best.confidence, f"read as {offered}, which was offered just before")
    wish = _named_wish(text, shared, answers, intents, entities, wishes) if scope.in_scope else None
    if wish is not None and (form is None or form.opener != wish):
        return Decision("act", wish, best.confidence, f"asks for {wish} by its own words, and not only whether")
    if form is None and answers.remains and not (sure and _wants(best.name, intents)):
        why = "tells what was tried or is not so: what is left of the article that was shown"
        return replace(_decision(trace.ANSWER, best, why), remains=True)
    if (form is None or form.opener != best.name) and _belong_together(text, best, answers, intents):
        why = f"an article answers it ({answers.score:.2f}), and {best.name} is offered with the answer"
        return _decision("answer", best, why)
    # An order number alone is a value, whatever an article says about order numbers.
    nothing_asked = form is None and not offered and covered(text, entities) < MOSTLY_ANSWER
    if (many := len({entity.name for entity in entities}) > 1) and answers.completed:
        # "And the other one, LF-1000025, M14 5TP": several values want what was done once more, and ask nothing.
        answers = replace(answers, completed=has_shape_of_question(text))
    if tells_what_not and entities and not best.name and not answers.completed and names.INFORM in intents:
        return Decision("act", FORM_ANSWER, 1.0, "says which value is not meant, where nothing was asked")
    outside = _outside(text, readings, scope, shared, answers, agreed, intents, nothing_asked and not many)
    if form is None and answers.depends and (outside.kind == "answer" or _only_facts(outside, answers, intents)):
        why = f"the answer depends on the product: {', '.join(answers.depends)}"
        return _decision(trace.ASK_VALUE, best, why, answers.depends)
    if form is not None and tells_besides(form, text, outside):
        why = f"tells something beside what it asks at {form.name}'s question about {form.requested_slot}"
        return Decision("act", FORM_ANSWER, best.confidence, why)
    consoled = feelings.consoles(felt, outside.kind)
    return outside if consoled is None else _felt(consoled, felt)


def _felt(kind: str, felt: Felt) -> Decision:
    why = f"{kind}: {felt.feeling.by}" if felt.feeling is not None else kind
    return Decision(trace.FEELING, names.FEELING, 1.0, why, feeling=kind)


def _wants(name: str, intents: Mapping[str, IntentFacts]) -> bool:
    """Whether an intent wants something to be done, and is no answer or courtesy."""
    return acts_of(name, intents) and name not in names.COURTESIES | names.ANSWERS


def _moved(
    felt: Felt, text: str, best: Reading, sure: bool, intents: Mapping[str, IntentFacts], form: OpenForm | None
) -> Decision | None:
    """The decision where the message is all feeling; None where it asks or wishes for something too."""
    asks = has_shape_of_question(text)
    wishes = sure and acts_of(best.name, intents) and best.name not in names.COURTESIES
    kind = feelings.is_all(felt, asks=asks, wishes=wishes)
    if form is None and names.COMPLAIN in intents:
        if kind == "complaint":
            return Decision("act", names.COMPLAIN, 1.0, "complains")
        courtesy = best.name in names.COURTESIES - {names.COMPLAIN} and sure
        if kind != "praise" and not courtesy and feelings.goes_on_complaining(felt, asks=asks, wishes=wishes):
            return Decision("act", names.COMPLAIN, 1.0, "tells more of the complaint that was just heard")
    return None if kind is None or kind == "complaint" else _felt(kind, felt)


def _outside(
    text: str,
    readings: Sequence[Reading],
    scope: ScopeVerdict,
    shared: tuple[str, ...],
    answers: Answers,
    agreed: bool,
    intents: Mapping[str, IntentFacts],
    nothing_asked: bool,
) -> Decision:
    """The decision where no form is waiting for an answer."""
    best = readings[0] if readings else Reading("", 0.0)
    sure = scope.in_scope and len(shared) == 1
    acts = sure and acts_of(best.name, intents) and best.name != FORM_ANSWER
    if nothing_asked and best.name in {*ANSWERS_TO_FORM, LEAVES} and read_reply(text) is Reply.ANSWER:
        acts = acts and not has_shape_of_question(text)  # "so do I leave it alone then?" leaves nothing
    if answers.completed and answers.alone and (answers.value or not acts):
        return _decision(
            "answer", best, f"completed from what was said before, an article answers it ({answers.score:.2f})"
        )
    if _far_surer(text, best, sure, answers):
        why = f"an article answers it ({answers.score:.2f}), far surer than {best.name} was read"
        return _decision("answer", best, why)
    if not scope.in_scope:
        if answers.alone:
            return _decision("answer", best, "outside what the intents know, but an article answers it")
        if answers.likely >= WORTH_OFFERING or answers.several:
            why = f"outside what the intents know, but an article may be about it ({answers.likely:.2f})"
            return _decision(trace.UNCLEAR, best, why)
        why = f"outside what the intents know ({scope.reason})"
        return Decision(trace.OUT_OF_SCOPE, names.OUT_OF_SCOPE, 1.0 - scope.score, why)
    if len(shared) > 1:
        return _among_shared(text, shared, readings, answers, intents)
    if nothing_asked and _answers_nothing(text, best, answers):
        why = f"an article answers it ({answers.score:.2f}), and as {best.name} it would answer no question"
        return _decision("answer", best, why)
    if acts_of(best.name, intents):
        return Decision("act", best.name, best.confidence, f"read as {best.name}")
    if answers.alone and (best.name or not readings):
        return _decision(
            "answer", best, f"read as {best.name or 'a no that tells more'}, and the best passage of all answers it"
        )
    if agreed:
        return _decision("answer", best, f"read as {best.name}, and its article answers it", uses_agreed=True)
    if best.name and answers.several:
        return _decision("ask_back", best, f"read as {best.name}, and several articles may answer it", (best.name,))
    if best.name:
        return _decision(
            trace.NO_ANSWER, best, f"read as {best.name}, but no article's answer is sure enough", (best.name,)
        )
    return _decision(trace.UNCLEAR, best, "no intent was read")


def _answers_nothing(text: str, best: Reading, answers: Answers) -> bool:
    """Whether a message that reads as an answer is better proven as a question; a plain yes or "stop" is none."""
    if best.name not in {*ANSWERS_TO_FORM, LEAVES} or not answers.alone or answers.score < ANSWERS_NOTHING:
        return False
    return not is_plain_yes_or_no(text) and read_reply(text) is Reply.ANSWER


def _far_surer(text: str, best: Reading, sure: bool, answers: Answers) -> bool:
    """Whether a passage outdoes the reading, whether it stands alone or shares the probability.

    Only a question can be taken from an intent that acts: "I need a return number" is a wish, however well an article
    tells how returns work. An article's own title is a question for it, unless it was surely read as something to do.
    """
    asks = has_shape_of_question(text)
    if answers.alone and answers.named:
        return asks or not sure
    return asks and answers.alone and answers.score >= FAR_SURER and answers.score > best.confidence


def _named_wish(
    text: str,
    shared: tuple[str, ...],
    answers: Answers,
    intents: Mapping[str, IntentFacts],
    entities: Collection[EntityFound],
    wishes: WishWords,
) -> str | None:
    """The wish that a message names beside what is wrong: it beats the fault, unless it is only asked about.

    "It won't drain, can someone come?" asks; "technician please, it won't drain" and "can someone come on Friday?" have
    decided.
    """
    read = [name for name in shared if name in intents]
    found = {intents[name].offers or name for name in read if intents[name].offers or acts_of(name, intents)}
    if found <= names.COURTESIES and not (answers.alone and answers.score >= FAR_SURER):
        found = set(wishes.words)  # nothing was read that wants anything, and no article surely speaks of it
    for wish in sorted(found):
        if not wishes.name(wish, text):
            continue
        if wishes.settles(wish, (entity.name for entity in entities)) or not asks_in_a_clause(read_of(text)):
            return wish
    return None


def _belong_together(text: str, best: Reading, answers: Answers, intents: Mapping[str, IntentFacts]) -> bool:
    """Whether the message says what is wrong, which an article answers, and asks for what is offered with the answer.

    "It won't drain, can someone come?" is both; "it won't drain, please send someone" has decided.
    """
    offered = answers.alone and answers.offers == best.name and acts_of(best.name, intents)
    return offered and tells_and_asks(read_of(text))


def _among_shared(
    text: str,
    shared: tuple[str, ...],
    readings: Sequence[Reading],
    answers: Answers,
    intents: Mapping[str, IntentFacts],
) -> Decision:
    """The better-proven of what is likely: an article, or a question back among what makes sense as a choice."""
    best, both = readings[0], " and ".join(shared)
    doing = _doing(shared, readings, answers, intents)
    proven = answers.score * CLEARLY if has_shape_of_question(text) else HARDLY
    if answers.alone and (not doing or doing < min(proven, answers.score)):
        # Facts only, or a fact and what is offered with its answer: the article settles which of them was meant.
        surer = f" ({answers.score:.2f}), surer than anything to do ({doing:.2f})" if doing else ""
        return _decision("answer", best, f"{both} share the probability, and an article answers it{surer}")
    choices = tuple(name for name in shared if name not in NEVER_OFFERED)
    return _decision("ask_back", best, f"{both} share the probability", choices)


def _doing(
    shared: Collection[str], readings: Sequence[Reading], answers: Answers, intents: Mapping[str, IntentFacts]
) -> float:
    """How probable it is that something is to be done: readings that nobody would be asked about block no answer."""
    return sum(
        reading.confidence
        for reading in readings
        if reading.name in shared
        and acts_of(reading.name, intents)
        and reading.name not in NEVER_OFFERED
        and reading.name != answers.offers
    )


def _only_facts(decision: Decision, answers: Answers, intents: Mapping[str, IntentFacts]) -> bool:
    """Whether a question back has nothing to do among its choices but what is offered with the answer."""
    acting = {name for name in decision.choices if acts_of(name, intents)} - {answers.offers}
    return decision.kind == "ask_back" and answers.alone and not acting


def _decision(
    kind: Kind, best: Reading, why: str, choices: tuple[str, ...] = (), uses_agreed: bool = False
) -> Decision:
    return Decision(kind, SEEN_BY_RULES[kind], best.confidence, why, choices, uses_agreed)
