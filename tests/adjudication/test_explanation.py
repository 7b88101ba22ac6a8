"""The words of a decision: a refusal is explained as well as a payment, and every amount names its article."""

from __future__ import annotations

import pytest

from clerk_app.adjudication.explanation import REASONS, citations, explain, percent, reason_words, steps, summarise
from clerk_app.codes import Reason

YEAR = "2023-01-01/2023-12-31"


def the_one(claim):
    (decided,) = claim.receipts
    return decided


@pytest.mark.parametrize(
    ("area", "articles"),
    [
        ("jiangxi", ["江西省实施意见 二(三)"]),
        ("chongqing", ["渝府办发〔2022〕16号 二(二)1"]),
        (
            "nanyang",
            ["宛政办〔2022〕42号 第五条(一)", "宛政办〔2022〕42号 第五条(二)", "宛政办〔2022〕42号 第五条(三)"],
        ),
        ("jining", ["济医保发〔2021〕4号 四(二)"]),
        ("jilin", ["吉医保联〔2022〕22号 二(二)"]),
    ],
)
def test_every_amount_names_its_article(desk, receipt, area, articles):
    paper = receipt("A", "2023-03-01", "1000", networked=True, settled_by_network=area == "nanyang")
    assert list(citations(the_one(desk(area).decide(paper)))) == articles


@pytest.mark.parametrize(
    ("benefit", "article"),
    [
        ("门诊慢性病", "吉医保联〔2022〕22号 二(三)"),
        ("门诊特殊疾病", "吉医保联〔2022〕22号 二(四)"),
        ("急诊抢救", "吉医保联〔2022〕22号 二(五)"),
        ("日间手术", "吉医保联〔2022〕22号 二(六)"),
    ],
)
def test_each_benefit_of_jilin_names_its_own_paragraph(desk, person, receipt, benefit, article):
    counter = desk("jilin", person(conditions=[("M1", "门诊慢性病", YEAR), ("M1", "门诊特殊疾病", YEAR)]))
    decided = the_one(counter.decide(receipt("A", "2023-03-01", "1000", "二级", benefit)))
    assert list(citations(decided)) == [article]


def test_a_payment_is_worked_out_line_by_line(desk, receipt):
    counter = desk("jiangxi")
    counter.prior(2023, "普通门诊", "100", "0")
    paper = receipt("A", "2023-03-01", "1000", self_funded="50", paid_first="30")
    assert explain(the_one(counter.decide(paper))) == (
        "政策范围内金额 1,000.00 − 全自费 50.00 − 超限价 0.00 − 先行自付 30.00 = 920.00",
        "年度起付标准 600.00，本年已付 100.00，本次扣 500.00〔江西省实施意见 二(三)〕",
        "在职·三级 支付比例 50%：（920.00 − 500.00）× 50% = 210.00〔江西省实施意见 二(三)〕",
        "年度限额 1,800.00，本年已付 0.00，未超限额，统筹支付 210.00〔江西省实施意见 二(三)〕",
        "个人负担 1,000.00 − 210.00 = 790.00",
    )


def test_a_cut_payment_says_what_was_left_and_what_stays_above(desk, receipt):
    counter = desk("jiangxi")
    counter.prior(2023, "普通门诊", "600", "1700")
    decided = the_one(counter.decide(receipt("A", "2023-03-01", "1000")))
    assert "年度限额 1,800.00，本年已付 1,700.00，只余 100.00，统筹支付 100.00，超限额 800.00" in explain(decided)[3]
    assert summarise(decided).endswith("限额只余 100.00，统筹支付 100.00，个人负担 900.00")


@pytest.mark.parametrize(
    ("mark", "words", "article"),
    [
        ({"exclusion": "养生保健"}, "属于不予支付情形：养生保健消费", "江西省实施意见 二(五)"),
        ({"area": "360102"}, "就诊地在参保统筹区内", "未明文，经办口径（零星报销只受理异地就医）"),
        ({"printed_fund": "1"}, "票据已有统筹支付金额", "未明文，经办口径（同一费用不重复支付）"),
    ],
)
def test_a_refusal_is_explained_with_its_article(desk, receipt, mark, words, article):
    decided = the_one(desk("jiangxi").decide(receipt("A", "2023-03-01", "1000", **mark)))
    assert words in explain(decided)[0]
    assert f"〔{article}〕" in explain(decided)[0]
    assert summarise(decided).startswith("不予支付：")
    assert words in summarise(decided)


def test_a_bill_handed_in_twice_says_where_it_is_held(desk, receipt):
    claim = desk("jiangxi").decide(receipt("A", "2023-03-01", "1"), receipt("A", "2023-03-01", "1"))
    assert "本次申请内" in explain(claim.receipts[1])[0]
    held = desk("jiangxi").decide(receipt("A", "2023-03-01", "1"), taken={"/A": "示例-2023-7"})
    assert "示例-2023-7" in explain(the_one(held))[0]


def test_nanyangs_refusal_tells_for_information_what_the_network_would_have_paid(desk, receipt):
    lines = explain(the_one(desk("nanyang").decide(receipt("A", "2023-03-01", "1000"))))
    assert "〔宛政办〔2022〕42号 第十五条〕" in lines[0]
    assert lines[1] == "仅供参考：若当时直接结算，统筹可支付 475.00；不作为支付依据"


def test_what_needs_review_is_said_before_the_working(desk, person, receipt):
    decided = the_one(desk("jilin", person(filed=[])).decide(receipt("A", "2023-03-01", "1000"), materials=[]))
    lines = explain(decided)
    assert "补办备案后可按规定结算" in lines[0]
    assert "医保凭证、收据、病历" in lines[1]
    assert "统筹支付 350.00" in lines[-2]


def test_the_window_of_a_visit_is_named(desk, receipt):
    nanyang = desk("nanyang").decide(receipt("A", "2023-03-01", "1000", settled_by_network=True))
    jining = desk("jining").decide(receipt("A", "2023-03-01", "1000", networked=True))
    assert "同院24小时内合并一次" in explain(the_one(nanyang))[1]
    assert explain(the_one(jining))[1].startswith("每次起付标准 30.00，本次就诊已扣 0.00，本次扣 30.00")


# -- exceptions say what they take the place of ----------------------------------------------------------------------


def test_points_for_the_retired_say_that_they_replace_the_ratio_of_the_employed(desk, person, receipt):
    retired = the_one(desk("jiangxi", person("退休")).decide(receipt("A", "2023-03-01", "1000")))
    line = "〔江西省实施意见 二(三)，取代普通门诊.支付比例（江西省实施意见 二(三)）〕"
    assert [each for each in explain(retired) if "取代" in each] == [f"{ratio_line(retired)}{line}"]
    employed = the_one(desk("jiangxi").decide(receipt("A", "2023-03-01", "1000")))
    assert not [each for each in explain(employed) if "取代" in each]


def ratio_line(decided):
    """The step of the ratio without its article."""
    (line,) = [each for each in explain(decided) if "支付比例" in each]
    return line.partition("〔")[0]


def test_the_days_of_an_exception_stand_behind_what_it_replaces(desk, person, receipt):
    retired = the_one(desk("jiangxi", person("退休")).decide(receipt("A", "2023-03-01", "1000")))
    assert explain(retired, with_dates=True)[2].endswith("（江西省实施意见 二(三)），2023-01-01 起〕")


def test_beside_its_article_a_step_still_says_what_it_replaces(desk, person, receipt):
    retired = the_one(desk("jiangxi", person("退休")).decide(receipt("A", "2023-03-01", "1000")))
    said = [step.words_beside_article() for step in steps(retired)]
    assert said[2] == f"{ratio_line(retired)}，取代普通门诊.支付比例（江西省实施意见 二(三)）"
    assert said[1] == "年度起付标准 600.00，本年已付 0.00，本次扣 600.00"


def test_both_articles_are_cited_where_they_differ(desk, person, receipt):
    decided = the_one(desk("jilin", person(filed=[])).decide(receipt("A", "2023-03-01", "1800", "三级", "急诊抢救")))
    assert list(citations(decided)) == [
        "未明文，经办口径（急诊抢救视同备案）",
        "吉医保联〔2022〕22号 三",
        "吉医保联〔2022〕22号 二(五)",
    ]
    assert explain(decided)[0] == (
        "就诊日没有异地就医备案，急诊抢救视同备案"
        "〔未明文，经办口径（急诊抢救视同备案），取代备案（吉医保联〔2022〕22号 三）〕"
    )


def test_who_is_filed_needs_no_exception_to_the_filing(desk, receipt):
    decided = the_one(desk("jilin").decide(receipt("A", "2023-03-01", "1800", "三级", "急诊抢救")))
    assert not [each for each in explain(decided) if "视同备案" in each]


def test_a_network_settlement_asks_for_no_filing_and_needs_no_exception(desk, person, receipt):
    paper = receipt("A", "2023-03-01", "1800", "三级", "急诊抢救", settled_by_network=True)
    assert not [each for each in explain(the_one(desk("jilin", person(filed=[])).decide(paper))) if "视同备案" in each]


def test_a_registered_disease_says_that_it_goes_before_ordinary_care(desk, person, receipt):
    counter = desk("jilin", person(conditions=[("M1", "门诊慢性病", YEAR)]))
    decided = the_one(counter.decide(receipt("A", "2023-03-01", "1000", "二级", disease="M1")))
    assert explain(decided)[0] == (
        "已登记门诊慢特病病种，按门诊慢性病结算〔吉医保联〔2022〕22号 六(三)，取代普通门诊〕"
    )


def test_the_figures_of_another_benefit_are_said_with_the_article_that_lends_them(desk, receipt):
    decided = the_one(desk("jining").decide(receipt("A", "2023-03-01", "1000", "三级", "急诊抢救", networked=True)))
    assert explain(decided)[0] == "急诊抢救按普通门诊的标准结算〔济医保发〔2021〕4号 三(五)〕"


def test_a_diseases_own_cap_is_named_where_it_leaves_less(desk, person, receipt):
    counter = desk("jilin", person(conditions=[("M01600", "门诊慢性病", YEAR)]))
    claim = counter.decide(
        receipt("A", "2023-03-01", "1300", "二级", "门诊慢性病", disease="M01600"),
        receipt("B", "2023-03-02", "9000", "二级", "门诊慢性病", disease="M01600"),
    )
    within, over = (explain(decided)[-2] for decided in claim.receipts)
    replaced = "〔吉医保联〔2022〕22号 二(三)，取代门诊慢性病.年度限额（吉医保联〔2022〕22号 二(三)）〕"
    assert within == f"本病种年度限额 3,000.00，还余 3,000.00，未超限额，统筹支付 600.00{replaced}"
    assert over.startswith("本病种年度限额 3,000.00，只余 2,400.00，统筹支付 2,400.00，超限额 ")
    assert over.endswith(replaced)


def test_the_years_cap_is_named_where_it_leaves_less_than_the_diseases_own(desk, person, receipt):
    counter = desk("jilin", person(conditions=[("M01600", "门诊慢性病", YEAR)]))
    counter.prior(2023, "门诊慢性病", "300", "6000")
    decided = the_one(counter.decide(receipt("A", "2023-03-01", "9000", "二级", "门诊慢性病", disease="M01600")))
    assert explain(decided)[-2].startswith("年度限额 6,500.00，本年已付 6,000.00，只余 500.00")


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_of_its_own(reason):
    assert len(REASONS[reason]) > 8
    assert list(REASONS.values()).count(REASONS[reason]) == 1


def test_every_step_but_plain_arithmetic_has_a_source(desk, receipt):
    decided = the_one(desk("jiangxi").decide(receipt("A", "2023-03-01", "1000")))
    assert [bool(step.source) for step in steps(decided)] == [False, True, True, True, False]
    assert [step.words() for step in steps(decided)] == list(explain(decided))


def test_a_finding_in_words_has_no_article(desk, receipt):
    decided = the_one(desk("jiangxi").decide(receipt("A", "2023-03-01", "1000", exclusion="工伤")))
    assert reason_words(decided.findings[0]) == "属于不予支付情形：应当由工伤保险基金支付"


@pytest.mark.parametrize(
    ("ratio_bp", "text"), [(5000, "50"), (6250, "62.5"), (10000, "100"), (5, "0.05"), (0, "0"), (1000, "10")]
)
def test_a_ratio_is_written_without_idle_zeros(ratio_bp, text):
    assert percent(ratio_bp) == text
