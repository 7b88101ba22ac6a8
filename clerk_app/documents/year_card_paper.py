"""年度卡 on paper: a person's deductibles and caps of a year, what is used and left of them, and by which record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from clerk_app.codes import Benefit, Tier
from clerk_app.documents import terms
from clerk_app.documents.issued import Issued
from clerk_app.documents.layout import Align, Column, Field, Paper, amount_column
from clerk_app.documents.letterhead import Letterhead, signed
from clerk_app.documents.office import Office
from clerk_app.documents.page_format import MM
from clerk_app.documents.terms import NOTHING, yuan
from clerk_app.ledger.records import Head, SettlementKind
from clerk_app.ledger.year_card import CapLine, DeductibleLine, VoucherUse, YearCard
from clerk_app.money import format_yuan
from clerk_app.policy.version import DeductibleBasis
from clerk_app.receipts.id_card import masked

_FIGURE_COLUMNS = (
    Column("项目", 5.8 / 24),
    Column("标准（限额）", 3.2 / 24, Align.RIGHT),
    amount_column("本机构结算", 2.8 / 24),
    amount_column("平台已用", 2.8 / 24),
    Column("尚余", 2.8 / 24, Align.RIGHT),
    Column("文件和条款", 6.6 / 24),
)
_USE_COLUMNS = (
    Column("单据号", 4.4 / 24, Align.CENTRE),
    Column("日期", 2.5 / 24, Align.CENTRE),
    Column("种类", 2 / 24, Align.CENTRE),
    Column("待遇", 3 / 24, Align.CENTRE),
    amount_column("扣除起付线", 2.7 / 24),
    amount_column("统筹支付", 3 / 24),
    Column("备注", 6.4 / 24),
)
_PRIOR_COLUMNS = (
    Column("平台已享受的待遇", 8 / 24),
    amount_column("已扣起付线", 5 / 24),
    amount_column("已支付", 5 / 24),
    Column("查询日期", 6 / 24, Align.CENTRE),
)
_KINDS = {
    SettlementKind.SETTLEMENT: "结算",
    SettlementKind.REFUSAL: "不予支付",
    SettlementKind.REVERSAL: "冲正",
    SettlementKind.CORRECTION: "更正",
}


def year_card_bytes(
    card: YearCard, *, office: Office, made_at: datetime, made_by: str, head: Head | None = None, reprint: int = 0
) -> bytes:
    """The card as a PDF; it may go to the insured, so the certificate's number is masked.

    Args:
        made_at: The office's local time.

    Raises:
        ClerkError: ``glyph_missing``.
    """
    fund_fen = sum(use.fund_fen for use in card.uses)
    issued = Issued(
        office.word("年度卡标题", card.area_name),
        f"{card.year}-{card.record.person_id}",
        made_at,
        head.printed if head else "",
        reprint=reprint,
        amounts_fen={"本年扣除起付线": sum(use.deductible_fen for use in card.uses), "本年统筹支付": fund_fen},
    )
    qr = ":".join(filter(None, (issued.number, format_yuan(fund_fen), issued.head)))
    note = f"{card.year} 年度　截至 {terms.day(card.on)}　单位：元"
    paper = Letterhead(issued, office, note, qr=qr).paper()
    _who(paper, card)
    rows = [*map(_deductible_row, card.deductibles), *map(_cap_row, card.caps)]
    paper.table(_FIGURE_COLUMNS, rows or [(_no_figures(card), "", "", "", "", "")])
    paper.gap(2 * MM)
    _uses(paper, card.uses)
    if card.priors:
        paper.gap(2 * MM)
        paper.table(
            _PRIOR_COLUMNS,
            [
                (each.benefit.term, yuan(each.deductible_fen), yuan(each.fund_fen), terms.day(each.as_of))
                for each in card.priors
            ],
        )
    if card.missing_parameters:
        paper.gap(2 * MM)
        paper.paragraph(
            f"统筹区参数尚未设置：{'、'.join(card.missing_parameters)}。这些待遇的标准和限额没有列出。", 9.0
        )
    signed(paper, office, (("打印人", made_by), ("日期", terms.day(made_at.date()))))
    return paper.to_bytes()


def _who(paper: Paper, card: YearCard) -> None:
    person = card.record.person
    entitlement = card.record.entitlement
    paper.fields(
        Field("姓名", person.name, 8 / 24),
        Field("证件号码", masked(person.id_number), 8.6 / 24, is_number=True),
        Field("险种", entitlement.insurance.term, 7.4 / 24, Align.CENTRE),
    )
    paper.fields(
        Field("人员类别", entitlement.status_on(card.on).term, 8 / 24),
        Field("政策依据", card.document or NOTHING, 16 / 24),
    )
    paper.gap(2 * MM)


def _no_figures(card: YearCard) -> str:
    return f"{terms.day(card.on)} 没有施行中的政策文件"


def _deductible_row(line: DeductibleLine) -> Sequence[str]:
    is_each_visit = line.basis is DeductibleBasis.PER_VISIT
    left = _by_tier([(tier, line.left_fen(standard_fen)) for tier, standard_fen in line.standards_fen])
    return (
        f"{_names(line.benefits)}起付线",
        _by_tier(line.standards_fen),
        yuan(line.settled_fen),
        yuan(line.prior_fen),
        "每次就诊计算" if is_each_visit else left,
        str(line.source),
    )


def _by_tier(amounts: Sequence[tuple[Tier | None, int]]) -> str:
    """A line for each tier that differs, with its name: two bare amounts above each other would be copied as one."""
    return "\n".join(yuan(fen) if tier is None else f"{tier.term} {yuan(fen)}" for tier, fen in amounts)


def _cap_row(line: CapLine) -> Sequence[str]:
    disease = f"·{line.disease} 病种" if line.disease else ""
    return (
        f"{_names(line.benefits)}{disease}限额",
        yuan(line.cap_fen),
        yuan(line.settled_fen),
        yuan(line.prior_fen),
        yuan(line.left_fen),
        str(line.source),
    )


def _uses(paper: Paper, uses: Sequence[VoucherUse]) -> None:
    rows = [_use_row(use) for use in uses]

    def sums(count: int) -> Sequence[str]:
        return _use_sums("", f"前 {count} 行", uses[:count])

    paper.table(_USE_COLUMNS, rows, carried=sums, total=_use_sums("合计", f"共 {len(rows)} 行", uses))


def _use_row(use: VoucherUse) -> Sequence[str]:
    notes = []
    if use.original_number:
        notes.append(f"原单 {use.original_number}")
    if use.corrected_by:
        notes.append(f"已由 {'、'.join(use.corrected_by)} 更正差额")
    if use.reversed_by:
        notes.append(f"已由 {use.reversed_by} 冲正")
    return (
        use.voucher_number,
        use.settled_at.date().isoformat(),
        _KINDS[use.kind],
        _pool(use.pool),
        yuan(use.deductible_fen),
        yuan(use.fund_fen),
        "；".join(notes),
    )


def _use_sums(label: str, words: str, uses: Sequence[VoucherUse]) -> Sequence[str]:
    deductible_fen, fund_fen = sum(use.deductible_fen for use in uses), sum(use.fund_fen for use in uses)
    return (label, "", "", words, yuan(deductible_fen), yuan(fund_fen), "")


def _pool(pool: str) -> str:
    name, slash, disease = pool.partition("/")
    term = next((benefit.term for benefit in Benefit if benefit.value == name), name)
    return f"{term}{'·' if slash else ''}{disease}"


def _names(benefits: Sequence[Benefit]) -> str:
    return "、".join(benefit.term for benefit in benefits)
