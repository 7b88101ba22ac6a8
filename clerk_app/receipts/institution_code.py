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


def is_inside(visited_area: str, own_area: str) -> bool:
    """Whether a place lies in the person's own area, both six digits of GB/T 2260.

    A city's code ends in 00 and a province's in 0000. An unknown place, empty, is taken to lie outside.
    """
    if not visited_area:
        return False
    prefix = own_area[:2] if own_area.endswith("0000") else own_area[:4] if own_area.endswith("00") else own_area
    return visited_area.startswith(prefix)
