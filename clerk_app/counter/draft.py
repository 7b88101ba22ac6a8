"""A claim as it lies on the desk: the texts that were typed, whether they can be read or not."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date

from clerk_app.codes import Benefit, FilingCategory, Insurance, Material, Status


@dataclass(slots=True)
class PersonDraft:
    """参保人. ``certificate_type`` ``01`` is the ID card, whose check digit is held."""

    id_number: str = ""
    name: str = ""
    certificate_type: str = "01"
    phone: str = ""
    area_code: str = ""
    insurance: Insurance = Insurance.EMPLOYEE
    status: Status = Status.EMPLOYED
    retirement: str = ""


@dataclass(slots=True)
class FilingDraft:
    """备案; without a category there is none."""

    category: FilingCategory | None = None
    starts_on: str = ""
    ends_on: str = ""


@dataclass(slots=True)
class PriorDraft:
    """平台已享受; a row without amounts says nothing."""

    year: str = ""
    benefit: Benefit = Benefit.ORDINARY
    deductible: str = ""
    fund: str = ""
    as_of: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether no amount was typed."""
        return not (self.deductible.strip() or self.fund.strip())


@dataclass(slots=True)
class ConditionDraft:
    """门诊慢特病登记."""

    disease: str = ""
    benefit: Benefit = Benefit.CHRONIC
    starts_on: str = ""
    ends_on: str = ""


@dataclass(slots=True)
class StayDraft:
    """已知的住院."""

    admitted_on: str = ""
    discharged_on: str = ""


@dataclass(slots=True)
class FeeDraft:
    """费用明细: one line of a receipt's fees, a category or an item of the catalogue.

    Attributes:
        what: The item's code, or empty for a category.
        name: What the line is called.
        category: The code of ``FeeCategory``; empty when it is still to be chosen.
        item_class: The code of ``ItemClass``; empty for a category, whose parts are typed.
        limit: 限价, yuan a unit; empty for none.
        share: 先行自付比例, percent; empty for none.
        typed: Fields that were typed and are not worked out.
    """

    what: str = ""
    name: str = ""
    category: str = ""
    item_class: str = ""
    price: str = ""
    quantity: str = ""
    amount: str = ""
    limit: str = ""
    share: str = ""
    self_funded: str = ""
    over_limit: str = ""
    paid_first: str = ""
    typed: set[str] = field(default_factory=set)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        texts = (self.name, self.category, self.price, self.amount)
        return not any(text.strip() for text in (*texts, self.self_funded, self.over_limit, self.paid_first))


@dataclass(slots=True)
class ReceiptDraft:
    """票据: one line of the grid.

    Attributes:
        fees: What the total is made of, where it was itemised; a blank line at the end is none.
        not_duplicate: Why it is not the bill that it looks like, as the clerk has answered.
        copied: Fields that were taken from the line above and not touched since; Enter passes over them.
    """

    bill_code: str = ""
    number: str = ""
    visited_on: str = ""
    hospital: str = ""
    tier: str = ""
    benefit: str = ""
    total: str = ""
    self_funded: str = ""
    over_limit: str = ""
    paid_first: str = ""
    hospital_code: str = ""
    kind: str = ""
    networked: bool = False
    designated: bool = True
    disease: str = ""
    visit_label: str = ""
    printed_fund: str = ""
    exclusion: str = ""
    fees: list[FeeDraft] = field(default_factory=list)
    not_duplicate: str = ""
    copied: set[str] = field(default_factory=set)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed that belongs to this paper alone."""
        own = (self.bill_code, self.number, self.visited_on, self.total)
        parts = (self.self_funded, self.over_limit, self.paid_first, self.printed_fund)
        return not any(text.strip() for text in (*own, *parts))


#: What is said of the institution.
INSTITUTION = ("hospital", "hospital_code", "tier", "kind", "networked", "designated")
#: What the next paper usually shares with the one above it.
SAME_AS_ABOVE = (*INSTITUTION, "benefit", "disease")


@dataclass(slots=True)
class ReviewDraft:
    """复核: who accepts what was flagged, and why. The password that proves it is never kept here."""

    login: str = ""
    reason: str = ""


#: 与参保人关系 of whoever collects the money.
OWN = "本人"


@dataclass(slots=True)
class PayeeDraft:
    """收款账户; with nothing typed the money goes to the account on record, or to one that is given before it is paid.

    Attributes:
        name: The holder; for the person's own account it may be left out.
        reason: Why somebody else collects it.
    """

    relation: str = OWN
    name: str = ""
    bank: str = ""
    account: str = ""
    reason: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether no account was typed."""
        return not (self.bank.strip() or self.account.strip())


@dataclass(slots=True)
class ClaimDraft:
    """One claim on the desk.

    Attributes:
        key: Made when the draft is opened; the ledger settles a key once.
    """

    key: str
    handed_in_on: str = ""
    person: PersonDraft = field(default_factory=PersonDraft)
    filings: list[FilingDraft] = field(default_factory=lambda: [FilingDraft()])
    priors: list[PriorDraft] = field(default_factory=lambda: [PriorDraft()])
    conditions: list[ConditionDraft] = field(default_factory=list)
    stays: list[StayDraft] = field(default_factory=list)
    materials: set[Material] = field(default_factory=set)
    receipts: list[ReceiptDraft] = field(default_factory=lambda: [ReceiptDraft()])
    review: ReviewDraft = field(default_factory=ReviewDraft)
    payee: PayeeDraft = field(default_factory=PayeeDraft)

    def row_to_type_in(self) -> int:
        """Make sure that the last line is blank, and say which it is."""
        if not self.receipts or not self.receipts[-1].is_blank:
            self.receipts.append(ReceiptDraft())
        return len(self.receipts) - 1

    def last_filled(self) -> int:
        """The last line that is not blank, -1 when all are."""
        return max((row for row, receipt in enumerate(self.receipts) if not receipt.is_blank), default=-1)

    def copy_from_above(self, row: int) -> None:
        """Take over what the next paper usually shares with the one above it, where nothing was typed yet."""
        if row < 1:
            return
        above, here = self.receipts[row - 1], self.receipts[row]
        untouched = ReceiptDraft()
        for name in SAME_AS_ABOVE:
            is_untouched = getattr(here, name) == getattr(untouched, name)
            if is_untouched and getattr(above, name) != getattr(untouched, name):
                setattr(here, name, getattr(above, name))
                here.copied.add(name)

    def is_blank(self) -> bool:
        """Whether nothing was typed at all."""
        return (
            not self.person.id_number.strip()
            and not self.person.name.strip()
            and all(receipt.is_blank for receipt in self.receipts)
        )


def new_draft(today: date, area_code: str = "") -> ClaimDraft:
    """An empty claim with a key of its own, handed in today."""
    draft = ClaimDraft(key=secrets.token_hex(16), handed_in_on=today.isoformat())
    draft.person.area_code = area_code
    draft.priors[0].year = str(today.year)
    draft.priors[0].as_of = today.isoformat()
    return draft
