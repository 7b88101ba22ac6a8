"""Bank accounts as clerks type them: digits alone, and the check digit of a card.

A card of the country's banks has 16 to 19 digits and begins with 62 (ISO/IEC 7812-1: the last digit is Luhn's).
Passbooks and accounts of firms have their banks' own numbers, of which nothing can be checked but that they are digits.
"""

from __future__ import annotations

from clerk_app.errors import ClerkError

_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
#: What no bank's number falls below or goes beyond.
_SHORTEST, _LONGEST = 8, 30
_CARD_LENGTHS = range(16, 20)
_CARD_BEGINS = "62"


def parse_account(text: str) -> str:
    """The account's digits, without the blanks that cards are printed with.

    Raises:
        ClerkError: ``account_digits``, ``account_check_digit``; neither carries the number itself.
    """
    digits = "".join(text.split()).replace("-", "").translate(_FULL_WIDTH)
    if not (digits.isascii() and digits.isdigit() and _SHORTEST <= len(digits) <= _LONGEST):
        raise ClerkError("account_digits")
    if is_card(digits) and not has_check_digit(digits):
        raise ClerkError("account_check_digit")
    return digits


def is_card(digits: str) -> bool:
    """Whether an account is a card's number."""
    return digits.startswith(_CARD_BEGINS) and len(digits) in _CARD_LENGTHS


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the one that Luhn's sum asks for."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
