"""月度统计: what a month came to, by day, in the figures that a chart draws and the words that stand for it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from clerk_app.counter.calendar_month import Month, latest_months
from clerk_app.counter.desk import Desk
from clerk_app.ledger.month_figures import DayFigures
from clerk_app.money import format_yuan
from clerk_app.wording import _, filled

_MONTHS_OFFERED = 24
_ADDED_UP = tuple(field.name for field in fields(DayFigures) if field.name != "day")


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month.

    Attributes:
        days: Every day of it, those without a record too.
        total: All of them added up, under its first day.
    """

    month: Month
    days: tuple[DayFigures, ...]
    total: DayFigures

    @property
    def is_blank(self) -> bool:
        """Whether nothing was recorded."""
        return not (self.total.settled or self.total.refused or self.total.reversed or self.total.corrected)


class MonthChart:
    """The months that can be looked at."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def months(self) -> tuple[Month, ...]:
        """Two years of them, this one first."""
        return latest_months(self.desk.today(), _MONTHS_OFFERED)

    def figures(self, month: Month) -> MonthFigures:
        """What the ledger has of a month.

        Raises:
            ClerkError: As the ledger says.
        """
        found = {each.day: each for each in self.desk.ledger.month_figures(month.year, month.number)}
        every = (date(month.year, month.number, number) for number in range(1, month.days + 1))
        days = tuple(found.get(day, DayFigures(day)) for day in every)
        sums = {name: sum(getattr(day, name) for day in days) for name in _ADDED_UP}
        return MonthFigures(month, days, DayFigures(month.first_day, **sums))


def rows(shown: MonthFigures) -> list[tuple[str, ...]]:
    """A row for each day on which anything was recorded, and the month's below them."""
    days = [day for day in shown.days if any(getattr(day, name) for name in _ADDED_UP)]
    return [*(_row(f"{day.day:%m-%d}", day) for day in days), _row(_("合计"), shown.total)]


def _row(title: str, of: DayFigures) -> tuple[str, ...]:
    counts = (of.settled, of.refused, of.reversed, of.corrected)
    amounts = (of.total_fen, of.fund_fen, of.account_fen, of.cash_fen)
    return (
        title,
        *(str(count) if count else "" for count in counts),
        *(format_yuan(fen, separators=True) for fen in amounts),
    )


def summary(shown: MonthFigures) -> str:
    """The month in a sentence."""
    if shown.is_blank:
        return filled(_("{month} 还没有结算。"), {"month": shown.month})
    return filled(_("{month}：{words}"), {"month": shown.month, "words": _words(shown.total)})


def day_words(of: DayFigures) -> str:
    """One day in a sentence."""
    return filled(_("{month} 月 {day} 日：{words}"), {"month": of.day.month, "day": of.day.day, "words": _words(of)})


def _words(of: DayFigures) -> str:
    counts = [
        filled(words, {"count": count})
        for words, count in (
            (_("结算 {count} 笔"), of.settled),
            (_("不予支付 {count} 笔"), of.refused),
            (_("冲正 {count} 笔"), of.reversed),
            (_("更正 {count} 笔"), of.corrected),
        )
        if count
    ]
    if not counts:
        return _("没有记录。")
    amounts = _("统筹支付 {fund}，个人账户 {account}，个人现金 {cash}。")
    given = {"fund": of.fund_fen, "account": of.account_fen, "cash": of.cash_fen}
    words = {name: format_yuan(fen, separators=True) for name, fen in given.items()}
    return filled(_("{counts}；{amounts}"), {"counts": _("，").join(counts), "amounts": filled(amounts, words)})
