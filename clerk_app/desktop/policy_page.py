"""政策文件: what is in force, and how two persons bring a new document into force."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clerk_app.counter.desk import Desk
from clerk_app.counter.policies_in_force import PolicyRow
from clerk_app.counter.policy_installing import Examined, PolicyInstalling
from clerk_app.counter.policy_words import problem_rows
from clerk_app.desktop.breaking_rows import Beside
from clerk_app.desktop.pieces import BannerStrip, page_area, plain_label
from clerk_app.desktop.policy_findings import FindingsCard
from clerk_app.desktop.policy_lists import DocumentsCard, FolderCard, WaitingCard
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.policy.installation import Installation, Proposal
from clerk_app.wording import _, filled, sentence

#: Of what was found, in pixels at the usual size of type; else it stands below where the document comes from.
_FINDINGS_WIDTH = 420


class PolicyPage(QWidget):
    """The documents above, a new one below: at the left where it comes from, at the right what was found."""

    policies_changed = Signal()
    voucher_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.installing = PolicyInstalling(desk)
        self._examined: Examined | None = None
        self.notice = BannerStrip("note")
        self.documents, self.folder, self.waiting = DocumentsCard(), FolderCard(), WaitingCard()
        self.findings = FindingsCard(self.installing)
        self.work = WorkStrip()
        self._arrange()
        self.folder.wanted.connect(self._check)
        self.waiting.wanted.connect(self._look_at)
        self.findings.signed.connect(self._take_signature)
        self.findings.voucher_wanted.connect(self.voucher_wanted)
        self.work.failed.connect(self._failed)
        self.work.cancelled.connect(self._cancelled)
        self.work.busy.connect(self._lock)
        application = QCoreApplication.instance()
        if application is not None:  # A try-out does not keep the program from ending.
            application.aboutToQuit.connect(self.work.cancel)
        self.setFocusProxy(self.folder.folder)
        self.reading = Reading(self)
        self.refresh()

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.folder)
        left.addWidget(self.waiting, 1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.work)
        right.addWidget(self.findings, 1)
        below = Beside()
        below.addLayout(left, 4)
        below.add_block(right, 7, least=scaled(_FINDINGS_WIDTH))
        # The page is put together from the outside: whatever is moved into another widget takes on its look again,
        # with everything inside of it.
        sheet = QWidget()
        area = page_area(sheet)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(8)
        above = QVBoxLayout()  # What is said stays in sight, wherever the page has been scrolled to.
        above.setContentsMargins(12, 10, 12, 0)
        above.setSpacing(8)
        above.addWidget(plain_label(_("政策文件"), "pageTitle"))
        above.addWidget(self.notice)
        page.addLayout(above)
        page.addWidget(area, 1)
        area.follow_keyboard()
        blocks = QVBoxLayout(sheet)
        blocks.setContentsMargins(12, 0, 12, 10)
        blocks.setSpacing(8)
        blocks.addWidget(self.documents, 3)
        blocks.addLayout(below, 5)

    def refresh(self) -> None:
        """Show what is in force and what waits by now; it is read beside the window."""
        installing = self.installing
        self.reading.ask(lambda: (installing.rows(), installing.proposals()), self._show_lists, self._say)

    def _show_lists(self, found: tuple[list[PolicyRow], list[Proposal]]) -> None:
        rows, proposals = found
        self.documents.show_rows(rows)
        self.waiting.show_proposals(proposals, dict(self.installing.desk.areas()))

    def _say(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    def is_busy(self) -> bool:
        """Whether something is being checked, tried or installed."""
        return self.work.is_busy()

    # -- looking at a document ---------------------------------------------------------------------------------------

    def _check(self, folder: str) -> None:
        self._begin()
        self.work.begin(
            _("正在检查文件和案例"), lambda progress: self.installing.check(folder, progress), self._checked
        )

    def _look_at(self, proposal: Proposal) -> None:
        self._begin()
        self.work.begin(
            _("正在检查文件和案例"), lambda progress: self.installing.look_at(proposal, progress), self._checked
        )

    def _begin(self) -> None:
        self.notice.say("")
        self._examined = None
        self.findings.forget()

    def _checked(self, examined: Examined) -> None:
        """Its examples were run; where they hold, last year's settlements are tried next."""
        self._show(examined)
        if not examined.checked.holds:
            self.notice.say(_("案例没有全部通过，不能提交或装入，也没有试算。"), "refusal")
            return
        self.work.begin(
            _("正在试算去年以来的结算"),
            lambda progress: self.installing.try_out(examined, progress),
            self._show,
        )

    def _show(self, examined: Examined) -> None:
        self._examined = examined
        self.findings.show_examined(examined)

    # -- bringing it into force --------------------------------------------------------------------------------------

    def _take_signature(self, password: str) -> None:
        examined = self._examined
        if examined is None:
            return
        self.notice.say("")
        if examined.proposal is not None:
            self.work.act(_("正在装入"), lambda: self.installing.install(examined, password), self._installed)
        else:
            self.work.act(_("正在提交…"), lambda: self.installing.propose(examined), self._proposed)

    def _proposed(self, proposal: Proposal) -> None:
        self._end()
        words = _("{proposer} 已提交 {area} {day} 起施行的 {document}。请由另一人登录，在“待装入”中核对并装入。")
        self.notice.say(filled(words, self._named(proposal)), "good")

    def _installed(self, installed: Installation) -> None:
        self._end()
        words = _("已装入 {area} 的 {document}，{day} 起就诊的按它计算；提交人 {proposer}，装入人 {installer}。")
        self.notice.say(filled(words, {**self._named(installed), "installer": installed.installer}), "good")
        self.policies_changed.emit()

    def _end(self) -> None:
        self._examined = None
        self.findings.forget()
        self.refresh()

    # -- what may come between ---------------------------------------------------------------------------------------

    def _failed(self, error: ClerkError) -> None:
        rows = problem_rows(error)
        if rows:
            self._examined = None
            self.findings.show_problems(rows)
            self.notice.say(_("文件有误，没有保存任何内容。请按下表逐条改正。"), "refusal")
        else:
            self._say(error)
        self.refresh()

    def _cancelled(self) -> None:
        self.notice.say(_("已取消。没有试算完的文件不能提交或装入。"), "note")

    def _lock(self, is_busy: bool) -> None:
        """One thing at a time: what is signed is what is shown."""
        for widget in (self.folder.check, self.folder.browse, self.findings.signature):
            widget.setDisabled(is_busy)
        self.waiting.lock(is_busy)

    def _named(self, value: Proposal | Installation) -> dict[str, object]:
        name = dict(self.installing.desk.areas()).get(value.area_code, "")
        return {
            "area": " ".join(filter(None, (name, value.area_code))),
            "day": value.effective_from,
            "document": value.document,
            "proposer": value.proposer,
        }
