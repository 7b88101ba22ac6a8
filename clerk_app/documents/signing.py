"""The office's signature (Ed25519, RFC 8032) under the files that leave it: papers and workbooks.

Each kind of file begins what it signs with words of its own, so that no signature fits two kinds. Whoever has the
office's public key checks a file without the office's ledger or passphrase.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from clerk_app.errors import ClerkError
from clerk_app.ledger.keys import PRACTICE, public_signing_key, signing_seed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64


class Signer:
    """Signs for one office.

    Args:
        seed: ``Ledger.signing_seed``; nothing shows or writes it.
    """

    def __init__(self, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 -- start-up

        self._key: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = public_signing_key(seed)

    def sign(self, payload: bytes) -> bytes:
        """64 bytes that only this office can make for this payload."""
        return self._key.sign(payload)


def is_signed(public_key: bytes, payload: bytes, signature: bytes) -> bool:
    """Whether the office with this public key signed exactly this payload."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 -- as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def parse_key(text: str) -> bytes:
    """A public key as an office publishes it.

    Raises:
        ClerkError: ``key_form``.
    """
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != PUBLIC_KEY_BYTES:
        raise ClerkError("key_form", text=text)
    return key


def key_code(public_key: bytes) -> str:
    """A public key as papers show it: the beginning of its digits in groups of four."""
    short = public_key.hex()[:16].upper()
    return "-".join(short[start : start + 4] for start in range(0, len(short), 4))


@functools.cache
def practice_signer() -> Signer:
    """The practice office's; its secret is public, so its signature shows that a file is whole and nothing else."""
    return Signer(signing_seed(PRACTICE.audit))
