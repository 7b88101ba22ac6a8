"""``clerk-app demo``: the main job on sample claims, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from clerk_app.counter.opening import PRACTICE_HARDNESS
from clerk_app.counter.practice import CLERK, settle_samples, staff_practice_office
from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.office import Copy, Office
from clerk_app.documents.refusal_notice import write_refusal_notice
from clerk_app.documents.signing import practice_signer
from clerk_app.documents.voucher import write_voucher
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.records import Settlement, SettlementKind
from clerk_app.wording import _, filled

_OFFICE = Office("示例市医疗保险经办机构（演示）", practice=True, signer=practice_signer())
_OFFICE_CODE = "990100"
_MONTH = date(2024, 6, 1)


def write_demo(folder: Path) -> Iterator[str]:
    """Settle the sample claims in a database of their own, and write their papers and the month's workbook.

    Yields:
        A line for each thing done, as it is done.

    Raises:
        ClerkError: The folder cannot be written to.
    """
    papers = folder / "papers"
    try:
        papers.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClerkError("folder_not_made", folder=str(papers), reason=error.strerror or str(error)) from error
    with open_ledger(folder / "demo.db", _OFFICE_CODE, _demo_time, hardness=PRACTICE_HARDNESS) as ledger:
        staff_practice_office(ledger)
        for settlement in settle_samples(ledger):
            yield _line(settlement)
            yield from _write_papers(settlement, papers)
        count = ledger.month_count(_MONTH.year, _MONTH.month)
        settlements = ledger.settlements_of_month(_MONTH.year, _MONTH.month)
        workbook = folder / f"{_MONTH:%Y-%m}.xlsx"
        write_month_workbook(
            settlements, count, workbook, Progress(), office=_OFFICE, month=_MONTH, exported_by=CLERK.name
        )
        yield filled(_("月度工作簿：{file}"), {"file": workbook})


def _demo_time() -> datetime:
    """The demo's day, so that its papers are the same whenever it is written."""
    return datetime(2024, 6, 18, 10, 15).astimezone()


def _line(settlement: Settlement) -> str:
    kinds = {
        SettlementKind.SETTLEMENT: _("结算"),
        SettlementKind.REFUSAL: _("不予支付"),
        SettlementKind.REVERSAL: _("冲正"),
    }
    return filled(
        _("{number} {kind}：{name}，医疗费 {total_fen}，统筹支付 {fund_fen}"),
        {
            "number": settlement.voucher_number,
            "kind": kinds[settlement.kind],
            "name": settlement.person.name,
            "total_fen": settlement.total_fen,
            "fund_fen": settlement.fund_fen,
        },
    )


def _write_papers(settlement: Settlement, folder: Path) -> Iterator[str]:
    if settlement.kind is SettlementKind.REFUSAL:
        notice = folder / f"{settlement.voucher_number}-告知书.pdf"
        write_refusal_notice(settlement, notice, office=_OFFICE)
        yield f"  {notice}"
        return
    for copy in Copy:
        voucher = folder / f"{settlement.voucher_number}-{copy.value}.pdf"
        write_voucher(settlement, voucher, office=_OFFICE, copy=copy)
        yield f"  {voucher}"
