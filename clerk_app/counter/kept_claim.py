"""A claim that the ledger keeps while it is typed, so that neither a crash nor a change of desks loses it."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.codes import Action, ClaimState
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ClaimDraft, ReviewDraft
from clerk_app.counter.draft_text import draft_of, text_of
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import ClaimLine


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What is to be saved, as it stood when it was asked for: typing goes on while it is.

    Attributes:
        order: Later saves have higher ones.
    """

    order: int
    title: str
    text: str
    person_id: int | None


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
        self._order = self._last_order = 0

    @property
    def is_check(self) -> bool:
        """Whether somebody else has handed it in, and it is checked here."""
        line = self.line
        user = self.desk.ledger.user
        if line is None or user is None:
            return False
        return line.state is ClaimState.SUBMITTED and line.entered_by != user.login

    @property
    def has_more(self) -> bool:
        """Whether more is typed than the ledger has."""
        return text_of(self.draft) != self._kept

    def keep(self, person_id: int | None = None) -> bool:
        """Save what is typed, if it is worth keeping and not saved yet; the first save accepts the claim.

        Args:
            person_id: Whose claim it is, where the register knows.

        Returns:
            Whether something was saved.

        Raises:
            ClerkError: What the ledger objects to; the next call tries again.
        """
        unsaved = self.unsaved(person_id)
        if unsaved is None:
            return False
        self.take(unsaved, self.save(unsaved))
        return True

    def unsaved(self, person_id: int | None = None, *, renews: bool = False) -> Unsaved | None:
        """What is typed and not saved yet, None where there is nothing worth it.

        Args:
            renews: A claim that is saved is to stay in hand, though nothing was typed since.
        """
        if self.desk.ledger.user is None or not self.desk.may(Action.ENTER):
            return None
        if self.line is None and self.draft.is_blank():
            return None
        text = text_of(self.draft)
        if text == self._kept and not (renews and self.line is not None):
            return None
        self._order += 1
        return Unsaved(self._order, self.draft.person.name.strip(), text, person_id)

    def save(self, unsaved: Unsaved) -> ClaimLine:
        """Save it; any thread may, for nothing is read but what it was given.

        Raises:
            ClerkError: What the ledger objects to.
        """
        return self.desk.ledger.save_claim(self.draft.key, unsaved.title, unsaved.text, unsaved.person_id)

    def hold(self) -> ClaimLine:
        """Keep a claim in hand that is only checked here, for ten minutes more.

        Raises:
            ClerkError: As ``Ledger.open_claim``: somebody else has it meanwhile.
        """
        return self.desk.ledger.open_claim(self.draft.key).line

    def take(self, unsaved: Unsaved, line: ClaimLine) -> None:
        """Know that it is saved; one that was overtaken by a later save tells nothing new."""
        if unsaved.order > self._last_order:
            self._last_order, self.line, self._kept = unsaved.order, line, unsaved.text

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
