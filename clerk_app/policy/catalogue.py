"""目录: an area's list of drugs, services and consumables, with what the person bears of each before anything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from clerk_app.codes import FeeCategory, ItemClass
from clerk_app.errors import ClerkError
from clerk_app.jobs import whole_file

_VERSION = 1
_CLASSES = {each.value: each for each in ItemClass}
_CATEGORIES = {each.value: each for each in FeeCategory}


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One item.

    Attributes:
        category: None where the list does not tell.
        limit: 限价 in yuan a unit, as a plain decimal; empty for none.
        share: 先行自付比例 in percent, as a plain decimal; empty for none.
        letters: The first letters of the name in pinyin, lower case.
    """

    code: str
    name: str
    item_class: ItemClass
    category: FeeCategory | None = None
    specification: str = ""
    limit: str = ""
    share: str = ""
    letters: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The list of one area.

    Attributes:
        imported_on: ISO day of the import; empty for no list.
    """

    area_code: str
    items: tuple[CatalogueItem, ...]
    imported_on: str = ""

    def find(self, text: str, most: int) -> list[CatalogueItem]:
        """Items by a part of the name, its first letters in pinyin, or the beginning of the code."""
        wanted = "".join(text.split())
        if not wanted or most <= 0:
            return []
        return list(islice(self._meant(wanted), most))

    def _meant(self, wanted: str) -> Iterable[CatalogueItem]:
        if not wanted.isascii():
            return (item for item in self.items if wanted in item.name)
        code, letters = wanted.upper(), wanted.lower()
        return (
            item for item in self.items if letters in item.letters or item.code.startswith(code) or wanted in item.name
        )


def save_catalogue(catalogue: Catalogue, target: Path, tell: Callable[[], None] = lambda: None) -> None:
    """Write an area's list in place of the one before; it is there whole or not at all.

    Args:
        tell: Puts on record that the list is about to come into use; the one before stays where that fails.

    Raises:
        ClerkError: ``file_not_written``.
    """
    lines = [
        [
            item.code,
            item.name,
            item.item_class.value,
            item.category.value if item.category else "",
            item.specification,
            item.limit,
            item.share,
            item.letters,
        ]
        for item in catalogue.items
    ]
    whole = {
        "version": _VERSION,
        "area": catalogue.area_code,
        "imported_on": catalogue.imported_on,
        "items": lines,
    }
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClerkError("file_not_written", file=str(target), reason=error.strerror or str(error)) from error
    with whole_file(target) as draft:
        draft.write_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        tell()


def load_catalogue(area_code: str, source: Path) -> Catalogue:
    """Read an area's list; without one it is empty.

    Raises:
        ClerkError: ``catalogue_damaged``; it is imported anew.
    """
    if not source.exists():
        return Catalogue(area_code, ())
    try:
        whole = json.loads(source.read_text(encoding="utf-8"))
        if whole["version"] != _VERSION or whole["area"] != area_code:
            raise ValueError
        items = tuple(_item(line) for line in whole["items"])
        return Catalogue(area_code, items, str(whole["imported_on"]))
    except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
        raise ClerkError("catalogue_damaged", file=source.name) from error


def _item(line: list[Any]) -> CatalogueItem:
    code, name, item_class, category, specification, limit, share, letters = map(str, line)
    return CatalogueItem(
        code,
        name,
        _CLASSES[item_class],
        _CATEGORIES[category] if category else None,
        specification,
        limit,
        share,
        letters,
    )
