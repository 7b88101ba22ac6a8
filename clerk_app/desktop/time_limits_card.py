"""办理时限 on the page of areas: the office's own, whatever area a claim is of."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.time_limits_desk import TimeLimitsDesk
from clerk_app.desktop.fields import CodeField, MoneyField
from clerk_app.desktop.pieces import BannerStrip, Card, FieldGrid, plain_label, push_button
from clerk_app.desktop.style import scaled
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
        grid = FieldGrid()
        fields = (
            (_("一般申请"), self.days),
            (_("小额：不满（元）"), self.small_below),
            (_("小额申请"), self.small_days),
            (_("补正材料"), self.completing_days),
        )
        for column, (label, field) in enumerate(fields):
            field.setFixedWidth(scaled(72))
            grid.add_field(0, column, label, field)
        row = QHBoxLayout()
        row.addLayout(grid)
        row.addStretch(1)
        row.addWidget(self.save)
        self.calendar = plain_label("", "small", wraps=True)
        self.body.addWidget(self.notice)
        self.body.addLayout(row)
        self.body.addWidget(self.calendar)
        self.save.clicked.connect(self.check_and_save)
        if not desk.may(Action.CHANGE_OFFICE):
            self.save.setEnabled(False)
            self.save.setToolTip(_("时限由管理员填写。"))
            for _label, field in fields:
                field.setReadOnly(True)
        self.show_kept()

    def show_kept(self) -> None:
        """Show what is in force."""
        kept = TimeLimitsDesk(self._desk)
        for field, text in (
            (self.days, kept.days),
            (self.small_below, kept.small_below),
            (self.small_days, kept.small_days),
            (self.completing_days, kept.completing_days),
        ):
            field.setText(text)
        explained = _("从受理次日起算，写在受理回执和一次性告知书上；留空则写“规定的期限”。")
        self.calendar.setText(f"{explained}{kept.calendar_words()}")
        self.notice.say(kept.trouble, "refusal")

    def check_and_save(self) -> None:
        """Check what is typed and save it."""
        typed = TimeLimitsDesk(self._desk)
        typed.days, typed.small_below = self.days.text(), self.small_below.text()
        typed.small_days, typed.completing_days = self.small_days.text(), self.completing_days.text()
        problems = typed.problems()
        if problems:
            self.notice.say("\n".join(problems), "refusal")
            return
        try:
            typed.save()
        except ClerkError as error:
            self.notice.say(sentence(error), "refusal")
            return
        self.show_kept()
        words = _("没有设置时限。") if typed.is_blank else _("时限已保存，以后打印的回执和告知书按它计算。")
        self.notice.say(words, "good")
