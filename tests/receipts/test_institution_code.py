from __future__ import annotations

import pytest

from clerk_app.errors import ClerkError
from clerk_app.receipts.institution_code import is_inside, parse_institution_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H11010100001", "H11010100001"),
        ("p11010100001", "P11010100001"),
        (" Ｈ１１０１０１ ００００１ ", "H11010100001"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_code_is_read_and_a_clinic_may_have_none(text, code):
    assert parse_institution_code(text) == code


@pytest.mark.parametrize("text", ["H1101010001", "H110101000011", "X11010100001", "11010100001", "H11010A00001"])
def test_another_form_is_refused_and_shown(text):
    with pytest.raises(ClerkError) as failure:
        parse_institution_code(text)
    assert failure.value.code == "institution_code_form"
    assert failure.value.details["text"] == text


@pytest.mark.parametrize(
    ("visited", "own", "inside"),
    [
        ("360102", "360000", True),
        ("370102", "360000", False),
        ("411302", "411300", True),
        ("410102", "411300", False),
        ("370811", "370800", True),
        ("370102", "370800", False),
        ("500112", "500000", True),
        ("220102", "220000", True),
        ("220102", "220102", True),
        ("220103", "220102", False),
        ("", "360000", False),
    ],
)
def test_a_place_is_inside_when_it_shares_the_areas_own_digits(visited, own, inside):
    assert is_inside(visited, own) is inside
