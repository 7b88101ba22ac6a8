from __future__ import annotations

from datetime import date

import pytest

from clerk_app.codes import Tier
from clerk_app.documents import terms
from tests.documents import samples


@pytest.mark.parametrize(
    ("ratio_bp", "words"), [(6000, "60%"), (6250, "62.5%"), (6205, "62.05%"), (0, "0%"), (10_000, "100%")]
)
def test_a_ratio_is_a_percentage_without_needless_decimals(ratio_bp: int, words: str) -> None:
    assert terms.percent(ratio_bp) == words


def test_codes_have_words_and_an_unknown_code_is_printed_as_it_is() -> None:
    assert terms.term(terms.CERTIFICATES, "90") == "社会保障卡"
    assert terms.term(terms.CERTIFICATES, "17") == "17"
    assert terms.term(terms.CERTIFICATES, "") == "—"
    assert terms.tier_term(None) == "—"
    assert terms.tier_term(Tier.TWO) == "二级"


def test_age_is_in_full_years_on_the_day_of_acceptance() -> None:
    born_on = date(1980, 11, 21)
    settlement = samples.settlement(person=samples.person(born_on=born_on))
    assert terms.age_of(settlement) == "45"
    assert terms.age_of(samples.settlement(handed_in_on=date(2026, 11, 21), person=settlement.person)) == "46"


def test_the_sex_is_a_word_whether_recorded_as_code_or_word() -> None:
    assert [terms.sex_of(samples.settlement(person=samples.person(sex=sex))) for sex in ("1", "女", "")] == [
        "男",
        "女",
        "—",
    ]
