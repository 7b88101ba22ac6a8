"""The passphrase of an office's ledger: changing it, and the key of the audit trail that stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, func, insert, inspect, select

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.ledger import audit
from clerk_app.ledger.cipher import salt_of
from clerk_app.ledger.connection import Store
from clerk_app.ledger.keys import (
    OFFICE_COST,
    Cost,
    Keys,
    check_passphrase,
    office_keys,
    opened_audit_key,
    sealed_audit_key,
)
from clerk_app.ledger.schema import bring_to_head
from clerk_app.ledger.store import open_store
from clerk_app.ledger.tables import audit_keys, office


def change_passphrase(
    path: Path, before: str, after: str, *, cost: Cost = OFFICE_COST, wait_seconds: float = 10.0
) -> None:
    """Encrypt a ledger anew under another passphrase, while no window has it open, this process included.

    When it raises, or the machine goes down on the way, one of the two passphrases opens the ledger, and nothing of
    it is lost; ``Store.change_key`` says why.

    Raises:
        ClerkError: ``passphrase_too_short``, ``passphrase_wrong``, ``ledger_missing``, ``ledger_not_encrypted``,
            ``ledger_locked``, ``ledger_not_written``, and as ``open_ledger``.
    """
    check_passphrase(after)
    salt = salt_of(path)
    if salt is None:
        raise ClerkError("ledger_missing", file=str(path))
    old, new = office_keys(before, salt, cost), office_keys(after, salt, cost)
    store = Store(path, wait_seconds, old)
    try:
        bring_to_head(store)
        with store.act() as connection:
            _keep_audit_key(connection, old, new)
        store.change_key(new)
    finally:
        store.close()


def audit_key(connection: Connection, keys: Keys) -> bytes:
    """The key of the office's audit trail: that of its first passphrase, under whichever it has now.

    Raises:
        ClerkError: ``audit_key_unreadable``, another passphrase sealed it, or it was tampered with.
    """
    sealed = connection.execute(select(audit_keys.c.sealed).order_by(audit_keys.c.number.desc())).scalars().all()
    if not sealed:
        return keys.audit
    for each in sealed:
        opened = opened_audit_key(bytes.fromhex(each), keys)
        if opened is not None:
            return opened
    raise ClerkError("audit_key_unreadable")


def seal_audit_key(connection: Connection, key: bytes, sealed_for: Sequence[Keys]) -> None:
    """Keep the audit key, readable with the keys of each of some passphrases."""
    count = connection.execute(select(func.count()).select_from(audit_keys)).scalar_one()
    rows = [
        {"number": number, "sealed": sealed_audit_key(key, keys).hex()}
        for number, keys in enumerate(sealed_for, count + 1)
    ]
    connection.execute(insert(audit_keys), rows)


def _keep_audit_key(connection: Connection, old: Keys, new: Keys) -> None:
    """Seal the audit key for a passphrase to come, and the first time for the one before it too.

    It is saved before the pages change keys. If they never do, its row opens to nobody and stays.
    """
    kept = audit_key(connection, old)
    has_some = connection.execute(select(audit_keys.c.number)).first() is not None
    seal_audit_key(connection, kept, [new] if has_some else [old, new])


def server_salt(address: str, wait_seconds: float = 10.0) -> bytes | None:
    """The salt of the ledger at a server's address, read before its passphrase is asked for.

    Returns:
        None where there is no ledger yet, or one that nobody gave a passphrase.

    Raises:
        ClerkError: What ``open_store`` and a look raise.
    """
    store = open_store(address, wait_seconds)
    try:
        with store.reading() as connection:
            if not inspect(connection).has_table(office.name):
                return None
            salt = connection.execute(select(office.c.salt)).scalar() or _salt_that_came(connection)
    finally:
        store.close()
    return bytes.fromhex(salt) if salt else None


def _salt_that_came(connection: Connection) -> str:
    """The salt that an encrypted file began with, whose office has moved to the server; empty where none came."""
    moved = audit.last_entry(connection, Action.MIGRATE, audit.MOVED)
    return "" if moved is None else str(moved.facts.get("salt", ""))
