from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clerk_app.documents.refusal_notice import refusal_notice_bytes, write_refusal_notice
from clerk_app.errors import ClerkError, FileProblems
from clerk_app.ledger.records import Settlement
from tests.documents import samples
from tests.documents.reading import amounts, fonts, pages, run_on, text


def made(settlement: Settlement, **changes: object) -> bytes:
    return refusal_notice_bytes(settlement, **({"office": samples.OFFICE} | changes))


def test_the_notice_says_what_is_refused_why_under_which_article_and_what_can_be_done() -> None:
    words = run_on(made(samples.refusal()))

    for wanted in (
        "医疗费用不予支付告知书",
        "张三示例（证件号码990101********0014）：",
        "990100-2026-000123",
        "S990100-2026-000123",
        "邻省示例市第一人民医院",
        "2026-11-03",
        "0000000009",
        "异地门诊费用未通过医保信息系统直接结算，统筹基金不予支付",
        "第十二条",
        "退还材料：医疗费票据1张、病历、费用清单",
        "申请行政复议",
        "若直接结算可支付240.00元（仅供参考，不作为支付依据）",
        "经办：李四示例",
        "送达回执",
        "2026年11月21日",
        "第1页共1页",
    ):
        assert wanted in words, wanted


def test_only_the_refused_receipts_of_a_settlement_are_listed() -> None:
    settlement = samples.settlement(
        samples.paid(samples.receipt("0000000001", total_fen=77_700)),
        samples.refused(samples.receipt("0000000002", total_fen=12_345)),
    )

    paper = made(settlement)

    assert amounts(paper)[12_345] >= 4
    assert amounts(paper)[77_700] == 0
    assert "退还材料：医疗费票据1张。" in run_on(paper)


def test_nothing_is_said_of_direct_settlement_where_nothing_is_known() -> None:
    assert "若直接结算" not in text(made(samples.refusal(samples.refused(if_networked_fen=None))))
    assert "若直接结算可支付 0.00 元" in text(made(samples.refusal(samples.refused(if_networked_fen=0))))


def test_a_settlement_with_nothing_refused_has_no_notice() -> None:
    with pytest.raises(ClerkError) as caught:
        made(samples.settlement())

    assert caught.value.code == "nothing_refused"


def test_the_office_can_use_its_own_words_but_no_unknown_field(tmp_path: Path) -> None:
    template = tmp_path / "本局模板.txt"
    template.write_text("致 {姓名}：本局自有措辞\n{不予支付明细}\n", encoding="utf-8")
    assert "致 张三示例：本局自有措辞" in text(made(samples.refusal(), template=template))

    template.write_text("{名字}\n{不予支付明细}\n", encoding="utf-8")
    with pytest.raises(FileProblems):
        made(samples.refusal(), template=template)


def test_many_receipts_flow_over_pages_with_the_head_on_each() -> None:
    receipts = [samples.refused(samples.receipt(f"{place:010d}")) for place in range(30)]

    read = pages(made(samples.refusal(*receipts)))

    assert len(read) > 1
    assert all("告知书" in page and "990100-2026-000123" in page for page in read)
    assert [f"{place:010d}" in "".join(read) for place in range(30)] == [True] * 30


def test_markup_and_rare_characters_print_as_typed_with_embedded_fonts() -> None:
    name = samples.RARE + samples.MARKUP + "{电话}"

    paper = made(samples.refusal(person=samples.person(name=name)))

    assert "".join(name.split()) in run_on(paper)
    assert all(fonts(paper).values())
    assert not [font for font in fonts(paper) if "Helvetica" in font]


def test_the_notice_is_written_whole_and_marks_reprint_and_practice(tmp_path: Path) -> None:
    target = tmp_path / "告知书.pdf"

    write_refusal_notice(samples.refusal(), target, office=replace(samples.OFFICE, practice=True), reprint=2)

    assert "补打 2" in text(target.read_bytes())
    assert "练习" in text(target.read_bytes())
    assert list(tmp_path.iterdir()) == [target]
