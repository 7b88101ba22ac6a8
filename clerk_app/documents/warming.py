"""What the first paper would wait for, done in an idle moment: the face is read, and labels are measured."""

from __future__ import annotations

from datetime import date, datetime

from clerk_app.codes import Decision, Insurance, Status, Tier
from clerk_app.documents.office import Copy, office_on_paper
from clerk_app.documents.signing import practice_signer
from clerk_app.documents.voucher import voucher_bytes
from clerk_app.ledger.records import Head, SettledReceipt, Settlement, SettlementKind, YearTotal
from clerk_app.receipts.claim import Institution, Receipt
from clerk_app.receipts.insured import Entitlement, Person

_DAY = date(2000, 1, 1)


def warm_up() -> None:
    """Make a voucher for nobody and throw it away: everything that is read or measured once is so then."""
    office = office_on_paper("经办机构", signer=practice_signer())
    voucher_bytes(_nobodys(), office=office, copy=Copy.AGENCY)


def _nobodys() -> Settlement:
    receipt = Receipt("0", _DAY, Institution("医院", tier=Tier.THREE), 0)
    settled = SettledReceipt(
        receipt,
        decision=Decision.PAY,
        reasons=(),
        status_term="在职",
        in_scope_fen=0,
        deductible_standard_fen=0,
        deductible_used_before_fen=0,
        deductible_fen=0,
        ratio_bp=5000,
        share_fen=0,
        cap_fen=0,
        fund_used_before_fen=0,
        fund_fen=0,
        over_cap_fen=0,
        person_fen=0,
        deductible_pool="",
        cap_pools=(),
        summary="（政策范围内 0.00 − 起付线 0.00）× 50% = 0.00，统筹支付 0.00，个人负担 0.00",
        explanation=("年度起付标准，本年已付，本次扣，未超限额〔实施意见 二(三)〕",),
        citations=(),
        policy_document="政办〔〕号",
        policy_from=_DAY,
        policy_hash="0123456789abcdef",
    )
    return Settlement(
        voucher_number="000000-2000-000000",
        acceptance_number="S000000-2000-000000",
        kind=SettlementKind.SETTLEMENT,
        settled_at=datetime.combine(_DAY, datetime.min.time()),
        handed_in_on=_DAY,
        clerk="",
        review=None,
        person_id=0,
        person=Person("参保人", "000000000000000000"),
        entitlement=Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED),
        area_code="000000",
        area_name="统筹区",
        receipts=(settled, settled, settled),
        account_fen=0,
        account_payer=None,
        payee=None,
        manual_reason="03",
        year_totals=(YearTotal(2000, "普通门诊", 0, 0, _DAY),),
        head=Head(1),
    )
