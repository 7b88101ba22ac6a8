"""The code lists of the national medical-insurance platform that the program needs.

Each member has a short English value (kept in tables), the term that officers write in files and clerks read on
screen, and the national code that exports carry.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Self


class Term(StrEnum):
    """A code with its Chinese term and its national code."""

    term: str
    national_code: str

    def __new__(cls, value: str, term: str, national_code: str = "") -> Self:
        """Make the member ``value`` that is called ``term`` in files and on paper."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.term = term
        member.national_code = national_code
        return member

    @classmethod
    def from_term(cls, term: str) -> Self:
        """Find the member by its Chinese term.

        Raises:
            KeyError: There is none.
        """
        for member in cls:
            if member.term == term:
                return member
        raise KeyError(term)

    @classmethod
    def terms(cls) -> tuple[str, ...]:
        """All terms in order."""
        return tuple(member.term for member in cls)


class Insurance(Term):
    """险种 insutype."""

    EMPLOYEE = "employee", "职工", "310"
    RESIDENT = "resident", "居民", "390"


class Status(Term):
    """人员类别, as far as it decides benefits; the resident's age groups only matter to exports."""

    EMPLOYED = "employed", "在职", "11"
    RETIRED = "retired", "退休", "12"
    RESIDENT = "resident", "居民", "15"


class Benefit(Term):
    """待遇 med_type: the kind of care that a receipt is settled as."""

    ORDINARY = "ordinary", "普通门诊", "11"
    CHRONIC = "chronic", "门诊慢性病", "140104"
    SPECIAL = "special", "门诊特殊疾病", "140201"
    EMERGENCY = "emergency", "急诊抢救", "13"
    DAY_SURGERY = "day_surgery", "日间手术", "28"
    INPATIENT = "inpatient", "住院", "21"


class Tier(IntEnum):
    """医院等级, by what it decides: 0 has no grade and counts as 一级及以下."""

    NONE = 0
    ONE = 1
    TWO = 2
    THREE = 3

    @property
    def term(self) -> str:
        """The word in files and on paper."""
        return _TIER_TERMS[self]

    @property
    def counts_as(self) -> Tier:
        """The tier whose figures apply: an institution with no grade has those of tier 1."""
        return Tier.ONE if self is Tier.NONE else self

    @classmethod
    def from_term(cls, term: str) -> Tier:
        """Find the tier by its word.

        Raises:
            KeyError: There is none.
        """
        for tier, word in _TIER_TERMS.items():
            if word == term:
                return tier
        raise KeyError(term)

    @classmethod
    def terms(cls) -> tuple[str, ...]:
        """All words, the highest tier first, as a form lists them."""
        return tuple(reversed(_TIER_TERMS.values()))


_TIER_TERMS = {Tier.NONE: "无等级", Tier.ONE: "一级", Tier.TWO: "二级", Tier.THREE: "三级"}


class InstitutionKind(Term):
    """机构类别."""

    GENERAL = "general", "综合"
    SPECIALISED = "specialised", "专科"
    PHARMACY = "pharmacy", "药店"
    CLINIC = "clinic", "诊所"


class FeeCategory(Term):
    """费用类别 med_chrgitm_type."""

    BED = "01", "床位费", "01"
    CONSULTATION = "02", "诊察费", "02"
    EXAMINATION = "03", "检查费", "03"
    LABORATORY = "04", "化验费", "04"
    TREATMENT = "05", "治疗费", "05"
    SURGERY = "06", "手术费", "06"
    NURSING = "07", "护理费", "07"
    CONSUMABLES = "08", "卫生材料费", "08"
    WESTERN_DRUGS = "09", "西药费", "09"
    HERBAL_PIECES = "10", "中药饮片费", "10"
    CHINESE_DRUGS = "11", "中成药费", "11"
    GENERAL_PRACTICE = "12", "一般诊疗费", "12"
    REGISTRATION = "13", "挂号费", "13"
    OTHER = "14", "其他费用", "14"


class ItemClass(Term):
    """目录类别 chrgitm_lv."""

    FULL = "01", "甲类", "01"
    SHARED = "02", "乙类", "02"
    SELF_FUNDED = "03", "丙类", "03"


class FilingCategory(Term):
    """备案类别: why care outside the area was registered."""

    RETIRED_RESETTLED = "retired_resettled", "异地安置退休"
    LONG_TERM_RESIDENT = "long_term_resident", "异地长期居住"
    STATIONED_WORKER = "stationed_worker", "常驻异地工作"
    REFERRED = "referred", "转诊转院"
    EMERGENCY_TRAVELLING = "emergency_travelling", "异地急诊"
    OTHER = "other", "其他"


class Material(Term):
    """材料: a paper that the insured hands in."""

    CREDENTIAL = "credential", "医保凭证"
    RECEIPT = "receipt", "收据"
    MEDICAL_RECORD = "medical_record", "病历"
    FEE_LIST = "fee_list", "费用清单"
    PRESCRIPTION = "prescription", "处方"
    EMERGENCY_DIAGNOSIS = "emergency_diagnosis", "急诊诊断证明"
    AUTHORISATION = "authorisation", "委托书"
    ACCIDENT_PAPERS = "accident_papers", "意外伤害材料"


class Decision(Term):
    """结论: what becomes of a receipt or a claim."""

    PAY = "pay", "支付"
    REVIEW = "review", "待复核"
    REFUSE = "refuse", "不予支付"


class Reason(StrEnum):
    """原因: why a receipt is refused or needs review; the codes are those of the worked examples."""

    NOT_FILED = "not_filed"
    MISSING_DOCUMENT = "missing_document"
    NOT_DIRECTLY_SETTLED = "not_directly_settled"
    INSTITUTION_NOT_NETWORKED = "institution_not_networked"
    NO_POLICY_IN_FORCE = "no_policy_in_force"
    NOT_COVERED_INSURANCE = "not_covered_insurance"
    OUTSIDE_COVERAGE = "outside_coverage"
    DUPLICATE_RECEIPT = "duplicate_receipt"
    EXCLUDED = "excluded"
    DURING_INPATIENT_STAY = "during_inpatient_stay"
    CONDITION_NOT_REGISTERED = "condition_not_registered"
    TIER_UNUSUAL = "tier_unusual"
    TIER_UNKNOWN = "tier_unknown"
    PHARMACY = "pharmacy"
    SEPARATE_POLICY = "separate_policy"
    NOT_DESIGNATED = "not_designated"
    ALREADY_NETWORKED = "already_networked"
    NOT_OFF_SITE = "not_off_site"


class Payer(Term):
    """付款人: whose personal account pays."""

    SELF = "self", "本人"
    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"


class ClaimState(Term):
    """Where a claim stands before it is settled, and how it ended."""

    ENTERED = "entered", "录入"
    SUBMITTED = "submitted", "初审"
    RETURNED = "returned", "退回"
    SETTLED = "settled", "结算"
    WITHDRAWN = "withdrawn", "撤销"


class Stage(Term):
    """Where a settlement stands on its way to the money and the shelf."""

    UNREVIEWED = "unreviewed", "待复核"
    OBJECTED = "objected", "复核未通过"
    PAYABLE = "payable", "待支付"
    IN_PAYMENT = "in_payment", "已报盘"
    PAID = "paid", "已支付"
    RECOVER = "recover", "待追回"
    CLOSED = "closed", "无须支付"


class RecoveryWay(Term):
    """How money comes back that was paid and no longer stands."""

    CASH = "cash", "现金"
    TRANSFER = "transfer", "转账"
    DEDUCTION = "deduction", "抵扣"


class Role(Term):
    """What a user of the office's ledger is there for."""

    ADMINISTRATOR = "administrator", "管理员"
    CLERK = "clerk", "经办人员"
    REVIEWER = "reviewer", "复核人员"
    FINANCE = "finance", "财务人员"
    AUDITOR = "auditor", "稽核人员"


class Action(Term):
    """What a user does with the ledger: the columns of the table of rights, and what the audit trail calls an act."""

    SEE = "see", "查看单据"
    SEE_AUDIT = "see_audit", "查看操作记录"
    SHOW_NUMBERS = "show_numbers", "显示完整号码"
    SAVE_PERSON = "save_person", "登记参保人员"
    ENTER = "enter", "录入申请"
    SETTLE = "settle", "结算"
    REVIEW = "review", "复核"
    REVERSE = "reverse", "冲正"
    CORRECT = "correct", "更正"
    PRINT = "print", "打印"
    EXPORT = "export", "导出"
    CHANGE_PAYEE = "change_payee", "变更收款账户"
    PAY = "pay", "支付"
    RECOVER = "recover", "收回"
    ARCHIVE = "archive", "归档"
    CLOSE_MONTH = "close_month", "月结"
    MANAGE_USERS = "manage_users", "管理用户"
    CHANGE_OFFICE = "change_office", "修改机构设置"
    PROPOSE_POLICY = "propose_policy", "提交政策"
    INSTALL_POLICY = "install_policy", "装入政策"
    IMPORT_CATALOGUE = "import_catalogue", "导入目录"
    CONFIRM_CLOCK = "confirm_clock", "确认时钟"
    BACK_UP = "back_up", "备份"
    RESTORE = "restore", "恢复"
    MIGRATE = "migrate", "迁移账本"
    CHANGE_PASSPHRASE = "change_passphrase", "更换机构口令"
    #: Not rights but acts of everybody, which the audit trail names too.
    SIGN_IN = "sign_in", "登录"
    FOUND = "found", "建立账本"
