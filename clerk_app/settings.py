"""What one desk has set: read once from ``settings.toml`` in the office's folder, changed through its screen."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clerk_app.errors import ClerkError
from clerk_app.paths import user_data

FILE_NAME = "settings.toml"

SMALLEST_FONT_SCALE, LARGEST_FONT_SCALE = 80, 200

PRACTICE_OFFICE, REAL_OFFICE = "practice", "real"

FEWEST_BACKUPS, MOST_BACKUPS = 2, 999

SHORTEST_LOCK_MINUTES, LONGEST_LOCK_MINUTES = 1, 30

#: What the screens speak, by what each language calls itself; papers are Chinese.
LANGUAGES = {"zh_CN": "中文", "en": "English"}

LIGHT_THEME, DARK_THEME, SYSTEM_THEME = THEMES = ("light", "dark", "system")

#: The kinds of paper; ``documents.page_format`` knows what they are.
PAPER_FORMATS = ("a4", "a5", "continuous", "continuous-half")

#: What earlier versions asked for and nobody needs any more: who works here has signed in.
_RETIRED = frozenset({"clerk"})

#: What stands for an office that has not said its code; nothing is settled under it.
NO_OFFICE_CODE = "000000"


@dataclass(frozen=True, slots=True)
class Settings:
    """One desk's settings.

    Attributes:
        office_name: 经办机构, the head of every paper.
        office_code: Begins every voucher number.
        area_code: The pooling area that a new claim starts with; empty for none.
        office: Which one is in use: ``PRACTICE_OFFICE``, ``REAL_OFFICE``, or empty before the first start has asked.
        lock_minutes: How long nobody touches the desk before it asks for the password.
        language: One of ``LANGUAGES``; holds from the next start on.
        theme: ``light``, ``dark`` or ``system``, as the system shows its own windows.
        font_scale: Percent.
        paper_format: The paper in the printer: ``a4``, ``a5``, ``continuous`` or ``continuous-half``.
        paper_folder: Where every printed paper is kept as a file, by month; empty for nowhere.
        backup_folder: Where backups go; empty for ``backups`` in the office's folder.
        server: The address of the real office's ledger on a PostgreSQL server, never with a password; empty for a
            file on this machine.
        guide: Whether the practice office leads through its sample claim; off once somebody has closed the guide.
        backups_kept: How many of the office's backups stay there; the oldest beyond are removed.
    """

    office_name: str = "医疗保障经办机构"
    office_code: str = NO_OFFICE_CODE
    area_code: str = ""
    office: str = ""
    lock_minutes: int = 2
    language: str = "zh_CN"
    theme: str = LIGHT_THEME
    font_scale: int = 100
    paper_format: str = "a4"
    paper_folder: str = ""
    backup_folder: str = ""
    server: str = ""
    backups_kept: int = 30
    guide: bool = True


def load_settings(folder: Path | None = None) -> Settings:
    """Read the desk's settings; without a file, the defaults.

    Args:
        folder: The office's own by default.

    Raises:
        ClerkError: ``settings_unreadable``, ``setting_unknown`` or ``setting_invalid``.
    """
    path = (folder or user_data()) / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise ClerkError("settings_unreadable", file=str(path), reason=_reason(error)) from error
    import tomllib

    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ClerkError("settings_unreadable", file=str(path), reason=str(error)) from error
    return _checked(given, path)


def save_settings(settings: Settings, folder: Path | None = None) -> Path:
    """Write the desk's settings whole, or leave the file as it was.

    Raises:
        ClerkError: ``file_not_written``.
    """
    from clerk_app.jobs import whole_file

    path = (folder or user_data()) / FILE_NAME
    lines = [f"{name} = {_toml(value)}" for name, value in dataclasses.asdict(settings).items()]
    with whole_file(path) as draft:
        draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _checked(given: dict[str, Any], path: Path) -> Settings:
    defaults = dataclasses.asdict(Settings())
    given = {key: value for key, value in given.items() if key not in _RETIRED}
    for key, value in given.items():
        if key not in defaults:
            import difflib

            nearest = difflib.get_close_matches(key, defaults, 1, 0)
            raise ClerkError("setting_unknown", file=str(path), key=key, nearest=nearest[0])
        if type(value) is not type(defaults[key]):
            raise ClerkError("setting_invalid", file=str(path), key=key, given=str(value))
    settings = Settings(**given)
    if not SMALLEST_FONT_SCALE <= settings.font_scale <= LARGEST_FONT_SCALE:
        raise ClerkError("setting_invalid", file=str(path), key="font_scale", given=settings.font_scale)
    if settings.language not in LANGUAGES:
        raise ClerkError("setting_invalid", file=str(path), key="language", given=settings.language)
    if settings.theme not in THEMES:
        raise ClerkError("setting_invalid", file=str(path), key="theme", given=settings.theme)
    if settings.paper_format not in PAPER_FORMATS:
        raise ClerkError("setting_invalid", file=str(path), key="paper_format", given=settings.paper_format)
    if not SHORTEST_LOCK_MINUTES <= settings.lock_minutes <= LONGEST_LOCK_MINUTES:
        raise ClerkError("setting_invalid", file=str(path), key="lock_minutes", given=settings.lock_minutes)
    if not FEWEST_BACKUPS <= settings.backups_kept <= MOST_BACKUPS:
        raise ClerkError("setting_invalid", file=str(path), key="backups_kept", given=settings.backups_kept)
    if settings.office not in ("", PRACTICE_OFFICE, REAL_OFFICE):
        raise ClerkError("setting_invalid", file=str(path), key="office", given=settings.office)
    return settings


def _toml(value: object) -> str:
    """A JSON string is a TOML basic string, but for the delete character, which TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
