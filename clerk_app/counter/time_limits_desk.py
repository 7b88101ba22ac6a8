"""办理时限: how many working days the office takes, and gives to bring what is missing; typed, checked, kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.typed import half_width, parse_amount
from clerk_app.errors import ClerkError
from clerk_app.jobs import whole_file
from clerk_app.money import format_yuan
from clerk_app.policy.working_days import FOLDER, LIMITS_FILE, MOST_DAYS, time_limits, working_days
from clerk_app.wording import _, sentence


class TimeLimitsDesk:
    """The office's time limits as the form shows them; all fields empty where the office has set none.

    Attributes:
        trouble: Why the office's file cannot be read; empty when it can.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.days = self.small_below = self.small_days = self.completing_days = ""
        self.trouble = ""
        try:
            limits = time_limits(desk.folder)
        except ClerkError as error:
            self.trouble = sentence(error)
            return
        if limits is None:
            return
        self.days = str(limits.days)
        if limits.small_days is not None:
            self.small_below = format_yuan(limits.small_below_fen)
            self.small_days = str(limits.small_days)
        if limits.completing_days is not None:
            self.completing_days = str(limits.completing_days)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is set."""
        return not any(text.strip() for text in (self.days, self.small_below, self.small_days, self.completing_days))

    def calendar_words(self) -> str:
        """Up to which year the holidays are known, and what a paper says beyond it."""
        try:
            last = max(working_days(self.desk.folder).years)
        except ClerkError as error:
            return sentence(error)
        words = _("放假安排到 {year} 年为止；到期日更晚时，单据只写工作日数。")
        return words.format(year=last)

    def problems(self) -> tuple[str, ...]:
        """Everything that is wrong in what is typed."""
        return () if self.is_blank else tuple(self._problems())

    def _problems(self) -> Iterator[str]:
        if not self.days.strip():
            yield _("请填写一般申请的工作日数；其余可以留空。")
        for text in (self.days, self.small_days, self.completing_days):
            if text.strip() and not _is_days(text):
                yield sentence(ClerkError("limit_days", text=text.strip()))
        if bool(self.small_below.strip()) != bool(self.small_days.strip()):
            yield _("小额申请的金额和工作日数要一起填写，或都留空。")
        try:
            if self.small_below.strip() and parse_amount(self.small_below) <= 0:
                yield _("小额申请的金额应大于 0。")
        except ClerkError as error:
            yield sentence(error)

    def save(self) -> Path:
        """Write the office's file; an empty form takes it away.

        Raises:
            ClerkError: ``not_allowed``, ``folder_not_made``, ``file_not_written``.
        """
        self.desk.require(Action.CHANGE_OFFICE)
        assert not self.problems(), "the form says what is wrong"
        folder = self.desk.folder / FOLDER
        target = folder / LIMITS_FILE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.is_blank:
                target.unlink(missing_ok=True)
                return target
        except OSError as error:
            raise ClerkError("folder_not_made", folder=str(folder), reason=error.strerror or str(error)) from error
        with whole_file(target) as draft:
            draft.write_text(self._yaml(), encoding="utf-8")
        return target

    def _yaml(self) -> str:
        lines = [f"工作日: {int(half_width(self.days))}"]
        if self.small_days.strip():
            below = format_yuan(parse_amount(self.small_below))
            lines.append(f"小额: {{不满: {below}, 工作日: {int(half_width(self.small_days))}}}")
        if self.completing_days.strip():
            lines.append(f"补正工作日: {int(half_width(self.completing_days))}")
        return "\n".join(lines) + "\n"


def _is_days(text: str) -> bool:
    digits = half_width(text)
    return digits.isascii() and digits.isdecimal() and len(digits) <= 3 and 0 < int(digits) <= MOST_DAYS
