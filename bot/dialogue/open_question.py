"""What a message does to the question that an open form asks: answer it, leave it, or change another answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.contract import names
from bot.contract.names import ANSWERS_TO_FORM
from bot.dialogue.form_input import MOSTLY_ANSWER, Heard, OpenForm
from bot.dialogue.inside_form import asks_again_for_moments, gives_another_answer, objects_to_summary
from bot.dialogue.replies import Reply, is_plain_yes_or_no, read_reply, single_letter, yes_beside_thanks
from bot.dialogue.statements import statement_in, tells_only_age
from bot.dialogue.unasked import covered
from bot.dialogue.weighed import Decision, EntityFound, IntentFacts, acts_of
from bot.nlu.intents.classifier import Reading

FORM_ANSWER = names.INFORM
"""The intent of a message that answers a form's question and was read as something else."""

LEAVES = names.STOP
"""The intent with which a form is left."""


def decided_inside(
    form: OpenForm, text: str, best: Reading, intents: Mapping[str, IntentFacts], heard: Heard
) -> Decision | None:
    """What the message does to the form's own question; None if that cannot be told before other wishes are weighed."""
    reply = read_reply(text)
    asked = f"{form.name}'s question about {form.requested_slot}"
    if reply is Reply.LEAVE and LEAVES in intents:
        return Decision("act", LEAVES, 1.0, f"leaves {asked}")
    if reply is Reply.UNKNOWN:
        return Decision("act", FORM_ANSWER, 1.0, f"does not know the answer to {asked}")
    if form.asks_yes_or_no and (yes := single_letter(text)) is not None:
        return Decision("act", names.AFFIRM if yes else names.DENY, 1.0, f"a letter that answers {asked}")
    if form.asks_yes_or_no and reply is Reply.GO_AHEAD:
        return Decision("act", names.AFFIRM, 1.0, f"goes ahead at {asked}")
    if form.asks_yes_or_no and yes_beside_thanks(text):
        return Decision("act", names.AFFIRM, 1.0, f"says yes with thanks to {asked}")
    if form.asks_yes_or_no and reply is Reply.CHANGE and not _wishes_elsewhere(form, best, intents):
        return Decision("act", FORM_ANSWER, 1.0, f"asks for a change at {asked}")
    if gives_another_answer(form, text, heard):
        return Decision("act", FORM_ANSWER, 1.0, f"corrects or adds an answer at {asked}")
    if asks_again_for_moments(form, text, heard):
        return Decision("act", FORM_ANSWER, 1.0, f"asks for the choices again at {asked}")
    of_the_matter = best.name in intents and intents[best.name].offers == form.opener
    if objects_to_summary(form, text, heard, of_the_matter) and best.name != names.AFFIRM:
        return Decision("act", names.DENY, 1.0, f"says what is wrong at {asked}")
    if form.wants_own_words and best.name in {names.AFFIRM, names.DENY} and not is_plain_yes_or_no(text):
        return Decision("act", FORM_ANSWER, best.confidence, f"says more than yes or no to {asked}")
    return None


def tells_besides(form: OpenForm, text: str, outside: Decision) -> bool:
    """Whether a message that asks has an answer in own words as well: "it leaks, can you fix it?".

    A question that an article answers comes first, and so does another wish.
    """
    another = outside.kind == "act" and outside.intent != form.opener
    if not form.wants_own_words or outside.kind in {"answer", "upset"} or another:
        return False
    told = statement_in(text)
    return told != text.strip() and not tells_only_age(told)


def _wishes_elsewhere(form: OpenForm, best: Reading, intents: Mapping[str, IntentFacts]) -> bool:
    """Whether another wish was read: "I'd rather talk to a person" changes nothing in a booking.

    Leaving is none: ways out are read as whole messages before, and "another time" is a change.
    """
    return acts_of(best.name, intents) and best.name not in {*ANSWERS_TO_FORM, LEAVES, form.opener}


def names_the_answer(form: OpenForm, text: str, entities: Collection[EntityFound]) -> bool:
    """Whether a message is little else than what the form asked for: a product and a postcode have no language."""
    asked = {filling.entity for filling in form.fillings}
    return any(entity.name in asked for entity in entities) and covered(text, entities) >= MOSTLY_ANSWER


def form_answer(form: OpenForm, heard: Heard, best: Reading) -> Decision:
    """The decision where a message answers the form's question, whatever answers stand for in the rules."""
    why = f"answers {form.name}'s question about {form.requested_slot}"
    return Decision("act", heard.intent if heard.intent in ANSWERS_TO_FORM else FORM_ANSWER, best.confidence, why)
