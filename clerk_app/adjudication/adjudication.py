"""What the engine answers: a decision with every number it rests on. The words are made on demand."""

from __future__ import annotations

from typing import NamedTuple

from clerk_app.codes import Benefit, Decision, Material, Payer, Reason, Status
from clerk_app.policy.version import PolicyVersion, Source, Terms
from clerk_app.receipts.claim import Claim, Receipt

_USUAL_MATERIALS = (Material.CREDENTIAL, Material.RECEIPT, Material.FEE_LIST)


class Finding(NamedTuple):
    """Why a receipt is refused or needs review, with its article.

    Attributes:
        decision: ``REFUSE`` or ``REVIEW``.
        subject: What it is about, where the reason alone does not tell: the missing papers, the exclusion in words,
            the voucher that holds the bill.
    """

    reason: Reason
    decision: Decision
    source: Source
    subject: str = ""


class Adjudication(NamedTuple):
    """The decision on one receipt, with its working; amounts in fen.

    A tuple, so that a claim is decided while the clerk is still typing; the trace is its fields, and
    ``explanation`` turns them into steps and words. A refused receipt charges and pays nothing.

    Attributes:
        version: The policy version in force on the visit date; None before any.
        terms: The figures applied; None for a refusal, unless ``if_networked`` tells what they would have given.
        benefit: The kind of care it was settled as; a registered condition goes before ordinary care.
        disease: The registered disease that the receipt relies on, where it names none itself; its own otherwise.
        status: 人员类别 on the visit date.
        in_scope_fen: 符合政策范围金额 inscp_scp_amt.
        unfiled_first_fen: Paid first by an unfiled person where the area says so, before the deductible.
        deductible_used_before_fen: Charged before in the pool's year, or in the visit's window.
        deductible_open_fen: Still open for this receipt, crt_dedc.
        deductible_fen: Charged now, act_pay_dedc.
        ratio_bp: The ratio applied, after any points off, in ten-thousandths.
        share_fen: What the ratio gives, rounded half up to a fen.
        fund_used_before_fen: Paid before in the cap's year.
        cap_left_fen: Open under the cap, the disease's own cap included.
        fund_fen: 统筹支付 hifp_pay.
        over_cap_fen: 超限额, the part of the in-scope amount that stays above the cap: what is left of it when the
            payment, divided by the ratio, is taken off.
        person_fen: 个人负担 psn_part_amt, total less fund.
        if_networked: What a direct settlement would have paid, for information only, beside a refusal.
        filing_waived: The person had no filing on the visit date, and the care counts as filed.
    """

    receipt: Receipt
    decision: Decision
    findings: tuple[Finding, ...]
    version: PolicyVersion | None
    terms: Terms | None
    benefit: Benefit
    disease: str
    status: Status
    in_scope_fen: int
    unfiled_first_fen: int
    deductible_used_before_fen: int
    deductible_open_fen: int
    deductible_fen: int
    ratio_bp: int
    share_fen: int
    fund_used_before_fen: int
    cap_left_fen: int
    fund_fen: int
    over_cap_fen: int
    person_fen: int
    if_networked: Adjudication | None = None
    filing_waived: bool = False


class AccountPayment(NamedTuple):
    """What a personal account pays of what the person bears, in fen."""

    payer: Payer
    balance_fen: int
    payable_fen: int
    paid_fen: int
    source: Source | None


class ClaimAdjudication(NamedTuple):
    """The decision on a claim; a tuple for the same reason as ``Adjudication``.

    Attributes:
        receipts: In the order of entry, whatever the order of settlement was.
    """

    claim: Claim
    receipts: tuple[Adjudication, ...]
    account: AccountPayment | None = None

    @property
    def decision(self) -> Decision:
        """Refused if every receipt is, review if any needs it, else paid."""
        decisions = {adjudication.decision for adjudication in self.receipts}
        if decisions == {Decision.REFUSE}:
            return Decision.REFUSE
        return Decision.REVIEW if Decision.REVIEW in decisions else Decision.PAY

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason of every receipt, once each, in order."""
        return tuple(dict.fromkeys(finding.reason for receipt in self.receipts for finding in receipt.findings))

    @property
    def total_fen(self) -> int:
        """医疗费总额 of all receipts."""
        return sum(adjudication.receipt.total_fen for adjudication in self.receipts)

    @property
    def fund_fen(self) -> int:
        """统筹支付 of all receipts."""
        return sum(adjudication.fund_fen for adjudication in self.receipts)

    @property
    def person_fen(self) -> int:
        """个人负担 of all receipts, the personal account's payment included."""
        return self.total_fen - self.fund_fen

    @property
    def account_fen(self) -> int:
        """个人账户支付 acct_pay."""
        return self.account.paid_fen if self.account else 0

    @property
    def cash_fen(self) -> int:
        """个人现金 psn_cash_pay."""
        return self.person_fen - self.account_fen

    @property
    def missing_materials(self) -> tuple[Material, ...]:
        """What the area's document asks for and was not handed in, once and completely."""
        if self.claim.materials is None:
            return ()
        required: set[Material] = set()
        for adjudication in self.receipts:
            rules = adjudication.version.benefits.get(adjudication.benefit) if adjudication.version else None
            required.update(rules.materials if rules else ())
        return tuple(material for material in Material if material in required - self.claim.materials)

    @property
    def advised_materials(self) -> tuple[Material, ...]:
        """Usual papers that are missing where the area's document names none: a warning that changes nothing."""
        handed_in = self.claim.materials
        if handed_in is None:
            return ()
        usual = set(_USUAL_MATERIALS)
        for adjudication in self.receipts:
            if adjudication.receipt.institution.is_pharmacy:
                usual.add(Material.PRESCRIPTION)
            elif adjudication.benefit is Benefit.EMERGENCY:
                usual.add(Material.EMERGENCY_DIAGNOSIS)
            elif Material.PRESCRIPTION not in handed_in:
                # A prescription or the record of the visit: one of the two is enough.
                usual.add(Material.MEDICAL_RECORD)
        usual -= handed_in.union(self.missing_materials)
        return tuple(material for material in Material if material in usual)
