"""The life of a claim before it is settled."""

from __future__ import annotations

from clerk_app.codes import Action, ClaimState
from clerk_app.ledger import (
    claims,
)
from clerk_app.ledger.records import (
    ClaimLine,
    SavedClaim,
)
from clerk_app.ledger.service import Service


class ClaimActs(Service):
    """The acts of a ledger that concern claims which are not settled yet."""

    def save_claim(self, act_key: str, title: str, content: str, person_id: int | None = None) -> ClaimLine:
        """Save a draft as it is typed; the first save accepts the claim, each keeps it in hand for ten minutes.

        Args:
            act_key: Made when the draft is opened, and given to ``settle`` for its key.
            content: What was typed, in the counter's own words.

        Raises:
            ClerkError: ``claim_leased``, ``claim_ended``, ``claim_in_check``.
        """
        return self._perform(Action.ENTER, lambda act: claims.save(act, act_key, title, content, person_id))

    def open_claim(self, act_key: str) -> SavedClaim:
        """Take a claim in hand.

        Raises:
            ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``.
        """
        return self._perform(Action.SETTLE, lambda act: claims.open_claim(act, act_key))

    def let_claim_go(self, act_key: str) -> None:
        """Give a claim out of hand, so that somebody else may take it."""
        self._perform(Action.SETTLE, lambda act: claims.let_go(act, act_key))

    def submit_claim(self, act_key: str) -> ClaimLine:
        """送审: hand a claim to a second person for the first check.

        Raises:
            ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``, ``claim_in_check``.
        """
        return self._perform(Action.ENTER, lambda act: claims.submit(act, act_key))

    def return_claim(self, act_key: str, reason: str) -> ClaimLine:
        """退回: give a submitted claim back to who entered it.

        Raises:
            ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_not_in_check``, ``reason_missing``,
                ``reviewer_is_clerk``.
        """
        return self._perform(Action.REVIEW, lambda act: claims.give_back(act, act_key, reason), approves=False)

    def withdraw_claim(self, act_key: str, reason: str) -> ClaimLine:
        """撤销: end a claim without a settlement.

        Raises:
            ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``, ``reason_missing``.
        """
        return self._perform(Action.ENTER, lambda act: claims.withdraw(act, act_key, reason))

    def claims_in(
        self,
        states: frozenset[ClaimState],
        *,
        login: str = "",
        limit: int = 200,
        before: str = "",
        is_oldest_first: bool = False,
    ) -> list[ClaimLine]:
        """Claims by where they stand, the latest save first or the oldest; those that one user entered, or all.

        Args:
            before: The key of the last line of the page before; it began with the latest.

        Raises:
            ClerkError: ``claim_unknown``, there is none with the key ``before``.
        """
        with self._looking(Action.SEE) as connection:
            return claims.in_states(connection, states, login, limit, before, is_oldest_first=is_oldest_first)
