"""Policies in the audit trail: who proposed a document and who installed it, by login, with the hashes of both files.

The files of a proposal lie in a folder that others can write to. What the trail says of them cannot be rewritten, so
it decides whether the files are those that were proposed, and by somebody else than the one who installs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.ledger import audit
from clerk_app.ledger.act import Act

if TYPE_CHECKING:
    from clerk_app.policy.installation import Proposal


def tell_proposal(act: Act, proposal: Proposal) -> None:
    """Say that a document is about to lie ready for a second person."""
    act.tell(_subject(proposal), **_facts(proposal))


def tell_installation(act: Act, proposal: Proposal) -> None:
    """Say that a document is about to be installed.

    Raises:
        ClerkError: ``proposal_not_on_record``, the last proposal for its area and day was another one;
            ``installer_is_proposer``, whatever name the files give.
    """
    assert act.user is not None, "somebody installs it"
    subject, facts = _subject(proposal), _facts(proposal)
    proposed = audit.last_entry(act.connection, Action.PROPOSE_POLICY, subject)
    if proposed is None or proposed.facts != facts:
        raise ClerkError("proposal_not_on_record", area=proposal.area_code, day=proposal.effective_from)
    if proposed.login == act.user.login:
        raise ClerkError("installer_is_proposer", name=act.user.name)
    act.tell(subject, **facts)


def _subject(proposal: Proposal) -> str:
    """Area and the day from which it holds, as somebody looks for it in the trail."""
    return f"{proposal.area_code} {proposal.effective_from}"


def _facts(proposal: Proposal) -> dict[str, Any]:
    return {
        "document": proposal.document,
        "sha256": proposal.policy_hash,
        "examples_sha256": proposal.examples_hash,
    }
