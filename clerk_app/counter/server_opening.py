"""Open the real office's ledger on a server: address, passphrase, and the server's password where it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from clerk_app.counter import server_address
from clerk_app.counter.desk import Desk
from clerk_app.counter.opening import open_desk
from clerk_app.counter.server_address import KeptPassword, ServerAddress
from clerk_app.errors import ClerkError
from clerk_app.ledger.keys import OFFICE_COST, Cost, Keys, office_keys, opened_secret, sealed_secret
from clerk_app.ledger.passphrase import server_salt
from clerk_app.ledger.passwords import OFFICE_HARDNESS, Hardness
from clerk_app.settings import Settings


def server_keys(
    server: ServerAddress, folder: Path, passphrase: str, cost: Cost = OFFICE_COST
) -> tuple[ServerAddress, Keys]:
    """The whole address, and the keys of the office's passphrase.

    Args:
        server: With its password, or without where this desk has kept it.

    Raises:
        ClerkError: ``passphrase_wrong``, ``server_without_ledger``, or as ``server_salt``.
    """
    keys: Keys | None = None
    kept = None if server.password else server_address.kept_password(folder, server)
    if kept is not None:
        keys = office_keys(passphrase, kept.salt, cost)
        password = opened_secret(kept.sealed, keys)
        if password is None:
            raise ClerkError("passphrase_wrong_server", file=server.place)
        server = replace(server, password=password.decode())
    salt = server_salt(server.whole)
    if salt is None:
        raise ClerkError("server_without_ledger", file=server.place)
    return server, keys if keys is not None and keys.salt == salt else office_keys(passphrase, salt, cost)


def open_on_server(
    settings: Settings,
    server: ServerAddress,
    folder: Path,
    clock: Callable[[], datetime],
    passphrase: str,
    *,
    cost: Cost = OFFICE_COST,
    hardness: Hardness = OFFICE_HARDNESS,
) -> Desk:
    """Open the ledger on a server; a password that was right is kept, sealed with the office's keys.

    Raises:
        ClerkError: As ``server_keys`` and ``open_desk``; ``audit_key_unreadable``, the passphrase is another.
    """
    whole, keys = server_keys(server, folder, passphrase, cost)
    desk = open_desk(settings, folder, clock, keys=keys, hardness=hardness, place=whole.whole)
    keep(whole, folder, keys)
    return desk


def keep(server: ServerAddress, folder: Path, keys: Keys) -> None:
    """Keep a server's password for the next start, if there is one.

    Raises:
        ClerkError: ``file_not_written``.
    """
    if server.password and keys.salt is not None:
        kept = KeptPassword(keys.salt, sealed_secret(server.password.encode(), keys))
        server_address.keep_password(folder, server, kept)
