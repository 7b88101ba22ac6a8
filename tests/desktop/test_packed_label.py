from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from clerk_app.desktop.packed_label import PackedLabel, packed

pytestmark = pytest.mark.usefixtures("dressed")

FACTS = ("张三示例", "总额 1,286.40", "统筹支付 300.00")


def test_a_line_ends_between_two_facts() -> None:
    assert list(packed(FACTS, 100, len)) == ["　".join(FACTS)]
    assert list(packed(FACTS, 20, len)) == ["张三示例　总额 1,286.40", "统筹支付 300.00"]
    assert list(packed(FACTS, 3, len)) == list(FACTS), "what is too long for a line has one of its own"
    assert list(packed((), 20, len)) == []


def test_another_width_packs_the_facts_anew(qtbot: QtBot) -> None:
    label = PackedLabel()
    qtbot.addWidget(label)
    label.resize(600, 40)
    label.show()
    label.say_rows([FACTS, (), ("　　个人负担 986.40",)])
    assert label.text() == "　".join(FACTS) + "\n\n　　个人负担 986.40"

    label.resize(label.fontMetrics().horizontalAdvance("　".join(FACTS)) - 1, 40)
    assert label.text().splitlines()[:2] == ["　".join(FACTS[:2]), FACTS[2]]
    assert label.minimumHeight() >= 4 * label.fontMetrics().height(), "all lines have their room"
