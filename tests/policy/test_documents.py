"""Every sentence of the five documents that decides an amount, a right or a duty at the counter, and what proves it.

A proof is the name of a worked example beside the policy, or ``folder/test_file.py::test_name``. A sentence that
decides nothing at this counter is listed with the reason why. The gists are our own words.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

from clerk_app.examples.case_file import read_cases
from clerk_app.examples.runner import run_case
from clerk_app.paths import resources

TESTS = Path(__file__).resolve().parents[1]

IN_BOUNDS = "policy/test_parameters.py::test_figures_inside_the_bounds_are_taken"
OUT_OF_BOUNDS = "policy/test_parameters.py::test_a_figure_outside_its_bound_is_refused"
DISEASE_CAP = "policy/test_parameters.py::test_a_diseases_cap_may_not_pass_the_areas_own_chronic_cap"
CITY_FLOOR = "policy/test_parameters.py::test_the_citys_figures_outside_the_floor_are_refused"
NO_FIGURE = "policy/test_shipped_policies.py::test_a_framework_gives_no_figure_before_its_parameters_are_set"
CREDITED = "policy/test_shipped_policies.py::test_personal_accounts_are_credited_as_the_document_says"
MONTHLY = (
    "adjudication/test_account_credits.py::"
    "test_retirement_changes_the_credit_from_the_following_month_and_the_balance_carries_over"
)
FIVE_KINDS = "policy/test_documents.py::test_nanyang_lists_the_five_kinds_of_article_19"
UNCOVERED = "policy/test_documents.py::test_what_a_document_leaves_to_later_is_not_computed"


class Sentence(NamedTuple):
    """Where it stands, what it decides, and what proves that the program does so."""

    article: str
    gist: str
    proofs: tuple[str, ...]


class Nothing(NamedTuple):
    """A sentence that decides nothing at this counter, and why."""

    article: str
    gist: str
    why: str


JILIN = [
    Sentence("一", "ordinary care at designated institutions up to tier 3", ("非定点机构不付，急诊抢救除外",)),
    Sentence("一", "chronic care at tier 2 or lower in principle", ("慢性病未登记不予支付，三级机构须复核",)),
    Sentence("一", "special care at tier 2 or higher, or specialised", ("特殊疾病在一级综合机构须复核，专科不限等级",)),
    Sentence("一", "areas may take in pharmacies that fill a prescription", ("药店购药须复核",)),
    Nothing("一", "internet care follows the institution behind it", "entered as a receipt of that institution"),
    Sentence("二(一)", "ordinary care knows no list of diseases", ("普通门诊，在职三级",)),
    Sentence("二(一)", "chronic and special diseases are registered", ("慢性病未登记不予支付，三级机构须复核",)),
    Sentence("二(二)", "a deductible a year, at most 300", ("普通门诊，在职三级", IN_BOUNDS, OUT_OF_BOUNDS)),
    Sentence("二(二)", "60, 55, 50 % by tier", ("普通门诊，在职三级", "普通门诊，退休加成五个百分点，限额两千")),
    Sentence("二(二)", "the retired get the inpatient tilt", ("普通门诊，退休加成五个百分点，限额两千",)),
    Sentence("二(二)", "a cap of at most 2000", ("普通门诊，退休加成五个百分点，限额两千", OUT_OF_BOUNDS)),
    Sentence("二(三)", "chronic shares the deductible", ("慢性病与普通门诊合并计算起付线，各有比例和限额",)),
    Sentence("二(三)", "chronic ratio 60 or 70", ("慢性病与普通门诊合并计算起付线，各有比例和限额", OUT_OF_BOUNDS)),
    Sentence("二(三)", "chronic cap at most 6500", ("慢性病与普通门诊合并计算起付线，各有比例和限额", OUT_OF_BOUNDS)),
    Sentence("二(三)", "caps of single diseases", ("慢性病与普通门诊合并计算起付线，各有比例和限额", DISEASE_CAP)),
    Sentence("二(四)", "inpatient deductible once a year, topped up", ("特殊疾病一年一次起付，到上级医院补差",)),
    Sentence("二(四)", "inpatient ratio of the tier", ("特殊疾病一年一次起付，到上级医院补差",)),
    Sentence("二(四)", "cap shared with inpatient", ("日间手术不设起付线，限额与住院合并",)),
    Sentence("二(五)", "emergency by the inpatient rules", ("急诊抢救按住院待遇逐次起付，视同备案",)),
    Sentence("二(六)", "day surgery without a deductible", ("日间手术不设起付线，限额与住院合并",)),
    Nothing("二(七)", "benefits may be adjusted", "a new document becomes a new file"),
    Nothing("三", "networked care is settled by the institution", "not this counter's work"),
    Sentence("三", "off-site care presupposes a filing", ("未备案须复核",)),
    Sentence("三", "paid on credential, receipt and record", ("缺病历须复核，补齐后可结算",)),
    Sentence("三", "what was networked is not claimed again", ("票据已有统筹支付，属于联网结算",)),
    Nothing("四", "ways of paying institutions", "between fund and institution"),
    Nothing("五", "supervision of fund and institutions", "no figure, right or duty at the counter"),
    Sentence("六(一)", "areas set their own rules", (NO_FIGURE,)),
    Sentence("六(二)", "areas stay within the province's frame", (OUT_OF_BOUNDS,)),
    Sentence("六(三)", "old benefits run to the end of 2022", ("二〇二二年底以前执行原待遇，本文件不支付",)),
    Sentence("六(三)", "chronic and special go before ordinary", ("登记病种的费用优先按慢性病待遇",)),
    Sentence("六(三)", "none of them during a stay", ("住院期间不享受门诊待遇，入院当日须复核",)),
    Sentence("六(三)", "dual-channel drugs, phenylketonuria", ("双通道药品和苯丙酮尿症另有政策，须复核",)),
]
CHONGQING = [
    Nothing("一(一)", "guiding ideas", "no figure, right or duty"),
    Sentence("一(二)", "refined by the end of 2022", ("没有设置参数也能判断不在施行期",)),
    Sentence("一(二)", "at least 50 %", (CITY_FLOOR,)),
    Sentence("二(一)", "chronic and special are to be unified later", (UNCOVERED,)),
    Sentence("二(二)1", "all insured employees", ("居民不在职工普通门诊统筹范围",)),
    Sentence(
        "二(二)1", "a year's deductible, ratio and cap, set by the city", ("在职三级，按设置的参数计算", NO_FIGURE)
    ),
    Sentence(
        "二(二)1", "at least 50 %, tilted to the retired", (CITY_FLOOR, "年中退休，起付标准由二百降为一百，已付的不退")
    ),
    Nothing("二(二)2", "figures are adjusted over time", "a new parameter file with its date"),
    Sentence("二(二)2", "prescriptions filled at pharmacies", ("外配处方在定点药店购药须复核",)),
    Sentence("二(二)3", "no expense is paid twice", ("住院期间的门诊费用不重复支付",)),
    Sentence("二(三)1", "2 % of the base; the retired 2 % of the average pension", (CREDITED,)),
    Sentence("二(三)2", "an account pays for spouse, parents, children", ("父母的个人账户可以支付个人负担",)),
    Nothing("二(三)2", "an account pays relatives' premiums", "premiums are not paid at this counter"),
    Sentence("二(三)2", "never public health, fitness, wellness", ("公共卫生费用和养生保健消费不予支付",)),
    Nothing("二(四)", "supervision, services, ways of payment", "no figure, right or duty at the counter"),
    Nothing("三", "who organises the reform", "no figure, right or duty at the counter"),
]
JIANGXI = [
    Nothing("一", "guiding ideas and principles", "no figure, right or duty"),
    Sentence("二(三)", "from 2023-01-01, all insured employees", ("文件施行以前就诊不予支付", "居民不在保障范围")),
    Sentence("二(三)", "600 a calendar year", ("全在起付线以内，支付零元", "在职限额一千八，超出部分不付")),
    Sentence(
        "二(三)",
        "60, 55, 50 % by tier",
        ("起付线先由一级票据用掉，再按三级比例；录入次序不影响", "全在起付线以内，支付零元"),
    ),
    Sentence("二(三)", "a cap of 1800", ("在职限额一千八，超出部分不付",)),
    Sentence("二(三)", "retired: 5 points more, cap 2000", ("退休提高五个百分点，限额两千",)),
    Sentence("二(三)", "by the national and provincial lists", ("目录外费用和养生保健不予支付",)),
    Sentence("二(三)", "chronic and special are to be improved later", (UNCOVERED,)),
    Nothing("二(三)", "benefits are adjusted over time", "a new document becomes a new file"),
    Sentence("二(三)", "prescriptions filled at pharmacies", ("定点药店凭处方购药须复核",)),
    Sentence("二(四)", "2 % of the base; the retired 2.5 % of the average pension", (CREDITED,)),
    Sentence("二(五)", "an account pays for spouse, parents, children", ("个人账户支付个人负担，配偶账户余额不足",)),
    Sentence("二(五)", "never public health, fitness, wellness", ("目录外费用和养生保健不予支付",)),
    Nothing("二(六)", "supervision and services", "no figure, right or duty at the counter"),
    Nothing("二(七)", "ways of paying institutions", "between fund and institution"),
    Nothing("三", "who organises the reform", "no figure, right or duty at the counter"),
]
NANYANG = [
    Nothing("第一条、第二条", "purpose and principles", "no figure, right or duty"),
    Sentence("第三条", "insured employees of the city", ("居民不适用",)),
    Nothing("第四条", "who administers", "between authorities"),
    Sentence("第五条(一)", "30 at tier 2, 50 at tier 3, none below", ("直接结算时，按次起付和各级比例（在职）",)),
    Sentence("第五条(一)", "once within 24 hours", ("二十四小时内同一医院只记一次起付，第一次没扣满的第二次接着扣",)),
    Sentence("第五条(一)", "once a day where no time is known", ("没有时刻时，同日同院合并，隔日分开",)),
    Sentence("第五条(二)", "60, 55, 50 % employed", ("直接结算时，按次起付和各级比例（在职）",)),
    Sentence("第五条(二)", "70, 65, 60 % retired", ("直接结算时，退休比例",)),
    Sentence("第五条(三)", "caps of 1500 and 2000", ("在职限额一千五，退休限额两千",)),
    Nothing("第五条(三)", "outside the fund's overall cap", "no other cap is computed, so none is shared"),
    Sentence("第六条", "retired benefits from the following month", ("在职限额一千五，退休限额两千",)),
    Nothing("第七条", "direct settlement is to be improved", "no figure, right or duty at the counter"),
    Sentence("第八条", "2 % of the base; the retired 2 % of the 2021 pension", (CREDITED,)),
    Sentence("第九条", "an account pays for spouse, parents, children", ("直接结算时，个人账户支付个人负担",)),
    Sentence("第十条", "never what insurance does not cover", (FIVE_KINDS,)),
    Sentence("第十一条、第十二条", "the credit changes with retirement; the balance carries over", (MONTHLY,)),
    Nothing("第十二条", "transfer, inheritance, one-off payout", "done at the account desk, not here"),
    Nothing("第十三条", "pharmacies and dual-channel drugs", "manual claims of the area are refused by 第十五条"),
    Sentence("第十四条", "inside the city care is settled directly", ("市内就诊应当直接结算，不属于异地",)),
    Sentence("第十五条", "not settled directly, not paid", ("异地未直接结算，统筹基金不予支付，附参考金额",)),
    Nothing("第十六条、第十七条", "duties and payment of institutions", "between fund and institution"),
    Nothing("第十八条", "payment standards of drugs", "reaches the counter as the receipt's over-limit part"),
    Sentence("第十九条", "five kinds of expense are not paid", ("虚开的费用不予支付", FIVE_KINDS)),
    Nothing("第二十条至第二十三条", "administration and supervision", "no figure, right or duty at the counter"),
    Sentence("第二十四条、第二十五条", "in force from 2022-07-01", ("细则施行前不予支付",)),
]
JINING = [
    Nothing("一", "aims and pilot hospitals", "no figure, right or duty at the counter"),
    Sentence("二", "employees and residents", ("职工，联网机构，每次起付三十元", "居民不设起付，限额二百元")),
    Sentence("三", "six categories may be filed", ("未开通联网的机构、没有备案，都须复核",)),
    Sentence("三(五)", "emergencies while travelling", ("异地急诊按普通门诊待遇，视为备案类别之一",)),
    Nothing("四(一)", "scope by the place of care", "reaches the counter as the receipt's own breakdown"),
    Sentence("四(二)", "employees: 30 a visit, 50 %", ("职工，联网机构，每次起付三十元",)),
    Sentence("四(二)", "a visit is charged once", ("同一次就诊的几张票据共用一次起付，其余各算一次",)),
    Sentence("四(二)", "employees: 600 a year, shared with local care", ("本市与异地普通门诊共用限额六百元",)),
    Sentence("四(二)", "residents: no deductible, 50 %, 200 a year", ("居民不设起付，限额二百元",)),
    Sentence("四(二)", "at networked institutions", ("未开通联网的机构、没有备案，都须复核",)),
    Sentence("五(一)", "a filing opens direct settlement", ("未开通联网的机构、没有备案，都须复核",)),
    Nothing("五(二)", "credential at the place of care", "the duty is at the place of care"),
    Sentence("六", "an institution's breach is not paid", ("医疗机构违规行为涉及的费用不予支付",)),
    Sentence("六", "in force from 2021-04-01", ("方案执行前不予支付",)),
]
AREAS = {"jilin": JILIN, "chongqing": CHONGQING, "jiangxi": JIANGXI, "nanyang": NANYANG, "jining": JINING}


@pytest.fixture(scope="module")
def holding(shelf):
    """The worked examples of each area that hold."""
    return {
        area: {
            case.name
            for case in read_cases(resources() / "policies" / area / "examples.yaml", shelf)
            if run_case(case).holds
        }
        for area in AREAS
    }


@pytest.mark.parametrize("area", AREAS)
def test_every_deciding_sentence_has_a_proof_that_holds(area, holding):
    unproved = [
        f"{sentence.article} {sentence.gist}: {proof}"
        for sentence in AREAS[area]
        if isinstance(sentence, Sentence)
        for proof in sentence.proofs or ("no proof",)
        if not (_test_exists(proof) if "::" in proof else proof in holding[area])
    ]

    assert unproved == []


@pytest.mark.parametrize("area", AREAS)
def test_every_worked_example_beside_a_policy_holds(area, shelf, holding):
    cases = read_cases(resources() / "policies" / area / "examples.yaml", shelf)

    assert [case.name for case in cases if case.name not in holding[area]] == []


def test_nanyang_lists_the_five_kinds_of_article_19(shelf):
    exclusions = shelf.policy("411300").versions[0].exclusions

    assert [entry.source.article for entry in exclusions] == [f"第十九条({number})" for number in "一二三四五"]


@pytest.mark.parametrize("area", ["500000", "360000"])
def test_what_a_document_leaves_to_later_is_not_computed(area, shelf):
    benefits = shelf.policy(area).versions[0].benefits

    assert {benefit.term for benefit in benefits} == {"普通门诊"}


def _test_exists(proof):
    file, _colons, name = proof.partition("::")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree))
