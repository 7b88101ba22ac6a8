"""Where money goes: the accounts of a person, the one that a voucher names, and who has to confirm another one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from clerk_app.errors import ClerkError
from clerk_app.ledger.act import Act
from clerk_app.ledger.records import KnownAccount, Payee, PayeeAccount, SettlementKind
from clerk_app.ledger.rows import in_pieces
from clerk_app.ledger.standing import SAME_TRANSFER
from clerk_app.ledger.tables import payee_accounts, payment_results, payments, reversals, settlements


def give(
    act: Act, person_id: int, account: PayeeAccount, second: str | None, settlement_id: int | None = None
) -> PayeeAccount:
    """Record where a person's money goes; what is not the first account has a second person.

    Args:
        settlement_id: The one settlement that it is for; the person's account stays as it is.

    Raises:
        ClerkError: ``account_needs_second``, ``account_form``.
    """
    is_change = needs_second(act.connection, person_id, settlement_id)
    if is_change and second is None:
        raise ClerkError("account_needs_second")
    digits = account.account.replace(" ", "")
    if not account.name.strip() or not digits.isascii() or not digits.isalnum():
        raise ClerkError("account_form", account=account.account)
    last = act.connection.execute(select(func.max(payee_accounts.c.account_id))).scalar() or 0
    row = {
        "account_id": last + 1,
        "person_id": person_id,
        "settlement_id": settlement_id,
        "name": account.name.strip(),
        "relation": account.relation.strip(),
        "bank": account.bank.strip(),
        "account": digits,
        "entered_by": act.name,
        "confirmed_by": second if is_change else None,
        "entered_at": act.at,
    }
    act.insert(payee_accounts, [row])
    return PayeeAccount(str(row["name"]), str(row["relation"]), str(row["bank"]), digits)


def needs_second(connection: Connection, person_id: int, settlement_id: int | None = None) -> bool:
    """Whether another account is a change: there is one for the person, or a voucher names one."""
    return settlement_id is not None or bool(_named(connection, person_id))


def account_of(connection: Connection, person_id: int) -> PayeeAccount | None:
    """Where a person's money goes by what was given last, None when nothing was."""
    return of_persons(connection, {person_id}).get(person_id)


def of_persons(connection: Connection, person_ids: Iterable[int]) -> dict[int, PayeeAccount]:
    """The account of each person by what was given last; who has none is left out."""
    latest: dict[int, PayeeAccount] = {}
    query = select(payee_accounts).where(
        payee_accounts.c.person_id.in_(list(person_ids)), payee_accounts.c.settlement_id.is_(None)
    )
    for row in connection.execute(query.order_by(payee_accounts.c.account_id)):
        latest[row.person_id] = PayeeAccount(row.name, row.relation, row.bank, row.account)
    return latest


def instead_of_vouchers(connection: Connection, settlement_ids: Sequence[int]) -> dict[int, PayeeAccount]:
    """The accounts that took the place of those that vouchers name, by settlement."""
    latest: dict[int, PayeeAccount] = {}
    for piece in in_pieces(settlement_ids):
        some = payee_accounts.c.settlement_id.in_(piece)
        for row in connection.execute(select(payee_accounts).where(some).order_by(payee_accounts.c.account_id)):
            latest[row.settlement_id] = PayeeAccount(row.name, row.relation, row.bank, row.account)
    return latest


def refused_by_bank(connection: Connection, settlement_ids: Sequence[int]) -> set[int]:
    """The settlements of which the bank has refused a transfer."""
    found: set[int] = set()
    for piece in in_pieces(settlement_ids):
        some = payments.c.settlement_id.in_(piece)
        query = select(payments.c.settlement_id).join(payment_results, SAME_TRANSFER)
        found.update(connection.execute(query.where(some, ~payment_results.c.is_paid)).scalars())
    return found


def known(connection: Connection, person_id: int) -> tuple[KnownAccount, ...]:
    """The accounts to which a person's money may go: the one given last, then those of vouchers, newest first.

    An account that another one has replaced is not among them, nor is that of a voucher that was taken back.
    """
    refused = _refused_accounts(connection, person_id)
    return tuple(
        KnownAccount(account, is_registered, refused.get(account.account, ""))
        for account, is_registered in _named(connection, person_id)
    )


def _named(connection: Connection, person_id: int) -> list[tuple[PayeeAccount, bool]]:
    """The same, each with whether it was given for the person; what the bank said is not asked."""
    given = select(payee_accounts).where(payee_accounts.c.person_id == person_id)
    rows = connection.execute(given.order_by(payee_accounts.c.account_id.desc())).all()
    of_person = [_account(row) for row in rows if row.settlement_id is None]
    instead: dict[int, PayeeAccount] = {}
    for row in rows:
        if row.settlement_id is not None:
            instead.setdefault(row.settlement_id, _account(row))
    found, replaced = of_person[:1], {account.account for account in of_person[1:]}
    for voucher in connection.execute(_vouchers_with_account(person_id)):
        own = PayeeAccount(
            voucher.payee_name, voucher.payee_relation or "", voucher.payee_bank or "", voucher.payee_account
        )
        if voucher.settlement_id in instead:
            replaced.add(own.account)
        found.append(instead.get(voucher.settlement_id, own))
    by_number: dict[str, tuple[PayeeAccount, bool]] = {}
    for account in found:
        is_registered = account in of_person[:1]
        if is_registered or account.account not in replaced:
            by_number.setdefault(account.account, (account, is_registered))
    return list(by_number.values())


def _vouchers_with_account(person_id: int) -> Any:
    """Settlements that stand and name an account, the newest first."""
    return (
        select(settlements)
        .outerjoin(reversals, reversals.c.original_id == settlements.c.settlement_id)
        .where(settlements.c.person_id == person_id, settlements.c.payee_account != "")
        .where(settlements.c.kind == SettlementKind.SETTLEMENT.value, reversals.c.original_id.is_(None))
        .order_by(settlements.c.settlement_id.desc())
    )


def check_payee(connection: Connection, person_id: int, payee: Payee | None) -> None:
    """Refuse an account that comes with a claim and is new, where the person has others: that is a change.

    A change is an act of its own, which a second person confirms; the claim is settled after it.

    Raises:
        ClerkError: ``account_form``, ``account_changed_with_claim``.
    """
    if payee is None or not payee.account:
        return
    if not payee.name.strip() or not payee.account.isascii() or not payee.account.isalnum():
        raise ClerkError("account_form", account=payee.account)
    there = [account for account, _is_registered in _named(connection, person_id)]
    if there and PayeeAccount(payee.name, payee.relation, payee.bank, payee.account) not in there:
        raise ClerkError("account_changed_with_claim")


def _refused_accounts(connection: Connection, person_id: int) -> dict[str, str]:
    """Account → why the bank could not pay to it, where that was the last thing it said of it."""
    query = (
        select(payments.c.payee_account, payment_results.c.is_paid, payment_results.c.reason)
        .join(payment_results, SAME_TRANSFER)
        .join(settlements, settlements.c.settlement_id == payments.c.settlement_id)
        .where(settlements.c.person_id == person_id)
        .order_by(payments.c.list_number, payments.c.position)
    )
    last: dict[str, str] = {}
    for account, is_paid, reason in connection.execute(query):
        last[account] = "" if is_paid else reason
    return last


def _account(row: Row[Any]) -> PayeeAccount:
    return PayeeAccount(row.name, row.relation, row.bank, row.account)
