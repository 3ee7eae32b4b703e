"""What the tickets need of the gateway that they run in; whoever calls them hands it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.gateway.tickets.desk_settings import DEFAULT, DeskSettings
from bot.gateway.tickets.links import Links
from bot.gateway.tickets.past_waits import PastWaits
from bot.nlu.reading.danger import DangerReader
from bot.nlu.tone.feelings import Feelings
from bot.wording.catalogue import Catalogue
from bot.wording.files import product_catalogue


@dataclass(frozen=True)
class TicketServices:
    """Chosen once in :mod:`bot.gateway.wiring`."""

    desk: DeskSettings = DEFAULT
    """What ``desk.yml`` says."""
    wording: Catalogue = field(default_factory=product_catalogue)
    """What customers read, in the company's words."""
    links: Links | None = None
    """Makes and takes links to other channels; none where conversations stay where they are."""
    dangers: DangerReader | None = None
    """Reads dangers while the bot does not have a conversation; none where the company's pipeline has none either."""
    feelings: Feelings | None = None
    """Reads a death or despair in what a waiting customer wrote, so that the words fit."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What customers read of a wish, by its intent: an offer says what would be done."""
    country: str = ""
    """Where the company is (ISO 3166): whose emergency number is told."""
    waits: PastWaits = field(default_factory=PastWaits)
    """From which waiting times are forecast; of one database only."""
