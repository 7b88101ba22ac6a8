"""Tell what a scanner or card reader has typed: an ID number, one of our vouchers, an electronic bill."""

from __future__ import annotations

import re
from typing import NamedTuple

from clerk_app.counter.typed import half_width

_ID_NUMBER = re.compile(r"\d{17}[\dXx]")
_VOUCHER = re.compile(r"\d{6}-\d{4}-\d{6}")
#: The parts of an electronic bill's code stand between commas: bill code, bill number, check code and more.
_BILL = re.compile(r"(?:^|,)(\d{8}),(\d{10})(?:,|$)")


class Scanned(NamedTuple):
    """What was recognised; all empty when nothing was."""

    id_number: str = ""
    voucher_number: str = ""
    bill_code: str = ""
    bill_number: str = ""


def recognise(text: str) -> Scanned:
    """Sort a scan by its form; whether an ID number holds is checked where it is filled in."""
    cleaned = half_width(text)
    if _ID_NUMBER.fullmatch(cleaned):
        return Scanned(id_number=cleaned.upper())
    voucher = _VOUCHER.search(cleaned)
    if voucher:
        return Scanned(voucher_number=voucher.group())
    bill = _BILL.search(cleaned.replace(" ", ""))
    if bill:
        return Scanned(bill_code=bill.group(1), bill_number=bill.group(2))
    return Scanned()
