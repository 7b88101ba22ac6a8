"""受理结算: enter a claim, see what it pays and why, settle it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QThreadPool, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from clerk_app.codes import ClaimState
from clerk_app.counter.catalogue_desk import CatalogueDesk
from clerk_app.counter.claim_entry import ClaimEntry, Preview, Supposed
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import (
    ClaimDraft,
    PriorDraft,
    new_draft,
)
from clerk_app.counter.kept_claim import KeptClaim, take_up
from clerk_app.counter.person_fields import blank_prior
from clerk_app.counter.reading import Place, Problem
from clerk_app.counter.scanned import recognise
from clerk_app.counter.undo import UndoSteps
from clerk_app.desktop.claim_form import ClaimForm
from clerk_app.desktop.claim_keeping import ClaimKeeping, Then
from clerk_app.desktop.claim_looking import ClaimLooking
from clerk_app.desktop.hold import Hold
from clerk_app.desktop.keys import ENTER_KEYS
from clerk_app.desktop.person_finding import PersonFinding
from clerk_app.desktop.pieces import shown_problems
from clerk_app.desktop.tasks import BackgroundTask, acts
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import ClaimLine, PersonRecord, Settlement
from clerk_app.receipts.claim import Institution, normalised
from clerk_app.wording import _, sentence

if TYPE_CHECKING:
    from clerk_app.counter.claim_lookup import KnownPerson
    from clerk_app.counter.claim_news import ClaimNews
    from clerk_app.counter.claim_settling import Changed, Hindered, Settled, Unseen

#: What is not needed with every key is asked for once the keys rest.
_TYPING_PAUSE_MS = 250
_WARM_NAMES = 200
#: Longer than a key that is held down waits before it repeats: what is to be confirmed has been read before.
_READING_MS = 1_000


def _prepared(desk: Desk) -> tuple[list[Institution], list[str]]:
    """What the office has met; and what the first settlement needs is loaded before somebody waits for it."""
    from clerk_app.documents.fonts import without_glyph
    from clerk_app.ledger.pinyin import letters_of

    met = desk.ledger.institutions_met(), desk.ledger.diseases_met()
    letters_of("".join(institution.name for institution in met[0][:_WARM_NAMES]) or _("姓名"))
    without_glyph(_("姓名"))
    import clerk_app.counter.claim_settling  # noqa: F401 -- the first F9 does not wait for what comes in with it

    return met


class ClaimPage(ClaimForm):
    """One claim on the screen. It copies fields into the draft, shows the answers, and decides nothing."""

    settled = Signal(object)
    voucher_wanted = Signal(str)
    #: The claim in hand is of another area now.
    area_in_hand = Signal()
    #: A claim that the ledger keeps has been put on the desk.
    taken_up = Signal()
    #: An act of this page, or one that waits for it, has ended without doing what was asked.
    not_done = Signal()

    def __init__(self) -> None:
        self.entry: ClaimEntry | None = None
        super().__init__(self._today, self._blank_prior)
        self.draft = new_draft(date.today())  # noqa: DTZ011 -- the desk's own day replaces it when the ledger is open
        self._put_aside: KeptClaim | None = None
        #: Whether the ledger has all of it; else it is here alone, which is known when it could not be saved.
        self._has_all_aside = self._aside_is_lost = False
        self._shows_missing = False
        #: What is said to be wrong, by field.
        self._said: dict[Place, str] = {}
        self._shown_news: ClaimNews | None = None
        self._is_settling = False
        self._area_in_hand = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._look_further)
        #: While what F9 has asked is read; a press meanwhile is the key that is still held, and no answer.
        self._asks = QTimer(self)
        self._asks.setSingleShot(True)
        self._asks.setInterval(_READING_MS)
        self._steps = UndoSteps()
        self._looking = ClaimLooking(lambda: self.entry, self)
        self._preparing = QThreadPool(self)
        self.keeping = ClaimKeeping(self._person_id, self)
        self.keeping.saved.connect(self._show_kept)
        self.keeping.failed.connect(self._show_unsaved)
        #: While an act of this page is under way; and while it is being looked up whose claim it is.
        self._hold, self._look_hold, self._find_hold = Hold(self), Hold(self), Hold(self)
        self.strips.work.busy.connect(self._hold.set_on)
        self._connect()
        self.use_draft(self.draft)

    def _connect(self) -> None:
        person, table = self.person, self.table
        person.typed.connect(self.refresh)
        person.number_finished.connect(self._identify)
        person.person_chosen.connect(self._looking.choose)
        person.scan.scanned.connect(self.take_scan)
        person.scan.taken.connect(self._choose_found)
        self._finding = PersonFinding(person, lambda: self.entry)
        self._finding.found.connect(self._choose_found)
        self._finding.unknown.connect(self._say_unknown)
        self._finding.failed.connect(self._say_not_found)
        self._looking.identified.connect(self._show_all_of_person)
        self._looking.chosen.connect(self._go_on_to_receipts)
        self._looking.busy.connect(self._look_hold.set_on)
        self._finding.busy.connect(self._find_hold.set_on)
        self._looking.recognised.connect(self._show_recognised)
        self._looking.known.connect(self.refresh)
        self._looking.failed.connect(self._say_not_found)
        for rows in (self.filings, self.priors, self.conditions, self.stays):
            rows.typed.connect(self.refresh)
            rows.rebuilt.connect(self.order_stops)
        self.materials.typed.connect(self.refresh)
        table.receipts.typed.connect(self.refresh)
        table.receipts.finished.connect(self._cell_finished)
        table.row_changed.connect(self._show_explanation)
        table.pasted.connect(self._say_pasted)
        table.done.connect(self._leave_table)
        table.left_backwards.connect(self._leave_table_backwards)
        self.panel.settle_pressed.connect(self.settle)
        self.explanation.review_typed.connect(self._review_typed)
        self.add_condition.clicked.connect(self.conditions.add_line)
        self.add_stay.clicked.connect(self.stays.add_line)
        self.strips.restore_wanted.connect(self.restore)
        self.receipts_card.fees.clicked.connect(self.toggle_fees)
        self.fees.typed.connect(self._fees_typed)
        self.look_alike.typed.connect(self.refresh)
        self.explanation.alternatives.supposed.connect(self._show_supposed)
        self.explanation.alternatives.grown.connect(self.order_stops)
        self.fees.closed.connect(self._leave_fees)
        self.person.payee.clicked.connect(self.toggle_payee)
        self.payee.typed.connect(self.refresh)
        self.payee.closed.connect(self.toggle_payee)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def use_desk(self, desk: Desk) -> None:
        """Begin to answer, with what was typed before the ledger was open."""
        self.entry = ClaimEntry(desk, self.draft)
        self.payee.use(self.entry)
        self.keeping.use(KeptClaim(desk, self.draft))
        self.fees.use_desk(CatalogueDesk(desk))
        self._read_places(desk)
        self.use_areas()
        if not self.draft.person.area_code and desk.settings.area_code:
            self.draft.person.area_code = desk.settings.area_code
        self.person.show_draft()
        self._looking.identify()
        self.refresh()

    def _read_places(self, desk: Desk) -> None:
        """Read beside the window which institutions and diseases the office has met."""
        places = self.table.places
        task = BackgroundTask(lambda _progress: _prepared(desk))
        task.finished.connect(lambda met: places.use(*met))
        task.start(self._preparing)

    def is_prepared(self) -> bool:
        """Whether everything that is read beside the window has been read."""
        return self._preparing.activeThreadCount() == 0

    def use_areas(self) -> None:
        """Offer the areas that the desk's policies have."""
        if self.entry is not None:
            self.person.offer_areas(self.entry.desk.areas())
            self.entry.forget_use()
            self._looking.forget_use()
            self.refresh()

    def use_draft(self, draft: ClaimDraft, kept: KeptClaim | None = None) -> None:
        """Show another draft, as it was typed.

        Args:
            kept: What the ledger has of it, when it has been taken in hand.
        """
        self._looking.forget()
        self._finding.forget()
        self._drop_settling()
        self.draft = draft
        self._shows_missing = False
        if self.entry is not None:
            self.keeping.use(kept or KeptClaim(self.entry.desk, draft))
        self.person.show_accepted(self.kept.line if self.kept else None)
        self.strips.unsaved.say("")
        self.notice.say("")
        self._show_draft()
        self._steps.begin(draft)

    def _show_draft(self, known: KnownPerson | None = None) -> None:
        """Show what is in the draft now, all of it, as if it had just been opened.

        Args:
            known: Whose claim it was a moment ago; by default the register is asked.
        """
        draft, is_check = self.draft, False
        self._said = {}
        if self.entry is not None:
            is_check = self.kept is not None and self.kept.is_check
            self.entry = ClaimEntry(self.entry.desk, draft, is_check=is_check)
            if not self.entry.insured.recognises(known):
                self._looking.recognise()
        self.person.use(draft)
        if self.entry is not None:
            self.payee.use(self.entry)
        self._show_rows()
        self.materials.use(draft.materials)
        self.explanation.show_review(draft.review)
        self.explanation.ask_checker(self.entry.desk.user.name if self.entry and is_check else "")
        self._close_fees()
        self.table.receipts.use(draft, self._today())
        self._show_news(None)
        self.explanation.alternatives.show_all(())
        self.refresh()

    def is_held(self) -> bool:
        """Whether nothing may be done to the claim: an act of it is under way, or it is not known whose it is."""
        return self._hold.is_on() or self._look_hold.is_on() or self._find_hold.is_on()

    def is_settling(self) -> bool:
        """Whether a settlement is being made, of which it is not known yet how it ends."""
        return self._is_settling

    def new_claim(self) -> None:
        """Clear the desk; what lay on it waits among the clerk's claims, and can be taken back at once."""
        if self._hold.is_on():
            return
        self._put_down()
        self.start_blank()
        self.done_strip.say("")

    def take_up(self, act_key: str, failed: Callable[[ClerkError], None] | None = None) -> None:
        """Put a claim that the ledger keeps on the desk; what lay there before is put down.

        Args:
            failed: Is told why it is not; by default it is said here. The desk is as it was then.
        """
        assert self.entry is not None, "the claims are the ledger's"
        if act_key == self.draft.key:
            self.taken_up.emit()
            return
        desk = self.entry.desk
        self._finding.forget()
        self.strips.work.act(_("正在打开…"), lambda: take_up(desk, act_key), self._taken_up, failed or self._refused)

    def _taken_up(self, kept: KeptClaim) -> None:
        self._put_down()
        self.use_draft(kept.draft, kept)
        self.done_strip.say("")
        assert kept.line is not None
        assert self.entry is not None
        self._say_state_of(kept.line)
        self.taken_up.emit()
        self._looking.wait()

    def _say_state_of(self, line: ClaimLine) -> None:
        """Say what a claim that was taken up waits for."""
        if line.state is ClaimState.RETURNED:
            self.notice.say(_("退回原因：{reason}").format(reason=line.note), "warning")
        elif self.entry is not None and self.entry.is_check:
            words = _(
                "正在初审 {name} 录入的申请：核对后填写复核理由和本人密码，按 F9 结算；"
                "有误的，在“我的申请”（Ctrl+2）中退回。"
            )
            self.notice.say(words.format(name=line.entered_name), "note")

    def keep(self, then: Then | None = None) -> None:
        """Save what is typed, beside the window; when that fails it is said, and typing goes on.

        Args:
            then: Is told whether the ledger has everything then that is worth keeping.
        """
        if not self._hold.is_on():
            self.keeping.keep(then)

    def lay_down(self, then: Then) -> None:
        """Save what is typed, and let the claim go: the clerk leaves it. Nobody types in it any more.

        Args:
            then: Is told whether the ledger has it then; else it is on this page alone.
        """
        self._hold.set_on(True)
        self._finding.forget()
        if self.is_prepared():
            self.keeping.lay_down(then)
            return
        # The ledger is not closed under what is being read beside the window.
        reading = self._preparing
        task = BackgroundTask(lambda _progress: reading.waitForDone())
        task.finished.connect(lambda _is_done: self.keeping.lay_down(then))
        acts().start(task)

    def stay(self) -> None:
        """The clerk does not leave after all: typing goes on, and takes the claim in hand again."""
        self._hold.set_on(False)

    def save_draft(self) -> None:
        """Save at once what would be saved by itself a moment later, and say so: a clerk leaves the counter."""
        self.keep(self._say_draft_kept)

    def _say_draft_kept(self, has_all: bool) -> None:
        if has_all and self.kept is not None and self.kept.line is not None:
            words = _("草稿已保存，受理号 {number}。在“我的申请”（Ctrl+2）中可以再打开。")
            self.notice.say(words.format(number=self.kept.line.acceptance_number), "good")
        elif self.draft.is_blank():
            self.notice.say(_("还没有录入内容，没有可保存的草稿。"), "note")

    @property
    def kept(self) -> KeptClaim | None:
        """The draft with what the ledger has of it, as soon as there is a ledger."""
        return self.keeping.kept

    def _person_id(self) -> int | None:
        """Whose claim it is, where the register knows."""
        return self.entry.insured.record.person_id if self.entry and self.entry.insured.record else None

    def _show_kept(self) -> None:
        self.strips.unsaved.say("")
        self.person.show_accepted(self.kept.line if self.kept else None)

    def _show_unsaved(self, error: ClerkError) -> None:
        words = _("草稿没有保存：{why}可以继续录入，程序会再试。")
        self.strips.unsaved.say(words.format(why=sentence(error)))

    def _put_down(self) -> None:
        """Let go of what lies on the desk; what becomes of it is said when it is known."""
        kept = self.kept
        self._put_aside = kept if self.keeping.is_in_hand() else None
        self._has_all_aside = self._aside_is_lost = False
        self.aside_strip.say(_("刚才的申请正在保存…") if self._put_aside else "")
        self.keeping.lay_down(lambda has_all: self._say_put_down(kept, has_all=has_all))

    def _say_put_down(self, kept: KeptClaim | None, *, has_all: bool) -> None:
        if kept is None or self._put_aside is not kept:
            return
        # What a reviewer changes in a claim of somebody else is not the ledger's before it is settled.
        has_all = has_all and not kept.has_more
        self._has_all_aside, self._aside_is_lost = has_all, not has_all
        words = _("刚才录入的内容没有保存，需要的请恢复。")
        if has_all and kept.line is not None:
            number = kept.line.acceptance_number
            words = _("刚才的申请 {number} 已放下，在“我的申请”（Ctrl+2）中可以再打开。").format(number=number)
        elif kept.draft.is_blank():
            self._put_aside, words = None, ""
        self.aside_strip.say(words)

    def start_blank(self) -> None:
        """Put an empty claim on the desk, ready for the next person."""
        area_code = self.entry.desk.settings.area_code if self.entry else self.draft.person.area_code
        self.use_draft(new_draft(self._today(), area_code))
        self.person.scan.setFocus(Qt.FocusReason.OtherFocusReason)

    def restore(self) -> None:
        """Take back what F3 cleared away; what the ledger has of it is taken in hand again."""
        if self.is_held() or self._put_aside is None:
            return
        # What is being saved is waited for, so that the ledger's claim is not taken up as it was before.
        self.strips.work.act(_("正在打开…"), lambda: None, self._restore, self._refused)

    def _restore(self, _what: object) -> None:
        put_aside, has_all = self._put_aside, self._has_all_aside
        self._put_aside = None
        self.aside_strip.say("")
        if put_aside is None:
            return
        if has_all:
            self.take_up(put_aside.draft.key)
            return
        self._put_down()
        self.use_draft(put_aside.draft, put_aside)
        self._looking.wait()

    def _refused(self, error: ClerkError) -> None:
        """Say what the ledger objects to; the desk is as it was."""
        self.notice.say(sentence(error), "refusal")
        self.not_done.emit()

    def _identify(self) -> None:
        if not self._hold.is_on():
            self._looking.identify()

    def _go_on_to_receipts(self) -> None:
        if self._has_keyboard():
            self.table.begin()

    def _has_keyboard(self) -> bool:
        """Whether the clerk types here: an answer that comes late takes the keyboard from nowhere else."""
        focus = QApplication.focusWidget()
        return self.isVisible() and focus is not None and self.isAncestorOf(focus)

    def take_scan(self, text: str) -> None:
        """Put a scan where it belongs."""
        self.notice.say("")
        scanned = recognise(text)
        if scanned.id_number:
            if not self._makes_room_for(scanned.id_number):
                return
            self.draft.person.id_number = scanned.id_number
            self.person.show_draft()
            self._looking.identify()
            self.refresh()
            self._looking.when_known(self._go_on_from_number)
        elif scanned.voucher_number:
            self.voucher_wanted.emit(scanned.voucher_number)
        elif scanned.bill_number:
            row = self.draft.row_to_type_in()
            self.table.receipts.put(row, "bill_code", scanned.bill_code)
            self.table.receipts.put(row, "number", scanned.bill_number)
            self.table.receipts.put(row, "visited_on", scanned.billed_on)
            self.table.receipts.put(row, "total", scanned.amount)
            self.table.go_to(row, "visited_on")
        else:
            self._finding.take(text)

    def _choose_found(self, record: PersonRecord) -> None:
        if self._makes_room_for(record.person.id_number):
            self._looking.choose(record)

    def _makes_room_for(self, id_number: str) -> bool:
        """Put the claim in hand down where somebody else comes to the counter: no receipt goes over to another person.

        A number that was typed wrong is mended in its own field; the receipts stay then.

        Returns:
            Whether the person may be taken in: not while an act of the claim is under way, nor in the place of a claim
            that could not be saved while another such one waits to be restored.
        """
        if self._hold.is_on():
            return False
        person = self.draft.person
        is_known = self.entry is not None and self.entry.insured.record is not None
        is_typed = self.draft.last_filled() >= 0 or (not is_known and bool(person.name.strip()))
        if not person.id_number.strip() or normalised(person.id_number) == normalised(id_number) or not is_typed:
            return True
        if self._put_aside is not None and self._aside_is_lost:
            self.notice.say(_("先前放下的申请没有保存。请先恢复（Ctrl+R）并处理，再受理下一位。"), "warning")
            return False
        self.new_claim()
        return True

    def _say_unknown(self) -> None:
        self.notice.say(
            _("没有认出扫描内容，也没有查到这样的参保人。可扫描身份证号、本系统单据号或电子票据二维码。"), "warning"
        )

    def _say_not_found(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    def _go_on_from_number(self) -> None:
        """To the receipts of a known person, to the name of a new one, back to a number that does not hold."""
        if not self._has_keyboard():
            return
        if self.entry is not None and self.entry.insured.record is not None:
            self.table.begin()
            return
        stands = self.entry is None or self.entry.reading().id_card is not None
        field = self.person.name if stands else self.person.id_number
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Ask what the claim pays now, and show it."""
        if self.entry is None or self._hold.is_on():
            return
        self._looking.ask_use()
        self.strips.show_as_former(not self.draft.is_blank())
        preview = self.entry.preview()
        self.explanation.alternatives.switch_off()
        self.panel.show_preview(preview)
        self.person.show_reading(preview.reading)
        self.person.payee.show_words(self.payee.show_reading(preview.reading))
        self.explanation.show_banners(preview.banners)
        self.explanation.review.setVisible(self.entry.needs_review(preview))
        self._use_policy()
        problems = list(preview.problems)
        if self._shows_missing:
            problems = list(self.entry.obstacles(self.explanation.password.text()))
            self._shows_missing = bool(problems)
            self.strips.show_obstacles(self.draft, problems)
        self._show_problems(problems, preview)
        row = self.table.currentIndex().row()
        self.look_alike.show_all(self.entry.look_alikes(preview.reading), self.draft.receipts, row)
        self._show_explanation(row)
        self._pause.start()
        self.keeping.touch()

    def undo(self) -> None:
        """Take back the last step that was typed; a line takes back its own keys before."""
        self._step(self._steps.undo(self.draft), _("没有可以撤销的录入。"))

    def redo(self) -> None:
        """Bring back what was taken back last."""
        self._step(self._steps.redo(self.draft), _("没有可以重做的录入。"))

    def _step(self, has_changed: bool, words: str) -> None:
        if not has_changed:
            self.notice.say(words, "note")
            return
        self.notice.say("")
        where = self.place_in_hand()
        self._show_draft(self.entry.insured.known if self.entry else None)
        self._steps.stand(self.draft)
        self._go_back_to(where)
        self._looking.wait()

    def _go_back_to(self, where: Place | None) -> None:
        """Leave the keyboard where it was, if that is still there; else at the receipts."""
        if where is None or (where.section == "receipt" and where.row >= len(self.draft.receipts)):
            self.table.begin()
        else:
            self.go_to_place(where)

    def remove_line(self) -> None:
        """Take the line in hand out, of the receipts or of the fees of one."""
        focus = QApplication.focusWidget()
        is_fee = focus is not None and self.fees.isAncestorOf(focus)
        (self.fees.table if is_fee else self.table).remove_current_line()

    def import_catalogue(self) -> None:
        """Bring the area's list of items into use; it is shown beside the fees of a receipt."""
        if not self.fees.isVisible():
            self.toggle_fees()
        if self.fees.isVisible():
            self.fees.ask_for_file()

    def paste_table(self) -> None:
        """Paste a table of receipts from the clipboard behind those that are there."""
        self.table.begin()
        self.table.paste()

    def toggle_fees(self) -> None:
        """Show what the receipt in hand is made of, instead of why it pays what it pays; or the other way round."""
        if self.fees.isVisible():
            self._leave_fees()
            return
        self.close_payee()
        row = self.table.currentIndex().row()
        last = self.draft.last_filled()
        row = row if 0 <= row <= last else last
        if row < 0:
            self.notice.say(_("请先录入票据的号码和总额，再录入它的费用明细。"), "note")
            self.table.begin()
            return
        self.explanation.hide()
        self.fees.show()
        self.refresh()
        self.fees.open(row, self.draft.receipts[row], self.draft.person.area_code)

    def _show_supposed(self, supposed: Supposed | None) -> None:
        """Show what would be paid; the claim itself stays as it is."""
        if supposed is None:
            self.panel.show_preview(self.table.receipts.preview)
        else:
            self.panel.show_supposed(supposed.decided)

    def _fees_typed(self) -> None:
        self.table.receipts.show_parts(self.fees.row)
        self.refresh()

    def _leave_fees(self) -> None:
        """Back to the receipts: to what is still to type of this one, or to the next."""
        row = self.fees.row
        self._close_fees()
        receipt = self.draft.receipts[row] if row < len(self.draft.receipts) else None
        if receipt is None or receipt.total.strip():
            self.table.begin()
        else:
            self.table.go_to(row, "total")

    def _close_fees(self) -> None:
        self.fees.hide()
        self.close_payee()

    def toggle_payee(self) -> None:
        """Show where the money goes, or go back to the receipts."""
        if self.payee.isVisible():
            self.close_payee()
            self.table.begin()
        else:
            self.open_payee()

    def _look_further(self) -> None:
        """Show what would change the decision, and what settling would change for vouchers of the same person."""
        if self.entry is None:
            return
        preview = self.table.receipts.preview
        self.explanation.alternatives.show_all(self.entry.alternatives(preview) if preview else ())
        self._looking.look_up()
        self._looking.ask_news(self._show_news, self._show_no_news)

    def _show_no_news(self, error: ClerkError) -> None:
        self._show_news(None)
        self.strips.show_news(_("对其他单据的影响无法算出：{why}").format(why=sentence(error)))

    def _show_news(self, news: ClaimNews | None) -> None:
        """Name the vouchers that settling would change."""
        self._shown_news = news if news is not None and news.is_change else None
        self.strips.show_news(self._shown_news.words() if self._shown_news else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """As in every form, but Enter alone settles nothing: it may be one too many behind the last receipt."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER_KEYS and not modifiers and self.panel.settle.hasFocus():
            self.notice.say(_("看清金额后，按 F9 结算。"), "note")
            return
        super().keyPressEvent(event)

    def settle(self) -> None:
        """Settle beside the window, or show what is in the way. Until it is known the form changes no more."""
        if self._hold.is_on() or self._find_hold.is_on() or self._is_settling:
            return  # The key is held down, or somebody is being looked for; the draft's own key settles it once anyway.
        if self.entry is None:
            self.notice.say(_("账本还没有打开，请稍候再结算。"), "warning")
            return
        if self._asks.isActive():
            self._asks.start()
            return
        if self.draft.is_blank():
            self.notice.say(_("还没有录入内容，没有可结算的申请。"), "note")
            return
        entry, shown = self.entry, self.entry.insured.record
        self._is_settling = True
        # A field that is left may ask the register whose claim it is, and what it pays depends on that.
        self.panel.settle.setFocus(Qt.FocusReason.OtherFocusReason)
        self._looking.when_known(lambda: self._settle(entry, shown))

    def _settle(self, entry: ClaimEntry, shown: PersonRecord | None) -> None:
        """Settle what the clerk has seen; another claim that came to lie on the desk meanwhile is not meant.

        Args:
            shown: Whose claim it was on the screen when the key was pressed, where the register knows.
        """
        if entry is not self.entry or not self._is_settling:
            return
        if self._hold.is_on() or entry.insured.is_asking:
            self._drop_settling()
            return  # Why it could not be looked up is on the screen.
        if entry.insured.record != shown:
            self._drop_settling()
            self.ask_again(_("已按证件号码调出登记资料，请核对后再按一次 F9 结算。"))
            return
        self.explanation.alternatives.switch_off()
        self.explanation.take_review(self.draft.review)
        self.keeping.stop()
        self._pause.stop()
        # The settlement asks all of it itself, and the claim is its own until it has ended.
        self._looking.forget()
        self._finding.forget()
        kept, seen, password = self.kept, self._shown_news, self.explanation.password.text()
        on_screen = entry.preview().claim

        def work() -> object:
            from clerk_app.counter.claim_settling import settle_claim

            return settle_claim(entry, kept, on_screen, seen, password)

        self.strips.work.act(_("正在结算…"), work, self._act_settled, self._not_settled)

    def ask_again(self, words: str) -> None:
        """Ask for another F9, which counts when there was time to read what it confirms.

        A key that is held down repeats itself, and not every system says that it does.
        """
        self.notice.say(words, "warning")
        self._asks.start()

    def is_being_read(self) -> bool:
        """Whether what F9 has asked is not answered yet by pressing it."""
        return self._asks.isActive()

    def _drop_settling(self) -> None:
        """It is not settled after all; whoever waits for its paper is told."""
        if self._is_settling:
            self._is_settling = False
            self.not_done.emit()

    def _act_settled(self, outcome: Settled | Hindered | Changed | Unseen) -> None:
        from clerk_app.counter.claim_settling import Changed, Hindered, Unseen

        self._is_settling = False
        if isinstance(outcome, Hindered):
            self._shows_missing = True
            self.refresh()
            self.go_to_place(outcome.obstacles[0].place)
        elif isinstance(outcome, Changed):
            self._shows_missing = False
            self.refresh()
            self.ask_again(_("查询账本后结果有变化，请看清后再按一次 F9 结算。"))
        elif isinstance(outcome, Unseen):
            self._shows_missing = False
            self.refresh()
            self._show_news(outcome.news)
            self.ask_again(_("请看清下面列出的影响，再按一次 F9 确认结算。"))
        else:
            self._show_settled(outcome)
            return
        self.not_done.emit()

    def _not_settled(self, error: ClerkError) -> None:
        self._is_settling = False
        # One password, one act: what has changed meanwhile, the reviewer sees before typing it again.
        self.explanation.password.clear()
        self._shows_missing = False
        self.refresh()
        self._refused(error)

    def act_beside(self, words: str, work: Callable[[], object], done: str) -> None:
        """Do something about a claim that is settled, and say how it went.

        Args:
            words: What is being done.
            done: What is said then.
        """
        self.strips.work.act(words, work, lambda _what: self.notice.say(done, "good"), self._refused)

    def paper_wanted(self) -> Settlement | None:
        """The settlement whose papers F8 shows: the one made last."""
        return self.strips.last_settlement

    def _show_settled(self, outcome: Settled) -> None:
        settlement = outcome.settlement
        self._put_aside = None
        self.aside_strip.say("")
        self.table.places.met(settled.receipt.institution for settled in settlement.receipts)
        self.start_blank()
        self.strips.show_settled(settlement, outcome.differences)
        self.settled.emit(settlement)

    def _show_problems(self, problems: list[Problem], preview: Preview) -> None:
        # After a press of the button everything is said, also of the field in hand.
        self._said = shown = shown_problems(problems, None if self._shows_missing else self.place_in_hand(), self._said)
        self.person.grid.show_problems(shown)
        self.payee.show_problems(shown)
        self.explanation.review_grid.show_problems(shown)
        for rows in (self.filings, self.priors, self.conditions, self.stays):
            rows.show_problems(shown)
        in_table = {place: words for place, words in shown.items() if place.section == "receipt"}
        self.table.receipts.show_result(preview, in_table)
        # The fees say themselves what does not agree, and need the room.
        self.receipts_card.show_problems(in_table if self.fees.isHidden() else {})
        self.fees.show_sums()

    def _show_explanation(self, row: int) -> None:
        if self.entry is None:
            return
        preview = self.table.receipts.preview
        receipts = self.draft.receipts
        if preview is None or not receipts:
            self.explanation.show_steps(_("计算过程"), ())
            return
        shown = row if 0 <= row < len(receipts) and not receipts[row].is_blank else self.draft.last_filled()
        if shown < 0:
            self.explanation.show_steps(_("计算过程"), ())
            return
        title = _("第 {row} 张票据 {number} 的计算过程").format(row=shown + 1, number=receipts[shown].number)
        self.explanation.show_steps(title, self.entry.explanation(preview, shown))

    def _use_policy(self) -> None:
        """Show the columns and choices that the area's document asks for."""
        assert self.entry is not None
        if self._area_in_hand != self.draft.person.area_code:
            self._area_in_hand = self.draft.person.area_code
            self.area_in_hand.emit()
        version = self.entry.desk.version_today(self.draft.person.area_code)
        asks_for_network = version is not None and version.networked_institution_source is not None
        self.table.ask_for({"networked"} if asks_for_network else set())
        self.table.receipts.exclusions = (
            tuple((entry.code, entry.words) for entry in version.exclusions) if version else ()
        )

    def _cell_finished(self, _row: int, key: str) -> None:
        """A bill's number is looked up when it is finished, not while it is typed."""
        if key in ("number", "bill_code", "visited_on", "total"):
            self._looking.look_up()

    def _say_pasted(self, words: str, is_wrong: bool) -> None:
        self.notice.say(words, "warning" if is_wrong else "note")

    def _review_typed(self) -> None:
        self.explanation.take_review(self.draft.review)
        self.refresh()

    def _show_all_of_person(self) -> None:
        self.person.show_draft()
        self.payee.show_draft()
        self._show_rows()
        self.refresh()

    def _show_recognised(self) -> None:
        # What the register has added is no step of the clerk's.
        self._steps.stand(self.draft)
        self.payee.show_draft()
        self._show_rows()
        self.refresh()

    def _show_rows(self) -> None:
        draft = self.draft
        self.filings.use(draft.filings)
        self.priors.use(draft.priors)
        self.conditions.use(draft.conditions)
        self.stays.use(draft.stays)

    def _leave_table(self) -> None:
        self._looking.wait_for_bills()
        needs_review = self.explanation.review.isVisible()
        is_check = self.entry is not None and self.entry.is_check
        first = self.explanation.password if is_check else self.explanation.reviewer
        target: QWidget = first if needs_review else self.panel.settle
        if self.look_alike.is_open():
            target = self.look_alike.answer
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _leave_table_backwards(self) -> None:
        self.materials.boxes[next(iter(self.materials.boxes))].setFocus(Qt.FocusReason.BacktabFocusReason)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and new is not None and self.isVisible() and self.isAncestorOf(old):
            self._steps.note(self.draft)
            self.refresh()
        self.keep_in_sight()

    def _today(self) -> date:
        return self.entry.desk.today() if self.entry else date.today()  # noqa: DTZ011 -- until the ledger is open

    def _blank_prior(self) -> PriorDraft:
        return blank_prior(self._today())
