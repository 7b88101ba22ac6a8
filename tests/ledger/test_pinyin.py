from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.ledger.pinyin import LONGEST, SURNAMES, initials

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


def oracle(character: str) -> set[str]:
    """The first letters of every reading that pypinyin itself gives with its marks of tone."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 -- after the module under test has said how it is loaded

    marked = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return {reading[0] for reading in marked if reading[0].isascii() and reading[0].isalpha()}


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("张三", {"zs", "s"}),
        ("张三丰", {"zsf", "sf", "f"}),
        ("欧阳锋", {"oyf", "yf", "f"}),
        ("阿依古丽·买买提", {"mmt", "mt", "t"}),
        ("John Smith", {"js", "s"}),
        ("李Tom", {"lt", "t"}),
        ("", set()),
    ],
)
def test_a_name_is_found_by_its_first_letters_from_each_character_on(name: str, letters: set[str]) -> None:
    assert letters <= initials(name)


@pytest.mark.parametrize(("name", "letters"), [("单雄信", "sxx"), ("曾国强", "zgq"), ("仇小明", "qxm"), ("会稽", "gj")])
def test_a_surname_is_found_as_it_is_read(name: str, letters: str) -> None:
    assert letters in initials(name)


@pytest.mark.parametrize(("name", "letters"), [("单雄信", "dxx"), ("曾国强", "cgq"), ("张单", "zd"), ("张单", "zc")])
def test_whoever_reads_it_otherwise_finds_it_too(name: str, letters: str) -> None:
    assert letters in initials(name)


@pytest.mark.parametrize("surname", sorted(SURNAMES))
def test_every_surname_of_the_table_is_found(surname: str) -> None:
    assert SURNAMES[surname] + "m" in initials(surname + "明")


def test_a_character_without_a_reading_is_left_out() -> None:
    assert initials("张𠮷三") == initials("张三")


@given(st.text(HAN, min_size=1, max_size=4))
def test_all_readings_of_a_short_name_are_found(name: str) -> None:
    readings = [sorted(oracle(character)) for character in name]
    readings[0] = sorted({*readings[0], *SURNAMES.get(name[0], "")})
    known = [letters for letters in readings if letters]
    wanted = {"".join(letters) for start in range(len(known)) for letters in itertools.product(*known[start:])}
    found = initials(name)
    assert found <= wanted
    if len(wanted) <= 32:
        assert found == wanted


@given(st.text(max_size=40))
def test_any_name_gives_few_short_texts_of_letters(name: str) -> None:
    found = initials(name)
    assert len(found) <= 32 * 40
    assert all(0 < len(text) <= LONGEST and text.isascii() and text.islower() for text in found)


@given(st.text(HAN, min_size=1, max_size=30))
def test_a_long_name_is_found_by_its_usual_readings(name: str) -> None:
    whole = max(initials(name), key=len, default="")
    assert len(whole) == min(LONGEST, sum(bool(oracle(character)) for character in name))
