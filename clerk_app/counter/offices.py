"""The two offices that a desk may work for, and where their ledgers lie; light, for the window asks it at once."""

from __future__ import annotations

from pathlib import Path

from clerk_app.counter.server_address import server_in_use
from clerk_app.errors import ClerkError
from clerk_app.settings import PRACTICE_OFFICE, REAL_OFFICE, Settings

LEDGER_NAME = "clerk.db"
#: The practice office has a folder of its own, so that nobody's trial figures reach the real one.
PRACTICE_FOLDER = "practice"
PRACTICE_LEDGER_NAME = "practice.db"

#: On every paper of the practice office; the code belongs to no place in China.
PRACTICE_OFFICE_NAME = "示例市医疗保险经办机构（练习）"
PRACTICE_OFFICE_CODE = "990100"


def ledger_path(office: str, folder: Path) -> Path:
    """Where the ledger of the practice office or of the real one lies.

    Args:
        folder: The program's own.
    """
    return folder / PRACTICE_FOLDER / PRACTICE_LEDGER_NAME if office == PRACTICE_OFFICE else folder / LEDGER_NAME


def is_founded(office: str, folder: Path) -> bool:
    """Whether an office has a ledger here."""
    return ledger_path(office, folder).exists()


def office_in_use(settings: Settings, folder: Path) -> str:
    """Which office to open; empty where the first start has to ask.

    Settings that were lost do not hide a ledger: the real one is opened before the practice one.

    Raises:
        ClerkError: ``ledger_missing``, the settings name the real office, whose ledger is gone; a backup is wanted
            then, and not a new ledger.
    """
    if settings.office == REAL_OFFICE and server_in_use(settings):
        return REAL_OFFICE
    if settings.office == REAL_OFFICE and not is_founded(REAL_OFFICE, folder):
        raise ClerkError("ledger_missing", file=str(ledger_path(REAL_OFFICE, folder)))
    known = (settings.office,) if settings.office else (REAL_OFFICE, PRACTICE_OFFICE)
    return next((office for office in known if is_founded(office, folder)), "")
