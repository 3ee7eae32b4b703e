"""Why a conversation goes to a human: nine codes, each with its sentence for the agent."""

from __future__ import annotations

from enum import Enum


class ReasonCode(str, Enum):
    """The nine reasons. The values are part of ``handoff/1``: adapters and reports depend on them."""

    CUSTOMER_REQUEST = "customer_request"
    NOT_UNDERSTOOD = "not_understood"
    OUT_OF_SCOPE = "out_of_scope"
    NO_ANSWER = "no_answer"
    REPEATED_FAILURE = "repeated_failure"
    POLICY = "policy"
    UPSET_CUSTOMER = "upset_customer"
    TECHNICAL_FAILURE = "technical_failure"
    DANGER = "danger"

    @property
    def text(self) -> str:
        """What an agent reads before anything else."""
        return _SENTENCES[self]


_SENTENCES = {
    ReasonCode.CUSTOMER_REQUEST: "The customer asked for a person.",
    ReasonCode.NOT_UNDERSTOOD: "The assistant did not understand the customer.",
    ReasonCode.OUT_OF_SCOPE: "The customer wants something that the assistant does not deal with.",
    ReasonCode.NO_ANSWER: "The assistant found no article that answers the question.",
    ReasonCode.REPEATED_FAILURE: "The assistant tried several times and did not get there.",
    ReasonCode.POLICY: "A company rule wants a person to decide this.",
    ReasonCode.UPSET_CUSTOMER: "The customer is upset.",
    ReasonCode.DANGER: "The customer wrote of a danger. Look at this first.",
    ReasonCode.TECHNICAL_FAILURE: "Something failed on our side; the customer did nothing wrong.",
}
