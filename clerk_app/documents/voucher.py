"""手工(零星)报销结算单, the settlement voucher: one A4 page for an ordinary claim, more with carried sums.

Everything is printed from the ``Settlement``; nothing is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from clerk_app.codes import Decision
from clerk_app.documents import fonts, terms
from clerk_app.documents.drawing import Ink
from clerk_app.documents.issued import Issued
from clerk_app.documents.layout import (
    FULL,
    LEFT,
    RIGHT,
    TOP,
    Align,
    Column,
    Field,
    Paper,
    amount_column,
)
from clerk_app.documents.letterhead import check_words
from clerk_app.documents.office import Copy, Office
from clerk_app.documents.page_format import MM, WIDTH
from clerk_app.documents.terms import NOTHING, yuan
from clerk_app.jobs import whole_file
from clerk_app.ledger.paper_facts import amounts_of
from clerk_app.ledger.records import Payee, SettledReceipt, Settlement, SettlementKind
from clerk_app.money import capitals, format_yuan
from clerk_app.receipts.claim import Fee, Receipt
from clerk_app.receipts.id_card import masked

_TITLE_SIZE = 15.0
_QR_SIDE = 17 * MM
_STAMP_WIDTH, _SIGNING_HEIGHT = 46 * MM, 24 * MM
_FOOT_SIZE = 7.0

#: Size of type in cells, space in cells, size of the words: for one or two receipts, for more, and for papers where
#: a smaller type saves a page.
_TYPE_SIZES = ((8.4, 3.7, 7.8), (8.0, 2.5, 7.3), (7.5, 1.7, 6.6))

_TITLES = {SettlementKind.REVERSAL: "冲正单标题", SettlementKind.CORRECTION: "更正单标题"}
_WHOSE_WORKING = {SettlementKind.REVERSAL: "原结算单的", SettlementKind.CORRECTION: "更正后的"}

_LONGEST_HEAD_NAME = 16
_RECEIPT_COLUMNS = (
    Column("序", 1.5 / 24, Align.CENTRE, is_number=True),
    Column("就诊日期", 2.7 / 24, Align.CENTRE),
    Column("医疗机构（编码）", 6.5 / 24),
    Column("等级", 1.8 / 24, Align.CENTRE),
    Column("医疗类别·诊断", 4.2 / 24),
    Column("票据代码 / 票据号码", 4.5 / 24),
    amount_column("票据金额", 2.8 / 24),
)
_SCOPE_COLUMNS = (
    Column("费用类别", 4 / 24, Align.CENTRE),
    amount_column("合计", 4 / 24),
    amount_column("政策范围内", 4 / 24),
    amount_column("先行自付", 4 / 24),
    amount_column("超限价自费", 4 / 24),
    amount_column("全自费", 4 / 24),
)
_CALCULATION_COLUMNS = (
    Column("序", 1.5 / 24, Align.CENTRE, is_number=True),
    amount_column("政策\n范围内", 2.2 / 24),
    amount_column("起付标准", 1.9 / 24),
    amount_column("起付线\n此前已扣", 1.9 / 24),
    amount_column("起付线\n本次扣除", 1.9 / 24),
    Column("支付\n比例", 1.6 / 24, Align.CENTRE, is_number=True),
    amount_column("按比例\n计算", 2.2 / 24),
    amount_column("年度限额", 2.2 / 24),
    amount_column("限额\n此前已付", 2.2 / 24),
    amount_column("本次\n统筹支付", 2.2 / 24),
    amount_column("超限额", 2 / 24),
    amount_column("个人负担", 2.2 / 24),
)
_YEAR_COLUMNS = (
    Column("年度", 3 / 24, Align.CENTRE),
    Column("待遇", 6 / 24, Align.CENTRE),
    amount_column("累计扣除起付线", 5 / 24),
    amount_column("累计统筹支付", 5 / 24),
    Column("含平台数据截至", 5 / 24, Align.CENTRE),
)


def write_voucher(settlement: Settlement, target: Path, *, office: Office, copy: Copy, reprint: int = 0) -> None:
    """Write the voucher as a PDF that is whole or not there.

    Raises:
        ClerkError: ``glyph_missing``, or ``file_not_written``.
    """
    content = voucher_bytes(settlement, office=office, copy=copy, reprint=reprint)
    with whole_file(target) as draft:
        draft.write_bytes(content)


def voucher_bytes(
    settlement: Settlement, *, office: Office, copy: Copy, reprint: int = 0, is_masked: bool | None = None
) -> bytes:
    """The voucher as a PDF.

    Args:
        reprint: How often it was printed before; from 1 on the paper says 补打.
        is_masked: Hide the middle of the certificate's and account's numbers; as the copy's rule has it when None.

    Raises:
        ClerkError: ``glyph_missing``, no font has a character of the settlement.
    """
    hides = copy.is_masked if is_masked is None else is_masked
    largest = 0 if len(settlement.receipts) <= 2 else 1
    best: Paper | None = None
    for sizes in _TYPE_SIZES[largest:]:
        paper = _Voucher(settlement, office, copy, reprint, sizes, is_masked=hides).filled()
        if best is None or paper.page_count < best.page_count:
            best = paper
        if best.page_count == 1:
            break
    assert best is not None
    return best.to_bytes()


class _Voucher:
    """One voucher at one size of type."""

    def __init__(
        self,
        settlement: Settlement,
        office: Office,
        copy: Copy,
        reprint: int,
        sizes: tuple[float, float, float],
        *,
        is_masked: bool,
    ) -> None:
        self._settlement = settlement
        self._office = office
        self._copy = copy
        self._reprint = reprint
        self._is_masked = is_masked
        self._size, self._pad, self._words_size = sizes
        self._sign = settlement.kind.paper_sign
        # Red where the money goes back: a reversal, and a correction that takes from what was paid.
        takes_back = settlement.kind is SettlementKind.REVERSAL or settlement.fund_fen < 0
        self._ink = Ink.RED if takes_back else Ink.BLACK

    def filled(self) -> Paper:
        """The paper with everything on it."""
        sizes = {"size": self._size, "pad": self._pad}
        # A part for every cell would take a voucher beyond 60 kB.
        paper = Paper(self._issued, self._office, head=self._head, foot=self._foot, tags_cells=False, **sizes)
        gap = self._pad * 1.5
        parts = (self._who, self._receipts, self._scope, self._calculation, self._words, self._result, self._years)
        for part in parts:
            part(paper)
            paper.gap(gap)
        self._payee(paper)
        self._signatures(paper)
        return paper

    @property
    def _issued(self) -> Issued:
        settlement = self._settlement
        return Issued(
            self._title,
            settlement.voucher_number,
            settlement.settled_at,
            settlement.head.printed if settlement.head else "",
            self._copy.words,
            self._reprint,
            amounts_of(settlement),
        )

    @property
    def _title(self) -> str:
        title = _TITLES.get(self._settlement.kind, "结算单标题")
        return self._office.word(title, self._settlement.area_name)

    def _head(self, paper: Paper, is_first: bool) -> None:
        settlement = self._settlement
        title = self._title if is_first else f"{self._title}（续页）"
        room = FULL - 2 * (_QR_SIDE + 3 * MM)
        size = _TITLE_SIZE if is_first else 12.0
        with paper.part("H1"):
            paper.text(WIDTH / 2, TOP + 9 * MM, title, size, align=Align.CENTRE, ink=self._ink, room=room)
        reprint = f"　补打 {self._reprint}" if self._reprint else ""
        with paper.part("P"):
            paper.text(LEFT, TOP + 3.2 * MM, self._copy.words, 8.5)
            paper.text(LEFT, TOP + 8.2 * MM, reprint.strip(), 8.5, ink=Ink.RED)
            paper.text(WIDTH / 2, TOP + 14 * MM, settlement.voucher_number, 9.0, align=Align.CENTRE, ink=self._ink)
        content = f"{settlement.voucher_number}:{format_yuan(settlement.fund_fen)}"
        if settlement.head is not None:
            content += f":{settlement.head.printed}"
        if is_first:
            paper.qr_code(content, RIGHT - _QR_SIDE, TOP - 1 * MM, _QR_SIDE)
        below = TOP + (19.5 if is_first else 18.5) * MM
        dates = (
            f"受理编号 {settlement.acceptance_number}　受理日期 {settlement.handed_in_on}"
            f"　结算时间 {terms.moment(settlement.settled_at)}"
        )
        who = "" if is_first else f"{_short(settlement.person.name)}　"
        with paper.part("P"):
            paper.text(LEFT, below, who + dates, 8.0, room=FULL - 16 * MM)
            paper.text(RIGHT, below, "单位：元", 8.0, align=Align.RIGHT)
        paper.y = below + 1.6 * MM

    def _foot(self, paper: Paper, number: int, count: int) -> None:
        baseline = paper.bottom + 7 * MM
        # The head of the audit trail: whoever has the paper can show that the record behind it was there.
        code = check_words(paper.issued, self._office)
        pages = f"{code}第 {number} 页　共 {count} 页"
        paper.text(RIGHT, baseline, pages, _FOOT_SIZE, align=Align.RIGHT, ink=Ink.GREY)
        room = FULL - (fonts.ems(pages) * _FOOT_SIZE) - 5 * MM
        paper.text(LEFT, baseline, self._office.imprint, _FOOT_SIZE, ink=Ink.GREY, room=room)

    def _who(self, paper: Paper) -> None:
        settlement, person = self._settlement, self._settlement.person
        self._mirrored(paper)
        id_number = masked(person.id_number) if self._is_masked else person.id_number
        paper.fields(
            Field("姓名", person.name, 8 / 24),
            Field("性别", terms.sex_of(settlement), 3.7 / 24, Align.CENTRE),
            Field("年龄", terms.age_of(settlement), 3.7 / 24, Align.CENTRE),
            Field("证件号码", id_number, 8.6 / 24, is_number=True),
        )
        paper.fields(
            Field("参保地", f"{settlement.area_name} {settlement.area_code}", 8 / 24),
            Field("险种", settlement.entitlement.insurance.term, 3.7 / 24, Align.CENTRE),
            Field(
                "人员类别", _each_once(settled.status_term for settled in settlement.receipts), 3.7 / 24, Align.CENTRE
            ),
            Field("证件类型", terms.term(terms.CERTIFICATES, person.certificate_type), 8.6 / 24),
        )
        paper.fields(
            Field("工作单位", person.employer or NOTHING, 15.4 / 24),
            Field("联系电话", person.phone or NOTHING, 8.6 / 24),
        )
        paper.fields(
            Field("异地备案", self._filings(), 15.4 / 24),
            Field("报销原因", terms.term(terms.MANUAL_REASONS, settlement.manual_reason), 8.6 / 24),
        )

    def _mirrored(self, paper: Paper) -> None:
        """What a reversal mirrors or a correction corrects, and what became of this voucher."""
        settlement = self._settlement
        if settlement.original_number:
            is_correction = settlement.kind is SettlementKind.CORRECTION
            reason = settlement.correction_reason if is_correction else settlement.reversal_reason
            paper.fields(
                Field("原结算单", settlement.original_number, 9 / 24, ink=Ink.RED),
                Field("更正原因" if is_correction else "冲正原因", reason or NOTHING, 15 / 24, ink=Ink.RED),
            )
            if is_correction:
                words = "本单只列与原结算单（含此前更正）的差额，原结算单不变；医疗费用不重复计列"
                paper.fields(Field("说明", words, 1))
        if settlement.corrected_by:
            numbers = "、".join(settlement.corrected_by)
            paper.fields(Field("已更正", f"本单的差额已由更正单 {numbers} 结算", 1, ink=Ink.RED))
        if settlement.reversed_by:
            paper.fields(Field("已冲正", f"本单已由冲正单 {settlement.reversed_by} 冲正", 1, ink=Ink.RED))

    def _filings(self) -> str:
        """The filings in force on the days of the visits."""
        entitlement = self._settlement.entitlement
        if entitlement.filings is None:
            return NOTHING
        days = (settled.receipt.visited_on for settled in self._settlement.receipts)
        filings = dict.fromkeys(filter(None, (entitlement.filing_on(day, None) for day in days)))
        return (
            "；".join(
                f"{filing.category.term} {filing.period.starts_on} 至 {filing.period.ends_on or '长期'}"
                for filing in filings
            )
            or "就诊日无备案"
        )

    def _receipts(self, paper: Paper) -> None:
        receipts = self._settlement.receipts
        totals_fen = [self._sign * settled.receipt.total_fen for settled in receipts]
        rows = [
            _receipt_row(place, settled, total_fen) for place, (settled, total_fen) in _numbered(receipts, totals_fen)
        ]

        def sums(count: int) -> Sequence[str]:
            return ("", "", f"前 {count} 张票据", "", "", "", yuan(sum(totals_fen[:count])))

        total = ("", "合计", f"票据 {len(receipts)} 张", "", "", "", yuan(self._settlement.total_fen))
        paper.table(_RECEIPT_COLUMNS, rows, carried=sums, total=total)

    def _scope(self, paper: Paper) -> None:
        """Fees: a row for each category where they were entered, and always the sum with its parts."""
        rows_fen = self._categories_fen()
        rows = [(name, *map(yuan, row_fen)) for name, row_fen in rows_fen]

        def sums(count: int) -> Sequence[str]:
            upto = [row_fen for _name, row_fen in rows_fen[:count]]
            return ("", *(yuan(sum(column)) for column in zip(*upto, strict=True)))

        total = ("合计", *map(yuan, self._parts_fen()))
        paper.table(_SCOPE_COLUMNS, rows or [total], carried=sums if rows else None, total=total if rows else None)

    def _categories_fen(self) -> list[tuple[str, Sequence[int]]]:
        """The categories of all receipts in the order of their codes, what has none at the end; none without any."""
        receipts = [settled.receipt for settled in self._settlement.receipts]
        # A correction's fees are those of its original, which are not counted again.
        if not self._sign or not any(receipt.fees for receipt in receipts):
            return []
        rows_fen: dict[str, list[int]] = {}
        for receipt in receipts:
            for fee in receipt.fees or (_whole(receipt),):
                parts = (fee.total_fen, fee.in_scope_fen, fee.paid_first_fen, fee.over_limit_fen, fee.self_funded_fen)
                before = rows_fen.get(fee.category, [0] * len(parts))
                rows_fen[fee.category] = [has + self._sign * fen for has, fen in zip(before, parts, strict=True)]
        ordered = sorted(rows_fen, key=lambda category: (category == "", category))
        return [(_category(category), rows_fen[category]) for category in ordered]

    def _parts_fen(self) -> tuple[int, int, int, int, int]:
        settlement, receipts = self._settlement, [settled.receipt for settled in self._settlement.receipts]
        return (
            settlement.total_fen,
            settlement.in_scope_fen,
            self._sign * sum(receipt.paid_first_fen for receipt in receipts),
            self._sign * sum(receipt.over_limit_fen for receipt in receipts),
            self._sign * sum(receipt.self_funded_fen for receipt in receipts),
        )

    def _calculation(self, paper: Paper) -> None:
        receipts = self._settlement.receipts
        rows = [_calculation_row(place, settled) for place, settled in enumerate(receipts, 1)]

        def sums(count: int) -> Sequence[str]:
            return _calculation_sums("", receipts[:count])

        total = _calculation_sums("合计", receipts) if len(receipts) > 1 else None
        paper.table(_CALCULATION_COLUMNS, rows, carried=sums, total=total, ink=self._ink)

    def _words(self, paper: Paper) -> None:
        size = self._words_size
        paper.need(paper.size * 1.3 + 2 * paper.pad + 4 * size)
        whose = _WHOSE_WORKING.get(self._settlement.kind, "")
        paper.bar(f"{whose}计算说明（序号同上表，〔〕内为文件和条款）")
        paper.box_space(1.5)
        for place, settled in enumerate(self._settlement.receipts, 1):
            paper.keep_in_box(4 * size * 1.4)
            paper.paragraph(f"{place}．{settled.summary}", size + 0.5, is_boxed=True)
            working = "　".join(line for line in settled.explanation if line)
            if working:
                paper.paragraph(working, size, indent=3.2 * MM, is_boxed=True, ink=Ink.GREY, leading=1.32)
            paper.box_space(1.5)
        paper.box_end()

    def _result(self, paper: Paper) -> None:
        settlement = self._settlement
        payer = f"（{settlement.account_payer.term}账户）" if settlement.account_payer else ""
        amounts = (
            (
                Field("医疗费总额", yuan(settlement.total_fen), 8 / 24, Align.RIGHT, is_number=True),
                Field("政策范围内", yuan(settlement.in_scope_fen), 8 / 24, Align.RIGHT, is_number=True),
                Field("统筹支付", yuan(settlement.fund_fen), 8 / 24, Align.RIGHT, is_number=True, ink=self._ink),
            ),
            (
                Field("个人负担", yuan(settlement.person_fen), 8 / 24, Align.RIGHT, is_number=True),
                Field("个人账户", payer + yuan(settlement.account_fen), 8 / 24, Align.RIGHT, is_number=True),
                Field("个人现金", yuan(settlement.cash_fen), 8 / 24, Align.RIGHT, is_number=True),
            ),
        )
        # What is paid stands on one page with what it is a part of.
        paper.need(4.5 * (paper.size + 2) * 1.3 + 6 * paper.pad)
        for line in amounts:
            paper.fields(*line, label_width=19 * MM)
        paper.fields(
            Field("统筹支付\n（大写）", capitals(settlement.fund_fen), 16 / 24, ink=self._ink),
            Field("（小写）", f"¥{yuan(settlement.fund_fen)}", 8 / 24, Align.RIGHT, is_number=True, ink=self._ink),
            label_width=19 * MM,
            value_size=paper.size + 2,
        )

    def _years(self, paper: Paper) -> None:
        totals = self._settlement.year_totals
        if totals:
            rows = [
                (
                    str(total.year),
                    total.pool,
                    yuan(total.deductible_fen),
                    yuan(total.fund_fen),
                    terms.day(total.platform_as_of),
                )
                for total in totals
            ]
            paper.table(_YEAR_COLUMNS, rows)

    def _payee(self, paper: Paper) -> None:
        settlement = self._settlement
        payee = settlement.payee or Payee(settlement.person.name, "本人")
        account = masked(payee.account) if self._is_masked else payee.account
        paper.fields(
            Field("收款人", payee.name, 8 / 24),
            Field("关系", payee.relation or NOTHING, 3.7 / 24, Align.CENTRE),
            Field("开户银行", payee.bank or NOTHING, 12.3 / 24),
        )
        paper.fields(
            Field("银行账号", account or NOTHING, 11.7 / 24, is_number=True),
            Field("领款方式", self._way_of_payment(payee), 12.3 / 24),
        )
        paper.fields(Field("政策依据", self._policies(), 1))
        if settlement.review:
            paper.fields(Field("复核意见", f"{settlement.review.reason}（{settlement.review.reviewer}）", 1))

    def _way_of_payment(self, payee: Payee) -> str:
        """How this voucher is paid: one that grants nothing or takes back is not."""
        if self._settlement.fund_fen < 0:
            return "本单不付款；原单已付的，按规定收回"
        if self._settlement.fund_fen == 0:
            return "本单不付款"
        return "银行转账" if payee.account else NOTHING

    def _policies(self) -> str:
        """Document, the day its version came into force, and the first characters of its content's hash."""
        return (
            _each_once(
                f"{settled.policy_document}"
                f"（自 {terms.day(settled.policy_from)} 施行，版本 {settled.policy_hash[:12]}）"
                for settled in self._settlement.receipts
                if settled.policy_hash
            )
            or NOTHING
        )

    def _signatures(self, paper: Paper) -> None:
        paper.need(_SIGNING_HEIGHT + 2 * MM)
        top = paper.y + 2 * MM
        paper.frame(RIGHT - _STAMP_WIDTH, top, RIGHT, top + _SIGNING_HEIGHT)
        stamp = RIGHT - _STAMP_WIDTH / 2
        words, baseline = self._office.word("盖章处"), top + _SIGNING_HEIGHT - 2 * MM
        with paper.part("Figure", words):
            paper.text(stamp, baseline, words, 7.5, align=Align.CENTRE, ink=Ink.GREY)
        settlement = self._settlement
        reviewer = settlement.review.reviewer if settlement.review else ""
        lines = (
            (("经办", settlement.clerk), ("初审", ""), ("复核", reviewer)),
            (("领款人", ""), ("日期", "　　　　年　　月　　日")),
        )
        width = (FULL - _STAMP_WIDTH - 4 * MM) / 3
        with paper.part("P"):
            for row, names in enumerate(lines):
                for place, (label, name) in enumerate(names):
                    self._signature(paper, LEFT + place * width, top + (9 + 11 * row) * MM, width, f"{label}：", name)
        paper.y = top + _SIGNING_HEIGHT

    def _signature(self, paper: Paper, x: float, baseline: float, width: float, label: str, name: str) -> None:
        """A label with a line to sign on; a known name is printed small where it leaves room to sign."""
        paper.text(x, baseline, label, 9.0)
        start = x + fonts.ems(label) * 9.0
        end = x + (width if label != "日期：" else width * 1.6) - 3 * MM
        paper.line(start, baseline + 1.2 * MM, end, baseline + 1.2 * MM)
        if name:
            paper.text(start + 1 * MM, baseline, name, 8.0, room=end - start - 1 * MM)


def _short(name: str) -> str:
    """A name for the head of a further page, where a long one would press the line into small print."""
    return name if len(name) <= _LONGEST_HEAD_NAME else f"{name[: _LONGEST_HEAD_NAME - 1]}…"


def _each_once(words: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(words))


def _numbered(
    receipts: Sequence[SettledReceipt], totals_fen: Sequence[int]
) -> Iterable[tuple[int, tuple[SettledReceipt, int]]]:
    return enumerate(zip(receipts, totals_fen, strict=True), 1)


def _receipt_row(place: int, settled: SettledReceipt, total_fen: int) -> Sequence[str]:
    receipt = settled.receipt
    institution = receipt.institution
    where = " ".join(filter(None, (institution.code, institution.area_code and f"就诊地 {institution.area_code}")))
    care = "·".join(filter(None, (receipt.benefit.term, receipt.disease)))
    visited_at = f"{receipt.visited_at:%H:%M}" if receipt.visited_at else ""
    return (
        str(place),
        _lines(receipt.visited_on.isoformat(), visited_at),
        _lines(institution.name, where),
        terms.tier_term(institution.tier),
        _lines(care, receipt.diagnosis),
        _lines(receipt.bill_code, receipt.number),
        yuan(total_fen),
    )


def _whole(receipt: Receipt) -> Fee:
    """A receipt that was entered without categories."""
    return Fee("", receipt.total_fen, receipt.self_funded_fen, receipt.over_limit_fen, receipt.paid_first_fen)


def _category(code: str) -> str:
    return terms.term(terms.FEE_CATEGORIES, code) if code else "未分类"


def _lines(*given: str) -> str:
    return "\n".join(filter(None, given))


def _calculation_row(place: int, settled: SettledReceipt) -> Sequence[str]:
    if settled.decision is Decision.REFUSE:
        figures: Callable[[int], str] = lambda _fen: NOTHING  # noqa: E731 -- a refused receipt has no figures
        ratio = "不予支付"
    else:
        figures, ratio = yuan, terms.percent(settled.ratio_bp)
    return (
        str(place),
        yuan(settled.in_scope_fen),
        figures(settled.deductible_standard_fen),
        figures(settled.deductible_used_before_fen),
        figures(settled.deductible_fen),
        ratio,
        figures(settled.share_fen),
        figures(settled.cap_fen),
        figures(settled.fund_used_before_fen),
        yuan(settled.fund_fen),
        figures(settled.over_cap_fen),
        yuan(settled.person_fen),
    )


def _calculation_sums(label: str, receipts: Sequence[SettledReceipt]) -> Sequence[str]:
    return (
        label,
        yuan(sum(settled.in_scope_fen for settled in receipts)),
        "",
        "",
        yuan(sum(settled.deductible_fen for settled in receipts)),
        "",
        yuan(sum(settled.share_fen for settled in receipts)),
        "",
        "",
        yuan(sum(settled.fund_fen for settled in receipts)),
        yuan(sum(settled.over_cap_fen for settled in receipts)),
        yuan(sum(settled.person_fen for settled in receipts)),
    )
