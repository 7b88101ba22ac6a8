"""What head office takes from one office's workbook of a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from clerk_app.documents.month_lines import DETAIL_COLUMNS, REVERSED, SETTLED
from clerk_app.documents.sheet_xml import Row
from clerk_app.documents.workbook_check import check_workbook
from clerk_app.documents.workbook_reading import Limits
from clerk_app.receipts.claim import normalised

_DAY_ZERO = date(1899, 12, 30)
_FIRST_ROW = 5
_PLACES = {column.field: place for place, column in enumerate(DETAIL_COLUMNS)}


class ReceivedLine(NamedTuple):
    """A line of an office's list, amounts in fen.

    Attributes:
        flag: 冲正标志.
        person_key: Kind and number of the certificate.
        used_before_fen: Paid out of the cap's pool before this receipt, as the office knew it.
    """

    row: int
    voucher_number: str
    name: str
    person_key: str
    id_number: str
    year: int
    flag: str
    bill_code: str
    bill_number: str
    institution: str
    visited_on: str
    total_fen: int
    fund_fen: int
    cap_fen: int
    used_before_fen: int
    cap_pool: str

    @property
    def bill_key(self) -> str:
        """What makes a duplicate, as the offices judge it."""
        return f"{normalised(self.bill_code)}/{normalised(self.bill_number)}"

    @property
    def paper(self) -> int:
        """1 for a paper that was settled, -1 for one that was reversed, 0 for a correction."""
        return {SETTLED: 1, REVERSED: -1}.get(self.flag, 0)


@dataclass(frozen=True, slots=True)
class ReceivedMonth:
    """One workbook as it was read.

    Attributes:
        facts: As signed, by the labels of ``workbook_seal``; empty without a signature.
        public_key: In hexadecimal digits.
        differences: A sentence each; with any, nothing of the file counts.
    """

    facts: Mapping[str, str]
    public_key: str
    differences: tuple[str, ...]
    is_untouched: bool
    lines: Sequence[ReceivedLine]


def read_month(path: Path, keys: Sequence[bytes], limits: Limits | None = None) -> ReceivedMonth:
    """Check a workbook and take its lines; called in a reading room.

    Raises:
        ClerkError: As ``check_workbook``.
    """
    lines: list[ReceivedLine] = []

    def take(sheet: str, row: Row) -> None:
        if sheet == "明细" and row.number >= _FIRST_ROW and row.kinds and row.kinds[0] == "n" and row.values[0]:
            lines.append(_line(row))

    check = check_workbook(path, keys, limits, take)
    sentences = tuple(difference.sentence for difference in check.differences)
    kept = lines if check.is_sound else []
    return ReceivedMonth(check.facts, check.public_key.hex(), sentences, check.is_untouched, kept)


def _line(row: Row) -> ReceivedLine:
    cells = dict(zip(row.columns, row.values, strict=True))

    def text(field: str) -> str:
        return cells.get(_PLACES[field], "")

    def fen(field: str) -> int:
        return _whole(text(field), 100)

    id_number = text("certno")
    return ReceivedLine(
        row=row.number,
        voucher_number=text("setl_id"),
        name=text("psn_name"),
        person_key=f"{text('psn_cert_type')}/{normalised(id_number)}",
        id_number=id_number,
        year=_whole(text("year"), 1),
        flag=text("refd_setl_flag"),
        bill_code=text("bill_code"),
        bill_number=text("bill_no"),
        institution=text("fixmedins_name"),
        visited_on=_day(text("begndate")),
        total_fen=fen("medfee_sumamt"),
        fund_fen=fen("hifp_pay"),
        cap_fen=fen("year_cap"),
        used_before_fen=fen("fund_used_before"),
        cap_pool=text("cap_pool"),
    )


def _whole(text: str, unit: int) -> int:
    """A number of a signed cell; what is no number there was refused by the signature, and counts nothing."""
    try:
        return int((Decimal(text) * unit).to_integral_value()) if text else 0
    except (ArithmeticError, ValueError):
        return 0


def _day(text: str) -> str:
    days = _whole(text, 1)
    return (_DAY_ZERO + timedelta(days=days)).isoformat() if 0 < days < 100_000 else ""
