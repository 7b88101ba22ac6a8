"""A claim that the ledger keeps while it is typed, so that neither a crash nor a change of desks loses it."""

from __future__ import annotations

from clerk_app.codes import Action, ClaimState
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ClaimDraft, ReviewDraft
from clerk_app.counter.draft_text import draft_of, text_of
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import ClaimLine


class KeptClaim:
    """A draft on the desk and what the ledger has of it.

    Attributes:
        line: As the ledger has it; None until it was worth keeping.
    """

    def __init__(self, desk: Desk, draft: ClaimDraft, line: ClaimLine | None = None) -> None:
        self.desk = desk
        self.draft = draft
        self.line = line
        self._kept = text_of(draft) if line is not None else ""

    @property
    def is_check(self) -> bool:
        """Whether somebody else has handed it in, and it is checked here."""
        line = self.line
        return line is not None and line.state is ClaimState.SUBMITTED and line.entered_by != self.desk.user.login

    def keep(self, person_id: int | None = None) -> bool:
        """Save what is typed, if it is worth keeping and not saved yet; the first save accepts the claim.

        Args:
            person_id: Whose claim it is, where the register knows.

        Returns:
            Whether something was saved.

        Raises:
            ClerkError: What the ledger objects to; the next call tries again.
        """
        if not self.desk.may(Action.ENTER) or (self.line is None and self.draft.is_blank()):
            return False
        text = text_of(self.draft)
        if text == self._kept:
            return False
        self.line = self.desk.ledger.save_claim(self.draft.key, self.draft.person.name.strip(), text, person_id)
        self._kept = text
        return True

    def lay_down(self, person_id: int | None = None) -> None:
        """Save what is typed, and give the claim out of hand.

        Raises:
            ClerkError: What the ledger objects to; the draft is as it was.
        """
        self.keep(person_id)
        if self.line is not None:
            self.desk.ledger.let_claim_go(self.draft.key)


def take_up(desk: Desk, act_key: str) -> KeptClaim:
    """Take a kept claim in hand, with all that was typed.

    Raises:
        ClerkError: ``claim_unknown``, ``claim_leased``, ``claim_ended``; ``claim_in_check`` for one's own that is
            handed in; ``draft_of_other_version``, ``draft_unreadable``. It is in nobody's hands then.
    """
    saved = desk.ledger.open_claim(act_key)
    try:
        line = saved.line
        if line.state is ClaimState.SUBMITTED and line.entered_by == desk.user.login:
            raise ClerkError("claim_in_check", acceptance=line.acceptance_number)
        draft = draft_of(saved.content)
        if draft.key != act_key:
            raise ClerkError("draft_unreadable")
        kept = KeptClaim(desk, draft, line)
        if kept.is_check:
            # What the clerk may have written for a reviewer is nothing that this one has said.
            draft.review = ReviewDraft()
        return kept
    except ClerkError:
        desk.ledger.let_claim_go(act_key)
        raise
