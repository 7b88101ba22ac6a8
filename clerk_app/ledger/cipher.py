"""SQLite with SQLCipher under it: how a file is unlocked, and why one cannot be read.

An encrypted page carries a code (HMAC-SHA512) that every reading checks; a plain page carries none.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from pathlib import Path

from sqlcipher3 import dbapi2

from clerk_app.errors import ClerkError
from clerk_app.ledger.keys import KEY_BYTES, Keys

#: Up to 3.51.2 a race between two desks can corrupt a WAL file when it is reset (sqlite.org/wal.html, "The
#: WAL-reset bug").
OLDEST_SQLITE = (3, 51, 3)

_PLAIN = b"SQLite format 3\0"
_PAGE_BYTES = 4096
_HMAC_BYTES = 64
#: A page of random bytes lacks hardly any value: fewer than 200 of 256 do not happen, and other files have fewer.
_FEWEST_VALUES = 200


def unlock(connection: dbapi2.Connection, keys: Keys) -> None:
    """Give a new connection its key, before its first statement reaches the file; plain keys give none.

    Raises:
        ClerkError: ``sqlite_too_old``, ``sqlite_without_cipher``: the program was put together wrongly.
    """
    check_library(connection)
    # SQLCipher writes what it refuses to stderr, which a window does not have; we raise it instead.
    connection.execute("PRAGMA cipher_log_level=NONE")
    if keys.database is not None:
        connection.execute("PRAGMA cipher_memory_security=ON")
        # Not by a statement: the driver keeps the text of statements for their next use.
        connection.set_key(raw_key(keys))


def raw_key(keys: Keys) -> str:
    """Key and salt as SQLCipher takes them, used as they are."""
    assert keys.database is not None
    assert keys.salt is not None, "keys of a file are made with its salt"
    return f"x'{keys.database.hex()}{keys.salt.hex()}'"


def check_library(connection: dbapi2.Connection) -> None:
    """Refuse a SQLite that can lose a ledger, or that would leave it in the clear.

    Raises:
        ClerkError: ``sqlite_too_old``, ``sqlite_without_cipher``.
    """
    # Not by a SELECT: it would read the file, which has no key yet.
    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        least = ".".join(map(str, OLDEST_SQLITE))
        raise ClerkError("sqlite_too_old", found=dbapi2.sqlite_version, least=least)
    if not connection.execute("PRAGMA cipher_version").fetchall():
        raise ClerkError("sqlite_without_cipher", found=dbapi2.sqlite_version)


def salt_of(path: Path) -> bytes | None:
    """The salt of an encrypted file, its first 16 bytes; None where there is no file yet, or an empty one.

    SQLite reads it, not we: closing a file of our own would drop the locks of a ledger that is open in this process.

    Raises:
        ClerkError: ``ledger_not_encrypted``; ``ledger_damaged``, it is shorter than a page; ``ledger_read_only``.
    """
    try:
        size_bytes = path.stat().st_size
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ClerkError("ledger_read_only", file=str(path), reason=error.strerror or str(error)) from error
    if size_bytes == 0:
        return None
    if size_bytes < _PAGE_BYTES:
        raise ClerkError("ledger_damaged", file=str(path), reason=f"{size_bytes} B")
    try:
        salt = _beginning(path)
    except dbapi2.Error as error:
        raise ClerkError("ledger_read_only", file=str(path), reason=str(error)) from error
    if salt == _PLAIN:
        raise ClerkError("ledger_not_encrypted", file=str(path))
    return salt


def why_unreadable(path: Path, keys: Keys) -> str:
    """The code of the failure when SQLite finds no database in a file.

    To SQLCipher a wrong key and a damaged first page are one. Where the second page is right under the key, the key
    is. A log beside the file may hold newer pages, so nothing is told from the file's own then.
    """
    if _beginning(path) == _PLAIN:
        return "ledger_damaged" if keys.database is None else "ledger_not_encrypted"
    if path.stat().st_size % _PAGE_BYTES:
        return "ledger_damaged"
    in_doubt = "ledger_encrypted" if keys.database is None else "passphrase_wrong"
    if path.with_name(path.name + "-wal").exists():
        return in_doubt
    # Without a log no ledger of this process has the file open, whose locks our closing it would drop.
    with path.open("rb") as file:
        first, second = file.read(_PAGE_BYTES), file.read(_PAGE_BYTES)
    is_random = len(set(first)) >= _FEWEST_VALUES
    is_right_key = keys.database is not None and len(second) == _PAGE_BYTES and _is_page_of(second, 2, keys)
    return in_doubt if is_random and not is_right_key else "ledger_damaged"


def _beginning(path: Path) -> bytes:
    """The first 16 bytes of a file, read by SQLite."""
    with contextlib.closing(dbapi2.connect(path)) as connection:
        connection.execute("PRAGMA cipher_log_level=NONE")
        # Any key makes SQLCipher read the salt; no page is read with it.
        connection.set_key(f"x'{bytes(KEY_BYTES).hex()}'")
        return bytes.fromhex(connection.execute("PRAGMA cipher_salt").fetchone()[0])


def _is_page_of(page: bytes, number: int, keys: Keys) -> bool:
    """Whether a page's code is right under the keys (SQLCipher 4, zetetic.net/sqlcipher/design)."""
    assert keys.database is not None
    assert keys.salt is not None
    salt = bytes(byte ^ 0x3A for byte in keys.salt)
    key = hashlib.pbkdf2_hmac("sha512", keys.database, salt, 2, len(keys.database))
    content, code = page[:-_HMAC_BYTES], page[-_HMAC_BYTES:]
    return hmac.compare_digest(hmac.digest(key, content + number.to_bytes(4, "little"), "sha512"), code)
