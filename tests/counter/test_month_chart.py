from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from clerk_app.counter.calendar_month import Month, latest_months
from clerk_app.counter.desk import Desk
from clerk_app.counter.entrance import Entrance
from clerk_app.counter.month_chart import MonthChart, day_words, rows, summary
from clerk_app.counter.practice import CLERK, PASSWORD
from clerk_app.money import format_yuan
from clerk_app.settings import Settings
from tests.counter.desks import staffed_desk

NOVEMBER = Month(2026, 11)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = staffed_desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def practice_desk(tmp_path: Path) -> Iterator[Desk]:
    """Seven records of one day: six claims, one of them refused, and one taken back."""
    opened = Entrance(tmp_path, lambda: datetime(2026, 11, 22, 9).astimezone()).open_practice(Settings())
    opened.ledger.sign_in(CLERK.login, PASSWORD)
    yield opened
    opened.close()


def test_the_words_and_the_table_say_what_the_records_come_to(practice_desk: Desk) -> None:
    records = list(practice_desk.ledger.settlements_of_month(2026, 11))
    shown = MonthChart(practice_desk).figures(NOVEMBER)

    def yuan(fen: Iterable[int]) -> str:
        return format_yuan(sum(fen), separators=True)

    fund, account = yuan(each.fund_fen for each in records), yuan(each.account_fen for each in records)
    cash = yuan(each.person_fen - each.account_fen for each in records)
    words = f"结算 5 笔，不予支付 1 笔，冲正 1 笔；统筹支付 {fund}，个人账户 {account}，个人现金 {cash}。"
    assert len(records) == 7
    assert account != "0.00"
    assert summary(shown) == f"2026-11：{words}"
    assert day_words(shown.days[21]) == f"11 月 22 日：{words}"
    assert day_words(shown.days[0]) == "11 月 1 日：没有记录。"
    total = yuan(each.total_fen for each in records)
    figures = ("5", "1", "1", "", total, fund, account, cash)
    assert rows(shown) == [("11-22", *figures), ("合计", *figures)]


def test_every_day_of_a_month_is_there_and_they_add_up(desk: Desk) -> None:
    shown = MonthChart(desk).figures(NOVEMBER)
    assert [day.day.day for day in shown.days] == list(range(1, 31))
    assert shown.is_blank
    assert summary(shown) == "2026-11 还没有结算。"
    assert rows(shown) == [("合计", "", "", "", "", "0.00", "0.00", "0.00", "0.00")]


@pytest.mark.parametrize(("month", "days"), [(Month(2024, 2), 29), (Month(2026, 2), 28), (Month(2026, 12), 31)])
def test_a_month_has_its_days(month: Month, days: int) -> None:
    assert month.days == days


def test_two_years_of_months_can_be_chosen(desk: Desk) -> None:
    months = MonthChart(desk).months()
    assert [str(month) for month in months[:2]] == ["2026-11", "2026-10"]
    assert str(months[-1]) == "2024-12"
    assert latest_months(desk.today(), 1) == (NOVEMBER,)
