"""The second person of an act: who accepts it beside the clerk, proved by a password of their own."""

from __future__ import annotations

from dataclasses import dataclass, field

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.ledger.records import Review


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """What a second person types for a changed account; it lives as long as the act."""

    login: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What a reviewer types for one act. It lives as long as the act: nothing keeps the password.

    Attributes:
        reason: Why what was flagged is accepted.
    """

    login: str
    password: str = field(repr=False)
    reason: str

    def accepts(self, desk: Desk) -> Review:
        """Prove who reviews, for one act.

        Raises:
            ClerkError: ``sign_in_refused``, ``sign_in_locked``, ``not_allowed``, ``reviewer_is_clerk``.
        """
        return Review(desk.ledger.approve(self.login, self.password, Action.REVIEW), self.reason.strip())
