"""What the first paper would wait for, done in an idle moment: reading the face, the code list of the QR, the words."""

from __future__ import annotations

from clerk_app.documents.issued import Issued
from clerk_app.documents.layout import TOP
from clerk_app.documents.letterhead import Letterhead
from clerk_app.documents.office import office_on_paper
from clerk_app.documents.signing import practice_signer
from clerk_app.documents.voucher import voucher_bytes as _voucher_bytes  # noqa: F401 -- imported, it is there


def warm_up() -> None:
    """Make a paper for nobody: everything that is read once is read then."""
    office = office_on_paper("经办机构", signer=practice_signer())
    paper = Letterhead(Issued("单据", "000000-0000-000000"), office, qr="000000-0000-000000:0.00:1-ABCD").paper()
    paper.text(50, TOP + 100, "0123456789.,", 8)
    paper.to_bytes()
