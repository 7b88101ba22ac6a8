"""Export a month to head office. Imported after the first paint: the workbook's library is heavy."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from clerk_app.codes import Action
from clerk_app.counter.calendar_month import Month, latest_months
from clerk_app.counter.desk import Desk
from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.office import Office
from clerk_app.documents.signing import Signer
from clerk_app.documents.workbook_seal import Origin
from clerk_app.jobs import Progress, whole_file
from clerk_app.wording import _, filled

_MONTH = re.compile(r"\d{4}-\d{2}")
_MONTHS_LOOKED_BACK = 24


class MonthExport:
    """One month's workbook."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def months(self, count: int = 24) -> tuple[Month, ...]:
        """The latest months, this one first."""
        return latest_months(self.desk.today(), count)

    def record_count(self, month: Month) -> int:
        """How many records the month has."""
        return self.desk.ledger.month_count(month.year, month.number)

    def file_name(self, month: Month) -> str:
        """What the file is called unless the clerk says otherwise."""
        mark = "练习-" if self.desk.is_practice else ""
        return f"{mark}零星报销月报-{self.desk.office_code}-{month}.xlsx"

    def remarks(self, month: Month) -> tuple[str, ...]:
        """What is unusual about exporting a month now, a sentence each; nothing forbids it."""
        return tuple(self._remarks(month))

    def _remarks(self, month: Month) -> Iterator[str]:
        exported = self._exported()
        today = self.desk.today()
        if (month.year, month.number) >= (today.year, today.month):
            yield _("本月还没有结束：以后办理的单据不在这份月报里。")
        if times := exported.count(str(month)):
            yield filled(
                _("{month} 已经导出过 {times} 次。再次报送时请说明以哪一份为准。"), {"month": month, "times": times}
            )
        if later := sorted(each for each in set(exported) if each > str(month)):
            yield filled(
                _("{month} 是较早的月份：{later} 已经导出。请确认要补报的就是这个月。"),
                {"month": month, "later": later},
            )
        before = max((each for each in exported if each < str(month)), default="")
        if skipped := [str(each) for each in self._between(before, month) if self.record_count(each)]:
            words = _("{skipped} 有单据而没有导出过：请先补报，或者向上级说明。")
            yield filled(words, {"skipped": skipped})

    def _exported(self) -> list[str]:
        return [each for each in self.desk.ledger.exports() if _MONTH.fullmatch(each)]

    def _between(self, before: str, month: Month) -> Iterator[Month]:
        """The months after one that was exported and before another, at most two years of them."""
        last = month.year * 12 + month.number - 1
        first = int(before[:4]) * 12 + int(before[5:]) if before else last - _MONTHS_LOOKED_BACK
        for place in range(max(first, last - _MONTHS_LOOKED_BACK), last):
            yield Month(place // 12, place % 12 + 1)

    def write(self, month: Month, target: Path, progress: Progress, password: str) -> int:
        """Write the workbook; cancelled or failed, nothing is left. Returns how many records it holds.

        The export is on record before the file has its name: no month leaves the office unseen.

        Args:
            password: Of who is signed in, once more; it is not kept.

        Raises:
            Cancelled: As asked.
            ClerkError: ``sign_in_refused``, ``sign_in_locked``, ``not_allowed``, ``file_not_written``.
        """
        self.desk.require(Action.EXPORT)
        self.desk.ledger.confirm_password(password)
        count = self.record_count(month)
        exported = self._exported()
        origin = Origin(
            office_code=self.desk.office_code,
            exported_at=self.desk.now().replace(tzinfo=None, microsecond=0),
            resend=exported.count(str(month)) + 1,
            previous=exported[-1] if exported else "",
        )
        signer = Signer(self.desk.ledger.signing_seed)
        with whole_file(target) as draft:
            write_month_workbook(
                self.desk.ledger.settlements_of_month(month.year, month.number),
                count,
                draft,
                progress,
                office=Office(self.desk.office_name, practice=self.desk.is_practice, signer=signer),
                month=month.first_day,
                exported_by=self.desk.user.name,
                head=self.desk.ledger.head(),
                origin=origin,
            )
            digest = hashlib.sha256(draft.read_bytes()).hexdigest()
            self.desk.ledger.record_export(str(month), digest, count)
        return count
