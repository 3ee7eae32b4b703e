"""What the conversations need of the gateway that they run in; whoever calls them hands it down."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.gateway.conversations.reception import Reception
from bot.wording.catalogue import Catalogue
from bot.wording.files import product_catalogue


@dataclass(frozen=True)
class ConversationServices:
    """Chosen once in :mod:`bot.gateway.wiring`."""

    reception: Reception
    """Takes customers whom the bot does not have."""
    wording: Catalogue = field(default_factory=product_catalogue)
    """What customers read, in the company's words."""
