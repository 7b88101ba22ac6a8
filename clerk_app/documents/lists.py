"""Lists of many: what the bank is to pay, and a month's records, page by page with sums carried over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from clerk_app.documents import terms
from clerk_app.documents.issued import Issued
from clerk_app.documents.layout import Align, Column, Field, Paper, amount_column
from clerk_app.documents.letterhead import SIGNED_HEIGHT, Letterhead, signed
from clerk_app.documents.office import Office
from clerk_app.documents.page_format import MM
from clerk_app.documents.terms import NOTHING, yuan
from clerk_app.ledger.records import Head, Payment, PaymentList, Settlement, SettlementKind
from clerk_app.money import capitals, format_yuan

_PAYMENT_COLUMNS = (
    Column("序", 1.4 / 24, Align.CENTRE, is_number=True),
    Column("结算单号", 4.4 / 24, Align.CENTRE),
    Column("收款人", 3.6 / 24),
    Column("开户银行", 5 / 24),
    Column("账号", 4.2 / 24, is_number=True),
    amount_column("金额", 2.8 / 24),
    Column("银行结果", 2.6 / 24),
)
_MONTH_COLUMNS = (
    Column("序", 1.2 / 24, Align.CENTRE, is_number=True),
    Column("结算日期", 2.2 / 24, Align.CENTRE, is_number=True),
    Column("单据号", 3.8 / 24, Align.CENTRE, is_number=True),
    Column("种类", 2.1 / 24, Align.CENTRE),
    Column("姓名", 2.4 / 24),
    Column("票据\n张数", 1.1 / 24, Align.CENTRE, is_number=True),
    amount_column("医疗费总额", 2.5 / 24),
    amount_column("统筹支付", 2.4 / 24),
    amount_column("个人账户", 2 / 24),
    amount_column("个人现金", 2.4 / 24),
    Column("经办", 1.9 / 24, Align.CENTRE),
)
#: The rows between a list and its signatures.
_SUMMED_UP = 20 * MM
_KINDS = {
    SettlementKind.SETTLEMENT: "结算",
    SettlementKind.REFUSAL: "不予支付",
    SettlementKind.REVERSAL: "冲正",
    SettlementKind.CORRECTION: "更正",
}


def payment_list_bytes(given: PaymentList, *, office: Office, head: Head | None = None, reprint: int = 0) -> bytes:
    """支付清单, for finance and the file: whole account numbers, the sum in capitals, and what the bank said.

    Raises:
        ClerkError: ``glyph_missing``.
    """
    issued = Issued(
        office.word("支付清单标题"),
        given.list_number,
        given.made_at,
        head.printed if head else "",
        reprint=reprint,
        amounts_fen={"合计金额": given.total_fen},
    )
    qr = ":".join(filter(None, (given.list_number, format_yuan(given.total_fen), issued.head)))
    made = f"制表 {given.made_by}　制表时间 {terms.moment(given.made_at)}　单位：元"
    paper = Letterhead(issued, office, made, qr=qr, size=8.0, pad=2.6).paper()
    rows = [_payment_row(payment) for payment in given.payments]

    def sums(count: int) -> Sequence[str]:
        return ("", f"前 {count} 笔", "", "", "", yuan(sum(each.amount_fen for each in given.payments[:count])), "")

    total = ("计", f"共 {len(rows)} 笔", "", "", "", yuan(given.total_fen), "")
    paper.table(_PAYMENT_COLUMNS, rows, carried=sums, total=total, keep=_SUMMED_UP + SIGNED_HEIGHT)
    paper.gap(1.5 * MM)
    paper.fields(
        Field("合计\n（大写）", capitals(given.total_fen), 16 / 24),
        Field("（小写）", f"¥{yuan(given.total_fen)}", 8 / 24, Align.RIGHT, is_number=True),
        value_size=10.0,
    )
    _answers(paper, given.payments)
    signed(paper, office, (("制表", given.made_by), ("复核", ""), ("审批", ""), ("日期", "")))
    return paper.to_bytes()


def _answers(paper: Paper, payments: Sequence[Payment]) -> None:
    """How much was paid and failed, once the bank has answered anything."""
    answered = [payment for payment in payments if payment.result is not None]
    if not answered:
        return
    paid_fen = sum(payment.amount_fen for payment in answered if payment.result and payment.result.is_paid)
    failed_fen = sum(payment.amount_fen for payment in answered) - paid_fen
    paper.fields(
        Field("已支付", yuan(paid_fen), 8 / 24, Align.RIGHT, is_number=True),
        Field("支付失败", yuan(failed_fen), 8 / 24, Align.RIGHT, is_number=True),
        Field("未回盘", f"{len(payments) - len(answered)} 笔", 8 / 24, Align.RIGHT, is_number=True),
    )


def _payment_row(payment: Payment) -> Sequence[str]:
    result = payment.result
    said = "" if result is None else "已支付" if result.is_paid else f"失败：{result.reason}"
    return (
        str(payment.position + 1),
        payment.voucher_number,
        payment.account.name,
        payment.account.bank or NOTHING,
        payment.account.account,
        yuan(payment.amount_fen),
        said,
    )


def month_ledger_bytes(
    settlements: Iterable[Settlement],
    month: date,
    *,
    office: Office,
    made_by: str,
    head: Head | None = None,
    reprint: int = 0,
) -> bytes:
    """月台账: every numbered record of a month in its order; reversals and corrections have their signs.

    Args:
        month: Its first day.

    Raises:
        ClerkError: ``glyph_missing``.
    """
    records = tuple(settlements)
    issued = Issued(
        office.word("月台账标题"),
        f"{month:%Y-%m}",
        max((record.settled_at for record in records), default=None),
        head.printed if head else "",
        reprint=reprint,
        amounts_fen=dict(
            zip(("医疗费总额合计", "统筹支付合计", "个人账户合计", "个人现金合计"), _sums_fen(records), strict=True)
        ),
    )
    fund_fen = sum(record.fund_fen for record in records)
    qr = ":".join(filter(None, (issued.number, format_yuan(fund_fen), issued.head)))
    note = f"{month.year} 年 {month.month} 月　单位：元"
    paper = Letterhead(issued, office, note, qr=qr, size=7.6, pad=2.2).paper()
    rows = [_record_row(place, record) for place, record in enumerate(records, 1)]

    def sums(count: int) -> Sequence[str]:
        return _sum_row("", f"前 {count} 件", records[:count])

    paper.table(
        _MONTH_COLUMNS,
        rows,
        carried=sums,
        total=_sum_row("计", f"共 {len(rows)} 件", records),
        keep=_SUMMED_UP + SIGNED_HEIGHT,
    )
    counts = "　".join(f"{words} {sum(record.kind is kind for record in records)} 件" for kind, words in _KINDS.items())
    paper.gap(1.5 * MM)
    paper.fields(Field("件数", counts, 1))
    signed(paper, office, (("经办", made_by), ("审核", ""), ("审批", ""), ("日期", "")))
    return paper.to_bytes()


def _record_row(place: int, record: Settlement) -> Sequence[str]:
    return (
        str(place),
        record.settled_at.date().isoformat(),
        record.voucher_number,
        _KINDS[record.kind],
        record.person.name,
        str(len(record.receipts)),
        yuan(record.total_fen),
        yuan(record.fund_fen),
        yuan(record.account_fen),
        yuan(record.cash_fen),
        record.clerk,
    )


def _sums_fen(records: Sequence[Settlement]) -> tuple[int, int, int, int]:
    return (
        sum(record.total_fen for record in records),
        sum(record.fund_fen for record in records),
        sum(record.account_fen for record in records),
        sum(record.cash_fen for record in records),
    )


def _sum_row(label: str, words: str, records: Sequence[Settlement]) -> Sequence[str]:
    count = sum(len(record.receipts) for record in records)
    return (label, "", words, "", "", str(count), *map(yuan, _sums_fen(records)), "")
