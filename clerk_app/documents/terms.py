"""Words of the national code lists that only papers and exports need, and how papers write common values.

Papers are in Chinese whatever the language of the screen is: they are legal documents of a Chinese office. Their
labels are therefore plain constants beside the layout that they belong to, and do not go through ``wording``.
"""

from __future__ import annotations

from datetime import date, datetime

from clerk_app.codes import Tier
from clerk_app.ledger.records import Settlement
from clerk_app.money import format_yuan
from clerk_app.receipts.id_card import Sex

NOTHING = "—"

#: manl_reim_rea 手工报销原因.
MANUAL_REASONS = {
    "01": "普通报销",
    "02": "未带卡（凭证）",
    "03": "异地就医",
    "04": "急诊",
    "05": "异地转诊",
    "99": "其他",
}
#: psn_cert_type 证件类型.
CERTIFICATES = {"01": "居民身份证", "90": "社会保障卡", "99": "其他证件"}
#: med_chrgitm_type 费用类别.
FEE_CATEGORIES = {
    "01": "床位费",
    "02": "诊察费",
    "03": "检查费",
    "04": "化验费",
    "05": "治疗费",
    "06": "手术费",
    "07": "护理费",
    "08": "卫生材料费",
    "09": "西药费",
    "10": "中药饮片费",
    "11": "中成药费",
    "12": "一般诊疗费",
    "13": "挂号费",
    "14": "其他费用",
}


def term(words: dict[str, str], code: str) -> str:
    """The word of a code; an unknown code is printed as it is."""
    return words.get(code, code or NOTHING)


def yuan(fen: int) -> str:
    """An amount on paper: yuan with separators; the unit stands in the head."""
    return format_yuan(fen, separators=True)


def percent(ratio_bp: int) -> str:
    """A ratio in ten-thousandths as a percentage without needless decimals."""
    whole, rest = divmod(ratio_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def day(given: date | None) -> str:
    """A day on paper."""
    return given.isoformat() if given else NOTHING


def moment(given: datetime) -> str:
    """A time on paper, local time of the office."""
    return f"{given:%Y-%m-%d %H:%M:%S}"


def sex_of(settlement: Settlement) -> str:
    """性别 in words, whether it was recorded as the national code or as a word."""
    recorded = settlement.person.sex
    return Sex(recorded).term if recorded in tuple(Sex) else recorded or NOTHING


def age_of(settlement: Settlement) -> str:
    """Full years of life on the day of acceptance."""
    born_on, on = settlement.person.born_on, settlement.handed_in_on
    if born_on is None:
        return NOTHING
    return str(on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day)))


def tier_term(tier: Tier | None) -> str:
    """等级; an unknown one is a dash."""
    return NOTHING if tier is None else tier.term
