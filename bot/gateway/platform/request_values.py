"""Values that several routes take: each bounded in one place, so that no request reaches the database out of range."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from bot.untrusted.moments import in_bounds

LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that a page's JSON keeps exact (RFC 8259, section 6); every database holds it."""

Moment = Annotated[AwareDatetime, AfterValidator(in_bounds)]
"""A point in time with its zone, as UTC."""

RecordNumber = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
"""The number of a row, as an answer gave it; one that is not there is no error."""
