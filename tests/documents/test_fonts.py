from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFont

from clerk_app.documents import fonts
from clerk_app.errors import ClerkError
from clerk_app.paths import resources
from clerk_app.wording import sentence


def test_a_text_is_parted_where_the_face_changes() -> None:
    assert fonts.runs("张𠮷示") == (
        fonts.Run("ClerkSansSC", "张"),
        fonts.Run("HanaMinB", "𠮷"),
        fonts.Run("ClerkSansSC", "示"),
    )


@pytest.mark.parametrize("character", ["㛃", "䶮", "𠮷", "𬭚", "喆", "堃"])
def test_every_rare_character_of_a_name_has_a_face_and_a_width(character: str) -> None:
    assert fonts.without_glyph(character) == ()
    assert fonts.ems(character) == 1.0


def test_a_character_without_glyph_is_named_and_never_dropped() -> None:
    with pytest.raises(ClerkError) as caught:
        fonts.runs("张\U0001f600示")

    assert caught.value.code == "glyph_missing"
    assert "U+1F600" in sentence(caught.value)
    assert fonts.without_glyph("张\U0001f600示\U0001f600") == ("\U0001f600",)


def test_an_ordinary_paper_reads_the_small_cut_alone() -> None:
    program = """
from tests.documents import samples
from clerk_app.documents.office import Copy
from clerk_app.documents.voucher import voucher_bytes
from reportlab.pdfbase import pdfmetrics
voucher_bytes(samples.with_fees(), office=samples.OFFICE, copy=Copy.AGENCY)
print([name for name in pdfmetrics.getRegisteredFontNames() if name in ("ClerkSansSC", "NotoSansSC", "HanaMinB")])
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=resources().parent
    )

    assert ran.stdout.strip() == "['ClerkSansSC']"


def test_a_paper_carries_the_characters_that_it_uses_and_no_others() -> None:
    main, document = fonts.face(fonts.MAIN), _Document()
    main.splitString("张三 张三1.00", document)

    assert set(main.state[document].subsets[0]) - {0, 32} == set(map(ord, "张三1.0"))


def test_the_cut_is_as_wide_as_the_full_face() -> None:
    cut, full = (
        fonts.face("ClerkSansSC").face,
        TTFont("full", str(resources() / "fonts" / fonts.FACES["NotoSansSC"])).face,
    )

    codes = cut.charToGlyph.keys() & full.charToGlyph.keys()
    assert len(codes) > 7000
    assert [cut.charWidths[code] for code in codes] == [full.charWidths[code] for code in codes]


@given(st.lists(st.sampled_from("张三㛃䶮𠮷𬭚a1.")).map("".join))
def test_the_runs_of_a_text_are_the_text(text: str) -> None:
    assert "".join(run.text for run in fonts.runs(text)) == text


class _Document:
    """What a font's state hangs on; any object that can be referred to weakly."""
