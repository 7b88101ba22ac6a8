"""The paper in the printer. Imports nothing heavy, for a settings page asks for it too."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from clerk_app.wording import N_

MM = 72 / 25.4
#: A4 in points.
WIDTH, A4_HEIGHT = 210 * MM, 297 * MM

_INCH = 72.0
_HOLED_WIDTH = 241 * MM
#: A5 is A4 cut in two.
_HALF = 2**-0.5


class Place(NamedTuple):
    """Where a page stands on its sheet, in points from the lower left, and how large."""

    right: float
    up: float
    scale: float = 1.0


class PageFormat(Enum):
    """Pages are as wide as A4 on every kind of paper, so that a table looks the same on all.

    Continuous paper is 241 mm wide with its holed edges, and 11 or 5.5 inches long.
    """

    A4 = ("a4", N_("A4"), WIDTH, A4_HEIGHT, A4_HEIGHT, (Place(0, 0),))
    #: Two pages side by side, each as large as A5, to be cut.
    A5_TWO_UP = (
        *("a5", N_("A4 横向并排两张 A5"), A4_HEIGHT, WIDTH, A4_HEIGHT),
        (Place(0, 0, _HALF), Place(A4_HEIGHT / 2, 0, _HALF)),
    )
    CONTINUOUS = (
        *("continuous", N_("连续纸 241 mm（整页）"), _HOLED_WIDTH, 11 * _INCH, 11 * _INCH),
        (Place((_HOLED_WIDTH - WIDTH) / 2, 0),),
    )
    CONTINUOUS_HALF = (
        *("continuous-half", N_("连续纸 241 mm（二等分）"), _HOLED_WIDTH, 5.5 * _INCH, 5.5 * _INCH),
        (Place((_HOLED_WIDTH - WIDTH) / 2, 0),),
    )

    def __init__(
        self,
        setting: str,
        term: str,
        sheet_width: float,
        sheet_height: float,
        page_height: float,
        places: tuple[Place, ...],
    ) -> None:
        #: How the settings file names it, and how a list does.
        self.setting, self.term = setting, term
        #: What the printer is given, in points; a page may be higher than its sheet where it is scaled.
        self.sheet_width, self.sheet_height = sheet_width, sheet_height
        self.page_height = page_height
        self.places = places


def page_format(setting: str) -> PageFormat:
    """The format that a settings file names; A4 for a word that none has."""
    return next((each for each in PageFormat if each.setting == setting), PageFormat.A4)
