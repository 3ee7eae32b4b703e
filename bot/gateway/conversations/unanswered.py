"""Turns that end without an answer: a person gets the message, or the customer is asked to shorten it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.contract.turn import ChoiceInput, TextInput
from bot.gateway.conversations import owner, shares, transcript, waiting
from bot.gateway.conversations.services import ConversationServices
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.conversations.wording import in_words
from bot.gateway.conversations.work import OVER_BUDGET, Outcome, Work, handled, locked, write_trace
from bot.gateway.platform.transaction import Transaction
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import ActionTried, HandoffRequest
from bot.wording.sentences import Said


def give_up(
    session: Transaction,
    services: ConversationServices,
    work: Work,
    holder: str,
    why: str,
    action: str | None,
    sentence: Said,
    now: datetime,
) -> Outcome:
    """Make a ticket of a message that the brain cannot take; built without the brain."""
    conversation, message = locked(session, work, holder)
    if message is None:
        return "already_handled"
    return _give_up(session, services, work, conversation, message, why, action, sentence, now)


def cut_off(
    session: Transaction,
    services: ConversationServices,
    work: Work,
    holder: str,
    *,
    acted: bool,
    shorter: Said,
    sentence: Said,
    now: datetime,
) -> Outcome:
    """End a message whose turn the brain cut off: ask for a shorter one; the second time running, make a ticket.

    A ticket at once where asking again would be wrong: an action may have done what was asked for, or the customer only
    pressed a button. Its reason is ``technical_failure``: the brain failed; it did not read anything wrongly that a
    trainer could teach it, as ``not_understood`` would say.
    """
    conversation, message = locked(session, work, holder)
    shares.charge(session, conversation, shares.CUT_OFF, now)
    if message is None:
        return "already_handled"
    typed = isinstance(work.turn.input, TextInput)
    if conversation.owner != owner.BOT or not typed or acted or _was_cut_off_before(session, message):
        return _give_up(session, services, work, conversation, message, OVER_BUDGET, None, sentence, now)
    _write_failure(session, work, conversation, OVER_BUDGET, None, now)
    text = in_words(services.wording, conversation, shorter)
    transcript.append(session, conversation, author="system", now=now, text=text, message_id=work.message_id)
    handled(message, OVER_BUDGET, now)
    return OVER_BUDGET


def _was_cut_off_before(session: Transaction, message: InboxMessage) -> bool:
    before = session.scalar(
        select(InboxMessage.outcome)
        .where(InboxMessage.conversation_id == message.conversation_id, InboxMessage.id < message.id)
        .order_by(InboxMessage.id.desc())
        .limit(1)
    )
    return before == OVER_BUDGET


def _write_failure(
    session: Transaction, work: Work, conversation: Conversation, why: str, action: str | None, now: datetime
) -> None:
    trace = {"failure": {"why": why, "action": action, "attempts": work.attempts + 1}}
    write_trace(session, conversation, work.message_id, trace, now)


def _give_up(
    session: Transaction,
    services: ConversationServices,
    work: Work,
    conversation: Conversation,
    message: InboxMessage,
    why: str,
    action: str | None,
    sentence: Said,
    now: datetime,
) -> Outcome:
    _write_failure(session, work, conversation, why, action, now)
    if conversation.owner != owner.BOT:
        handled(message, "kept_for_human", now)
        return "kept_for_human"
    if work.is_event:
        # The customer asked nothing: what they ask next is a fresh try, and a failure then becomes the ticket.
        handled(message, "superseded", now)
        return "superseded"
    given = work.turn.input
    said = given.text if isinstance(given, TextInput) else given.title if isinstance(given, ChoiceInput) else ""
    request = HandoffRequest(
        code=ReasonCode.TECHNICAL_FAILURE,
        evidence=why if action is None else f"{action}: {why}",
        last_question=said,
        actions_tried=() if action is None else (ActionTried(action, ok=False, error=why),),
    )
    # At the limit of open tickets nobody would look at it, so nobody is promised.
    said_to_them = sentence if services.reception.has_room(session, conversation) else waiting.BROKEN_ALONE
    text = in_words(services.wording, conversation, said_to_them)
    transcript.append(session, conversation, author="system", now=now, text=text, message_id=work.message_id)
    outcome: Outcome = (
        "handed_off" if services.reception.hand_over(session, conversation, request, now) else "not_handed_off"
    )
    handled(message, outcome, now)
    return outcome
