"""What is done with a message that only says what is not wanted: "I don't want a technician"."""

from __future__ import annotations

from collections.abc import Collection

from bot.contract import names
from bot.dialogue.form_input import OpenForm
from bot.dialogue.open_question import FORM_ANSWER, LEAVES
from bot.dialogue.weighed import Decision


def refusal(not_wanted: Collection[str], form: OpenForm | None) -> Decision | None:
    """Leave the form that is refused; with none open say "all right", and ask what is wanted instead.

    In another form it answers the form's question, as whatever is said there.
    """
    refused = " and ".join(not_wanted)
    if form is None:
        return Decision("act", names.DENY, 1.0, f"rules out {refused}, and wants nothing else")
    if form.opener in not_wanted:
        return Decision("act", LEAVES, 1.0, f"leaves {form.name}: rules out {form.opener}")
    if form.asks_yes_or_no:
        return None
    return Decision(
        "act", FORM_ANSWER, 1.0, f"rules out {refused} at {form.name}'s question about {form.requested_slot}"
    )
