"""办理时限 typed by an administrator: checked whole, kept in the office's file, and what papers count with."""

from __future__ import annotations

import pytest

from clerk_app.counter.desk import Desk
from clerk_app.counter.time_limits_desk import TimeLimitsDesk
from clerk_app.errors import ClerkError
from clerk_app.policy.working_days import TimeLimits, time_limits
from tests.counter.desks import sign_in
from tests.ledger.office import ADMINISTRATOR


def typed(
    desk: Desk, days: str, small_below: str = "", small_days: str = "", completing_days: str = ""
) -> TimeLimitsDesk:
    form = TimeLimitsDesk(desk)
    form.days, form.small_below, form.small_days = days, small_below, small_days
    form.completing_days = completing_days
    return form


def test_what_is_saved_is_what_papers_count_with_and_what_the_form_shows_again(desk: Desk) -> None:
    sign_in(desk, ADMINISTRATOR)
    assert TimeLimitsDesk(desk).is_blank
    typed(desk, "１０", "1,000", "5", "15").save()

    assert time_limits(desk.folder) == TimeLimits(10, 5, 100_000, 15)
    again = TimeLimitsDesk(desk)
    assert (again.days, again.small_below, again.small_days, again.completing_days) == ("10", "1000.00", "5", "15")

    typed(desk, "20").save()
    assert time_limits(desk.folder) == TimeLimits(20)
    typed(desk, "").save()
    assert time_limits(desk.folder) is None


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("", "", "", "15"), "一般申请"),
        (("0",), "不是工作日数"),
        (("367",), "不是工作日数"),
        (("9" * 5000,), "不是工作日数"),
        (("十",), "不是工作日数"),
        (("10", "1000"), "一起填写"),
        (("10", "", "5"), "一起填写"),
        (("10", "0", "5"), "大于 0"),
        (("10", "很少", "5"), "很少"),
        (("10", "1000", "5.5"), "不是工作日数"),
        (("10", "", "", "-1"), "不是工作日数"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(desk: Desk, texts: tuple[str, ...], words: str) -> None:
    sign_in(desk, ADMINISTRATOR)
    typed(desk, "10").save()
    form = typed(desk, *texts)
    assert any(words in problem for problem in form.problems())
    with pytest.raises(AssertionError):
        form.save()
    assert time_limits(desk.folder) == TimeLimits(10)


def test_a_clerk_sets_no_time_limits(desk: Desk) -> None:
    with pytest.raises(ClerkError, match="not_allowed"):
        typed(desk, "10").save()
    assert time_limits(desk.folder) is None


def test_a_file_that_cannot_be_read_is_told_and_so_is_the_last_year_whose_holidays_are_known(desk: Desk) -> None:
    assert "到 2026 年为止" in TimeLimitsDesk(desk).calendar_words()
    (desk.folder / "working-days").mkdir()
    (desk.folder / "working-days" / "limits.yaml").write_text("工作日: 很快\n", encoding="utf-8")
    assert "不是工作日数" in TimeLimitsDesk(desk).trouble
    (desk.folder / "working-days" / "2027.yaml").write_text("文件: 示例\n放假: [一]\n", encoding="utf-8")
    assert "2027.yaml" in TimeLimitsDesk(desk).calendar_words()
