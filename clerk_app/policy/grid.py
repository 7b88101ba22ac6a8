"""What an area's documents cover: every date × insurance × status × benefit × tier, with the holes shown as holes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from clerk_app.codes import Benefit, Insurance, Status, Tier
from clerk_app.policy.version import OpenTerms, Policy, PolicyVersion, Terms

#: The kinds of care that a receipt of this office can be settled as.
OUTPATIENT = (Benefit.ORDINARY, Benefit.CHRONIC, Benefit.SPECIAL, Benefit.EMERGENCY, Benefit.DAY_SURGERY)
_TIERS = (Tier.ONE, Tier.TWO, Tier.THREE)
_STATUSES = (
    (Insurance.EMPLOYEE, Status.EMPLOYED),
    (Insurance.EMPLOYEE, Status.RETIRED),
    (Insurance.RESIDENT, Status.RESIDENT),
)


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of the grid: the figures of the three tiers, the lowest first.

    Attributes:
        cells: Figures, open slots of a framework, or None where the document says nothing.
    """

    version: PolicyVersion
    insurance: Insurance
    status: Status
    benefit: Benefit
    cells: tuple[Terms | OpenTerms | None, ...]

    @property
    def is_covered(self) -> bool:
        """Whether the document says anything of it."""
        return any(cell is not None for cell in self.cells)

    @property
    def open_parameters(self) -> tuple[str, ...]:
        """What the pooling area has not set."""
        missing = [name for cell in self.cells if isinstance(cell, OpenTerms) for name in cell.missing_parameters]
        return tuple(dict.fromkeys(missing))

    @property
    def has_hole(self) -> bool:
        """Whether some tiers are covered and others are not."""
        return self.is_covered and any(cell is None for cell in self.cells)


def grid(policy: Policy) -> Iterator[GridRow]:
    """Every line of an area, version by version."""
    for version in policy.versions:
        for insurance, status in _STATUSES:
            cells = version.cells.get((insurance, status), {})
            for benefit in OUTPATIENT:
                yield GridRow(version, insurance, status, benefit, tuple(cells.get((benefit, tier)) for tier in _TIERS))


def uncovered_spans(policy: Policy) -> Iterator[tuple[date, date]]:
    """First and last days between two documents on which none is in force."""
    for earlier, later in itertools.pairwise(policy.versions):
        if earlier.effective_until is not None:
            first = earlier.effective_until + timedelta(days=1)
            if first < later.effective_from:
                yield first, later.effective_from - timedelta(days=1)
