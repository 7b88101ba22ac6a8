"""The resident identity number, GB 11643."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clerk_app.errors import ClerkError

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")


class Sex(StrEnum):
    """性别, with the national code as its value."""

    MALE = "1"
    FEMALE = "2"

    @property
    def term(self) -> str:
        """The word on paper."""
        return "男" if self is Sex.MALE else "女"


@dataclass(frozen=True, slots=True)
class IdCard:
    """A number whose form, birthday and check digit hold.

    The area digits are not looked up: abolished areas, residence permits (81, 82, 83) and cards of foreigners (9)
    belong to living people.
    """

    number: str
    born_on: date
    sex: Sex

    def age_on(self, day: date) -> int:
        """Full years of life on a day."""
        before_birthday = (day.month, day.day) < (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - before_birthday


def parse_id_card(text: str, today: date) -> IdCard:
    """Read an 18-character number; full-width digits, spaces and a small x are put right.

    Raises:
        ClerkError: ``id_card_form``, ``id_card_birthday`` (no such day, or after ``today``) or
            ``id_card_check_digit``; none of them carries the number itself.
    """
    number = "".join(text.split()).translate(_FULL_WIDTH).upper()
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()) or number[17] not in _CHECK_DIGITS:
        raise ClerkError("id_card_form", length=len(number))
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ClerkError("id_card_birthday") from None
    if born_on > today:
        raise ClerkError("id_card_birthday")
    if number[17] != check_digit(number[:17]):
        raise ClerkError("id_card_check_digit")
    return IdCard(number, born_on, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def check_digit(first_17: str) -> str:
    """The last character of the number that begins with these 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECK_DIGITS[total % 11]


def masked(number: str) -> str:
    """The number as screens and the insured's copy show it: area and last digits, the birthday hidden."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}" if len(number) > 10 else f"****{number[-4:]}"
