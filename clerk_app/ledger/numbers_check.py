"""Gapless numbers: each number of an office, series and year that its counter has given is there, once."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from clerk_app.ledger import raw
from clerk_app.ledger.soundness import Findings

#: Series → what its numbers begin with, how many digits they have, and how a missing one is called.
_FORMS = {"voucher": ("", 6), "acceptance": ("S", 6), "payment": ("B", 5), "recovery": ("R", 5)}

Series = tuple[str, str, int]


class Numbers:
    """The numbers seen, a byte for each that the counters have given."""

    def __init__(self, connection: Connection, found: Findings) -> None:
        self._found = found
        self._seen: dict[Series, bytearray] = {}
        #: By what comes before the digits: nearly every number is met here first, and there are many.
        self._usual: dict[tuple[str, str], bytearray] = {}
        for office, series, year, last in raw.rows(connection, "SELECT * FROM counters"):
            if not isinstance(last, int) or not isinstance(year, int) or series not in _FORMS:
                found.add("verify_counter_differs", row=f"{office}.{series}.{year}", last=last)
                continue
            seen = self._seen[office, series, year] = bytearray(min(last, _MOST) + 1)
            begins_with, _digits = _FORMS[series]
            self._usual[series, f"{begins_with}{office}-{year}-"] = seen

    def see(self, series: str, number: str) -> None:
        """Take note of a number."""
        begins_with, digits = _FORMS[series]
        seen = self._usual.get((series, number[:-digits]))
        if seen is not None and number[-digits:].isdecimal():
            place = int(number[-digits:])
            if place < len(seen) and not seen[place]:
                seen[place] = 1
                return
        parts = number[len(begins_with) :].rsplit("-", 2)
        if len(parts) != 3 or not (parts[1].isdecimal() and parts[2].isdecimal()):
            self._found.add("verify_number_form", number=number)
            return
        key, place = (parts[0], series, int(parts[1])), int(parts[2])
        seen = self._seen.get(key)
        if seen is None or not number.startswith(begins_with) or place >= len(seen):
            self._found.add("verify_number_beyond", number=number)
        elif seen[place]:
            self._found.add("verify_number_repeated", number=number)
        else:
            seen[place] = 1

    def finish(self) -> None:
        """Name the numbers that are missing, from the first to the last of each gap."""
        for (office, series, year), seen in self._seen.items():
            begins_with, digits = _FORMS[series]
            for first, last in _gaps(seen):
                self._found.add(
                    "verify_numbers_missing",
                    first=f"{begins_with}{office}-{year}-{first:0{digits}d}",
                    last=f"{begins_with}{office}-{year}-{last:0{digits}d}",
                    row=f"{office}.{series}.{year}",
                )


#: More numbers than this no office gives in a year; a counter above it was changed.
_MOST = 50_000_000


def _gaps(seen: bytearray) -> Iterator[tuple[int, int]]:
    first = seen.find(0, 1)
    while first != -1:
        last = seen.find(1, first)
        yield first, (len(seen) if last == -1 else last) - 1
        if last == -1:
            return
        first = seen.find(0, last)
