#!/usr/bin/env python3
"""One figure of packaging/bench.py's workbook in a process of its own: what, folder, rows.

Prints the milliseconds it took and the most memory that the process had, in MiB.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from clerk_app.documents.sheets import Kind, Layout, SheetColumn, Value

_KINDS = [
    *(Kind.COUNT, Kind.CODE, Kind.TEXT, Kind.CODE, Kind.DAY, Kind.TEXT, Kind.CODE),
    *(Kind.MONEY, Kind.MONEY, Kind.MONEY),
] * 3
_COLUMNS = tuple(SheetColumn(f"列{place}", f"c{place}", 14, kind) for place, kind in enumerate(_KINDS))


def values(rows: int) -> Iterator[list[Value]]:
    """Rows as a month has them."""
    for row in range(rows):
        amount = Decimal(row * 7 + 123).scaleb(-2)
        voucher, number = f"990100-2026-{row:06d}", f"9901011980010{row % 100_000:05d}"
        third: list[Value] = [row, voucher, "张三示例", number, date(2026, 11, 1 + row % 28)]
        yield [*third, "邻省示例市第一人民医院", "310", amount, amount, amount] * 3


def write(target: Path, rows: int) -> None:
    """Ours, with its check codes."""
    from clerk_app.documents.workbook_file import WorkbookFile

    layout = Layout("明细", _COLUMNS, head_rows=1, is_list=True)
    with WorkbookFile(target, [layout], title="x", creator="x", made_at=datetime(2026, 12, 1)) as file:  # noqa: DTZ001
        sheet = file.sheets[0]
        sheet.heads()
        for row in values(rows):
            sheet.row(row)
            sheet.codes.blocks.clear()


def write_openpyxl(target: Path, rows: int) -> None:
    """The peer at its best: cells made once, number formats set once, values put in."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("明细")
    cells = []
    for kind in _KINDS:
        cell = WriteOnlyCell(sheet)
        cell.number_format = kind.value[0]
        cells.append(cell)
    sheet.append([column.head for column in _COLUMNS])
    for row in values(rows):
        for cell, value in zip(cells, row, strict=True):
            cell.value = value
        sheet.append(cells)
    book.save(target)


def read(target: Path) -> int:
    """Every cell of ours."""
    from clerk_app.documents.workbook_reading import Limits, open_workbook

    with open_workbook(target, Limits()) as book:
        return sum(len(row.values) for row in book.rows(book.sheets[0]))


def read_openpyxl(target: Path) -> int:
    """Every cell of the same file, by the peer."""
    import openpyxl

    book = openpyxl.load_workbook(target, read_only=True)
    return sum(len(row) for row in book["明细"].iter_rows(values_only=True))


def main() -> None:
    """Do the one that is asked for."""
    what, folder, rows = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    ours, theirs = folder / f"ours-{rows}.xlsx", folder / f"theirs-{rows}.xlsx"
    start = time.perf_counter()
    if what == "write":
        write(ours, rows)
    elif what == "write-openpyxl":
        write_openpyxl(theirs, rows)
    else:
        cells = read(ours) if what == "read" else read_openpyxl(ours)
        assert cells == (rows + 1) * len(_COLUMNS), "every cell is read"
    took = (time.perf_counter() - start) * 1000
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
