"""The national code of an institution: H or P, six area digits, five digits."""

from __future__ import annotations

import re

from clerk_app.errors import ClerkError
from clerk_app.receipts.claim import normalised

_FORM = re.compile(r"[HP]\d{11}")


def parse_institution_code(text: str) -> str:
    """Read a code; empty stays empty, for a small clinic may have none.

    Raises:
        ClerkError: ``institution_code_form``.
    """
    code = normalised(text)
    if code and not _FORM.fullmatch(code):
        raise ClerkError("institution_code_form", text=text)
    return code


def area_prefix(area_code: str) -> str:
    """What the codes of all places in an area begin with; a city's code ends in 00 and a province's in 0000.

    Args:
        area_code: Six digits of GB/T 2260.
    """
    if area_code.endswith("0000"):
        return area_code[:2]
    return area_code.removesuffix("00")


def is_inside(visited_area: str, own_area: str) -> bool:
    """Whether a place lies in the person's own area; an unknown place, empty, is taken to lie outside."""
    return visited_area != "" and visited_area.startswith(area_prefix(own_area))
