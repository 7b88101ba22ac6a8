"""The block that holds the grid of receipts, and says below it what is wrong in which line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy

from clerk_app.counter.reading import Place
from clerk_app.desktop.key_hints import KeyHints
from clerk_app.desktop.pieces import Card, WholeLabel, push_button
from clerk_app.desktop.receipts_model import COLUMNS
from clerk_app.desktop.receipts_table import ReceiptsTable
from clerk_app.desktop.style import scaled
from clerk_app.wording import _

#: Four lines and the head.
_GRID_HEIGHT = 128
_MOST_PROBLEMS = 2


class ReceiptsCard(Card):
    """票据."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__(_("票据"))
        self.table = ReceiptsTable(today)
        self.table.setMinimumHeight(scaled(_GRID_HEIGHT))
        # The grid takes what is left; what it would like to have must not press the form above it together.
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.extras = push_button(_("更多列 F5"), "quiet")
        self.extras.setToolTip(_("显示机构编码、病种、同次就诊、票面统筹支付等列"))
        self.extras.setCheckable(True)
        self.extras.toggled.connect(self.table.show_extras)
        self.fees = push_button(_("费用明细 Ctrl+E"), "quiet")
        self.fees.setToolTip(_("按费用类别或逐项录入这张票据，与总额核对"))
        self.problem = WholeLabel("problem")
        self.problem.hide()
        keys = KeyHints(_("Enter 下一格　Shift+Enter 上一格　+ 上家医院　Ctrl+D 同上　Ctrl+Del 删除行"))
        keys.setObjectName("small")
        keys.setTextFormat(Qt.TextFormat.PlainText)
        keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.head.setStretch(1, 0)
        self.head.addWidget(keys, 1)
        self.head.addWidget(self.fees)
        self.head.addWidget(self.extras)
        self.body.addWidget(self.table)
        self.body.addWidget(self.problem)

    def show_problems(self, problems: Mapping[Place, str]) -> None:
        """Say the first of what is wrong, that of the line in hand before all; the cells are marked in the grid."""
        columns = [column.key for column in COLUMNS]
        row = self.table.currentIndex().row()
        places = sorted(
            (place for place in problems if place.field in columns),
            key=lambda place: (place.row != row, place.row, columns.index(place.field)),
        )
        lines = [
            _("第 {row} 行 {title}：{words}").format(
                row=place.row + 1, title=_(COLUMNS[columns.index(place.field)].title), words=problems[place]
            )
            for place in places[:_MOST_PROBLEMS]
        ]
        if len(places) > _MOST_PROBLEMS:
            rest = _("另有 {count} 处已在表中标红，光标到那一行时在这里说明。")
            lines.append(rest.format(count=len(places) - _MOST_PROBLEMS))
        self.problem.say("\n".join(lines))
        self.problem.setVisible(bool(lines))
