"""What stands on the page of a claim and where: its blocks, the order of its fields, and the field in hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clerk_app.counter.draft import ConditionDraft, FilingDraft, PriorDraft, StayDraft
from clerk_app.counter.reading import NOT_DUPLICATE, Place
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.claim_blocks import MaterialsRow, PersonBlock
from clerk_app.desktop.claim_rows import (
    CONDITION_FIELDS,
    FILING_FIELDS,
    PRIOR_FIELDS,
    STAY_FIELDS,
    RowsEditor,
)
from clerk_app.desktop.claim_strips import ClaimStrips
from clerk_app.desktop.explanation_panel import ExplanationPanel
from clerk_app.desktop.fees_card import FeesCard
from clerk_app.desktop.look_alike_card import LookAlikeCard
from clerk_app.desktop.payee_card import PayeeCard
from clerk_app.desktop.pieces import Card, Form, page_area, push_button
from clerk_app.desktop.receipts_card import ReceiptsCard
from clerk_app.desktop.receipts_model import COLUMNS
from clerk_app.desktop.result_panel import ResultPanel
from clerk_app.desktop.style import scaled
from clerk_app.wording import _

_PANEL_WIDTH = 296
#: Of the line of a filing; else what more there may be is offered below it.
_FILINGS_WIDTH = 440
_EXPLANATION_HEIGHT = 84
#: What is seen above and below the field in hand, such as what is wrong with it; at the usual size of type.
_MARGIN_IN_SIGHT = 24
#: Its head and three lines.
_FEES_HEIGHT = 164


class ClaimForm(Form):
    """The blocks of a claim; what is done with them is the page's.

    Args:
        today: The office's day.
        blank_prior: A blank line of the platform's figures.
    """

    def __init__(self, today: Callable[[], date], blank_prior: Callable[[], PriorDraft]) -> None:
        super().__init__()
        self._build(today, blank_prior)

    def _build(self, today: Callable[[], date], blank_prior: Callable[[], PriorDraft]) -> None:
        self.person = PersonBlock(today)
        self.filings = RowsEditor("filing", _("异地备案"), FILING_FIELDS, today, FilingDraft)
        self.priors = RowsEditor("prior", _("平台已享受"), PRIOR_FIELDS, today, blank_prior)
        self.conditions = RowsEditor("condition", _("慢特病登记"), CONDITION_FIELDS, today, ConditionDraft, least=0)
        self.stays = RowsEditor("stay", _("住院期间"), STAY_FIELDS, today, StayDraft, least=0)
        self.materials = MaterialsRow()
        self.receipts_card = ReceiptsCard(today)
        self.table, self.extras = self.receipts_card.table, self.receipts_card.extras
        self.conditions.find_diseases = self.table.places.find_diseases
        self.panel = ResultPanel()
        self.explanation = ExplanationPanel()
        self.fees = FeesCard()
        self.look_alike = LookAlikeCard()
        self.payee = PayeeCard()
        self.strips = ClaimStrips()
        self.notice, self.done_strip, self.aside_strip = self.strips.notice, self.strips.done, self.strips.aside
        self.restore_button = self.strips.restore_button

        entitlement = Card()
        self.add_condition = push_button(_("＋ 慢特病"), "quiet")
        self.add_stay = push_button(_("＋ 住院"), "quiet")
        across = Beside(spacing=6, below=4)
        across.add_block(self.filings, 1, least=scaled(_FILINGS_WIDTH))
        more = BreakingRow(self.add_condition, self.add_stay, spacing=6)
        across.addWidget(more, 0, Qt.AlignmentFlag.AlignTop)
        entitlement.body.addLayout(across)
        for widget in (self.priors, self.conditions, self.stays, self.materials):
            entitlement.body.addWidget(widget)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.person)
        left.addWidget(entitlement)
        left.addStretch(1)
        self.panel.setMinimumWidth(scaled(_PANEL_WIDTH))
        top = Beside()
        top.addLayout(left, 1)
        top.addWidget(self.panel)
        # On a low screen, with every strip and correction showing, the page scrolls: nothing is squeezed or covered.
        sheet = QWidget()
        self.area = page_area(sheet)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 6, 0, 0)
        around.setSpacing(2)
        above = QHBoxLayout()  # What is said stays in sight, wherever the page has been scrolled to.
        above.setContentsMargins(12, 0, 12, 0)
        above.addWidget(self.strips)
        around.addLayout(above)
        around.addWidget(self.area, 1)
        page = QVBoxLayout(sheet)
        page.setContentsMargins(12, 4, 12, 10)
        page.setSpacing(8)
        page.addLayout(top)
        self._add_below(page)

    def _add_below(self, page: QVBoxLayout) -> None:
        """The receipts, and under them either why one pays what it pays or what it is made of."""
        page.addWidget(self.receipts_card, 3)
        page.addWidget(self.look_alike)
        page.addWidget(self.explanation, 2)
        page.addWidget(self.fees, 4)
        page.addWidget(self.payee, 4)
        self.area.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self.keep_in_sight())
        self.fees.hide()
        self.explanation.setMinimumHeight(scaled(_EXPLANATION_HEIGHT))
        self.fees.setMinimumHeight(scaled(_FEES_HEIGHT))
        for below in (self.explanation, self.fees):
            below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)

        self.order_stops()

    def keep_in_sight(self) -> None:
        """Show the field in hand, also when something above or below it has come or gone.

        A card that was opened below the receipts is shown whole where there is room: what is wrong with a field, and
        who confirms it, stands under the field.
        """
        focus = QApplication.focusWidget()
        if focus is None or not self.area.isAncestorOf(focus):
            return
        for opened in (self.look_alike, self.fees, self.payee):
            if opened.isAncestorOf(focus):
                self.area.ensureWidgetVisible(opened, 0, 0)
        self.area.ensureWidgetVisible(focus, 0, scaled(_MARGIN_IN_SIGHT))

    def order_stops(self) -> None:
        """Let Tab go through the page as the paper does, whenever a field was made; the button comes at the end."""
        person, review = self.person, self.explanation
        stops: list[QWidget] = [person.scan, *(field for _place, field in person.grid.fields())]
        stops += [*self.filings.stops(), self.add_condition, self.add_stay]
        for rows in (self.priors, self.conditions, self.stays):
            stops += rows.stops()
        stops += [*self.materials.boxes.values(), self.materials.usual]
        stops += [self.receipts_card.fees, self.extras, self.table, self.fees.table, self.look_alike.answer]
        stops += self.payee.stops()
        stops += [review.reviewer, review.password, review.reason, *review.alternatives.switches]
        stops += [self.panel.settle, person.year_card_button]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def fields(self) -> list[tuple[Place, QWidget]]:
        """Every field outside of the grids with its place."""
        found = [*self.person.grid.fields(), *self.explanation.review_grid.fields(), *self.payee.places()]
        for rows in (self.filings, self.priors, self.conditions, self.stays):
            found += rows.fields()
        return found

    def open_payee(self) -> None:
        """Show where the money goes, instead of why a receipt pays what it pays or what it is made of."""
        self.fees.hide()
        self.explanation.hide()
        self.payee.show()
        self.payee.open()

    def close_payee(self) -> None:
        """Show the working again."""
        self.payee.hide()
        self.explanation.show()

    def place_in_hand(self) -> Place | None:
        """The field that the keyboard is in."""
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            return None
        if self.table.viewport().isAncestorOf(focus):
            index = self.table.currentIndex()
            return Place("receipt", index.row(), COLUMNS[index.column()].key) if index.isValid() else None
        for place, field in self.fields():
            if field is focus:
                return place
        return None

    def go_to_place(self, place: Place) -> None:
        """Put the keyboard into a field, wherever it is."""
        if place.field == NOT_DUPLICATE:
            self.look_alike.answer.setFocus(Qt.FocusReason.OtherFocusReason)
        elif place.section == "receipt":
            self.table.go_to(place.row, place.field)
        elif place.section == "payee":
            self.open_payee()
        for known, field in self.fields():
            if known == place:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
