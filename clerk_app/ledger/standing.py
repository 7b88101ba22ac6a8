"""Where each settlement stands on its way to the money, worked out from what was recorded of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Connection, Row, and_, case, cast, func, literal_column, or_, select, true

from clerk_app.codes import Stage
from clerk_app.ledger.records import SettlementKind
from clerk_app.ledger.tables import corrections, payment_results, payments, recoveries, reversals, reviews, settlements

#: What a result of the bank and its transfer have in common.
SAME_TRANSFER = and_(
    payment_results.c.list_number == payments.c.list_number, payment_results.c.position == payments.c.position
)


def _standing() -> Any:
    """Every settlement with what it comes to, what was paid of it, what came back, and where that leaves it."""
    answered = select(true()).where(SAME_TRANSFER)
    failed = answered.where(~payment_results.c.is_paid)
    same = payments.c.settlement_id == settlements.c.settlement_id
    given = _sum(payments.c.amount_fen).where(same, ~failed.exists()).scalar_subquery()
    waiting = _sum(payments.c.amount_fen).where(same, ~answered.exists()).scalar_subquery()
    this = settlements.c.settlement_id
    recovered = _sum(recoveries.c.amount_fen).where(recoveries.c.settlement_id == this).scalar_subquery()
    # What somebody owed for another settlement and was not paid of this one is as good as paid.
    deducted = _sum(recoveries.c.amount_fen).where(recoveries.c.deducted_from == this).scalar_subquery()
    difference = settlements.alias("difference")
    differences = (
        _sum(difference.c.fund_fen)
        .join(corrections, corrections.c.correction_id == difference.c.settlement_id)
        .where(corrections.c.original_id == settlements.c.settlement_id)
        .scalar_subquery()
    )
    is_reversed = select(true()).where(reversals.c.original_id == settlements.c.settlement_id).exists()
    comes_to = case((is_reversed, 0), else_=settlements.c.fund_fen + differences)
    inner = (
        select(
            settlements.c.settlement_id,
            settlements.c.voucher_number,
            settlements.c.settled_at,
            settlements.c.clerk,
            settlements.c.name,
            settlements.c.person_id,
            settlements.c.payee_name,
            settlements.c.payee_relation,
            settlements.c.payee_bank,
            settlements.c.payee_account,
            reviews.c.has_passed,
            is_reversed.label("is_reversed"),
            comes_to.label("comes_to_fen"),
            (given + deducted).label("given_fen"),
            recovered.label("recovered_fen"),
            waiting.label("waiting_fen"),
        )
        .outerjoin(reviews, reviews.c.settlement_id == settlements.c.settlement_id)
        .where(settlements.c.kind == SettlementKind.SETTLEMENT.value)
        .subquery()
    )
    due = inner.c.comes_to_fen - inner.c.given_fen + inner.c.recovered_fen
    stage = case(
        (and_(inner.c.waiting_fen > 0), Stage.IN_PAYMENT.value),
        (due < 0, Stage.RECOVER.value),
        (or_(inner.c.is_reversed, and_(inner.c.comes_to_fen == 0, inner.c.has_passed)), Stage.CLOSED.value),
        (inner.c.has_passed.is_(None), Stage.UNREVIEWED.value),
        (~inner.c.has_passed, Stage.OBJECTED.value),
        (due > 0, Stage.PAYABLE.value),
        else_=Stage.PAID.value,
    )
    return select(inner, due.label("due_fen"), stage.label("stage")).subquery("standing")


def _sum(column: Any) -> Any:
    # PostgreSQL's sum of whole numbers is a decimal.
    return select(cast(func.coalesce(func.sum(column), literal_column("0")), BigInteger))


#: A row a settlement; ``stage`` is where it stands.
STANDING = _standing()


def standing_of(connection: Connection, settlement_id: int) -> Row[Any] | None:
    """Where one settlement stands; None for a record that is no settlement."""
    return connection.execute(select(STANDING).where(STANDING.c.settlement_id == settlement_id)).one_or_none()
