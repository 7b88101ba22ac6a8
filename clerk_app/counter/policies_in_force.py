"""Every document that the program knows, in words: where and when it holds, how far verified, who installed it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from clerk_app.errors import ClerkError
from clerk_app.paths import resources
from clerk_app.policy.installation import Installation
from clerk_app.policy.shelf import Shelf
from clerk_app.policy.slots import PolicyFile
from clerk_app.wording import N_, _, filled, sentence

if TYPE_CHECKING:
    from clerk_app.counter.desk import Desk

_SHIPPED = N_("随程序")
_INSTALLED = N_("{proposer} 提交、{installer} 装入，{day}")
_BY_HAND = N_("本机文件夹，没有装入记录")
_FILLED = N_("{origin}；参数由本机填写")
_IN_FORCE = N_("施行中")
_TO_COME = N_("尚未施行")
_FOLLOWED = N_("已由后来的文件接续")
_ENDED = N_("已停止施行")
_OVERDUE = N_("{state}；已过核实日期，请核对有无新文件")
_NOT_FILLED = N_("框架，参数由统筹区填写后才能计算")
_GOES_ON = N_("现行")


class PolicyRow(NamedTuple):
    """One document of one area; days as they are written.

    Attributes:
        origin: Shipped, installed by whom, or laid into the office's folder by hand.
        state: Whether it is in force, and what an officer has to look after.
        is_careful: Whether the state asks for something to be done.
    """

    area: str
    document: str
    starts: str
    ends: str
    verified: str
    origin: str
    state: str
    is_careful: bool

    @property
    def words(self) -> tuple[str, ...]:
        """What a line of the list shows."""
        return (self.area, self.document, self.starts, self.ends, self.verified, self.state, self.origin)


def policy_rows(shelf: Shelf, installed: list[Installation], today: date) -> list[PolicyRow]:
    """A row for each document of each area, by area and first day.

    Args:
        installed: The office's installation record.
    """
    origins = _Origins(installed)
    return [row for code, name in shelf.areas() for row in _area_rows(shelf, code, name, origins, today)]


def verified_words(desk: Desk, area_code: str) -> str:
    """Which document is in force today, and until when somebody has verified it; empty where there is none.

    Args:
        area_code: Empty for no area in particular: all of them then, by the one that is verified the least far.
    """
    version = desk.version_today(area_code) if area_code else None
    if version is not None:
        return _("{document} 核实至 {day}").format(document=version.document.number, day=version.verified_until)
    versions = [version for code, _name in desk.areas() if (version := desk.version_today(code)) is not None]
    if area_code or not versions:
        return ""
    words = _("政策文件 {count} 份 核实至 {day}")
    return words.format(count=len(versions), day=min(version.verified_until for version in versions))


class _Origins:
    """Where a file comes from, told by its bytes: a name proves nothing."""

    def __init__(self, installed: list[Installation]) -> None:
        self._installed = {each.policy_hash: each for each in installed}
        shipped = (resources() / "policies").glob("*/*.yaml")
        self._shipped = {hashlib.sha256(path.read_bytes()).hexdigest() for path in shipped}

    def words(self, policy_file: PolicyFile) -> str:
        """Shipped, installed by whom, or neither."""
        installation = self._installed.get(policy_file.content_hash)
        if installation is not None:
            details = {"proposer": installation.proposer, "installer": installation.installer}
            return filled(_(_INSTALLED), {**details, "day": installation.installed_at.date()})
        return _(_SHIPPED) if policy_file.content_hash in self._shipped else _(_BY_HAND)


def _area_rows(shelf: Shelf, code: str, name: str, origins: _Origins, today: date) -> Iterator[PolicyRow]:
    framework_code = shelf.framework_of(code)
    files = sorted(shelf.documents(framework_code), key=lambda policy_file: policy_file.effective_from)
    is_filled = framework_code != code
    is_open = not is_filled and shelf.is_framework(code)
    try:
        shelf.policy(code)
        fault = ""
    except ClerkError as error:  # The office's parameters break the framework's bounds.
        fault = sentence(error)
    for place, policy_file in enumerate(files):
        follower = files[place + 1].effective_from if place + 1 < len(files) else None
        last_day = _last_day(policy_file, follower)
        state, is_careful = _state(policy_file, last_day, follower is not None, today)
        if fault:
            state, is_careful = fault, True
        elif is_open and not is_careful:
            state = _(_NOT_FILLED)
        origin = origins.words(policy_file)
        yield PolicyRow(
            f"{name} {code}",
            policy_file.document.number,
            policy_file.effective_from.isoformat(),
            last_day.isoformat() if last_day else _(_GOES_ON),
            policy_file.verified_until.isoformat(),
            filled(_(_FILLED), {"origin": origin}) if is_filled else origin,
            state,
            is_careful,
        )


def _last_day(policy_file: PolicyFile, follower: date | None) -> date | None:
    """A later document ends an earlier one the day before it begins."""
    ends = [day for day in (policy_file.effective_until, follower and follower - timedelta(days=1)) if day]
    return min(ends) if ends else None


def _state(policy_file: PolicyFile, last_day: date | None, is_followed: bool, today: date) -> tuple[str, bool]:
    if last_day is not None and last_day < today:
        return (_(_FOLLOWED), False) if is_followed else (_(_ENDED), True)
    state = _(_IN_FORCE) if policy_file.effective_from <= today else _(_TO_COME)
    if policy_file.verified_until < today:
        return filled(_(_OVERDUE), {"state": state}), True
    return state, False
