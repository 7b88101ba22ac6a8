"""工作日: by when an office has to be done, counted with the holidays and make-up days of the State Council's notices.

A year is known when its notice is: one YAML file a year, those that ship and the office's own. Nothing is guessed:
where a day's notice is not known, there is no date. The days of a time limit are the office's own to say, for no
document that ships states one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from clerk_app.errors import FileProblem, FileProblems
from clerk_app.paths import resources
from clerk_app.policy.strict_yaml import Item, read_yaml

#: In the office's folder.
FOLDER = "working-days"
LIMITS_FILE = "limits.yaml"
_YEARS = "[0-9][0-9][0-9][0-9].yaml"
_DAY = timedelta(days=1)
_SATURDAY = 5
#: The notice of the next year may move days of the old one's last week, as that of 2019 did.
_LAST_WEEK = (12, 25)
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The years that are known.

    Attributes:
        off: Days on which nobody works, weekends that are no holidays left out.
        on: Saturdays and Sundays on which one works.
    """

    years: frozenset[int]
    off: frozenset[date]
    on: frozenset[date]

    def after(self, day: date, count: int) -> date | None:
        """The last of so many working days, the first of which follows the day; None where a notice is not known.

        The day itself does not count (民法典 第二百零一条).
        """
        for _number in range(count):
            day += _DAY
            while self._is_known(day) and not self._is_worked(day):
                day += _DAY
            if not self._is_known(day):
                return None
        return day

    def _is_worked(self, day: date) -> bool:
        return day in self.on or (day.weekday() < _SATURDAY and day not in self.off)

    def _is_known(self, day: date) -> bool:
        is_late = (day.month, day.day) >= _LAST_WEEK
        return day.year in self.years and (not is_late or day.year + 1 in self.years)


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """What an office has promised, and what it asks: working days, the first of which follows the acceptance.

    Attributes:
        days: To the end of a claim.
        small_days: For claims below ``small_below_fen``; as the others when None.
        completing_days: For missing papers to be brought; None where the office sets no such time.
    """

    days: int
    small_days: int | None = None
    small_below_fen: int = 0
    completing_days: int | None = None

    def of(self, total_fen: int) -> int:
        """The working days for a claim of so much."""
        is_small = self.small_days is not None and total_fen < self.small_below_fen
        return self.small_days if is_small and self.small_days is not None else self.days


def working_days(folder: Path | None = None) -> WorkingDays:
    """Every year that ships, and the office's own, which go before those.

    Raises:
        FileProblems: Everything that is wrong in all of the files.
    """
    files = {file.stem: file for file in (resources() / FOLDER).glob(_YEARS)}
    if folder is not None:
        files |= {file.stem: file for file in (folder / FOLDER).glob(_YEARS)}
    problems: list[FileProblem] = []
    off: set[date] = set()
    on: set[date] = set()
    for year, file in sorted(files.items()):
        try:
            of_year = _read_year(file, int(year))
        except FileProblems as error:
            problems += error.problems
            continue
        off |= of_year[0]
        on |= of_year[1]
    if problems:
        raise FileProblems(problems)
    return WorkingDays(frozenset(map(int, files)), frozenset(off), frozenset(on))


def time_limits(folder: Path | None) -> TimeLimits | None:
    """What the office says of its time limits, None where it says nothing.

    Raises:
        FileProblems: Everything that is wrong in its file.
    """
    file = None if folder is None else folder / FOLDER / LIMITS_FILE
    if file is None or not file.exists():
        return None
    item = read_yaml(file)
    section = item.section()
    days = _days(section.need("工作日"))
    small = section.section("小额")
    small_days, below_fen = None, 0
    if small is not None:
        small_days, below_fen = _days(small.need("工作日")), small.fen("不满")
        small.finish()
    completing = section.get("补正工作日")
    completing_days = None if completing is None else _days(completing)
    section.finish()
    item.findings.raise_if_any()
    return TimeLimits(days, small_days, below_fen, completing_days)


def _days(item: Item | None) -> int:
    if item is None:
        return 1
    text = item.text()
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= MOST_DAYS):
        item.problem("limit_days", text=text)
        return 1
    return int(text)


def _read_year(file: Path, year: int) -> tuple[set[date], set[date]]:
    item = read_yaml(file)
    section = item.section()
    section.needed_text("文件")
    section.text("文号")
    section.day("印发")
    off = {day for each in section.items("放假") for day in _holiday(each, year)}
    on: set[date] = set()
    for each in section.items("上班"):
        day = each.day()
        _check_year(each, day, year)
        if day.weekday() < _SATURDAY:
            each.problem("working_day_in_week", day=day)
        if day in off or day in on:
            each.problem("working_day_twice", day=day)
        on.add(day)
    section.finish()
    item.findings.raise_if_any()
    return off, on


def _holiday(item: Item, year: int) -> Iterable[date]:
    section = item.section()
    section.needed_text("节日")
    first, last = section.need("起"), section.need("止")
    section.finish()
    if first is None or last is None:
        return ()
    starts_on, ends_on = first.day(), last.day()
    _check_year(first, starts_on, year)
    _check_year(last, ends_on, year)
    if not starts_on <= ends_on <= starts_on + 30 * _DAY:
        last.problem("period_backwards", starts_on=starts_on, ends_on=ends_on)
        return ()
    return tuple(_from_to(starts_on, ends_on))


def _check_year(item: Item, day: date, year: int) -> None:
    """A notice is about its year, and about the last week of the one before."""
    is_before = day.year == year - 1 and (day.month, day.day) >= _LAST_WEEK
    if day.year != year and not is_before:
        item.problem("working_day_year", day=day, year=year)


def _from_to(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY
