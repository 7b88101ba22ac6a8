"""A claim that comes late at a counter of an area that has visits count: said before it is settled, settled after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from clerk_app.codes import Benefit
from clerk_app.counter import claim_news
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ConditionDraft, ReceiptDraft, StayDraft
from clerk_app.counter.late_news import LateNews, Reversal
from clerk_app.counter.second_person import Reviewer
from clerk_app.ledger.records import PriorBenefit, Settlement
from tests.counter.desks import SETTINGS, staffed_desk
from tests.counter.people import LI, ZHANG, filled, receipt
from tests.ledger.office import PASSWORD, REVIEWER
from tests.policy import visits_count

ZHAO = Reviewer(REVIEWER.login, PASSWORD, "属实")

CHANGCHUN = """
统筹区: {代码: "220100", 名称: 长春市}
沿用: "220000"
参数:
  普通门诊: {起付标准: 300, 退休加成: 5, 年度限额: 2000}
  门诊慢性病: {支付比例: 60, 年度限额: 6500}
  住院: {起付标准: {一级: 200, 二级: 400, 三级: 800},
         支付比例: {在职: {一级: 90, 二级: 85, 三级: 80}, 退休: {一级: 92, 二级: 87, 三级: 82}}, 年度限额: 100000}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in an area that states 就诊先后."""
    visits_count.lay(tmp_path / "policies")
    opened = staffed_desk(tmp_path, replace(SETTINGS, area_code=visits_count.CODE, office_code="619901"))
    yield opened
    opened.close()


def at_desk(desk: Desk, *receipts: ReceiptDraft, number: str = ZHANG) -> ClaimEntry:
    """The person at the desk, with receipts typed."""
    entry = ClaimEntry(desk)
    entry.draft.person.id_number = number
    entry.insured.identify()
    return filled(entry, *receipts, number=number)


def settled(desk: Desk, *receipts: ReceiptDraft) -> Settlement:
    return at_desk(desk, *receipts).settle()


def visit(number: str, day: str, total: str = "1000", **changes: object) -> ReceiptDraft:
    return receipt(number, total, visited_on=day, **changes)


def words_of(entry: ClaimEntry) -> str:
    news = entry.late_news()
    return news.words() if news else ""


def test_the_shipped_areas_settle_by_settlement_and_this_one_by_visit(desk: Desk) -> None:
    orders = {code: desk.policy(code).versions[-1].receipt_order.value for code, _name in desk.areas()}
    assert orders.pop(visits_count.CODE) == "就诊先后"
    assert set(orders.values()) == {"结算先后"}


def test_a_late_visit_names_the_vouchers_it_changes_and_is_paid_what_was_shown(desk: Desk) -> None:
    later = settled(desk, visit("B", "520", tier="1"))
    entry = at_desk(desk, visit("A", "105"))
    preview = entry.preview()

    assert preview.claim is not None
    assert preview.claim.fund_fen == 20_000, "600 are taken off: nothing was charged before January"
    assert words_of(entry) == (
        "本申请的就诊早于已结算的就诊，该统筹区按就诊先后扣减："
        "会影响 1 笔已结算的单据，统筹支付合计变化 360.00。确认后请逐笔办理更正，原单不变。\n"
        f"结算单 {later.voucher_number}（2026-11-22 结算）：统筹支付由 240.00 变为 600.00，应补付 360.00"
    )
    assert LateNews(desk, later.person_id).open() == (), "nothing was saved"
    assert entry.settle().fund_fen == 20_000
    assert [each.difference_fen for each in LateNews(desk, later.person_id).open()] == [36_000]


def test_what_the_cap_does_not_leave_yet_is_said_and_follows_by_correction(desk: Desk) -> None:
    later = settled(desk, visit("B", "520", "3800"))
    entry = at_desk(desk, visit("A", "105", "3000"))
    assert words_of(entry).splitlines()[1:] == [
        f"结算单 {later.voucher_number}（2026-11-22 结算）：统筹支付由 1,600.00 变为 600.00，应退回 1,000.00",
        "本申请现支付 200.00；差额更正后应为 1,200.00，相差的 1,000.00 也须更正。",
    ]
    news = entry.late_news()
    assert news is not None
    late = entry.settle()
    assert late.fund_fen == 20_000
    assert claim_news.left_to_correct(desk, late.person_id, news) == (
        "有 2 笔单据的差额待更正，统筹支付合计变化 0.00。每笔另记一张更正单，原单不变。"
    )
    done = list(LateNews(desk, late.person_id).correct_all("补办较早的就诊", ZHAO))
    assert [(each.original_number, each.fund_fen) for each in done] == [
        (later.voucher_number, -100_000),
        (late.voucher_number, 100_000),
    ]
    assert claim_news.left_to_correct(desk, late.person_id, news) == ""


def test_visits_in_their_order_and_persons_without_vouchers_have_no_news(desk: Desk) -> None:
    settled(desk, visit("B", "520"))
    assert at_desk(desk, visit("C", "521")).late_news() is None
    assert at_desk(desk, visit("A", "105"), number=LI).late_news() is None
    assert at_desk(desk, visit("A", "0105", total="")).late_news() is None, "not complete yet"
    entry = at_desk(desk, visit("A", "105"))
    entry.draft.person.area_code = "360000"
    assert entry.late_news() is None, "the area that decides has settlements follow one another"


def test_a_late_visit_that_uses_nothing_up_changes_nothing(desk: Desk) -> None:
    settled(desk, visit("B", "520"))
    assert words_of(at_desk(desk, visit("B", "105"))) == "", "held by the voucher already: refused"


def test_the_form_s_own_facts_decide_before_they_are_recorded(desk: Desk) -> None:
    """A stay that is typed now refuses the receipt: what the register has still would have it take the deductible."""
    settled(desk, visit("B", "520"))
    entry = at_desk(desk, visit("A", "105"))
    assert "会影响 1 笔" in words_of(entry)
    entry.draft.stays = [StayDraft("2026-01-01", "2026-01-10")]
    assert words_of(entry) == ""


def test_the_platforms_figures_and_a_late_visit_are_told_together(desk: Desk) -> None:
    first = settled(desk, visit("B", "520", tier="1"))
    entry = at_desk(desk, visit("A", "105"))
    entry.draft.priors[0].deductible, entry.draft.priors[0].fund = "200", "0"
    words = words_of(entry)

    assert words.startswith("平台已享受改动，且本申请的就诊早于已结算的就诊，该统筹区按就诊先后扣减：会影响 1 笔")
    assert "统筹支付由 240.00 变为 600.00" in words, "and not 360.00, which the platform's figures alone would give"
    assert "本申请现支付" not in words, "the claim itself comes to what it is paid, with the platform's figures too"
    assert entry.settle().fund_fen == 30_000
    assert [each.fund_after_fen for each in LateNews(desk, first.person_id).open()] == [60_000]
    entry = at_desk(desk, visit("C", "521"))
    entry.draft.priors[0].deductible = "600"
    assert words_of(entry).startswith("平台已享受改动后，会影响 1 笔")


def test_the_bar_of_the_deductible_shows_the_place_of_the_claim(desk: Desk) -> None:
    settled(desk, visit("0", "103", "100"))
    settled(desk, visit("B", "520"))
    preview = at_desk(desk, visit("A", "105", "200"), visit("C", "601", "200")).preview()
    deductible, cap = preview.gauges
    assert (deductible.before_fen, deductible.now_fen, deductible.limit_fen) == (10_000, 20_000, 60_000)
    assert cap.before_fen == 25_000, "of the cap everything that is paid by now"


def test_the_same_question_is_asked_of_the_ledger_once(desk: Desk) -> None:
    settled(desk, visit("B", "520"))
    entry = at_desk(desk, visit("A", "105"))
    first = entry.late_news()
    assert entry.late_news() is first
    entry.draft.receipts[0].total = "50"
    changed = entry.late_news()
    assert changed is not None
    assert changed != first
    entry.refresh()
    assert entry.late_news() == changed


@pytest.fixture
def changchun(tmp_path: Path) -> Iterator[Desk]:
    """A desk in an area with several caps: ordinary care 2000, chronic disease 6500."""
    parameters = tmp_path / "policies" / "parameters"
    parameters.mkdir(parents=True)
    (parameters / "220100.yaml").write_text(CHANGCHUN, encoding="utf-8")
    opened = staffed_desk(tmp_path, replace(SETTINGS, area_code="220100", office_code="220100"))
    yield opened
    opened.close()


def test_a_correction_that_takes_of_a_cap_waits_for_the_one_that_gives_back_to_it(changchun: Desk) -> None:
    """What a voucher comes to does not tell: it may give back to one cap, and take more of another."""

    def settle(*receipts: ReceiptDraft) -> Settlement:
        entry = at_desk(changchun, *receipts)
        entry.draft.conditions = [ConditionDraft("M03900", Benefit.CHRONIC, "2026-01-01")]
        return entry.settle()

    first = settle(receipt("A1", "2300"))
    cut = settle(receipt("A2", "3000"))
    Reversal(changchun, first.voucher_number).reverse("退票")
    day = date(2026, 11, 21)
    changchun.ledger.record_prior_benefit(first.person_id, PriorBenefit(2026, Benefit.CHRONIC, 0, 650_000, day))
    chronic = receipt("A4", "2000", benefit="门诊慢性病", disease="M03900", tier="2")
    both = settle(receipt("A3", "2000"), chronic)
    assert (cut.fund_fen, [each.fund_fen for each in both.receipts]) == (100_000, [85_000, 0])
    changchun.ledger.record_prior_benefit(first.person_id, PriorBenefit(2026, Benefit.CHRONIC, 0, 0, day))

    news = LateNews(changchun, first.person_id)
    assert [each.voucher_number for each in news.open()] == [cut.voucher_number, both.voucher_number]
    done = list(news.correct_all("补录", ZHAO))
    assert [(each.original_number, [receipt.fund_fen for receipt in each.receipts]) for each in done] == [
        (both.voucher_number, [-20_000, 120_000]),
        (cut.voucher_number, [35_000]),
    ]
    assert news.open() == ()
