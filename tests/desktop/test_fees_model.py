from __future__ import annotations

from PySide6.QtCore import Qt

from clerk_app.counter.draft import FeeDraft, ReceiptDraft
from clerk_app.desktop.fees_model import COLUMN_OF, FeesModel
from clerk_app.wording import use_language


def test_a_category_is_said_in_the_language_of_the_screen_and_an_item_as_it_is_called() -> None:
    model = FeesModel()
    category = FeeDraft(name="化验费", category="04", amount="1234")
    item = FeeDraft(name="阿莫西林胶囊", what="XA01", category="09", amount="24")
    model.use(ReceiptDraft(fees=[category, item]))
    use_language("en")
    try:
        names = [model.index(row, COLUMN_OF["name"]).data() for row in range(2)]
        tip = model.index(0, COLUMN_OF["category"]).data(Qt.ItemDataRole.ToolTipRole)
    finally:
        use_language("zh_CN")
    assert names == ["Laboratory fee", "阿莫西林胶囊"]
    assert "04 Laboratory fee" in tip
    assert model.index(0, COLUMN_OF["amount"]).data() == "1,234.00"
    assert model.index(0, COLUMN_OF["name"]).data(Qt.ItemDataRole.EditRole) == "化验费", "that is what is kept"
