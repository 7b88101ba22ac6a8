"""Tags: what on a paper is a heading, a paragraph, a table's cell, and in which order it is read.

The structure tree of PDF 1.4 (PDF Reference, 9.6 and 9.7), written beside the pages: every text stands in one part or
is an artifact, as rules, shades, feet and repeated heads are. The papers are not said to be of level A of ISO 19005-1:
nothing here validates that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase import pdfdoc


@dataclass(slots=True, eq=False)
class Part:
    """An element of the tree.

    Attributes:
        kind: Its standard type: ``Document``, ``H1``, ``H2``, ``P``, ``Table``, ``TR``, ``TH``, ``TD``, ``Figure``.
        alt: What it says to whoever does not see it.
        marks: Where its own content stands: the sheet, and the number of the marked content there.
    """

    kind: str
    alt: str = ""
    kids: list[Part] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, alt: str = "") -> Part:
        """A new part at the end of this one."""
        kid = Part(kind, alt)
        self.kids.append(kid)
        return kid

    def walk(self) -> Iterator[Part]:
        """This part and everything in it, as it is read."""
        yield self
        for kid in self.kids:
            yield from kid.walk()


class Marks:
    """Numbers the marked content of each sheet."""

    def __init__(self) -> None:
        #: For each sheet, the part of every marked content by its number.
        self.sheets: list[list[Part]] = []

    def next_sheet(self) -> None:
        """Go on to another sheet, whose numbers begin anew."""
        self.sheets.append([])

    def begin(self, part: Part | None) -> str:
        """The operator that begins a part's content; nothing's is an artifact."""
        if part is None:
            return "/Artifact BMC"
        numbers = self.sheets[-1]
        part.marks.append((len(self.sheets) - 1, len(numbers)))
        numbers.append(part)
        return f"/{part.kind}<</MCID {len(numbers) - 1}>>BDC"


_TOLD_EMPTY = frozenset({"Document", "TH", "TD"})
#: The operator that ends a marked content.
END = "EMC"


class _Written(pdfdoc.PDFObject):
    """An object whose words are known."""

    def __init__(self) -> None:
        self.words = b""

    def format(self, _document: Any) -> bytes:
        """As it stands in the file."""
        return self.words


def write_tree(document: Any, pages: Sequence[Any], tree: Part, marks: Marks) -> None:
    """Put the tree into the file.

    Args:
        document: reportlab's.
        pages: Its pages, one a sheet, in their order.
    """
    sheets = [_number(document, page) for page in pages]
    # Of what stands nowhere only empty cells are told: without them a row would have another number of columns.
    parts = [part for part in tree.walk() if part.marks or part.kids or part.kind in _TOLD_EMPTY]
    objects = {id(part): _Written() for part in parts}
    numbers = {key: _number(document, written) for key, written in objects.items()}
    root = _Written()
    root_number = _number(document, root)
    above = {id(kid): numbers[id(part)] for part in parts for kid in part.kids if id(kid) in numbers}
    for part in parts:
        kids = [f"{numbers[id(kid)]} 0 R" for kid in part.kids if id(kid) in numbers]
        objects[id(part)].words = _element(document, part, above.get(id(part), root_number), kids, sheets)
    parents = " ".join(
        f"{sheet} [{' '.join(f'{numbers[id(part)]} 0 R' for part in of_sheet)}]"
        for sheet, of_sheet in enumerate(marks.sheets)
    )
    root.words = (
        f"<</Type/StructTreeRoot/K {numbers[id(tree)]} 0 R/ParentTree <</Nums [{parents}]>>"
        f"/ParentTreeNextKey {len(sheets)}>>"
    ).encode()
    for sheet, page in enumerate(pages):
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents"]
        page.StructParents = sheet
    document.Catalog.StructTreeRoot = root
    document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})


def _element(document: Any, part: Part, parent: int, kids: Sequence[str], sheets: Sequence[int]) -> bytes:
    """The element's dictionary; content on one sheet is told by its numbers, on several by sheet and number."""
    words = f"<</S/{part.kind}/P {parent} 0 R".encode()
    if part.alt:
        words += b"/Alt " + pdfdoc.PDFString(part.alt).format(document)
    on = {sheet for sheet, _number in part.marks}
    if len(on) == 1:
        words += f"/Pg {sheets[on.pop()]} 0 R".encode()
        content = [str(number) for _sheet, number in part.marks]
    else:
        content = [f"<</Type/MCR/Pg {sheets[sheet]} 0 R/MCID {number}>>" for sheet, number in part.marks]
    content += kids
    if content:
        words += f"/K {content[0]}".encode() if len(content) == 1 else f"/K[{' '.join(content)}]".encode()
    return words + b">>"


def _number(document: Any, written: Any) -> int:
    """The number of an object in the file."""
    reference = document.Reference(written)
    number: int = document.idToObjectNumberAndVersion[reference.name][0]
    return number
