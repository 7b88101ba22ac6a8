"""What keeps a ledger safe from day to day: the check at the start, anchors, backups, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from clerk_app.counter.offices import PRACTICE_OFFICE_CODE
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger import anchors, backups
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.backups import Backup, Written
from clerk_app.ledger.ledger import Ledger
from clerk_app.ledger.restoring import Restored
from clerk_app.ledger.soundness import Depth, Finding, Verification
from clerk_app.settings import PRACTICE_OFFICE, Settings

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


class Safekeeping:
    """One ledger's.

    Attributes:
        last: What the last check found, None before the first.
    """

    def __init__(self, ledger: Ledger, settings: Settings, data: Path, clock: Callable[[], datetime]) -> None:
        """Join the parts.

        Args:
            data: The office's own folder, where the heads are kept.
        """
        self._ledger = ledger
        self._settings = settings
        self._data = data
        self._clock = clock
        self.last: Verification | None = None

    @property
    def folder(self) -> Path:
        """Where backups go."""
        return backup_folder(self._settings, self._data)

    def check_books(self, progress: Progress | None = None) -> Verification:
        """The check of every start, before anybody signs in; only a sound ledger gets a new anchor.

        Raises:
            Cancelled: As asked.
            ClerkError: ``file_not_written``.
        """
        found = self._checked(Depth.BOOKS, (), progress)
        if found.is_sound:
            self._ledger.keep_anchor(self._data)
        return found

    def check_all(self, progress: Progress | None = None, heads: tuple[str, ...] = ()) -> Verification:
        """The full check, for who may see the trail; in the background.

        Args:
            heads: As typed from vouchers.

        Raises:
            Cancelled: As asked.
            ClerkError: ``not_allowed``, ``head_form``.
        """
        return self._checked(Depth.FULL, tuple(map(anchors.typed, heads)), progress)

    def sentences(self) -> tuple[str, ...]:
        """What the banner says: the findings of the last check, the first ones; empty for a sound ledger."""
        return () if self.last is None else tuple(finding.sentence for finding in self.last.findings[:MOST_SAID])

    def backups(self) -> list[Backup]:
        """The office's backups in its folder, the newest first."""
        return backups.listed(self.folder, code_of_office(self._settings))

    def is_backup_due(self) -> bool:
        """Whether the last backup is older than a day, or there is none."""
        return backups.is_due(self.folder, code_of_office(self._settings), self._now())

    def back_up(self, progress: Progress | None = None, folder: Path | None = None) -> Written:
        """Make a backup in the signed-in user's name.

        Raises:
            Cancelled: As asked.
            ClerkError: As ``Ledger.back_up``.
        """
        written = self._ledger.back_up(folder or self.folder, progress)
        self._ledger.keep_anchor(self._data)
        return written

    def end_day(self, progress: Progress | None = None) -> Written | None:
        """What closing the program does: a backup when one is due, and the head kept; None without a backup.

        Raises:
            Cancelled: As asked; the program may close without.
            ClerkError: As ``Ledger.back_up``.
        """
        is_due = self.is_backup_due() and self._ledger.standing() is not None
        written = self._ledger.back_up(self.folder, progress, by_program=True) if is_due else None
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
        return self.last

    def _now(self) -> datetime:
        return self._clock().replace(microsecond=0, tzinfo=None)
