from __future__ import annotations

import re
from dataclasses import asdict
from itertools import product

import pytest

from clerk_app.desktop import colours as table_of_colours
from clerk_app.desktop.colours import DARK, LIGHT, Colours
from clerk_app.paths import resources

INKS = ("text", "muted", "hint", "accent", "accent_strong", "good", "careful", "bad")
SURFACES = ("ground", "card", "computed", "faint", "accent_pale", "good_pale", "careful_pale", "bad_pale")
#: What is written on a surface of its own.
PAIRS = (("on_accent", "accent"), ("on_accent", "accent_strong"))
DESKTOP = resources().parent / "clerk_app" / "desktop"


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("words", "ratio"), [(("#000000", "#FFFFFF"), 21.0), (("#767676", "#FFFFFF"), 4.54)])
def test_contrast_is_counted_as_the_guideline_counts_it(words: tuple[str, str], ratio: float) -> None:
    assert contrast(*words) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_ink_can_be_read_on_every_surface(colours: Colours) -> None:
    of = asdict(colours)
    faint = [
        f"{ink} on {surface}: {contrast(of[ink], of[surface]):.2f}"
        for ink, surface in (*product(INKS, SURFACES), *PAIRS)
        if contrast(of[ink], of[surface]) < 4.5
    ]
    assert faint == []


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_stand_out_from_each_other_and_from_their_ground(colours: Colours) -> None:
    assert contrast(colours.accent, colours.card) >= 3
    assert contrast(colours.accent, colours.accent_before) >= 1.8
    assert contrast(colours.accent_before, colours.card) >= 1.8


def test_every_colour_has_its_use_in_the_table_and_stands_nowhere_else() -> None:
    assert {*INKS, *SURFACES, "on_accent", "accent_before"} <= set(asdict(LIGHT))
    strangers = [
        f"{path.name}: {found}"
        for path in sorted(DESKTOP.glob("*.py"))
        if path.name != "colours.py"
        for found in re.findall(r'#[0-9A-Fa-f]{6}\b|GlobalColor|QColor\("', path.read_text(encoding="utf-8"))
    ]
    assert strangers == []


def test_nobody_keeps_a_colour_from_before_the_theme_changed() -> None:
    """A colour is asked for when something is drawn: not when a module or a table is made."""
    kept = [
        f"{path.name}: {line.strip()}"
        for path in sorted(DESKTOP.glob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\S.*=.*\bcolours\(\)\.", line) and "lambda" not in line
    ]
    assert kept == []
    named = [
        path.name
        for path in sorted(DESKTOP.glob("*.py"))
        if path.name not in ("colours.py", "look.py", "style.py") and re.search(r"\b(LIGHT|DARK)\.", path.read_text())
    ]
    assert named == []
    assert table_of_colours.colours() in (LIGHT, DARK)
