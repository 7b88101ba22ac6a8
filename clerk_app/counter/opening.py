"""Open the desk: ledger and policies, both read from the disk. Imported only when the window is up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from clerk_app.counter.desk import Desk
from clerk_app.counter.entrance import wall_clock
from clerk_app.counter.offices import PRACTICE_OFFICE_CODE, ledger_path
from clerk_app.errors import ClerkError
from clerk_app.ledger.cipher import salt_of
from clerk_app.ledger.keys import OFFICE_COST, PRACTICE, Cost, Keys, office_keys
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.passwords import OFFICE_HARDNESS, Hardness
from clerk_app.paths import resources, user_data
from clerk_app.policy.shelf import Shelf, load_shelf
from clerk_app.settings import PRACTICE_OFFICE, Settings

#: Documents that the office has installed, and in ``parameters`` the figures of its areas.
POLICIES_NAME = "policies"
#: The passwords of invented users are shown on the screen; they need not be hard to try.
PRACTICE_HARDNESS = Hardness(memory_kib=1024, passes=1)


def keys_of(office: str, path: Path, passphrase: Callable[[], str], cost: Cost = OFFICE_COST) -> Keys:
    """The keys of a ledger that is there: the practice office's are public, the real one's come from its passphrase.

    Args:
        passphrase: Asked only where one is needed.

    Raises:
        ClerkError: ``ledger_missing``, ``ledger_not_encrypted``, ``ledger_damaged``.
    """
    if office == PRACTICE_OFFICE:
        return PRACTICE
    salt = salt_of(path)
    if salt is None:
        raise ClerkError("ledger_missing", file=str(path))
    return office_keys(passphrase(), salt, cost)


def open_desk(
    settings: Settings,
    folder: Path | None = None,
    clock: Callable[[], datetime] = wall_clock,
    *,
    keys: Keys = PRACTICE,
    hardness: Hardness = OFFICE_HARDNESS,
    place: str = "",
) -> Desk:
    """Open the ledger of the office in use and read its policies; then somebody signs in.

    Args:
        folder: The program's own by default.
        keys: Of the real office's passphrase.
        hardness: What the hash of a new password costs.
        place: The server's address with its password; empty for the file in the folder.

    Raises:
        FileProblems: A policy or parameter file is damaged; nothing is computed until it is put right.
        ClerkError: The ledger cannot be opened, e.g. ``ledger_read_only`` or ``ledger_damaged``.
    """
    own = folder or user_data()
    is_practice = settings.office == PRACTICE_OFFICE
    path = ledger_path(settings.office, own)

    def read_shelf() -> Shelf:
        return load_shelf(resources() / "policies", path.parent / POLICIES_NAME)

    shelf = read_shelf()
    code = PRACTICE_OFFICE_CODE if is_practice else settings.office_code
    opened = place or path
    ledger = open_ledger(opened, code, clock, keys=keys, hardness=PRACTICE_HARDNESS if is_practice else hardness)
    return Desk(settings, ledger, shelf, clock, path.parent, own, read_shelf, is_practice=is_practice)
