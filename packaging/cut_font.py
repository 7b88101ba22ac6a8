"""Make the small cut of the main font that nearly every paper gets by with.

Reading the full face takes 58 ms, the cut 13; ``clerk_app.documents.fonts`` loads the full face only when a
character needs it. The cut is committed, so this script runs only when the main font changes:

    python -m pip install fonttools
    python packaging/cut_font.py
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"
FULL = FONTS / "NotoSansSC_400Regular.ttf"
CUT = FONTS / "ClerkSansSC.ttf"
#: A PDF that holds both faces tells them apart by name; the licence also asks a changed font for another name.
NAME = "ClerkSansSC"

#: What forms and documents use beyond GB 2312.
MORE = "−¥￥€–—―‘’“”…•※〔〕【】《》〈〉①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳□■○●△▲☐☑✓×÷±≤≥≠㎡℃№½"


def characters() -> set[int]:
    """ASCII, Latin-1, the characters of GB 2312, full-width forms and what forms use."""
    gb_2312 = bytes(range(0xA1, 0xFF))
    pairs = (bytes((row, cell)) for row in gb_2312 for cell in gb_2312)
    simplified = "".join(pair.decode("gb2312", "ignore") for pair in pairs)
    latin = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    return set(map(ord, latin + simplified + MORE))


def main() -> None:
    """Write the cut beside the full face."""
    font = TTFont(FULL)
    options = subset.Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        glyph_names=False,
        name_IDs=["*"],
        recalc_timestamp=False,
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "STAT", "DSIG", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = NAME
    font.save(CUT)
    print(f"{CUT.name}: {len(font.getGlyphOrder())} glyphs, {CUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
