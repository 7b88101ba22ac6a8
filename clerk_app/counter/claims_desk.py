"""我的申请: the claims that wait for whoever is signed in, and what moves them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clerk_app.codes import Action, ClaimState
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft_text import draft_of
from clerk_app.counter.reading import Problem
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import ClaimLine
from clerk_app.wording import _

_OWN = frozenset({ClaimState.ENTERED, ClaimState.RETURNED, ClaimState.SUBMITTED})
_HANDED_IN = frozenset({ClaimState.SUBMITTED})
#: So many claims are read at first, and so many more whenever the list is scrolled to its end.
PAGE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ListedClaims:
    """The list as it was read.

    Attributes:
        names: Users' names by login, where another desk has any of the claims open; else empty.
    """

    lines: list[ClaimLine]
    names: Mapping[str, str]


class ClaimsDesk:
    """A clerk's own claims that have not ended; for who checks, what everybody has handed in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._length = PAGE_LENGTH

    def lines(self) -> list[ClaimLine]:
        """The claims, the latest save first, as many as are wanted by now; may be asked beside the window."""
        if self.desk.may(Action.REVIEW):
            return self.desk.ledger.claims_in(_HANDED_IN, limit=self._length)
        return self.desk.ledger.claims_in(_OWN, login=self.desk.user.login, limit=self._length)

    def lengthen(self, shown: int) -> bool:
        """Want another page of them.

        Args:
            shown: How many claims are in the list.

        Returns:
            Whether there is anything to read: not while the list is shorter than it might be, since all is there then,
            or is being read.
        """
        if shown < self._length:
            return False
        self._length += PAGE_LENGTH
        return True

    def read(self) -> ListedClaims:
        """The same with what the list says of them; may be asked beside the window."""
        lines = self.lines()
        is_elsewhere = any(line.lease_login not in (None, self.desk.user.login) for line in lines)
        names = {user.login: user.name for user in self.desk.ledger.users()} if is_elsewhere else {}
        return ListedClaims(lines, names)

    def in_hands(self, line: ClaimLine, names: Mapping[str, str]) -> str:
        """Who has it open at another desk and until when, in words; empty for nobody and for oneself.

        Args:
            names: As they were read with the line.
        """
        if line.lease_until is None or line.lease_until <= self.desk.now().replace(tzinfo=None):
            return ""
        if line.lease_login == self.desk.user.login:
            return ""
        name = names.get(line.lease_login or "", line.lease_login)
        return _("{name} 办理至 {until}").format(name=name, until=f"{line.lease_until:%H:%M}")

    def may_open(self, line: ClaimLine) -> bool:
        """Whether there is something to do to it here: not to one's own while somebody checks it."""
        is_own = line.entered_by == self.desk.user.login
        return not (is_own and line.state is ClaimState.SUBMITTED)

    def may_submit(self, line: ClaimLine) -> bool:
        """Whether it can be handed in for the check."""
        return self.desk.may(Action.ENTER) and line.state is not ClaimState.SUBMITTED

    def may_return(self, line: ClaimLine) -> bool:
        """Whether it can go back to who entered it."""
        is_own = line.entered_by == self.desk.user.login
        return self.desk.may(Action.REVIEW) and line.state is ClaimState.SUBMITTED and not is_own

    def may_withdraw(self, line: ClaimLine) -> bool:
        """Whether it can be ended without a settlement: its own clerk's to do."""
        return self.desk.may(Action.ENTER) and line.entered_by == self.desk.user.login

    def submit(self, line: ClaimLine) -> ClaimLine:
        """送审: what is wrong or empty is put right before a second person's time is spent on it.

        Raises:
            ClerkError: ``claim_incomplete``, ``draft_of_other_version``, ``draft_unreadable``, or as
                ``Ledger.submit_claim``.
        """
        gaps = self._gaps(line)
        if gaps:
            raise ClerkError(
                "claim_incomplete", acceptance=line.acceptance_number, first=gaps[0].sentence, count=len(gaps)
            )
        return self.desk.ledger.submit_claim(line.act_key)

    def _gaps(self, line: ClaimLine) -> tuple[Problem, ...]:
        """What a kept claim lacks; whoever had it in hand before has it afterwards."""
        saved = self.desk.ledger.open_claim(line.act_key)
        try:
            entry = ClaimEntry(self.desk, draft_of(saved.content))
            entry.insured.recognise()
            return entry.gaps()
        finally:
            if line.lease_login != self.desk.user.login:
                self.desk.ledger.let_claim_go(line.act_key)

    def give_back(self, line: ClaimLine, reason: str) -> ClaimLine:
        """退回.

        Raises:
            ClerkError: As ``Ledger.return_claim``.
        """
        return self.desk.ledger.return_claim(line.act_key, reason)

    def withdraw(self, line: ClaimLine, reason: str) -> ClaimLine:
        """撤销.

        Raises:
            ClerkError: As ``Ledger.withdraw_claim``.
        """
        return self.desk.ledger.withdraw_claim(line.act_key, reason)
