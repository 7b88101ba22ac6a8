"""A bank's workbook out and back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from clerk_app.documents.workbook_reading import TYPED, open_workbook, plain_number
from clerk_app.errors import ClerkError, FileProblem, FileProblems


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


def rows_of_book(content: bytes, name: str, most_rows: int) -> Iterator[list[str]]:
    """The rows of the first sheet as text, at most so many; a row that the file leaves out is empty.

    Raises:
        FileProblems: ``bank_file_unreadable``, ``bank_file_bomb``, ``bank_cell_formula``.
    """
    given = 0
    try:
        with open_workbook(content, TYPED) as book:
            for row in book.rows(book.sheets[0]):
                for _blank in range(min(row.number - 1, most_rows) - given):
                    yield []
                if row.number > most_rows:
                    return
                given = row.number
                if any(formula is not None for formula in row.formulas):
                    raise FileProblems([FileProblem(name, row.number, "bank_cell_formula", {})])
                cells = [""] * (row.columns[-1] + 1 if row.columns else 0)
                for column, kind, value in zip(row.columns, row.kinds, row.values, strict=True):
                    cells[column] = plain_number(value) if kind == "n" else value
                yield cells
    except FileProblems:
        raise
    except ClerkError as error:
        code = "bank_file_bomb" if error.code == "workbook_too_large" else "bank_file_unreadable"
        raise FileProblems([FileProblem(name, 0, code, {})]) from error
