"""From settlement to money and shelf: the second person's check, the bank's list and its answer, the archive.

What a settlement comes to is its fund's part with the differences of its corrections. It is paid once; what the bank
could not pay is put on a later list; what was paid and no longer stands is to be recovered, which is ``recovering``'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from clerk_app.codes import Stage
from clerk_app.errors import ClerkError
from clerk_app.ledger import payees, waiting
from clerk_app.ledger.act import Act
from clerk_app.ledger.reading import settlement_row
from clerk_app.ledger.recording import next_number
from clerk_app.ledger.records import Payable, PayeeAccount, Payment, PaymentList, PaymentResult, SettlementKind
from clerk_app.ledger.rows import in_pieces
from clerk_app.ledger.standing import SAME_TRANSFER, STANDING, standing_of
from clerk_app.ledger.tables import (
    archives,
    payment_lists,
    payment_results,
    payments,
    reviews,
    settlements,
)

_LISTS = "payment"


def review(act: Act, voucher_numbers: Sequence[str], note: str, *, has_passed: bool) -> None:
    """Check settlements as the second person: passed, they may be paid; objected to, they are to be reversed.

    Raises:
        ClerkError: ``voucher_unknown``, ``reviewer_is_clerk``, ``reviewed_already``, ``already_reversed``,
            ``nothing_to_review``, ``reason_missing`` for an objection without one.
    """
    if not has_passed and not note.strip():
        raise ClerkError("reason_missing")
    rows = [settlement_row(act.connection, number) for number in voucher_numbers]
    for row in rows:
        _check_reviewable(act, row)
    told = {"reviewer": act.name, "has_passed": has_passed, "note": note.strip(), "reviewed_at": act.at}
    act.insert(reviews, [{"settlement_id": row.settlement_id, "clerk": row.clerk, **told} for row in rows])
    waiting.follow(act, [row.settlement_id for row in rows])
    subject = voucher_numbers[0] if len(voucher_numbers) == 1 else f"{len(voucher_numbers)} vouchers"
    act.tell(subject, note.strip(), vouchers=list(voucher_numbers), passed=has_passed)


def passed_at_settlement(act: Act, settlement_id: int, clerk: str, reviewer: str, note: str) -> None:
    """What a second person accepted before it was settled needs no second look."""
    row = {"settlement_id": settlement_id, "clerk": clerk, "reviewer": reviewer, "has_passed": True}
    act.insert(reviews, [row | {"note": note, "reviewed_at": act.at}])


def payables(connection: Connection, stages: frozenset[Stage], limit: int) -> list[Payable]:
    """Settlements by where they stand on their way to the money, the oldest first."""
    if stages <= waiting.UNDER_WAY:
        return _payables(connection, waiting.in_stages(connection, stages, limit))
    found = select(STANDING).where(STANDING.c.stage.in_([stage.value for stage in stages]))
    return _read(connection, connection.execute(found.order_by(STANDING.c.settlement_id).limit(limit)).all())


def to_archive(connection: Connection, limit: int) -> list[Payable]:
    """Settlements with which nothing more is to be done but to put their papers on the shelf, the oldest first."""
    return _payables(connection, waiting.in_stages(connection, waiting.AT_REST, limit))


def stage_of(connection: Connection, voucher_number: str) -> Stage | None:
    """Where a settlement stands; None for reversals, corrections and refusals, which nobody pays.

    Raises:
        ClerkError: ``voucher_unknown``.
    """
    found = standing_of(connection, settlement_row(connection, voucher_number).settlement_id)
    return None if found is None else _stage(found.stage)


def give_account(
    act: Act, person_id: int, account: PayeeAccount, second: str | None, voucher_number: str = ""
) -> PayeeAccount:
    """Record where a person's money goes; from the second account on, with a second person.

    Args:
        voucher_number: The one settlement that it is for, whose own account the bank has refused.

    Raises:
        ClerkError: ``approval_missing``, ``account_form``, ``account_needs_second``, ``voucher_unknown``,
            ``account_of_voucher`` where it names no account, the bank has not refused that or money is on its way.
    """
    settlement_id = _refused_settlement(act.connection, person_id, voucher_number) if voucher_number else None
    has_one = payees.needs_second(act.connection, person_id, settlement_id)
    given = payees.give(act, person_id, account, second, settlement_id)
    told = {"voucher": voucher_number} if voucher_number else {}
    act.tell(f"person {person_id}", changed=has_one, confirmed_by=second if has_one else "", **told)
    return given


def _refused_settlement(connection: Connection, person_id: int, voucher_number: str) -> int:
    settlement_id: int = settlement_row(connection, voucher_number).settlement_id
    row = standing_of(connection, settlement_id)
    is_due_again = (
        row is not None
        and row.person_id == person_id
        and bool(row.payee_account)
        and _stage(row.stage) is Stage.PAYABLE
        and settlement_id in payees.refused_by_bank(connection, [settlement_id])
    )
    if not is_due_again:
        raise ClerkError("account_of_voucher", voucher=voucher_number)
    return settlement_id


def make_list(act: Act, voucher_numbers: Sequence[str]) -> PaymentList:
    """Put what these settlements have still to get on the bank's next list.

    Raises:
        ClerkError: ``nothing_to_pay``, ``not_payable`` with the voucher and where it stands, ``account_missing``.
    """
    wanted = [settlement_row(act.connection, number).settlement_id for number in dict.fromkeys(voucher_numbers)]
    query = select(STANDING).where(STANDING.c.settlement_id.in_(wanted)).order_by(STANDING.c.settlement_id)
    rows = act.connection.execute(query).all()
    if not rows:
        raise ClerkError("nothing_to_pay")
    due = _read(act.connection, rows)
    for each in due:
        if each.stage is not Stage.PAYABLE:
            raise ClerkError("not_payable", voucher=each.voucher_number, stage=each.stage.term)
        if each.account is None:
            raise ClerkError("account_missing", voucher=each.voucher_number)
    number = f"B{act.office_code}-{act.at.year}-{next_number(act, _LISTS):05d}"
    total_fen = sum(each.due_fen for each in due)
    row = {"list_number": number, "made_at": act.at, "made_by": act.name}
    act.insert(payment_lists, [row | {"payment_count": len(due), "total_fen": total_fen}])
    rows_of_list = [
        _payment_row(number, position, each, row.settlement_id)
        for position, (each, row) in enumerate(zip(due, rows, strict=True))
    ]
    act.insert(payments, rows_of_list)
    waiting.follow(act, [row.settlement_id for row in rows])
    act.tell(number, count=len(due), total_fen=total_fen)
    return payment_list(act.connection, number)


def record_results(act: Act, list_number: str, results: Mapping[int, PaymentResult]) -> PaymentList:
    """Write down what the bank said of transfers of a list, once for each; what failed may be paid again.

    Args:
        results: By position in the list.

    Raises:
        ClerkError: ``payment_list_unknown``, ``payment_unknown``, ``payment_answered``, ``reason_missing``.
    """
    there = {payment.position: payment for payment in payment_list(act.connection, list_number).payments}
    for position, result in results.items():
        if position not in there:
            raise ClerkError("payment_unknown", list_number=list_number, position=position + 1)
        if there[position].result is not None:
            raise ClerkError("payment_answered", list_number=list_number, position=position + 1)
        if not result.is_paid and not result.reason.strip():
            raise ClerkError("reason_missing")
    told = {"recorded_at": act.at, "recorded_by": act.name}
    rows = [
        {"list_number": list_number, "position": position, "is_paid": result.is_paid, "reason": result.reason.strip()}
        | told
        for position, result in sorted(results.items())
    ]
    act.insert(payment_results, rows)
    of_list = select(payments.c.position, payments.c.settlement_id).where(payments.c.list_number == list_number)
    waiting.follow(act, [settled for position, settled in act.connection.execute(of_list) if position in results])
    paid = [position for position, result in results.items() if result.is_paid]
    act.tell(list_number, paid=len(paid), failed=len(results) - len(paid))
    return payment_list(act.connection, list_number)


def payment_list(connection: Connection, list_number: str) -> PaymentList:
    """A list with its transfers and what the bank said of them.

    Raises:
        ClerkError: ``payment_list_unknown``.
    """
    head = connection.execute(select(payment_lists).where(payment_lists.c.list_number == list_number)).one_or_none()
    if head is None:
        raise ClerkError("payment_list_unknown", list_number=list_number)
    query = (
        select(payments, settlements.c.voucher_number, payment_results.c.is_paid, payment_results.c.reason)
        .join(settlements, settlements.c.settlement_id == payments.c.settlement_id)
        .outerjoin(payment_results, SAME_TRANSFER)
        .where(payments.c.list_number == list_number)
        .order_by(payments.c.position)
    )
    return PaymentList(
        head.list_number, head.made_at, head.made_by, tuple(_payment(row) for row in connection.execute(query))
    )


def lists(connection: Connection, limit: int) -> list[PaymentList]:
    """The lists, the newest first."""
    query = select(payment_lists.c.list_number).order_by(
        payment_lists.c.made_at.desc(), payment_lists.c.list_number.desc()
    )
    return [payment_list(connection, number) for number in connection.execute(query.limit(limit)).scalars()]


def archive(act: Act, voucher_numbers: Sequence[str], box: str) -> None:
    """Write down in which box the papers of settlements lie.

    Raises:
        ClerkError: ``voucher_unknown``, ``archived_already``, ``not_archivable`` while money is on its way,
            ``reason_missing`` without a box.
    """
    if not box.strip():
        raise ClerkError("box_missing")
    rows = []
    for number in voucher_numbers:
        row = settlement_row(act.connection, number)
        stage = stage_of(act.connection, number)
        if stage not in (None, Stage.PAID, Stage.CLOSED):
            raise ClerkError("not_archivable", voucher=number, stage=stage.term)
        query = select(archives.c.box).where(archives.c.settlement_id == row.settlement_id)
        there = act.connection.execute(query).scalar()
        if there is not None:
            raise ClerkError("archived_already", voucher=number, box=there)
        rows.append({"settlement_id": row.settlement_id, "box": box.strip(), "archived_at": act.at})
    act.insert(archives, [row | {"archived_by": act.name} for row in rows])
    waiting.follow(act, [row["settlement_id"] for row in rows])
    act.tell(box.strip()[:64], vouchers=list(voucher_numbers))


def _payables(connection: Connection, settlement_ids: Sequence[int]) -> list[Payable]:
    """Settlements by their numbers, in pieces: a statement takes only so many values."""
    found: list[Payable] = []
    for piece in in_pieces(settlement_ids):
        some = STANDING.c.settlement_id.in_(piece)
        rows = connection.execute(select(STANDING).where(some).order_by(STANDING.c.settlement_id)).all()
        found += _read(connection, rows)
    return found


def _read(connection: Connection, rows: Sequence[Row[Any]]) -> list[Payable]:
    accounts = payees.of_persons(connection, {row.person_id for row in rows})
    of_vouchers = [row.settlement_id for row in rows if row.payee_account]
    instead = payees.instead_of_vouchers(connection, of_vouchers)
    refused = payees.refused_by_bank(connection, of_vouchers)
    found = []
    for row in rows:
        account = accounts.get(row.person_id)
        if row.payee_account:
            account = instead.get(row.settlement_id) or _account_of_voucher(row)
        found.append(_payable(row, account, has_failed=row.settlement_id in refused))
    return found


def _check_reviewable(act: Act, row: Row[Any]) -> None:
    number = row.voucher_number
    if row.kind != SettlementKind.SETTLEMENT.value:
        raise ClerkError("nothing_to_review", voucher=number)
    if row.reversed_by:
        raise ClerkError("already_reversed", voucher=number, reversal=row.reversed_by)
    if row.clerk == act.name:
        raise ClerkError("reviewer_is_clerk")
    query = select(reviews.c.reviewer).where(reviews.c.settlement_id == row.settlement_id)
    reviewer = act.connection.execute(query).scalar()
    if reviewer is not None:
        raise ClerkError("reviewed_already", voucher=number, reviewer=reviewer)


def _stage(value: str) -> Stage:
    return next(stage for stage in Stage if stage.value == value)


def _payable(row: Row[Any], account: PayeeAccount | None, *, has_failed: bool) -> Payable:
    return Payable(
        row.voucher_number,
        row.settled_at,
        row.clerk,
        row.name,
        row.comes_to_fen,
        row.due_fen,
        _stage(row.stage),
        account,
        row.person_id,
        is_of_voucher=bool(row.payee_account),
        has_failed=has_failed,
    )


def _account_of_voucher(row: Row[Any]) -> PayeeAccount:
    return PayeeAccount(row.payee_name, row.payee_relation or "", row.payee_bank or "", row.payee_account)


def _payment_row(list_number: str, position: int, due: Payable, settlement_id: int) -> dict[str, object]:
    assert due.account is not None, "looked at before"
    return {
        "list_number": list_number,
        "position": position,
        "settlement_id": settlement_id,
        "amount_fen": due.due_fen,
        "payee_name": due.account.name,
        "payee_bank": due.account.bank,
        "payee_account": due.account.account,
    }


def _payment(row: Row[Any]) -> Payment:
    account = PayeeAccount(row.payee_name, "", row.payee_bank, row.payee_account)
    result = None if row.is_paid is None else PaymentResult(row.is_paid, row.reason)
    return Payment(row.position, row.voucher_number, row.amount_fen, account, result)
