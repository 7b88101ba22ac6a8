"""政策文件, the screen's half without a window: what is looked at, tried, proposed by one person, installed by another.

What an officer has seen and what is done belong together: a document is proposed only with the examples that were
run, and installed only as the proposal whose try-out was shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.policies_in_force import PolicyRow, policy_rows
from clerk_app.counter.policy_desk import CheckedPolicy, PolicyDesk
from clerk_app.counter.policy_tryout import TryOut
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.policy.installation import Installation, Proposal
from clerk_app.wording import sentence


@dataclass(frozen=True, slots=True)
class Examined:
    """A document that somebody looks at.

    Attributes:
        proposal: Where it lies ready; None for a folder that nobody has proposed yet.
        is_tried: Whether the settlements were tried under it; ``tried`` is None too where there are none to try.
    """

    checked: CheckedPolicy
    proposal: Proposal | None = None
    is_tried: bool = False
    tried: TryOut | None = None

    @property
    def may_be_signed(self) -> bool:
        """Whether it may be proposed or installed: its examples hold, and the try-out has been shown."""
        return self.checked.holds and self.is_tried


class PolicyInstalling:
    """One office's documents on their way into force."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def rows(self) -> list[PolicyRow]:
        """Every document that the desk computes with.

        Raises:
            FileProblems: ``installation_record_damaged``.
        """
        return policy_rows(self.desk.shelf, self._policies().installed(), self.desk.today())

    def proposals(self) -> list[Proposal]:
        """Everything that waits for a second person."""
        return self._policies().proposals()

    def check(self, folder: str, progress: Progress) -> Examined:
        """Read a folder and run its examples; nothing is saved.

        Raises:
            Cancelled: As asked.
            ClerkError: ``folder_missing``, or as ``PolicyDesk.check``.
        """
        path = Path(folder.strip())
        if not folder.strip() or not path.is_dir():
            raise ClerkError("folder_missing", folder=folder.strip())
        return Examined(self._policies().check(path, progress))

    def look_at(self, proposal: Proposal, progress: Progress) -> Examined:
        """Read what lies ready and run its examples again, under what is installed now.

        Raises:
            Cancelled: As asked.
            ClerkError: As ``PolicyDesk.proposed``.
        """
        found, checked = self._policies().proposed(proposal.area_code, proposal.effective_from, progress)
        return Examined(checked, found)

    def try_out(self, examined: Examined, progress: Progress) -> Examined:
        """Try last year's settlements under a document whose examples hold.

        Raises:
            Cancelled: As asked; it stays untried.
        """
        return replace(examined, is_tried=True, tried=self._policies().try_out(examined.checked, progress))

    def propose(self, examined: Examined) -> Proposal:
        """Lay what was tried ready for a second person; who is signed in proposes it.

        Raises:
            ClerkError: ``not_tried``, or as ``PolicyDesk.propose``.
        """
        _need_try_out(examined)
        return self._policies().propose(examined.checked)

    def install(self, examined: Examined, password: str) -> Installation:
        """Install the proposal that was looked at, by who is signed in and did not propose it.

        The desk computes with it from now on.

        Args:
            password: Of who is signed in, once more; it is not kept.

        Raises:
            ClerkError: ``not_tried``, ``proposal_replaced``, or as ``PolicyDesk.install``.
        """
        _need_try_out(examined)
        proposal = examined.proposal
        assert proposal is not None, "only what lies ready is installed"
        installed = self._policies().install(proposal.area_code, proposal.effective_from, password, looked_at=proposal)
        self.desk.reload_policies()
        return installed

    def objection(self, examined: Examined) -> str:
        """Why who is signed in does not bring this into force, in a sentence; empty where nothing speaks against it."""
        user, proposal = self.desk.user, examined.proposal
        action = Action.PROPOSE_POLICY if proposal is None else Action.INSTALL_POLICY
        try:
            self.desk.require(action)
        except ClerkError as error:
            return sentence(error)
        if proposal is not None and proposal.proposer == user.name:
            return sentence(ClerkError("installer_is_proposer", name=user.name))
        return ""

    def _policies(self) -> PolicyDesk:
        # Made anew each time: another office code opens another ledger.
        return PolicyDesk(self.desk.folder, self.desk.ledger, self.desk.now)


def _need_try_out(examined: Examined) -> None:
    if not examined.is_tried:
        raise ClerkError("not_tried", area=examined.checked.policy_file.area_name)
