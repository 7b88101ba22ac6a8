"""The month's Excel to head office: every receipt, the summary, the refusals and the control totals.

Totals are live formulas over the rows; the control totals beside them are counted from the settlements, so that a row
that is lost or changed on the way shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from clerk_app.codes import Decision
from clerk_app.documents.month_lines import (
    DETAIL_COLUMNS,
    REFUSAL_COLUMNS,
    SUMMED_FIELDS,
    Line,
    MonthCount,
    detail_place,
    detail_values,
    is_refusal,
    lines_of,
    refusal_values,
)
from clerk_app.documents.month_sums import CORRECTED, PAPERS, REVERSALS, SETTLEMENTS, MonthSums, average
from clerk_app.documents.office import Office
from clerk_app.documents.sheets import Formula, Kind, Layout, Sheet, SheetColumn, Value
from clerk_app.documents.terms import tier_term
from clerk_app.documents.workbook_file import WorkbookFile
from clerk_app.documents.workbook_seal import (
    CODES_LAYOUT,
    SEAL_LAYOUT,
    CodesSheet,
    Origin,
    fill_seal_sheet,
    open_comment,
    seal_file,
)
from clerk_app.jobs import Progress, whole_file
from clerk_app.ledger.records import Head, Settlement
from clerk_app.money import to_decimal

_SIGNATURES = "经办：　　　　　　　　审核：　　　　　　　　审批：　　　　　　　　日期：　　　　年　　月　　日"
#: A title, a note, the Chinese heads and the national names stand above the first receipt; the refusals have no names.
_DETAIL_HEAD_ROWS, _REFUSAL_HEAD_ROWS = 4, 3
#: The list is five pages wide in print: person, institution and bill, fees, payments, who did it and on what basis.
_PAGE_ENDS = ("dise_name", "decision", "fund_pay_sumamt", "acp_date")
_UNKNOWN = "未填"
_AVERAGED = ("visit_cnt", "medfee_sumamt", "hifp_pay")
_REFUSED_AMOUNT = [column.field for column in REFUSAL_COLUMNS].index("refuse_amt")

_SUMMARY_COLUMNS = (
    SheetColumn("项目", "", 26),
    SheetColumn("人次", "", 10, Kind.COUNT),
    SheetColumn("票据张数", "", 11, Kind.COUNT),
    SheetColumn("医疗费总额", "medfee_sumamt", 17, Kind.MONEY),
    SheetColumn("符合政策范围", "inscp_scp_amt", 17, Kind.MONEY),
    SheetColumn("统筹支付", "hifp_pay", 17, Kind.MONEY),
    SheetColumn("个人负担", "psn_part_amt", 17, Kind.MONEY),
    SheetColumn("个人账户支付", "acct_pay", 17, Kind.MONEY),
    SheetColumn("个人现金支付", "psn_cash_pay", 17, Kind.MONEY),
    SheetColumn("次均费用", "", 14, Kind.MONEY),
    SheetColumn("次均统筹支付", "", 14, Kind.MONEY),
)
_CONTROL_COLUMNS = (
    SheetColumn("核对项目", "", 30),
    SheetColumn("系统登记数", "", 20, Kind.MONEY),
    SheetColumn("本表合计", "", 20, Kind.MONEY),
    SheetColumn("差额", "", 16, Kind.MONEY),
    SheetColumn("结果", "", 12, Kind.CODE),
)

#: What the summary is broken down by: head, the column of the list that holds the key, the key of a line.
_BREAKDOWNS: tuple[tuple[str, str, Callable[[Line], str]], ...] = (
    ("险种", "insutype_name", lambda line: line.settlement.entitlement.insurance.term),
    ("医院等级", "hosp_lv", lambda line: tier_term(line.settled.receipt.institution.tier)),
    ("医疗类别", "med_type_name", lambda line: line.settled.receipt.benefit.term),
    ("参保地", "insu_admdvs", lambda line: line.settlement.area_code),
    ("就诊地", "mdtrtarea_admvs", lambda line: line.settled.receipt.institution.area_code),
)


_DETAILS = Layout(
    "明细",
    DETAIL_COLUMNS,
    breaks_after=tuple(detail_place(field) + 1 for field in _PAGE_ENDS),
    head_rows=_DETAIL_HEAD_ROWS,
    kept_columns=3,
    is_list=True,
)
_SUMMARY = Layout("汇总", _SUMMARY_COLUMNS)
_REFUSALS = Layout("不予支付", REFUSAL_COLUMNS, head_rows=_REFUSAL_HEAD_ROWS, kept_columns=3, is_list=True)
_CONTROL = Layout("核对", _CONTROL_COLUMNS)
#: The sheets whose rows are signed, in their order.
SIGNED_LAYOUTS = (_DETAILS, _SUMMARY, _REFUSALS, _CONTROL)


class _Control(NamedTuple):
    """A control total: what was counted from the settlements beside a live formula over the rows."""

    words: str
    counted: Value
    formula: str
    result: Decimal
    kind: Kind


def write_month_workbook(
    settlements: Iterable[Settlement],
    count: int,
    target: Path,
    progress: Progress,
    *,
    office: Office,
    month: date,
    exported_by: str,
    head: Head | None = None,
    origin: Origin | None = None,
) -> None:
    """Write the month's settlements, refusals and reversals as a workbook that is whole or not there.

    Args:
        count: How many settlements will come, for the progress.
        month: Any day of the month.
        exported_by: The clerk, named in every sheet's note.
        head: The end of the audit trail as of the export, carried on the sheet of controls.
        origin: What the signature says of the export beside its rows.

    Raises:
        Cancelled: Nothing is left behind.
        ClerkError: ``file_not_written``.
    """
    origin = origin or Origin()
    with whole_file(target) as draft:
        layouts = (_DETAILS, _SUMMARY, _REFUSALS, _CONTROL, SEAL_LAYOUT, CODES_LAYOUT)
        title = f"手工（零星）报销月报 {month.year} 年 {month.month} 月"
        comment = open_comment() if office.signer else b""
        with WorkbookFile(
            draft, layouts, title=title, creator=office.name, made_at=origin.exported_at, comment=comment
        ) as file:
            book = _MonthWorkbook(file.sheets, office, month, exported_by, head)
            book.fill(settlements, count, progress)
            book.seal(origin)
        if office.signer is not None:
            seal_file(draft, office.signer)


class _MonthWorkbook:
    """The sheets while they are filled."""

    def __init__(
        self, sheets: Sequence[Sheet], office: Office, month: date, exported_by: str, head: Head | None
    ) -> None:
        self._details, self._summary, self._refusals, self._control, self._seal, codes = sheets
        self._codes = CodesSheet(codes, sheets[: len(SIGNED_LAYOUTS)])
        self._head = head
        self._office, self._month, self._exported_by = office, month, exported_by
        self._when = f"{month.year} 年 {month.month} 月"
        practice = "（练习数据）" if office.practice else ""
        self._note = f"填报单位：{office.name}　导出人：{exported_by}　金额单位：元{practice}"
        self._count = MonthCount()
        self._records = 0
        self._refused_count = self._refused_fen = 0
        self._listed_refused = Decimal(0)
        self._sums = MonthSums([key for _head, _field, key in _BREAKDOWNS])

    def fill(self, settlements: Iterable[Settlement], count: int, progress: Progress) -> None:
        """Write every sheet but the last two."""
        self._begin()
        progress.step(0, count)
        for done, settlement in enumerate(settlements, 1):
            self._records = done
            self._add(settlement)
            self._codes.take()
            progress.step(done, count)
        self._close_details()
        self._close_refusals()
        self._fill_summary()
        self._fill_control()

    def seal(self, origin: Origin) -> None:
        """Sign what was written."""
        fill_seal_sheet(
            self._seal, self._codes, self._office, self._month, self._exported_by, self._records, origin, self._head
        )

    def _begin(self) -> None:
        self._details.title(f"{self._when}　手工报销明细", self._note)
        self._details.heads(with_fields=True)
        self._refusals.title(f"{self._when}　不予支付明细", self._note)
        self._refusals.heads()

    def _add(self, settlement: Settlement) -> None:
        visits = persons = 0
        in_details = not is_refusal(settlement)
        if in_details:
            visits, persons = self._count.add(settlement)
        for line in lines_of(settlement, visits, persons):
            if in_details:
                values = detail_values(self._details.last_row - _DETAIL_HEAD_ROWS + 1, line)
                self._details.row(values)
                self._sums.add(line, values)
            if line.settled.decision is Decision.REFUSE:
                self._refused_count += 1
                self._refused_fen += line.sign * line.settled.receipt.total_fen
                values = refusal_values(self._refusals.last_row - _REFUSAL_HEAD_ROWS + 1, line)
                self._listed_refused += values[_REFUSED_AMOUNT]  # type: ignore[operator]  # an amount
                self._refusals.row(values)

    def _close_details(self) -> None:
        self._last_detail = max(self._details.last_row, _DETAIL_HEAD_ROWS + 1)
        if self._details.last_row == _DETAIL_HEAD_ROWS:
            self._details.blank()
        cells: list[tuple[Value | Formula, Kind]] = []
        for place, column in enumerate(DETAIL_COLUMNS):
            if column.field in SUMMED_FIELDS:
                rows = self._details.reference(place, _DETAIL_HEAD_ROWS + 1, self._last_detail)
                cells.append((_sum(rows, self._sums.total(column.field)), column.kind))
            else:
                cells.append(("合计" if place == 1 else None, Kind.CODE))
        self._details.mixed(cells)
        self._sign(self._details)

    def _close_refusals(self) -> None:
        self._refused_rows = self._refusals.last_row - _REFUSAL_HEAD_ROWS
        self._last_refusal = max(self._refusals.last_row, _REFUSAL_HEAD_ROWS + 1)
        if self._refusals.last_row == _REFUSAL_HEAD_ROWS:
            self._refusals.blank()
        cells: list[tuple[Value | Formula, Kind]] = []
        for place, column in enumerate(REFUSAL_COLUMNS):
            if column.field in ("medfee_sumamt", "refuse_amt"):
                cells.append((_sum(self._refusal_range(column.field), self._listed_refused), Kind.MONEY))
            else:
                cells.append(("合计" if place == 1 else None, Kind.CODE))
        self._refusals.mixed(cells)
        self._sign(self._refusals)

    def _fill_summary(self) -> None:
        sheet = self._summary
        sheet.title(f"{self._when}　异地门诊手工（零星）报销汇总", self._note)
        sheet.blank()
        sheet.heads()
        results = self._results()
        sums = [_sum(self._range(field), result) for field, result in zip(self._summed(), results[1:], strict=True)]
        sums.insert(1, Formula(f"=SUMPRODUCT({self._receipts()})", results[0]))
        sheet.mixed(_typed(["总计", *sums, *self._averages(results)]))
        sheet.mixed([("人数", Kind.TEXT), (_sum(self._range("psn_cnt"), self._sums.total("psn_cnt")), Kind.COUNT)])
        for place, (head, field, _key) in enumerate(_BREAKDOWNS):
            self._break_down(place, head, field)
        sheet.blank()
        sheet.line(
            "人次＝结算数减冲正数；人数＝当月有未冲正结算的人数（去重）。一次结算有多张票据时，人次计入第一张票据所在的类别。"
        )
        sheet.line("冲正以负数列入明细，各项合计为冲正后的净额；全部票据不予支付的申请只列入“不予支付”。")
        sheet.line("冲正标志：0 结算，1 冲正，2 更正。更正只列与原结算单的差额，不计人次、人数和票据张数。")
        self._sign(sheet)

    def _results(self, breakdown: int | None = None, key: str = "") -> list[Decimal]:
        """What a line of the summary comes to: 票据张数, then the summed columns."""
        return [self._sums.total(name, breakdown, key) for name in (PAPERS, *self._summed())]

    def _summed(self) -> tuple[str, ...]:
        return ("visit_cnt", *(column.field for column in _SUMMARY_COLUMNS if column.field))

    def _receipts(self) -> str:
        """票据张数 less those of reversals, as a part of a formula; a correction hands in no paper."""
        flag = self._range("refd_setl_flag")
        return f'(({flag}="0")-({flag}="1"))'

    def _averages(self, results: Sequence[Decimal]) -> tuple[Formula, Formula]:
        row = self._summary.last_row + 1
        visits, total, fund = (results[1 + self._summed().index(field)] for field in _AVERAGED)
        return (
            Formula(f"=IF(B{row}=0,0,ROUND(D{row}/B{row},2))", average(total, visits)),
            Formula(f"=IF(B{row}=0,0,ROUND(F{row}/B{row},2))", average(fund, visits)),
        )

    def _break_down(self, place: int, head: str, field: str) -> None:
        sheet = self._summary
        sheet.blank()
        sheet.heads(words=[f"按{head}", *(column.head for column in _SUMMARY_COLUMNS[1:])])
        column = self._range(field)
        first = sheet.last_row + 1
        together = [Decimal(0)] * (1 + len(self._summed()))
        keys = self._sums.keys_of(place)
        for key in keys:
            wanted = f"$A{sheet.last_row + 1}" if key else '""'
            results = self._results(place, key)
            together = [one + other for one, other in zip(together, results, strict=True)]
            sums = [
                Formula(f"=SUMPRODUCT(({column}={wanted})*{self._range(summed)})", result)
                for summed, result in zip(self._summed(), results[1:], strict=True)
            ]
            sums.insert(1, Formula(f"=SUMPRODUCT(({column}={wanted})*{self._receipts()})", results[0]))
            sheet.mixed(_typed([key or _UNKNOWN, *sums, *self._averages(results)]))
        if keys:
            ordered = [together[1], together[0], *together[2:]]
            sums = [
                _sum(f"{letter}{first}:{letter}{sheet.last_row}", result)
                for letter, result in zip("BCDEFGHI", ordered, strict=True)
            ]
            sheet.mixed(_typed(["小计", *sums, *self._averages(together)]))

    def _fill_control(self) -> None:
        sheet = self._control
        sheet.title(f"{self._when}　核对表", self._note)
        sheet.blank()
        sheet.heads()
        for control in self._controls():
            row = sheet.last_row + 1
            difference = Decimal(control.counted) - control.result  # type: ignore[arg-type]  # amounts and counts
            sheet.mixed(
                [
                    (control.words, Kind.TEXT),
                    (control.counted, control.kind),
                    (Formula(f"={control.formula}", control.result), control.kind),
                    (Formula(f"=ROUND(B{row}-C{row},2)", difference), control.kind),
                    (Formula(f'=IF(D{row}=0,"相符","不符")', "不符" if difference else "相符"), Kind.CODE),
                ]
            )
        sheet.blank()
        sheet.line("“系统登记数”由结算记录直接汇总，不随本表改动；“本表合计”由明细行实时计算。出现“不符”时请勿上报。")
        if self._head is not None:
            sheet.line(f"操作记录校验码 {self._head.printed}")
        self._sign(sheet)

    def _controls(self) -> Sequence[_Control]:
        counted, flag, listed = self._count.sums, self._range("refd_setl_flag"), self._sums
        visits = self._range("visit_cnt")
        refused = Decimal(self._refused_rows)
        counts = (
            ("结算单数", counted["settlements"], f'SUMPRODUCT(({flag}="0")*{visits})', listed.total(SETTLEMENTS)),
            ("冲正单数", counted["reversals"], f'-SUMPRODUCT(({flag}="1")*{visits})', listed.total(REVERSALS)),
            ("人次（结算数减冲正数）", counted["visits"], f"SUM({visits})", listed.total("visit_cnt")),
            ("人数（去重）", self._count.persons, f"SUM({self._range('psn_cnt')})", listed.total("psn_cnt")),
            ("票据行数", counted["receipts"], f"COUNT({self._range('no')})", Decimal(listed.lines)),
            ("更正票据行数", counted["corrected_receipts"], f'SUMPRODUCT(({flag}="2")*1)', listed.total(CORRECTED)),
            ("不予支付票据数", self._refused_count, f"COUNT({self._refusal_range('no')})", refused),
        )
        amounts = (
            ("医疗费总额", counted["total"], "medfee_sumamt"),
            ("符合政策范围", counted["in_scope"], "inscp_scp_amt"),
            ("统筹支付", counted["fund"], "hifp_pay"),
            ("个人负担", counted["person"], "psn_part_amt"),
            ("个人账户支付", counted["account"], "acct_pay"),
            ("个人现金支付", counted["cash"], "psn_cash_pay"),
        )
        refused_sum = f"ROUND(SUM({self._refusal_range('refuse_amt')}),2)"
        return (
            *(_Control(words, count, formula, result, Kind.COUNT) for words, count, formula, result in counts),
            *(
                _Control(words, to_decimal(fen), f"ROUND(SUM({self._range(field)}),2)", listed.total(field), Kind.MONEY)
                for words, fen, field in amounts
            ),
            _Control("不予支付金额", to_decimal(self._refused_fen), refused_sum, self._listed_refused, Kind.MONEY),
        )

    def _sign(self, sheet: Sheet) -> None:
        sheet.blank()
        sheet.line(_SIGNATURES)

    def _range(self, field: str) -> str:
        """The cells of a column of the list of receipts."""
        return self._details.reference(detail_place(field), _DETAIL_HEAD_ROWS + 1, self._last_detail)

    def _refusal_range(self, field: str) -> str:
        place = next(place for place, column in enumerate(REFUSAL_COLUMNS) if column.field == field)
        return self._refusals.reference(place, _REFUSAL_HEAD_ROWS + 1, self._last_refusal)


def _sum(cells: str, result: Decimal) -> Formula:
    return Formula(f"=SUM({cells})", result)


def _typed(values: Sequence[Value | Formula]) -> list[tuple[Value | Formula, Kind]]:
    """Cells of the summary, each of its column's kind."""
    return [(value, column.kind) for value, column in zip(values, _SUMMARY_COLUMNS, strict=True)]
