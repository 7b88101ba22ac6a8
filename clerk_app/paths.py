"""Where the shipped resources and the office's own files are."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import platformdirs

from clerk_app.errors import ClerkError

_APPLICATION = "clerk_app"


def resources() -> Path:
    """The folder of shipped, read-only files: beside the package in a checkout, a package of its own in a wheel."""
    checkout = Path(__file__).resolve().parent.parent / "resources"
    if checkout.is_dir():
        return checkout
    installed = importlib.util.find_spec("clerk_app_resources")
    if installed is None or not installed.submodule_search_locations:
        raise ClerkError("resources_missing", folder=str(checkout))
    return Path(next(iter(installed.submodule_search_locations)))


def user_data() -> Path:
    """The office's folder: database, drafts, parameters. ``CLERK_DATA`` names another one, e.g. for a trial."""
    return _made(user_data_path())


def user_logs() -> Path:
    """The folder for log files; it goes with ``CLERK_DATA`` when that is set."""
    named = os.environ.get("CLERK_DATA")
    return _made(Path(named) / "logs" if named else Path(platformdirs.user_log_dir(_APPLICATION, appauthor=False)))


def user_data_path() -> Path:
    """The office's folder by name; a look does not make it."""
    named = os.environ.get("CLERK_DATA")
    return Path(named) if named else Path(platformdirs.user_data_dir(_APPLICATION, appauthor=False))


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ClerkError("folder_not_made", folder=str(folder), reason=error.strerror or str(error)) from error
    return folder
