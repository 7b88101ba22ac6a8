"""Check codes over the rows of a sheet: one for every row, and one for every column of a block of rows.

They cover what a row says and not how a file writes it, so that a workbook saved again by a spreadsheet program has
the same codes, and a value, a row or an order that was changed has not. A row's code tells which row differs; the
codes of its block tell in which columns.
"""

from __future__ import annotations

import binascii
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from itertools import zip_longest
from typing import NamedTuple

#: Rows of a block.
BLOCK = 32
#: Characters of a row's code in base 64 (48 bits), and of a column's in hexadecimal digits.
ROW_DIGITS, COLUMN_DIGITS = 8, 8
#: What stands between the cells of a row, before a number and before a formula: no text of a workbook can hold it.
SEPARATOR, NUMBER, FORMULA, OTHER = "\x1f", "\x01", "\x02", "\x03"


class Block(NamedTuple):
    """The codes of up to 32 rows.

    Attributes:
        first_row: Counted from 1.
    """

    first_row: int
    rows: str
    columns: str


class RowCodes:
    """The codes of one sheet while its rows go by.

    Attributes:
        blocks: Those that are complete; whoever takes them may empty the list.
    """

    def __init__(self, columns: int) -> None:
        self.blocks: list[Block] = []
        self.count = 0
        self._columns = columns
        self._rows: list[str] = []
        self._all = sha256()
        self._results = sha256()

    def add(self, row: str) -> None:
        """The next row: its cells as the signature sees them, separators between; empty ones at its end are none."""
        self._rows.append(row.rstrip(SEPARATOR))
        self.count += 1
        if len(self._rows) == BLOCK:
            self._close_block()

    def add_result(self, result: str) -> None:
        """The next result of a formula."""
        self._results.update(f"{result}{SEPARATOR}".encode("utf-8", "surrogatepass"))

    def digest(self) -> str:
        """Over every row so far and its place; closes the last block."""
        if self._rows:
            self._close_block()
        return self._all.hexdigest()

    def results_digest(self) -> str:
        """Over the results of the formulas, in the order of the rows."""
        return self._results.hexdigest()

    def _close_block(self) -> None:
        encoded = [row.encode("utf-8", "surrogatepass") for row in self._rows]
        for row in encoded:
            self._all.update(b"%d\x1e" % len(row))
            self._all.update(row)
        codes = b"".join([sha256(row).digest()[:6] for row in encoded])
        columns = column_codes(self._rows, self._columns)
        self.blocks.append(Block(self.count - len(self._rows) + 1, b64encode(codes).decode(), columns))
        self._rows.clear()


def column_codes(rows: Sequence[str], columns: int) -> str:
    """The codes of a block's columns; a row that is longer or shorter than the sheet counts as far as it goes."""
    split = [row.split(SEPARATOR)[:columns] for row in rows]
    values = list(zip_longest(*split, fillvalue=""))
    values += [("",) * len(rows)] * (columns - len(values))
    return "".join(
        [f"{binascii.crc32(SEPARATOR.join(column).encode('utf-8', 'surrogatepass')):08x}" for column in values]
    )


class BlocksDigest:
    """Over the codes themselves, so that they can be believed."""

    def __init__(self) -> None:
        self._digest = sha256()

    def add(self, sheet: str, block: Block) -> None:
        """The next block of a sheet."""
        self._digest.update(f"{sheet}:{block.first_row}:{block.rows}:{block.columns};".encode("utf-8", "surrogatepass"))

    def hexdigest(self) -> str:
        """Of the blocks so far."""
        return self._digest.hexdigest()


def plain_formula(words: str) -> str:
    """A formula without what programs write differently: blanks, and quotes around the names of sheets."""
    return words.replace("'", "").replace(" ", "")
