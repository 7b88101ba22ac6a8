"""Whether a month's workbook says what the office signed: every value of every row, their order, and the month.

Nothing but the file is read. Untouched, the seal behind it covers every bit; saved again by a spreadsheet program, the
signature on the sheet 签章 covers what the rows say, and the formats of the cells are in nobody's hands.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from clerk_app.documents.month_workbook import SIGNED_LAYOUTS
from clerk_app.documents.row_codes import (
    COLUMN_DIGITS,
    FORMULA,
    NUMBER,
    OTHER,
    SEPARATOR,
    Block,
    BlocksDigest,
    RowCodes,
    plain_formula,
)
from clerk_app.documents.sheet_xml import Row
from clerk_app.documents.sheets import UNITS, Layout
from clerk_app.documents.signing import is_signed
from clerk_app.documents.workbook_reading import Limits, SheetPart, WorkbookReader, open_workbook
from clerk_app.documents.workbook_seal import (
    CODES,
    CODES_HEADING,
    CODES_SHEET,
    FIRST_FACT,
    FORMAT,
    FORMAT_LABEL,
    KEY,
    LABELS,
    SEAL_DIGITS,
    SEAL_HEADING,
    SEAL_MARK,
    SEALED_AS,
    SHEET,
    SHEETS,
    SIGNATURE,
    SIGNED_AS,
    file_digest,
    payload,
)
from clerk_app.wording import N_, _, filled

_WORDS = {
    "unsigned": N_("没有签名：它不是本程序签发的月报，或者签章表被改动过。"),
    "broken": N_("签章表的内容与签名不符：签发以后被改动过。"),
    "other_key": N_("签名所用的公钥 {given} 不是所给机构的公钥。"),
    "damaged": N_("文件末尾的封印与文件不符：签发以后文件被改动或损坏。"),
    "sheets": N_("工作表应为 {signed}，文件中是 {found}。"),
    "codes": N_("“校验码”表被改动过，不能指出是哪一行。"),
    "cell": N_("“{sheet}”第 {row} 行“{column}”与签发时不同。"),
    "row": N_("“{sheet}”第 {row} 行与签发时不同。"),
    "rows": N_("“{sheet}”应有 {signed} 行，文件中有 {found} 行。"),
    "sheet": N_("“{sheet}”与签发时不同。"),
    "results": N_("“{sheet}”中公式的结果与签发时不同。"),
}

_NO_COLUMN = -1
#: Of a fen, a second or one: what a program's sums and its writing of binary numbers may differ by, and no more.
_LEAST_TOLERANCE, _BINARY_TOLERANCE = Decimal("0.001"), Decimal("1e-15")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was signed."""

    kind: str
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In words."""
        return filled(_(_WORDS[self.kind]), dict(self.details))


@dataclass(frozen=True, slots=True)
class WorkbookCheck:
    """What a look at a workbook found.

    Attributes:
        facts: What the file says of itself, by the labels of ``workbook_seal``; to be believed without differences.
        public_key: That the signature was checked with.
        is_untouched: Every bit is as it left the office; otherwise a program has saved the file again.
    """

    facts: Mapping[str, str]
    public_key: bytes
    differences: tuple[Difference, ...]
    is_untouched: bool

    @property
    def is_sound(self) -> bool:
        """Whether every row says what the holder of the key signed."""
        return not self.differences


TakeRow = Callable[[str, Row], object]


def check_workbook(
    path: Path, keys: Sequence[bytes] = (), limits: Limits | None = None, take: TakeRow = lambda _sheet, _row: None
) -> WorkbookCheck:
    """Check a month's workbook.

    Args:
        keys: Public keys of which one has to have signed; without any, the one inside the file is taken, and whose it
            is remains to be asked.
        take: Is given every row of a signed sheet as it is read, before it is known whether it holds.

    Raises:
        ClerkError: ``workbook_unreadable``, ``workbook_too_large``, ``file_unreadable``.
    """
    with open_workbook(path, limits or Limits()) as book:
        facts, signature = _facts(book)
        key = _bytes(facts.get(KEY, ""))
        found = list(_signature(facts, signature, key, keys))
        seal = _seal(path, book.comment, key)
        found += [Difference("damaged")] if seal is False else []
        if not facts:
            return WorkbookCheck({}, b"", tuple(found), is_untouched=False)
        names = [sheet.name for sheet in book.sheets]
        wanted = [*(layout.name for layout in SIGNED_LAYOUTS), SHEET, CODES_SHEET]
        if names != wanted:
            found.append(Difference("sheets", {"signed": wanted, "found": names}))
        parts = {sheet.name: sheet for sheet in book.sheets}
        codes = _Codes.read(book, parts.get(CODES_SHEET), facts[CODES])
        found += codes.differences
        for layout in SIGNED_LAYOUTS:
            if layout.name in parts:
                found += _SheetCheck(layout, codes).differences(
                    book, parts[layout.name], facts[SHEETS[layout.name]], take
                )
    return WorkbookCheck(facts, key, tuple(found), is_untouched=seal is True)


def _facts(book: WorkbookReader) -> tuple[dict[str, str], str]:
    """What the sheet 签章 says, as far as it has its form, and the signature."""
    sheet = next((sheet for sheet in book.sheets if sheet.name == SHEET), None)
    if sheet is None:
        return {}, ""
    said: dict[str, str] = {}
    order: list[str] = []
    heading: list[list[str]] = []
    for row in book.rows(sheet):
        if row.number < FIRST_FACT:
            heading.append([value for value in row.values if value])
        cells = dict(zip(row.columns, row.values, strict=True))
        texts = dict(zip(row.columns, row.kinds, strict=True))
        if row.number >= FIRST_FACT and any(cells.values()):
            label = cells.pop(0, "")
            if any(value for column, value in cells.items() if column != 1) or (cells.get(1) and texts[1] != "str"):
                return {}, ""
            order.append(label)
            said[label] = cells.get(1, "")
    if order != [*LABELS, SIGNATURE] or heading != SEAL_HEADING:
        return {}, ""
    return said, said.pop(SIGNATURE)


def _signature(facts: Mapping[str, str], signature: str, key: bytes, keys: Sequence[bytes]) -> Iterator[Difference]:
    if not facts or facts[FORMAT_LABEL] != FORMAT or not key:
        yield Difference("unsigned")
    elif not is_signed(key, SIGNED_AS + payload(facts), _bytes(signature)):
        yield Difference("broken")
    elif keys and key not in keys:
        yield Difference("other_key", {"given": key.hex()})


def _seal(path: Path, comment: bytes, key: bytes) -> bool | None:
    """Whether every bit is as sealed; None where no seal is left, as in a file that was saved again."""
    if not comment:
        return None
    digits = comment[-SEAL_DIGITS:]
    if comment[:-SEAL_DIGITS] != SEAL_MARK or digits != digits.lower():
        return False
    seal = _bytes(digits.decode("ascii", "replace"))
    return is_signed(key, SEALED_AS + file_digest(path), seal)


def _bytes(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits) if digits.isalnum() else b""
    except ValueError:
        return b""


class _Codes:
    """The codes of the rows as the file carries them."""

    def __init__(self) -> None:
        self.blocks: dict[tuple[str, int], Block] = {}
        self.differences: list[Difference] = []

    @classmethod
    def read(cls, book: WorkbookReader, sheet: SheetPart | None, signed: str) -> _Codes:
        """Read them; changed codes name nothing."""
        codes = cls()
        digest = BlocksDigest()
        heading: list[list[str]] = []
        if sheet is not None:
            for row in book.rows(sheet):
                values = list(row.values)
                if row.number < FIRST_FACT:
                    heading.append([value for value in values if value])
                if row.number >= FIRST_FACT and len(values) == 4 and values[1].isdecimal() and len(values[1]) < 8:
                    block = Block(int(values[1]), values[2], values[3])
                    digest.add(values[0], block)
                    codes.blocks[values[0], block.first_row] = block
                elif row.number >= FIRST_FACT and any(values):
                    codes.differences = [Difference("codes")]
        if digest.hexdigest() != signed or heading != CODES_HEADING:
            codes.differences = [Difference("codes")]
        if codes.differences:
            codes.blocks.clear()
        return codes


class _SheetCheck:
    """One sheet against its codes, row after row."""

    def __init__(self, layout: Layout, codes: _Codes) -> None:
        self._layout = layout
        self._signed = codes
        self._codes = RowCodes(len(layout.columns))
        self._units = [UNITS[column.kind] if layout.is_list else 100 for column in layout.columns]
        self._first: tuple[int, int] | None = None
        self._has_results = self._lacks_results = False

    def differences(self, book: WorkbookReader, sheet: SheetPart, signed: str, take: TakeRow) -> Iterator[Difference]:
        """What differs, the first row and column by name."""
        name = self._layout.name
        said = signed.split(" ")
        rows, digest, results = said if len(said) == 3 else ("", "", "")
        for row in book.rows(sheet):
            take(name, row)
            canonical = self._canonical(row)
            # What follows the last row that says something is no row; what is left out before it is an empty one.
            if canonical:
                for _blank in range(row.number - self._codes.count - 1):
                    self._add("")
                self._add(canonical)
        count = self._codes.count
        wanted = int(rows) if rows.isdecimal() and len(rows) < 8 else 0
        if self._codes.digest() == digest:
            if self._has_results and (self._lacks_results or self._codes.results_digest() != results):
                yield Difference("results", {"sheet": name})
            return
        self._compare()
        yield self._named(name)
        if wanted and count != wanted:
            yield Difference("rows", {"sheet": name, "signed": wanted, "found": count})

    def _named(self, name: str) -> Difference:
        if self._first is None:
            return Difference("sheet", {"sheet": name})
        row, column = self._first
        if column == _NO_COLUMN:
            return Difference("row", {"sheet": name, "row": row})
        head = self._layout.columns[column].head if self._layout.is_list else f"{chr(65 + column)} 列"
        return Difference("cell", {"sheet": name, "row": row, "column": head})

    def _add(self, canonical: str) -> None:
        self._codes.add(canonical)
        if self._codes.blocks:
            self._compare()

    def _compare(self) -> None:
        for block in self._codes.blocks:
            signed = self._signed.blocks.get((self._layout.name, block.first_row))
            if self._first is None and signed is not None and signed != block:
                self._first = _first_difference(signed, block)
        self._codes.blocks.clear()

    def _canonical(self, row: Row) -> str:
        """What a row says, as it was signed."""
        cells: list[str] = []
        for column, kind, value, formula in zip(row.columns, row.kinds, row.values, row.formulas, strict=True):
            cells += [""] * (column - len(cells))
            unit = self._units[column] if column < len(self._units) else 100
            if formula is not None:
                self._add_result(kind, value)
                cells.append(FORMULA + plain_formula(formula))
            elif kind == "str":
                cells.append(value)
            elif kind == "n":
                cells.append(_number(value, unit) if value else "")
            else:
                cells.append(f"{OTHER}{kind}{value}")
        return SEPARATOR.join(cells).rstrip(SEPARATOR)

    def _add_result(self, kind: str, value: str) -> None:
        if value:
            self._has_results = True
            self._codes.add_result(_number(value, 100) if kind == "n" else value)
        else:
            self._lacks_results = True


def _first_difference(signed: Block, found: Block) -> tuple[int, int]:
    """The first row of a block that differs and its first column; without a column where several rows differ."""
    try:
        codes, others = b64decode(signed.rows), b64decode(found.rows)
    except ValueError:
        return signed.first_row, _NO_COLUMN
    count = max(len(codes), len(others)) // 6
    rows = [row for row in range(count) if codes[row * 6 : row * 6 + 6] != others[row * 6 : row * 6 + 6]]
    columns = [
        place
        for place in range(len(signed.columns) // COLUMN_DIGITS)
        if signed.columns[place * 8 : place * 8 + 8] != found.columns[place * 8 : place * 8 + 8]
    ]
    row = signed.first_row + (rows[0] if rows else 0)
    return row, columns[0] if columns and (len(rows) == 1 or len(columns) == 1) else _NO_COLUMN


def _number(text: str, unit: int) -> str:
    """A number as it was signed; whatever a program makes of the last binary digit, a real change is seen."""
    try:
        number = Decimal(text) * unit
    except InvalidOperation:
        return f"{OTHER}n{text}"
    if not number.is_finite() or abs(number) > 10**20:
        return f"{OTHER}n{text}"
    whole = int(number.to_integral_value())
    if abs(number - whole) > max(_LEAST_TOLERANCE, abs(number) * _BINARY_TOLERANCE):
        return f"{OTHER}n{text}"
    return f"{NUMBER}{whole}"
