"""Calendar months, as the counter chooses and names them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of settlement."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return calendar.monthrange(self.year, self.number)[1]


def latest_months(today: date, count: int) -> tuple[Month, ...]:
    """The month of a day and those before it, the latest first."""
    last = today.year * 12 + today.month - 1
    return tuple(Month((last - back) // 12, (last - back) % 12 + 1) for back in range(count))
