"""Tell what a scanner or card reader has typed: an ID number, one of our papers, an electronic bill."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from clerk_app.counter.typed import half_width

_ID_NUMBER = re.compile(r"\d{17}[\dXx]")
#: An acceptance's number begins with an S; a voucher's has nothing before it.
_PAPER = re.compile(r"(?<![A-Z0-9-])S?\d{6}-\d{4}-\d{6}(?![0-9-])")
_BILL_CODE, _BILL_NUMBER = re.compile(r"\d{8}"), re.compile(r"\d{10}")
_AMOUNT = re.compile(r"\d{1,9}\.\d{2}")
#: The parts of a code stand between these; the address of a checking page has them as its parameters.
_BETWEEN = re.compile(r"[,，;；|&?#\s]+")
_FIRST_YEAR = 2000


class Scanned(NamedTuple):
    """What was recognised; all empty when nothing was.

    Attributes:
        voucher_number: Of a voucher or an acceptance of ours.
        billed_on: With a bill the day that it was made out, where the code tells.
        amount: With a bill its amount as it stands in the code, where it has one and no other.
    """

    id_number: str = ""
    voucher_number: str = ""
    bill_code: str = ""
    bill_number: str = ""
    billed_on: str = ""
    amount: str = ""


def recognise(text: str) -> Scanned:
    """Sort a scan by its form; whether an ID number holds is checked where it is filled in."""
    cleaned = half_width(text)
    if _ID_NUMBER.fullmatch(cleaned):
        return Scanned(id_number=cleaned.upper())
    paper = _PAPER.search(cleaned.upper())
    if paper:
        return Scanned(voucher_number=paper.group())
    return _bill([unquote(part).rpartition("=")[2] for part in _BETWEEN.split(cleaned)])


def _bill(parts: list[str]) -> Scanned:
    """An electronic bill: its code of eight digits and right behind it its number of ten.

    Codes differ in what else they carry and in what order, so day and amount are taken only where one part of that
    form stands behind the number: of two amounts nobody knows which is the total.
    """
    for place, (code, number) in enumerate(pairwise(parts)):
        if _BILL_CODE.fullmatch(code) and _BILL_NUMBER.fullmatch(number):
            rest = parts[place + 2 :]
            amounts = [part for part in rest if _AMOUNT.fullmatch(part)]
            days = [day for part in rest if (day := _day(part))]
            return Scanned(
                bill_code=code,
                bill_number=number,
                billed_on=days[0] if len(days) == 1 else "",
                amount=amounts[0] if len(amounts) == 1 else "",
            )
    return Scanned()


def _day(part: str) -> str:
    """An eight-digit day as the form shows it; empty for anything else."""
    if not _BILL_CODE.fullmatch(part):
        return ""
    try:
        day = date(int(part[:4]), int(part[4:6]), int(part[6:]))
    except ValueError:
        return ""
    return day.isoformat() if day.year >= _FIRST_YEAR else ""
