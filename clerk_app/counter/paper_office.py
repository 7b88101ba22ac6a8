"""The office as it stands on papers: its name and words, its signature, the paper in the printer."""

from __future__ import annotations

from clerk_app.counter.desk import Desk
from clerk_app.documents.office import Office, office_on_paper
from clerk_app.documents.page_format import page_format
from clerk_app.documents.signing import Signer


def paper_office(desk: Desk) -> Office:
    """What every paper of this desk is made with.

    Raises:
        ClerkError: ``template_not_read``.
        FileProblems: Everything that is wrong in the office's words.
    """
    return office_on_paper(
        desk.office_name,
        desk.folder,
        practice=desk.is_practice,
        signer=Signer(desk.ledger.signing_seed),
        page_format=page_format(desk.settings.paper_format),
    )
