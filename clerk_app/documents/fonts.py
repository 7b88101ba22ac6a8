"""Fonts of the papers: which face has a character, how wide it is, and subsets that extract as they were typed.

Three faces share the work. A small cut (GB 2312, ASCII, the signs of forms) is enough for nearly every paper; the
full face and the 30 MB face of rare characters are read only when a character needs them.
"""

from __future__ import annotations

import functools
import threading
import zlib
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

from clerk_app.documents.pdf_stream import deflated
from clerk_app.errors import ClerkError
from clerk_app.paths import resources

MAIN = "ClerkSansSC"
#: Every face in the order in which a character is looked for, with its file.
FACES = {MAIN: "ClerkSansSC.ttf", "NotoSansSC": "NotoSansSC_400Regular.ttf", "HanaMinB": "HanaMinB-1000.ttf"}

_EM = 1000
#: TrueType font flags of the PDF reference, table 5.19: bit 3 symbolic, bit 6 not symbolic.
_SYMBOLIC, _NOT_SYMBOLIC = 1 << 2, 1 << 5


class Run(NamedTuple):
    """Neighbouring characters of one face."""

    face: str
    text: str


@functools.lru_cache(maxsize=8192)
def runs(text: str) -> tuple[Run, ...]:
    """The text in pieces of one face each.

    Raises:
        ClerkError: ``glyph_missing``, no face has a character; it is named, never left out.
    """
    return tuple(Run(face, "".join(characters)) for face, characters in groupby(text, _face_of.__getitem__))


@functools.lru_cache(maxsize=8192)
def ems(text: str) -> float:
    """How wide the text is at a font size of 1.

    Raises:
        ClerkError: ``glyph_missing``.
    """
    return sum(map(_advance.__getitem__, text)) / _EM


def without_glyph(text: str) -> tuple[str, ...]:
    """The characters that no face can print, so that a form can refuse them before anything is settled."""
    return tuple(dict.fromkeys(character for character in text if _find_face(character) is None))


def face(name: str) -> PaperFont:
    """The face of that name, read and registered at its first use, whichever thread asks first."""
    return _faces.get(name) or _read_face(name)


_faces: dict[str, PaperFont] = {}
#: Two faces of one name would part a paper's characters between them.
_reading = threading.Lock()


def _read_face(name: str) -> PaperFont:
    with _reading:
        if name not in _faces:
            _faces[name] = _registered(name)
        return _faces[name]


def _registered(name: str) -> PaperFont:
    font = PaperFont(name, str(resources() / "fonts" / FACES[name]))
    pdfmetrics.registerFont(font)
    return font


class _FaceOf(dict[str, str]):
    """Character → name of the face that prints it."""

    def __missing__(self, character: str) -> str:
        name = _find_face(character)
        if name is None:
            raise ClerkError("glyph_missing", code_point=f"U+{ord(character):04X}")
        self[character] = name
        return name


class _Advance(dict[str, int]):
    """Character → width in thousandths of the font size."""

    def __missing__(self, character: str) -> int:
        width: int = face(_face_of[character]).face.charWidths[ord(character)]
        self[character] = width
        return width


_face_of = _FaceOf()
_advance = _Advance()


def _find_face(character: str) -> str | None:
    return next((name for name in FACES if ord(character) in face(name).face.charToGlyph), None)


class _Subset(NamedTuple):
    """A cut of at most 256 characters, ready to be written."""

    widths: tuple[float, ...]
    outlines: bytes
    outlines_length: int
    to_unicode: bytes


class PaperFont(TTFont):
    """A TrueType font of which a paper carries the characters that it uses, and whose text extracts beyond the BMP.

    reportlab writes code points above U+FFFF into the ToUnicode table as five digits where UTF-16 is asked, so 𠮷
    extracts as another character: ``addObjects`` is replaced for that.
    """

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file, asciiReadable=False)
        tables = functools.partial(_table_without_names, self.face.get_table)
        # Each cut asks for the whole table of outlines: 2 MB that are copied once, where a rare face has 28.
        kept = functools.cache(tables) if name == MAIN else tables
        self.face.get_table = kept  # type: ignore[method-assign]
        # The copies of one paper often have the same characters in the same order.
        self._subset = functools.lru_cache(maxsize=16)(self._made_subset)

    def addObjects(self, doc: Any) -> None:  # noqa: N802 -- reportlab's name
        """Add every subset that the document used."""
        state = self.state[doc]
        state.frozen = 1
        for index, codes in enumerate(state.subsets):
            internal_name = self.getSubsetInternalName(index, doc)[1:]
            base_name = f"{SUBSETN(index).decode()}+{self.face.name.decode()}"
            subset = self._subset(tuple(codes))
            font: Any = pdfdoc.PDFTrueTypeFont()
            font.Name = internal_name
            font.BaseFont = base_name
            font.FirstChar = 0
            font.LastChar = len(codes) - 1
            font.Widths = pdfdoc.PDFArray(subset.widths)
            font.ToUnicode = doc.Reference(deflated(subset.to_unicode), f"toUnicodeCMap:{base_name}")
            font.FontDescriptor = self._descriptor(doc, base_name, subset)
            doc.Reference(font, internal_name)
            doc.idToObject["BasicFonts"].dict[internal_name] = font
        del self.state[doc]

    def _made_subset(self, codes: tuple[int, ...]) -> _Subset:
        outlines = self.face.makeSubset(list(codes))
        return _Subset(
            widths=tuple(map(self.face.getCharWidth, codes)),
            outlines=zlib.compress(outlines),
            outlines_length=len(outlines),
            to_unicode=zlib.compress(_to_unicode(codes)),
        )

    def _descriptor(self, doc: Any, base_name: str, subset: _Subset) -> object:
        outlines = deflated(subset.outlines)
        outlines.dictionary["Length1"] = subset.outlines_length
        parsed = self.face
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "Ascent": parsed.ascent,
                "CapHeight": parsed.capHeight,
                "Descent": parsed.descent,
                "Flags": parsed.flags & ~_NOT_SYMBOLIC | _SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray(parsed.bbox),
                "FontName": pdfdoc.PDFName(base_name),
                "ItalicAngle": parsed.italicAngle,
                "StemV": parsed.stemV,
                "FontFile2": doc.Reference(outlines, f"fontFile:{base_name}"),
                "MissingWidth": parsed.defaultWidth,
            }
        )
        return doc.Reference(descriptor, f"fontDescriptor:{base_name}")


def _table_without_names(get_table: Callable[[str], bytes], tag: str) -> bytes:
    # Who made the face stands in the program's licence file; in a paper its 2 kB of names help nobody.
    if tag == "name":
        raise KeyError(tag)  # how reportlab learns that a face lacks a table
    return get_table(tag)


def _to_unicode(codes: Sequence[int]) -> bytes:
    """The table that readers extract text by: each place of a subset as UTF-16, one range with all of them."""
    characters = "".join(f"<{chr(code).encode('utf-16-be').hex().upper()}>" for code in codes)
    whole = ("1 beginbfrange", f"<00><{len(codes) - 1:02X}>[{characters}]", "endbfrange")
    return "\n".join((*_TO_UNICODE_HEAD, *whole, *_TO_UNICODE_TAIL)).encode()


_TO_UNICODE_HEAD = (
    "/CIDInit /ProcSet findresource begin",
    "12 dict begin",
    "begincmap",
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    "/CMapName /Adobe-Identity-UCS def",
    "/CMapType 2 def",
    "1 begincodespacerange",
    "<00> <FF>",
    "endcodespacerange",
)
_TO_UNICODE_TAIL = ("endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end")
