"""Start the program with a window: first the window, then, in the idle moment after it, everything else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QThreadPool, QTimer, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication

from clerk_app import __version__
from clerk_app.desktop.main_window import MainWindow
from clerk_app.desktop.style import apply_style
from clerk_app.errors import ClerkError
from clerk_app.paths import resources
from clerk_app.settings import Settings, load_settings
from clerk_app.wording import use_language

if TYPE_CHECKING:
    from clerk_app.counter.desk import Desk
    from clerk_app.jobs import Progress

    DeskOpener = Callable[[Settings], Desk]

MAIN_FONT = "NotoSansSC_400Regular.ttf"
RARE_FONT = "HanaMinB-1000.ttf"
#: The families inside the two files; named at once, so that rare characters appear when their file is in.
FAMILIES = ("Noto Sans SC", "HanaMinB")

_OPEN_SECONDS_AT_EXIT = 10


def run(settings: Settings | None = None, arguments: Sequence[str] = (), open_desk: DeskOpener | None = None) -> int:
    """Open the window and work until it is closed.

    Args:
        settings: As read before; None reads ``settings.toml``, and a fault in it is said in the window.
        arguments: Qt's own, e.g. ``-platform``.
        open_desk: How ledger and policies are opened; the office's own folder by default.

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
    session = Session(application, window, settings, open_desk or _open_desk)
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
    """Give the application its name, fonts, words and look."""
    application.setApplicationName("clerk-app")
    application.setApplicationVersion(__version__)
    QFontDatabase.addApplicationFont(str(resources() / "fonts" / MAIN_FONT))
    font = QFont()
    font.setFamilies(list(FAMILIES))
    application.setFont(font)
    translator = QTranslator(application)
    if translator.load(f"qtbase_{settings.language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)
    apply_style(application, settings.font_scale)
    icon = resources() / "icons" / "clerk-app.png"
    if icon.exists():
        application.setWindowIcon(QIcon(str(icon)))


def add_rare_font() -> None:
    """Bring in the characters beyond the main font: 30 MB that the first paint does not wait for."""
    QFontDatabase.addApplicationFont(str(resources() / "fonts" / RARE_FONT))


class Session:
    """What lives as long as the window: the desk being opened, the log, and what happens to unexpected failures."""

    def __init__(
        self, application: QApplication, window: MainWindow, settings: Settings, open_desk: DeskOpener
    ) -> None:
        self._application = application
        self._window = window
        self._settings = settings
        self._open_desk = open_desk
        self._desk: Desk | None = None
        #: Something to say as soon as there is a page to say it on.
        self.fault: ClerkError | None = None
        self._former_hook = sys.excepthook
        sys.excepthook = self._unexpected
        window.painted.connect(self._begin)
        window.retry_wanted.connect(self.open)

    def open(self) -> None:
        """Open ledger and policies beside the window, unless they are open."""
        if self._desk is not None:
            self._window.failure.say("")
            return
        from clerk_app.desktop.tasks import BackgroundTask

        task = BackgroundTask(self._opened)
        task.finished.connect(self._use)
        task.failed.connect(self._window.show_failure)
        task.start()

    def close(self) -> None:
        """Let everything go in order."""
        QThreadPool.globalInstance().waitForDone(_OPEN_SECONDS_AT_EXIT * 1000)
        if self._desk is not None:
            self._desk.close()
        sys.excepthook = self._former_hook
        from clerk_app import logs

        logs.stop_log()

    def _begin(self) -> None:
        from clerk_app import logs

        self._window.furnish()
        try:
            logs.start_log()
        except ClerkError as error:
            self.fault = self.fault or error
        if self.fault is not None:
            self._window.show_notice(self.fault)
        self.open()

    def _opened(self, _progress: Progress) -> Desk:
        return self._open_desk(self._settings)

    def _use(self, desk: Desk) -> None:
        self._desk = desk
        self._window.use_desk(desk)
        QTimer.singleShot(0, add_rare_font)

    def _unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        from clerk_app import logs

        if issubclass(kind, KeyboardInterrupt):
            self._application.quit()
            return
        self._window.show_report(logs.report(error.with_traceback(trace)))


def _open_desk(settings: Settings) -> Desk:
    """The office's own desk. Its module brings SQLAlchemy and ruamel, which the first paint does not wait for."""
    from clerk_app.counter.opening import open_desk

    return open_desk(settings)
