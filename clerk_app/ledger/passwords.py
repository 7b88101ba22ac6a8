"""Passwords of users: kept as Argon2id hashes, which say themselves how hard they are."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from clerk_app.errors import ClerkError

SHORTEST_PASSWORD = 8


@dataclass(frozen=True, slots=True)
class Hardness:
    """What one try of a password costs.

    Attributes:
        memory_kib: At least 64 MiB for an office.
    """

    memory_kib: int
    passes: int
    lanes: int = 1


OFFICE_HARDNESS = Hardness(memory_kib=65_536, passes=3)


def hashed(password: str, hardness: Hardness) -> str:
    """The hash to keep.

    Raises:
        ClerkError: ``password_too_short``.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise ClerkError("password_too_short", least=SHORTEST_PASSWORD)
    return _hasher(hardness).hash(_same_on_every_keyboard(password))


def matches(password: str, kept: str, hardness: Hardness) -> bool:
    """Whether a password is the one that a hash was made from; the hash tells its own cost."""
    try:
        return _hasher(hardness).verify(kept, _same_on_every_keyboard(password))
    except (VerifyMismatchError, InvalidHashError):
        return False


@functools.cache
def nobody(hardness: Hardness) -> str:
    """A hash that no password matches, so that an unknown login takes as long to refuse as a wrong password."""
    return _hasher(hardness).hash("\0nobody")


@functools.cache
def _hasher(hardness: Hardness) -> PasswordHasher:
    return PasswordHasher(hardness.passes, hardness.memory_kib, hardness.lanes)


def _same_on_every_keyboard(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
