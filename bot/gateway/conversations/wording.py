"""The gateway's sentences in the words and language of a conversation; each is rendered once, when it is written."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.gateway.conversations.tables import Conversation
from bot.wording.catalogue import Catalogue
from bot.wording.files import product_catalogue
from bot.wording.sentences import Said

# Where a transaction finds the catalogue (`Database.info`).
KEY = "wording"


def in_words(session: Session, conversation: Conversation, said: Said) -> str:
    """A sentence, or several, in the conversation's language and the company's words."""
    return catalogue_of(session).say(said, conversation.locale)


def catalogue_of(session: Session) -> Catalogue:
    """The catalogue of the gateway that this transaction runs in."""
    found: Any = session.info.get(KEY)
    return found if isinstance(found, Catalogue) else product_catalogue()
