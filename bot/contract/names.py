"""Names of intents, slots and actions that mean something to the product itself; a company gives them no other meaning.

Everything else in a domain is the company's own, and the product knows nothing of it.
"""

from __future__ import annotations

from typing import Final

# Intents that the arbiter sets, so that rules see what was decided.
KNOWLEDGE_QUESTION: Final = "knowledge_question"
"""Asks for a fact, and an article answers it. As a button it shows the article that its payload names."""
UNCLEAR: Final = "unclear"
OUT_OF_SCOPE: Final = "out_of_scope"
"""The message has nothing to do with the company; also the label of the examples from which scope is learnt."""
OTHER_LANGUAGE: Final = "other_language"
UPSET_CUSTOMER: Final = "upset_customer"
DANGER: Final = "danger"
"""Fire, gas, somebody hurt: a person has to see it at once."""
TALK_ABOUT_CONVERSATION: Final = "talk_about_conversation"
"""Says something about the conversation itself: "what did you say?", "that didn't help"."""
FEELING: Final = "feeling"
"""The message says what moves the customer (praise, a death, a threat), and nothing else is to be done first."""

# Intents of what customers answer to a question of the assistant.
AFFIRM: Final = "affirm"
DENY: Final = "deny"
INFORM: Final = "inform"
"""Answers an open form's question, whatever it was read as."""
STOP: Final = "stop"
"""Leaves a form."""
NONE_OF_THESE: Final = "none_of_these"
"""Declines all that was offered."""
LEAVE_PARKED_FORM: Final = "leave_parked_form"
RESUME_FORM: Final = "resume_form"
"""Takes up the form that was left: only an answer where one waits."""

CHANGE_WHAT_WAS_DONE: Final = "change_what_was_done"
"""Corrects what was booked or registered just before: "actually, make it Tuesday"."""

# Intents of what happens to a conversation, and of what customers want of any assistant.
RETURNED_BY_HUMAN: Final = "returned_by_human"
ASK_FOR_PERSON: Final = "ask_for_person"
GREET: Final = "greet"
THANKS: Final = "thanks"
GOODBYE: Final = "goodbye"
COMPLAIN: Final = "complain"
BOT_CHALLENGE: Final = "bot_challenge"
HELP: Final = "help"

# Entities.
TALK_ACT: Final = "talk_act"
"""By which a button says what it does to the conversation: another answer, please."""

# Slots.
AGREEMENTS: Final = "agreements"
"""What was booked, registered or told, so that it can be said again and changed (`bot.kit.agreed`)."""
ACTION_OUTCOME: Final = "action_outcome"
"""By which an action says how it ended (`bot.contract.outcome`)."""
PRODUCT: Final = "product"
"""What the customer has or speaks of, as articles name products; also the entity that fills it."""
REQUESTED_SLOT: Final = "requested_slot"
"""Rasa's own: what the open form asks for (`rasa.shared.core.constants.REQUESTED_SLOT`)."""

# Actions.
TAKES_COMPLAINT: Final = "action_take_complaint"
"""Hears a complaint; what the customer writes next is more of it, unless it asks or wishes for something."""
VALIDATES: Final = "validate_"
"""How the names of Rasa's validation actions begin; those say nothing of how they ended."""
VALIDATES_SLOTS: Final = "action_validate_slot_mappings"
"""Rasa's validation action for what any message fills, form or not; it is asked in every turn."""

ANSWERS_TO_FORM: Final = frozenset({INFORM, AFFIRM, DENY})
"""Intents that fill an open form's slot."""

ANSWERS: Final = frozenset({*ANSWERS_TO_FORM, STOP, NONE_OF_THESE})
"""Intents that only make sense as an answer to what was just said."""

COURTESIES: Final = frozenset({GREET, THANKS, GOODBYE, AFFIRM, DENY, INFORM, STOP, COMPLAIN, BOT_CHALLENGE, HELP})
"""Intents of what goes along with a wish and is seldom one of its own."""

SET_BY_THE_PRODUCT: Final = frozenset(
    {
        CHANGE_WHAT_WAS_DONE,
        DANGER,
        FEELING,
        INFORM,
        KNOWLEDGE_QUESTION,
        LEAVE_PARKED_FORM,
        NONE_OF_THESE,
        OTHER_LANGUAGE,
        OUT_OF_SCOPE,
        RETURNED_BY_HUMAN,
        TALK_ABOUT_CONVERSATION,
        UNCLEAR,
        UPSET_CUSTOMER,
    }
)
"""Intents that the arbiter, the gateway and the assistant's own buttons set; they need no examples and no rule."""


def checks_values(action: str) -> bool:
    """Whether an action is one of Rasa's validations, which do nothing but look at what a slot is to hold."""
    return action.startswith(VALIDATES) or action == VALIDATES_SLOTS
