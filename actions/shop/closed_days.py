"""Days on which no technician drives: Sundays, and the bank holidays of England."""

from __future__ import annotations

from datetime import date

SUNDAY = 6

# https://www.gov.uk/bank-holidays, England and Wales, as far as they are announced.
BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2026-12-25", "2026-12-28"),
        *(
            "2027-01-01",
            "2027-03-26",
            "2027-03-29",
            "2027-05-03",
            "2027-05-31",
            "2027-08-30",
            "2027-12-27",
            "2027-12-28",
        ),
        *(
            "2028-01-03",
            "2028-04-14",
            "2028-04-17",
            "2028-05-01",
            "2028-05-29",
            "2028-08-28",
            "2028-12-25",
            "2028-12-26",
        ),
    )
)


def no_visits_on(day: date) -> bool:
    """Whether technicians stay at home on that day, whatever the diary says."""
    return day.weekday() == SUNDAY or day in BANK_HOLIDAYS or (day.month, day.day) in {(12, 25), (12, 26)}
