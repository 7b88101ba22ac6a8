from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from clerk_app.ledger import persons, search
from clerk_app.ledger.connection import Store
from clerk_app.ledger.records import Settlement
from clerk_app.ledger.tables import metadata
from clerk_app.receipts.claim import Receipt
from tests.ledger.office import EMPLOYED, HOSPITAL, Clock, Office, id_number, receipt


@pytest.fixture
def settled(office: Office) -> list[Settlement]:
    """Three settlements: two of 张三丰's, one of 李四's, and a reversal of the first."""
    zhang, li = office.person("张三丰"), office.person("李四")
    first = office.settle(zhang, receipt("0012345678", bill_code="36010123"), receipt("77"))
    second = office.settle(li, receipt("0099"))
    third = office.settle(zhang, receipt("0100"))
    reversal = office.ledger.reverse(first.voucher_number, "录错", "r1")
    return [first, second, third, reversal]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [3, 2, 1, 0]),
        ("三丰", [3, 2, 0]),
        ("李四", [1]),
        ("三", [3, 2, 0]),
        ("360100-2023-000002", [1]),
        ("360100-2023-00000", [3, 2, 1, 0]),
        ("0012345678", [3, 0]),
        ("００１２", [3, 0]),
        ("36010123", [3, 0]),
        ("36010123/0012345678", [3, 0]),
        ("77", [3, 0]),
        ("00", [3, 1, 0]),
        ("36010219800101002", [1]),
        ("王五", []),
        ("%", []),
        ("张三_", []),
        ("345678", [3, 0]),
        ("5678", [3, 0]),
        ("678", []),
        ("zsf", [3, 2, 0]),
        ("SF", [3, 2, 0]),
        ("ls", [1]),
        ("zf", []),
        ("4", [3]),
        ("0003", [2]),
        ("2023-000003", [2]),
        ("2022-000003", []),
        ("S360100-2023-000002", [1]),
    ],
)
def test_settlements_are_found_by_number_or_name_newest_first(
    office: Office, settled: list[Settlement], text: str, found: list[int]
) -> None:
    lines = office.ledger.search(text)
    assert [line.voucher_number for line in lines] == [settled[index].voucher_number for index in found]


def test_a_line_tells_what_the_settlement_does(office: Office, settled: list[Settlement]) -> None:
    first, reversal = settled[0], settled[3]
    line = office.ledger.search(first.voucher_number)[0]

    assert (line.kind, line.settled_at, line.clerk) == (first.kind, first.settled_at, first.clerk)
    assert (line.name, line.id_number) == (first.person.name, first.person.id_number)
    assert (line.receipt_count, line.total_fen, line.fund_fen) == (2, first.total_fen, first.fund_fen)
    assert line.reversed_by == reversal.voucher_number
    assert office.ledger.search(reversal.voucher_number)[0].total_fen == -first.total_fen


def test_pages_follow_each_other_without_a_gap_or_a_repeat(office: Office) -> None:
    person = office.person("张三丰")
    numbers = [office.settle(person, receipt(f"{index}", 100)).voucher_number for index in range(25)]
    seen: list[str] = []
    for turn in range(4):
        page = office.ledger.search("三丰", limit=10, before=seen[-1] if seen else None)
        seen += [line.voucher_number for line in page]
        office.settle(person, receipt(f"meanwhile {turn}", 100))
    assert seen == numbers[::-1]


def test_a_settlement_is_found_by_the_name_of_its_day(office: Office) -> None:
    person = office.person("张三丰")
    settled = office.settle(person, receipt("1"))
    office.ledger.save_person(replace(person.person, name="章四"), EMPLOYED, "360000", person.person_id)

    assert [line.voucher_number for line in office.ledger.search("三丰")] == [settled.voucher_number]
    assert office.ledger.search("章四") == []


def test_a_months_records_come_whole_and_in_order(tmp_path: Path) -> None:
    office = Office(tmp_path / "may.db", Clock(datetime(2023, 5, 31, 8)))  # noqa: DTZ001 -- the office's local time
    person = office.person()
    days = [(2023, 5, 31, 23), (2023, 6, 1, 0), (2023, 6, 30, 23), (2023, 7, 1, 0), (2023, 12, 31, 23), (2024, 1, 1, 0)]
    settled = []
    for index, (year, month, day, hour) in enumerate(days):
        office.clock.now = datetime(year, month, day, hour, 59)  # noqa: DTZ001 -- the office's local time
        settled.append(office.settle(person, receipt(f"{index}", 100), handed_in_on=date(2024, 1, 1)))

    assert list(office.ledger.settlements_of_month(2023, 6)) == settled[1:3]
    assert list(office.ledger.settlements_of_month(2023, 12)) == [settled[4]]
    assert office.ledger.month_count(2023, 6) == 2
    assert list(office.ledger.settlements_of_month(2022, 6)) == []


def test_a_month_longer_than_a_chunk_comes_whole_as_it_stood_at_the_first(office: Office) -> None:
    person = office.person()
    settled = [office.settle(person, receipt(f"{index}", 100)) for index in range(230)]
    months = office.ledger.settlements_of_month(2023, 6)
    streamed = [next(months)]
    office.settle(person, receipt("meanwhile", 100))
    office.ledger.reverse(settled[229].voucher_number, "录错", "r1")
    streamed += months

    assert streamed == settled


def test_a_certificate_is_found_by_its_last_digits(office: Office, settled: list[Settlement]) -> None:
    number = settled[1].person.id_number
    for text in (number[-4:], number[-6:], number[-6:].lower(), number):
        assert [line.name for line in office.ledger.search(text)] == ["李四"]
        assert [found.person.name for found in office.ledger.find_persons(text)] == ["李四"]
    assert office.ledger.find_persons(number[-3:]) == []


def test_persons_are_found_by_the_first_letters_of_their_names(office: Office) -> None:
    for name in ("张三丰", "曾国强", "单雄信", "仇小明", "赵四"):
        office.person(name)
    found = {
        text: [found.person.name for found in office.ledger.find_persons(text)]
        for text in ("z", "zs", "ZS", "zgq", "sxx", "qxm", "xm", "zsff", "z s")
    }
    assert found["z"] == ["张三丰", "曾国强", "赵四"]
    assert found["zs"] == found["ZS"] == found["z s"] == ["张三丰", "赵四"]
    assert (found["zgq"], found["sxx"], found["qxm"], found["xm"]) == (["曾国强"], ["单雄信"], ["仇小明"], ["仇小明"])
    assert found["zsff"] == []


def test_a_person_who_has_another_name_now_is_found_by_its_letters_too(office: Office) -> None:
    person = office.person("张三丰")
    settled = office.settle(person, receipt("1"))
    changed = replace(person.person, name="李四", id_number=id_number(77))
    office.ledger.save_person(changed, EMPLOYED, "360000", person.person_id)

    assert [found.person for found in office.ledger.find_persons("ls")] == [changed]
    assert [found.person for found in office.ledger.find_persons(id_number(77)[-4:])] == [changed]
    assert office.ledger.find_persons(person.person.id_number[-6:]) == []
    assert [line.voucher_number for line in office.ledger.search("ls")] == [settled.voucher_number]


def test_a_long_part_of_a_name_is_compared_whole(office: Office) -> None:
    office.settle(office.person("欧阳小明阳"), receipt("1"))
    office.settle(office.person("阳明小欧阳"), receipt("2"))
    assert [found.person.name for found in office.ledger.find_persons("欧阳小明")] == ["欧阳小明阳"]
    assert [line.name for line in office.ledger.search("明小欧")] == ["阳明小欧阳"]
    assert office.ledger.search("欧阳明阳") == office.ledger.find_persons("欧阳明阳") == []


def test_serials_of_every_year_are_found_by_their_last_digits(tmp_path: Path) -> None:
    office = Office(tmp_path / "years.db", Clock(datetime(2023, 6, 1, 9)))  # noqa: DTZ001 -- the office's local time
    person = office.person()
    first = office.settle(person, receipt("a", 100))
    office.clock.now = datetime(2024, 1, 2, 9)  # noqa: DTZ001 -- the office's local time
    second = office.settle(person, receipt("b", 100), handed_in_on=date(2024, 1, 2))
    for text, found in (("1", [second, first]), ("0001", [second, first]), ("2023-1", [first]), ("2", []), ("0", [])):
        assert [line.voucher_number for line in office.ledger.search(text)] == [each.voucher_number for each in found]


def test_what_one_beginning_finds_is_paged_through(
    office: Office,
) -> None:
    person = office.person()
    numbers = [office.settle(person, receipt(f"55{index:02d}", 100)).voucher_number for index in range(12)]
    seen: list[str] = []
    while page := office.ledger.search("55", limit=5, before=seen[-1] if seen else None):
        seen += [line.voucher_number for line in page]
    assert seen == numbers[::-1]


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", ["", "三丰", "zs", "0012", "000001", "3601", "1002"])
def test_no_search_reads_a_table_from_end_to_end(office: Office, settled: list[Settlement], text: str) -> None:
    """Whatever the tables hold: every piece that is read lies in an index, or under a row's own number."""
    assert settled
    store = Store(office.path, wait_seconds=1)
    plans: list[str] = []

    with store.reading() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        told: list[str] = []
        driver.set_trace_callback(told.append)
        search.search(connection, text, 50, None)
        persons.find_persons(connection, text, 50)
        driver.set_trace_callback(None)
        for statement in told:
            if statement.startswith("SELECT"):
                plans += [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
    store.close()

    named = {step.split()[1] for step in plans if step.startswith("SCAN")}
    assert plans
    # An office has a row of ``counters`` for each year and series.
    assert named & metadata.tables.keys() <= {"counters"}


HOSPITAL_BY_NAME = replace(HOSPITAL, code="")


@pytest.mark.parametrize(
    ("other", "is_similar"),
    [
        (receipt("2"), True),
        (receipt("2", institution=HOSPITAL_BY_NAME), True),
        (receipt("2", institution=replace(HOSPITAL, name="协和医院")), True),
        (receipt("1"), False),
        (receipt("2", 100_001), False),
        (receipt("2", visited_on=date(2023, 5, 21)), False),
        (receipt("2", institution=replace(HOSPITAL_BY_NAME, name="另一医院")), False),
    ],
)
def test_a_bill_with_the_hospital_day_and_amount_of_another_is_similar(
    office: Office, other: Receipt, is_similar: bool
) -> None:
    settled = office.settle(office.person(), receipt("1"))
    assert office.ledger.similar_receipts(other) == ((settled.voucher_number,) if is_similar else ())


def test_what_is_reversed_is_similar_to_nothing(office: Office) -> None:
    settled = office.settle(office.person(), receipt("1"), receipt("3"))
    assert office.ledger.similar_receipts(receipt("2")) == (settled.voucher_number,)
    office.ledger.reverse(settled.voucher_number, "录错", "r1")
    assert office.ledger.similar_receipts(receipt("2")) == ()
