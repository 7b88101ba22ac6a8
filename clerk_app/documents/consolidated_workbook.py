"""The workbook of a consolidation: the files, bills that two offices paid, persons over a cap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from clerk_app.documents.consolidation import Consolidation, File, OverCap, Placed, Verdict
from clerk_app.documents.sheets import Formula, Kind, Layout, Sheet, SheetColumn, Value
from clerk_app.documents.signing import key_code
from clerk_app.documents.workbook_file import WorkbookFile
from clerk_app.documents.workbook_seal import CODE, EXPORTED_AT, MONTH, OFFICE, RECORDS, RESEND
from clerk_app.jobs import whole_file
from clerk_app.money import to_decimal

_FILES = Layout(
    "文件",
    (
        SheetColumn("文件", "", 30),
        SheetColumn("填报单位", "", 28),
        SheetColumn("机构代码", "", 10, Kind.CODE),
        SheetColumn("月份", "", 10, Kind.CODE),
        SheetColumn("第几次导出", "", 8, Kind.CODE),
        SheetColumn("导出时间", "", 20, Kind.CODE),
        SheetColumn("签名公钥", "", 22, Kind.CODE),
        SheetColumn("结论", "", 18, Kind.CODE),
        SheetColumn("单据数", "", 9, Kind.CODE),
        SheetColumn("票据行数", "", 10, Kind.COUNT),
        SheetColumn("医疗费总额", "", 17, Kind.MONEY),
        SheetColumn("统筹支付", "", 17, Kind.MONEY),
        SheetColumn("说明", "", 50),
    ),
    head_rows=3,
)
_DUPLICATES = Layout(
    "重复票据",
    (
        SheetColumn("组", "", 6, Kind.COUNT),
        SheetColumn("判断", "", 12, Kind.CODE),
        SheetColumn("填报单位", "", 28),
        SheetColumn("月份", "", 10, Kind.CODE),
        SheetColumn("明细行", "", 8, Kind.COUNT),
        SheetColumn("结算单号", "", 21, Kind.CODE),
        SheetColumn("姓名", "", 12),
        SheetColumn("证件号码", "", 21, Kind.CODE),
        SheetColumn("票据代码", "", 13, Kind.CODE),
        SheetColumn("票据号码", "", 16, Kind.CODE),
        SheetColumn("医药机构名称", "", 30),
        SheetColumn("就诊日期", "", 12, Kind.CODE),
        SheetColumn("医疗费总额", "", 15, Kind.MONEY),
        SheetColumn("统筹支付", "", 15, Kind.MONEY),
    ),
    head_rows=3,
)
_OVER_CAPS = Layout(
    "超年度限额",
    (
        SheetColumn("判断", "", 14, Kind.CODE),
        SheetColumn("姓名", "", 12),
        SheetColumn("证件号码", "", 21, Kind.CODE),
        SheetColumn("年度", "", 8, Kind.COUNT),
        SheetColumn("限额类别", "", 16),
        SheetColumn("年度限额", "", 15, Kind.MONEY),
        SheetColumn("各机构支付合计", "", 16, Kind.MONEY),
        SheetColumn("此前已支付", "", 15, Kind.MONEY),
        SheetColumn("超过", "", 15, Kind.MONEY),
        SheetColumn("各机构支付", "", 60),
    ),
    head_rows=3,
)
_NOTES = (
    "只有签名核对无误的文件计入；同一机构同一月份以最后一次导出为准。",
    "重复票据：票据代码和号码相同为“相同”；医药机构、就诊日期、金额和人员都相同为“疑似”。已冲正的不列。",
    "超年度限额：“超过”指各机构在这些文件中的支付已超过限额；“需核对”指加上某机构此前已支付的金额后超过。",
)


def write_consolidation(found: Consolidation, target: Path, made_at: datetime) -> None:
    """Write what was found; the file is whole or not there.

    Args:
        made_at: The office's local time.

    Raises:
        ClerkError: ``file_not_written``.
    """
    title, note = "月报汇总核对", f"生成时间：{made_at:%Y-%m-%d %H:%M}　金额单位：元"
    with whole_file(target) as draft:
        layouts = (_FILES, _DUPLICATES, _OVER_CAPS)
        with WorkbookFile(draft, layouts, title=title, creator="clerk-app", made_at=made_at) as book:
            files, duplicates, over_caps = book.sheets
            for sheet in book.sheets:
                sheet.title(f"{title}　{sheet.name}", note)
                sheet.heads()
            for file in found.files:
                files.row(_file_row(file))
            _add_up(files, found)
            for line in (*found.remarks, *_NOTES):
                files.line(line)
            for group, duplicate in enumerate(found.duplicates, 1):
                for placed in duplicate.lines:
                    duplicates.row([group, "相同" if duplicate.is_certain else "疑似", *_duplicate_row(placed)])
            for over in found.over_caps:
                over_caps.row(_over_row(over))


def _file_row(file: File) -> list[Value]:
    is_taken = file.verdict is Verdict.TAKEN
    key = bytes.fromhex(file.office)
    return [
        file.path.name,
        file.fact(OFFICE),
        file.fact(CODE),
        file.fact(MONTH),
        file.fact(RESEND),
        file.fact(EXPORTED_AT),
        key_code(key) if key else "",
        file.verdict.term,
        file.fact(RECORDS),
        len(file.lines) if is_taken else None,
        to_decimal(sum(line.total_fen for line in file.lines)) if is_taken else None,
        to_decimal(sum(line.fund_fen for line in file.lines)) if is_taken else None,
        "\n".join(file.remarks),
    ]


def _add_up(sheet: Sheet, found: Consolidation) -> None:
    first, last = _FILES.head_rows + 1, max(sheet.last_row, _FILES.head_rows + 1)
    sums = (
        (9, Kind.COUNT, Decimal(sum(len(file.lines) for file in found.files))),
        (10, Kind.MONEY, to_decimal(sum(line.total_fen for file in found.files for line in file.lines))),
        (11, Kind.MONEY, to_decimal(sum(line.fund_fen for file in found.files for line in file.lines))),
    )
    if sheet.last_row < last:
        sheet.blank()
    cells: list[tuple[Value | Formula, Kind]] = [("合计" if place == 0 else None, Kind.CODE) for place in range(13)]
    for place, kind, result in sums:
        cells[place] = Formula(f"=SUM({sheet.reference(place, first, last)})", result), kind
    sheet.mixed(cells)
    sheet.blank()


def _duplicate_row(placed: Placed) -> Iterator[Value]:
    file, line = placed
    yield from (file.fact(OFFICE), file.fact(MONTH), line.row, line.voucher_number, line.name, line.id_number)
    yield from (line.bill_code, line.bill_number, line.institution, line.visited_on)
    yield from (to_decimal(line.total_fen), to_decimal(line.fund_fen))


def _over_row(over: OverCap) -> list[Value]:
    over_fen = over.paid_fen - over.cap_fen + (0 if over.is_certain else over.before_fen)
    return [
        "超过" if over.is_certain else "需核对",
        over.name,
        over.id_number,
        over.year,
        over.pool,
        to_decimal(over.cap_fen),
        to_decimal(over.paid_fen),
        to_decimal(over.before_fen),
        to_decimal(over_fen),
        "；".join(f"{office} {to_decimal(fen)}" for office, fen in over.by_office),
    ]
