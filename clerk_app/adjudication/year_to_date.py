"""Accumulators: what a person has used of deductibles and caps, by calendar year and pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from clerk_app.policy.version import Terms
from clerk_app.receipts.claim import Receipt


@dataclass(frozen=True, slots=True)
class PoolUse:
    """What was used of one pool in one calendar year, in fen."""

    deductible_fen: int = 0
    fund_fen: int = 0

    def __add__(self, other: PoolUse) -> PoolUse:
        return PoolUse(self.deductible_fen + other.deductible_fen, self.fund_fen + other.fund_fen)

    def __neg__(self) -> PoolUse:
        return PoolUse(-self.deductible_fen, -self.fund_fen)


_UNUSED = PoolUse()


class Account:
    """One pool of one calendar year, counted up as receipts are decided; fen."""

    __slots__ = ("deductible_fen", "fund_fen")

    deductible_fen: int
    fund_fen: int


@dataclass(frozen=True, slots=True)
class ChargedVisit:
    """A visit that was charged a per-visit deductible, as later receipts of the same visit need to know it.

    Attributes:
        institution_key: Which hospital.
        moment: When; midnight where the paper shows no time.
        has_time: Whether the time of day is known.
        visit_label: The label that receipts of one visit share.
        pool: The deductible's pool.
    """

    institution_key: str
    moment: datetime
    has_time: bool
    visit_label: str
    pool: str
    deductible_fen: int


@dataclass(frozen=True, slots=True)
class PlacedUse:
    """What a settled receipt has used of a deductible, and its place in the order of the visits.

    Attributes:
        moment: When the visit was; midnight where the paper shows no time.
        pool: The deductible's pool; empty where the receipt has used nothing of any.
    """

    moment: datetime
    pool: str = ""
    deductible_fen: int = 0


@dataclass(frozen=True, slots=True)
class YearToDate:
    """Everything that was used before a claim: prior benefits and settlements that are not reversed.

    Attributes:
        pools: (calendar year, pool) → use. A deductible's pool and a cap's pool may differ for one receipt.
        visits: Settled visits of areas with a per-visit deductible, in the order of settlement.
        placed: Every settled receipt where the area's order is 就诊先后, none elsewhere; what they have used is in
            ``pools`` too, the platform's part, which comes before all visits, is there alone.
    """

    pools: Mapping[tuple[int, str], PoolUse] = field(default_factory=dict)
    visits: tuple[ChargedVisit, ...] = ()
    placed: tuple[PlacedUse, ...] = ()

    def with_entries(
        self, entries: Iterable[tuple[int, str, PoolUse]], visits: Iterable[ChargedVisit] = ()
    ) -> YearToDate:
        """The same with more used; negative entries take back what a reversed settlement had used."""
        pools = dict(self.pools)
        for year, pool, use in entries:
            pools[year, pool] = pools.get((year, pool), PoolUse()) + use
        return YearToDate(pools, (*self.visits, *visits), self.placed)

    def used(self, year: int, pool: str) -> PoolUse:
        """What was used of a pool in a year."""
        return self.pools.get((year, pool), _UNUSED)

    def account(self, year: int, pool: str) -> Account:
        """An account of a pool that goes on from what was used of it."""
        use = self.pools.get((year, pool), _UNUSED)
        # An ``__init__`` would take twice as long, and every claim opens an account.
        account = Account()
        account.deductible_fen = use.deductible_fen
        account.fund_fen = use.fund_fen
        return account

    def accounts(self, year: int, terms: Terms) -> tuple[Account, Account]:
        """The accounts of a deductible and of a cap, which mostly share a pool."""
        deductible_account = self.account(year, terms.deductible_pool)
        if terms.cap_pool == terms.deductible_pool:
            return deductible_account, deductible_account
        return deductible_account, self.account(year, terms.cap_pool)


def pools_of(terms: Terms, disease: str) -> tuple[str, ...]:
    """Every cap pool that a payment under these terms uses up: the benefit's and, where one is set, the disease's."""
    if terms.disease_cap_fen(disease) is not None:
        return terms.cap_pool, disease_pool(terms.cap_pool, disease)
    return (terms.cap_pool,)


def disease_pool(cap_pool: str, disease: str) -> str:
    """The pool of one disease's own cap inside a benefit's cap."""
    return f"{cap_pool}/{disease}"


def charged_visit(receipt: Receipt, pool: str, deductible_fen: int) -> ChargedVisit:
    """The mark that a settled receipt leaves for later receipts of the same visit."""
    return ChargedVisit(
        receipt.institution.key,
        receipt.moment,
        receipt.visited_at is not None,
        receipt.visit_label,
        pool,
        deductible_fen,
    )
