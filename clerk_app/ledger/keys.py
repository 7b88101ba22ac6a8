"""From an office's passphrase to the keys of its ledger.

Nothing but the passphrase is secret, and nothing of it is kept: the salt stands in the clear at the beginning of the
encrypted file, so that file and passphrase are enough, and there is no key file to lose.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass

from clerk_app.errors import ClerkError

SALT_BYTES = 16
KEY_BYTES = 32
SHORTEST_PASSPHRASE = 12
FEWEST_WORDS = 4
_SHORTEST_WORD = 2
_NONCE_BYTES = 12
_OF_DESKS = b"clerk_app secret of a desk 1"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try of a passphrase costs whoever makes it.

    Attributes:
        memory_kib: Memory that Argon2id fills.
        passes: How often it goes over that memory.
    """

    memory_kib: int
    passes: int


#: About 0.3 s on an office machine of two cores. It is part of the file's format: another cost gives other keys.
OFFICE_COST = Cost(memory_kib=131_072, passes=2)


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What opens a ledger and chains its audit trail. It has no text, so that no log or traceback shows a key.

    Attributes:
        database: 32 bytes for the pages of an encrypted file, None for plain SQLite and for a server.
        audit: 32 bytes for the codes of the audit trail.
        salt: What the keys were made with; an encrypted file begins with it.
    """

    database: bytes | None
    audit: bytes
    salt: bytes | None = None


#: A practice office is plain SQLite with invented persons; its trail is chained as any other, under no secret.
PRACTICE = Keys(database=None, audit=b"practice office: this is public.")


def new_salt() -> bytes:
    """A salt for a ledger that is being founded."""
    return os.urandom(SALT_BYTES)


def normalised(passphrase: str) -> str:
    """The same text whichever keyboard or input method typed it: full-width letters and doubled spaces are alike."""
    return " ".join(unicodedata.normalize("NFKC", passphrase).split())


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is tried out too soon: at least 12 characters, or four words of two or more.

    Raises:
        ClerkError: ``passphrase_too_short``.
    """
    text = normalised(passphrase)
    words = {word for word in text.split(" ") if len(word) >= _SHORTEST_WORD}
    if len(text) < SHORTEST_PASSPHRASE and len(words) < FEWEST_WORDS:
        raise ClerkError("passphrase_too_short", least=SHORTEST_PASSPHRASE, words=FEWEST_WORDS)


def office_keys(passphrase: str, salt: bytes, cost: Cost = OFFICE_COST) -> Keys:
    """The keys of an office; it takes a third of a second, for a guesser too.

    Args:
        salt: 16 bytes: ``salt_of`` the file, or ``new_salt`` for a new one.
        cost: Only tests take another.
    """
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 -- a practice office does not wait for it

    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    root = hash_secret_raw(
        normalised(passphrase).encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=1,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
    return Keys(_derived(root, b"clerk_app database 1"), _derived(root, b"clerk_app audit 1"), salt)


def sealed_audit_key(audit_key: bytes, keys: Keys) -> bytes:
    """An office's audit key, readable with the keys of a passphrase alone (RFC 3394).

    The trail's codes are printed on vouchers, so its key outlives the passphrase that it first came from.
    """
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap  # noqa: PLC0415 -- as above

    return aes_key_wrap(_wrapping_key(keys), audit_key)


def opened_audit_key(sealed: bytes, keys: Keys) -> bytes | None:
    """What ``sealed_audit_key`` sealed; None when it was done with another passphrase's keys, or was changed."""
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap  # noqa: PLC0415 -- as above

    try:
        return aes_key_unwrap(_wrapping_key(keys), sealed)
    except InvalidUnwrap:
        return None


def sealed_secret(secret: bytes, keys: Keys) -> bytes:
    """Something of a desk's own, readable with the keys of the office's passphrase alone (AES-256-GCM)."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 -- as above

    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_derived(keys.audit, _OF_DESKS)).encrypt(nonce, secret, _OF_DESKS)


def opened_secret(sealed: bytes, keys: Keys) -> bytes | None:
    """What ``sealed_secret`` sealed; None when it was done with another passphrase's keys, or was changed."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 -- as above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 -- as above

    nonce, words = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(_derived(keys.audit, _OF_DESKS)).decrypt(nonce, words, _OF_DESKS)
    except (InvalidTag, ValueError):
        return None


def signing_seed(audit_key: bytes) -> bytes:
    """32 bytes of which the office's signing key is made (Ed25519); as the audit key, it outlives passphrases."""
    return _derived(audit_key, b"clerk_app signature 1")


def public_signing_key(seed: bytes) -> bytes:
    """What everybody may know of a signing key: 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 -- as above

    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _wrapping_key(keys: Keys) -> bytes:
    return _derived(keys.audit, b"clerk_app audit key kept 1")


def _derived(secret: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869); Argon2 has salted the secret already."""
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 -- as above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 -- as above

    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(secret)
