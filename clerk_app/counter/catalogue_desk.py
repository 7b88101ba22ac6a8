"""The areas' lists of items at this office, found while fees are typed."""

from __future__ import annotations

from pathlib import Path

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import FeeDraft
from clerk_app.counter.fee_lines import work_out
from clerk_app.policy.catalogue import Catalogue, CatalogueItem, load_catalogue

_FOLDER = "catalogues"


class CatalogueDesk:
    """What the counter has of the lists; they lie in the office's own folder on this computer."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def may_import(self) -> bool:
        """Whether who is signed in may bring a list into use."""
        return self.desk.may(Action.IMPORT_CATALOGUE)

    def catalogue(self, area_code: str) -> Catalogue:
        """An area's list, empty where none was imported.

        Raises:
            ClerkError: ``catalogue_damaged``.
        """
        return load_catalogue(area_code, self.path(area_code))

    def path(self, area_code: str) -> Path:
        """Where an area's list lies."""
        return self.desk.folder / _FOLDER / f"{area_code}.json"


def fill_in(fee: FeeDraft, item: CatalogueItem) -> None:
    """Write an item into a line; price, quantity and what is typed of its parts stay the paper's."""
    fee.what, fee.name = item.code, item.name
    fee.category = item.category.value if item.category else ""
    fee.item_class, fee.limit, fee.share = item.item_class.value, item.limit, item.share
    work_out(fee)
