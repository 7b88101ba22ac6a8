"""Columns of a table that share the room which the others leave: a long name is cut only where there is no room."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QTableView


def shares(needs: Mapping[int, int], floors: Mapping[int, int], room: int) -> dict[int, int]:
    """The width of each of some columns, in pixels.

    Where there is room for all, each has what it needs and an even part of the rest. Where there is not, those that
    need little have that, and the others share what is left.

    Args:
        needs: What each column holds, by its place.
        floors: Below which each is never, whatever the room.
        room: For all of them.
    """
    spare, left = room - sum(needs.values()), len(needs)
    found: dict[int, int] = {}
    if spare >= 0:
        for place, need in needs.items():
            part = spare // left
            found[place], spare, left = need + part, spare - part, left - 1
        return found
    for place in sorted(needs, key=lambda each: needs[each]):
        found[place] = max(floors[place], min(needs[place], room // left))
        room, left = room - found[place], left - 1
    return found


class SharedWidths(QObject):
    """Shares the room out whenever there is another width or there are other rows.

    Args:
        table: With its model; it keeps this.
        floors: The columns that share, with the least width of each in pixels.
    """

    def __init__(self, table: QTableView, floors: Mapping[int, int]) -> None:
        super().__init__(table)
        self._table, self._floors = table, dict(floors)
        # Only what is seen is measured, however long the list is.
        table.horizontalHeader().setResizeContentsPrecision(0)
        table.viewport().installEventFilter(self)
        table.model().modelReset.connect(self.share)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another width is shared out anew."""
        if event.type() == QEvent.Type.Resize:
            self.share()
        return super().eventFilter(watched, event)

    def share(self) -> None:
        """Give each column its part."""
        table, header = self._table, self._table.horizontalHeader()
        others = (place for place in range(header.count()) if place not in self._floors)
        room = table.viewport().width() - sum(map(header.sectionSize, others))
        floors = {place: max(least, header.sectionSizeHint(place)) for place, least in self._floors.items()}
        needs = {place: max(least, table.sizeHintForColumn(place)) for place, least in floors.items()}
        for place, width in shares(needs, floors, room).items():
            header.resizeSection(place, width)
