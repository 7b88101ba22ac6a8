from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clerk_app.codes import Benefit
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.late_news import LateNews, Reversal
from clerk_app.counter.second_person import Reviewer
from clerk_app.counter.year_card import (
    YearCardSheet,
    amount_rows,
    note_words,
    prior_words,
    title_words,
    use_rows,
)
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PriorBenefit, Settlement
from clerk_app.paths import resources
from clerk_app.policy.shelf import load_shelf
from tests.counter.people import ZHANG, filled, receipt
from tests.ledger.office import PASSWORD, REVIEWER

ZHAO = Reviewer(REVIEWER.login, PASSWORD, "核对无误")


def settled(desk: Desk, number: str, total: str = "1000") -> Settlement:
    entry = ClaimEntry(desk)
    entry.draft.person.id_number = ZHANG
    entry.insured.identify()
    return filled(entry, receipt(number, total)).settle()


def test_the_card_says_what_is_used_and_left_and_where_it_is_written(desk: Desk) -> None:
    person_id = settled(desk, "A1").person_id
    desk.ledger.record_prior_benefit(person_id, PriorBenefit(2026, Benefit.ORDINARY, 0, 12_345, date(2026, 11, 20)))
    card = YearCardSheet(desk, person_id).card(2026)

    assert title_words(card) == "张三示例　2026 年度待遇使用情况（江西省，截至 2026-11-22）"
    deductible, cap = amount_rows(card)
    assert deductible[:5] == ("普通门诊起付线", "600.00", "600.00", "0.00", "0.00")
    assert cap[:5] == ("普通门诊限额", "1,800.00", "200.00", "123.45", "1,476.55")
    assert all(row.article for row in (deductible, cap))
    assert card.document in note_words(card)[0]
    assert prior_words(card) == ("普通门诊：平台已扣起付线 0.00、已支付 123.45（查询日期 2026-11-20）",)


def test_the_card_lists_every_voucher_with_what_became_of_it(desk: Desk) -> None:
    first, second = settled(desk, "A1"), settled(desk, "A2")
    reversal = Reversal(desk, first.voucher_number).reverse("票据录错")
    (correction,) = LateNews(desk, first.person_id).correct_all("前一笔已冲正", ZHAO)
    rows = use_rows(YearCardSheet(desk, first.person_id).card(2026))

    assert [row[:6] for row in rows] == [
        (first.voucher_number, "2026-11-22", "结算", "普通门诊", "600.00", "200.00"),
        (second.voucher_number, "2026-11-22", "结算", "普通门诊", "0.00", "500.00"),
        (reversal.voucher_number, "2026-11-22", "冲正", "普通门诊", "-600.00", "-200.00"),
        (correction.voucher_number, "2026-11-22", "更正", "普通门诊", "600.00", "-300.00"),
    ]
    assert [row.note for row in rows] == [
        f"已由 {reversal.voucher_number} 冲正",
        f"已由 {correction.voucher_number} 更正差额",
        f"原单 {first.voucher_number}",
        f"原单 {second.voucher_number}",
    ]


def test_a_deductible_per_visit_says_so(desk: Desk) -> None:
    person_id = settled(desk, "A1").person_id
    card = YearCardSheet(desk, person_id).card(2026, "411300")
    deductible, cap = amount_rows(card)
    assert deductible.standard == "无等级 0.00；一级 0.00；二级 30.00；三级 50.00"
    assert deductible.left == "每次就诊重新计算"
    assert cap.standard == "1,500.00"


def test_figures_that_the_area_has_not_set_are_named(desk: Desk) -> None:
    person_id = settled(desk, "A1").person_id
    card = YearCardSheet(desk, person_id).card(2026, "500000")
    assert amount_rows(card) == []
    assert "统筹区参数尚未设置" in note_words(card)[1]


def test_a_year_before_any_document_says_so(desk: Desk) -> None:
    person_id = settled(desk, "A1").person_id
    card = YearCardSheet(desk, person_id).card(2019)
    assert note_words(card) == ("2019-12-31 没有施行中的政策文件，没有起付标准和限额可列。",)


def test_a_pooling_areas_diseases_have_caps_of_their_own(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "areas" / "parameters"
    folder.mkdir(parents=True)
    (folder / "220100.yaml").write_text(
        """
统筹区: {代码: "220100", 名称: 长春市}
沿用: "220000"
参数:
  普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}
  门诊慢性病: {支付比例: 60, 年度限额: 6500, 病种限额: {M01600: 3000}}
  住院: {起付标准: {一级: 200, 二级: 400, 三级: 800},
         支付比例: {在职: {一级: 90, 二级: 85, 三级: 80}, 退休: {一级: 92, 二级: 87, 三级: 82}}, 年度限额: 100000}
""",
        encoding="utf-8",
    )
    desk.shelf = load_shelf(resources() / "policies", folder.parent)
    rows = amount_rows(YearCardSheet(desk, settled(desk, "A1").person_id).card(2026, "220100"))
    assert {row.what: row.standard for row in rows if "慢性病" in row.what} == {
        "普通门诊、门诊慢性病起付线": "300.00",
        "门诊慢性病限额": "6,500.00",
        "门诊慢性病·M01600 病种限额": "3,000.00",
    }


def test_nobody_has_no_card(desk: Desk) -> None:
    with pytest.raises(ClerkError, match="person_unknown"):
        YearCardSheet(desk, 9).card(2026)
