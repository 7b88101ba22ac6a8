"""Sheets of a workbook that is written row by row: typed columns, live formulas, A4 landscape.

A cell's type is set, never guessed: text that begins with = stays text.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

Value = str | int | Decimal | date | datetime | None

#: What no XML file can hold; it is written out visibly, so that neither the text nor the export is lost.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FACE = "宋体"
_LINE_HEIGHT = 13.5
_THIN = Side(style="thin", color="FF808080")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="FFEDEDED")
_LANDSCAPE, _A4 = "landscape", 9


class Kind(Enum):
    """What a column holds: its number format and where it stands."""

    TEXT = ("@", "left")
    CODE = ("@", "center")
    MONEY = ("0.00", "right")
    RATIO = ("0.0000", "right")
    COUNT = ("0", "right")
    DAY = ("yyyy-mm-dd", "center")
    MOMENT = ("yyyy-mm-dd hh:mm:ss", "center")

    @property
    def is_text(self) -> bool:
        """Whether the column holds text that must never become anything else."""
        return self in (Kind.TEXT, Kind.CODE)


class SheetColumn(NamedTuple):
    """A column: Chinese head, national field name below it, width in characters."""

    head: str
    field: str
    width: float
    kind: Kind = Kind.TEXT


class Sheet:
    """One sheet, filled from the top.

    Args:
        breaks_after: Columns after which a printed page ends; without any the sheet is fitted to one page's width.
        kept_columns: How many columns stay in sight, and are repeated on every printed page.
    """

    def __init__(
        self,
        book: Workbook,
        name: str,
        columns: Sequence[SheetColumn],
        *,
        breaks_after: Sequence[int] = (),
        kept_columns: int = 0,
    ) -> None:
        # The stubs know little of a write-only sheet.
        self._sheet: Any = book.create_sheet(name)
        self.name = name
        self.columns = tuple(columns)
        self.last_row = 0
        self._cells = [self._body_cell(column.kind) for column in columns]
        self._prepare_page(breaks_after, kept_columns)

    def _prepare_page(self, breaks_after: Sequence[int], kept_columns: int) -> None:
        sheet = self._sheet
        for place, column in enumerate(self.columns, 1):
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.page_setup.orientation = _LANDSCAPE
        sheet.page_setup.paperSize = _A4
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.75
        sheet.page_margins.header = sheet.page_margins.footer = 0.3
        sheet.oddFooter.left.text = self.name
        sheet.oddFooter.center.text = "第 &P 页　共 &N 页"
        sheet.print_options.horizontalCentered = not breaks_after
        if breaks_after:
            sheet.page_setup.scale = 60
            for place in breaks_after:
                sheet.col_breaks.append(Break(id=place))
        else:
            sheet.sheet_properties.pageSetUpPr.fitToPage = True
            sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        if kept_columns:
            sheet.print_title_cols = f"A:{get_column_letter(kept_columns)}"

    def freeze(self, head_rows: int, kept_columns: int) -> None:
        """Keep head rows and first columns in sight and repeat the rows in print; before the first row."""
        self._sheet.freeze_panes = f"{get_column_letter(kept_columns + 1)}{head_rows + 1}"
        self._sheet.print_title_rows = f"1:{head_rows}"

    def title(self, words: str, note: str = "") -> None:
        """A large line, and a small one below it."""
        cell = self._cell(words)
        cell.font = Font(name=_FACE, size=14, bold=True)
        self._append([cell])
        if note:
            self._append([self._cell(note)])

    def heads(self, *, with_fields: bool = False, words: Sequence[str] | None = None) -> None:
        """The head row; below it the national field names."""
        heads = words or [column.head for column in self.columns]
        lines = max(_lines(head, column.width - 1.5) for head, column in zip(heads, self.columns, strict=True))
        self._sheet.row_dimensions[self.last_row + 1].height = lines * _LINE_HEIGHT + 4
        self._append([self._head_cell(head) for head in heads])
        if with_fields:
            self._append([self._head_cell(column.field, size=8) for column in self.columns])

    def row(self, values: Sequence[Value]) -> None:
        """A row of values, each of its column's kind."""
        lines = 1
        for cell, column, value in zip(self._cells, self.columns, values, strict=True):
            if column.kind.is_text and value is not None:
                text = _writable(str(value))
                cell.value = text
                cell.data_type = "s"
                if len(text) * 2 > column.width:
                    lines = max(lines, _lines(text, column.width - 1.5))
            else:
                cell.value = value
        if lines > 1:
            self._sheet.row_dimensions[self.last_row + 1].height = lines * _LINE_HEIGHT + 2
        self._append(self._cells)

    def mixed(self, cells: Sequence[tuple[Value, Kind]]) -> None:
        """A row whose kinds differ from the columns'; a text that is a formula is made with ``formula``."""
        self._append([self._made(value, kind) for value, kind in cells])

    def blank(self) -> None:
        """An empty row."""
        self._append([])

    def line(self, words: str) -> None:
        """A line of text without boxes."""
        self._append([self._cell(words)])

    def reference(self, column: int, first_row: int, last_row: int) -> str:
        """An absolute range of this sheet for a formula on another; columns count from 0."""
        letter = get_column_letter(column + 1)
        return f"'{self.name}'!${letter}${first_row}:${letter}${last_row}"

    def _append(self, cells: Sequence[Cell]) -> None:
        self._sheet.append(list(cells))
        self.last_row += 1

    def _made(self, value: Value, kind: Kind) -> Cell:
        cell = self._body_cell(kind)
        if isinstance(value, Formula):
            cell.value = str(value)
            cell.data_type = "f"
        elif isinstance(value, str):
            cell.value = _writable(value)
            cell.data_type = "s"
        else:
            cell.value = value
        return cell

    def _cell(self, words: str) -> Cell:
        cell = WriteOnlyCell(self._sheet, value=_writable(words))
        cell.data_type = "s"
        cell.font = Font(name=_FACE, size=10)
        return cell

    def _body_cell(self, kind: Kind) -> Cell:
        number_format, align = kind.value
        cell = WriteOnlyCell(self._sheet)
        cell.font = Font(name=_FACE, size=10)
        cell.number_format = number_format
        cell.alignment = Alignment(
            horizontal=align, vertical="center", wrap_text=kind.is_text, indent=int(kind is Kind.TEXT)
        )
        cell.border = _BORDER
        return cell

    def _head_cell(self, words: str, size: float = 10) -> Cell:
        cell = self._cell(words)
        cell.font = Font(name=_FACE, size=size, bold=size == 10)
        cell.fill = _HEAD_FILL
        cell.border = _BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        return cell


def sweep(book: Workbook) -> None:
    """Remove the temporary files of a book that is written row by row; saved whole, it has none left.

    They hold names and ID numbers, and openpyxl leaves them where they are when it is cancelled or the disk is full.
    """
    for sheet in book.worksheets:
        # The stubs know little of a write-only sheet, and openpyxl has no other way to what it writes to.
        writer: Any = getattr(sheet, "_writer", None)
        for generator in (getattr(sheet, "_rows", None), writer and writer.xf):
            if generator is not None:
                # What cannot be written any more is not wanted any more.
                with contextlib.suppress(Exception):
                    generator.close()
        if writer is not None:
            Path(writer.out).unlink(missing_ok=True)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; not every program grows a row to its text."""
    return sum(
        math.ceil(max(sum(2 if ord(character) > 0x2E7F else 1 for character in line), 1) / width)
        for line in text.splitlines() or [""]
    )


class Formula(str):
    """A live formula of the program's own making; everything else that begins with = is text."""

    __slots__ = ()


def _writable(text: str) -> str:
    return _UNWRITABLE.sub(lambda match: f"\\x{ord(match.group()):02x}", text)
