from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from clerk_app.ledger.records import Settlement
from tests.ledger.office import EMPLOYED, Clock, Office, receipt


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
        ("345678", []),
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
