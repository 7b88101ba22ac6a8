"""What a paper says of itself inside its file, so that its text can be checked without the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import chain

from clerk_app.documents.drawing import Page, Text
from clerk_app.documents.page_format import PageFormat

#: Of what stands in the files; a later one gets the next number.
FORMAT = 1

#: An amount as papers print it: yuan with two places, grouped by thousands.
AMOUNT = re.compile(r"(?<![\d,.])-?\d{1,3}(?:,\d{3})*\.\d{2}(?![\d.])")
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Issued:
    """What a paper is.

    Attributes:
        kind: Its name in Chinese, as its head shows it.
        number: Of the voucher, the acceptance or the list that it is about.
        made_at: The time on the paper, the office's local time; the file has the same.
        head: The head of the audit trail as printed; empty where the paper shows none.
        copy: Which copy it is; empty where there is one.
        reprint: How often it was printed before.
        amounts_fen: What a ledger can be asked about, by name.
    """

    kind: str
    number: str
    made_at: datetime | None = None
    head: str = ""
    copy: str = ""
    reprint: int = 0
    amounts_fen: Mapping[str, int] = field(default_factory=dict)

    @property
    def file_title(self) -> str:
        """What readers of the file show."""
        return f"{self.kind} {self.number}"


def facts_of(issued: Issued, office_name: str, qr: str, pages: Sequence[Page], sheet: PageFormat) -> dict[str, object]:
    """What is put into the file, as JSON has it: what the paper is, each amount with its sheet, each sheet's text."""
    count = len(sheet.places)
    sheets = [
        list(chain.from_iterable(page.texts for page in pages[at : at + count])) for at in range(0, len(pages), count)
    ]
    return {
        "format": FORMAT,
        "office": office_name,
        "kind": issued.kind,
        "number": issued.number,
        "made_at": issued.made_at.isoformat() if issued.made_at else "",
        "head": issued.head,
        "copy": issued.copy,
        "reprint": issued.reprint,
        "amounts_fen": dict(issued.amounts_fen),
        "qr": qr,
        "figures": [list(_figures(texts)) for texts in sheets],
        "texts": [text_digest("".join(text.text for text in texts)) for texts in sheets],
    }


def text_digest(text: str) -> str:
    """The same for the same characters in whatever order a reader gives them, blanks aside."""
    return sha256("".join(sorted("".join(text.split()))).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _figures(texts: Sequence[Text]) -> Iterator[tuple[str, str]]:
    for text in texts:
        if "." in text.text:
            for amount in AMOUNT.findall(text.text):
                yield (text.name.replace("\n", "") or text.text[:_LONGEST_NAME]), amount
