"""The two keys of a ledger: what encrypts its file, and what chains its audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Keys of 32 bytes, which no database holds.

    Attributes:
        database: Encrypts the file; None for a plain one.
        audit: Chains the audit trail.
    """

    database: bytes | None
    audit: bytes


#: Of a practice office: no secret, so its chain shows damage but proves nothing against somebody who means harm.
PRACTICE = Keys(None, sha256(b"practice").digest())
