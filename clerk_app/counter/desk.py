"""The desk: the parts that every screen of the counter shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from clerk_app.codes import Action, Insurance
from clerk_app.counter.offices import PRACTICE_OFFICE_CODE, PRACTICE_OFFICE_NAME
from clerk_app.errors import ClerkError
from clerk_app.ledger import rights
from clerk_app.settings import Settings, save_settings

if TYPE_CHECKING:
    # SQLAlchemy and ruamel come in with these; the first paint does not wait for them.
    from clerk_app.counter.safekeeping import Safekeeping
    from clerk_app.ledger.ledger import Ledger
    from clerk_app.ledger.records import User
    from clerk_app.policy.shelf import Shelf
    from clerk_app.policy.version import Policy, PolicyVersion


class Desk:
    """One place at the counter: settings, ledger, policies and clock.

    Attributes:
        folder: The office's own folder: the ledger, installed policies and parameters.
        is_practice: Invented persons; every screen and paper says 练习.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        shelf: Shelf,
        clock: Callable[[], datetime],
        folder: Path,
        settings_folder: Path,
        read_shelf: Callable[[], Shelf],
        *,
        is_practice: bool,
    ) -> None:
        """Join the parts.

        Args:
            settings_folder: Where the desk's settings are, whichever office is in use.
            read_shelf: Reads the policies again, after the office has set parameters.
        """
        self.settings = settings
        self.ledger = ledger
        self.shelf = shelf
        self.folder = folder
        self._clock = clock
        self._read_shelf = read_shelf
        self._settings_folder = settings_folder
        self.is_practice = is_practice

    def close(self) -> None:
        """Let go of the ledger."""
        self.ledger.close()

    def now(self) -> datetime:
        """The office's wall clock."""
        return self._clock()

    @property
    def user(self) -> User:
        """Who is signed in.

        Raises:
            ClerkError: ``not_signed_in``.
        """
        if self.ledger.user is None:
            raise ClerkError("not_signed_in")
        return self.ledger.user

    def may(self, action: Action) -> bool:
        """Whether who is signed in may do something, so that a screen need not offer what the ledger refuses."""
        return rights.may(self.user.role, action)

    def require(self, action: Action) -> None:
        """Say at once what the ledger would say at the end of long work.

        Raises:
            ClerkError: ``not_allowed``, ``not_signed_in``.
        """
        rights.require(self.user.role, action)

    @cached_property
    def safekeeping(self) -> Safekeeping:
        """What keeps the ledger safe: one object as long as the desk is open, for it remembers the last check."""
        from clerk_app.counter.safekeeping import Safekeeping  # noqa: PLC0415 -- SQLAlchemy comes in with it

        return Safekeeping(self.ledger, self.settings, self.folder, self._clock)

    @property
    def office_name(self) -> str:
        """经办机构, the head of every paper."""
        return PRACTICE_OFFICE_NAME if self.is_practice else self.settings.office_name

    @property
    def office_code(self) -> str:
        """Begins every voucher number."""
        return PRACTICE_OFFICE_CODE if self.is_practice else self.settings.office_code

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

    def reload_policies(self) -> None:
        """Read the policies again.

        Raises:
            FileProblems: The desk keeps the policies it had.
        """
        self.shelf = self._read_shelf()

    def change_settings(self, settings: Settings) -> None:
        """Write the settings and use them from now on, the office code for the next voucher.

        Raises:
            ClerkError: ``file_not_written``; ``not_allowed``, name and code of the office are not everybody's to
                change. The desk keeps the settings it had.
        """
        former = self.settings
        cleaned = replace(settings, office_name=settings.office_name.strip(), office_code=settings.office_code.strip())
        is_another_office = (cleaned.office_name, cleaned.office_code) != (former.office_name, former.office_code)
        if is_another_office:
            self.require(Action.CHANGE_OFFICE)
        save_settings(cleaned, self._settings_folder)
        try:
            if is_another_office:
                self.ledger.use_office_code(cleaned.office_code)
        except ClerkError:
            save_settings(former, self._settings_folder)
            raise
        self.settings = self.safekeeping.settings = cleaned
