"""What the live formulas of the month's workbook give, added up line by line as the list is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from clerk_app.documents.month_lines import REVERSED, SETTLED, SUMMED_FIELDS, Line, detail_place
from clerk_app.documents.sheets import Value

_PLACES = tuple(detail_place(field) for field in SUMMED_FIELDS)
_FLAG = detail_place("refd_setl_flag")
_FEN = Decimal("0.01")

#: 票据张数 and the numbers of lines by flag, beside the summed columns of the list.
PAPERS, CORRECTED, REVERSALS, SETTLEMENTS = "papers", "corrected", "reversals", "settlements"
_NAMES = (*SUMMED_FIELDS, PAPERS, CORRECTED, REVERSALS, SETTLEMENTS)


class MonthSums:
    """Sums over the lines of the list, together and by every key of the breakdowns.

    Args:
        keys: For each breakdown the key of a line.
    """

    def __init__(self, keys: Sequence[Callable[[Line], str]]) -> None:
        self._keys = tuple(keys)
        self._sums: defaultdict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(_NAMES))
        self.lines = 0

    def add(self, line: Line, values: Sequence[Value]) -> None:
        """Count a line of the list."""
        sums = self._sums[tuple([key(line) for key in self._keys])]
        self.lines += 1
        for place, column in enumerate(_PLACES):
            sums[place] += values[column]  # type: ignore[operator]  # amounts and counts
        flag, visits, first = values[_FLAG], line.visits, len(_PLACES)
        sums[first] += (flag == SETTLED) - (flag == REVERSED)
        sums[first + 1] += flag not in (SETTLED, REVERSED)
        sums[first + 2] -= visits if flag == REVERSED else 0
        sums[first + 3] += visits if flag == SETTLED else 0

    def total(self, name: str, breakdown: int | None = None, key: str = "") -> Decimal:
        """The sum of a column, of all lines or of those with a key.

        Args:
            name: A national field, ``PAPERS``, ``CORRECTED``, ``REVERSALS`` or ``SETTLEMENTS``.
        """
        place = _NAMES.index(name)
        return sum(
            (sums[place] for keys, sums in self._sums.items() if breakdown is None or keys[breakdown] == key),
            Decimal(0),
        )

    def keys_of(self, breakdown: int) -> list[str]:
        """The keys of a breakdown in the order in which they came."""
        return list(dict.fromkeys(keys[breakdown] for keys in self._sums))


def average(amount: Decimal, count: Decimal) -> Decimal:
    """An amount a visit, half up to a fen as ``ROUND`` of a spreadsheet does; nothing without visits."""
    return (amount / count).quantize(_FEN, ROUND_HALF_UP) if count else Decimal(0)
