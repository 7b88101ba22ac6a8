from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from clerk_app.errors import FileProblems
from clerk_app.paths import resources
from clerk_app.policy.working_days import TimeLimits, time_limits, working_days

SHIPPED = working_days()


def test_weekends_holidays_and_make_up_days_are_counted_as_the_state_council_has_them() -> None:
    # 2026: 国庆节 1 to 7 October; Saturday the 10th and Sunday 20 September are worked.
    assert SHIPPED.after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert SHIPPED.after(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert SHIPPED.after(date(2026, 9, 30), 4) == date(2026, 10, 12)
    assert SHIPPED.after(date(2026, 9, 18), 1) == date(2026, 9, 20)
    # 2025: eight days off from 28 January; Sunday the 26th is worked.
    assert SHIPPED.after(date(2025, 1, 24), 2) == date(2025, 1, 27)
    assert SHIPPED.after(date(2025, 1, 27), 1) == date(2025, 2, 5)
    # 2023: handed in on a Friday before the holidays of May.
    assert SHIPPED.after(date(2023, 4, 28), 10) == date(2023, 5, 16)
    assert SHIPPED.after(date(2026, 11, 22), 10) == date(2026, 12, 4)


def test_in_every_year_that_ships_as_many_days_are_off_as_the_law_gives() -> None:
    # 全国年节及纪念日放假办法: 11 days, from 2025 on 13; make-up days and weekends only trade places.
    for year in SHIPPED.years:
        days = [date(year, 1, 1) + timedelta(days=place) for place in range(_length(year))]
        weekends = sum(day.weekday() >= 5 for day in days)
        assert sum(map(_is_off, days)) == weekends + (11 if year < 2025 else 13), year
    assert SHIPPED.years == {2023, 2024, 2025, 2026}


def _length(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _is_off(day: date) -> bool:
    return day in SHIPPED.off or (day.weekday() >= 5 and day not in SHIPPED.on)


def test_where_a_notice_is_not_known_there_is_no_date() -> None:
    last = max(SHIPPED.years)
    assert SHIPPED.after(date(last, 12, 23), 1) == date(last, 12, 24)
    assert SHIPPED.after(date(last, 12, 24), 1) is None, "the next year's notice may move the last week"
    assert SHIPPED.after(date(last, 12, 20), 30) is None
    assert SHIPPED.after(date(2030, 5, 1), 1) is None
    assert SHIPPED.after(date(2024, 12, 24), 1) == date(2024, 12, 25)


def test_an_office_adds_a_year_and_its_own_file_goes_before_the_one_that_ships(tmp_path: Path) -> None:
    folder = tmp_path / "working-days"
    folder.mkdir()
    head = "文件: 示例通知\n放假:\n  - {节日: 元旦, 起: 2027-01-01, 止: 2027-01-03}\n上班: [2027-01-09]\n"
    (folder / "2027.yaml").write_text(head, encoding="utf-8")
    own = working_days(tmp_path)
    assert own.after(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert own.after(date(2027, 1, 8), 1) == date(2027, 1, 9)
    (folder / "2026.yaml").write_text("文件: 示例\n放假: []\n上班: []\n", encoding="utf-8")
    assert working_days(tmp_path).after(date(2026, 9, 30), 1) == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("holiday", "worked", "code"),
    [
        ("起: 2027-01-03, 止: 2027-01-01", "", "period_backwards"),
        ("起: 2026-01-01, 止: 2027-01-01", "", "working_day_year"),
        ("起: 2027-01-01, 止: 2027-01-03", "2027-01-05", "working_day_in_week"),
        ("起: 2027-01-01, 止: 2027-01-03", "2027-01-02", "working_day_twice"),
        ("起: 2027-01-01, 止: 2027-01-03", "2028-01-08", "working_day_year"),
        ("起: 2027-01-01, 止: 2027-01-03", "2027-01-09, 2027-01-09", "working_day_twice"),
        ("起: 元旦, 止: 2027-01-03", "", "day_unknown"),
        ("从: 2027-01-01, 止: 2027-01-03", "", "key_unknown"),
    ],
)
def test_a_wrong_year_is_not_used(tmp_path: Path, holiday: str, worked: str, code: str) -> None:
    (tmp_path / "working-days").mkdir()
    text = f"文件: 示例\n放假:\n  - {{节日: 元旦, {holiday}}}\n上班: [{worked}]\n"
    (tmp_path / "working-days" / "2027.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FileProblems) as raised:
        working_days(tmp_path)
    assert code in {problem.code for problem in raised.value.problems}


def test_a_years_file_is_named_after_its_notice() -> None:
    for file in (resources() / "working-days").glob("*.yaml"):
        assert f"关于{file.stem}年部分节假日安排的通知" in file.read_text(encoding="utf-8")


def test_time_limits_are_the_offices_to_say(tmp_path: Path) -> None:
    assert time_limits(tmp_path) is None
    assert time_limits(None) is None
    (tmp_path / "working-days").mkdir()
    file = tmp_path / "working-days" / "limits.yaml"
    file.write_text("工作日: 10\n小额: {不满: 1000, 工作日: 5}\n", encoding="utf-8")
    limits = time_limits(tmp_path)
    assert limits == TimeLimits(10, 5, 100_000)
    assert [limits.of(fen) for fen in (0, 99_999, 100_000)] == [5, 5, 10]
    file.write_text("工作日: 20\n", encoding="utf-8")
    assert time_limits(tmp_path) == TimeLimits(20)
    file.write_text("工作日: 20\n补正工作日: 15\n", encoding="utf-8")
    assert time_limits(tmp_path) == TimeLimits(20, completing_days=15)
    for text, code in (("工作日: 0\n", "limit_days"), ("工作日: 很快\n", "limit_days"), ("天: 1\n", "key_unknown")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(FileProblems) as raised:
            time_limits(tmp_path)
        assert code in {problem.code for problem in raised.value.problems}
