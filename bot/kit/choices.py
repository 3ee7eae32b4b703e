"""Buttons that stand under many answers, whatever the company."""

from __future__ import annotations

from bot.contract import names
from bot.kit.turn import Choice

A_PERSON = Choice("Talk to a person", f"/{names.ASK_FOR_PERSON}")
LEAVE_IT = Choice("Leave it", f"/{names.STOP}")
NONE_OF_THESE = Choice("None of these", f"/{names.NONE_OF_THESE}")
