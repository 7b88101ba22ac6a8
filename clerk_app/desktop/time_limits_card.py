"""办理时限 on the page of areas: the office's own, whatever area a claim is of."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.time_limits_desk import TimeLimitsDesk
from clerk_app.desktop.breaking_rows import Beside, BreakingRow
from clerk_app.desktop.fields import CodeField, MoneyField
from clerk_app.desktop.hold import Hold
from clerk_app.desktop.pieces import BannerStrip, Card, FieldGrid, plain_label, push_button
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.style import scaled
from clerk_app.desktop.work_strip import WorkStrip
from clerk_app.errors import ClerkError
from clerk_app.wording import _, sentence


class TimeLimitsCard(Card):
    """Four figures in a row; papers count with them as soon as they are saved."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("本机构的办理时限（工作日）"))
        self._desk = desk
        self.days, self.small_below, self.small_days = CodeField(), MoneyField(), CodeField()
        self.completing_days = CodeField()
        self.save = push_button(_("保存时限"))
        self.notice = BannerStrip("note")
        fields = (
            (_("一般申请"), self.days),
            (_("小额：不满（元）"), self.small_below),
            (_("小额申请"), self.small_days),
            (_("补正材料"), self.completing_days),
        )
        row = Beside()
        row.addWidget(BreakingRow(*(_labelled(label, field) for label, field in fields)), 1)
        row.addWidget(self.save)
        self.calendar = plain_label("", "small", wraps=True)
        self.body.addWidget(self.notice)
        self.body.addLayout(row)
        self.body.addWidget(self.calendar)
        self.work = WorkStrip()
        self.body.addWidget(self.work)
        self._hold = Hold(self)
        self.work.busy.connect(self._hold.set_on)
        self.work.failed.connect(self._say)
        self.save.clicked.connect(self.check_and_save)
        if not desk.may(Action.CHANGE_OFFICE):
            self.save.setEnabled(False)
            self.save.setToolTip(_("时限由管理员填写。"))
            for _label, field in fields:
                field.setReadOnly(True)
        self._reading = Reading(self)
        self.show_kept()

    def show_kept(self) -> None:
        """Read beside the window what is in force; nothing is typed that the answer would overwrite."""
        self._hold.set_on(True)
        self._reading.ask(self._read, self._show, self._say, lambda: self._hold.set_on(False))

    def _read(self) -> tuple[TimeLimitsDesk, str]:
        kept = TimeLimitsDesk(self._desk)
        return kept, kept.calendar_words()

    def _show(self, found: tuple[TimeLimitsDesk, str]) -> None:
        kept, calendar_words = found
        for field, text in (
            (self.days, kept.days),
            (self.small_below, kept.small_below),
            (self.small_days, kept.small_days),
            (self.completing_days, kept.completing_days),
        ):
            field.setText(text)
        explained = _("从受理次日起算，写在受理回执和一次性告知书上；留空则写“规定的期限”。")
        self.calendar.setText(f"{explained}{calendar_words}")
        if kept.trouble:
            self.notice.say(kept.trouble, "refusal")

    def check_and_save(self) -> None:
        """Check what is typed and save it."""
        texts = [field.text() for field in (self.days, self.small_below, self.small_days, self.completing_days)]
        self.work.act(_("正在保存…"), lambda: self._saved(texts), self._say_saved)

    def _saved(self, texts: list[str]) -> tuple[TimeLimitsDesk, tuple[str, ...]]:
        typed = TimeLimitsDesk(self._desk)
        typed.days, typed.small_below, typed.small_days, typed.completing_days = texts
        problems = typed.problems()
        if not problems:
            typed.save()
        return typed, problems

    def _say_saved(self, saved: tuple[TimeLimitsDesk, tuple[str, ...]]) -> None:
        typed, problems = saved
        if problems:
            self.notice.say("\n".join(problems), "refusal")
            return
        self.show_kept()
        words = _("没有设置时限。") if typed.is_blank else _("时限已保存，以后打印的回执和告知书按它计算。")
        self.notice.say(words, "good")

    def _say(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")


def _labelled(label: str, field: QWidget) -> QWidget:
    """A figure with its label, which go together into another row."""
    field.setFixedWidth(scaled(72))
    pair, grid = QWidget(), FieldGrid()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.add_field(0, 0, label, field)
    pair.setLayout(grid)
    return pair
