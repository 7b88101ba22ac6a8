"""Sheets of a workbook that is written row by row: typed columns, live formulas, A4 landscape.

A cell's type is set, never guessed: text that begins with = stays text. A sheet keeps nothing of a row but its check
codes, so that a year's rows take no more memory than a day's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, Protocol
from xml.sax.saxutils import escape

from clerk_app.documents.row_codes import FORMULA, NUMBER, SEPARATOR, RowCodes, plain_formula
from clerk_app.money import to_decimal

Value = str | int | Decimal | date | datetime | None

#: What no XML file can hold; it is written out visibly, so that neither the text nor the export is lost.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ODD = re.compile("[\x00-\x1f&<>\ud800-\udfff\ufffe\uffff]")
_LINE_HEIGHT = 13.5
_DAY_ZERO = date(1899, 12, 30).toordinal()
_SECONDS = 86_400
#: As many rows go to the file at once: few calls, little memory.
_ROWS_AT_ONCE = 64


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


#: The numbers of the cell styles; those of the kinds follow.
PLAIN, TITLE, LINE, HEAD, FIELD = range(5)
STYLES = {kind: number for number, kind in enumerate(Kind, FIELD + 1)}


class SheetColumn(NamedTuple):
    """A column: Chinese head, national field name below it, width in characters."""

    head: str
    field: str
    width: float
    kind: Kind = Kind.TEXT


class Formula(NamedTuple):
    """A live formula of the program's own making; everything else that begins with = is text.

    Attributes:
        words: With its =.
        result: What it gives as of now, which readers show that do not calculate.
    """

    words: str
    result: Value


@dataclass(frozen=True, slots=True)
class Layout:
    """What a sheet is before its first row.

    Attributes:
        breaks_after: Columns after which a printed page ends; without any the sheet is fitted to one page's width.
        head_rows: How many rows stay in sight and are repeated on every printed page.
        kept_columns: The same for columns.
        is_form: Somebody fills it in below its last row, where every column has its format.
        is_list: Its numbers are those of their columns; elsewhere a number is one of two places.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    breaks_after: tuple[int, ...] = ()
    head_rows: int = 0
    kept_columns: int = 0
    is_form: bool = False
    is_list: bool = False


class RowSink(Protocol):
    """Where the rows of a sheet go."""

    def write(self, content: bytes, /) -> object:
        """Take the next bytes."""


class Sheet:
    """One sheet, filled from the top."""

    def __init__(self, layout: Layout, sink: RowSink) -> None:
        self.layout = layout
        self.columns = layout.columns
        self.codes = RowCodes(len(layout.columns))
        self.last_row = 0
        self._sink = sink
        self._waiting: list[str] = []
        self._letters = [column_letter(place) for place in range(len(layout.columns))]
        self._writers = [_writer(column.kind) for column in layout.columns]
        self._pattern = "".join(
            f'<c r="{letter}%d" s="{STYLES[column.kind]}"%s'
            for letter, column in zip(self._letters, layout.columns, strict=True)
        )
        self._wide = [column.width / 2 if column.kind.is_text else math.inf for column in layout.columns]

    @property
    def name(self) -> str:
        """As the tab shows it."""
        return self.layout.name

    def title(self, words: str, note: str = "") -> None:
        """A large line, and a small one below it."""
        self._texts([(words, TITLE)])
        if note:
            self._texts([(note, LINE)])

    def heads(self, *, with_fields: bool = False, words: Sequence[str] | None = None) -> None:
        """The head row; below it the national field names."""
        heads = words or [column.head for column in self.columns]
        lines = max(_lines(head, column.width - 1.5) for head, column in zip(heads, self.columns, strict=False))
        self._texts([(head, HEAD) for head in heads], lines * _LINE_HEIGHT + 4)
        if with_fields:
            self._texts([(column.field, FIELD) for column in self.columns])

    def row(self, values: Sequence[Value]) -> None:
        """A row of values, each of its column's kind."""
        number = self.last_row + 1
        signed: list[str] = []
        cells: list[object] = []
        lines = 1
        for value, write, wide in zip(values, self._writers, self._wide, strict=True):
            cells.append(number)
            if value is None:
                signed.append("")
                cells.append("/>")
                continue
            canonical, cell = write(value)
            signed.append(canonical)
            cells.append(cell)
            if len(canonical) > wide:
                lines = max(lines, _lines(canonical, wide * 2 - 1.5))
        height = lines * _LINE_HEIGHT + 2 if lines > 1 else 0
        self._append(self._pattern % tuple(cells), height, SEPARATOR.join(signed))

    def mixed(self, cells: Sequence[tuple[Value | Formula, Kind]]) -> None:
        """A row whose kinds differ from the columns'."""
        signed, made = [], []
        for letter, (value, kind) in zip(self._letters, cells, strict=False):
            canonical, cell = _made(value, kind)
            signed.append(canonical)
            made.append(f'<c r="{letter}{self.last_row + 1}" s="{STYLES[kind]}"{cell}')
            if isinstance(value, Formula):
                self.codes.add_result(result_of(value.result))
        self._append("".join(made), 0, SEPARATOR.join(signed))

    def blank(self) -> None:
        """An empty row."""
        self._append("", 0, "")

    def line(self, words: str) -> None:
        """A line of text without boxes."""
        self._texts([(words, LINE)])

    def plain_row(self, words: Sequence[str]) -> None:
        """Texts without boxes, each in a cell of its own and on one line."""
        self._texts([(each, LINE) for each in words])

    def reference(self, column: int, first_row: int, last_row: int) -> str:
        """An absolute range of this sheet for a formula on another; columns count from 0."""
        letter = column_letter(column)
        return f"'{self.name}'!${letter}${first_row}:${letter}${last_row}"

    def finish(self) -> None:
        """Hand over the last rows."""
        if self._waiting:
            self._sink.write("".join(self._waiting).encode())
            self._waiting.clear()

    def _texts(self, texts: Sequence[tuple[str, int]], height: float = 0) -> None:
        signed, made = [], []
        for letter, (words, style) in zip(self._letters, texts, strict=False):
            canonical, cell = _text(words)
            signed.append(canonical)
            made.append(f'<c r="{letter}{self.last_row + 1}" s="{style}"{cell}')
        self._append("".join(made), height, SEPARATOR.join(signed))

    def _append(self, cells: str, height: float, signed: str) -> None:
        self.last_row += 1
        self.codes.add(signed)
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        self._waiting.append(f'<row r="{self.last_row}"{tall}>{cells}</row>')
        if len(self._waiting) >= _ROWS_AT_ONCE:
            self.finish()


def column_letter(place: int) -> str:
    """A column's letters; columns count from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def result_of(value: Value) -> str:
    """What the signature says of a formula's result: fen where it is a number, as on every small sheet."""
    if isinstance(value, str) or value is None:
        return value or ""
    assert isinstance(value, (int, Decimal)), "formulas give numbers or words"
    return f"{NUMBER}{int(value * 100)}"


def _made(value: Value | Formula, kind: Kind) -> tuple[str, str]:
    """A cell that is not of its column: what the signature says of it, and the rest of its element."""
    if value is None:
        return "", "/>"
    if isinstance(value, Formula):
        words = value.words.removeprefix("=")
        result = value.result
        is_words = isinstance(result, str)
        shown = escape(str(result)) if is_words else _figure(result)
        head = ' t="str"' if is_words else ""
        return FORMULA + plain_formula(words), f"{head}><f>{escape(words)}</f><v>{shown}</v></c>"
    if isinstance(value, str):
        return _text(value)
    assert isinstance(value, (int, Decimal)), kind
    return f"{NUMBER}{int(value * 100)}", f"><v>{_figure(value)}</v></c>"


def _figure(value: Value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _text(value: object) -> tuple[str, str]:
    text = value if type(value) is str else str(value)
    if not text:
        return "", "/>"
    shown = text
    if _ODD.search(text):
        text = _UNWRITABLE.sub(_visible, text.replace("\r\n", "\n").replace("\r", "\n"))
        shown = escape(text)
    if text != text.strip():
        return text, f' t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'
    return text, f' t="inlineStr"><is><t>{shown}</t></is></c>'


def _count(value: object) -> tuple[str, str]:
    return f"{NUMBER}{value}", f"><v>{value}</v></c>"


def _decimal(places: int) -> Callable[[object], tuple[str, str]]:
    pattern = f"%.{places}f"
    whole = 10**places

    def write(value: object) -> tuple[str, str]:
        assert isinstance(value, Decimal), "never a float"
        units = int(value * whole)
        shown = str(to_decimal(units)) if places == 2 else pattern % (units / whole)
        return f"{NUMBER}{units}", f"><v>{shown}</v></c>"

    return write


def _day(value: object) -> tuple[str, str]:
    assert isinstance(value, date)
    days = value.toordinal() - _DAY_ZERO
    return f"{NUMBER}{days}", f"><v>{days}</v></c>"


def _moment(value: object) -> tuple[str, str]:
    assert isinstance(value, datetime)
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    days = value.toordinal() - _DAY_ZERO
    return f"{NUMBER}{days * _SECONDS + seconds}", f"><v>{days + seconds / _SECONDS:.10f}</v></c>"


_WRITERS = {
    Kind.TEXT: _text,
    Kind.CODE: _text,
    Kind.MONEY: _decimal(2),
    Kind.RATIO: _decimal(4),
    Kind.COUNT: _count,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
}
#: How many units of the signature a number of the kind has for each 1 of its cell.
UNITS = {
    Kind.TEXT: 100,
    Kind.CODE: 100,
    Kind.MONEY: 100,
    Kind.RATIO: 10_000,
    Kind.COUNT: 1,
    Kind.DAY: 1,
    Kind.MOMENT: _SECONDS,
}


def _writer(kind: Kind) -> Callable[[object], tuple[str, str]]:
    return _WRITERS[kind]


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; not every program grows a row to its text."""
    return sum(
        math.ceil(max(sum(2 if ord(character) > 0x2E7F else 1 for character in line), 1) / width)
        for line in text.splitlines() or [""]
    )


def _visible(match: re.Match[str]) -> str:
    return f"\\x{ord(match.group()):02x}"
