"""Bring an area's list of items into use from Excel; the workbooks' library comes in with this module."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from clerk_app.codes import Action
from clerk_app.counter.catalogue_desk import CatalogueDesk
from clerk_app.documents.catalogue_workbook import read_catalogue
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.policy.catalogue import Catalogue, save_catalogue
from clerk_app.wording import _

_MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class ImportedCatalogue:
    """A list that has come into use, and the rows of the workbook that were not taken, with why."""

    catalogue: Catalogue
    refused: tuple[tuple[int, str], ...]
    row_count: int

    def words(self) -> str:
        """How many rows were taken, and the first that were not."""
        count = _("工作簿共 {rows} 行，导入 {taken} 行，未导入 {refused} 行。").format(
            rows=self.row_count, taken=len(self.catalogue.items), refused=len(self.refused)
        )
        return " ".join((count, *(_row_words(row, why) for row, why in self.refused[:_MOST_SAID])))


def import_workbook(
    lists: CatalogueDesk, area_code: str, path: Path, progress: Progress | None = None
) -> ImportedCatalogue:
    """Read a workbook and use its list in place of the one before.

    The list stays the desk's own file; that it was brought into use, by whom and from which workbook, is on record.

    Raises:
        ClerkError: ``not_allowed``, ``area_unknown``, ``catalogue_empty``, ``file_not_written``, or what
            ``read_catalogue`` and the ledger object to; the list before stays in use.
    """
    desk = lists.desk
    desk.require(Action.IMPORT_CATALOGUE)
    desk.policy(area_code)
    reading = read_catalogue(path, progress)
    if not reading.items:
        why = "".join(_row_words(row, words) for row, words in reading.refused[:1])
        raise ClerkError("catalogue_empty", file=path.name, why=why)
    catalogue = Catalogue(area_code, reading.items, desk.today().isoformat())
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()

    def tell() -> None:
        taken, refused = len(reading.items), len(reading.refused)
        desk.ledger.record_catalogue_import(area_code, path.name, digest, taken, refused)

    save_catalogue(catalogue, lists.path(area_code), tell)
    return ImportedCatalogue(catalogue, reading.refused, reading.row_count)


def _row_words(row: int, why: str) -> str:
    return _("第 {row} 行：{why}").format(row=row, why=why)
