"""Counter rows: what a person's settlements have used of deductibles and caps, by calendar year and pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import Connection, bindparam, func, select, update

from clerk_app.adjudication.adjudication import Adjudication
from clerk_app.adjudication.engine import prior_entries
from clerk_app.adjudication.visit_order import states_by_visit
from clerk_app.adjudication.year_to_date import (
    ChargedVisit,
    PlacedUse,
    PoolUse,
    YearToDate,
    disease_pool,
    pools_of,
)
from clerk_app.codes import Decision
from clerk_app.errors import ClerkError
from clerk_app.ledger.act import Act
from clerk_app.ledger.records import PersonRecord, SettledReceipt, SettlementKind
from clerk_app.ledger.statements import Question, Statement
from clerk_app.ledger.tables import accumulators, corrections, pool_entries, receipts, reversals, settlements
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Institution

#: Calendar year and pool.
PoolYear = tuple[int, str]
#: What a receipt uses up, or a reversal gives back.
Entry = tuple[int, str, PoolUse]

_NOTHING = PoolUse()


@dataclass(frozen=True, slots=True)
class Counter:
    """One row.

    Attributes:
        settled: Used by settlements that are not reversed.
        prior: Charged and paid by the platform, as known when the row was last settled on.
        platform_as_of: The day of the platform's figures in ``prior``.
        fund_limit_fen: What settlements may have paid at most, None where no cap is known.
        is_stored: Whether the table has the row.
    """

    settled: PoolUse = _NOTHING
    prior: PoolUse = _NOTHING
    platform_as_of: date | None = None
    fund_limit_fen: int | None = None
    is_stored: bool = False

    @property
    def used(self) -> PoolUse:
        """By settlements and by the platform."""
        return self.settled + self.prior


_OF_PERSON = Statement(select(accumulators).where(accumulators.c.person_id == bindparam("person_id")))


def read_counters(connection: Connection, person_id: int) -> dict[PoolYear, Counter]:
    """The rows of a person as they stand."""
    return {
        (row.year, row.pool): Counter(
            PoolUse(row.deductible_fen, row.fund_fen),
            PoolUse(row.prior_deductible_fen, row.prior_fund_fen),
            row.platform_as_of,
            row.fund_limit_fen,
            is_stored=True,
        )
        for row in _OF_PERSON.all(connection, person_id=person_id)
    }


def questions(connection: Connection, person_id: int) -> list[Question]:
    """What ``read_counters`` and ``year_to_date`` ask, to be asked together with others."""
    return [_OF_PERSON.question(connection, person_id=person_id), _VISITS.question(connection, person_id=person_id)]


def with_prior_benefits(
    counters: Mapping[PoolYear, Counter], record: PersonRecord, policy: Policy
) -> dict[PoolYear, Counter]:
    """The rows with the platform's figures as entered last, in the pools that their benefits had in their year."""
    current = {key: replace(counter, prior=_NOTHING, platform_as_of=None) for key, counter in counters.items()}
    for prior in record.prior_benefits:
        for year, pool, use in prior_entries(policy, prior.year, prior.benefit, prior.deductible_fen, prior.fund_fen):
            before = current.get((year, pool), Counter())
            as_of = max(prior.as_of, before.platform_as_of or prior.as_of)
            current[year, pool] = replace(before, prior=before.prior + use, platform_as_of=as_of)
    return current


def year_to_date(
    connection: Connection, person_id: int, counters: Mapping[PoolYear, Counter], policy: Policy
) -> YearToDate:
    """What the engine takes: everything used before a claim, and in which order where the area's policy asks for it."""
    pools = {key: counter.used for key, counter in counters.items()}
    placed = _placed_uses(connection, person_id) if states_by_visit(policy) else ()
    return YearToDate(pools, _charged_visits(connection, person_id), placed)


#: A correction's difference belongs to the visit that it corrects, and is taken back with it.
_RECEIPTS = (
    receipts.join(settlements, settlements.c.settlement_id == receipts.c.settlement_id)
    .outerjoin(corrections, corrections.c.correction_id == settlements.c.settlement_id)
    .outerjoin(
        reversals,
        reversals.c.original_id == func.coalesce(corrections.c.original_id, settlements.c.settlement_id),
    )
)

_VISITS = Statement(
    select(
        receipts.c.institution_name,
        receipts.c.institution_code,
        receipts.c.visited_on,
        receipts.c.visited_at,
        receipts.c.visit_label,
        receipts.c.deductible_pool,
        receipts.c.deductible_fen,
    )
    .select_from(_RECEIPTS)
    .where(
        settlements.c.person_id == bindparam("person_id"),
        receipts.c.is_charged_visit,
        reversals.c.reversal_id.is_(None),
    )
    .order_by(receipts.c.settlement_id, receipts.c.position)
)

_PLACED = (
    select(
        receipts.c.visited_on,
        receipts.c.visited_at,
        func.coalesce(pool_entries.c.pool, "").label("pool"),
        func.coalesce(pool_entries.c.deductible_fen, 0).label("deductible_fen"),
    )
    .select_from(
        _RECEIPTS.outerjoin(
            pool_entries,
            (pool_entries.c.settlement_id == receipts.c.settlement_id)
            & (pool_entries.c.position == receipts.c.position)
            & (pool_entries.c.deductible_fen != 0),
        )
    )
    .where(
        settlements.c.person_id == bindparam("person_id"),
        settlements.c.kind.in_([SettlementKind.SETTLEMENT.value, SettlementKind.CORRECTION.value]),
        reversals.c.reversal_id.is_(None),
    )
    .order_by(receipts.c.settlement_id, receipts.c.position)
)


def _placed_uses(connection: Connection, person_id: int) -> tuple[PlacedUse, ...]:
    return tuple(
        PlacedUse(datetime.combine(row.visited_on, row.visited_at or time.min), row.pool, row.deductible_fen)
        for row in connection.execute(_PLACED, {"person_id": person_id})
    )


def _charged_visits(connection: Connection, person_id: int) -> tuple[ChargedVisit, ...]:
    return tuple(
        ChargedVisit(
            Institution(row.institution_name, row.institution_code).key,
            datetime.combine(row.visited_on, row.visited_at or time.min),
            row.visited_at is not None,
            row.visit_label,
            row.deductible_pool,
            row.deductible_fen,
        )
        for row in _VISITS.all(connection, person_id=person_id)
    )


def cap_pools(adjudication: Adjudication) -> tuple[str, ...]:
    """The pools whose caps a decision is under, none where no figures were applied."""
    terms = adjudication.terms
    return () if terms is None else pools_of(terms, adjudication.disease)


def limited(counters: Mapping[PoolYear, Counter], adjudications: Iterable[Adjudication]) -> dict[PoolYear, Counter]:
    """The rows with what their caps leave to settlements, as far as the decisions name a cap.

    A limit never falls below what is paid already: a payment of the platform that becomes known late is no reason
    to refuse a settlement that pays nothing more.
    """
    caps: dict[PoolYear, int] = {}
    for adjudication in adjudications:
        terms = adjudication.terms
        if terms is None:
            continue
        year = adjudication.receipt.visited_on.year
        named = [(terms.cap_pool, terms.cap_fen)]
        named += [(disease_pool(terms.cap_pool, name), fen) for name, fen in terms.cap_by_disease_fen]
        for pool, cap_fen in named:
            caps[year, pool] = max(cap_fen, caps.get((year, pool), 0))
    current = dict(counters)
    for key, cap_fen in caps.items():
        counter = counters.get(key, Counter())
        limit_fen = max(cap_fen - counter.prior.fund_fen, counter.settled.fund_fen)
        current[key] = replace(counter, fund_limit_fen=limit_fen)
    return current


def use_of(settled: SettledReceipt) -> list[Entry]:
    """What a recorded receipt has used up; in a correction the differences."""
    if settled.decision is Decision.REFUSE:
        return []
    year = settled.receipt.visited_on.year
    entries: list[Entry] = [(year, settled.deductible_pool, PoolUse(settled.deductible_fen, 0))]
    return entries + [(year, pool, PoolUse(0, settled.fund_fen)) for pool in settled.cap_pools]


def post(
    act: Act, person_id: int, counters: Mapping[PoolYear, Counter], entries: Iterable[Entry]
) -> dict[PoolYear, Counter]:
    """Count entries up, and return the rows as they are then.

    Args:
        counters: The rows as read in this transaction, with the limits and the platform's figures to keep.

    Raises:
        ClerkError: ``amount_changed``, a row is no longer what was read. SQLite's write lock rules it out; another
            database may not.
    """
    after = dict(counters)
    touched: set[PoolYear] = set()
    for year, pool, use in entries:
        counter = after.get((year, pool), Counter())
        after[year, pool] = replace(counter, settled=counter.settled + use)
        touched.add((year, pool))
    new = [_row(person_id, key, after[key]) for key in touched if not after[key].is_stored]
    changed = [
        {
            **{f"new_{name}": value for name, value in _row(person_id, key, after[key]).items()},
            "before_deductible_fen": counters[key].settled.deductible_fen,
            "before_fund_fen": counters[key].settled.fund_fen,
        }
        for key in touched
        if after[key].is_stored
    ]
    act.insert(accumulators, new)
    if changed and _UPDATE.change(act.connection, changed) != len(changed):
        raise ClerkError("amount_changed")
    for key in touched:
        if after[key].is_stored:
            act.seal(accumulators, _row(person_id, key, after[key]))
    return after


_VALUES = ("deductible_fen", "fund_fen", "prior_deductible_fen", "prior_fund_fen", "platform_as_of", "fund_limit_fen")
_UPDATE = Statement(
    update(accumulators)
    .where(
        accumulators.c.person_id == bindparam("new_person_id"),
        accumulators.c.year == bindparam("new_year"),
        accumulators.c.pool == bindparam("new_pool"),
        accumulators.c.deductible_fen == bindparam("before_deductible_fen"),
        accumulators.c.fund_fen == bindparam("before_fund_fen"),
    )
    .values({name: bindparam(f"new_{name}") for name in _VALUES})
)


def _row(person_id: int, key: PoolYear, counter: Counter) -> dict[str, object]:
    year, pool = key
    return {
        "person_id": person_id,
        "year": year,
        "pool": pool,
        "deductible_fen": counter.settled.deductible_fen,
        "fund_fen": counter.settled.fund_fen,
        "prior_deductible_fen": counter.prior.deductible_fen,
        "prior_fund_fen": counter.prior.fund_fen,
        "platform_as_of": counter.platform_as_of,
        "fund_limit_fen": counter.fund_limit_fen,
    }
