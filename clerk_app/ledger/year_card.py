"""A person's year: deductibles and caps, what is used and left of them, and by which voucher."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import BigInteger, Connection, bindparam, cast, func, select

from clerk_app.adjudication.year_to_date import disease_pool
from clerk_app.codes import Benefit, Tier
from clerk_app.ledger import accumulators
from clerk_app.ledger.accumulators import Counter, PoolYear
from clerk_app.ledger.persons import read_person
from clerk_app.ledger.reading import ALL, whole
from clerk_app.ledger.records import PersonRecord, PriorBenefit, SettlementKind
from clerk_app.ledger.tables import pool_entries, settlements
from clerk_app.policy.version import DeductibleBasis, OpenTerms, Policy, PolicyVersion, Source, Terms

_Standards: TypeAlias = tuple[tuple[Tier | None, int], ...]


@dataclass(frozen=True, slots=True)
class DeductibleLine:
    """One deductible of the year, in fen.

    Attributes:
        benefits: Those that use it up together.
        standards_fen: The standard by tier, where tiers differ; else one for ``None``.
        settled_fen: Charged by settlements that are not reversed, their corrections included.
        prior_fen: Charged by the platform.
    """

    pool: str
    benefits: tuple[Benefit, ...]
    basis: DeductibleBasis
    standards_fen: tuple[tuple[Tier | None, int], ...]
    source: Source
    settled_fen: int
    prior_fen: int

    @property
    def used_fen(self) -> int:
        """By settlements and by the platform."""
        return self.settled_fen + self.prior_fen

    def left_fen(self, standard_fen: int) -> int:
        """What is still open of one of the standards; all of it where each visit is charged anew."""
        if self.basis is DeductibleBasis.PER_VISIT:
            return standard_fen
        return max(0, standard_fen - self.used_fen)


@dataclass(frozen=True, slots=True)
class CapLine:
    """One cap of the year, in fen.

    Attributes:
        benefits: Those that use it up together.
        disease: Whose own cap it is, empty for the benefits' cap.
    """

    pool: str
    benefits: tuple[Benefit, ...]
    disease: str
    cap_fen: int
    source: Source
    settled_fen: int
    prior_fen: int

    @property
    def used_fen(self) -> int:
        """By settlements and by the platform."""
        return self.settled_fen + self.prior_fen

    @property
    def left_fen(self) -> int:
        """What the fund may still pay."""
        return max(0, self.cap_fen - self.used_fen)


@dataclass(frozen=True, slots=True)
class VoucherUse:
    """What a record used of a pool, or gave back, in fen.

    Attributes:
        original_number: What a reversal mirrors or a correction corrects.
        reversed_by: The reversal that took it back.
        corrected_by: The corrections that settled differences of it.
    """

    voucher_number: str
    settled_at: datetime
    kind: SettlementKind
    pool: str
    deductible_fen: int
    fund_fen: int
    original_number: str
    reversed_by: str
    corrected_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearCard:
    """One person and calendar year.

    Attributes:
        on: The day whose figures are shown: today, or the last day of a year that is over.
        document: 文号 of the version in force on that day, empty where none was.
        missing_parameters: What the area has not set, so that some figures are not known.
        uses: In the order of settlement; those that were reversed are listed with their reversals.
        priors: What the platform showed, each with its as-of date.
    """

    record: PersonRecord
    year: int
    area_name: str
    on: date
    document: str
    deductibles: tuple[DeductibleLine, ...]
    caps: tuple[CapLine, ...]
    missing_parameters: tuple[str, ...]
    uses: tuple[VoucherUse, ...]
    priors: tuple[PriorBenefit, ...]


def year_card(connection: Connection, person_id: int, year: int, policy: Policy, today: date) -> YearCard:
    """The card, with the figures of the day that comes last."""
    record = read_person(connection, person_id)
    counters = accumulators.with_prior_benefits(accumulators.read_counters(connection, person_id), record, policy)
    on = min(max(today, date(year, 1, 1)), date(year, 12, 31))
    version = policy.in_force_on(on)
    figures = _Figures(version, record, on)
    return YearCard(
        record,
        year,
        policy.area_name,
        on,
        version.document.number if version else "",
        tuple(figures.deductibles(year, counters)),
        tuple(figures.caps(year, counters)),
        tuple(figures.missing),
        tuple(_uses(connection, person_id, year)),
        tuple(prior for prior in record.prior_benefits if prior.year == year),
    )


class _Figures:
    """What the version in force says to a person: benefits that share a pool and its figures share a line."""

    def __init__(self, version: PolicyVersion | None, record: PersonRecord, on: date) -> None:
        entitlement = record.entitlement
        who = (entitlement.insurance, entitlement.status_on(on))
        self.missing: dict[str, None] = {}
        by_benefit: dict[Benefit, dict[Tier | None, Terms]] = {}
        for (benefit, tier), terms in (version.cells.get(who, {}) if version else {}).items():
            if isinstance(terms, OpenTerms):
                self.missing.update(dict.fromkeys(terms.missing_parameters))
            else:
                by_benefit.setdefault(benefit, {})[tier] = terms
        self._deductibles: dict[tuple[str, DeductibleBasis, _Standards], dict[Benefit, Terms]] = {}
        self._caps: dict[tuple[str, int, tuple[tuple[str, int], ...]], dict[Benefit, Terms]] = {}
        for benefit, by_tier in by_benefit.items():
            first = next(iter(by_tier.values()))
            deductible = (first.deductible_pool, first.deductible_basis, _standards(by_tier))
            cap = (first.cap_pool, first.cap_fen, first.cap_by_disease_fen)
            self._deductibles.setdefault(deductible, {})[benefit] = first
            self._caps.setdefault(cap, {})[benefit] = first

    def deductibles(self, year: int, counters: Mapping[PoolYear, Counter]) -> Iterator[DeductibleLine]:
        """Every deductible, a line each."""
        for (pool, basis, standards), terms in self._deductibles.items():
            counter = counters.get((year, pool), Counter())
            source = next(iter(terms.values())).deductible_source
            used = counter.settled.deductible_fen, counter.prior.deductible_fen
            yield DeductibleLine(pool, tuple(terms), basis, standards, source, *used)

    def caps(self, year: int, counters: Mapping[PoolYear, Counter]) -> Iterator[CapLine]:
        """Every cap, and under it the caps of single diseases."""
        for (pool, cap_fen, by_disease), terms in self._caps.items():
            source = next(iter(terms.values())).cap_source
            own = [(pool, "", cap_fen)]
            own += [(disease_pool(pool, disease), disease, fen) for disease, fen in by_disease]
            for name, disease, fen in own:
                counter = counters.get((year, name), Counter())
                used = counter.settled.fund_fen, counter.prior.fund_fen
                yield CapLine(name, tuple(terms), disease, fen, source, *used)


def _standards(by_tier: Mapping[Tier | None, Terms]) -> _Standards:
    standards = {terms.deductible_fen for terms in by_tier.values()}
    if len(standards) == 1:
        return ((None, standards.pop()),)
    known = ((tier, terms.deductible_fen) for tier, terms in by_tier.items())
    return tuple(sorted(known, key=lambda standard: -1 if standard[0] is None else standard[0]))


_USES = (
    select(
        pool_entries.c.settlement_id,
        pool_entries.c.pool,
        # PostgreSQL's sum of whole numbers is a decimal.
        cast(func.sum(pool_entries.c.deductible_fen), BigInteger).label("deductible_fen"),
        cast(func.sum(pool_entries.c.fund_fen), BigInteger).label("fund_fen"),
    )
    .join(settlements, settlements.c.settlement_id == pool_entries.c.settlement_id)
    .where(settlements.c.person_id == bindparam("person_id"), pool_entries.c.year == bindparam("year"))
    .group_by(pool_entries.c.settlement_id, pool_entries.c.pool)
    .order_by(pool_entries.c.settlement_id, pool_entries.c.pool)
)


def _uses(connection: Connection, person_id: int, year: int) -> Iterator[VoucherUse]:
    found = connection.execute(_USES, {"person_id": person_id, "year": year}).all()
    numbers = {row.settlement_id for row in found}
    rows = connection.execute(ALL.where(settlements.c.settlement_id.in_(numbers))).all()
    by_number = dict(zip((row.settlement_id for row in rows), whole(connection, rows), strict=True))
    for row in found:
        settlement = by_number[row.settlement_id]
        if row.deductible_fen or row.fund_fen:
            yield VoucherUse(
                settlement.voucher_number,
                settlement.settled_at,
                settlement.kind,
                row.pool,
                row.deductible_fen,
                row.fund_fen,
                settlement.original_number,
                settlement.reversed_by,
                settlement.corrected_by,
            )
