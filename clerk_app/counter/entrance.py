"""The way in: which office, its passphrase, and who works here. The ledger's libraries come with the first opening.

Everything here may take a second, so the window calls it in a task beside itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from clerk_app.counter import offices, server_address
from clerk_app.counter.server_address import ServerAddress
from clerk_app.settings import PRACTICE_OFFICE, REAL_OFFICE, Settings, save_settings

if TYPE_CHECKING:
    from clerk_app.counter.desk import Desk
    from clerk_app.counter.founding import NewCounter, NewOffice
    from clerk_app.ledger.keys import Cost
    from clerk_app.ledger.passwords import Hardness


def wall_clock() -> datetime:
    """The office's local time."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Entrance:
    """The offices of a folder.

    Attributes:
        folder: The program's own.
        cost: Of a passphrase, where it is not the office's: only tests are in a hurry.
        hardness: The same of a password.
    """

    folder: Path
    clock: Callable[[], datetime] = wall_clock
    cost: Cost | None = None
    hardness: Hardness | None = None

    def office_in_use(self, settings: Settings) -> str:
        """Which office to open; empty where the first start has to ask.

        Raises:
            ClerkError: ``ledger_missing``.
        """
        return offices.office_in_use(settings, self.folder)

    def server(self, settings: Settings) -> ServerAddress | None:
        """Where the real office's ledger is, None for a file of this machine.

        Raises:
            ClerkError: ``ledger_address``.
        """
        return server_address.server_in_use(replace(settings, office=REAL_OFFICE))

    def has_password(self, server: ServerAddress) -> bool:
        """Whether this desk knows its password on the server."""
        return bool(server.password) or server_address.kept_password(self.folder, server) is not None

    def is_founded(self, office: str, settings: Settings | None = None) -> bool:
        """Whether an office has a ledger here, or the settings name the server that has it."""
        if office == REAL_OFFICE and settings is not None and settings.server:
            return True
        return offices.is_founded(office, self.folder)

    def remember(self, settings: Settings, office: str) -> Settings:
        """Open this office at the next start too.

        Raises:
            ClerkError: ``file_not_written``.
        """
        if settings.office == office:
            return settings
        known = replace(settings, office=office)
        save_settings(known, self.folder)
        return known

    def open_practice(self, settings: Settings) -> Desk:
        """Open the practice office, made where it is not there yet.

        Raises:
            ClerkError: As ``open_desk``, ``file_not_written``.
        """
        from clerk_app.counter.opening import open_desk
        from clerk_app.counter.practice import found_practice_office

        path = offices.ledger_path(PRACTICE_OFFICE, self.folder)
        if not path.exists():
            found_practice_office(path, self.clock)
        return open_desk(self.remember(settings, PRACTICE_OFFICE), self.folder, self.clock)

    def open_real(self, settings: Settings, passphrase: str, server_password: str = "") -> Desk:
        """Open the real office.

        Args:
            server_password: As typed, for a ledger on a server; empty for the one that this desk knows.

        Raises:
            ClerkError: ``passphrase_wrong``, or as ``open_desk`` and ``open_on_server``.
        """
        server = self.server(settings)
        if server is not None:
            typed = server_address.with_typed(server, server_password)
            return self._open_on_server(settings, settings, typed, passphrase)
        from clerk_app.counter.opening import keys_of, open_desk
        from clerk_app.ledger.keys import OFFICE_COST
        from clerk_app.ledger.passwords import OFFICE_HARDNESS

        path = offices.ledger_path(REAL_OFFICE, self.folder)
        keys = keys_of(REAL_OFFICE, path, lambda: passphrase, self.cost or OFFICE_COST)
        known = replace(settings, office=REAL_OFFICE)
        desk = open_desk(known, self.folder, self.clock, keys=keys, hardness=self.hardness or OFFICE_HARDNESS)
        self.remember(settings, REAL_OFFICE)
        return desk

    def join_server(self, settings: Settings, counter: NewCounter) -> Desk:
        """Open an office's ledger that another counter has set up on a server.

        Raises:
            ClerkError: ``form_incomplete``, or as ``server_opening.open_on_server``.
        """
        return self._open_on_server(settings, counter.settings(settings), counter.server(), counter.passphrase)

    def _open_on_server(self, before: Settings, settings: Settings, server: ServerAddress, passphrase: str) -> Desk:
        """Open the real office's ledger on a server, and remember which."""
        from clerk_app.counter.server_opening import open_on_server
        from clerk_app.ledger.keys import OFFICE_COST
        from clerk_app.ledger.passwords import OFFICE_HARDNESS

        known = replace(settings, office=REAL_OFFICE)
        desk = open_on_server(
            known,
            server,
            self.folder,
            self.clock,
            passphrase,
            cost=self.cost or OFFICE_COST,
            hardness=self.hardness or OFFICE_HARDNESS,
        )
        if known != before:
            save_settings(known, self.folder)
        return desk

    def found_real(self, settings: Settings, office: NewOffice) -> Desk:
        """Set up the real office; its administrator is signed in then.

        Raises:
            ClerkError: As ``NewOffice.found``.
        """
        from clerk_app.ledger.keys import OFFICE_COST
        from clerk_app.ledger.passwords import OFFICE_HARDNESS

        return office.found(
            settings,
            self.folder,
            self.clock,
            cost=self.cost or OFFICE_COST,
            hardness=self.hardness or OFFICE_HARDNESS,
        )
