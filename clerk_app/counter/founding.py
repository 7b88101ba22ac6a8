"""The first start: a practice office that is ready at once, or a real office with its passphrase and its people."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from clerk_app.codes import Role
from clerk_app.counter import server_opening
from clerk_app.counter.desk import Desk
from clerk_app.counter.offices import ledger_path
from clerk_app.counter.opening import open_desk
from clerk_app.counter.reading import Place, Problem
from clerk_app.counter.server_address import ServerAddress, parsed, with_typed
from clerk_app.errors import ClerkError
from clerk_app.jobs import new_ledger_file
from clerk_app.ledger.keys import OFFICE_COST, Cost, check_passphrase, new_salt, office_keys
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.passphrase import server_salt
from clerk_app.ledger.passwords import OFFICE_HARDNESS, SHORTEST_PASSWORD, Hardness
from clerk_app.ledger.records import User
from clerk_app.settings import NO_OFFICE_CODE, REAL_OFFICE, Settings, save_settings
from clerk_app.wording import _, sentence


@dataclass(frozen=True, slots=True)
class NewOffice:
    """What the set-up of a real office asks for; passwords and passphrase live as long as the act.

    Attributes:
        address: Of an empty database on a server; empty for a file on this machine.
    """

    office_name: str
    office_code: str
    name: str
    login: str
    password: str = field(repr=False)
    password_again: str = field(repr=False)
    passphrase: str = field(repr=False)
    passphrase_again: str = field(repr=False)
    address: str = field(default="", repr=False)
    server_password: str = field(default="", repr=False)

    def problems(self) -> tuple[Problem, ...]:
        """What cannot stand, each at its field; what the ledger itself looks at, it says when it is founded."""
        return tuple(Problem(Place("office", 0, key), words) for key, words in self._found())

    def _found(self) -> Iterator[tuple[str, str]]:
        yield from _problems_of_office(self.office_name, self.office_code)
        if self.address:
            yield from _problems_of_address(self.address)
        if not self.name.strip():
            yield "name", sentence(ClerkError("user_name_missing"))
        if not self.login.strip():
            yield "login", _("请填写管理员的用户名。")
        if len(self.password) < SHORTEST_PASSWORD:
            yield "password", sentence(ClerkError("password_too_short", least=SHORTEST_PASSWORD))
        elif self.password != self.password_again:
            yield "password_again", _("两次输入不一致，请重新输入。")
        try:
            check_passphrase(self.passphrase)
        except ClerkError as error:
            yield "passphrase", sentence(error)
            return
        if self.passphrase == self.password:
            yield "passphrase", _("机构口令不能与管理员的密码相同：一个打开账本，一个证明是谁。")
        elif self.passphrase != self.passphrase_again:
            yield "passphrase_again", _("两次输入不一致，请重新输入。")

    def found(
        self,
        settings: Settings,
        folder: Path,
        clock: Callable[[], datetime],
        *,
        cost: Cost = OFFICE_COST,
        hardness: Hardness = OFFICE_HARDNESS,
    ) -> Desk:
        """Make the encrypted ledger with its administrator, who is signed in then, and remember that it is in use.

        Raises:
            ClerkError: ``form_incomplete``, ``file_there``, ``login_form``, ``file_not_written``, or as ``open_desk``.
        """
        if self.problems():
            raise ClerkError("form_incomplete")
        keys = office_keys(self.passphrase, new_salt(), cost)
        administrator = User(self.login.strip().lower(), self.name.strip(), Role.ADMINISTRATOR)
        code = self.office_code.strip()
        server = with_typed(parsed(self.address), self.server_password) if self.address else None
        if server is not None and server_salt(server.whole) is not None:
            raise ClerkError("ledger_founded")
        with contextlib.ExitStack() as held:
            place = server.whole if server else held.enter_context(new_ledger_file(ledger_path(REAL_OFFICE, folder)))
            ledger = held.enter_context(open_ledger(place, code, clock, keys=keys, hardness=hardness))
            ledger.found(administrator, self.password, is_practice=False)
        known = replace(settings, office=REAL_OFFICE, office_name=self.office_name.strip(), office_code=code)
        known = replace(known, server=server.plain if server else "")
        save_settings(known, folder)
        if server is not None:
            server_opening.keep(server, folder, keys)
        desk = open_desk(known, folder, clock, keys=keys, hardness=hardness, place=server.whole if server else "")
        desk.ledger.sign_in(administrator.login, self.password)
        return desk


@dataclass(frozen=True, slots=True)
class NewCounter:
    """What another counter of an office needs, whose ledger is on a server already."""

    office_name: str
    office_code: str
    address: str = field(repr=False)
    server_password: str = field(repr=False)
    passphrase: str = field(repr=False)

    def problems(self) -> tuple[Problem, ...]:
        """What cannot stand, each at its field."""
        return tuple(Problem(Place("office", 0, key), words) for key, words in self._found())

    def _found(self) -> Iterator[tuple[str, str]]:
        yield from _problems_of_office(self.office_name, self.office_code)
        yield from _problems_of_address(self.address)
        if not self.passphrase:
            yield "passphrase", _("请输入机构口令。")

    def server(self) -> ServerAddress:
        """Where the ledger is.

        Raises:
            ClerkError: ``ledger_address``.
        """
        return with_typed(parsed(self.address), self.server_password)

    def settings(self, before: Settings) -> Settings:
        """What this counter's settings become.

        Raises:
            ClerkError: ``form_incomplete``.
        """
        if self.problems():
            raise ClerkError("form_incomplete")
        name, code = self.office_name.strip(), self.office_code.strip()
        return replace(before, office_name=name, office_code=code, server=self.server().plain)


def _problems_of_office(name: str, code: str) -> Iterator[tuple[str, str]]:
    if not name.strip():
        yield "office_name", _("请填写机构名称，每张单据都要印。")
    code = code.strip()
    if not (len(code) == 6 and code.isascii() and code.isdigit()) or code == NO_OFFICE_CODE:
        yield "office_code", _("机构代码应为 6 位数字。")


def _problems_of_address(address: str) -> Iterator[tuple[str, str]]:
    try:
        parsed(address)
    except ClerkError:
        yield "address", _("地址应写成 postgresql://用户@主机:端口/数据库。")
