"""The program's log: which steps it took and where it broke, and never whom it was about."""

from __future__ import annotations

import logging
import os
import re
import traceback
from pathlib import Path

from clerk_app.errors import ClerkError
from clerk_app.paths import user_logs

FILE_NAME = "clerk_app.log"
_LARGEST_BYTES = 1_000_000
_KEPT_FILES = 5

_log = logging.getLogger("clerk_app")

#: Exceptions whose text the interpreter writes from names of the program; any other text may hold what was typed.
_SPEAKS_OF_CODE = (AttributeError, ImportError, NameError, NotImplementedError, RecursionError, ZeroDivisionError)
_LONG_NUMBER = re.compile(r"\d{4,}[Xx]?")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def start_log(folder: Path | None = None) -> Path:
    """Write the log to a file that is cut off at a size; the office's own folder by default.

    Raises:
        ClerkError: ``folder_not_made`` or ``log_not_opened``; the program works on without a log.
    """
    from logging.handlers import RotatingFileHandler

    path = (folder or user_logs()) / FILE_NAME
    try:
        handler = RotatingFileHandler(path, maxBytes=_LARGEST_BYTES, backupCount=_KEPT_FILES, encoding="utf-8")
    except OSError as error:
        raise ClerkError("log_not_opened", file=str(path), reason=error.strerror or str(error)) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    stop_log()
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    return path


def stop_log() -> None:
    """Close the log's file."""
    for handler in list(_log.handlers):
        _log.removeHandler(handler)
        handler.close()


def note(event: str, **details: int | float | str) -> None:
    """Log a step by a fixed name; details are counts, codes and durations, never a person's."""
    _log.info("%s %s", event, " ".join(f"{name}={value}" for name, value in details.items()))


def report(error: BaseException) -> str:
    """Log an unexpected failure with the way to it, and return the code that the user can pass on."""
    code = os.urandom(4).hex().upper()
    _log.error("report %s\n%s", code, _without_persons(error))
    return code


def _without_persons(error: BaseException) -> str:
    """The traceback with each exception's kind; its text only where it cannot hold what somebody typed."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        parts.append(f"{frames}{type(current).__module__}.{type(current).__qualname__}{_safe_text(current)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n-- raised while handling:\n".join(parts)


def _safe_text(error: BaseException) -> str:
    if isinstance(error, ClerkError):
        return f": {error.code}"
    if not isinstance(error, _SPEAKS_OF_CODE):
        return ""
    return f": {_LONG_NUMBER.sub('#', _NOT_ASCII.sub('…', str(error)))}"
