"""Last year's settlements under a policy that is not installed yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from clerk_app.codes import Benefit, Tier
from clerk_app.counter.policy_desk import PolicyDesk
from clerk_app.counter.policy_tryout import Change, TryOut
from clerk_app.jobs import Cancelled, Progress
from clerk_app.ledger.records import PriorBenefit, Review
from clerk_app.paths import resources
from clerk_app.policy.shelf import load_shelf
from clerk_app.receipts.claim import Claim, Institution
from clerk_app.receipts.insured import Entitlement
from tests.counter import officer
from tests.ledger.office import EMPLOYED, SHELF, Office, receipt

TODAY = officer.noon(2024, 3, 1)
#: The third tier pays 55 % instead of 50 %, from 600 as before.
HALF_TENTH_MORE = (
    ("方式: 按年, 值: 500", "方式: 按年, 值: 600"),
    ("一级: 60, 二级: 55, 三级: 50", "一级: 60, 二级: 55, 三级: 55"),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Jiangxi's counter in the summer of 2023."""
    (tmp_path / "data").mkdir()
    opened = Office(tmp_path / "data/clerk.db")
    yield opened
    opened.ledger.close()


def tried(office: Office, folder: Path, today: datetime = TODAY, progress: Progress | None = None) -> TryOut:
    desk = PolicyDesk(office.path.parent, office.ledger, lambda: today)
    found = desk.try_out(desk.check(folder), progress or Progress())
    assert found is not None
    return found


def follower(tmp_path: Path, *replaced: tuple[str, str], begins: str = "2023-05-01") -> Path:
    return officer.folder(tmp_path / "new", *replaced, begins=begins)


def test_a_change_is_named_by_voucher_with_before_after_and_difference(office, tmp_path):
    settled = office.settle(office.person(), receipt("A1", 100_000))
    found = tried(office, follower(tmp_path)).in_force
    assert found.largest == (Change(settled.voucher_number, 20_000, 25_000),)
    assert (found.tried, found.changed, found.difference_fen) == (1, 1, 5_000)
    assert (found.before_fen, found.after_fen) == (20_000, 25_000)
    assert found.unlike_record == 0


def test_only_visits_inside_the_new_documents_period_are_decided_by_it(office, tmp_path):
    person = office.person()
    office.settle(person, receipt("A1", 100_000, date(2023, 4, 30)))
    office.settle(office.person(), receipt("B1", 100_000, date(2023, 5, 1)))
    found = tried(office, follower(tmp_path)).in_force
    assert (found.tried, found.changed, found.difference_fen) == (1, 1, 5_000)


def test_the_deductible_of_the_year_is_used_up_in_the_order_of_settlement(office, tmp_path):
    person = office.person()
    first = office.settle(person, receipt("A1", 55_000))
    second = office.settle(person, receipt("A2", 10_000))
    assert (first.fund_fen, second.fund_fen) == (0, 2_500)
    found = tried(office, follower(tmp_path)).in_force
    # 500 are used up by the first, of which 50 are paid by half; the second is paid whole.
    assert found.largest == (
        Change(first.voucher_number, 0, 2_500),
        Change(second.voucher_number, 2_500, 5_000),
    )


def test_a_later_settlement_that_the_cap_leaves_less_for_is_a_change_too(office, tmp_path):
    person = office.person()
    first = office.settle(person, receipt("A1", 400_000))
    second = office.settle(person, receipt("A2", 100_000))
    assert (first.fund_fen, second.fund_fen) == (170_000, 10_000)
    found = tried(office, follower(tmp_path, *HALF_TENTH_MORE)).in_force
    assert found.largest == (
        Change(first.voucher_number, 170_000, 180_000),
        Change(second.voucher_number, 10_000, 0),
    )
    assert (found.changed, found.difference_fen) == (2, 0)


def test_the_largest_twenty_are_named_and_all_are_counted(office, tmp_path):
    for number in range(25):
        office.settle(office.person(), receipt(f"A{number}", 61_000 + 1_000 * ((number * 7) % 25)))
    found = tried(office, follower(tmp_path, *HALF_TENTH_MORE)).in_force
    assert found.changed == 25
    assert [change.difference_fen for change in found.largest] == [50 * steps for steps in range(25, 5, -1)]
    assert found.difference_fen == 50 * sum(range(1, 26))


def test_a_large_loss_stands_before_a_small_gain(office, tmp_path):
    small = office.settle(office.person(), receipt("A1", 100_000))
    large = office.settle(office.person(), receipt("B1", 400_000))
    found = tried(office, follower(tmp_path, ("在职: 1800", "在职: 1000"))).in_force
    assert found.largest == (
        Change(large.voucher_number, 170_000, 100_000),
        Change(small.voucher_number, 20_000, 25_000),
    )
    assert found.difference_fen == -65_000


def test_what_the_platform_had_charged_counts_under_both(office, tmp_path):
    person = office.person()
    office.ledger.record_prior_benefit(
        person.person_id, PriorBenefit(2023, Benefit.ORDINARY, 60_000, 0, date(2023, 5, 1))
    )
    office.settle(office.ledger.person(person.person_id), receipt("A1", 100_000))
    found = tried(office, follower(tmp_path)).in_force
    assert (found.tried, found.changed, found.unlike_record) == (1, 0, 0)


def test_reversed_settlements_and_their_mirrors_are_left_out(office, tmp_path):
    person = office.person()
    first = office.settle(person, receipt("A1", 100_000))
    second = office.settle(person, receipt("A2", 100_000))
    office.ledger.reverse(first.voucher_number, "票据退回", "again")
    found = tried(office, follower(tmp_path))
    # Without the first one the second would have borne the deductible: it pays 200 now, and 250 under the new one.
    assert found.read == 1
    assert found.in_force.largest == (Change(second.voucher_number, 20_000, 25_000),)
    assert found.in_force.unlike_record == 1


def test_platform_figures_that_became_known_later_are_not_taken_for_a_change(office, tmp_path):
    person = office.person()
    office.settle(person, receipt("A1", 100_000))
    office.ledger.record_prior_benefit(
        person.person_id, PriorBenefit(2023, Benefit.ORDINARY, 60_000, 0, date(2023, 6, 1))
    )
    found = tried(office, follower(tmp_path)).in_force
    assert (found.changed, found.unlike_record) == (0, 1)


def test_a_reviewed_settlement_is_tried_as_it_was_accepted(office, tmp_path):
    person = office.person(entitlement=Entitlement(EMPLOYED.insurance, EMPLOYED.status))
    office.settle(person, receipt("A1", 100_000), review=Review("赵复核", "已补办备案"))
    assert tried(office, follower(tmp_path)).in_force.difference_fen == 5_000


def test_a_bill_that_was_refused_because_another_voucher_held_it_stays_refused(office, tmp_path):
    office.settle(office.person(), receipt("A1", 100_000))
    office.settle(office.person(), receipt("A1", 100_000), receipt("A2", 100_000))
    found = tried(office, follower(tmp_path)).in_force
    assert (found.changed, found.difference_fen, found.unlike_record) == (2, 10_000, 0)


def test_papers_that_the_new_document_asks_for_change_the_conclusion(office, tmp_path):
    claim = Claim((receipt("A1", 100_000),), materials=frozenset())
    office.settle(office.person(), claim=claim)
    asks = ("零星报销: {值: 受理", "材料: {值: [病历], 依据: 三}\n零星报销: {值: 受理")
    same = ("方式: 按年, 值: 500", "方式: 按年, 值: 600")
    examples = officer.EXAMPLES.replace("250.00", "200.00")
    folder = officer.folder(tmp_path / "new", asks, same, begins="2023-05-01", examples=examples)
    found = tried(office, folder).in_force
    assert (found.changed, found.decided_otherwise) == (0, 1)


def test_what_the_new_document_has_no_figures_for_is_named(office, tmp_path):
    """The settlement names an exclusion that the new list no longer has."""
    excluded = office.settle(office.person(), receipt("A1", 100_000, exclusion="目录外"))
    taken_out = ("  - {代码: 目录外, 情形: 不在国家和省规定的药品、医用耗材和医疗服务项目支付范围, 依据: 二(三)}\n", "")
    found = tried(office, follower(tmp_path, taken_out)).in_force
    assert found.undecided == [excluded.voucher_number]
    assert found.changed == 0


def test_last_year_is_also_tried_as_if_the_document_had_been_in_force(office, tmp_path):
    settled = office.settle(office.person(), receipt("A1", 100_000))
    found = tried(office, follower(tmp_path, begins="2024-07-01"))
    assert (found.in_force.tried, found.in_force.changed) == (0, 0)
    assert found.as_if is not None
    assert found.as_if.first_day == date(2023, 1, 1)
    assert found.as_if.largest == (Change(settled.voucher_number, 20_000, 25_000),)


def test_visits_before_last_year_stay_with_their_document_in_the_supposition(office, tmp_path):
    office.clock.now = officer.noon(2024, 1, 10)
    day = date(2024, 1, 10)
    office.settle(office.person(), receipt("A1", 100_000, date(2023, 12, 31)), handed_in_on=day)
    late = office.settle(office.person(), receipt("B1", 100_000, date(2024, 1, 1)), handed_in_on=day)
    found = tried(office, follower(tmp_path, begins="2025-07-01"), officer.noon(2025, 3, 1)).as_if
    assert found is not None
    assert found.largest == (Change(late.voucher_number, 20_000, 25_000),)
    assert (found.tried, found.undecided) == (1, [])


def test_a_document_older_than_last_year_needs_no_supposition(office, tmp_path):
    office.settle(office.person(), receipt("A1", 100_000))
    found = tried(office, follower(tmp_path), officer.noon(2025, 3, 1))
    assert (found.read, found.as_if) == (0, None)
    assert tried(office, officer.folder(tmp_path / "again", begins="2023-05-01"), officer.noon(2024, 12, 31)).read == 1


def test_dated_values_of_the_document_keep_their_days_in_the_supposition(office, tmp_path):
    """1800 until the end of 2025 and 1900 after it: last year has the first of them."""
    person = office.person()
    office.settle(person, receipt("A1", 400_000))
    settled = office.settle(person, receipt("A2", 100_000))
    dated = (
        "年度限额: {值: {在职: 1800, 退休: 2000}, 依据: 二(三)}",
        """年度限额:
      - {值: {在职: 1750, 退休: 2000}, 止: 2025-12-31, 依据: 二(三)}
      - {值: {在职: 1900, 退休: 2000}, 起: 2026-01-01, 依据: 二(三)}""",
    )
    found = tried(office, follower(tmp_path, dated, begins="2024-07-01")).as_if
    assert found is not None
    assert Change(settled.voucher_number, 10_000, 0) in found.largest
    assert (found.after_fen, found.before_fen) == (175_000, 180_000)


def test_other_areas_settlements_are_not_read(office, tmp_path):
    office.settle(office.person(), receipt("A1", 100_000))
    office.policy = SHELF.policy("370800")
    office.settle(office.person(), receipt("B1", 100_000))
    assert tried(office, follower(tmp_path)).read == 1


def test_a_framework_is_tried_on_the_areas_that_fill_it(office, tmp_path):
    folder = office.path.parent / "policies/parameters"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(
        '统筹区: {代码: "500199", 名称: 示例区}\n沿用: "500000"\n'
        "参数: {普通门诊: {起付标准: 200, 支付比例: 50, 年度限额: 3000}}\n",
        encoding="utf-8",
    )
    office.policy = load_shelf(resources() / "policies", folder.parent).policy("500199")
    settled = office.settle(office.person(), receipt("A1", 100_000))
    text = officer.shipped(
        ("起: 2023-01-01", "起: 2023-05-01"),
        ("〔2022〕16号", "〔2023〕9号"),
        ("{参数: 普通门诊.起付标准}", "100"),
        (
            "  普通门诊.起付标准: {类型: 金额, 最低: 0, 依据: 二(二)1}\n",
            "  普通门诊.起付标准: {类型: 金额, 最低: 0, 依据: 一}\n",
        ),
        area="chongqing/2023-01-01.yaml",
    )
    examples = officer.EXAMPLES.replace("360000", "500199").replace("250.00", "450.00")
    found = tried(office, officer.folder(tmp_path / "new", begins="2023-05-01", text=text, examples=examples))
    assert found.in_force.largest == (Change(settled.voucher_number, 40_000, 45_000),)


def test_a_deductible_by_visit_is_followed_from_voucher_to_voucher(office, tmp_path):
    """Jining's 30 a visit: two vouchers of one visit share it, before and after."""
    office.policy = SHELF.policy("370800")
    person = office.person()
    first = office.settle(person, receipt("A1", 2_000, visit_label="上午"))
    second = office.settle(person, receipt("A2", 10_000, visit_label="上午"))
    assert (first.fund_fen, second.fund_fen) == (0, 4_500)
    text = officer.shipped(
        ("起: 2021-04-01", "起: 2023-05-01"),
        ("济医保发〔2021〕4号", "示例〔2023〕4号"),
        area="jining/2021-04-01.yaml",
    ).replace("30", "15", 1)
    examples = officer.EXAMPLES.replace("360000", "370800").replace(
        "{结论: 支付, 统筹支付: 250.00}", "{统筹支付: 492.50}"
    )
    examples = examples.replace("等级: 三级", "联网机构: true, 等级: 三级")
    found = tried(office, officer.folder(tmp_path / "new", begins="2023-05-01", text=text, examples=examples)).in_force
    assert found.unlike_record == 0
    assert found.largest == (
        Change(second.voucher_number, 4_500, 5_000),
        Change(first.voucher_number, 0, 250),
    )


def test_it_reports_how_far_it_is_and_stops_when_asked(office, tmp_path):
    for number in range(3):
        office.settle(office.person(), receipt(f"A{number}"))
    heard: list[tuple[int, int]] = []
    tried(office, follower(tmp_path), progress=Progress(lambda done, total: heard.append((done, total))))
    assert heard[0] == (0, 3)
    assert heard[-1] == (3, 3)
    with pytest.raises(Cancelled):
        tried(
            office, officer.folder(tmp_path / "again", begins="2023-05-01"), progress=Progress(cancelled=lambda: True)
        )


def test_nothing_in_a_try_out_names_a_person(office, tmp_path):
    record = office.person("张三示例")
    office.settle(record, receipt("A1", institution=Institution("某某医院", "H11010100009", Tier.THREE)))
    said = repr(tried(office, follower(tmp_path)))
    for personal in (record.person.name, record.person.id_number, "某某医院", "A1"):
        assert personal not in said
