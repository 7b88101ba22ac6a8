"""Papers as files that outlive the program: PDF/A-1b (ISO 19005-1), and what was signed of them inside.

Colours are sRGB by an output intent, fonts are embedded, XMP says what the file is. The papers are tagged, and text
stands in the order in which it is read; level A is not claimed, for nothing here validates it.
"""

from __future__ import annotations

import functools
import io
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from clerk_app.documents import fonts
from clerk_app.documents.pdf_stream import Stream, deflated, deflating
from clerk_app.documents.signing import SIGNATURE_BYTES, Signer
from clerk_app.documents.tagging import Marks, Part, write_tree
from clerk_app.paths import resources

# Pages as they are, not as ASCII text: a quarter smaller, and a third of the time of a voucher is saved.
rl_config.useA85 = 0

CREATOR = "clerk_app"
#: What every signature of a paper begins with.
SIGNED_AS = b"clerk_app paper 1\n"
#: Where the seal stands in a file, once.
SEAL_MARK = b"/ClerkSeal <"
SEAL_DIGITS = 2 * SIGNATURE_BYTES
OPEN_SEAL = b"0" * SEAL_DIGITS
#: Of papers that tell no time of their own.
_NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 -- the office's local time, as papers show it
#: The offices that the program is for keep Beijing time.
_ZONE = "+08"


def archival_canvas(sheet: tuple[float, float], title: str, made_at: datetime | None) -> Canvas:
    """A canvas that writes PDF/A-1b.

    Args:
        sheet: Width and height in points.
        title: What readers show.
        made_at: The office's local time on the paper, so that the same paper is the same file.
    """
    fonts.face(fonts.MAIN)
    canvas = Canvas(
        io.BytesIO(),
        pagesize=sheet,
        initialFontName=fonts.MAIN,  # type: ignore[arg-type]  # the stub takes it for a size
        lang="zh-CN",
        invariant=1,
        pageCompression=1,
        pdfVersion=(1, 4),
    )
    document = _document(canvas)
    catalog: Any = _Catalog()
    catalog.__dict__.update(document.Catalog.__dict__)
    document.Catalog = document._catalog = catalog  # noqa: SLF001 -- as above
    document.info = _Information(title, made_at or _NO_TIME)
    catalog.OutputIntents = _output_intents(document)
    catalog.Metadata = _metadata(title, made_at or _NO_TIME)
    return canvas


def finished(canvas: Canvas, facts: Mapping[str, object], signer: Signer | None, tree: Part, marks: Marks) -> bytes:
    """The file, with the facts inside, signed where there is a signer.

    Args:
        facts: What whoever checks the file compares its text with; the public key is added.
        tree: What the paper's texts are, and in which order they are read.
        marks: Which of them stands where on the sheets.
    """
    document = _document(canvas)
    for page in document.Pages.pages:
        page.Contents = deflating(page.stream.encode("latin-1"))
    write_tree(document, document.Pages.pages, tree, marks)
    if signer is None:
        return _plain(canvas)
    content = json.dumps({**facts, "key": signer.public_key.hex()}, ensure_ascii=False, separators=(",", ":"))
    document.Catalog.PieceInfo = _PieceInfo(document.Reference(deflating(content.encode())), document.info.pdf_date)
    draft = _plain(canvas)
    place = draft.index(SEAL_MARK + OPEN_SEAL) + len(SEAL_MARK)
    seal = signer.sign(SIGNED_AS + draft).hex().encode()
    return draft[:place] + seal + draft[place + SEAL_DIGITS :]


def _plain(canvas: Canvas) -> bytes:
    written: bytes = _document(canvas).GetPDFData(canvas)
    return written


def _document(canvas: Any) -> Any:
    return canvas._doc  # noqa: SLF001 -- reportlab has no other way to the catalogue


class _Catalog(pdfdoc.PDFCatalog):
    """The document's root, with the entries that reportlab's does not know."""

    __NoDefault__ = [*pdfdoc.PDFCatalog.__NoDefault__, "OutputIntents", "PieceInfo"]  # noqa: RUF012 -- reportlab's
    __Refs__ = pdfdoc.PDFCatalog.__NoDefault__


class _PieceInfo(pdfdoc.PDFObject):
    """The program's own part of the catalogue (PDF reference 1.4, 9.4): the facts, and the seal over the file."""

    def __init__(self, facts: Any, written_at: str) -> None:
        self._facts = facts
        self._written_at = written_at

    def format(self, document: Any) -> bytes:
        """As it stands in the file; the seal is filled in when everything else is written."""
        facts: bytes = self._facts.format(document)
        return b"".join(
            (
                b"<< /clerk_app << /LastModified (" + self._written_at.encode() + b") /Private << /Facts ",
                *(facts, b" ", SEAL_MARK, OPEN_SEAL, b"> >> >> >>"),
            )
        )


class _Information(pdfdoc.PDFInfo):
    """The information dictionary, which says what XMP says and nothing else (ISO 19005-1, 6.7.3)."""

    def __init__(self, title: str, made_at: datetime) -> None:
        super().__init__()
        self.title = title
        self.pdf_date = f"D:{made_at:%Y%m%d%H%M%S}{_ZONE}'00'"

    def format(self, document: Any) -> bytes:
        """As it stands in the file."""
        known = {
            "Title": pdfdoc.PDFString(self.title),
            "Creator": pdfdoc.PDFString(CREATOR),
            "Producer": pdfdoc.PDFString(CREATOR),
            "CreationDate": pdfdoc.PDFString(self.pdf_date),
            "ModDate": pdfdoc.PDFString(self.pdf_date),
        }
        written: bytes = pdfdoc.PDFDictionary(known).format(document)
        return written


@functools.cache
def _profile() -> bytes:
    return zlib.compress((resources() / "fonts" / "sRGB.icc").read_bytes(), 9)


def _output_intents(document: Any) -> pdfdoc.PDFArray:
    profile = deflated(_profile())
    profile.dictionary["N"] = 3
    intent = {
        "Type": pdfdoc.PDFName("OutputIntent"),
        "S": pdfdoc.PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"),
        "Info": pdfdoc.PDFString("sRGB"),
        "DestOutputProfile": document.Reference(profile),
    }
    return pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)])


def _metadata(title: str, made_at: datetime) -> Stream:
    """XMP; never compressed, so that it is found without a reader of PDF (ISO 19005-1, 6.7.2)."""
    when = f"{made_at:%Y-%m-%dT%H:%M:%S}{_ZONE}:00"
    content = _XMP.format(title=escape(title), creator=CREATOR, when=when).encode()
    return Stream(content, {"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")})


_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format>\
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>\
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>{creator}</xmp:CreatorTool>\
<xmp:CreateDate>{when}</xmp:CreateDate><xmp:ModifyDate>{when}</xmp:ModifyDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{creator}</pdf:Producer>\
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>1</pdfaid:part>\
<pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
