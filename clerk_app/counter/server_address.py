"""Where the real office's ledger is when it is on a server, and the password that this desk knows there.

The settings have the address without a password. The password lies beside them, sealed with the keys of the office's
passphrase: whoever opens the ledger types that one and no other, and the file alone opens nothing.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, unquote

from clerk_app.errors import ClerkError
from clerk_app.settings import REAL_OFFICE, Settings

#: Goes before the settings: for a desk that somebody else sets up.
VARIABLE = "CLERK_DATABASE_URL"
FILE_NAME = "server-password"

_ADDRESS = re.compile(r"(?P<scheme>postgres(?:ql)?)://(?:(?P<user>[^:@/?]*)(?::(?P<password>[^@/?]*))?@)?(?P<rest>.*)")
_PASSWORD_OPTION = re.compile(r"(?<=[?&])password=([^&]*)(?:&|$)")


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """An address taken apart.

    Attributes:
        plain: ``postgresql://user@host:port/database?option=value``, never with a password.
        password: Of the user on the server; empty where libpq finds it by itself, or a certificate stands for it.
    """

    plain: str
    password: str = field(default="", repr=False)

    @property
    def whole(self) -> str:
        """With the password, for the driver alone."""
        if not self.password:
            return self.plain
        return f"{self.plain}{'&' if '?' in self.plain else '?'}password={quote(self.password, safe='')}"

    @property
    def place(self) -> str:
        """Server and database, as sentences name them."""
        found = _ADDRESS.fullmatch(self.plain)
        return found["rest"].partition("?")[0] if found else self.plain


def parsed(address: str) -> ServerAddress:
    """Take an address apart as it was typed.

    Raises:
        ClerkError: ``ledger_address``; what was typed is not in it, for it may hold a password.
    """
    found = _ADDRESS.fullmatch(address.strip())
    rest = "" if found is None else found["rest"]
    if found is None or not rest.partition("?")[0].partition("/")[2]:
        raise ClerkError("ledger_address")
    option = _PASSWORD_OPTION.search(rest)
    password = unquote(option[1] if option else found["password"] or "")
    user = f"{found['user']}@" if found["user"] else ""
    plain = f"postgresql://{user}{_PASSWORD_OPTION.sub('', rest)}".rstrip("?&")
    return ServerAddress(plain, password)


def server_in_use(settings: Settings, environment: Mapping[str, str] = os.environ) -> ServerAddress | None:
    """The server of the real office's ledger, None where it is a file of this machine.

    Raises:
        ClerkError: ``ledger_address``.
    """
    address = environment.get(VARIABLE, "") or settings.server
    if not address.strip() or settings.office not in ("", REAL_OFFICE):
        return None
    return parsed(address)


@dataclass(frozen=True, slots=True)
class KeptPassword:
    """What lies beside the settings.

    Attributes:
        salt: Of the office's passphrase; it is no secret.
        sealed: The password, readable with the keys of the passphrase.
    """

    salt: bytes
    sealed: bytes


def kept_password(folder: Path, server: ServerAddress) -> KeptPassword | None:
    """The password that was kept for a server; None where there is none, or one for another address."""
    try:
        kept = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        if kept["server"] != server.plain:
            return None
        return KeptPassword(bytes.fromhex(kept["salt"]), bytes.fromhex(kept["sealed"]))
    except (OSError, ValueError, KeyError, TypeError):
        # What cannot be read is typed again.
        return None


def keep_password(folder: Path, server: ServerAddress, kept: KeptPassword) -> None:
    """Keep a password for a server, for the owner of the folder alone.

    Raises:
        ClerkError: ``file_not_written``.
    """
    from clerk_app.jobs import whole_file  # noqa: PLC0415 -- the window asks for an address at once

    line = {"server": server.plain, "salt": kept.salt.hex(), "sealed": kept.sealed.hex()}
    with whole_file(folder / FILE_NAME) as draft:
        draft.write_text(json.dumps(line) + "\n", encoding="utf-8")


def with_typed(server: ServerAddress, password: str) -> ServerAddress:
    """The same server with a password that was typed; none typed leaves the one that the address has."""
    return replace(server, password=password) if password else server
