"""The answer: what the fund pays, how the year stands, and the button that settles."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clerk_app.adjudication.adjudication import ClaimAdjudication
from clerk_app.codes import Decision
from clerk_app.counter.banners import Gauge
from clerk_app.counter.claim_entry import Preview
from clerk_app.desktop.colours import colours
from clerk_app.desktop.pieces import Card, plain_label, push_button, set_mark
from clerk_app.money import format_yuan
from clerk_app.wording import _

_MOST_GAUGES = 4


class GaugeBar(QWidget):
    """A bar with what was used before, what this claim uses, and in words what is left."""

    def __init__(self) -> None:
        super().__init__()
        self._gauge: Gauge | None = None
        self._title = plain_label("", "small")
        self._left = plain_label("", "small")
        row = QHBoxLayout()
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        self._bar = _Bar()
        column.addWidget(self._bar)

    def show_gauge(self, gauge: Gauge) -> None:
        """Show another year's or pool's state."""
        if gauge == self._gauge:
            return
        self._gauge = gauge
        self._title.setText(gauge.title)
        used = format_yuan(gauge.before_fen + gauge.now_fen, separators=True)
        limit = format_yuan(gauge.limit_fen, separators=True)
        self._left.setText(f"{used} / {limit}")
        words = _("{title}：已用 {used}，共 {limit}，余 {left}").format(
            title=gauge.title, used=used, limit=limit, left=format_yuan(gauge.left_fen, separators=True)
        )
        self.setAccessibleName(words)
        self.setToolTip(words)
        self._bar.show_gauge(gauge)


class _Bar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._gauge: Gauge | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, 8)

    def show_gauge(self, gauge: Gauge) -> None:
        self._gauge = gauge
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(QColor(colours().line))
        painter.drawRoundedRect(whole, 4, 4)
        gauge = self._gauge
        if gauge is None or gauge.limit_fen <= 0:
            return
        used = min(1.0, (gauge.before_fen + gauge.now_fen) / gauge.limit_fen)
        before = min(1.0, gauge.before_fen / gauge.limit_fen)
        for share, colour in ((used, colours().accent), (before, colours().accent_before)):
            if share > 0:
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(QRectF(0, 0, max(8.0, whole.width() * share), whole.height()), 4, 4)


class ResultPanel(Card):
    """Amounts of the whole claim, the year's bars, and the button."""

    settle_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.body.setSpacing(4)
        self.badge = plain_label(_("未录入"), "badge")
        self.fund = plain_label("0.00", "bigAmount")
        self.fund.setAccessibleName(_("统筹支付合计"))
        self.total = plain_label("0.00", "amount")
        self.in_scope = plain_label("0.00", "amount")
        self.person = plain_label("0.00", "amount")
        head = QHBoxLayout()
        head.addWidget(plain_label(_("统筹支付（元）"), "cardTitle"))
        head.addStretch(1)
        head.addWidget(self.badge)
        self.body.addLayout(head)
        self.fund.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.body.addWidget(self.fund)
        amounts = QGridLayout()
        amounts.setVerticalSpacing(0)
        for row, (title, label) in enumerate(
            ((_("医疗费总额"), self.total), (_("政策范围内"), self.in_scope), (_("个人负担"), self.person))
        ):
            amounts.addWidget(plain_label(title, "muted"), row, 0)
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            label.setAccessibleName(title)
            amounts.addWidget(label, row, 1)
        self.body.addLayout(amounts)
        self._bars = [GaugeBar() for _place in range(_MOST_GAUGES)]
        for bar in self._bars:
            bar.hide()
            self.body.addWidget(bar)
        self.body.addStretch(1)
        self.settle = push_button(_("结算  F9"), "primary")
        self.settle.setAccessibleName(_("结算"))
        self.settle.clicked.connect(self.settle_pressed)
        self.body.addWidget(self.settle)

    def sizeHint(self) -> QSize:
        """As narrow as it can be where something stands beside it: figures do not move the form."""
        return QSize(self.minimumWidth(), super().sizeHint().height())

    def show_supposed(self, claim: ClaimAdjudication) -> None:
        """Show what another claim would pay, marked as supposed; the year's bars stay those of the claim in hand."""
        self._show_amounts(claim)
        set_mark(self.badge, "decision", "supposed")
        self.badge.setText(_("假设·{decision}").format(decision=_(claim.decision.term)))

    def show_preview(self, preview: Preview | None) -> None:
        """Show what the claim pays as it stands; there is no conclusion while a receipt is not whole."""
        claim = preview.claim if preview else None
        is_whole = preview is not None and not preview.waiting
        decision = claim.decision if claim and is_whole else None
        set_mark(self.badge, "decision", decision.value if decision else "")
        self.badge.setText(_(decision.term) if decision else _("未录完") if claim else _("未录入"))
        self._show_amounts(claim)
        gauges: Sequence[Gauge] = preview.gauges if preview else ()
        for place, bar in enumerate(self._bars):
            if place < len(gauges):
                bar.show_gauge(gauges[place])
            bar.setVisible(place < len(gauges))
        words = _("登记不予支付  F9") if decision is Decision.REFUSE else _("结算  F9")
        self.settle.setText(words)

    def _show_amounts(self, claim: ClaimAdjudication | None) -> None:
        in_scope_fen = sum(each.in_scope_fen for each in claim.receipts) if claim else 0
        for label, fen in (
            (self.fund, claim.fund_fen if claim else 0),
            (self.total, claim.total_fen if claim else 0),
            (self.in_scope, in_scope_fen),
            (self.person, claim.person_fen if claim else 0),
        ):
            label.setText(format_yuan(fen, separators=True))
