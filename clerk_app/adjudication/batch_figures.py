"""The figures that a batch counts with: the table that its rows point at, and how large whole fen on int64 may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from clerk_app.policy.version import Terms

Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Days: TypeAlias = npt.NDArray[np.datetime64]

_LARGEST = 2**63 - 1
#: Deductibles, caps and what was used of them: a difference of two, and a payment more, stay inside int64.
LARGEST_ACCOUNT_FEN = 2**60
LARGEST_IN_SCOPE_FEN = (_LARGEST - 5000) // 10_000
LARGEST_PAID_FIRST_FEN = (_LARGEST - 50_000_000) // 100_000_000
#: The cell of what is not paid, or not by the rounds.
NOTHING = 0
_NO_FIGURES = (-LARGEST_ACCOUNT_FEN, 0, 0, -LARGEST_ACCOUNT_FEN)


class Cells(NamedTuple):
    """The figures that rows point at, all of shape (cells,); ratios in ten-thousandths."""

    deductible_fen: Integers
    ratio_bp: Integers
    paid_first_bp: Integers
    cap_fen: Integers
    is_safe: Flags


class Figures(NamedTuple):
    """One cell: the terms, and what an unfiled visit loses."""

    terms: Terms
    ratio_bp: int
    paid_first_bp: int

    @property
    def is_safe(self) -> bool:
        """Whether the figures themselves are of a size that the rounds can count with."""
        amounts = (self.terms.deductible_fen, self.terms.cap_fen)
        shares = (self.ratio_bp, self.paid_first_bp)
        return max(map(abs, amounts)) <= LARGEST_ACCOUNT_FEN and min(shares) >= 0 and max(shares) <= 10_000


def cell_table(figures: Sequence[Figures | None]) -> Cells:
    """The table of figures, the first of which pay and charge nothing, whatever was used before.

    Unsafe ones are the same, and who has a row that points at them goes through the engine.
    """
    numbers = [
        _NO_FIGURES,
        *(
            (known.terms.deductible_fen, known.ratio_bp, known.paid_first_bp, known.terms.cap_fen)
            if known is not None and known.is_safe
            else _NO_FIGURES
            for known in figures
        ),
    ]
    table = np.array(numbers, np.int64).reshape(-1, 4)
    return Cells(
        table[:, 0],
        table[:, 1],
        table[:, 2],
        table[:, 3],
        np.array([True, *(known is None or known.is_safe for known in figures)], np.bool_),
    )
