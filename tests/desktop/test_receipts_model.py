from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from clerk_app.counter.draft import ReceiptDraft, new_draft
from clerk_app.desktop.receipts_model import COLUMN_OF, ReceiptsModel

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("given", "shown"),
    [("98765.43", "98,765.43"), ("1234567", "1,234,567.00"), ("-5", "-5.00"), ("12.345", "12.345"), ("", "")],
)
def test_an_amount_is_shown_with_separators_wherever_it_came_from(given: str, shown: str) -> None:
    """A scanned bill or a draft of elsewhere was never left in a field, which is where amounts are tidied."""
    draft = new_draft(TODAY)
    draft.receipts = [ReceiptDraft(number="0000000911", total=given)]
    model = ReceiptsModel()
    model.use(draft, TODAY)

    cell = model.index(0, COLUMN_OF["total"])
    assert cell.data(Qt.ItemDataRole.DisplayRole) == shown
    assert cell.data(Qt.ItemDataRole.EditRole) == given
