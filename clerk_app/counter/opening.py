"""Open the desk: ledger and policies, both read from the disk. Imported only when the window is up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from clerk_app.counter.desk import Desk
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.paths import resources, user_data
from clerk_app.policy.shelf import Shelf, load_shelf
from clerk_app.settings import Settings

LEDGER_NAME = "clerk.db"
#: Documents that the office has installed, and in ``parameters`` the figures of its areas.
POLICIES_NAME = "policies"


def wall_clock() -> datetime:
    """The office's local time."""
    return datetime.now().astimezone()


def open_desk(settings: Settings, folder: Path | None = None, clock: Callable[[], datetime] = wall_clock) -> Desk:
    """Open the office's ledger and read the policies.

    Args:
        folder: The office's own by default.

    Raises:
        FileProblems: A policy or parameter file is damaged; nothing is computed until it is put right.
        ClerkError: The ledger cannot be opened, e.g. ``ledger_read_only`` or ``ledger_damaged``.
    """
    own = folder or user_data()

    def read_shelf() -> Shelf:
        return load_shelf(resources() / "policies", own / POLICIES_NAME)

    def open_under(office_code: str) -> Ledger:
        return open_ledger(own / LEDGER_NAME, office_code, clock)

    shelf = read_shelf()
    return Desk(settings, open_under(settings.office_code), shelf, clock, own, read_shelf, open_under)
