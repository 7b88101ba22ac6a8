"""Export a month to head office. Imported after the first paint: the workbook's library is heavy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.documents.month_workbook import write_month_workbook
from clerk_app.documents.office import Office
from clerk_app.jobs import Progress, whole_file


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of settlement."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)


class MonthExport:
    """One month's workbook."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def months(self, count: int = 24) -> tuple[Month, ...]:
        """The latest months, this one first."""
        today = self.desk.today()
        last = today.year * 12 + today.month - 1
        return tuple(Month((last - back) // 12, (last - back) % 12 + 1) for back in range(count))

    def record_count(self, month: Month) -> int:
        """How many records the month has."""
        return self.desk.ledger.month_count(month.year, month.number)

    def file_name(self, month: Month) -> str:
        """What the file is called unless the clerk says otherwise."""
        mark = "练习-" if self.desk.is_practice else ""
        return f"{mark}零星报销月报-{self.desk.office_code}-{month}.xlsx"

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
        with whole_file(target) as draft:
            write_month_workbook(
                self.desk.ledger.settlements_of_month(month.year, month.number),
                count,
                draft,
                progress,
                office=Office(self.desk.office_name, practice=self.desk.is_practice),
                month=month.first_day,
                exported_by=self.desk.user.name,
                head=self.desk.ledger.head(),
            )
            digest = hashlib.sha256(draft.read_bytes()).hexdigest()
            self.desk.ledger.record_export(str(month), digest, count)
        return count
