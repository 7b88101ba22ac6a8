#!/usr/bin/env python3
"""Draws the paper receipts of the sample claim for the README and the help.

    QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/sample_papers.py

They look like the electronic bills that hospitals print, show what such a bill shows, and can be taken for none: the
hospital, the person, the numbers and the seal say 示例, and a band across each says that it is one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from clerk_app.counter.sample_papers import SampleCase, SamplePaper, sample_case  # noqa: E402 -- the path above
from clerk_app.desktop.application import dress  # noqa: E402
from clerk_app.money import capitals, format_yuan, parse_yuan  # noqa: E402
from clerk_app.settings import Settings  # noqa: E402

TARGET = ROOT / "resources" / "help" / "sample.png"
_WIDTH, _HEIGHT, _GAP = 640, 430, 20
_INK, _BROWN, _RED, _PALE = QColor("#1F2933"), QColor("#8A5A1E"), QColor("#C43D3D"), QColor("#FFFDF7")
#: The practice office moves its samples to its own year; the picture shows the one that the README tells of.
_YEAR = 2026
_LEFT, _CENTRE, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight


class Sheet:
    """A paper that is being drawn."""

    def __init__(self, painter: QPainter, left: int) -> None:
        self._painter, self._left = painter, left

    def write(
        self, at: tuple[int, int], text: str, size: int = 14, colour: QColor = _INK, align: Qt.AlignmentFlag = _LEFT
    ) -> None:
        """Write a line whose left end, middle or right end is at a place."""
        painter = self._painter
        font = QFont(painter.font())
        font.setPixelSize(size)
        painter.setFont(font)
        painter.setPen(colour)
        width = painter.fontMetrics().horizontalAdvance(text)
        back = {_LEFT: 0, _CENTRE: width // 2, _RIGHT: width}[align]
        painter.drawText(QPointF(self._left + at[0] - back, at[1]), text)

    def rule(self, y: int, colour: QColor = _BROWN) -> None:
        """A line from edge to edge."""
        self._painter.setPen(QPen(colour, 1))
        self._painter.drawLine(self._left + 20, y, self._left + _WIDTH - 20, y)

    def frame(self) -> None:
        """The paper's edge."""
        self._painter.fillRect(self._left, 0, _WIDTH, _HEIGHT, _PALE)
        self._painter.setPen(QPen(_BROWN, 1.5))
        self._painter.drawRect(self._left + 1, 1, _WIDTH - 2, _HEIGHT - 2)

    def seal(self, words: str) -> None:
        """A round seal that says what it is."""
        painter = self._painter
        painter.setPen(QPen(_RED, 2.5))
        middle = QPointF(self._left + _WIDTH - 92, _HEIGHT - 64)
        painter.drawEllipse(middle, 46, 46)
        painter.setPen(_RED)
        font = QFont(painter.font())
        font.setPixelSize(14)
        painter.setFont(font)
        painter.drawText(QRectF(middle.x() - 48, middle.y() - 30, 96, 60), Qt.AlignmentFlag.AlignCenter, words)


def draw(sheet: Sheet, case: SampleCase, paper: SamplePaper) -> None:
    """One bill."""
    sheet.frame()
    sheet.write((_WIDTH // 2, 38), "示例省医疗门诊收费票据（电子）", 21, _BROWN, _CENTRE)
    sheet.write((_WIDTH // 2, 58), "练习样张 · 人员、医院和号码均为虚构", 12, _RED, _CENTRE)
    sheet.write((24, 84), f"票据代码：{paper.bill_code}")
    sheet.write((_WIDTH - 24, 84), f"票据号码：{paper.number}", 16, align=_RIGHT)
    sheet.write((24, 106), f"交款人：{case.name}", 16)
    sheet.write((_WIDTH // 2, 106), f"校验码：{paper.check_code}", align=_CENTRE)
    sheet.write((_WIDTH - 24, 106), f"开票日期：{_YEAR}-{int(paper.month):02d}-{int(paper.day):02d}", align=_RIGHT)
    sheet.rule(118)
    sheet.write((40, 138), "项目名称", 13, _BROWN)
    sheet.write((_WIDTH - 44, 138), "金额（元）", 13, _BROWN, _RIGHT)
    sheet.rule(146)
    for line, (name, amount) in enumerate(paper.fees):
        sheet.write((40, 168 + 22 * line), name)
        sheet.write((_WIDTH - 44, 168 + 22 * line), amount, align=_RIGHT)
    total_fen = parse_yuan(paper.total)
    sheet.rule(280)
    sheet.write((24, 303), f"金额合计（大写）：{capitals(total_fen)}", 15)
    sheet.write((_WIDTH - 24, 303), f"（小写）{format_yuan(total_fen)}", 17, align=_RIGHT)
    sheet.rule(314)
    parts = (
        ("政策范围内", paper.in_scope_fen),
        ("全自费", parse_yuan(paper.self_funded or "0")),
        ("先行自付", parse_yuan(paper.paid_first or "0")),
        ("超限价", 0),
    )
    sheet.write((24, 336), "　".join(f"{name} {format_yuan(fen)}" for name, fen in parts))
    sheet.write((24, 358), "医保统筹基金支付 0.00　个人账户支付 0.00　（未联网结算）")
    sheet.write((24, 386), f"就诊日期：{_YEAR} 年 {paper.month} 月 {paper.day} 日　门诊")
    sheet.write((24, 410), f"收款单位：{paper.hospital}（{paper.tier}）", 16)
    sheet.seal("示例专用章")


def main() -> int:
    """Draw them side by side."""
    application = QApplication(["sample_papers"])
    dress(application, Settings())
    case = sample_case()
    count = len(case.papers)
    image = QImage(count * _WIDTH + (count - 1) * _GAP, _HEIGHT, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(application.font())
    for place, paper in enumerate(case.papers):
        draw(Sheet(painter, place * (_WIDTH + _GAP)), case, paper)
    painter.end()
    few = image.convertToFormat(QImage.Format.Format_Indexed8, Qt.ImageConversionFlag.ThresholdDither)
    few.save(str(TARGET), "PNG", 0)
    print(TARGET.relative_to(ROOT), TARGET.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
