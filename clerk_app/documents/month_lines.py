"""The lines of the month's lists: a receipt of a settlement with what it adds to the counts, and its columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from clerk_app.codes import Decision
from clerk_app.documents.sheets import Kind, SheetColumn, Value
from clerk_app.documents.terms import tier_term
from clerk_app.ledger.records import SettledReceipt, Settlement, SettlementKind
from clerk_app.money import to_decimal


class Line(NamedTuple):
    """One receipt in the list of the month.

    Attributes:
        sign: -1 in a reversal; 0 in a correction, which counts nothing of the paper.
        account_fen: The receipt's part of the settlement's personal account payment.
        visits: What the line adds to 人次: the first line of a settlement 1, of a reversal -1, any other 0.
        persons: What the line adds to 人数.
    """

    settlement: Settlement
    settled: SettledReceipt
    sign: int
    account_fen: int
    visits: int
    persons: int


class MonthCount:
    """What the month's settlements amount to, counted from the settlements themselves and not from the rows.

    A person counts as long as a settlement of the month stands; a reversal of an earlier month takes a visit off, but
    no person. A correction is no visit and no person: it adds its differences to the amounts.
    """

    def __init__(self) -> None:
        self.sums: Counter[str] = Counter()
        self._standing: defaultdict[int, set[str]] = defaultdict(set)

    @property
    def persons(self) -> int:
        """人数."""
        return sum(1 for vouchers in self._standing.values() if vouchers)

    def add(self, settlement: Settlement) -> tuple[int, int]:
        """Count a settlement, reversal or correction; what it adds to visits and persons."""
        kind = settlement.kind
        vouchers = self._standing[settlement.person_id]
        before = bool(vouchers)
        if kind is SettlementKind.REVERSAL:
            vouchers.discard(settlement.original_number)
            self.sums["reversals"] += 1
        elif kind is SettlementKind.CORRECTION:
            self.sums["corrected_receipts"] += len(settlement.receipts)
        else:
            vouchers.add(settlement.voucher_number)
            self.sums["settlements"] += 1
        visits = kind.paper_sign
        self.sums["visits"] += visits
        self.sums["receipts"] += len(settlement.receipts)
        self.sums["total"] += settlement.total_fen
        self.sums["in_scope"] += settlement.in_scope_fen
        self.sums["fund"] += settlement.fund_fen
        self.sums["person"] += settlement.person_fen
        self.sums["account"] += settlement.account_fen
        self.sums["cash"] += settlement.cash_fen
        return visits, bool(vouchers) - before


def is_refusal(settlement: Settlement) -> bool:
    """Whether nothing was settled: every receipt refused, or the reversal of such a paper."""
    return all(settled.decision is Decision.REFUSE for settled in settlement.receipts)


def lines_of(settlement: Settlement, visits: int, persons: int) -> Iterator[Line]:
    """The lines of a settlement; counts stand on the first one.

    The personal account's payment belongs to the settlement. It is laid on the receipts in order, up to what the
    person bears of each, and what is left over on the last. What a correction gives back stands on its last receipt.
    """
    sign = settlement.kind.paper_sign
    if settlement.kind is SettlementKind.CORRECTION:
        last = len(settlement.receipts) - 1
        for place, settled in enumerate(settlement.receipts):
            yield Line(settlement, settled, sign, settlement.account_fen if place == last else 0, 0, 0)
        return
    left_fen = sign * settlement.account_fen
    for place, settled in enumerate(settlement.receipts):
        is_last = place == len(settlement.receipts) - 1
        part_fen = left_fen if is_last else min(left_fen, max(sign * settled.person_fen, 0))
        left_fen -= part_fen
        yield Line(settlement, settled, sign, sign * part_fen, 0 if place else visits, 0 if place else persons)


DETAIL_COLUMNS = (
    SheetColumn("序号", "no", 6, Kind.COUNT),
    SheetColumn("结算单号", "setl_id", 21, Kind.CODE),
    SheetColumn("姓名", "psn_name", 12),
    SheetColumn("证件类型", "psn_cert_type", 9, Kind.CODE),
    SheetColumn("证件号码", "certno", 21, Kind.CODE),
    SheetColumn("年度", "year", 7, Kind.COUNT),
    SheetColumn("险种", "insutype", 8, Kind.CODE),
    SheetColumn("险种名称", "insutype_name", 10, Kind.CODE),
    SheetColumn("人员类别", "psn_type_name", 10, Kind.CODE),
    SheetColumn("参保地", "insu_admdvs", 9, Kind.CODE),
    SheetColumn("参保地名称", "insu_admdvs_name", 13),
    SheetColumn("医疗类别", "med_type", 9, Kind.CODE),
    SheetColumn("医疗类别名称", "med_type_name", 14),
    SheetColumn("病种", "dise_name", 14),
    SheetColumn("医药机构编码", "fixmedins_code", 15, Kind.CODE),
    SheetColumn("医药机构名称", "fixmedins_name", 34),
    SheetColumn("医院等级", "hosp_lv", 9, Kind.CODE),
    SheetColumn("就诊地", "mdtrtarea_admvs", 14, Kind.CODE),
    SheetColumn("就诊日期", "begndate", 12, Kind.DAY),
    SheetColumn("票据代码", "bill_code", 13, Kind.CODE),
    SheetColumn("票据号码", "bill_no", 16, Kind.CODE),
    SheetColumn("结论", "decision", 10, Kind.CODE),
    SheetColumn("医疗费总额", "medfee_sumamt", 14, Kind.MONEY),
    SheetColumn("全自费金额", "fulamt_ownpay_amt", 14, Kind.MONEY),
    SheetColumn("超限价自费", "overlmt_selfpay", 13, Kind.MONEY),
    SheetColumn("先行自付", "preselfpay_amt", 13, Kind.MONEY),
    SheetColumn("符合政策范围", "inscp_scp_amt", 14, Kind.MONEY),
    SheetColumn("起付标准", "dedc_std", 12, Kind.MONEY),
    SheetColumn("本次扣起付线", "act_pay_dedc", 13, Kind.MONEY),
    SheetColumn("支付比例", "pool_prop_selfpay", 11, Kind.RATIO),
    SheetColumn("统筹支付", "hifp_pay", 14, Kind.MONEY),
    SheetColumn("基金支付总额", "fund_pay_sumamt", 14, Kind.MONEY),
    SheetColumn("超年度限额", "over_cap_amt", 13, Kind.MONEY),
    SheetColumn("个人负担", "psn_part_amt", 14, Kind.MONEY),
    SheetColumn("个人账户支付", "acct_pay", 13, Kind.MONEY),
    SheetColumn("个人现金支付", "psn_cash_pay", 14, Kind.MONEY),
    SheetColumn("人次", "visit_cnt", 7, Kind.COUNT),
    SheetColumn("人数", "psn_cnt", 7, Kind.COUNT),
    SheetColumn("结算时间", "setl_time", 20, Kind.MOMENT),
    SheetColumn("受理编号", "acp_id", 21, Kind.CODE),
    SheetColumn("受理日期", "acp_date", 12, Kind.DAY),
    SheetColumn("手工报销原因", "manl_reim_rea", 10, Kind.CODE),
    SheetColumn("支付地点", "pay_loc", 9, Kind.CODE),
    SheetColumn("结算类别", "setl_type", 9, Kind.CODE),
    SheetColumn("票据张数", "att_val", 9, Kind.COUNT),
    SheetColumn("经办人", "opter_name", 10),
    SheetColumn("复核人", "rchk_psn_name", 10),
    SheetColumn("冲正标志", "refd_setl_flag", 9, Kind.CODE),
    SheetColumn("原结算单号", "init_setl_id", 21, Kind.CODE),
    SheetColumn("政策文件", "policy_document", 20),
    SheetColumn("政策版本", "policy_version", 14, Kind.CODE),
    SheetColumn("年度限额", "year_cap", 12, Kind.MONEY),
    SheetColumn("本次前已支付", "fund_used_before", 12, Kind.MONEY),
    SheetColumn("限额类别", "cap_pool", 12),
)
#: 冲正标志 of the list; the national list knows 0 and 1, a correction is neither and is told by its original.
SETTLED, REVERSED, CORRECTED = "0", "1", "2"
_FLAGS = {SettlementKind.REVERSAL: REVERSED, SettlementKind.CORRECTION: CORRECTED}
_PLACES = {column.field: place for place, column in enumerate(DETAIL_COLUMNS)}
#: What the foot of the list adds up; standards and ratios have no sum.
SUMMED_FIELDS = (
    *("medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt", "act_pay_dedc"),
    *("hifp_pay", "fund_pay_sumamt", "over_cap_amt", "psn_part_amt", "acct_pay", "psn_cash_pay"),
    *("visit_cnt", "psn_cnt"),
)

REFUSAL_COLUMNS = (
    SheetColumn("序号", "no", 6, Kind.COUNT),
    SheetColumn("单号", "setl_id", 20, Kind.CODE),
    SheetColumn("姓名", "psn_name", 10),
    SheetColumn("证件号码", "certno", 20, Kind.CODE),
    SheetColumn("险种名称", "insutype_name", 9, Kind.CODE),
    SheetColumn("医疗类别名称", "med_type_name", 13),
    SheetColumn("医药机构名称", "fixmedins_name", 20),
    SheetColumn("就诊日期", "begndate", 12, Kind.DAY),
    SheetColumn("票据代码", "bill_code", 11, Kind.CODE),
    SheetColumn("票据号码", "bill_no", 13, Kind.CODE),
    SheetColumn("票据金额", "medfee_sumamt", 13, Kind.MONEY),
    SheetColumn("不予支付金额", "refuse_amt", 13, Kind.MONEY),
    SheetColumn("原因", "refuse_reason", 34),
    SheetColumn("文件和条款", "policy_article", 20),
    SheetColumn("若直接结算可支付（仅供参考）", "if_networked", 13, Kind.MONEY),
    SheetColumn("受理日期", "acp_date", 12, Kind.DAY),
    SheetColumn("经办人", "opter_name", 10),
    SheetColumn("冲正标志", "refd_setl_flag", 6, Kind.CODE),
)


def detail_place(field: str) -> int:
    """The column of a national field, counted from 0."""
    return _PLACES[field]


def detail_values(number: int, line: Line) -> tuple[Value, ...]:
    """The cells of a line in the order of ``DETAIL_COLUMNS``."""
    return (number, *_who(line), *_where(line), *_money(line), *_act(line))


def _who(line: Line) -> tuple[Value, ...]:
    settlement, person = line.settlement, line.settlement.person
    insurance = settlement.entitlement.insurance
    return (
        settlement.voucher_number,
        person.name,
        person.certificate_type,
        person.id_number,
        line.settled.receipt.visited_on.year,
        insurance.national_code,
        insurance.term,
        line.settled.status_term,
        settlement.area_code,
        settlement.area_name,
    )


def _where(line: Line) -> tuple[Value, ...]:
    receipt = line.settled.receipt
    institution = receipt.institution
    return (
        receipt.benefit.national_code,
        receipt.benefit.term,
        receipt.disease,
        institution.code,
        institution.name,
        tier_term(institution.tier),
        institution.area_code,
        receipt.visited_on,
        receipt.bill_code,
        receipt.number,
        line.settled.decision.term,
    )


def _money(line: Line) -> tuple[Value, ...]:
    settled, receipt, sign = line.settled, line.settled.receipt, line.sign
    amounts = (
        sign * receipt.total_fen,
        sign * receipt.self_funded_fen,
        sign * receipt.over_limit_fen,
        sign * receipt.paid_first_fen,
        settled.in_scope_fen,
        settled.deductible_standard_fen,
        settled.deductible_fen,
    )
    payments = (
        settled.fund_fen,
        settled.fund_fen,
        settled.over_cap_fen,
        settled.person_fen,
        line.account_fen,
        settled.person_fen - line.account_fen,
    )
    ratio = to_decimal(settled.ratio_bp).scaleb(-2)
    return (*map(to_decimal, amounts), ratio, *map(to_decimal, payments))


def _act(line: Line) -> tuple[Value, ...]:
    settlement, settled = line.settlement, line.settled
    return (
        line.visits,
        line.persons,
        settlement.settled_at.replace(tzinfo=None, microsecond=0),
        settlement.acceptance_number,
        settlement.handed_in_on,
        settlement.manual_reason,
        "1",
        "1",
        len(settlement.receipts),
        settlement.clerk,
        settlement.review.reviewer if settlement.review else "",
        _FLAGS.get(settlement.kind, SETTLED),
        settlement.original_number,
        settled.policy_document,
        settled.policy_hash[:12],
        to_decimal(settled.cap_fen),
        to_decimal(settled.fund_used_before_fen),
        "；".join(settled.cap_pools),
    )


def refusal_values(number: int, line: Line) -> tuple[Value, ...]:
    """The cells of a refused receipt in the order of ``REFUSAL_COLUMNS``."""
    settlement, settled, receipt = line.settlement, line.settled, line.settled.receipt
    amount = to_decimal(line.sign * receipt.total_fen)
    if_networked_fen = settled.if_networked_fen
    return (
        number,
        settlement.voucher_number,
        settlement.person.name,
        settlement.person.id_number,
        settlement.entitlement.insurance.term,
        receipt.benefit.term,
        receipt.institution.name,
        receipt.visited_on,
        receipt.bill_code,
        receipt.number,
        amount,
        amount,
        settled.summary.removeprefix("不予支付："),
        "；".join(settled.citations) or settled.policy_document,
        None if if_networked_fen is None else to_decimal(line.sign * if_networked_fen),
        settlement.handed_in_on,
        settlement.clerk,
        REVERSED if settlement.kind is SettlementKind.REVERSAL else SETTLED,
    )
