"""The ledger as the rest of the program sees it: each method is one act or one look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from clerk_app.ledger.claim_acts import ClaimActs
from clerk_app.ledger.keeping_acts import KeepingActs
from clerk_app.ledger.keys import (
    PRACTICE,
    Keys,
)
from clerk_app.ledger.passwords import OFFICE_HARDNESS, Hardness
from clerk_app.ledger.payment_acts import PaymentActs
from clerk_app.ledger.people_acts import PeopleActs
from clerk_app.ledger.person_acts import PersonActs
from clerk_app.ledger.schema import bring_to_head
from clerk_app.ledger.settlement_acts import SettlementActs
from clerk_app.ledger.store import open_store


def _now() -> datetime:
    return datetime.now().astimezone()


class Ledger(PeopleActs, KeepingActs, PersonActs, SettlementActs, ClaimActs, PaymentActs):
    """An office's book of settlements. What was settled stays; a correction is a new record.

    Somebody signs in first; each method then asks the table of rights. Every method may raise ``ClerkError`` with
    ``not_signed_in``, ``not_allowed``, ``user_left``, ``ledger_locked``, ``ledger_read_only``, ``ledger_full``,
    ``ledger_not_written``, ``ledger_damaged`` or, on a server, ``ledger_unreachable``; one that writes also with
    ``clock_behind``. An act that raises has saved nothing, except that after ``ledger_unreachable`` only trying again
    with the same key tells; one that returns is on the disk.
    """


def open_ledger(
    place: Path | str,
    office_code: str = "000000",
    clock: Callable[[], datetime] = _now,
    *,
    keys: Keys = PRACTICE,
    hardness: Hardness = OFFICE_HARDNESS,
    wait_seconds: float = 10.0,
) -> Ledger:
    """Open a ledger, made or migrated where that is needed.

    Args:
        place: A file, or the address of a PostgreSQL database.
        office_code: Begins every voucher number of this office.
        clock: The office's wall clock.
        keys: Of the office's passphrase; a practice office is plain SQLite.
        hardness: What a new password's hash costs.
        wait_seconds: How long an act waits for another desk's act.

    Raises:
        ClerkError: ``ledger_read_only``, ``ledger_damaged``, ``ledger_newer``, ``ledger_foreign``,
            ``ledger_not_durable``, ``ledger_locked``, ``audit_key_unreadable``; with a file also ``passphrase_wrong``,
            ``ledger_encrypted``, ``ledger_not_encrypted``, ``sqlite_too_old``, ``sqlite_without_cipher``; with an
            address also ``ledger_address``, ``ledger_unreachable``, ``server_too_old``, ``server_encoding``,
            ``postgres_not_installed``.
    """
    store = open_store(place, wait_seconds, keys)
    try:
        bring_to_head(store)
        return Ledger(store, keys, office_code, clock, hardness)
    except BaseException:
        store.close()
        raise
