"""A desk of a real office with a user of each role, where the clerk is signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from clerk_app.counter.desk import Desk
from clerk_app.counter.opening import open_desk
from clerk_app.ledger.keys import Cost, Keys
from clerk_app.ledger.records import User
from clerk_app.settings import REAL_OFFICE, Settings
from tests.ledger.office import CLERK, QUICK, staffed

#: As from a passphrase, without its third of a second.
KEYS = Keys(bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 80)))
#: What one try of a passphrase costs where nothing is protected.
QUICK_COST = Cost(memory_kib=8, passes=1)
SETTINGS = Settings(office=REAL_OFFICE, area_code="360000", office_code="360000", office_name="江西省示例经办中心")


def noon_desk() -> datetime:
    """The desk's day."""
    return datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def staffed_desk(folder: Path, settings: Settings = SETTINGS, user: User = CLERK) -> Desk:
    """Open a desk in a folder, founded where it is new, and sign somebody in."""
    desk = open_desk(settings, folder, noon_desk, keys=KEYS, hardness=QUICK)
    staffed(desk.ledger, user, is_practice=False)
    return desk


def sign_in(desk: Desk, user: User) -> None:
    """Let another user work at the desk."""
    staffed(desk.ledger, user, is_practice=False)
