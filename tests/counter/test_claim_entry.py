from __future__ import annotations

from pathlib import Path

import pytest

from clerk_app.codes import Decision, FilingCategory, Insurance, Status
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import FilingDraft, PriorDraft, ReceiptDraft
from clerk_app.counter.reading import Place
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Review, SettlementKind
from clerk_app.settings import REAL_OFFICE, Settings
from tests.counter.desks import staffed_desk
from tests.counter.people import LI, ZHANG, filled, id_number, receipt
from tests.ledger.office import PASSWORD, REVIEWER


def sentences(entry: ClaimEntry) -> dict[Place, str]:
    return {problem.place: problem.sentence for problem in entry.problems()}


def test_a_filed_visit_is_computed_as_typed(entry: ClaimEntry) -> None:
    preview = entry.preview()

    assert preview.decision is Decision.PAY
    assert preview.claim is not None
    assert (preview.claim.total_fen, preview.claim.fund_fen, preview.claim.person_fen) == (100_000, 20_000, 80_000)
    assert entry.obstacles() == ()
    assert any("50%" in step.words and "二(三)" in step.article for step in entry.explanation(preview, 0))


def test_a_line_in_hand_waits_while_the_others_are_computed(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt(), ReceiptDraft(number="A2", visited_on="521"))

    preview = entry.preview()

    assert preview.claim is not None
    assert preview.claim.fund_fen == 20_000
    assert "总额" in preview.waiting[1]
    assert entry.problems() == ()
    assert entry.obstacles() != ()


def test_the_bars_show_what_was_used_and_what_is_used_now(entry: ClaimEntry) -> None:
    entry.draft.priors[0] = PriorDraft("2026", deductible="100", fund="300", as_of="1120")

    deductible, cap = entry.preview().gauges

    assert (deductible.before_fen, deductible.now_fen, deductible.left_fen) == (10_000, 50_000, 0)
    assert (cap.before_fen, cap.now_fen, cap.limit_fen) == (30_000, 25_000, 180_000)


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("total", "12.345", "两位小数"),
        ("total", "十元", "不是金额"),
        ("self_funded", "1200", "比总额多 200.00"),
        ("visited_on", "20261123", "晚于"),
        ("visited_on", "20260230", "不是存在的日期"),
        ("tier", "四级", "不是医院等级"),
        ("hospital_code", "H123", "不符合格式"),
        ("paid_first", "-1", "不能为负数"),
        ("exclusion", "无此情形", "没有“无此情形”"),
    ],
)
def test_bad_input_in_a_line_says_what_to_do_and_keeps_what_was_typed(
    entry: ClaimEntry, key: str, text: str, words: str
) -> None:
    setattr(entry.draft.receipts[0], key, text)

    assert any(words in sentence for sentence in sentences(entry).values())
    assert entry.preview().rows[0] is None
    with pytest.raises(ClerkError, match="form_incomplete"):
        entry.settle()
    assert getattr(entry.draft.receipts[0], key) == text
    assert entry.desk.ledger.find_persons("张三") == []


@pytest.mark.parametrize(
    ("number", "words"),
    [("360102198001011234", "校验位"), ("36010219800101", "18 位"), (id_number("36010220991231123"), "出生日期")],
)
def test_a_wrong_id_number_is_said_at_its_field(entry: ClaimEntry, number: str, words: str) -> None:
    entry.draft.person.id_number = number

    assert words in sentences(entry)[Place("person", 0, "id_number")]


def test_settling_saves_person_platform_figures_and_claim(entry: ClaimEntry) -> None:
    entry.draft.priors[0] = PriorDraft("2026", deductible="100", fund="0", as_of="1120")

    settlement = entry.settle()

    known = entry.desk.ledger.person_by_id_number(ZHANG)
    assert settlement.fund_fen == 25_000
    assert settlement.clerk == "李录入"
    assert known is not None
    assert known.person.name == "张三示例"
    assert known.prior_benefits[0].deductible_fen == 10_000


def test_pressing_settle_twice_settles_once(entry: ClaimEntry) -> None:
    first, second = entry.settle(), entry.settle()

    assert first.voucher_number == second.voucher_number
    assert entry.desk.ledger.month_count(2026, 11) == 1


def test_a_known_person_is_filled_in_by_number(entry: ClaimEntry) -> None:
    entry.draft.priors[0] = PriorDraft("2026", deductible="100", fund="30", as_of="1120")
    entry.settle()

    later = ClaimEntry(entry.desk)
    later.draft.person.id_number = ZHANG
    assert later.insured.identify()

    assert later.draft.person.name == "张三示例"
    assert later.draft.filings[0].category is FilingCategory.STATIONED_WORKER
    assert (later.draft.priors[0].deductible, later.draft.priors[0].fund) == ("100.00", "30.00")
    later.draft.receipts = [receipt("B1")]
    deductible, cap = later.preview().gauges
    assert (deductible.before_fen, cap.before_fen) == (60_000, 28_000)
    assert later.settle().fund_fen == 50_000


def test_platform_figures_typed_anew_replace_those_recorded(entry: ClaimEntry) -> None:
    entry.draft.priors[0] = PriorDraft("2026", deductible="100", fund="0", as_of="1120")
    entry.settle()
    later = ClaimEntry(entry.desk)
    later.draft.person.id_number = ZHANG
    later.insured.identify()
    later.draft.receipts = [receipt("B1")]

    later.draft.priors[0].fund = "1400"
    assert later.preview().gauges[-1].before_fen == 140_000 + 25_000
    later.draft.priors = [PriorDraft("2026", as_of="1120")]
    assert later.preview().gauges[-1].before_fen == 25_000
    settlement = later.settle()

    known = entry.desk.ledger.person(settlement.person_id)
    assert [(prior.deductible_fen, prior.fund_fen) for prior in known.prior_benefits] == [(0, 0)]


def test_another_number_leaves_nothing_of_the_person_before(entry: ClaimEntry) -> None:
    entry.settle()
    later = ClaimEntry(entry.desk)
    later.draft.person.id_number = ZHANG
    later.insured.identify()

    later.draft.person.id_number = LI
    assert later.insured.identify()

    assert later.insured.record is None
    assert later.draft.person.name == ""
    assert later.draft.filings == [FilingDraft()]
    assert later.preview().gauges[0].before_fen == 0


def test_a_name_that_differs_from_the_register_is_said(entry: ClaimEntry) -> None:
    entry.settle()
    later = ClaimEntry(entry.desk)
    later.draft.person.name, later.draft.person.id_number = "张四示例", ZHANG
    later.insured.identify()

    assert any("张四示例" in banner.words for banner in later.preview().banners)


def test_a_duplicate_names_the_voucher_that_holds_the_bill(entry: ClaimEntry) -> None:
    first = entry.settle()
    again = filled(ClaimEntry(entry.desk), receipt(" ａ1 "), number=LI, name="李四示例")

    assert again.preview().decision is Decision.PAY
    again.look_up()

    preview = again.preview()
    assert preview.decision is Decision.REFUSE
    assert any(first.voucher_number in banner.words for banner in preview.banners)


def test_an_unfiled_visit_waits_for_a_second_person(entry: ClaimEntry) -> None:
    entry.draft.filings = [FilingDraft()]

    assert entry.preview().decision is Decision.REVIEW
    assert {problem.place.field for problem in entry.obstacles()} == {"login", "password", "reason"}
    entry.draft.review.login, entry.draft.review.reason = " LI ", "急诊后补备案"
    assert "录入人本人" in entry.obstacles(PASSWORD)[0].sentence
    entry.draft.review.login = REVIEWER.login
    settlement = entry.settle(PASSWORD)

    assert settlement.review == Review(REVIEWER.name, "急诊后补备案")
    assert PASSWORD not in repr(entry.draft)


@pytest.mark.parametrize(
    ("login", "password", "code"),
    [
        ("zhao", "不是这个口令", "sign_in_refused"),
        ("nobody", PASSWORD, "sign_in_refused"),
        ("sun", PASSWORD, "not_allowed"),
    ],
)
def test_a_review_that_nobody_proves_saves_nothing(entry: ClaimEntry, login: str, password: str, code: str) -> None:
    entry.draft.filings = [FilingDraft()]
    entry.draft.review.login, entry.draft.review.reason = login, "急诊后补备案"

    with pytest.raises(ClerkError, match=code):
        entry.settle(password)

    assert entry.desk.ledger.find_persons("张三") == []
    assert entry.draft.review.reason == "急诊后补备案"


def test_one_password_is_good_for_one_review(desk: Desk) -> None:
    for number in ("A1", "A2"):
        entry = filled(ClaimEntry(desk), receipt(number), number=ZHANG if number == "A1" else LI)
        entry.draft.filings = [FilingDraft()]
        entry.draft.review.login, entry.draft.review.reason = REVIEWER.login, "属实"
        if number == "A1":
            entry.settle(PASSWORD)
        else:
            with pytest.raises(ClerkError, match="form_incomplete"):
                entry.settle()
    assert desk.ledger.month_count(2026, 11) == 1


def test_nanyang_refuses_and_says_what_the_network_would_have_paid(entry: ClaimEntry) -> None:
    entry.draft.person.area_code = "411300"

    preview = entry.preview()

    assert preview.decision is Decision.REFUSE
    assert any("直接结算" in step.words for step in entry.explanation(preview, 0))
    assert entry.settle().kind is SettlementKind.REFUSAL


def test_a_framework_without_parameters_computes_nothing_and_says_which(entry: ClaimEntry) -> None:
    entry.draft.person.area_code = "220000"

    preview = entry.preview()

    assert preview.claim is None
    assert "普通门诊.起付标准" in preview.waiting[0]
    assert any("普通门诊.起付标准" in problem.sentence for problem in entry.obstacles())


def test_one_line_without_a_rule_does_not_keep_the_others_from_being_computed(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt(), receipt("A2", benefit="日间手术"))

    preview = entry.preview()

    assert preview.rows[0] is not None
    assert preview.rows[1] is None
    assert "没有规定" in preview.waiting[1]


def test_residents_have_a_status_of_their_own(entry: ClaimEntry) -> None:
    entry.draft.person.area_code = "370800"
    entry.draft.person.insurance = Insurance.RESIDENT
    entry.draft.person.status = Status.RETIRED
    entry.draft.person.retirement = "2020-01-01"
    entry.draft.receipts[0].networked = True

    claim = entry.preview().claim

    assert claim is not None
    assert claim.receipts[0].status is Status.RESIDENT
    assert claim.fund_fen == 20_000


def test_who_has_signed_out_settles_nothing(entry: ClaimEntry) -> None:
    entry.preview()
    entry.desk.ledger.sign_out()

    with pytest.raises(ClerkError, match="not_signed_in"):
        entry.settle()


def test_a_settlement_elsewhere_changes_the_amount_and_nothing_is_saved(entry: ClaimEntry) -> None:
    entry.settle()
    mine, theirs = (filled(ClaimEntry(entry.desk), receipt(name, "3000", visited_on="701")) for name in ("C1", "C2"))
    for each in (mine, theirs):
        each.insured.identify()
        each.draft.receipts = [receipt(each.draft.receipts[0].number, "3000")]
        each.preview()
    theirs.settle()

    with pytest.raises(ClerkError, match="amount_changed"):
        mine.settle()

    assert mine.preview().gauges[-1].before_fen == 20_000 + 150_000
    assert mine.settle().fund_fen == 10_000


def test_the_next_line_takes_over_the_hospital(entry: ClaimEntry) -> None:
    draft = entry.draft
    row = draft.row_to_type_in()
    draft.receipts[row].number = "A2"
    draft.copy_from_above(row)

    assert (draft.receipts[row].hospital, draft.receipts[row].tier) == ("北京某医院", "3")
    assert draft.receipts[row].copied == {"hospital", "tier"}
    assert draft.receipts[row].total == ""


def test_a_wrong_period_of_filing_is_said_at_its_field(entry: ClaimEntry) -> None:
    entry.draft.filings[0].ends_on = "20251231"

    assert "早于" in sentences(entry)[Place("filing", 0, "ends_on")]


def test_a_character_that_no_paper_can_print_is_refused_before_anything_is_saved(entry: ClaimEntry) -> None:
    entry.draft.person.name = "张𰀀示例"

    with pytest.raises(ClerkError, match="glyph_missing"):
        entry.settle()

    assert entry.desk.ledger.find_persons("示例") == []
    assert entry.draft.person.name == "张𰀀示例"


def test_nothing_is_settled_before_the_office_has_said_its_code(tmp_path: Path) -> None:
    desk = staffed_desk(tmp_path, Settings(office=REAL_OFFICE, area_code="360000"))
    entry = filled(ClaimEntry(desk))

    words = [problem.sentence for problem in entry.obstacles() if problem.place.field == "office_code"]

    assert len(words) == 1
    assert "6 位代码" in words[0]
    with pytest.raises(ClerkError, match="form_incomplete"):
        entry.settle()
    desk.close()
