"""报盘 and 回盘: a payment list as the bank wants it, and what the bank says of it, read strictly and whole.

An answer is for one transfer: its place, account, amount and whatever else the file says have to be those of the
list. One line that is not refuses the file, with every reason; nothing half read is ever given back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from clerk_app.documents.bank_format import BankFormat, FileForm, Meaning
from clerk_app.documents.bank_sheet import book_of, rows_of_book
from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.ledger.records import Payment, PaymentList, PaymentResult
from clerk_app.money import format_yuan, parse_yuan

#: A list of 10,000 transfers is a day's work of a whole province.
MOST_LINES = 10_000
LARGEST_FILE = 5_000_000
_LONGEST_CELL = 200
_MOST_PROBLEMS = 100
#: What a spreadsheet program takes for a formula.
_FORMULA_SIGNS = tuple("=+-@＝＋－＠\t")


class Answer(NamedTuple):
    """What a file says of one list.

    Attributes:
        results: By position in the list.
    """

    list_number: str
    results: Mapping[int, PaymentResult]


def bank_file_bytes(given: PaymentList, bank: BankFormat) -> bytes:
    """The list as the bank wants it.

    Raises:
        FileProblems: Every transfer with a name or account that the file cannot say exactly: the encoding has no such
            character, a separator or line break is in it, or it begins as a formula does.
    """
    form = bank.out
    problems: list[FileProblem] = []
    rows = []
    for payment in given.payments:
        cells = [_written(column.meaning, column.text, given, payment) for column in form.columns]
        for column, cell in zip(form.columns, cells, strict=True):
            code = _unwritable(cell, form, is_text=column.meaning not in (Meaning.YUAN, Meaning.FEN, Meaning.PLACE))
            if code:
                details: dict[str, object] = {"voucher": payment.voucher_number, "column": column.head}
                problems.append(FileProblem(given.list_number, payment.position + 1, code, details))
        rows.append(cells)
    if problems:
        raise FileProblems(problems)
    heads = [[column.head for column in form.columns]] if form.has_head else []
    if form.is_workbook:
        amounts = frozenset(at for at, column in enumerate(form.columns) if column.meaning is Meaning.YUAN)
        return book_of(heads, rows, amounts)
    written = io.StringIO(newline="")
    writer = csv.writer(
        written, delimiter=form.separator, lineterminator="\r\n", quoting=csv.QUOTE_NONE, quotechar=None
    )
    writer.writerows([*heads, *rows])
    return written.getvalue().encode(form.encoding)


def _written(meaning: Meaning, text: str, given: PaymentList, payment: Payment) -> str:
    return {
        Meaning.LIST_NUMBER: given.list_number,
        Meaning.PLACE: str(payment.position + 1),
        Meaning.VOUCHER: payment.voucher_number,
        Meaning.NAME: payment.account.name,
        Meaning.BANK: payment.account.bank,
        Meaning.ACCOUNT: payment.account.account,
        Meaning.YUAN: format_yuan(payment.amount_fen),
        Meaning.FEN: str(payment.amount_fen),
    }.get(meaning, text)


def _unwritable(cell: str, form: FileForm, *, is_text: bool) -> str:
    """Why a file of this form cannot say a value; empty when it can."""
    if any(character < " " for character in cell):
        return "bank_value_control"
    if form.is_workbook:
        return ""
    if form.separator in cell or '"' in cell:
        return "bank_value_separator"
    if is_text and cell.startswith(_FORMULA_SIGNS):
        return "bank_value_formula"
    try:
        cell.encode(form.encoding)
    except UnicodeEncodeError:
        return "bank_value_encoding"
    return ""


def read_answer(content: bytes, name: str, bank: BankFormat, given: PaymentList) -> Answer:
    """What a bank's file says of a list; transfers that it does not name wait on.

    Args:
        name: Of the file, for problems.

    Raises:
        FileProblems: Every line that is not an answer to this list, with its reason; ``bank_file_*`` for a file that
            is none.
    """
    lines = list(_lines(content, name, bank.back))
    reading = _Reading(name, bank, given)
    for number, cells in lines:
        reading.line(number, cells)
    if not lines:
        reading.problem(0, "file_empty")
    if reading.problems:
        raise FileProblems(reading.problems)
    return Answer(given.list_number, dict(sorted(reading.results.items())))


def list_number_in(content: bytes, name: str, bank: BankFormat) -> str:
    """The number of the list that a file answers, where its form has one; empty where it has none.

    Raises:
        FileProblems: As ``read_answer`` for a file that is none; ``bank_lists_mixed``.
    """
    meanings = [column.meaning for column in bank.back.columns]
    if Meaning.LIST_NUMBER not in meanings:
        return ""
    at = meanings.index(Meaning.LIST_NUMBER)
    numbers = dict.fromkeys(cells[at] for _number, cells in _lines(content, name, bank.back))
    if len(numbers) > 1:
        raise FileProblems([FileProblem(name, 0, "bank_lists_mixed", {"lists": list(numbers)[:5]})])
    return next(iter(numbers), "")


class _Reading:
    """The answers of one file as they are found."""

    def __init__(self, name: str, bank: BankFormat, given: PaymentList) -> None:
        self._name = name
        self._bank = bank
        self._list = given
        self._payments = {payment.position: payment for payment in given.payments}
        self.results: dict[int, PaymentResult] = {}
        self.problems: list[FileProblem] = []

    def problem(self, line: int, code: str, **details: object) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(FileProblem(self._name, line, code, details))

    def line(self, number: int, cells: Sequence[str]) -> None:
        said = {column.meaning: cell for column, cell in zip(self._bank.back.columns, cells, strict=True)}
        place = said[Meaning.PLACE]
        payment = self._payments.get(int(place) - 1) if place.isascii() and place.isdigit() and len(place) < 7 else None
        if payment is None:
            self.problem(number, "bank_line_unknown", place=place, list_number=self._list.list_number)
            return
        if payment.position in self.results:
            self.problem(number, "bank_line_twice", place=place)
            return
        if payment.result is not None:
            self.problem(number, "payment_answered", list_number=self._list.list_number, position=place)
            return
        before = len(self.problems)
        for meaning, text in said.items():
            self._check(number, meaning, text, payment)
        result = self._result(number, said[Meaning.RESULT], said.get(Meaning.REASON, ""))
        if result is not None and len(self.problems) == before:
            self.results[payment.position] = result

    def _check(self, number: int, meaning: Meaning, text: str, payment: Payment) -> None:
        """What the bank repeats has to be what it was told."""
        if meaning in (Meaning.YUAN, Meaning.FEN):
            self._check_amount(number, meaning, text, payment)
            return
        told = _written(meaning, text, self._list, payment)
        if meaning is Meaning.ACCOUNT:
            text = text.replace(" ", "")
        if meaning is not Meaning.PLACE and text != told:
            self.problem(number, "bank_line_differs", column=meaning.value, said=text, told=told)

    def _check_amount(self, number: int, meaning: Meaning, text: str, payment: Payment) -> None:
        try:
            if meaning is Meaning.YUAN:
                fen: int | None = parse_yuan(text)
            else:
                fen = int(text) if text.isascii() and text.isdigit() else None
        except (ClerkError, ValueError):
            fen = None
        if fen != payment.amount_fen:
            told = _written(meaning, "", self._list, payment)
            self.problem(number, "bank_line_differs", column=meaning.value, said=text, told=told)

    def _result(self, number: int, word: str, reason: str) -> PaymentResult | None:
        if word in self._bank.paid:
            return PaymentResult(is_paid=True)
        if word not in self._bank.failed:
            known = (*self._bank.paid, *self._bank.failed)
            self.problem(number, "bank_result_unknown", word=word, known=known)
            return None
        if not reason:
            self.problem(number, "bank_reason_missing")
            return None
        return PaymentResult(is_paid=False, reason=reason)


def _lines(content: bytes, name: str, form: FileForm) -> Iterator[tuple[int, list[str]]]:
    """The lines below the head with their numbers from 1, every cell a text without blanks around it."""
    if len(content) > LARGEST_FILE:
        raise FileProblems([FileProblem(name, 0, "bank_file_large", {"limit": LARGEST_FILE // 1_000_000})])
    rows = rows_of_book(content, name, MOST_LINES + 2) if form.is_workbook else _text_rows(content, name, form)
    heads = [column.head for column in form.columns]
    width = len(heads)
    is_head_awaited = form.has_head
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        while len(cells) > width and not cells[-1]:
            cells.pop()
        if not any(cells):
            continue
        if form.is_workbook:
            # A workbook leaves out the cells that end a row and are empty.
            cells += [""] * (width - len(cells))
        if number > MOST_LINES + 1:
            raise FileProblems([FileProblem(name, number, "bank_file_lines", {"limit": MOST_LINES})])
        if len(cells) != width or any(len(cell) > _LONGEST_CELL for cell in cells):
            raise FileProblems([FileProblem(name, number, "bank_line_width", {"count": width, "found": len(cells)})])
        if is_head_awaited:
            is_head_awaited = False
            if cells != heads:
                raise FileProblems([FileProblem(name, number, "bank_head", {"heads": heads})])
            continue
        yield number, cells


def _text_rows(content: bytes, name: str, form: FileForm) -> Iterator[list[str]]:
    try:
        text = content.removeprefix(b"\xef\xbb\xbf").decode(form.encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileProblems([FileProblem(name, line, "bank_file_encoding", {"encoding": form.encoding})]) from error
    if "\0" in text:
        raise FileProblems([FileProblem(name, 0, "bank_file_unreadable", {})])
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=form.separator, strict=True)
    except csv.Error as error:
        raise FileProblems([FileProblem(name, 0, "bank_file_unreadable", {})]) from error
