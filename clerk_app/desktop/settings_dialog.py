"""F10: what one desk has set."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.server_address import parsed
from clerk_app.desktop.fields import ChoiceBox, CodeField, TextField
from clerk_app.desktop.hold import Hold
from clerk_app.desktop.look import look
from clerk_app.desktop.pieces import BannerStrip, FieldGrid, Form, page_area, plain_label, push_button, resize_within
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.documents.page_format import PageFormat
from clerk_app.errors import ClerkError
from clerk_app.settings import DARK_THEME, LANGUAGES, LIGHT_THEME, SYSTEM_THEME
from clerk_app.wording import N_, _, sentence

_LOCK_MINUTES = (1, 2, 3, 5, 10, 15, 30)
_THEMES = ((N_("浅色"), LIGHT_THEME), (N_("深色"), DARK_THEME), (N_("随系统"), SYSTEM_THEME))
#: In pixels at the usual size of type.
_WIDTH = 480
_SCALES = (90, 100, 110, 125, 150, 175, 200)


class SettingsDialog(QDialog):
    """Office and area, language, light or dark, size of type, how long an untouched desk stays open, and paper."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle(_("设置"))
        settings = desk.settings
        self.office_name, self.office_code = TextField(), CodeField()
        self.area = ChoiceBox([(_("不指定"), ""), *((f"{name} {code}", code) for code, name in desk.areas())])
        self.area.choose(settings.area_code)
        self.language = ChoiceBox([(words, language) for language, words in LANGUAGES.items()])
        self.language.choose(settings.language)
        self.theme = ChoiceBox([(_(words), theme) for words, theme in _THEMES])
        self.theme.choose(settings.theme)
        self.scale = ChoiceBox([(f"{scale}%", scale) for scale in _SCALES])
        self.scale.choose(settings.font_scale)
        self.lock = ChoiceBox([(_("{count} 分钟").format(count=minutes), minutes) for minutes in _LOCK_MINUTES])
        self.lock.choose(settings.lock_minutes)
        self.paper = ChoiceBox([(_(each.term), each.setting) for each in PageFormat])
        self.paper.choose(settings.paper_format)
        self.paper_folder = TextField()
        self.paper_folder.setText(settings.paper_folder)
        self.paper_folder.setPlaceholderText(_("留空时不另存"))
        self.server = CodeField()
        self.server.setPlaceholderText(_("留空为本机加密文件"))
        self._show_office()
        self._lay_out()
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.reject)
        width = scaled(_WIDTH)
        resize_within(self, width, self._height_at(width))
        first = self.office_name if self.office_name.isEnabled() else self.area
        first.setFocus()

    def _lay_out(self) -> None:
        self.notice = BannerStrip("refusal")
        self.work = WorkStrip()
        self.work.failed.connect(self._failed)
        form = Form()
        self.work.busy.connect(Hold(form).set_on)
        grid = FieldGrid()
        for row, (label, field) in enumerate(
            (
                (_("经办机构"), self.office_name),
                (_("机构代码"), self.office_code),
                (_("服务器地址"), self.server),
                (_("默认统筹区"), self.area),
                # Whoever cannot read the language in use finds the other one all the same.
                (_("语言 Language"), self.language),
                (_("外观"), self.theme),
                (_("字号"), self.scale),
                (_("无操作锁屏"), self.lock),
                (_("打印纸"), self.paper),
                (_("单据文件夹"), self.paper_folder),
            )
        ):
            grid.add_field(row, 0, label, field)
        grid.setColumnStretch(1, 1)
        self.save = push_button(_("保存"))
        self.cancel = push_button(_("取消  Esc"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.cancel)
        sheet = QWidget()
        fields = QVBoxLayout(sheet)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.addLayout(grid)
        fields.addWidget(
            plain_label(
                _(
                    "机构代码是单据号的开头，从下一张单据起生效；服务器地址、语言和字号从下次打开程序起生效。"
                    "服务器地址写成 postgresql://用户@主机:端口/数据库，密码在打开账本时输入。"
                ),
                "small",
                wraps=True,
            )
        )
        # What is said and the buttons stay in sight where the fields scroll.
        self._area = page_area(sheet)
        self._area.follow_keyboard()
        inner = QVBoxLayout(form)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._area, 1)
        inner.addWidget(self.notice)
        inner.addWidget(self.work)
        inner.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(form)

    def _height_at(self, width: int) -> int:
        """The height at which nothing scrolls."""
        layout, sheet = self.layout(), self._area.widget()
        assert layout is not None, "they are laid out before they are shown"
        assert sheet is not None, "the fields are on a sheet"
        around = layout.contentsMargins()
        room = width - around.left() - around.right()
        return self.sizeHint().height() - self._area.sizeHint().height() + sheet.heightForWidth(room)

    def _show_office(self) -> None:
        """Name and code are the administrator's to change; the practice office's are its own."""
        desk = self.desk
        words = ""
        if desk.is_practice:
            words = _("练习机构的名称和代码是固定的。")
        elif not desk.may(Action.CHANGE_OFFICE):
            words = _("机构名称和代码由管理员修改。")
        server = "" if desk.is_practice else desk.settings.server
        for field, text in (
            (self.office_name, desk.office_name),
            (self.office_code, desk.office_code),
            (self.server, server),
        ):
            field.setText(text)
            field.setEnabled(not words)
            field.setToolTip(words)

    def _save(self) -> None:
        settings = replace(
            self.desk.settings,
            area_code=str(self.area.value() or ""),
            language=str(self.language.value()),
            theme=str(self.theme.value()),
            font_scale=int(str(self.scale.value())),
            lock_minutes=int(str(self.lock.value())),
            paper_format=str(self.paper.value()),
            paper_folder=self.paper_folder.text().strip(),
        )
        if self.office_name.isEnabled():
            code = self.office_code.text().strip()
            if not (len(code) == 6 and code.isascii() and code.isdigit()):
                self.notice.say(_("机构代码应为 6 位数字。"), "refusal")
                return
            settings = replace(settings, office_name=self.office_name.text(), office_code=code)
        try:
            if self.server.isEnabled():
                typed = self.server.text().strip()
                settings = replace(settings, server=parsed(typed).plain if typed else "")
        except ClerkError as error:
            self._failed(error)
            return
        self.work.act(_("正在保存…"), lambda: self.desk.change_settings(settings), self._saved)

    def _saved(self, _what: object) -> None:
        worn = look()
        if worn is not None:
            worn.wear(self.desk.settings.theme)
        self.changed.emit()
        self.accept()

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")
