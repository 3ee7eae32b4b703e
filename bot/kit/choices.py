"""Buttons that stand under many answers, whatever the company."""

from __future__ import annotations

from bot.contract import names
from bot.kit.turn import Choice
from bot.wording.sentences import wording

A_PERSON = Choice(wording("button.person"), f"/{names.ASK_FOR_PERSON}")
LEAVE_IT = Choice(wording("button.leave_it"), f"/{names.STOP}")
WHAT_CAN_YOU_DO = Choice(wording("button.what_can_you_do"), f"/{names.HELP}")
NONE_OF_THESE = Choice(wording("button.none_of_these"), f"/{names.NONE_OF_THESE}")

OFFER = "utter_offer_"
"""Responses that offer an intent under an answer begin so: the intent's name follows."""
