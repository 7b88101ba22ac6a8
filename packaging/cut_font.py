"""Make the small cut of the main font that nearly every paper gets by with.

Reading the full face takes 58 ms, the cut 13; ``clerk_app.documents.fonts`` loads the full face only when a
character needs it. The outlines of the cut stand on a coarser grid, which makes the part of a paper's file that its
font takes a seventh smaller. The cut is committed, so this script runs only when the main font changes:

    python -m pip install fonttools
    python packaging/cut_font.py
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

FONTS = Path(__file__).resolve().parent.parent / "resources" / "fonts"
FULL = FONTS / "NotoSansSC_400Regular.ttf"
CUT = FONTS / "ClerkSansSC.ttf"
#: A PDF that holds both faces tells them apart by name; the licence also asks a changed font for another name.
NAME = "ClerkSansSC"

#: Thousandths of an em between the places of points: at 8 points and 300 dots an inch none moves a twentieth of a dot.
GRID = 3

#: What forms and documents use beyond GB 2312.
MORE = "−¥￥€–—―‘’“”…•※〔〕【】《》〈〉①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳□■○●△▲☐☑✓×÷±≤≥≠㎡℃№½"


def characters() -> set[int]:
    """ASCII, Latin-1, the characters of GB 2312, full-width forms and what forms use."""
    gb_2312 = bytes(range(0xA1, 0xFF))
    pairs = (bytes((row, cell)) for row in gb_2312 for cell in gb_2312)
    simplified = "".join(pair.decode("gb2312", "ignore") for pair in pairs)
    latin = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    return set(map(ord, latin + simplified + MORE))


def coarsen(font: TTFont) -> None:
    """Put the points of every outline on the grid; widths stay, for papers are laid out by those of the full face."""
    outlines, metrics = font["glyf"], font["hmtx"]
    for name in font.getGlyphOrder():
        glyph = outlines[name]
        glyph.expand(outlines)
        if glyph.isComposite():
            for part in glyph.components:
                part.x, part.y = _on_grid(part.x), _on_grid(part.y)
        elif glyph.numberOfContours > 0:
            glyph.coordinates = GlyphCoordinates([(_on_grid(x), _on_grid(y)) for x, y in glyph.coordinates])
    for name in font.getGlyphOrder():
        outlines[name].recalcBounds(outlines)
        width, _left = metrics[name]
        metrics[name] = (width, getattr(outlines[name], "xMin", 0))


def _on_grid(place: int) -> int:
    return round(place / GRID) * GRID


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
    coarsen(font)
    font.save(CUT)
    print(f"{CUT.name}: {len(font.getGlyphOrder())} glyphs, {CUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
