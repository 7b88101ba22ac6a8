"""The practice office: invented people, their claims, and users whose password everybody may know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.codes import Action, Role
from clerk_app.counter.offices import PRACTICE_OFFICE_CODE
from clerk_app.counter.opening import PRACTICE_HARDNESS
from clerk_app.counter.practice_claims import SampleClaim, sample_claims
from clerk_app.jobs import new_ledger_file
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.records import PayeeAccount, Settlement, SettlementRequest, User
from clerk_app.paths import resources
from clerk_app.policy.shelf import Shelf, load_shelf
from clerk_app.wording import _, in_chinese

#: Who may work in the practice office.
CLERK = User("zhou", "周经办示例", Role.CLERK)
REVIEWER = User("sun", "孙复核示例", Role.REVIEWER)
FINANCE = User("qian", "钱财务示例", Role.FINANCE)
ADMINISTRATOR = User("wu", "吴管理示例", Role.ADMINISTRATOR)
USERS = (CLERK, REVIEWER, FINANCE, ADMINISTRATOR)
#: Of them all; the sign-in page shows it.
PASSWORD = "lianxi-2024"  # noqa: S105 -- of people who do not exist

#: The samples were written for this year; the practice office moves them to its own.
SAMPLE_YEAR = 2024


def found_practice_office(path: Path, clock: Callable[[], datetime]) -> None:
    """Make the practice ledger with its users and its claims settled; it is there whole or not at all.

    Raises:
        ClerkError: As ``open_ledger``.
    """
    handed_in_this_year = (clock().month, clock().day) >= (6, 18)
    year = clock().year if handed_in_this_year else clock().year - 1
    with (
        new_ledger_file(path) as draft,
        open_ledger(draft, PRACTICE_OFFICE_CODE, clock, hardness=PRACTICE_HARDNESS) as ledger,
    ):
        staff_practice_office(ledger)
        settled = list(settle_samples(ledger, year))
        _let_some_be_paid(ledger, settled[: len(_TO_BE_PAID)])


#: The accounts of those whose samples come first, where no voucher names one; the others are reviewed and paid by
#: whoever practises.
_TO_BE_PAID = (PayeeAccount("张三示例", "本人", "示例银行城南支行", "6200000000000000026"), None)


def _let_some_be_paid(ledger: Ledger, settled: Sequence[Settlement]) -> None:
    """See the first samples through the check, so that finance has something to pay."""
    for settlement, account in zip(settled, _TO_BE_PAID, strict=True):
        if account is not None:
            ledger.give_account(settlement.person_id, account)
    ledger.sign_in(REVIEWER.login, PASSWORD)
    ledger.confirm_password(PASSWORD)
    ledger.review([settlement.voucher_number for settlement in settled])


def staff_practice_office(ledger: Ledger) -> None:
    """Found a practice office with its users, and let its clerk sign in."""
    if ledger.standing() is None:
        ledger.found(ADMINISTRATOR, PASSWORD, is_practice=True)
        for user in (CLERK, REVIEWER, FINANCE):
            ledger.add_user(user, PASSWORD)
    ledger.sign_in(CLERK.login, PASSWORD)


def settle_samples(ledger: Ledger, year: int = SAMPLE_YEAR) -> Iterator[Settlement]:
    """Settle the sample claims one after the other, and take back what the samples take back.

    Args:
        year: Of the visits.
    """
    shelf = load_shelf(resources() / "policies")
    for sample in sample_claims(year):
        settlement = _settle(ledger, shelf, sample)
        yield settlement
        if sample.is_reversed:
            with in_chinese():
                reason = _("票据退回")
            yield ledger.reverse(settlement.voucher_number, reason, f"{sample.key}-reversal")


def _settle(ledger: Ledger, shelf: Shelf, sample: SampleClaim) -> Settlement:
    policy = shelf.policy(sample.area_code)
    known = ledger.person_by_id_number(sample.person.id_number)
    record = ledger.save_person(sample.person, sample.entitlement, sample.area_code, known.person_id if known else None)
    if sample.prior:
        record = ledger.record_prior_benefit(record.person_id, sample.prior)
    taken = ledger.taken_bills(receipt.bill_key for receipt in sample.claim.receipts)
    shown = adjudicate_claim(
        sample.claim, record.entitlement, policy, ledger.year_to_date(record.person_id, policy), taken
    )
    review = sample.review
    if review is not None:
        review = replace(review, reviewer=ledger.approve(REVIEWER.login, PASSWORD, Action.REVIEW))
    handed_in_on = sample.claim.handed_in_on
    assert handed_in_on is not None, "each sample says when it was handed in"
    return ledger.settle(
        SettlementRequest(
            key=sample.key,
            person_id=record.person_id,
            claim=sample.claim,
            policy=policy,
            shown=shown,
            handed_in_on=handed_in_on,
            payee=sample.payee,
            review=review,
        )
    )
