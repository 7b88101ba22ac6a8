"""The one table of colours: what each is for, in light and in dark, and which of the two is shown now.

Whatever is written in an ink can be read on every surface: 4.5 to 1 at least (WCAG 2.1, 1.4.3), which a test counts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours by what they mean.

    Attributes:
        ground: Behind the cards; ``card``, ``computed`` (what nobody types in) and ``faint`` are the other surfaces.
        line: Around cards and fields, as ``faint_line`` and ``field_line`` are.
        text: The first ink; ``muted`` and ``hint`` are quieter ones.
        accent: What can be pressed or has the keyboard; ``on_accent`` is written on it.
        accent_strong: The same where it is pointed at or chosen.
        accent_pale: The surface of what is chosen.
        accent_before: In bars and charts: what was there before, beside what is new.
        good: An ink with ``good_pale`` as its surface; ``careful`` and ``bad`` are such pairs too.
    """

    ground: str
    card: str
    computed: str
    faint: str
    line: str
    faint_line: str
    field_line: str
    text: str
    muted: str
    hint: str
    accent: str
    accent_strong: str
    accent_pale: str
    accent_before: str
    on_accent: str
    good: str
    good_pale: str
    careful: str
    careful_pale: str
    bad: str
    bad_pale: str


LIGHT = Colours(
    ground="#F3F5F7",
    card="#FFFFFF",
    computed="#F7F9FB",
    faint="#EBEFF3",
    line="#DCE2E8",
    faint_line="#EBEFF3",
    field_line="#C3CCD6",
    text="#1C2733",
    muted="#4F5C69",
    hint="#616D79",
    accent="#1F5FA8",
    accent_strong="#174A84",
    accent_pale="#E7EFF8",
    accent_before="#8FB3D9",
    on_accent="#FFFFFF",
    good="#17703F",
    good_pale="#E4F3EA",
    careful="#835500",
    careful_pale="#FDF2D9",
    bad="#B3261E",
    bad_pale="#FBE9E7",
)

DARK = Colours(
    ground="#14181D",
    card="#1D232A",
    computed="#222931",
    faint="#29313A",
    line="#343E49",
    faint_line="#29313A",
    field_line="#4D5A68",
    text="#E4E9EE",
    muted="#AAB5C0",
    hint="#98A4B0",
    accent="#7AB0EA",
    accent_strong="#A4CBF3",
    accent_pale="#20344B",
    accent_before="#3D6896",
    on_accent="#0F1B29",
    good="#63C493",
    good_pale="#17352A",
    careful="#E3B562",
    careful_pale="#3A2E14",
    bad="#F4978E",
    bad_pale="#45221F",
)

_shown = LIGHT


def colours() -> Colours:
    """Those that are shown now; ask when something is drawn, not before."""
    return _shown


def show_colours(chosen: Colours) -> None:
    """From now on these are shown; ``look.Look`` draws the windows anew."""
    global _shown  # noqa: PLW0603 -- one screen has one look, as Qt has one application
    _shown = chosen
