"""Money as whole fen: reading, writing, the one rounding, and the capitals of a Chinese cheque.

Values and tables hold ``int`` fen; text appears at the edges; binary floating point appears nowhere.
"""

from __future__ import annotations

import re
from decimal import Decimal

from clerk_app.errors import ClerkError

#: The largest amount a paper can carry: ``decimal(16,2)`` of the national field list.
LARGEST_FEN = 10**16 - 1

_YUAN = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def parse_yuan(text: str) -> int:
    """Read an amount in yuan, exactly, as fen.

    Thousands separators and full-width digits are read; a third decimal is refused, never rounded away.

    Raises:
        ClerkError: ``amount_not_a_number``, ``amount_three_decimals`` or ``amount_too_large``.
    """
    cleaned = text.strip().translate(_FULL_WIDTH)
    match = _YUAN.fullmatch(cleaned)
    if match is None:
        raise ClerkError("amount_not_a_number", text=text)
    sign, whole, fraction = match.group(1), match.group(2).replace(",", ""), match.group(3) or ""
    if len(fraction) > 2:
        raise ClerkError("amount_three_decimals", text=text)
    fen = int(whole) * 100 + int(fraction.ljust(2, "0"))
    if fen > LARGEST_FEN:
        raise ClerkError("amount_too_large", text=text)
    return -fen if sign == "-" else fen


def format_yuan(fen: int, *, separators: bool = False) -> str:
    """Write fen as yuan with two decimals, e.g. ``1234.50``; with separators ``1,234.50``."""
    whole, cents = divmod(abs(fen), 100)
    number = f"{whole:,}" if separators else str(whole)
    return f"{'-' if fen < 0 else ''}{number}.{cents:02d}"


def to_decimal(fen: int) -> Decimal:
    """The amount in yuan as an exact decimal, for a workbook cell."""
    return Decimal(fen).scaleb(-2)


def share_half_up(amount_fen: int, ratio_bp: int) -> int:
    """A share of an amount, rounded half up to a fen: the only rounding of a settlement.

    Args:
        amount_fen: Zero or more.
        ratio_bp: Ten-thousandths, 5000 for 50 %.
    """
    return (amount_fen * ratio_bp + 5000) // 10000


def capitals(fen: int) -> str:
    """The amount in the capitals of a Chinese voucher, always closed by 整 where it ends at yuan or jiao.

    ``1000.05`` is 壹仟元零伍分, ``100200.30`` is 壹拾万零贰佰元叁角整, ``0.00`` is 零元整.
    """
    sign, fen = ("负" if fen < 0 else ""), abs(fen)
    whole, cents = divmod(fen, 100)
    jiao, last = divmod(cents, 10)
    words = f"{_whole_capitals(whole)}元" if whole or not cents else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif last and whole:
        words += "零"
    words += f"{_DIGITS[last]}分" if last else "整"
    return sign + words


def _whole_capitals(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    words = ""
    skipped_zero = False
    groups = [number // 10_000**power % 10_000 for power in range(len(_GROUPS))]
    for power in reversed(range(len(groups))):
        group = groups[power]
        if group == 0:
            skipped_zero = bool(words)
            continue
        if words and (skipped_zero or group < 1000):
            words += _DIGITS[0]
        words += _group_capitals(group) + _GROUPS[power]
        # 亿 stands once where 万亿 and 亿 meet, so the higher group gives its 亿 away.
        if power == 3 and groups[2]:
            words = words.removesuffix("亿")
        skipped_zero = False
    return words


def _group_capitals(group: int) -> str:
    words = ""
    zero_before = False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            words += (_DIGITS[0] if zero_before and words else "") + _DIGITS[digit] + _PLACES[place]
            zero_before = False
        else:
            zero_before = True
    return words
