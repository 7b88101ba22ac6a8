"""Read what hands at a counter type: short dates, sums of amounts, codes for words."""

from __future__ import annotations

import re
from datetime import date, time

from clerk_app.codes import Benefit, InstitutionKind, Tier
from clerk_app.errors import ClerkError
from clerk_app.money import LARGEST_FEN, format_yuan, parse_yuan

_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，：－／＋＝　。", "0123456789.,:-/+= .")
_SIGNED_TERM = re.compile(r"([+-]?)([^+-]+)")
_DAY = re.compile(
    r"(?P<year>\d{4})[-./年](?P<month>\d{1,2})[-./月](?P<day>\d{1,2})日?"
    r"|(?P<year8>\d{4})(?P<month8>\d{2})(?P<day8>\d{2})"
    r"|(?P<month2>\d{1,2})[-./月](?P<day2>\d{1,2})日?"
    r"|(?P<month4>\d{1,2})(?P<day4>\d{2})"
)
_TIME = re.compile(r"(\d{1,2}):?(\d{2})(?::\d{2})?")

#: What the numeric block types for each word; ``None`` would leave the word to the input method.
TIER_KEYS = {"3": Tier.THREE, "2": Tier.TWO, "1": Tier.ONE, "0": Tier.NONE}


def half_width(text: str) -> str:
    """Digits, signs and spaces as the keyboard without an input method gives them."""
    return text.translate(_HALF_WIDTH).strip()


def parse_amount(text: str) -> int:
    """Read an amount or a sum such as ``1234.5+20`` exactly, as fen.

    Raises:
        ClerkError: ``amount_not_a_number``, ``amount_three_decimals``, ``amount_too_large``.
    """
    terms = half_width(text).replace(" ", "").removesuffix("=")
    found = _SIGNED_TERM.findall(terms)
    if not found or "".join(sign + term for sign, term in found) != terms:
        raise ClerkError("amount_not_a_number", text=text)
    total_fen = 0
    for sign, term in found:
        fen = parse_yuan(term)
        total_fen += -fen if sign == "-" else fen
    if abs(total_fen) > LARGEST_FEN:
        raise ClerkError("amount_too_large", text=text)
    return total_fen


def tidy_amount(text: str) -> str:
    """The amount with separators and two decimals, as a field shows it when it is left; other text stays."""
    try:
        return format_yuan(parse_amount(text), separators=True) if text.strip() else ""
    except ClerkError:
        return text


def plain_amount(text: str) -> str:
    """The amount without separators, as a field shows it while it is typed in; other text stays."""
    try:
        parse_amount(text)
    except ClerkError:
        return text
    return text.replace(",", "")


def parse_day(text: str, today: date, *, is_past: bool = False) -> date:
    """Read a day: ``520``, ``0520``, ``5.20`` in this year, ``20230520``, ``2023-05-20``.

    Args:
        is_past: The day has been, as a visit's: without a year, one that is still to come was last year's.

    Raises:
        ClerkError: ``day_unknown``.
    """
    match = _DAY.fullmatch(half_width(text))
    if match is None:
        raise ClerkError("day_unknown", text=text)
    given = {name.rstrip("248"): int(value) for name, value in match.groupdict().items() if value is not None}
    try:
        if "year" in given:
            return date(given["year"], given["month"], given["day"])
        is_last_year = is_past and (given["month"], given["day"]) > (today.month, today.day)
        return date(today.year - is_last_year, given["month"], given["day"])
    except ValueError:
        raise ClerkError("day_unknown", text=text) from None


def parse_moment(text: str, today: date, *, is_past: bool = False) -> tuple[date, time | None]:
    """Read a day as ``parse_day`` does and, behind a space or a T, a time of day.

    Raises:
        ClerkError: ``day_unknown``, ``time_unknown``.
    """
    day_text, _space, time_text = half_width(text).replace("T", " ").partition(" ")
    day = parse_day(day_text, today, is_past=is_past)
    if not time_text.strip():
        return day, None
    match = _TIME.fullmatch(time_text.strip())
    try:
        return day, time(int(match.group(1)), int(match.group(2))) if match else time.fromisoformat(time_text)
    except ValueError:
        raise ClerkError("time_unknown", text=text) from None


def tidy_day(text: str, today: date, *, is_past: bool = False) -> str:
    """The day written out, as a field shows it when it is left; other text stays."""
    try:
        day, at = parse_moment(text, today, is_past=is_past)
    except ClerkError:
        return text
    return f"{day.isoformat()} {at:%H:%M}" if at else day.isoformat()


def parse_tier(text: str) -> Tier | None:
    """Read 等级 by its word or its digit; empty is unknown to the clerk.

    Raises:
        ClerkError: ``tier_not_known``.
    """
    word = half_width(text)
    if not word:
        return None
    if word in TIER_KEYS:
        return TIER_KEYS[word]
    try:
        return Tier.from_term(word)
    except KeyError:
        raise ClerkError("tier_not_known", text=text, known=Tier.terms()) from None


def parse_kind(text: str) -> InstitutionKind:
    """Read 机构类别 by its word; empty is general.

    Raises:
        ClerkError: ``word_not_known``.
    """
    try:
        return InstitutionKind.from_term(text.strip()) if text.strip() else InstitutionKind.GENERAL
    except KeyError:
        raise ClerkError("word_not_known", text=text, known=InstitutionKind.terms()) from None


def parse_benefit(text: str) -> Benefit:
    """Read 待遇 by its word; empty is ordinary care.

    Raises:
        ClerkError: ``word_not_known``.
    """
    offered = outpatient_benefits()
    word = text.strip()
    for benefit in offered:
        if word in (benefit.term, ""):
            return benefit
    raise ClerkError("word_not_known", text=text, known=tuple(benefit.term for benefit in offered))


def outpatient_benefits() -> tuple[Benefit, ...]:
    """What a receipt can be settled as here; inpatient care is another counter's."""
    return tuple(benefit for benefit in Benefit if benefit is not Benefit.INPATIENT)
