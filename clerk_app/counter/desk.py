"""The desk: the parts that every screen of the counter shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Insurance
from clerk_app.errors import ClerkError
from clerk_app.settings import Settings, save_settings

if TYPE_CHECKING:
    # SQLAlchemy and ruamel come in with these; the first paint does not wait for them.
    from clerk_app.ledger.ledger import Ledger
    from clerk_app.ledger.records import PersonRecord
    from clerk_app.policy.shelf import Shelf
    from clerk_app.policy.version import Policy, PolicyVersion


class Desk:
    """One clerk's place: settings, ledger, policies and clock.

    Attributes:
        folder: The office's own folder: settings and parameters.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        shelf: Shelf,
        clock: Callable[[], datetime],
        folder: Path,
        read_shelf: Callable[[], Shelf],
        open_ledger: Callable[[str], Ledger],
    ) -> None:
        """Join the parts.

        Args:
            read_shelf: Reads the policies again, after the office has set parameters.
            open_ledger: Opens the ledger again under another office code.
        """
        self.settings = settings
        self.ledger = ledger
        self.shelf = shelf
        self.folder = folder
        self._clock = clock
        self._read_shelf = read_shelf
        self._open_ledger = open_ledger

    def close(self) -> None:
        """Let go of the ledger."""
        self.ledger.close()

    def now(self) -> datetime:
        """The office's wall clock."""
        return self._clock()

    def today(self) -> date:
        """The office's day."""
        return self._clock().date()

    def areas(self) -> list[tuple[str, str]]:
        """Code and name of every pooling area, by code."""
        return self.shelf.areas()

    def policy(self, area_code: str) -> Policy:
        """The policy of an area.

        Raises:
            ClerkError: ``area_unknown``, or everything that is wrong in the office's parameters.
        """
        return self.shelf.policy(area_code)

    def insurances(self, area_code: str) -> frozenset[Insurance]:
        """The insurance types that an area's latest document covers; all where there is none."""
        try:
            versions = self.policy(area_code).versions
        except ClerkError:
            return frozenset(Insurance)
        return versions[-1].insurances if versions else frozenset(Insurance)

    def version_today(self, area_code: str) -> PolicyVersion | None:
        """The version in force today, None for an unknown area."""
        try:
            return self.policy(area_code).in_force_on(self.today())
        except ClerkError:
            return None

    def used(self, record: PersonRecord | None, area_code: str) -> YearToDate:
        """What a known person has used, as the ledger has it; a new person has used nothing."""
        if record is None:
            return YearToDate()
        return self.ledger.year_to_date(record.person_id, self.policy(area_code))

    def need_clerk(self) -> None:
        """Make sure that the desk knows who works at it.

        Raises:
            ClerkError: ``clerk_missing``.
        """
        if not self.settings.clerk:
            raise ClerkError("clerk_missing")

    def reload_policies(self) -> None:
        """Read the policies again.

        Raises:
            FileProblems: The desk keeps the policies it had.
        """
        self.shelf = self._read_shelf()

    def change_settings(self, settings: Settings) -> None:
        """Write the settings and use them from now on, the office code for the next voucher.

        Raises:
            ClerkError: ``file_not_written``, or the ledger cannot be opened; the desk keeps the settings it had.
        """
        cleaned = replace(
            settings,
            clerk=settings.clerk.strip(),
            office_name=settings.office_name.strip(),
            office_code=settings.office_code.strip(),
        )
        save_settings(cleaned, self.folder)
        if cleaned.office_code != self.settings.office_code:
            former, self.ledger = self.ledger, self._open_ledger(cleaned.office_code)
            former.close()
        self.settings = cleaned
