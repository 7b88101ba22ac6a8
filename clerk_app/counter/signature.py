"""Who stands behind an act that needs one person, or two different ones.

This is the seam for users: today a name is typed and taken for true. Once the office has users with passwords, a
``Signature`` is made here, and only for somebody who has just proved to be that user; what takes one stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's name under an act."""

    name: str


def sign(typed_name: str) -> Signature:
    """Somebody says who they are; the act itself refuses an empty name, and one person where it needs two."""
    return Signature(typed_name)
