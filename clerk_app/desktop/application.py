"""Start the program with a window: first the window, then, in the idle moment after it, everything else."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QThreadPool, QTimer, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication

from clerk_app import __version__
from clerk_app.desktop.look import Look, look
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.others_watch import OthersWatch
from clerk_app.desktop.reading import wait_for_looks
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.paths import resources, user_data
from clerk_app.settings import Settings, load_settings
from clerk_app.wording import use_language

if TYPE_CHECKING:
    from clerk_app.counter.desk import Desk
    from clerk_app.counter.entrance import Entrance
    from clerk_app.desktop.end_of_day import EndOfDay
    from clerk_app.desktop.entrance import EntrancePages

MAIN_FONT = "NotoSansSC_400Regular.ttf"
RARE_FONT = "HanaMinB-1000.ttf"
#: The families inside the two files; named at once, so that rare characters appear when their file is in.
FAMILIES = ("Noto Sans SC", "HanaMinB")

_OPEN_SECONDS_AT_EXIT = 10
#: So long a thread beside the window keeps the interpreter when the window wants it. Python's own 5 ms would come with
#: each of the hundred times that a frame asks a model for a cell while the next lines are read.
_TURN_SECONDS = 0.0005


def run(settings: Settings | None = None, arguments: Sequence[str] = ()) -> int:
    """Open the window and work until it is closed.

    Args:
        settings: As read before; None reads ``settings.toml``, and a fault in it is said in the window.
        arguments: Qt's own, e.g. ``-platform``.

    Returns:
        The exit status.
    """
    fault: ClerkError | None = None
    if settings is None:
        try:
            settings = load_settings()
        except ClerkError as error:
            settings, fault = Settings(), error
    prefer_input_method()
    use_language(settings.language)
    application = QApplication.instance() or QApplication(["clerk-app", *arguments])
    assert isinstance(application, QApplication)
    dress(application, settings)
    window = MainWindow(settings)
    session = Session(application, window, settings)
    session.fault = fault
    window.show()
    status = application.exec()
    session.close()
    return status


def prefer_input_method() -> None:
    """Let Chinese be typed on Fcitx desktops: the wheel has no plugin for it, but Fcitx speaks IBus's language."""
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforminputcontexts"
    if os.environ.get("QT_IM_MODULE", "").startswith("fcitx") and not list(plugins.glob("*fcitx*")):
        os.environ["QT_IM_MODULE"] = "ibus"


def dress(application: QApplication, settings: Settings) -> None:
    """Give the application its name, fonts, words and look, and the window its turn before what goes on beside it."""
    sys.setswitchinterval(_TURN_SECONDS)
    application.setApplicationName("clerk-app")
    application.setApplicationVersion(__version__)
    QFontDatabase.addApplicationFont(str(resources() / "fonts" / MAIN_FONT))
    font = QFont()
    font.setFamilies(list(FAMILIES))
    application.setFont(font)
    translator = QTranslator(application)
    if translator.load(f"qtbase_{settings.language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)
    (look() or Look(application, settings.font_scale)).wear(settings.theme)
    icon = resources() / "icons" / "clerk-app.png"
    if icon.exists():
        application.setWindowIcon(QIcon(str(icon)))


def add_rare_font() -> None:
    """Bring in the characters beyond the main font: 30 MB that the first paint does not wait for."""
    QFontDatabase.addApplicationFont(str(resources() / "fonts" / RARE_FONT))


def warm_papers() -> None:
    """Read what the first paper would wait for, beside the window, while somebody begins to type."""
    from clerk_app.desktop.tasks import BackgroundTask

    def work(_progress: Progress) -> None:
        from clerk_app.documents.warming import warm_up

        warm_up()

    # A failure is said when a paper is asked for, which meets it again.
    BackgroundTask(work).start()


class Session:
    """What lives as long as the window: the way in, the log, and what happens to unexpected failures.

    Args:
        entrance: Where the offices are; the program's own folder by default.
    """

    def __init__(
        self, application: QApplication, window: MainWindow, settings: Settings, entrance: Entrance | None = None
    ) -> None:
        self._application = application
        self._window = window
        self._others = OthersWatch(window.pages)
        self._others.changed.connect(window.count)
        self._settings = settings
        self._entrance = entrance
        self._has_begun = False
        self._has_rare_font = False
        self._end_of_day: EndOfDay | None = None
        #: The pages of the way in; made after the first paint.
        self.pages: EntrancePages | None = None
        #: Something to say as soon as there is a page to say it on.
        self.fault: ClerkError | None = None
        self._former_hook = sys.excepthook
        sys.excepthook = self._unexpected
        window.painted.connect(self._begin)

    def close(self) -> None:
        """Let everything go in order."""
        QThreadPool.globalInstance().waitForDone(_OPEN_SECONDS_AT_EXIT * 1000)
        wait_for_looks(_OPEN_SECONDS_AT_EXIT * 1000)
        if self.pages is not None and self.pages.desk is not None:
            self.pages.desk.close()
        sys.excepthook = self._former_hook
        from clerk_app import logs

        logs.stop_log()

    def _begin(self) -> None:
        from clerk_app import logs

        if self._has_begun:
            return
        self._has_begun = True
        self._window.furnish()
        try:
            logs.start_log()
        except ClerkError as error:
            self.fault = self.fault or error
        if self.fault is not None:
            self._window.show_notice(self.fault)
        from clerk_app.counter.entrance import Entrance
        from clerk_app.desktop.entrance import EntrancePages

        try:
            entrance = self._entrance or Entrance(user_data())
        except ClerkError as error:
            self._window.show_failure(error)
            return
        self.pages = EntrancePages(self._window, self._settings, entrance)
        self.pages.opened.connect(self._opened)
        self.pages.begin()

    def _opened(self, desk: Desk) -> None:
        self._others.follow(desk.ledger)
        if self._end_of_day is None:
            from clerk_app.desktop.end_of_day import EndOfDay

            self._end_of_day = EndOfDay(self._window, lambda: self.pages.desk if self.pages else None)
            self._end_of_day.done.connect(self._window.close)
            self._window.leaving.asked_to_close = self._end_of_day.may_close
        if not self._has_rare_font:
            self._has_rare_font = True
            QTimer.singleShot(0, add_rare_font)
            QTimer.singleShot(0, warm_papers)

    def _unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        from clerk_app import logs

        if issubclass(kind, KeyboardInterrupt):
            self._application.quit()
            return
        self._window.show_report(logs.report(error.with_traceback(trace)))
