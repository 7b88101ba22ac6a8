"""Settlements of invented people, built by hand; every name says 示例 and every area begins with 99."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from clerk_app.codes import (
    Benefit,
    Decision,
    FilingCategory,
    Insurance,
    Material,
    Payer,
    Reason,
    Status,
    Tier,
)
from clerk_app.documents.claim_notices import Acceptance, MissingMaterial
from clerk_app.documents.claim_notices import Material as HandedIn
from clerk_app.documents.office import Office
from clerk_app.ledger.records import (
    Head,
    Payee,
    PayeeAccount,
    Payment,
    PaymentList,
    PaymentResult,
    PersonRecord,
    PriorBenefit,
    Review,
    SettledReceipt,
    Settlement,
    SettlementKind,
    YearTotal,
)
from clerk_app.ledger.year_card import CapLine, DeductibleLine, VoucherUse, YearCard
from clerk_app.money import format_yuan, share_half_up
from clerk_app.policy.version import DeductibleBasis, Source
from clerk_app.receipts.claim import Fee, Institution, Receipt
from clerk_app.receipts.id_card import check_digit
from clerk_app.receipts.insured import Entitlement, Filing, Period, Person

OFFICE = Office("示例市医疗保障事务中心", "示例市示例路 1 号", "0000-0000000")
HOSPITAL = Institution("邻省示例市第一人民医院", "H99010100001", Tier.THREE, area_code="990101")
CLINIC = Institution("邻省示例市幸福社区卫生服务中心", "H99010100023", Tier.ONE, area_code="990101")

DOCUMENT = "示政办〔2022〕42号"
HASH = "3f9a0c6b1d2e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c"
RARE = "㛃䶮𠮷𬭚"
MARKUP = '<b>&amp;</b><img src="x"/>'
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1+1")


def id_number(first_17: str = "99010119800101001") -> str:
    return first_17 + check_digit(first_17)


def person(**changes: object) -> Person:
    known = Person(
        "张三示例", id_number(), sex="1", born_on=date(1980, 1, 1), phone="00000000000", employer="示例市机械厂"
    )
    return replace(known, **changes)


def receipt(number: str = "0000000001", *, total_fen: int = 56_000, **changes: object) -> Receipt:
    known: dict[str, object] = {
        "bill_code": "99060125",
        "visited_on": date(2026, 11, 3),
        "visited_at": time(9, 30),
        "institution": HOSPITAL,
        "diagnosis": "急性上呼吸道感染",
        "self_funded_fen": total_fen // 50,
        "over_limit_fen": total_fen // 100,
        "paid_first_fen": total_fen // 20,
    }
    return Receipt(number=number, total_fen=total_fen, **(known | changes))


def paid(
    given: Receipt | None = None,
    *,
    ratio_bp: int = 6000,
    deductible_fen: int = 10_000,
    used_before_fen: int = 0,
    fund_before_fen: int = 123_456,
    cap_fen: int = 200_000,
    reasons: tuple[Reason, ...] = (),
) -> SettledReceipt:
    given = given or receipt()
    charged_fen = min(max(deductible_fen - used_before_fen, 0), given.in_scope_fen)
    share_fen = share_half_up(given.in_scope_fen - charged_fen, ratio_bp)
    fund_fen = min(share_fen, cap_fen - fund_before_fen)
    over_cap_fen = 0 if fund_fen == share_fen else given.in_scope_fen - charged_fen - fund_fen * 10_000 // ratio_bp
    ratio = f"{ratio_bp / 100:g}"

    def y(fen: int) -> str:
        return format_yuan(fen, separators=True)

    return SettledReceipt(
        receipt=given,
        decision=Decision.PAY,
        reasons=reasons,
        status_term="在职",
        in_scope_fen=given.in_scope_fen,
        deductible_standard_fen=deductible_fen,
        deductible_used_before_fen=used_before_fen,
        deductible_fen=charged_fen,
        ratio_bp=ratio_bp,
        share_fen=share_fen,
        cap_fen=cap_fen,
        fund_used_before_fen=fund_before_fen,
        fund_fen=fund_fen,
        over_cap_fen=over_cap_fen,
        person_fen=given.total_fen - fund_fen,
        deductible_pool="普通门诊",
        cap_pools=("普通门诊",),
        summary=(
            f"（政策范围内 {y(given.in_scope_fen)} − 起付线 {y(charged_fen)}）× {ratio}% = {y(share_fen)}，"
            f"统筹支付 {y(fund_fen)}，个人负担 {y(given.total_fen - fund_fen)}"
        ),
        explanation=(
            f"政策范围内金额 {y(given.total_fen)} − 全自费 {y(given.self_funded_fen)} = {y(given.in_scope_fen)}",
            f"年度起付标准 {y(deductible_fen)}，已付 {y(used_before_fen)}，本次扣 {y(charged_fen)}〔{DOCUMENT} 一〕",
            f"在职·三级 支付比例 {ratio}%，按比例 {y(share_fen)}〔{DOCUMENT} 二〕",
            f"年度限额 {y(cap_fen)}，本年已付 {y(fund_before_fen)}，统筹支付 {y(fund_fen)}〔{DOCUMENT} 第五条(三)〕",
            f"个人负担 {y(given.total_fen)} − {y(fund_fen)} = {y(given.total_fen - fund_fen)}",
        ),
        citations=(f"{DOCUMENT} 第五条(一)", f"{DOCUMENT} 第五条(二)", f"{DOCUMENT} 第五条(三)"),
        policy_document=DOCUMENT,
        policy_from=date(2023, 1, 1),
        policy_hash=HASH,
    )


def refused(given: Receipt | None = None, *, if_networked_fen: int | None = 24_000) -> SettledReceipt:
    given = given or receipt("0000000009")
    words = "异地门诊费用未通过医保信息系统直接结算，统筹基金不予支付"
    return replace(
        paid(given),
        decision=Decision.REFUSE,
        reasons=(Reason.NOT_DIRECTLY_SETTLED,),
        deductible_fen=0,
        ratio_bp=0,
        share_fen=0,
        fund_fen=0,
        over_cap_fen=0,
        person_fen=given.total_fen,
        summary=f"不予支付：{words}",
        explanation=(f"{words}〔{DOCUMENT} 第十二条〕",),
        citations=(f"{DOCUMENT} 第十二条",),
        if_networked_fen=if_networked_fen,
    )


def settlement(*receipts: SettledReceipt, **changes: object) -> Settlement:
    chosen = receipts or (paid(),)
    fund_fen = sum(settled.fund_fen for settled in chosen)
    known = Settlement(
        voucher_number="990100-2026-000123",
        acceptance_number="S990100-2026-000123",
        kind=SettlementKind.SETTLEMENT,
        settled_at=datetime(2026, 11, 21, 10, 15, 30),  # noqa: DTZ001 -- the office's own clock, as the ledger keeps it
        handed_in_on=date(2026, 11, 20),
        clerk="李四示例",
        review=Review("王五示例", "票据与病历相符"),
        person_id=1,
        person=person(),
        entitlement=Entitlement(
            Insurance.EMPLOYEE,
            Status.EMPLOYED,
            filings=(Filing(FilingCategory.LONG_TERM_RESIDENT, Period(date(2026, 1, 1))),),
        ),
        area_code="990100",
        area_name="示例市",
        receipts=tuple(chosen),
        account_fen=5_000,
        account_payer=Payer.SPOUSE,
        payee=Payee("赵六示例", "配偶", "示例银行股份有限公司示例市分行营业部", "6200000000000001234"),
        manual_reason="03",
        year_totals=(YearTotal(2026, "普通门诊", 10_000, 123_456 + fund_fen, date(2026, 11, 20)),),
        materials=frozenset({Material.CREDENTIAL, Material.RECEIPT, Material.FEE_LIST, Material.MEDICAL_RECORD}),
        head=Head(1024, "3f2a9c" * 10 + "0001"),
    )
    return replace(known, **changes)


def reversal_of(original: Settlement, **changes: object) -> Settlement:
    mirrored = tuple(
        replace(
            settled,
            in_scope_fen=-settled.in_scope_fen,
            deductible_fen=-settled.deductible_fen,
            share_fen=-settled.share_fen,
            fund_fen=-settled.fund_fen,
            over_cap_fen=-settled.over_cap_fen,
            person_fen=-settled.person_fen,
        )
        for settled in original.receipts
    )
    mirror = replace(
        original,
        voucher_number="990100-2026-000124",
        kind=SettlementKind.REVERSAL,
        receipts=mirrored,
        account_fen=-original.account_fen,
        original_number=original.voucher_number,
        reversal_reason="票据已在就医地退费",
    )
    return replace(mirror, **changes)


def correction_of(original: Settlement, fund_fen: int = -1_234, **changes: object) -> Settlement:
    """The fund's part of the first receipt changes, because the deductible was charged elsewhere or was not."""
    first = original.receipts[0]
    difference = replace(
        first,
        in_scope_fen=0,
        deductible_fen=-2 * fund_fen,
        share_fen=fund_fen,
        fund_fen=fund_fen,
        over_cap_fen=0,
        person_fen=-fund_fen,
        summary=f"更正：统筹支付由 {format_yuan(first.fund_fen)} 改为 {format_yuan(first.fund_fen + fund_fen)}",
    )
    known = replace(
        original,
        voucher_number="990100-2026-000125",
        kind=SettlementKind.CORRECTION,
        receipts=(difference,),
        account_fen=0,
        account_payer=None,
        original_number=original.voucher_number,
        correction_reason="补录联网结算",
    )
    return replace(known, **changes)


def refusal(*receipts: SettledReceipt, **changes: object) -> Settlement:
    known: dict[str, object] = {
        "kind": SettlementKind.REFUSAL,
        "account_fen": 0,
        "account_payer": None,
        "year_totals": (),
        "review": None,
    }
    return settlement(*(receipts or (refused(),)), **(known | changes))


def many_receipts(count: int = 40) -> tuple[SettledReceipt, ...]:
    benefits = (Benefit.ORDINARY, Benefit.CHRONIC, Benefit.SPECIAL, Benefit.EMERGENCY)
    return tuple(
        paid(
            receipt(
                f"{place:010d}",
                total_fen=30_000 + 137 * place,
                institution=HOSPITAL if place % 3 else CLINIC,
                benefit=benefits[place % 4],
            ),
            used_before_fen=0 if place == 1 else 10_000,
            cap_fen=900_000,
        )
        for place in range(1, count + 1)
    )


#: They add up to a receipt of 560.00 and to its parts.
FEES = (
    Fee("02", 2_000, over_limit_fen=560),
    Fee("03", 12_000),
    Fee("04", 5_500, self_funded_fen=120),
    Fee("09", 30_000, self_funded_fen=1_000, paid_first_fen=2_300),
    Fee("11", 6_000, paid_first_fen=500),
    Fee("13", 500),
)


def with_fees() -> Settlement:
    return settlement(paid(receipt(fees=FEES)))


def worst() -> Settlement:
    """The longest names, rare characters, markup and the largest amounts on one paper."""
    long_name = "示例省示例自治州示例自治县" * 4 + "中西医结合专科医院（示例院区）" + RARE + MARKUP
    largest = receipt(
        "A" * 40 + "=1+1",
        total_fen=10**13,
        bill_code="=1+1",
        institution=Institution(long_name, "H99010100001", Tier.THREE, area_code="990101"),
        diagnosis="极长的诊断" * 12 + MARKUP,
        self_funded_fen=0,
        over_limit_fen=0,
        paid_first_fen=0,
    )
    nothing = receipt("0", total_fen=0)
    return settlement(
        paid(largest, cap_fen=10**13, fund_before_fen=0),
        paid(nothing),
        refused(receipt("0000000008", total_fen=12_345)),
        person=person(name=f"阿卜杜拉·{RARE}·示例" * 3 + MARKUP, employer=MARKUP + "极长的单位名称" * 12),
        payee=Payee("=1+1" + "极长的收款人" * 5, MARKUP, "示例银行" * 15, "6200000000000001234"),
    )


def acceptance(**changes: object) -> Acceptance:
    known = Acceptance(
        "S990100-2026-000123",
        datetime(2026, 11, 20, 9, 5),  # noqa: DTZ001 -- the office's own clock
        "张三示例",
        id_number(),
        "示例市",
        "李四示例",
        (
            HandedIn("医保凭证", 1, is_copy=True),
            HandedIn("收据", 3, is_copy=False, total_fen=123_456),
            HandedIn("费用清单", 4, is_copy=False),
            HandedIn("病历"),
        ),
        date(2026, 12, 4),
    )
    return replace(known, **changes)


def worst_acceptance() -> Acceptance:
    receipts = tuple(HandedIn(f"收据 {number}", 1, is_copy=False, total_fen=10**9 + number) for number in range(1, 41))
    return acceptance(
        name=f"阿卜杜拉·{RARE}·示例" * 3 + MARKUP,
        area_name="示例自治州" * 6,
        clerk="极长的经办人姓名" * 3,
        agent=f"代办人{RARE}",
        materials=(*receipts, HandedIn("极长的材料名称" * 12 + MARKUP), HandedIn("零元收据", 0, total_fen=0)),
        due_on=None,
    )


MISSING = (
    MissingMaterial("病历", "示政办〔2022〕42号 第六条"),
    MissingMaterial("费用清单", "须加盖医疗机构收费专用章"),
)


def worst_missing() -> tuple[MissingMaterial, ...]:
    return tuple(MissingMaterial(f"材料{number}{RARE}{MARKUP}", "很长的要求" * number) for number in range(1, 30))


def payment_list(count: int = 3, *, is_answered: bool = False, **account: str) -> PaymentList:
    known = {"name": "赵六示例", "relation": "", "bank": "示例银行示例市分行", "account": "6200000000000001234"}
    given = PayeeAccount(**(known | account))
    answers = (PaymentResult(is_paid=True), PaymentResult(is_paid=False, reason="账号户名不符"), None)
    return PaymentList(
        "B990100-2026-00007",
        datetime(2026, 11, 23, 16, 20),  # noqa: DTZ001 -- as above
        "孙财务示例",
        tuple(
            Payment(at, f"990100-2026-{at + 1:06d}", 24_912 + 137 * at, given, answers[at % 3] if is_answered else None)
            for at in range(count)
        ),
    )


def year_card(uses: int = 3, **changes: object) -> YearCard:
    source = Source(DOCUMENT, "第五条(三)")
    used = tuple(
        VoucherUse(
            f"990100-2026-{number:06d}",
            datetime(2026, 1 + number % 12, 5, 10),  # noqa: DTZ001 -- as above
            SettlementKind.SETTLEMENT if number % 4 else SettlementKind.REVERSAL,
            "ordinary" if number % 3 else "chronic/M01600",
            100 * number,
            (1_000 + number) * (1 if number % 4 else -1),
            "" if number % 4 else "990100-2026-000001",
            "990100-2026-000004" if number == 1 else "",
            ("990100-2026-000009",) if number == 2 else (),
        )
        for number in range(1, uses + 1)
    )
    known = YearCard(
        PersonRecord(1, person(), settlement().entitlement, "990100"),
        2026,
        "示例市",
        date(2026, 11, 22),
        DOCUMENT,
        (
            DeductibleLine(
                "ordinary",
                (Benefit.ORDINARY,),
                DeductibleBasis.ANNUAL,
                ((Tier.THREE, 60_000), (Tier.ONE, 20_000)),
                source,
                12_300,
                4_500,
            ),
        ),
        (
            CapLine("ordinary", (Benefit.ORDINARY, Benefit.EMERGENCY), "", 300_000, source, 34_567, 8_900),
            CapLine("chronic", (Benefit.CHRONIC,), "M01600", 500_000, source, 0, 0),
        ),
        (),
        used,
        (PriorBenefit(2026, Benefit.ORDINARY, 4_500, 8_900, date(2026, 11, 20)),),
    )
    return replace(known, **changes)
