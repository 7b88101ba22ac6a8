"""A bank's workbook out and back. What comes back is looked at before it is parsed, for a small one can be a bomb."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from clerk_app.errors import FileProblem, FileProblems

_LARGEST_PART = 20_000_000
_LARGEST_WHOLE = 40_000_000
_MOST_PARTS = 200


def book_of(heads: Sequence[Sequence[str]], rows: Sequence[Sequence[str]], amount_places: frozenset[int]) -> bytes:
    """A workbook with one sheet: amounts are numbers with two places, everything else is text and stays text."""
    from openpyxl import Workbook  # noqa: PLC0415 -- a bank that takes text does not wait for it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 -- as above

    book = Workbook(write_only=True)
    sheet = book.create_sheet("代发")
    for head in heads:
        sheet.append(list(head))
    for row in rows:
        cells = []
        for place, text in enumerate(row):
            cell = WriteOnlyCell(sheet)
            if place in amount_places:
                cell.value = Decimal(text)
                cell.number_format = "0.00"
            else:
                cell.value = text
                cell.data_type = "s"
                cell.number_format = "@"
            cells.append(cell)
        sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def rows_of_book(content: bytes, name: str, most_rows: int, most_columns: int) -> Iterator[list[str]]:
    """The rows of the first sheet as text, at most so many.

    Raises:
        FileProblems: ``bank_file_unreadable``, ``bank_file_bomb``, ``bank_cell_formula``.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 -- as above

    _look_inside(content, name)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_row=most_rows, max_col=most_columns), 1):
            cells = []
            for cell in row:
                if getattr(cell, "data_type", "n") == "f":
                    raise FileProblems([FileProblem(name, number, "bank_cell_formula", {})])
                cells.append(_text(cell.value))
            yield cells
    except FileProblems:
        raise
    # A broken workbook makes openpyxl raise anything; whatever it is, the file cannot be read.
    except Exception as error:
        raise FileProblems([FileProblem(name, 0, "bank_file_unreadable", {})]) from error


def _look_inside(content: bytes, name: str) -> None:
    """Refuse an archive that unpacks to more than any answer is, or declares entities.

    Sizes are counted as it is unpacked: what an archive says of its parts may be a lie.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            whole = 0
            for part in parts[: _MOST_PARTS + 1]:
                with archive.open(part) as packed:
                    unpacked = packed.read(_LARGEST_PART + 1)
                whole += len(unpacked)
                is_bomb = len(unpacked) > _LARGEST_PART or whole > _LARGEST_WHOLE or len(parts) > _MOST_PARTS
                if is_bomb or b"<!DOCTYPE" in unpacked or b"<!ENTITY" in unpacked:
                    raise FileProblems([FileProblem(name, 0, "bank_file_bomb", {})])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise FileProblems([FileProblem(name, 0, "bank_file_unreadable", {})]) from error


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        # As the workbook shows it; a third decimal is left to be refused, never rounded away.
        return format(Decimal(repr(value)), "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
