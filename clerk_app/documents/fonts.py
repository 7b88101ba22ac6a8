"""Fonts of the papers: which face has a character, how wide it is, and subsets that extract as they were typed.

Three faces share the work. A small cut (GB 2312, ASCII, the signs of forms) is enough for nearly every paper; the
full face and the 30 MB face of rare characters are read only when a character needs them.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

from clerk_app.errors import ClerkError
from clerk_app.paths import resources

MAIN = "ClerkSansSC"
#: Every face in the order in which a character is looked for, with its file.
FACES = {MAIN: "ClerkSansSC.ttf", "NotoSansSC": "NotoSansSC_400Regular.ttf", "HanaMinB": "HanaMinB-1000.ttf"}

#: The characters that nearly every voucher has. They fill the first two subsets of the main face, which are then
#: the same in every paper, so that they are cut and compressed once in the program's life and not once a paper.
COMMON = (
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    "付）（费　人支诊计日，算单据本医额号筹统期内疗就结行已政地起类年保策个限件票联：第款合原不自页前范围账正冲机构"
    "未办次证负扣复线经核码序户异别银予参金分担报销度案备超位的比例零系工一险张·；写文编用电因话理级领累此至除元药"
    "中亿等按标准转手其他待受〕〔为补门二三遇由种过时明先作条月务通方间万收依、全施开同价小须意性长断名无关和共续式"
    "数打总章代盖档姓存员民平上现大财见审承习卡台含截星龄型说表．¥版初练−在普院材料定生有居整后卫急西贰壹柒玖叁伍"
    "陆捌肆拾佰仟角障区查可于重术凭请份属没×病省会化社治身成检察带床验护挂—片饮般接直点规住网当低是只余该每填服发"
    "市特慢店退处十四配五项县六九外道心七八街与并供考仅若基职入确则相最休新应购享出适跨信息效情需记形试申再少登附齐"
    "必缺叠暂否独降所书送达子知疾殊安置常科偶母父女委抢救综专驻历害回托告清伤还。细执到两交列签注址《今》实济要高以"
    "管制对健加及强进立建提纳部步各导体监下推目符将好持售主公"
)

_EM = 1000
#: TrueType font flags of the PDF reference, table 5.19: bit 3 symbolic, bit 6 not symbolic.
_SYMBOLIC, _NOT_SYMBOLIC = 1 << 2, 1 << 5
_BFCHAR_LIMIT = 100


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


@functools.cache
def face(name: str) -> PaperFont:
    """The face of that name, read and registered at its first use."""
    font = PaperFont(name, str(resources() / "fonts" / FACES[name]), common=COMMON if name == MAIN else "")
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
    """A TrueType font whose text extracts beyond the BMP and whose common subsets are made once.

    reportlab writes code points above U+FFFF into the ToUnicode table as five digits where UTF-16 is asked, so 𠮷
    extracts as another character: ``addObjects`` is replaced for that.
    """

    def __init__(self, name: str, file: str, *, common: str = "") -> None:
        super().__init__(name, file)
        self._common = common
        self._subset = functools.lru_cache(maxsize=16)(self._made_subset)

    def splitString(self, text: str, doc: object, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802
        """Split a text into subsets; the common characters take the first places in every document."""
        if self._common and doc not in self.state:
            super().splitString(self._common, doc, encoding)
        return super().splitString(text, doc, encoding)

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
            font.ToUnicode = doc.Reference(_deflated(subset.to_unicode), f"toUnicodeCMap:{base_name}")
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
        outlines = _deflated(subset.outlines)
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


def _deflated(compressed: bytes) -> pdfdoc.PDFStream:
    """A stream whose content is compressed already."""
    stream = pdfdoc.PDFStream(content=compressed)
    stream.dictionary["Filter"] = pdfdoc.PDFArray([pdfdoc.PDFName("FlateDecode")])
    return stream


def _to_unicode(codes: Sequence[int]) -> bytes:
    """The table that readers extract text by: each place of a subset as UTF-16."""
    places = [f"<{place:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for place, code in enumerate(codes)]
    blocks = (places[start : start + _BFCHAR_LIMIT] for start in range(0, len(places), _BFCHAR_LIMIT))
    return "\n".join((*_TO_UNICODE_HEAD, *_lines(blocks), *_TO_UNICODE_TAIL)).encode()


def _lines(blocks: Iterable[Sequence[str]]) -> Iterable[str]:
    for block in blocks:
        yield f"{len(block)} beginbfchar"
        yield from block
        yield "endbfchar"


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
