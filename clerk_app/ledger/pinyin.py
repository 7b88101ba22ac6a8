"""The first letters of a name's pinyin, by which a clerk looks persons up: 张三丰 is zsf, and sf finds him too."""

from __future__ import annotations

import functools
import os

#: First letters of the readings that characters have as surnames, where a dictionary's usual reading is another.
SURNAMES = {
    **dict.fromkeys("单召折", "s"),
    **dict.fromkeys("曾翟查祭", "z"),
    **dict.fromkeys("种谌", "c"),
    **dict.fromkeys("解冼郗", "x"),
    **dict.fromkeys("仇覃", "q"),
    **dict.fromkeys("员尉乐", "y"),
    **dict.fromkeys("盖句会", "g"),
    "区": "o",
    "朴": "p",
    "繁": "p",
    "秘": "b",
    "隗": "k",
}

#: Letters that are kept of a name; nobody types more.
LONGEST = 16
#: A long name of characters with several readings each is found by so many of them, the usual one among them.
_MOST_READINGS = 32


def initials(name: str) -> frozenset[str]:
    """The first letters of a name, lower case, from each of its characters to the end and in every reading.

    A Latin word counts as one character; what has no reading is left out.
    """
    found: set[str] = set()
    rests = [""]
    for letters in reversed(letters_of(name)):
        usable = letters if len(letters) * len(rests) <= _MOST_READINGS else letters[:1]
        rests = list(dict.fromkeys((letter + rest)[:LONGEST] for letter in usable for rest in rests))
        found.update(rests)
    return frozenset(found)


@functools.lru_cache(maxsize=65536)
def letters_of(name: str) -> tuple[tuple[str, ...], ...]:
    """For each character of a name the first letters of its readings, the likeliest first."""
    letters: list[tuple[str, ...]] = []
    before = ""
    for character in name:
        if character.isascii() and character.isalpha():
            if not before.isalpha() or not before.isascii():
                letters.append((character.lower(),))
        else:
            readings = _readings(character)
            if not letters and character in SURNAMES:
                readings = tuple(dict.fromkeys((SURNAMES[character], *readings)))
            if readings:
                letters.append(readings)
        before = character
    return tuple(letters)


@functools.lru_cache(maxsize=8192)
def _readings(character: str) -> tuple[str, ...]:
    """The first letters of every reading of a character."""
    # Readings of phrases are for running text; without them the library loads in a fifth of the time and memory.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415 -- nobody waits for it who saves no person

    (found,) = pinyin(character, style=Style.FIRST_LETTER, heteronym=True)
    return tuple(dict.fromkeys(letter for letter in found if letter.isascii() and letter.islower()))
