"""Where the office in use has its files: the practice office's policies never reach the real one."""

from __future__ import annotations

from pathlib import Path

from clerk_app.counter.offices import ledger_path
from clerk_app.paths import resources, user_data_path
from clerk_app.settings import load_settings


def office_folder() -> Path:
    """The folder of the ledger, the installed policies and the parameters."""
    folder = user_data_path()
    return ledger_path(load_settings(folder).office, folder).parent


def policy_folders() -> tuple[Path, ...]:
    """Where policies lie: the shipped ones, then the office's own, whose ``parameters`` fill frameworks."""
    return resources() / "policies", office_folder() / "policies"
