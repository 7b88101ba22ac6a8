"""The head of a claim: who the person is, what entitles to benefits, what was handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QHBoxLayout,
    QWidget,
)

from clerk_app.codes import Insurance, Material, Status
from clerk_app.counter.draft import ClaimDraft, PersonDraft
from clerk_app.counter.payee_entry import SHOWN
from clerk_app.counter.reading import Place, Reading
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.claim_rows import TITLE_WIDTH
from clerk_app.desktop.fields import (
    ChoiceBox,
    CodeField,
    DateField,
    IdField,
    TextField,
)
from clerk_app.desktop.finding import LookUpField, Offer
from clerk_app.desktop.folding_grid import EvenGrid, FoldingGrid
from clerk_app.desktop.payee_card import PayeeButton
from clerk_app.desktop.pieces import Card, plain_label, push_button
from clerk_app.desktop.style import scaled
from clerk_app.ledger.records import ClaimLine, PersonRecord
from clerk_app.receipts.id_card import masked
from clerk_app.wording import N_, _

_CERTIFICATES = (("01", N_("居民身份证")), ("90", N_("社会保障卡")), ("99", N_("其他证件")))

_LOOK_UP_MS = 150
#: Eighteen digits, whatever the labels of a language leave.
_ID_WIDTH = 160
#: What the words of all papers may take in one line, and how many stand in each of two.
_WIDEST_LINE, _IN_A_LINE = 480, 4

#: What an ordinary visit usually brings.
USUAL_MATERIALS = (Material.CREDENTIAL, Material.RECEIPT, Material.MEDICAL_RECORD, Material.FEE_LIST)


#: What the number of an ID card tells.
_SEXES = (N_("男"), N_("女"))


class PersonBlock(Card):
    """参保人: found by scan, number or name, or entered."""

    typed = Signal()
    number_finished = Signal()
    person_chosen = Signal(object)
    looked_up = Signal(str)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.accepted = plain_label("", "muted")
        self.accepted.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.accepted.hide()
        self.scan = LookUpField()
        self.scan.setPlaceholderText(_("扫描；或证件号、姓名首字母、单据号"))
        self.scan.setAccessibleName(_("扫描"))
        self.scan.setMinimumWidth(scaled(290))
        self.year_card_button = push_button(_("年度卡 F11"), "quiet")
        self.year_card_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.year_card_button.setToolTip(_("看参保人的年度卡：起付线和限额用了多少、还剩多少"))
        self.head.addWidget(plain_label(_("参保人"), "cardTitle"))
        self.head.addWidget(self.accepted)
        self.head.addStretch(1)
        self.head.addWidget(self.year_card_button)
        scanning = QHBoxLayout()
        scanning.addWidget(plain_label(_("扫描 F6"), "small"))
        scanning.addWidget(self.scan)
        above = Beside(spacing=6, below=6)
        above.addLayout(self.head, 1)
        above.addLayout(scanning)
        self.body.addLayout(above)
        self._draft = PersonDraft()
        self._claim = ClaimDraft("")
        self._found: list[PersonRecord] = []
        self.id_number, self.name = IdField(), TextField()
        self.id_number.setMinimumWidth(scaled(_ID_WIDTH))
        self.phone, self.retirement = CodeField(), DateField(today)
        self.handed_in_on = DateField(today)
        self.certificate = ChoiceBox([(_(words), code) for code, words in _CERTIFICATES])
        self.area = ChoiceBox([(_("请选择"), "")])
        self.insurance = ChoiceBox([(_(each.term), each) for each in Insurance])
        self.status = ChoiceBox([(_(each.term), each) for each in (Status.EMPLOYED, Status.RETIRED)])
        self.derived = plain_label("—", "muted")
        self.derived.setAccessibleName(_("性别年龄"))
        self.payee = PayeeButton()
        self.grid = FoldingGrid()
        fields: tuple[tuple[str, QWidget, str], ...] = (
            (_("证件号码"), self.id_number, "id_number"),
            (_("姓名"), self.name, "name"),
            (_("证件类型"), self.certificate, "certificate_type"),
            (_("性别年龄"), self.derived, ""),
            (_("统筹区"), self.area, "area_code"),
            (_("险种"), self.insurance, "insurance"),
            (_("人员类别"), self.status, "status"),
            (_("退休办理"), self.retirement, "retirement"),
            (_("联系电话"), self.phone, "phone"),
            (_("受理日期"), self.handed_in_on, "handed_in_on"),
        )
        for place, (label, widget, key) in enumerate(fields):
            section = "claim" if key == "handed_in_on" else "person"
            where = Place(section, 0, key) if key else None
            self.grid.add_field(place // 4, place % 4, label, widget, where)
        self.grid.add_field(2, 2, _("收款"), self.payee, SHOWN, span=2)
        for column, stretch in ((1, 5), (3, 4), (5, 3), (7, 3)):
            self.grid.setColumnStretch(column, stretch)
        self.body.addLayout(self.grid)
        # A scanner is through long before: only what hands type is looked up while it is typed.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_LOOK_UP_MS)
        self._connect()

    def _connect(self) -> None:
        self.scan.textEdited.connect(self._pause.start)
        self._pause.timeout.connect(lambda: self.scan.looked_up.emit(self.scan.text()))
        for line, key in ((self.id_number, "id_number"), (self.phone, "phone"), (self.retirement, "retirement")):
            line.textEdited.connect(partial(self._set, key))
        self.name.textEdited.connect(self._name_typed)
        self.handed_in_on.textEdited.connect(self._day_typed)
        self.id_number.textEdited.connect(self._number_typed)
        self.id_number.editingFinished.connect(self.number_finished)
        for box, key in (
            (self.certificate, "certificate_type"),
            (self.area, "area_code"),
            (self.insurance, "insurance"),
            (self.status, "status"),
        ):
            box.currentIndexChanged.connect(partial(self._choose, key, box))
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(10)
        completer.activated.connect(self._picked)
        self.name.setCompleter(completer)

    def show_accepted(self, line: ClaimLine | None) -> None:
        """Show the acceptance number, and until when the claim is safe."""
        words = _("受理号 {number}　{time} 已保存")
        said = words.format(number=line.acceptance_number, time=f"{line.saved_at:%H:%M:%S}") if line else ""
        self.accepted.setText(said)
        self.accepted.setVisible(bool(said))

    def use(self, claim: ClaimDraft) -> None:
        """Show another draft."""
        self._claim, self._draft = claim, claim.person
        self.show_draft()

    def show_draft(self) -> None:
        """Show the draft's person again, after the register has filled it."""
        self._draft = draft = self._claim.person
        for field, text in (
            (self.id_number, draft.id_number),
            (self.name, draft.name),
            (self.phone, draft.phone),
            (self.retirement, draft.retirement),
            (self.handed_in_on, self._claim.handed_in_on),
        ):
            if field.text() != text:
                field.setText(text)
        for box, value in (
            (self.certificate, draft.certificate_type),
            (self.area, draft.area_code),
            (self.insurance, draft.insurance),
            (self.status, draft.status),
        ):
            was_blocked = box.blockSignals(True)
            box.choose(value)
            box.blockSignals(was_blocked)
        self._fit_status()

    def offer_areas(self, areas: Sequence[tuple[str, str]]) -> None:
        """Offer the areas that have policies."""
        self.area.offer([(_("请选择"), ""), *((f"{name} {code}", code) for code, name in areas)])
        was_blocked = self.area.blockSignals(True)
        self.area.choose(self._draft.area_code)
        self.area.blockSignals(was_blocked)

    def offer_persons(self, records: Sequence[PersonRecord]) -> None:
        """Offer persons whom the office knows below the name."""
        self._found = list(records)
        self._names.setStringList([_person_words(each) for each in self._found])
        completer = self.name.completer()
        if self._found and self.name.hasFocus():
            completer.complete()

    def offer_scanned(self, records: Sequence[PersonRecord]) -> None:
        """Offer persons below the scan field."""
        self.scan.offer([Offer(_person_words(record), record) for record in records])

    def show_reading(self, reading: Reading) -> None:
        """Show what the number tells."""
        card = reading.id_card
        if card is None:
            self.derived.setText("—")
            return
        on = reading.handed_in_on
        age = _("{age} 岁").format(age=card.age_on(on)) if on else ""
        self.derived.setText(f"{_(card.sex.term)}　{age}　{card.born_on.isoformat()}")

    def _set(self, key: str, text: str) -> None:
        setattr(self._draft, key, text)
        self.typed.emit()

    def _number_typed(self, text: str) -> None:
        if len("".join(text.split())) == 18:
            self.number_finished.emit()

    def _name_typed(self, text: str) -> None:
        self._set("name", text)
        self.looked_up.emit(text)

    def _day_typed(self, text: str) -> None:
        self._claim.handed_in_on = text
        self.typed.emit()

    def _choose(self, key: str, box: ChoiceBox, _index: int) -> None:
        setattr(self._draft, key, box.value())
        self._fit_status()
        self.typed.emit()

    def _fit_status(self) -> None:
        """Residents have no 在职 and no 退休; a date of retirement belongs to the retired."""
        is_resident = self._draft.insurance is Insurance.RESIDENT
        self.status.setEnabled(not is_resident)
        self.retirement.setEnabled(not is_resident and self._draft.status is Status.RETIRED)

    def _picked(self, words: str) -> None:
        shown = self._names.stringList()
        if words in shown:
            self.person_chosen.emit(self._found[shown.index(words)])


def _person_words(record: PersonRecord) -> str:
    return f"{record.person.name}　{masked(record.person.id_number)}"


class MaterialsRow(QWidget):
    """材料: what was handed in."""

    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._materials: set[Material] = set()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        title = plain_label(_("提交材料"), "fieldLabel")
        title.setFixedWidth(scaled(TITLE_WIDTH) - 2)
        row.addWidget(title)
        self.boxes: dict[Material, QCheckBox] = {}
        words = "".join(_(material.term) for material in Material)
        # In a language of longer words they take two lines: the page is not to be wider than the screen.
        in_a_line = len(Material) if self.fontMetrics().horizontalAdvance(words) < scaled(_WIDEST_LINE) else _IN_A_LINE
        grid = EvenGrid(in_a_line)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        row.addLayout(grid)
        for material in Material:
            box = QCheckBox(_(material.term))
            box.toggled.connect(partial(self._tick, material))
            self.boxes[material] = box
            grid.add_piece(box)
        self.usual = push_button(_("常用齐全 Ctrl+M"), "quiet")
        self.usual.setToolTip(_("勾选医保凭证、收据、病历、费用清单"))
        self.usual.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.usual.clicked.connect(self.tick_usual)
        row.addWidget(self.usual)
        row.addStretch(1)

    def use(self, materials: set[Material]) -> None:
        """Show and change this set."""
        self._materials = materials
        for material, box in self.boxes.items():
            was_blocked = box.blockSignals(True)
            box.setChecked(material in materials)
            box.blockSignals(was_blocked)

    def tick_usual(self) -> None:
        """Everything that an ordinary visit brings was handed in."""
        for material in USUAL_MATERIALS:
            self.boxes[material].setChecked(True)

    def _tick(self, material: Material, ticked: bool) -> None:
        if ticked:
            self._materials.add(material)
        else:
            self._materials.discard(material)
        self.typed.emit()
