from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clerk_app.codes import Benefit, FilingCategory, Insurance, Status
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PriorBenefit
from clerk_app.ledger.rows import entitlement_from, entitlement_text
from clerk_app.receipts.insured import Condition, Entitlement, Filing, Period, Person, Stay
from tests.ledger.office import EMPLOYED, Office, id_number, receipt

DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))
PERIODS = st.tuples(DAYS, st.none() | DAYS).map(lambda days: Period(min(filter(None, days)), days[1] and max(days)))
STAYS = PERIODS.map(lambda period: Stay(period.starts_on, period.ends_on))
FILINGS = st.builds(Filing, st.sampled_from(FilingCategory), PERIODS)
#: All but what cannot be kept.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
CONDITIONS = st.builds(Condition, TEXTS, st.sampled_from([Benefit.CHRONIC, Benefit.SPECIAL]), PERIODS)


def several(each: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(each, max_size=3).map(tuple)


ENTITLEMENTS = st.builds(
    Entitlement,
    st.just(Insurance.EMPLOYEE),
    st.sampled_from([Status.EMPLOYED, Status.RETIRED]),
    st.none() | DAYS,
    st.none() | several(PERIODS),
    st.none() | several(FILINGS),
    several(STAYS),
    several(CONDITIONS),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=ENTITLEMENTS, second=ENTITLEMENTS)
def test_whatever_entitles_a_person_is_kept_and_corrected(
    office: Office, first: Entitlement, second: Entitlement
) -> None:
    person = office.person(entitlement=first)
    assert office.ledger.person(person.person_id).entitlement == first
    office.ledger.save_person(person.person, second, "411300", person.person_id)
    corrected = office.ledger.person(person.person_id)

    assert (corrected.entitlement, corrected.area_code) == (second, "411300")
    assert entitlement_from(entitlement_text(first)) == first


def test_a_person_is_kept_with_every_field(office: Office) -> None:
    person = Person("阿卜杜拉·买买提", "E1234567", "99", "2", date(1999, 2, 28), "0791-1", "某公司")
    saved = office.ledger.save_person(person, EMPLOYED, "360000")

    assert saved.person == person
    assert office.ledger.person(saved.person_id) == saved


def test_one_human_being_has_one_record_however_the_number_is_typed(office: Office) -> None:
    known = office.ledger.save_person(Person("张三", "36010219800101123X"), EMPLOYED, "360000")
    for number in ("36010219800101123x", " ３６０１０２ 19800101123X"):
        with pytest.raises(ClerkError, match="person_known"):
            office.ledger.save_person(Person("张三", number), EMPLOYED, "360000")
        assert office.ledger.person_by_id_number(number) == known
    other = office.person("李四")
    with pytest.raises(ClerkError, match="person_known"):
        office.ledger.save_person(known.person, EMPLOYED, "360000", other.person_id)
    assert office.ledger.person(other.person_id) == other


def test_a_person_without_a_number_or_unknown_is_refused(office: Office) -> None:
    with pytest.raises(ClerkError, match="id_number_missing"):
        office.ledger.save_person(Person("张三", " "), EMPLOYED, "360000")
    with pytest.raises(ClerkError, match="person_unknown"):
        office.ledger.save_person(Person("张三", id_number(5)), EMPLOYED, "360000", 12)
    with pytest.raises(ClerkError, match="person_unknown"):
        office.ledger.record_prior_benefit(12, PriorBenefit(2023, Benefit.ORDINARY, 0, 0, date(2023, 1, 1)))
    assert office.ledger.person_by_id_number(id_number(5)) is None
    assert office.ledger.find_persons("张") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张三", ["张三", "张三丰"]),
        ("三丰", ["张三丰"]),
        ("丰", ["张三丰"]),
        ("张三丰", ["张三丰"]),
        ("张丰", []),
        ("%", []),
        ("_三", []),
        ("张三_", []),
        ("", []),
        ("36010219800101002", ["张三丰"]),
        ("３６０１０２", ["张三", "张三丰", "李小三"]),
        ("198001", []),
    ],
)
def test_persons_are_found_by_part_of_the_name_or_the_numbers_beginning(
    office: Office, text: str, names: list[str]
) -> None:
    for name in ("张三", "张三丰", "李小三"):
        office.person(name)
    assert [found.person.name for found in office.ledger.find_persons(text)] == names


def test_a_search_for_persons_stops_at_its_limit(office: Office) -> None:
    for index in range(5):
        office.person(f"王{index}")
    assert [found.person.name for found in office.ledger.find_persons("王", limit=3)] == ["王0", "王1", "王2"]


def test_a_renamed_person_is_found_by_the_new_name_alone(office: Office) -> None:
    person = office.person("张三")
    renamed = replace(person.person, name="章三")
    office.ledger.save_person(renamed, EMPLOYED, "360000", person.person_id)

    assert office.ledger.find_persons("张三") == []
    assert [found.person for found in office.ledger.find_persons("章三")] == [renamed]


def test_the_platforms_figures_are_never_negative(office: Office) -> None:
    person = office.person()
    with pytest.raises(ClerkError, match="prior_benefit_negative"):
        office.ledger.record_prior_benefit(
            person.person_id, PriorBenefit(2023, Benefit.ORDINARY, -1, 0, date(2023, 1, 1))
        )


@pytest.mark.parametrize("letter", ["\0", "\ud83d"], ids=["NUL", "half a character"])
def test_a_letter_that_cannot_be_kept_is_said_so_and_nothing_is_saved(office: Office, letter: str) -> None:
    person = office.person()
    request = office.request(person, receipt("1", diagnosis=f"感冒{letter}"))
    for attempt in (
        lambda: office.ledger.save_person(Person(letter, id_number(9)), EMPLOYED, "360000"),
        lambda: office.ledger.settle(request),
        lambda: office.ledger.find_persons(letter),
    ):
        with pytest.raises(ClerkError, match="text_not_storable"):
            attempt()
    assert office.ledger.month_count(2023, 6) == 0
    assert office.settle(person, receipt("1")).voucher_number == "360100-2023-000001"
