"""What Chatwoot's events mean: an agent's reply, note, claim, return or end; everything else means nothing here.

The payloads: https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.gateway.external_desks.protocol import AgentStep, ExternalAgent, StepKind
from bot.handoff.limits import storable
from bot.untrusted.addresses import is_web_address

# As long as a reply at our own desk may be.
LONGEST_TEXT = 4000
LONGEST_NAME = 100
LONGEST_ID = 64

_SOMEBODY = ExternalAgent("team", "Our team")
"""Stands for whoever changed a status that Chatwoot reports without a name."""

_STEP_OF_STATUS: Mapping[str, StepKind] = {"pending": "returned", "resolved": "resolved"}


def read_event(event: Any, account: int, delivery: str) -> AgentStep | None:
    """Read one event of our account; ``delivery`` is Chatwoot's id of this delivery, or empty."""
    if not isinstance(event, dict):
        return None
    of = event.get("account")
    if isinstance(of, dict) and of.get("id") not in (account, None):
        return None
    name = event.get("event")
    if name == "message_created":
        return _message(event)
    if name in ("conversation_status_changed", "conversation_resolved"):
        return _status(event, delivery)
    if name == "conversation_updated":
        return _assignment(event, delivery)
    return None


def _message(event: Mapping[str, Any]) -> AgentStep | None:
    """A human's message: what a contact or a bot wrote comes from us."""
    sender, conversation_id, number = event.get("sender"), _case(event.get("conversation")), event.get("id")
    if event.get("message_type") not in (1, "outgoing") or not isinstance(sender, dict) or conversation_id is None:
        return None
    if sender.get("type") not in ("user", None) or not _is_id(number):
        return None
    text = "\n".join(part for part in (_text(event.get("content")), *_files(event.get("attachments"))) if part)
    if not text:
        return None
    kind: StepKind = "noted" if event.get("private") is True else "said"
    return AgentStep(f"message:{number}", kind, _agent(sender), text[:LONGEST_TEXT], conversation_id=conversation_id)


def _is_id(number: Any) -> bool:
    """Whether it can be Chatwoot's id of something; a longer one is none, and no column holds it."""
    return isinstance(number, int | str) and len(str(number)) <= LONGEST_ID


def _status(event: Mapping[str, Any], delivery: str) -> AgentStep | None:
    conversation_id, kind = _case(event), _STEP_OF_STATUS.get(str(event.get("status")))
    if conversation_id is None or kind is None:
        return None
    agent = _assignee(event) or _SOMEBODY
    return AgentStep(_id_of(event, delivery, kind), kind, agent, conversation_id=conversation_id)


def _assignment(event: Mapping[str, Any], delivery: str) -> AgentStep | None:
    conversation_id, agent = _case(event), _assignee(event)
    if conversation_id is None or agent is None:
        return None
    return AgentStep(_id_of(event, delivery, f"claimed:{agent.id}"), "claimed", agent, conversation_id=conversation_id)


def _case(conversation: Any) -> str | None:
    """Our name for a conversation there: its contact's source id is our conversation's."""
    if not isinstance(conversation, dict) or not isinstance(conversation.get("id"), int):
        return None
    contact = conversation.get("contact_inbox")
    source = contact.get("source_id") if isinstance(contact, dict) else None
    return source if isinstance(source, str) else None


def _assignee(conversation: Mapping[str, Any]) -> ExternalAgent | None:
    meta = conversation.get("meta")
    assignee = meta.get("assignee") if isinstance(meta, dict) else None
    return _agent(assignee) if isinstance(assignee, dict) and assignee.get("id") is not None else None


def _agent(user: Mapping[str, Any]) -> ExternalAgent:
    name = _text(user.get("available_name")) or _text(user.get("name"))
    return ExternalAgent(str(user.get("id", "team"))[:32], name[:LONGEST_NAME] or _SOMEBODY.name)


def _id_of(event: Mapping[str, Any], delivery: str, kind: str) -> str:
    """The delivery's own id; without one, the conversation's time of change, which a repeat repeats."""
    if delivery:
        return f"delivery:{delivery}"
    told = f"{event.get('id')}:{kind}:{event.get('updated_at') or event.get('timestamp')}"
    return "change:" + hashlib.sha256(told.encode()).hexdigest()[:32]


def _text(value: Any) -> str:
    return storable(value).strip() if isinstance(value, str) else ""


def _files(attachments: Any) -> tuple[str, ...]:
    """The addresses of what an agent attached; a customer's channel makes a link of each."""
    if not isinstance(attachments, list):
        return ()
    urls = (one.get("data_url") for one in attachments if isinstance(one, dict))
    return tuple(url for url in urls if isinstance(url, str) and is_web_address(url))
