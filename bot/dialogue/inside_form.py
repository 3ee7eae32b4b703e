"""What a message does to an open form beside answering its question: correct another answer, or ask with a yes."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.contract.kinds import MOMENTS, kind_of
from bot.dialogue.corrections import may_take_back, question_behind_yes, takes_back
from bot.dialogue.form_input import MOSTLY_ANSWER, Heard, OpenForm, fills_requested_slot
from bot.nlu.reading.cap import read_of

_WHAT_THERE_IS = re.compile(
    r"\b(?:what|which|any|when)(?: (?:other|else|more|are|is|do|you|have|got|the|your|there)){0,3}"
    r" (?:days?|dates?|times?|slots?|visits|appointments|free|available|choices?|options?)\b"
    r"|\bwhat (?:else )?(?:have you|do you have|is|are)(?: (?:got|free|available|left|there))*[?.! ]*$"
)


def gives_another_answer(form: OpenForm, text: str, heard: Heard) -> bool:
    """Whether a message holds a value for the form, though not the one that is asked for, and means it for the form.

    In this order: another wish that was read surely and a question are none, unless words say that an answer was wrong
    ("can we make it Thursday instead?"); what is little but the value is one ("LS6 2AB"), and so is what begins as
    corrections do ("oh sorry, the oven").
    """
    if not _of_the_form(form, heard.entities):
        return False
    if fills_requested_slot(form, heard) and not takes_back(text):
        return False  # it answers the question, or asks one
    if takes_back(text):
        return not _another_wish(form, heard) or heard.covered >= MOSTLY_ANSWER
    if heard.asks or _another_wish(form, heard):
        return False
    return heard.covered >= MOSTLY_ANSWER or may_take_back(text)


def objects_to_summary(form: OpenForm, text: str, heard: Heard, of_the_matter: bool) -> bool:
    """Whether "no, both rings are dead" says what is wrong with a summary: not a yes, and no question.

    ``of_the_matter``: whether it was read as what the form was offered with. Any other that an article answers is none.
    """
    if not form.asks_yes_or_no or heard.asks or _another_wish(form, heard):
        return False
    if heard.strong_passage and not of_the_matter:
        return False
    return may_take_back(text)


def asks_what_there_is(text: str) -> bool:
    """Whether "what days do you have?" asks for the choices again, rather than for a fact."""
    return _WHAT_THERE_IS.search(read_of(text).lower()) is not None


def asks_again_for_moments(form: OpenForm, text: str, heard: Heard) -> bool:
    """Whether it does so at a question for a day or a time, and no article answers it."""
    kinds = {kind_of(filling.entity, form.kinds) for filling in form.fillings if filling.entity}
    for_moments = bool(kinds & MOMENTS) and not form.asks_yes_or_no
    return for_moments and heard.asks and not heard.strong_passage and asks_what_there_is(text)


def asks_before_agreeing(form: OpenForm, text: str) -> bool:
    """Whether a yes at a summary comes with a question, which is answered before anything is written."""
    return form.asks_yes_or_no and bool(question_behind_yes(text))


def _of_the_form(form: OpenForm, entities: Collection[str]) -> bool:
    return any(name in form.entities for name in entities)


def _another_wish(form: OpenForm, heard: Heard) -> bool:
    return heard.sure and heard.acts and heard.another_wish and heard.intent != form.opener
