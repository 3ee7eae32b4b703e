"""Steps that an agent cannot take with a ticket, and what is said of it."""

from __future__ import annotations

from bot.gateway.platform.errors import RequestError


class UnknownTicketError(RequestError):
    """There is no such ticket."""

    status, code = 404, "unknown_ticket"


class AlreadyClaimedError(RequestError):
    """Another agent was first."""

    status, code = 409, "already_claimed"


class NotWaitingError(RequestError):
    """The ticket is closed: the customer left the queue, or it was finished."""

    status, code = 409, "not_waiting"


class NotYoursError(RequestError):
    """Only the agent who has the conversation may write, return or resolve."""

    status, code = 409, "not_yours"


class AtCapacityError(RequestError):
    """The agent has as many conversations as they can take."""

    status, code = 409, "at_capacity"


class UnknownColleagueError(RequestError):
    """There is no such agent to give a conversation to."""

    status, code = 409, "unknown_colleague"
