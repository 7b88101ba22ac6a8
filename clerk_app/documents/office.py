"""The office that issues a paper, and which copy of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from clerk_app.documents.page_format import PageFormat
from clerk_app.documents.signing import Signer


@dataclass(frozen=True, slots=True)
class Office:
    """经办机构, as papers name it.

    Attributes:
        practice: The papers are for training: 练习 stands across every page.
        signer: Signs every paper's file; None for a draft that nobody is to check.
        page_format: The paper in the printer.
        templates: The office's own folder of templates, which go before those that ship.
    """

    name: str
    address: str = ""
    phone: str = ""
    practice: bool = False
    signer: Signer | None = field(default=None, compare=False)
    page_format: PageFormat = PageFormat.A4
    templates: Path | None = None

    @property
    def watermark(self) -> str:
        """What stands across every page."""
        return "练习" if self.practice else ""

    @property
    def imprint(self) -> str:
        """Name, address and phone for the foot of a paper."""
        phone = f"电话 {self.phone}" if self.phone else ""
        return "　".join(filter(None, (self.name, self.address, phone)))


class Copy(StrEnum):
    """联: who keeps the paper."""

    AGENCY = "1"
    FINANCE = "2"
    INSURED = "3"

    @property
    def words(self) -> str:
        """What the paper says about itself."""
        return _COPIES[self]

    @property
    def is_masked(self) -> bool:
        """The copy that leaves the office hides the middle of ID and account numbers."""
        return self is Copy.INSURED


_COPIES = {
    Copy.AGENCY: "第一联　经办机构存档",
    Copy.FINANCE: "第二联　财务",
    Copy.INSURED: "第三联　参保人",
}
