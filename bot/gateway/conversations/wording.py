"""The gateway's sentences in the words and language of a conversation; each is rendered once, when it is written."""

from __future__ import annotations

from bot.gateway.conversations.tables import Conversation
from bot.wording.catalogue import Catalogue
from bot.wording.sentences import Said


def in_words(wording: Catalogue, conversation: Conversation, said: Said) -> str:
    """A sentence, or several, in the conversation's language and the company's words."""
    return wording.say(said, conversation.locale)
