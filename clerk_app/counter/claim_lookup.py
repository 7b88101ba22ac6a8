"""What the ledger knows that a claim in hand needs: whose it is, what the year has left, and what became of its bills.

The claim says what is open, any thread may look it up, and the claim takes over what was found: no key waits for the
ledger, and nobody else touches what is being typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clerk_app.adjudication.adjudication import ClaimAdjudication
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.counter.desk import Desk
from clerk_app.counter.look_alikes import Bill, BillIdentity, bills_like, identity_of
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import KnownAccount, PersonRecord, PriorBenefit
from clerk_app.receipts.claim import Receipt
from clerk_app.receipts.insured import Entitlement


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person whom the register knows.

    Attributes:
        accounts: Where the money may go, as ``Ledger.known_accounts``.
        used: By area code what the person has used there, with the platform's figures as they are recorded.
    """

    record: PersonRecord
    accounts: tuple[KnownAccount, ...]
    used: Mapping[str, YearToDate]


@dataclass(frozen=True, slots=True)
class KnownBills:
    """What became of bills.

    Attributes:
        asked: The bills that were looked up.
        taken: By its key the voucher that holds a bill.
        alike: By identity the settled bills that one looks like.
    """

    asked: tuple[Receipt, ...]
    taken: Mapping[str, str]
    alike: Mapping[BillIdentity, tuple[Bill, ...]]


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """What settling would bring for a person's vouchers, of which it is to be worked out what it changes.

    Attributes:
        priors: What the platform shows, where it is not what is recorded.
        late: The claim as decided on the screen, where it may change what is settled.
        area_code: With ``late`` the area that decides about it.
        entitlement: With ``late`` what the form says of the person.
    """

    person_id: int
    priors: tuple[PriorBenefit, ...]
    late: ClaimAdjudication | None = None
    area_code: str = ""
    entitlement: Entitlement | None = None


def known_person(desk: Desk, record: PersonRecord, area_code: str = "") -> KnownPerson:
    """Look up what belongs to a person.

    Args:
        area_code: Where the claim is decided; the area on record by default.

    Raises:
        ClerkError: What the ledger says when it cannot be read.
    """
    accounts = desk.ledger.known_accounts(record.person_id)
    return KnownPerson(record, accounts, used_in(desk, record, area_code or record.area_code))


def person_with_number(desk: Desk, number: str, area_code: str = "") -> KnownPerson | None:
    """Look up whose a certificate's number is; None for somebody new.

    Raises:
        ClerkError: What the ledger says when it cannot be read.
    """
    record = desk.ledger.person_by_id_number(number) if number else None
    return known_person(desk, record, area_code) if record is not None else None


def used_in(desk: Desk, record: PersonRecord, area_code: str) -> dict[str, YearToDate]:
    """Look up what a person has used in an area, by its code; nothing where the desk has no policy for it.

    Raises:
        ClerkError: What the ledger says when it cannot be read.
    """
    try:
        policy = desk.policy(area_code)
    except ClerkError:
        return {}  # The form says at the area what is wrong with it, and computes nothing.
    return {area_code: desk.ledger.year_to_date(record.person_id, policy)}


def known_bills(desk: Desk, receipts: Iterable[Receipt]) -> KnownBills:
    """Look up what became of bills.

    Raises:
        ClerkError: What the ledger says when it cannot be read.
    """
    asked = tuple(receipts)
    taken = desk.ledger.taken_bills({receipt.bill_key for receipt in asked}) if asked else {}
    return KnownBills(asked, taken, {identity_of(receipt): bills_like(desk, receipt) for receipt in asked})
