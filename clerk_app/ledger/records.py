"""What the ledger takes and gives back: plain values, never database rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from clerk_app.adjudication.adjudication import ClaimAdjudication
from clerk_app.codes import Benefit, ClaimState, Decision, Material, Payer, Reason, RecoveryWay, Role, Stage
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Claim, Receipt
from clerk_app.receipts.insured import Entitlement, Person


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in.

    Attributes:
        login: What is typed; lower-case letters, digits and ``.-_``, never changed.
        name: As papers show it; no two users have the same.
        is_active: False for somebody who left; users are never deleted.
    """

    login: str
    name: str
    role: Role
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the audit trail's chain as of an act.

    Attributes:
        sequence: How many rows the chain has, 0 for none.
        code: The whole code of the last row, 64 hexadecimal digits.
    """

    sequence: int = 0
    code: str = "0" * 64

    @property
    def printed(self) -> str:
        """As it stands on papers: the sequence, and the beginning of the code in groups of four."""
        short = self.code[:16].upper()
        return f"{self.sequence}-" + "-".join(short[start : start + 4] for start in range(0, len(short), 4))


@dataclass(frozen=True, slots=True)
class Later:
    """What has been recorded since a head of the trail.

    Attributes:
        acts: Rows of the trail.
        vouchers: Numbered records among what they wrote.
    """

    acts: int
    vouchers: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a ledger was founded as.

    Attributes:
        is_practice: Plain SQLite with invented persons.
    """

    is_practice: bool
    founded_at: datetime


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A month that head office has had."""

    year: int
    month: int
    closed_at: datetime
    closed_by: str


@dataclass(frozen=True, slots=True)
class PriorBenefit:
    """已享受: what the national platform already charged and paid in a year by direct settlement.

    The office cannot see it by itself: the clerk reads it from the platform's query and enters it with its date.

    Attributes:
        as_of: The day of the query.
    """

    year: int
    benefit: Benefit
    deductible_fen: int
    fund_fen: int
    as_of: date


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person whom the office knows."""

    person_id: int
    person: Person
    entitlement: Entitlement
    area_code: str
    prior_benefits: tuple[PriorBenefit, ...] = ()


class SettlementKind(StrEnum):
    """What a numbered record is."""

    SETTLEMENT = "settlement"
    REFUSAL = "refusal"
    REVERSAL = "reversal"
    CORRECTION = "correction"

    @property
    def paper_sign(self) -> int:
        """What a paper's amounts count in a record: less than nothing in a reversal, nothing in a correction."""
        return {SettlementKind.REVERSAL: -1, SettlementKind.CORRECTION: 0}.get(self, 1)


@dataclass(frozen=True, slots=True)
class Review:
    """A second person's acceptance of what was flagged.

    Attributes:
        reviewer: Never the clerk who entered the claim.
    """

    reviewer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Payee:
    """Who collects the money, when it is not the insured person."""

    name: str
    relation: str = ""
    bank: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim as lists show it.

    Attributes:
        act_key: Made when the draft is opened; its settlement gets the same.
        title: The name on the papers.
        entered_by: The login of who entered it.
        note: Why it was returned or withdrawn.
        lease_login: Who has it in hand, until ``lease_until``.
    """

    act_key: str
    acceptance_number: str
    state: ClaimState
    title: str
    entered_at: datetime
    entered_by: str
    entered_name: str
    saved_at: datetime
    note: str = ""
    lease_login: str | None = None
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedClaim:
    """A claim taken in hand, with what was typed so far as the counter wrote it."""

    line: ClaimLine
    content: str


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    """Where money goes."""

    name: str
    relation: str
    bank: str
    account: str


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account to which a person's money was to go before.

    Attributes:
        is_registered: It was given for the person; else a voucher names it.
        refused: Why the bank could not pay to it the last time that it tried; empty where it could, or never tried.
    """

    account: PayeeAccount
    is_registered: bool
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Payable:
    """A settlement on its way to the money.

    Attributes:
        comes_to_fen: The fund's part with the differences of corrections; nothing once it is reversed.
        due_fen: What is still to be paid; less than nothing where money is to be recovered.
        account: None as long as nobody said where the money goes.
        is_of_voucher: The account was given with the claim and stands on its voucher, which never changes.
        has_failed: The bank has refused a transfer of it; another account may take the place of the voucher's then.
    """

    voucher_number: str
    settled_at: datetime
    clerk: str
    name: str
    comes_to_fen: int
    due_fen: int
    stage: Stage
    account: PayeeAccount | None
    person_id: int
    is_of_voucher: bool
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How much waits at an office, for whoever asks.

    Attributes:
        drafts: The asker's own claims in entry.
        returned: The asker's own that came back.
        submitted: Everybody's claims that wait for the first check.
        unreviewed: Settlements that a second person has still to look at.
        objected: Those that a second person refused and that are to be reversed.
        settled_today: Settlements of the office's day, reversed ones included.
        recover: Settlements of which money is to come back.
    """

    drafts: int
    returned: int
    submitted: int
    unreviewed: int
    objected: int
    settled_today: int
    payable: int
    in_payment: int
    recover: int


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """What the bank said of a transfer.

    Attributes:
        reason: Why it failed.
    """

    is_paid: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One transfer of a list; ``result`` is None until the bank has answered."""

    position: int
    voucher_number: str
    amount_fen: int
    account: PayeeAccount
    result: PaymentResult | None


@dataclass(frozen=True, slots=True)
class PaymentList:
    """报盘: what the bank is to pay, and what it said."""

    list_number: str
    made_at: datetime
    made_by: str
    payments: tuple[Payment, ...]

    @property
    def total_fen(self) -> int:
        """What the list comes to."""
        return sum(payment.amount_fen for payment in self.payments)


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """Money that has come back, as somebody enters it.

    Attributes:
        document_number: Of the receipt for cash, or of the bank's slip.
        deducted_from: For a deduction, the voucher of which so much less is paid; the same person's.
    """

    amount_fen: int
    received_on: date
    way: RecoveryWay
    document_number: str = ""
    deducted_from: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recovery:
    """收回: an entry of money that came back; one that takes another entry back has a negative amount.

    Attributes:
        number: 收回编号, gapless per office and year.
        voucher_number: The settlement that had been paid.
        note: A remark, or why the entry ``cancels`` is taken back.
        cancels: The entry that this one takes back; empty for money that came.
        cancelled_by: The entry that takes this one back; empty while it stands.
    """

    number: str
    voucher_number: str
    amount_fen: int
    received_on: date
    way: RecoveryWay
    document_number: str
    deducted_from: str
    note: str
    recorded_at: datetime
    recorded_by: str
    cancels: str = ""
    cancelled_by: str = ""


@dataclass(frozen=True, slots=True)
class Recoverable:
    """待追回: a settlement of which more was paid than it comes to now.

    Attributes:
        paid_fen: What the bank has paid of it, and what was deducted from it for another one.
        comes_to_fen: What stands of it: nothing once it is reversed.
        recovered_fen: What has come back.
        since: From when on more was paid than stands.
        because: The number of the reversal, or of the last correction that lessened it.
        reason: That one's.
    """

    voucher_number: str
    person_id: int
    name: str
    paid_fen: int
    comes_to_fen: int
    recovered_fen: int
    since: datetime
    because: str
    reason: str

    @property
    def open_fen(self) -> int:
        """What has still to come back."""
        return self.paid_fen - self.comes_to_fen - self.recovered_fen


@dataclass(frozen=True, slots=True)
class SettlementRequest:
    """Everything that one press of the settle button carries.

    Attributes:
        key: Made when the draft is opened; the same key never settles twice.
        shown: What the clerk saw. The ledger works it out again inside the transaction and refuses to settle when
            the amounts differ.
        handed_in_on: The day of acceptance.
        remark: What the clerk states for the audit trail, as why a bill is not the one that it looks like.
    """

    key: str
    person_id: int
    claim: Claim
    policy: Policy
    shown: ClaimAdjudication
    handed_in_on: date
    payee: Payee | None = None
    review: Review | None = None
    manual_reason: str = "03"
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SettledReceipt:
    """One receipt as it was settled: the values used and the words printed. Reversals carry negative amounts.

    A correction carries what changed: in scope nothing, and the differences of the deductible, of the share, of the
    fund's part, of what lies over the cap and of the person's part. Its other values and its words are those of the
    new calculation.

    Attributes:
        decision: ``PAY`` or ``REFUSE``; what a reviewer accepted is paid and keeps its reasons.
        status_term: 人员类别 on the visit date.
        deductible_standard_fen: 起付标准 dedc_std.
        cap_fen: 年度限额 in force for the receipt.
        fund_used_before_fen: Paid out of the cap's pool before this receipt.
        summary: The one line in words of the voucher.
        explanation: A line for every step, with numbers and article.
        citations: Document and article of every figure used.
        policy_hash: Content of the policy version used; empty before any was in force.
        if_networked_fen: For information beside a refusal: what a direct settlement would have paid.
    """

    receipt: Receipt
    decision: Decision
    reasons: tuple[Reason, ...]
    status_term: str
    in_scope_fen: int
    deductible_standard_fen: int
    deductible_used_before_fen: int
    deductible_fen: int
    ratio_bp: int
    share_fen: int
    cap_fen: int
    fund_used_before_fen: int
    fund_fen: int
    over_cap_fen: int
    person_fen: int
    deductible_pool: str
    cap_pools: tuple[str, ...]
    summary: str
    explanation: tuple[str, ...]
    citations: tuple[str, ...]
    policy_document: str
    policy_from: date | None
    policy_hash: str
    if_networked_fen: int | None = None


@dataclass(frozen=True, slots=True)
class YearTotal:
    """Year totals after a settlement, for the voucher.

    Attributes:
        pool: The benefit's accumulator by its term, e.g. 普通门诊.
        platform_as_of: As-of date of the platform's figures that it includes, None without any.
    """

    year: int
    pool: str
    deductible_fen: int
    fund_fen: int
    platform_as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """A numbered record: a settlement, a refusal, the reversal of one or a correction of one. It never changes.

    Attributes:
        voucher_number: Gapless per office and year.
        acceptance_number: 受理编号.
        settled_at: Local time of the office.
        area_name: The insured person's pooling area.
        original_number: For a reversal, the voucher that it mirrors; for a correction, the one that it corrects.
        reversed_by: The number of the reversal that mirrors this one, or what this one corrects; empty while it stands.
        corrected_by: The numbers of the corrections that settled differences of this one.
        reversal_reason: Why, for a reversal.
        correction_reason: Why, for a correction.
        account_payer: Whose personal account paid; None when none did.
        materials: What was handed in; None where papers were not in question.
        head: The end of the audit trail with this record in it, as its voucher shows it; None until it is saved.
    """

    voucher_number: str
    acceptance_number: str
    kind: SettlementKind
    settled_at: datetime
    handed_in_on: date
    clerk: str
    review: Review | None
    person_id: int
    person: Person
    entitlement: Entitlement
    area_code: str
    area_name: str
    receipts: tuple[SettledReceipt, ...]
    account_fen: int
    account_payer: Payer | None
    payee: Payee | None
    manual_reason: str
    year_totals: tuple[YearTotal, ...]
    original_number: str = ""
    reversed_by: str = ""
    reversal_reason: str = ""
    materials: frozenset[Material] | None = None
    corrected_by: tuple[str, ...] = ()
    correction_reason: str = ""
    head: Head | None = None

    @property
    def total_fen(self) -> int:
        """医疗费总额; nothing for a correction, which changes who bears it."""
        papers = [settled.receipt for settled in self.receipts]
        outside_fen = sum([paper.self_funded_fen + paper.over_limit_fen + paper.paid_first_fen for paper in papers])
        return self.in_scope_fen + self.kind.paper_sign * outside_fen

    @property
    def in_scope_fen(self) -> int:
        """符合政策范围金额."""
        return sum(settled.in_scope_fen for settled in self.receipts)

    @property
    def fund_fen(self) -> int:
        """统筹支付."""
        return sum(settled.fund_fen for settled in self.receipts)

    @property
    def person_fen(self) -> int:
        """个人负担, the personal account's payment included."""
        return self.total_fen - self.fund_fen

    @property
    def cash_fen(self) -> int:
        """个人现金."""
        return self.person_fen - self.account_fen


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One settlement in a list of search results."""

    voucher_number: str
    kind: SettlementKind
    settled_at: datetime
    name: str
    id_number: str
    receipt_count: int
    total_fen: int
    fund_fen: int
    clerk: str
    reversed_by: str
