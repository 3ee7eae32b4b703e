"""Buttons that stand under many answers, whatever the company."""

from __future__ import annotations

from bot.kit.turn import Choice

A_PERSON = Choice("Talk to a person", "/ask_for_person")
LEAVE_IT = Choice("Leave it", "/stop")
NONE_OF_THESE = Choice("None of these", "/none_of_these")
