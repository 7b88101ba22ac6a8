"""The office that issues a paper, and which copy of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from clerk_app.documents.notice_template import FOLDER, filled_in, key_values, template
from clerk_app.documents.page_format import PageFormat
from clerk_app.documents.signing import Signer

_WORDS_FILE = "papers.txt"
#: What a title may name.
_FIELDS = {"参保地": "", "机构名称": ""}


@dataclass(frozen=True, slots=True)
class Office:
    """经办机构, as papers name it.

    Attributes:
        practice: The papers are for training: 练习 stands across every page.
        signer: Signs every paper's file; None for a draft that nobody is to check.
        page_format: The paper in the printer.
        templates: The office's own folder of templates, which go before those that ship.
        words: Titles and fixed words of papers, as ``office_on_paper`` reads them.
    """

    name: str
    address: str = ""
    phone: str = ""
    practice: bool = False
    signer: Signer | None = field(default=None, compare=False)
    page_format: PageFormat = PageFormat.A4
    templates: Path | None = None
    words: Mapping[str, str] = field(default_factory=dict, compare=False)

    def word(self, key: str, area_name: str = "") -> str:
        """A title or fixed word, the office's own or the one that ships."""
        text = self.words[key] if key in self.words else shipped_words()[key]
        return filled_in(text, {"参保地": area_name, "机构名称": self.name})

    @property
    def watermark(self) -> str:
        """What stands across every page."""
        return "练习" if self.practice else ""

    @property
    def imprint(self) -> str:
        """Name, address and phone for the foot of a paper."""
        phone = f"电话 {self.phone}" if self.phone else ""
        return "　".join(filter(None, (self.name, self.address, phone)))


def office_on_paper(name: str, folder: Path | None = None, **more: Any) -> Office:
    """An office with the words of its own templates.

    Args:
        name: As the settings have it; the templates may say another.
        folder: The office's folder; its templates are in ``papers`` there.
        more: Other fields of ``Office``.

    Raises:
        ClerkError: ``template_not_read``.
        FileProblems: Everything that is wrong in the file.
    """
    templates = folder / FOLDER if folder is not None else None
    own = templates / _WORDS_FILE if templates is not None else None
    words = dict(shipped_words())
    if own is not None and own.exists():
        words |= key_values(own, words, _FIELDS)
    return Office(
        filled_in(words["机构名称"], {"参保地": "", "机构名称": name}) or name,
        words["地址"],
        words["电话"],
        templates=templates,
        words=words,
        **more,
    )


@functools.cache
def shipped_words() -> Mapping[str, str]:
    """The titles and fixed words that ship."""
    return key_values(template(_WORDS_FILE, None), {}, _FIELDS)


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
