"""What keeps a ledger safe from day to day: the check at the start, anchors, backups, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from clerk_app.counter.offices import PRACTICE_OFFICE_CODE
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress, whole_file
from clerk_app.ledger import anchors, backups
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.backups import Backup, Written
from clerk_app.ledger.ledger import Ledger
from clerk_app.ledger.records import Later
from clerk_app.ledger.restoring import Restored
from clerk_app.ledger.soundness import Depth, Finding, Verification
from clerk_app.settings import PRACTICE_OFFICE, Settings
from clerk_app.wording import _, filled

#: How many findings the window says at once; ``clerk-app verify`` says all.
MOST_SAID = 20


def backup_folder(settings: Settings, data: Path) -> Path:
    """Where backups go.

    Args:
        data: The office's own folder.
    """
    return Path(settings.backup_folder).expanduser() if settings.backup_folder.strip() else data / "backups"


def code_of_office(settings: Settings) -> str:
    """What the numbers and backups of the office in use begin with."""
    return PRACTICE_OFFICE_CODE if settings.office == PRACTICE_OFFICE else settings.office_code


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup as the list shows it.

    Attributes:
        size_bytes: Of the file as it is now.
    """

    backup: Backup
    size_bytes: int


class Safekeeping:
    """One ledger's.

    Attributes:
        settings: Whose folder and number of backups hold; the desk puts changed ones here.
        last: What the last check found, None before the first.
        checked_at: When that was, in the office's local time.
    """

    def __init__(self, ledger: Ledger, settings: Settings, data: Path, clock: Callable[[], datetime]) -> None:
        """Join the parts.

        Args:
            data: The office's own folder, where the heads are kept.
        """
        self._ledger = ledger
        self.settings = settings
        self._data = data
        self._clock = clock
        self.last: Verification | None = None
        self.checked_at: datetime | None = None

    @property
    def folder(self) -> Path:
        """Where backups go."""
        return backup_folder(self.settings, self._data)

    def begin(self) -> None:
        """The ledger has just been opened: until its books are checked, nothing that moves money is recorded."""
        self._ledger.mistrust(ClerkError("ledger_unchecked"))

    def check_books(self, progress: Progress | None = None) -> Verification:
        """The check of every start, before anybody signs in.

        Only a sound ledger gets a new anchor, and only by a sound ledger is money moved.

        Raises:
            Cancelled: As asked; the ledger stays as it was trusted before.
            ClerkError: ``file_not_written``.
        """
        found = self._checked(Depth.BOOKS, (), progress)
        self._trust(found.findings)
        if found.is_sound:
            self._ledger.keep_anchor(self._data)
        return found

    def check_all(self, progress: Progress | None = None, heads: tuple[str, ...] = ()) -> Verification:
        """The full check, for who may see the trail; in the background.

        Args:
            heads: As typed from vouchers. One that was mistyped is said, and stops nobody's work.

        Raises:
            Cancelled: As asked.
            ClerkError: ``not_allowed``, ``head_form``.
        """
        typed = tuple(map(anchors.typed, heads))
        found = self._checked(Depth.FULL, typed, progress)
        sources = {head.source for head in typed}
        self._trust(tuple(each for each in found.findings if each.details.get("source") not in sources))
        return found

    def sentences(self) -> tuple[str, ...]:
        """What the banner says: the findings of the last check, the first ones; empty for a sound ledger."""
        return () if self.last is None else tuple(finding.sentence for finding in self.last.findings[:MOST_SAID])

    def report(self) -> str:
        """The last check in words, with every finding, for whoever has to be told."""
        return "\n".join(self._report_lines()) + "\n"

    def save_report(self, target: Path) -> None:
        """Write the last check to a file.

        Raises:
            ClerkError: ``file_not_written``.
        """
        with whole_file(target) as draft:
            draft.write_text(self.report(), encoding="utf-8")

    def backups(self) -> list[Backup]:
        """The office's backups in its folder, the newest first."""
        return backups.listed(self.folder, code_of_office(self.settings))

    def kept(self) -> list[KeptBackup]:
        """The same with their sizes; one that somebody has just removed is left out."""
        found = []
        for backup in self.backups():
            try:
                found.append(KeptBackup(backup, backup.path.stat().st_size))
            except OSError:
                continue
        return found

    def lost_by(self, backup: Backup) -> Later:
        """What restoring a backup would lose.

        Raises:
            ClerkError: ``not_allowed``; ``head_not_here``, the backup is of another course of events; or what the
                ledger says that cannot be read.
        """
        return self._ledger.acts_after(backup.head)

    def is_backup_due(self) -> bool:
        """Whether the last backup is older than a day, or there is none; a server has its own."""
        return not self._ledger.is_server and backups.is_due(self.folder, code_of_office(self.settings), self._now())

    def back_up(self, progress: Progress | None = None, folder: Path | None = None) -> Written:
        """Make a backup in the signed-in user's name.

        Raises:
            Cancelled: As asked.
            ClerkError: As ``Ledger.back_up``.
        """
        written = self._ledger.back_up(folder or self.folder, progress, keep=self.settings.backups_kept)
        self._ledger.keep_anchor(self._data)
        return written

    def end_day(self, progress: Progress | None = None) -> Written | None:
        """What closing the program does: a backup when one is due, and the head kept; None without a backup.

        Raises:
            Cancelled: As asked; the program may close without.
            ClerkError: As ``Ledger.back_up``.
        """
        is_due = self.is_backup_due() and self._ledger.standing() is not None
        kept = self.settings.backups_kept
        written = self._ledger.back_up(self.folder, progress, by_program=True, keep=kept) if is_due else None
        if self.last is None or self.last.is_sound:
            self._ledger.keep_anchor(self._data)
        return written

    def restore(self, backup: Path, password: str, progress: Progress | None = None) -> Restored:
        """Put a backup in the ledger's place; the window opens the ledger anew then.

        Raises:
            Cancelled: As asked.
            ClerkError: ``sign_in_refused``, ``not_allowed``, or as ``Ledger.restore``.
        """
        self._ledger.confirm_password(password)
        return self._ledger.restore(backup, progress)

    def _checked(self, depth: Depth, heads: tuple[Anchor, ...], progress: Progress | None) -> Verification:
        """A check with the heads that were kept; where those cannot be read, that is a finding too."""
        kept: tuple[Anchor, ...] = ()
        findings: tuple[Finding, ...] = ()
        try:
            kept = anchors.read(self._data)
        except ClerkError as error:
            findings = (Finding(error.code, error.details),)
        found = self._ledger.verify(depth, (*kept, *heads), progress)
        self.last = replace(found, findings=(*findings, *found.findings))
        self.checked_at = self._now()
        return self.last

    def _trust(self, findings: tuple[Finding, ...]) -> None:
        why = ClerkError("ledger_unsound", count=len(findings)) if findings else None
        self._ledger.mistrust(why)

    def _report_lines(self) -> Iterator[str]:
        if self.last is None or self.checked_at is None:
            yield _("账本还没有核对过。")
            return
        depth = _("全面校验") if self.last.depth is Depth.FULL else _("启动核对")
        yield filled(_("{office}　账本核对结果"), {"office": self.settings.office_name})
        yield f"{self.checked_at:%Y-%m-%d %H:%M}　{depth}"
        counted = {"audit": 0, "settlements": 0, "receipts": 0, **self.last.counted}
        yield filled(_("操作记录 {audit} 行，单据 {settlements} 张，票据 {receipts} 张"), counted)
        yield filled(_("最后的校验码 {head}"), {"head": self.last.head.printed})
        if self.last.is_sound:
            yield _("没有发现问题")
            return
        yield filled(_("发现 {count} 个问题"), {"count": len(self.last.findings)})
        for number, finding in enumerate(self.last.findings, 1):
            yield f"{number}. {finding.sentence}"

    def _now(self) -> datetime:
        return self._clock().replace(microsecond=0, tzinfo=None)
