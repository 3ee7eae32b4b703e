"""An action server's answer is checked by a validator that is made once.

Rasa checks the schema itself first, each time. It is constant, and that took some 20 ms of each call on two cores; a
form makes up to three calls for one message.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.core.actions.action",
        "RemoteAction._validate_action_result",
        "2fd08b8cf644390e5a8200e83f1afe9ccdeb1f0cf161aa3c4a8f19a24ead203f",
    ),
    Replaced(
        "rasa.core.actions.action",
        "RemoteAction.action_response_format_spec",
        "8e08f324ec7d8414768b5afca6bab3fc172e446e996ebff33b05aac5e3e97ca7",
    ),
)

_ANSWER = Draft202012Validator(RemoteAction.action_response_format_spec())


def validate_action_result(self: RemoteAction, result: Any) -> bool:
    """Rasa's `RemoteAction._validate_action_result`: True, or the validator's error."""
    _ANSWER.validate(result)
    return True


def install() -> None:
    """Put it in the place of Rasa's own, in this process."""
    RemoteAction._validate_action_result = validate_action_result
