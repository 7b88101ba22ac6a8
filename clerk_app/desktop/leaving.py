"""Whoever works at the window leaves it: acts end first, the claim in hand is laid down, and it waits for its clerk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from clerk_app.desktop.navigation import CLAIM
from clerk_app.desktop.reading import end_waits
from clerk_app.desktop.tasks import acts
from clerk_app.wording import _

if TYPE_CHECKING:
    from clerk_app.counter.draft import ClaimDraft
    from clerk_app.desktop.claim_page import ClaimPage
    from clerk_app.desktop.main_window import MainWindow


class Leaving(QObject):
    """What is done when somebody signs out, locks up for another office, or closes the window.

    Attributes:
        asked_to_close: Asked before the window closes; where something has to be done first it is done, and closes it.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.asked_to_close: Callable[[], bool] = lambda: True
        #: Claims that users left unfinished when they signed out, by login; nobody else sees them.
        self._unfinished: dict[str, ClaimDraft] = {}
        #: The same where the ledger keeps the claim: its key alone, since it may have gone on at another desk.
        self._laid_down: dict[str, str] = {}
        #: What goes on when nothing is being written in the ledger any more.
        self._after_acts: list[Callable[[], object]] = []
        #: What is typed cannot be saved, and the clerk has been told: the window closes without it.
        self._closes_unsaved = False

    def come_back(self, login: str) -> bool:
        """Put on the desk what this user left there: as the ledger has it now, or else as it was typed.

        Returns:
            Whether anything was left.
        """
        key, draft = self._laid_down.pop(login, ""), self._unfinished.pop(login, None)
        if key:
            self._window.claim.take_up(key)
        elif draft is not None:
            self._window.claim.use_draft(draft)
        return bool(key) or draft is not None

    def leave_desk(self, then: Callable[[], object] = lambda: None) -> None:
        """Whoever worked here has left: nothing of it stays on the screen, and an unfinished claim waits.

        Args:
            then: Called when the claim is laid down and nobody is signed in any more.
        """
        self._window.beside.close_all()
        desk = self._window.desk
        if desk is None or desk.ledger.user is None:
            self._clear_desk(then)
            return
        # The paper of a settlement that is being made is shown to nobody any more.
        self._window.in_hand.forget()
        login = desk.ledger.user.login

        def laid_down(has_all: bool) -> None:
            draft = self._window.claim.draft
            if has_all:
                self._laid_down[login] = draft.key
            elif not draft.is_blank():
                self._unfinished[login] = draft
            self._clear_desk(then)

        self._after(lambda: self._window.claim.lay_down(laid_down))

    def forget_unfinished(self) -> None:
        """Another office is in use: its users are others, whatever they are called."""
        self._unfinished.clear()
        self._laid_down.clear()

    def may_close(self) -> bool:
        """Whether the window closes now; else it closes by itself when what is in the way is done, or says why not."""
        if not self._has_laid_down():
            return False
        if not self.asked_to_close():
            if self._window.is_furnished:
                self._window.claim.stay()
            return False
        return True

    def stay(self) -> None:
        """An act has not been done: whoever asked to close the window meanwhile sees first why."""
        self._after_acts = [then for then in self._after_acts if then != self._window.close]

    def claim_saved(self) -> None:
        """What is typed can be saved again."""
        self._closes_unsaved = False

    def go_on(self) -> None:
        """Nothing is being written in the ledger any more: do what waits for that."""
        waiting, self._after_acts = self._after_acts, []
        for then in waiting:
            self._after(then)

    def _after(self, then: Callable[[], object]) -> None:
        """Go on when nothing is being written in the ledger any more: at once, where nothing is."""
        if acts().is_busy():
            self._after_acts.append(then)
        else:
            then()

    def _clear_desk(self, then: Callable[[], object]) -> None:
        if self._window.desk is None:
            then()
            return
        from clerk_app.desktop.claim_page import ClaimPage

        # The form of whoever comes next is made first and put in its place a moment later: each takes its time.
        claim = ClaimPage()
        QTimer.singleShot(0, lambda: self._clear_pages(claim, then))

    def _clear_pages(self, claim: ClaimPage, then: Callable[[], object]) -> None:
        if end_waits():
            # A key waits for the ledger in the midst of an event of its field, which must not be gone by then.
            QTimer.singleShot(0, lambda: self._clear_pages(claim, then))
            return
        self._window.clear(claim)
        then()

    def _has_laid_down(self) -> bool:
        """Whether nothing is in hand any more; else it is laid down, and the window closes when it is.

        An act that is under way ends first; where it fails, the window stays open to say so.
        """
        window = self._window
        if window.desk is None or window.desk.ledger.user is None or self._closes_unsaved:
            return True
        if acts().is_busy():
            if window.close not in self._after_acts:
                self._after_acts.append(window.close)
            return False
        if not window.claim.keeping.is_in_hand():
            return True
        window.claim.lay_down(self._laid_down_to_close)
        return False

    def _laid_down_to_close(self, has_all: bool) -> None:
        window = self._window
        if has_all:
            window.close()
            return
        self._closes_unsaved = True
        window.claim.stay()
        window.go_to(CLAIM)
        window.claim.notice.say(_("刚才录入的内容没有保存，窗口没有关闭。再关一次，就不保存而退出。"), "warning")
