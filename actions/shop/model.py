"""What the assistant knows of the shop: its nouns, and the one interface to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol


class OrderState(str, Enum):
    """Where an order is on its way."""

    BEING_PACKED = "being_packed"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    READY_FOR_PICKUP = "ready_for_pickup"
    CANCELLED = "cancelled"


class Window(str, Enum):
    """The half of a day in which a technician comes."""

    MORNING = "morning"
    AFTERNOON = "afternoon"

    @property
    def hours(self) -> str:
        """As customers read it."""
        return "8 am to 12 noon" if self is Window.MORNING else "12 noon to 5 pm"


@dataclass(frozen=True)
class Product:
    """One model of the range."""

    model: str
    """``Tern 45``"""
    kind: str
    """``dishwasher``, in lower case."""
    price_pence: int


@dataclass(frozen=True)
class Order:
    """An order as its customer may see it."""

    number: str
    """Canonical, ``LF-1234566``."""
    postcode: str
    product: Product
    state: OrderState
    placed_on: date
    day: date | None
    """The day that matters in this state: expected, of the delivery or cancellation, or the last for collecting it."""
    store: str | None = None
    """Where it waits, when it is to be collected."""


@dataclass(frozen=True)
class AppointmentSlot:
    """A visit that a technician could make."""

    id: str
    area: str
    day: date
    window: Window


@dataclass(frozen=True)
class BookingRequest:
    """What a customer wants booked."""

    slot_id: str
    appliance: str
    problem: str
    postcode: str
    email: str


@dataclass(frozen=True)
class Appointment:
    """A booked visit."""

    reference: str
    slot: AppointmentSlot


@dataclass(frozen=True)
class SlotTaken:
    """Somebody else was quicker, or the visit does not exist."""

    slot_id: str


class ReturnReason(str, Enum):
    """Why something comes back, as far as it changes what a return costs."""

    CHANGED_MIND = "changed_mind"
    FAULTY = "faulty"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    OTHER = "other"

    @property
    def ours(self) -> bool:
        """Whether we are to blame: then the collection is free, and the item may have been used."""
        return self in {ReturnReason.FAULTY, ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM}


@dataclass(frozen=True)
class ReturnRequest:
    """What a customer wants to send back, and how."""

    order_number: str
    reason: ReturnReason
    words: str
    """The reason as the customer gave it."""
    collect_on: date | None
    """The day on which a crew comes for it, ``None`` when the customer takes it to a store."""


@dataclass(frozen=True)
class Return:
    """A registered return."""

    reference: str
    """``RT-30001``, to be written on the packaging."""
    order_number: str
    reason: ReturnReason
    collect_on: date | None


@dataclass(frozen=True)
class AlreadyReturned:
    """The order has a return, from another conversation or an earlier turn."""

    earlier: Return


@dataclass(frozen=True)
class CollectionFull:
    """No crew has room on that day any more."""

    day: date


@dataclass(frozen=True)
class Visitor:
    """Who asks, as far as that is known: what limits are counted for."""

    conversation: str
    origin: str | None = None
    """Stands for where they come from, over all their conversations (``customer.origin`` of ``turn/1``)."""
    customer: str | None = None
    """The customer as the gateway knows them."""


@dataclass(frozen=True)
class NoMatch:
    """Number and postcode do not belong together; nobody learns which of them is wrong."""


@dataclass(frozen=True)
class LookAgainLater:
    """Too many wrong pairs in too short a time: nothing was looked at."""

    seconds: int


class Guessed(str, Enum):
    """What too many wrong pairs were given for."""

    ORDER = "order"
    VISITOR = "visitor"


@dataclass(frozen=True)
class PersonNeeded:
    """Too many wrong pairs: a person makes sure who is asking. Nothing was looked at."""

    guessed: Guessed
    guesses: int


@dataclass(frozen=True)
class LimitReached:
    """As much has been done as may be without a person."""


class Shop(Protocol):
    """The company's system, as far as the assistant needs it.

    What it counts (wrong pairs, bookings, returns) holds over all conversations, servers and restarts: each check and
    what it lets through are one transaction.
    """

    def find_order(
        self, number: str, postcode: str, visitor: Visitor, key: str
    ) -> Order | NoMatch | LookAgainLater | PersonNeeded:
        """The order, if number and postcode (both canonical) belong together; a wrong pair counts, once for a ``key``.

        It counts for the number, whether or not an order has it, and for the visitor; a right pair takes nothing back.
        A conversation that gave the right pair may see the order again, whatever others guess meanwhile.
        """
        ...

    def find_orders(
        self, numbers: Sequence[str], postcode: str, visitor: Visitor, key: str
    ) -> tuple[Order, ...] | NoMatch | LookAgainLater | PersonNeeded:
        """Those of several orders that belong to one postcode, as said in one message.

        Where one matches, the others are no wrong pairs: they were named, not guessed. So that nobody tries their
        neighbours' orders in this way, only so many are looked at for a visitor within the window; then the first
        number alone. Where none matches, each counts as in :meth:`find_order`.
        """
        ...

    def proved_order(self, number: str, postcode: str, visitor: Visitor) -> Order | None:
        """The order, if this conversation has given the right pair before; counts nothing."""
        ...

    def products(self) -> tuple[Product, ...]:
        """The range, in the catalogue's order."""
        ...

    def has_technicians(self, postcode: str) -> bool:
        """Whether technicians come to a postcode's area at all."""
        ...

    def appointment_slot(self, slot_id: str) -> AppointmentSlot | None:
        """One visit by its id, free or not."""
        ...

    def free_appointments(
        self, postcode: str, after: date, day: date | None = None, window: Window | None = None
    ) -> tuple[AppointmentSlot, ...]:
        """Free visits in a postcode's area later than ``after``, earliest first, one for each half of a day."""
        ...

    def may_book(self, visitor: Visitor) -> bool:
        """Whether the visitor may book one more visit, as far as that can be said without an e-mail address."""
        ...

    def book(self, request: BookingRequest, visitor: Visitor, key: str) -> Appointment | SlotTaken | LimitReached:
        """Book a visit once: the same ``key`` again gives the same result and changes nothing."""
        ...

    def find_return(self, order_number: str) -> Return | None:
        """The order's return, if it has one."""
        ...

    def collection_days(self, after: date) -> tuple[date, ...]:
        """The days later than ``after`` on which a crew can collect a large appliance, earliest first."""
        ...

    def register_return(
        self, request: ReturnRequest, visitor: Visitor, key: str
    ) -> Return | AlreadyReturned | CollectionFull | LimitReached:
        """Register a return once: the same ``key`` again gives the same return and changes nothing."""
        ...
