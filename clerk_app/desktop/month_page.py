"""月度统计: a month day by day, as a chart for the eye and as a table for whoever reads, copies or listens."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clerk_app.counter.calendar_month import Month
from clerk_app.counter.desk import Desk
from clerk_app.counter.month_chart import MonthChart, MonthFigures, day_words, rows, summary
from clerk_app.desktop.bar_chart import Bar, BarChart, Part
from clerk_app.desktop.fields import ChoiceBox
from clerk_app.desktop.pieces import BannerStrip, Card, plain_label
from clerk_app.desktop.reading import Reading
from clerk_app.desktop.words_table import Column, WordsModel, words_table
from clerk_app.errors import ClerkError
from clerk_app.ledger.month_figures import DayFigures
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _, sentence

_COLUMNS = (
    Column(N_("日期"), 84),
    Column(N_("结算"), 84, is_amount=True, shares=True),
    Column(N_("不予支付"), 92, is_amount=True, shares=True),
    Column(N_("冲正"), 84, is_amount=True, shares=True),
    Column(N_("更正"), 84, is_amount=True, shares=True),
    Column(N_("医疗费总额"), 132, is_amount=True, shares=True),
    Column(N_("统筹支付"), 132, is_amount=True, shares=True),
    Column(N_("个人账户"), 132, is_amount=True, shares=True),
    Column(N_("个人现金"), 132, is_amount=True, shares=True),
)

#: In fen: an empty month has no scale of cents.
_YUAN = 100


class MonthPage(QWidget):
    """The month's sentence above, two charts below it, and the table of their figures."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.chart = MonthChart(desk)
        self.month = ChoiceBox([(str(month), month) for month in self.chart.months()])
        self.month.setAccessibleName(_("月份"))
        self.notice = BannerStrip("refusal")
        self.words = plain_label("", "muted", wraps=True)
        self.day = plain_label("", "small", wraps=True)
        self.amounts = BarChart(
            _("每日金额（元）"),
            (Part(_("统筹支付"), "accent"), Part(_("个人账户"), "accent_before"), Part(_("个人现金"), "hint")),
            _short_yuan,
            least_step=_YUAN,
        )
        self.counts = BarChart(
            _("每日笔数"),
            (Part(_("结算"), "accent"), Part(_("不予支付"), "bad"), Part(_("冲正、更正"), "careful")),
            str,
        )
        self.model = WordsModel(_COLUMNS, self)
        self.table = words_table(self.model, _COLUMNS, _("每日明细"), least_rows=4)
        self._shown: MonthFigures | None = None
        self._arrange()
        for chart in (self.amounts, self.counts):
            chart.marked.connect(self._mark)
        self.month.currentIndexChanged.connect(self.refresh)
        self.setFocusProxy(self.month)
        self.reading = Reading(self)
        self.refresh()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(plain_label(_("月度统计"), "pageTitle"))
        head.addSpacing(16)
        head.addWidget(self.month)
        head.addSpacing(8)
        head.addWidget(self.words, 1)
        charts = Card()
        charts.body.addWidget(self.amounts, 3)
        charts.body.addWidget(self.counts, 2)
        charts.body.addWidget(self.day)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addLayout(head)
        page.addWidget(self.notice)
        page.addWidget(charts, 5)
        page.addWidget(self.table, 3)

    def refresh(self) -> None:
        """Read the month that is chosen, beside the window."""
        month = self._month()
        self.notice.say("")
        self.reading.ask(lambda: self.chart.figures(month), self._take, self._failed)

    def others_changed(self) -> None:
        """Somebody has settled: read the month again, beside the window."""
        month = self._month()
        self.reading.look_again(lambda: self.chart.figures(month), self._take)

    def _take(self, found: MonthFigures) -> None:
        if found.month == self._month() and found != self._shown:
            self._show(found)

    def _failed(self, error: ClerkError) -> None:
        self.notice.say(sentence(error), "refusal")

    def _show(self, figures: MonthFigures) -> None:
        is_another = self._shown is None or self._shown.month != figures.month
        self._shown = figures
        place = self._first_place(figures) if is_another else self.amounts.place
        self.words.setText(summary(figures))
        self.amounts.show_bars([_amounts_of(day) for day in figures.days], place)
        self.counts.show_bars([_counts_of(day) for day in figures.days], place)
        margin = max(chart.least_margin() for chart in (self.amounts, self.counts))
        for chart in (self.amounts, self.counts):
            chart.set_margin(margin)
        self.model.show_rows(rows(figures))
        self._say_day(place)

    def _first_place(self, figures: MonthFigures) -> int:
        """The last day with a record, or today, or the first of a month in which there is none."""
        busy = [place for place, day in enumerate(figures.days) if day != DayFigures(day.day)]
        today = self.chart.desk.today()
        days = [day.day for day in figures.days]
        return busy[-1] if busy else days.index(today) if today in days else 0

    def _mark(self, place: int) -> None:
        """One day is in hand, in both charts and in the words below them."""
        for chart in (self.amounts, self.counts):
            chart.mark(place)
        self._say_day(place)

    def _say_day(self, place: int) -> None:
        if self._shown is not None:
            self.day.setText(day_words(self._shown.days[place]))

    def _month(self) -> Month:
        month = self.month.value()
        assert isinstance(month, Month), "the choice holds months"
        return month


def _short_yuan(fen: int) -> str:
    """Without the cents where there are none: a scale has little room."""
    return format_yuan(fen, separators=True).removesuffix(".00")


def _amounts_of(day: DayFigures) -> Bar:
    return Bar(str(day.day.day), (day.fund_fen, day.account_fen, day.cash_fen), day_words(day))


def _counts_of(day: DayFigures) -> Bar:
    return Bar(str(day.day.day), (day.settled, day.refused, day.reversed + day.corrected), day_words(day))
