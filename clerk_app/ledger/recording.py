"""Put a finished settlement into the tables: number, record, receipts, what they use up, and the bills they hold."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Text, bindparam, insert, or_, select, update

from clerk_app.codes import Benefit
from clerk_app.ledger.accumulators import Counter, Entry, PoolYear
from clerk_app.ledger.act import Act
from clerk_app.ledger.records import Settlement, SettlementKind, YearTotal
from clerk_app.ledger.rows import entitlement_text, person_row, receipt_row, words
from clerk_app.ledger.statements import Insertion, Question, Statement
from clerk_app.ledger.tables import bills, counters, pool_entries, receipts, reversals, settlements, year_totals
from clerk_app.receipts.claim import Receipt, normalised

#: The two series of numbers that an office gives, each anew in every year.
VOUCHERS, ACCEPTANCES = "voucher", "acceptance"
#: As many bills as a claim often has are looked up with one statement.
_BILLS_AT_ONCE = 8
_MARKS = tuple(f"bill_{place}" for place in range(_BILLS_AT_ONCE))


@dataclass(frozen=True, slots=True)
class BenefitPools:
    """The accumulators of one benefit in one calendar year, as a voucher's year totals name them."""

    year: int
    benefit: Benefit
    deductible_pool: str
    cap_pool: str

    def total(self, counters_after: Mapping[PoolYear, Counter]) -> YearTotal:
        """The line of year totals."""
        deductible = counters_after.get((self.year, self.deductible_pool), Counter())
        fund = counters_after.get((self.year, self.cap_pool), Counter())
        days = [counter.platform_as_of for counter in (deductible, fund) if counter.platform_as_of is not None]
        return YearTotal(
            self.year,
            self.benefit.term,
            deductible.used.deductible_fen,
            fund.used.fund_fen,
            max(days, default=None),
        )


@dataclass(frozen=True, slots=True)
class Posting:
    """What goes with a settlement into the tables beside the record itself.

    Attributes:
        entries: For each receipt what it uses up; negative in a reversal, a difference in a correction.
        pools: One for each of the settlement's year totals.
        charged_visits: For each receipt whether later receipts of its visit need to know its deductible.
        remark: What the clerk has stated for good; it stands in the audit trail.
    """

    act_key: str
    entries: Sequence[Sequence[Entry]]
    pools: Sequence[BenefitPools]
    charged_visits: Sequence[bool]
    remark: str = ""


_NEXT = Statement(
    update(counters)
    .where(
        counters.c.office_code == bindparam("in_office"),
        counters.c.series == bindparam("in_series"),
        counters.c.year == bindparam("in_year"),
    )
    .values(last_number=counters.c.last_number + 1)
    .returning(counters.c.last_number)
)


def next_number(act: Act, series: str) -> int:
    """The next number of a series of the act's year; an act that fails gives it back, so that there is no gap."""
    year = act.at.year
    where = {"in_office": act.office_code, "in_series": series, "in_year": year}
    row = _NEXT.first(act.connection, **where)
    if row is not None:
        number: int = row.last_number
        return number
    row = {"office_code": act.office_code, "series": series, "year": year, "last_number": 1}
    act.connection.execute(insert(counters), row)
    return 1


def next_acceptance_number(act: Act) -> str:
    """The next number of the office's acceptances (受理编号)."""
    return acceptance_text(act.office_code, act.at.year, next_number(act, ACCEPTANCES))


def next_voucher_number(act: Act) -> str:
    """The next number of the office's vouchers."""
    return voucher_text(act.office_code, act.at.year, next_number(act, VOUCHERS))


def acceptance_text(office_code: str, year: int, number: int) -> str:
    """An acceptance's number as papers show it."""
    return f"S{office_code}-{year}-{number:06d}"


def voucher_text(office_code: str, year: int, number: int) -> str:
    """A voucher's number as papers show it."""
    return f"{office_code}-{year}-{number:06d}"


def record(act: Act, settlement: Settlement, posting: Posting) -> int:
    """Write the record with its receipts, entries and year totals, and tell of it; returns its row number."""
    row = _settlement_row(settlement, posting.act_key) | {"audit_sequence": act.sequence}
    settlement_id = act.insert_numbered(settlements, row, "settlement_id")
    sign = settlement.kind.paper_sign
    receipt_rows = [
        {
            "settlement_id": settlement_id,
            "position": position,
            "is_charged_visit": is_charged,
            **receipt_row(settled, sign),
        }
        for position, (settled, is_charged) in enumerate(zip(settlement.receipts, posting.charged_visits, strict=True))
    ]
    act.insert(receipts, receipt_rows)
    entry_rows = [
        {
            "settlement_id": settlement_id,
            "position": position,
            "year": year,
            "pool": pool,
            "deductible_fen": use.deductible_fen,
            "fund_fen": use.fund_fen,
        }
        for position, entries in enumerate(posting.entries)
        for year, pool, use in merged(entries)
    ]
    act.insert(pool_entries, entry_rows)
    total_rows = [
        {
            "settlement_id": settlement_id,
            "position": position,
            "year": total.year,
            "benefit": pools.benefit.value,
            "deductible_pool": pools.deductible_pool,
            "cap_pool": pools.cap_pool,
            "deductible_fen": total.deductible_fen,
            "fund_fen": total.fund_fen,
            "platform_as_of": total.platform_as_of,
        }
        for position, (pools, total) in enumerate(zip(posting.pools, settlement.year_totals, strict=True))
    ]
    act.insert(year_totals, total_rows)
    reason = settlement.reversal_reason or settlement.correction_reason or posting.remark
    amounts = {"total_fen": row["total_fen"], "fund_fen": row["fund_fen"]}
    act.tell(
        settlement.voucher_number, reason, kind=settlement.kind.value, **amounts, original=settlement.original_number
    )
    return settlement_id


def hold_bills(connection: Connection, settlement_id: int, bill_keys: Iterable[str]) -> None:
    """Keep bills for this voucher; the table's key refuses one that another voucher holds."""
    rows = [{"bill_key": bill_key, "settlement_id": settlement_id} for bill_key in dict.fromkeys(bill_keys)]
    if rows:
        _HOLD.write(connection, rows)


_HOLD = Insertion(bills)
_TAKEN = Statement(
    select(bills.c.bill_key, settlements.c.voucher_number)
    .join(settlements, settlements.c.settlement_id == bills.c.settlement_id)
    .where(or_(*(bills.c.bill_key == bindparam(mark, type_=Text) for mark in _MARKS)))
)


def taken_bills(connection: Connection, bill_keys: Iterable[str]) -> dict[str, str]:
    """Those of the bills that a voucher holds already, with its number."""
    rows = [row for values in _marked(bill_keys) for row in _TAKEN.all(connection, **values)]
    return {row.bill_key: row.voucher_number for row in rows}


def questions_of_bills(connection: Connection, bill_keys: Iterable[str]) -> list[Question]:
    """What ``taken_bills`` asks, to be asked together with others."""
    return [_TAKEN.question(connection, **values) for values in _marked(bill_keys)]


def _marked(bill_keys: Iterable[str]) -> Iterator[dict[str, str]]:
    """The bills, as many at once as the statement has marks; the last ones stand there more than once."""
    asked = list(bill_keys)
    for start in range(0, len(asked), _BILLS_AT_ONCE):
        some = itertools.cycle(asked[start : start + _BILLS_AT_ONCE])
        yield dict(zip(_MARKS, some, strict=False))


_SIMILAR = Statement(
    select(
        settlements.c.voucher_number,
        receipts.c.bill_key,
        receipts.c.institution_name,
        receipts.c.institution_code,
    )
    .join(settlements, settlements.c.settlement_id == receipts.c.settlement_id)
    .outerjoin(reversals, reversals.c.original_id == settlements.c.settlement_id)
    .where(
        receipts.c.visited_on == bindparam("visited_on"),
        receipts.c.total_fen == bindparam("total_fen"),
        or_(*(settlements.c.kind == kind.value for kind in (SettlementKind.SETTLEMENT, SettlementKind.REFUSAL))),
        reversals.c.reversal_id.is_(None),
    )
    .order_by(settlements.c.settlement_id)
)


def similar_receipts(connection: Connection, receipt: Receipt) -> tuple[str, ...]:
    """The vouchers that stand with a bill of another number but of the same hospital, day and amount.

    It may be the same bill, once on paper and once as a file, or two bills of one day; a clerk has to look.
    """
    rows = _SIMILAR.all(connection, visited_on=receipt.visited_on, total_fen=receipt.total_fen)
    place = receipt.institution
    same = (
        row.voucher_number
        for row in rows
        if row.bill_key != receipt.bill_key
        # A bill may leave the code out, and a code may come with another spelling of the name.
        and (
            (place.code and place.code == row.institution_code)
            or normalised(place.name) == normalised(row.institution_name)
        )
    )
    return tuple(dict.fromkeys(same))


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Entries with one for each year and pool."""
    by_pool: dict[PoolYear, Entry] = {}
    for year, pool, use in entries:
        before = by_pool.get((year, pool))
        by_pool[year, pool] = (year, pool, use if before is None else before[2] + use)
    return list(by_pool.values())


def _settlement_row(settlement: Settlement, act_key: str) -> dict[str, object]:
    review, payee, payer = settlement.review, settlement.payee, settlement.account_payer
    total_fen, fund_fen = settlement.total_fen, settlement.fund_fen
    return {
        **person_row(settlement.person),
        "voucher_number": settlement.voucher_number,
        "acceptance_number": settlement.acceptance_number,
        "act_key": act_key,
        "kind": settlement.kind.value,
        "settled_at": settlement.settled_at,
        "handed_in_on": settlement.handed_in_on,
        "clerk": settlement.clerk,
        "reviewer": review.reviewer if review else None,
        "review_reason": review.reason if review else None,
        "person_id": settlement.person_id,
        "entitlement": entitlement_text(settlement.entitlement),
        "area_code": settlement.area_code,
        "area_name": settlement.area_name,
        "materials": None if settlement.materials is None else words(sorted(settlement.materials)),
        "receipt_count": len(settlement.receipts),
        "total_fen": total_fen,
        "in_scope_fen": settlement.in_scope_fen,
        "fund_fen": fund_fen,
        "person_fen": total_fen - fund_fen,
        "account_fen": settlement.account_fen,
        "account_payer": payer.value if payer else None,
        "payee_name": payee.name if payee else None,
        "payee_relation": payee.relation if payee else None,
        "payee_bank": payee.bank if payee else None,
        "payee_account": payee.account if payee else None,
        "manual_reason": settlement.manual_reason,
    }
