"""An office's ledger with a row in every table: what happens in a month, in a few acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from clerk_app.codes import Benefit, RecoveryWay, Status
from clerk_app.ledger.keys import PRACTICE, Keys
from clerk_app.ledger.records import PayeeAccount, PaymentResult, PersonRecord, Review
from clerk_app.receipts.insured import Condition, Period, Stay
from tests.ledger.news import correct_all, prior
from tests.ledger.office import CLERK, EMPLOYED, PASSWORD, PEOPLE, REVIEWER, Clock, Office, receipt, staffed
from tests.ledger.paying_desk import money_back

FINANCE = PEOPLE[2]
ACCOUNT = PayeeAccount("张三示例", "本人", "示例银行城南支行", "6200000000000000001")


def busy_office(path: Path | str, keys: Keys = PRACTICE) -> Office:
    """Settled, refused, doubled, reversed, corrected, printed, reviewed, paid, archived, withdrawn and closed."""
    office = Office(path, Clock(datetime(2023, 5, 30, 9, 30)), keys=keys)  # noqa: DTZ001 -- the office's local time
    ledger = office.ledger
    insured = replace(
        EMPLOYED,
        status=Status.RETIRED,
        retirement_registered_on=date(2020, 1, 1),
        coverage=(Period(date(2020, 1, 1)), Period(date(2018, 1, 1), date(2019, 6, 30))),
        stays=(Stay(date(2023, 4, 3), date(2023, 4, 9)),),
        conditions=(Condition("M01600", Benefit.CHRONIC, Period(date(2022, 1, 1))),),
    )
    one = office.person("张三示例", insured)
    other = office.person("𠮷田䶮示例")
    ledger.save_person(replace(other.person, name="𠮷田䶮示"), other.entitlement, other.area_code, other.person_id)
    ledger.record_prior_benefit(one.person_id, prior(100, 0))
    ledger.save_claim("claim-1", "张三示例", "{}", one.person_id)
    first = office.settle(one, receipt("A1"), receipt("A2", 30_000), key="claim-1")
    second = office.settle(one, receipt("B1", 90_000), receipt("A1"))
    office.settle(other, receipt("A1"))
    third = office.settle(other, receipt("C1"), receipt("C2", 12_345, date(2023, 5, 1)))
    ledger.record_print(first.voucher_number)
    ledger.record_print(first.voucher_number)
    ledger.reverse(second.voucher_number, "票据退回", "reverse-1")
    office.settle(one, receipt("B1", 90_000))
    office.clock.now += timedelta(days=3)
    ledger.record_prior_benefit(other.person_id, prior(200, 0))
    (fixed,) = correct_all(office, other)
    ledger.save_claim("claim-2", "𠮷田䶮示", '{"typed": 1}', other.person_id)
    ledger.withdraw_claim("claim-2", "本人撤回")
    ledger.save_claim("claim-3", "李四示例", "{}")
    ledger.give_account(one.person_id, ACCOUNT)
    ledger.give_account(other.person_id, replace(ACCOUNT, name="𠮷田䶮示"))
    staffed(ledger, REVIEWER).confirm_password(PASSWORD)
    ledger.review([first.voucher_number, third.voucher_number])
    staffed(ledger, FINANCE).confirm_password(PASSWORD)
    listed = ledger.make_payment_list([first.voucher_number, third.voucher_number])
    ledger.confirm_password(PASSWORD)
    ledger.record_payment_results(
        listed.list_number, {0: PaymentResult(is_paid=True), 1: PaymentResult(is_paid=False, reason="户名不符")}
    )
    ledger.archive([first.voucher_number], "2023-06-01")
    ledger.close_month(2023, 5)
    staffed(ledger, CLERK)
    fourth = office.settle(other, receipt("D1", 4_321))
    assert fixed.original_number == third.voucher_number
    ledger.reverse(third.voucher_number, "录错", "reverse-2")
    owe_and_give_back(office, other)
    assert fourth.review is None or isinstance(fourth.review, Review)
    return office


def owe_and_give_back(office: Office, person: PersonRecord) -> None:
    """Paid, reversed, and come back in every way; one entry was wrong and is taken back."""
    ledger = office.ledger
    paid, due = office.settle(person, receipt("E1")), office.settle(person, receipt("E2", 80_000))
    staffed(ledger, REVIEWER).confirm_password(PASSWORD)
    ledger.review([paid.voucher_number, due.voucher_number])
    staffed(ledger, FINANCE).confirm_password(PASSWORD)
    listed = ledger.make_payment_list([paid.voucher_number])
    ledger.confirm_password(PASSWORD)
    ledger.record_payment_results(listed.list_number, {0: PaymentResult(is_paid=True)})
    staffed(ledger, CLERK).reverse(paid.voucher_number, "票据作废", "reverse-3")
    staffed(ledger, FINANCE)
    deduction = {"way": RecoveryWay.DEDUCTION, "deducted_from": due.voucher_number}
    transfer = {"way": RecoveryWay.TRANSFER, "document_number": "回单 9", "note": "本人转回"}
    ways: list[tuple[int, dict[str, Any]]] = [(1_000, {}), (2_000, transfer), (3_000, deduction)]
    entries = []
    for number, (amount_fen, more) in enumerate(ways):
        money = money_back(amount_fen, received_on=office.clock.now.date(), **more)
        ledger.confirm_password(PASSWORD)
        entries.append(ledger.record_recovery(paid.voucher_number, money, f"back-{number}"))
    ledger.confirm_password(PASSWORD)
    ledger.take_recovery_back(entries[0].number, "金额录错", "back-of-back")
    staffed(ledger, CLERK)
