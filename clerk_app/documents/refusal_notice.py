"""医疗费用不予支付告知书: what is refused, why, under which article, and what the person can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clerk_app.codes import Decision, Material
from clerk_app.documents import notice_template, terms
from clerk_app.documents.drawing import Ink
from clerk_app.documents.issued import Issued
from clerk_app.documents.layout import (
    FULL,
    LEFT,
    RIGHT,
    TOP,
    Align,
    Column,
    Paper,
    amount_column,
)
from clerk_app.documents.letterhead import check_words, last_words, paragraph
from clerk_app.documents.notice_template import filled_lines
from clerk_app.documents.office import Office
from clerk_app.documents.page_format import MM, WIDTH
from clerk_app.documents.terms import NOTHING, yuan
from clerk_app.errors import ClerkError
from clerk_app.jobs import whole_file
from clerk_app.ledger.records import SettledReceipt, Settlement
from clerk_app.money import format_yuan
from clerk_app.receipts.id_card import masked

_DETAILS = "不予支付明细"
_SIGNED_HEIGHT = 40 * MM
_QR_SIDE = 17 * MM
_FOOT_SIZE = 7.0
_REFUSED_PREFIX = "不予支付："

_COLUMNS = (
    Column("序", 1.4 / 24, Align.CENTRE, is_number=True),
    Column("医疗机构", 4.6 / 24),
    Column("就诊日期\n票据号码", 3.6 / 24, Align.CENTRE),
    amount_column("票据金额", 2.7 / 24),
    amount_column("不予支付\n金额", 2.7 / 24),
    Column("原因", 5.2 / 24),
    Column("文件和条款", 3.8 / 24),
)


def write_refusal_notice(
    settlement: Settlement, target: Path, *, office: Office, template: Path | None = None, reprint: int = 0
) -> None:
    """Write the notice as a PDF that is whole or not there.

    Raises:
        ClerkError: As ``refusal_notice_bytes``, or ``file_not_written``.
    """
    content = refusal_notice_bytes(settlement, office=office, template=template, reprint=reprint)
    with whole_file(target) as draft:
        draft.write_bytes(content)


def refusal_notice_bytes(
    settlement: Settlement, *, office: Office, template: Path | None = None, reprint: int = 0
) -> bytes:
    """The notice on every refused receipt of a settlement or refusal, as a PDF.

    Args:
        template: The office's own text; the one that ships when None.
        reprint: How often it was printed before.

    Raises:
        ClerkError: ``nothing_refused``, ``template_not_read`` or ``glyph_missing``.
        FileProblems: The template has unknown fields.
    """
    receipts = [settled for settled in settlement.receipts if settled.decision is Decision.REFUSE]
    if not receipts:
        raise ClerkError("nothing_refused", voucher=settlement.voucher_number)
    lines = filled_lines(
        template or notice_template.template("refusal_notice.txt", office.templates),
        _values(settlement, receipts, office),
        place=_DETAILS,
    )
    notice = _Notice(settlement, receipts, office, reprint)
    return notice.filled(lines).to_bytes()


def _values(settlement: Settlement, receipts: Sequence[SettledReceipt], office: Office) -> dict[str, str]:
    """What the template's fields stand for."""
    return {
        "姓名": settlement.person.name,
        "证件号码": masked(settlement.person.id_number),
        "参保地": settlement.area_name,
        "经办机构": office.name,
        "受理日期": terms.day(settlement.handed_in_on),
        "受理编号": settlement.acceptance_number,
        "票据张数": str(len(receipts)),
        "总金额": yuan(sum(settled.receipt.total_fen for settled in receipts)),
        "不予支付金额": yuan(sum(settled.receipt.total_fen for settled in receipts)),
        "退还材料": _returned(settlement, receipts),
        "地址": office.address or NOTHING,
        "电话": office.phone or NOTHING,
        "告知日期": terms.day(settlement.settled_at.date()),
    }


def _returned(settlement: Settlement, receipts: Sequence[SettledReceipt]) -> str:
    """The papers that go back: the refused receipts, and what came with them when everything was refused."""
    words = [f"医疗费票据 {len(receipts)} 张"]
    if len(receipts) == len(settlement.receipts):
        kept = settlement.materials or frozenset()
        returned = (material for material in Material if material in kept - {Material.RECEIPT, Material.CREDENTIAL})
        words += [material.term for material in returned]
    return "、".join(words)


class _Notice:
    """One notice under construction."""

    def __init__(
        self, settlement: Settlement, receipts: Sequence[SettledReceipt], office: Office, reprint: int
    ) -> None:
        self._settlement = settlement
        self._receipts = receipts
        self._office = office
        self._reprint = reprint
        self._title = office.word("告知书标题", settlement.area_name)
        self._refused_fen = sum(settled.receipt.total_fen for settled in receipts)

    def filled(self, lines: Sequence[str]) -> Paper:
        settlement = self._settlement
        issued = Issued(
            self._title,
            settlement.voucher_number,
            settlement.settled_at,
            settlement.head.printed if settlement.head else "",
            reprint=self._reprint,
            amounts_fen={"不予支付金额": self._refused_fen},
        )
        paper = Paper(issued, self._office, head=self._head, foot=self._foot, size=8.5, pad=3.2)
        for place, line in enumerate(lines):
            if line == f"{{{_DETAILS}}}":
                self._details(paper)
            else:
                paragraph(paper, line, _SIGNED_HEIGHT if place == last_words(lines) else 0.0)
        self._signed(paper)
        self._delivery(paper)
        return paper

    def _head(self, paper: Paper, is_first: bool) -> None:
        room = FULL - 2 * (_QR_SIDE + 3 * MM)
        paper.text(WIDTH / 2, TOP + 7 * MM, self._office.name, 11.0, align=Align.CENTRE, room=room)
        title = self._title if is_first else f"{self._title}（续页）"
        with paper.part("H1"):
            size = 18.0 if is_first else 13.0
            paper.text(WIDTH / 2, TOP + 17 * MM, title, size, align=Align.CENTRE, room=room)
        paper.text(RIGHT, TOP + 25 * MM, f"编号 {self._settlement.voucher_number}", 9.0, align=Align.RIGHT)
        if is_first:
            # After the number in words, which names a character that cannot be printed.
            qr = (paper.issued.number, format_yuan(self._refused_fen), paper.issued.head)
            paper.qr_code(":".join(filter(None, qr)), RIGHT - _QR_SIDE, TOP - 1 * MM, _QR_SIDE)
        if self._reprint:
            paper.text(LEFT, TOP + 25 * MM, f"补打 {self._reprint}", 9.0, ink=Ink.RED)
        paper.line(LEFT, TOP + 27.5 * MM, RIGHT, TOP + 27.5 * MM)
        paper.y = TOP + 32 * MM

    def _foot(self, paper: Paper, number: int, count: int) -> None:
        baseline = paper.bottom + 7 * MM
        paper.text(
            RIGHT,
            baseline,
            f"{check_words(paper.issued, self._office)}第 {number} 页　共 {count} 页",
            _FOOT_SIZE,
            align=Align.RIGHT,
            ink=Ink.GREY,
        )
        words = "一式两份：一份交参保人，一份经办机构存档"
        paper.text(LEFT, baseline, words, _FOOT_SIZE, ink=Ink.GREY)

    def _details(self, paper: Paper) -> None:
        paper.gap(2 * MM)
        rows = [_row(place, settled) for place, settled in enumerate(self._receipts, 1)]
        total = yuan(sum(settled.receipt.total_fen for settled in self._receipts))
        paper.table(
            _COLUMNS,
            rows,
            carried=lambda count: _sums(self._receipts[:count]),
            total=("计", f"票据 {len(rows)} 张", "", total, total, "", ""),
        )
        self._if_networked(paper)
        paper.gap(2 * MM)

    def _if_networked(self, paper: Paper) -> None:
        """For information only: what the network would have paid for the same receipts."""
        known_fen = [settled.if_networked_fen for settled in self._receipts if settled.if_networked_fen is not None]
        if known_fen:
            paper.gap(1.5 * MM)
            words = f"若直接结算可支付 {yuan(sum(known_fen))} 元（仅供参考，不作为支付依据）。"
            paper.paragraph(words, 9.0, leading=1.6)

    def _signed(self, paper: Paper) -> None:
        paper.need(_SIGNED_HEIGHT)
        settlement = self._settlement
        top = paper.y + 6 * MM
        reviewer = settlement.review.reviewer if settlement.review else "　　　　　　"
        paper.text(LEFT, top + 5 * MM, f"经办：{settlement.clerk}", 9.5)
        paper.text(LEFT, top + 13 * MM, f"复核：{reviewer}", 9.5)
        right = RIGHT - 34 * MM
        paper.text(right, top + 5 * MM, self._office.name, 10.5, align=Align.CENTRE)
        words = self._office.word("盖章处")
        with paper.part("Figure", words):
            paper.text(right, top + 13 * MM, words, 9.0, align=Align.CENTRE, ink=Ink.GREY)
        when = settlement.settled_at
        paper.text(right, top + 21 * MM, f"{when.year} 年 {when.month} 月 {when.day} 日", 10.5, align=Align.CENTRE)
        paper.y = top + 32 * MM

    def _delivery(self, paper: Paper) -> None:
        """送达回执, on the same sheet, to be signed and kept by the office."""
        height = 44 * MM
        paper.need(height)
        top = max(paper.y, paper.bottom - height)
        half = 4 * MM
        _dashes(paper, top)
        with paper.part("H2"):
            paper.text(WIDTH / 2, top + 9 * MM, "送　达　回　执", 12.0, align=Align.CENTRE)
        words = f"今收到《{self._title}》（编号 {self._settlement.voucher_number}）一份，并收回所列退还材料。"
        paper.text(LEFT, top + 18 * MM, words, 10.0)
        width = (FULL - 2 * half) / 3
        for place, label in enumerate(("收件人（签名）：", "送达人：", "送达日期：")):
            x = LEFT + place * (width + half)
            paper.text(x, top + 30 * MM, label, 10.0)
            paper.line(x + len(label) * 10.0 + 1, top + 31 * MM, x + width, top + 31 * MM)
        paper.text(LEFT, top + 39 * MM, "代收的，注明与参保人的关系：____________________", 9.0)
        paper.y = top + height


def _dashes(paper: Paper, y: float) -> None:
    dash = 2 * MM
    x = LEFT
    while x < RIGHT:
        paper.line(x, y, min(x + dash, RIGHT), y)
        x += 2 * dash


def _row(place: int, settled: SettledReceipt) -> Sequence[str]:
    receipt = settled.receipt
    return (
        str(place),
        receipt.institution.name,
        "\n".join(filter(None, (receipt.visited_on.isoformat(), receipt.bill_code, receipt.number))),
        yuan(receipt.total_fen),
        yuan(receipt.total_fen),
        settled.summary.removeprefix(_REFUSED_PREFIX),
        "\n".join(settled.citations) or settled.policy_document or NOTHING,
    )


def _sums(receipts: Sequence[SettledReceipt]) -> Sequence[str]:
    total = yuan(sum(settled.receipt.total_fen for settled in receipts))
    return ("", f"前 {len(receipts)} 张票据", "", total, total, "", "")
