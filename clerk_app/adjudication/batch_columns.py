"""Very many ordinary visits as columns of a table, and one person of the table as the engine takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from clerk_app.adjudication.batch_figures import Days, Flags, Integers
from clerk_app.adjudication.batch_rounds import HandedIn
from clerk_app.adjudication.engine import prior_entries
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Benefit, FilingCategory, Insurance, Status, Tier
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Entitlement, Filing, Period

#: What a number in ``BatchColumns.status`` stands for.
STATUSES = tuple(Status)

_NO_VISIT = -1


@dataclass(frozen=True, slots=True, eq=False)
class PriorColumns:
    """What was used before, of the pools of ordinary care; all of shape (rows,). Rows of one person-year add up."""

    person: Integers
    year: Integers
    deductible_fen: Integers
    fund_fen: Integers


@dataclass(frozen=True, slots=True, eq=False)
class BatchColumns:
    """Ordinary visits to which nothing is to be objected, as columns of a table; all of shape (rows,).

    Attributes:
        persons: How many there are.
        person: 0 to ``persons`` − 1; one person's rows stand in the order of settlement, not necessarily together.
        visited_on: ``datetime64[D]``.
        in_scope_fen: 符合政策范围金额, zero or more.
        tier: 0 to 3.
        status: Place in ``STATUSES``, as it is on the day of the visit; residents have a resident's insurance.
        visit: Receipts of one person with the same number are one visit: same hospital, same day, same label; a
            negative number, or no column, makes each receipt a visit of its own.
        filed: Whether the person was filed on the day; without the column filing is not in question.
        by_network: Compute all rows as a direct settlement.
    """

    persons: int
    person: Integers
    visited_on: Days
    in_scope_fen: Integers
    tier: Integers
    status: Integers
    prior: PriorColumns | None = None
    visit: Integers | None = None
    filed: Flags | None = None
    by_network: bool = False

    def __post_init__(self) -> None:
        columns = (self.visited_on, self.in_scope_fen, self.tier, self.status, self.visit, self.filed)
        if any(column is not None and column.shape != self.person.shape for column in columns):
            raise ValueError("columns of different length")
        if any(column.dtype != np.int64 for column in self._integers()):
            raise ValueError("columns of whole numbers have to be int64")  # a smaller type would wrap unseen
        _must_lie_in("person", self.person, self.persons)
        _must_lie_in("tier", self.tier, len(Tier))
        _must_lie_in("status", self.status, len(STATUSES))
        if self.person.size and self.in_scope_fen.min() < 0:
            raise ValueError("in_scope_fen below zero")
        if self.prior is not None:
            _must_lie_in("prior.person", self.prior.person, self.persons)

    def _integers(self) -> list[Integers]:
        prior, visit = self.prior, self.visit
        integers = [self.person, self.in_scope_fen, self.tier, self.status]
        integers += [] if visit is None else [visit]
        return integers + ([] if prior is None else [prior.person, prior.year, prior.deductible_fen, prior.fund_fen])


def _must_lie_in(name: str, column: Integers, count: int) -> None:
    if column.size and not 0 <= int(column.min()) <= int(column.max()) < count:
        raise ValueError(f"{name} outside 0 to {count - 1}")


class EngineColumns:
    """The persons of a table as the engine takes them, sorted out when the first one is asked for."""

    def __init__(self, columns: BatchColumns, policy: Policy) -> None:
        self._columns = columns
        self._policy = policy
        self._by_person: Integers | None = None

    def of(self, person: int) -> HandedIn:
        """One person, by number."""
        if self._by_person is None:
            self._by_person = np.argsort(self._columns.person, kind="stable")
        bounds = np.searchsorted(self._columns.person, [person, person + 1], sorter=self._by_person)
        places = self._by_person[bounds[0] : bounds[1]]
        return HandedIn(places, self._used(person), {}, self._claims(places.tolist()))

    def _claims(self, places: list[int]) -> Iterator[tuple[Entitlement, Claim]]:
        """Every receipt as a claim of its own, so that each has its own status and filing."""
        columns = self._columns
        for place in places:
            visit = _NO_VISIT if columns.visit is None else int(columns.visit[place])
            hospital, label = (f"row {place}", "") if visit < 0 else (f"visit {visit}", str(visit))
            visited_on = columns.visited_on[place].astype("datetime64[D]").item()
            in_scope_fen = int(columns.in_scope_fen[place])
            tier = Tier(int(columns.tier[place]))
            is_filed = None if columns.filed is None else bool(columns.filed[place])
            yield (
                plain_entitlement(STATUSES[columns.status[place]], is_filed),
                plain_claim(str(place), visited_on, hospital, tier, in_scope_fen, label, by_network=columns.by_network),
            )

    def _used(self, person: int) -> YearToDate:
        prior = self._columns.prior
        used = YearToDate()
        for place in () if prior is None else np.flatnonzero(prior.person == person).tolist():
            assert prior is not None, "no rows without columns"
            amounts_fen = int(prior.deductible_fen[place]), int(prior.fund_fen[place])
            used = used.with_entries(
                prior_entries(self._policy, int(prior.year[place]), Benefit.ORDINARY, *amounts_fen)
            )
        return used


def plain_entitlement(status: Status, is_filed: bool | None) -> Entitlement:
    """A person with this status on every day, filed in every category or in none, or without a word about it."""
    insurance = Insurance.RESIDENT if status is Status.RESIDENT else Insurance.EMPLOYEE
    filings = tuple(Filing(category, Period(date.min)) for category in FilingCategory) if is_filed else ()
    return Entitlement(insurance, status, filings=None if is_filed is None else filings)


def plain_claim(
    number: str, visited_on: date, hospital: str, tier: Tier, in_scope_fen: int, label: str, *, by_network: bool
) -> Claim:
    """A receipt to which nothing is to be objected."""
    institution = Institution(hospital, tier=tier, networked=True)
    receipt = Receipt(number, visited_on, institution, in_scope_fen, visit_label=label, settled_by_network=by_network)
    return Claim((receipt,))
