"""The sample office's people and papers: all of them invented, and recognisably so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from clerk_app.codes import Benefit, FilingCategory, Insurance, Material, Payer, Status, Tier
from clerk_app.ledger.records import Payee, PriorBenefit, Review
from clerk_app.money import parse_yuan
from clerk_app.receipts.claim import AccountOffer, Claim, Institution, Receipt
from clerk_app.receipts.id_card import check_digit, parse_id_card
from clerk_app.receipts.insured import Entitlement, Filing, Period, Person

_ALL_PAPERS = frozenset({Material.CREDENTIAL, Material.RECEIPT, Material.FEE_LIST, Material.MEDICAL_RECORD})
_CITY_HOSPITAL = Institution("示例市第一人民医院", "H99010100001", Tier.THREE)
_DISTRICT_HOSPITAL = Institution("示例市新区医院", "H99010200017", Tier.TWO)
_HEALTH_CENTRE = Institution("示例市向阳街道社区卫生服务中心", "H99010200088", Tier.ONE)
_NETWORKED_HOSPITAL = Institution("邻省示例医院", "H99020100003", Tier.THREE, networked=True)


@dataclass(frozen=True, slots=True)
class SampleClaim:
    """One claim of the sample office.

    Attributes:
        key: Fixed, so that writing the demo again pays nothing twice.
        is_reversed: It is taken back afterwards.
    """

    key: str
    person: Person
    entitlement: Entitlement
    area_code: str
    claim: Claim
    prior: PriorBenefit | None = None
    payee: Payee | None = None
    review: Review | None = None
    is_reversed: bool = False


def sample_claims(year: int) -> Iterator[SampleClaim]:
    """Every case that a counter meets on a day: paid, cut by the cap, reviewed, refused, taken back.

    Args:
        year: Of the visits; everything was handed in on 18 June of it.
    """
    yield SampleClaim(
        key="demo-1",
        person=_person("张三示例", "19790314", "001", "示例机械厂"),
        entitlement=_employee(Status.EMPLOYED, FilingCategory.STATIONED_WORKER),
        area_code="360000",
        claim=Claim(
            (
                _receipt("0000000101", date(year, 5, 20), _CITY_HOSPITAL, "1286.40", own="36.40", first="50.00"),
                _receipt("0000000102", date(year, 5, 21), _HEALTH_CENTRE, "412.75", limit="12.75"),
                _receipt("0000000103", date(year, 6, 3), _DISTRICT_HOSPITAL, "655.00", own="15.00"),
            ),
            handed_in_on=date(year, 6, 18),
            materials=_ALL_PAPERS,
        ),
        prior=PriorBenefit(year, Benefit.ORDINARY, 10000, 0, date(year, 6, 17)),
    )
    yield SampleClaim(
        key="demo-2",
        person=_person("𠮷田䶮示例", "19530809", "012", ""),
        entitlement=_employee(Status.RETIRED, FilingCategory.RETIRED_RESETTLED),
        area_code="360000",
        claim=Claim(
            (_receipt("0000000201", date(year, 4, 9), _CITY_HOSPITAL, "2100.00"),),
            handed_in_on=date(year, 6, 18),
            materials=_ALL_PAPERS,
            account=AccountOffer(30000, Payer.CHILD),
        ),
        prior=PriorBenefit(year, Benefit.ORDINARY, 60000, 160000, date(year, 6, 17)),
        payee=Payee("𠮷田示例", "子女", "示例银行示例支行", "6200000000000000018"),
    )
    yield SampleClaim(
        key="demo-3",
        person=_person("李四示例", "19910101", "003", "示例软件公司"),
        entitlement=_employee(Status.EMPLOYED, FilingCategory.LONG_TERM_RESIDENT),
        area_code="370800",
        claim=Claim(
            (
                _receipt("0000000301", date(year, 6, 6), _NETWORKED_HOSPITAL, "12.00", visit="上午"),
                _receipt("0000000302", date(year, 6, 6), _NETWORKED_HOSPITAL, "318.01", visit="上午"),
            ),
            handed_in_on=date(year, 6, 18),
            materials=_ALL_PAPERS,
        ),
    )
    yield SampleClaim(
        key="demo-4",
        person=_person("王五示例", "19880229", "004", "示例运输队"),
        entitlement=_employee(Status.EMPLOYED, FilingCategory.LONG_TERM_RESIDENT),
        area_code="411300",
        claim=Claim(
            (_receipt("0000000401", date(year, 6, 1), _CITY_HOSPITAL, "1050.00"),),
            handed_in_on=date(year, 6, 18),
            materials=_ALL_PAPERS,
        ),
    )
    yield SampleClaim(
        key="demo-5",
        person=_person("赵六示例", "20010517", "006", ""),
        entitlement=Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED),
        area_code="360000",
        claim=Claim(
            (_receipt("0000000501", date(year, 6, 11), _DISTRICT_HOSPITAL, "980.00"),),
            handed_in_on=date(year, 6, 18),
            materials=_ALL_PAPERS,
        ),
        review=Review("孙复核示例", "已补办异地就医备案"),
    )
    yield SampleClaim(
        key="demo-6",
        person=_person("张三示例", "19790314", "001", "示例机械厂"),
        entitlement=_employee(Status.EMPLOYED, FilingCategory.STATIONED_WORKER),
        area_code="360000",
        claim=Claim(
            (_receipt("0000000601", date(year, 6, 12), _HEALTH_CENTRE, "88.80"),),
            handed_in_on=date(year, 6, 18),
            materials=_ALL_PAPERS,
        ),
        is_reversed=True,
    )


def _person(name: str, born: str, order: str, employer: str) -> Person:
    """A person of the area 990101, which no code list has."""
    first_17 = f"990101{born}{order}"
    card = parse_id_card(first_17 + check_digit(first_17), date(2024, 6, 18))
    return Person(name, card.number, sex=card.sex.value, born_on=card.born_on, phone="00000000000", employer=employer)


def _employee(status: Status, category: FilingCategory) -> Entitlement:
    filing = Filing(category, Period(date(2023, 1, 1)))
    return Entitlement(Insurance.EMPLOYEE, status, filings=(filing,))


def _receipt(
    number: str,
    visited_on: date,
    institution: Institution,
    total: str,
    *,
    own: str = "0",
    limit: str = "0",
    first: str = "0",
    visit: str = "",
) -> Receipt:
    return Receipt(
        number,
        visited_on,
        institution,
        parse_yuan(total),
        bill_code="99060124",
        visited_at=time(9, 30),
        self_funded_fen=parse_yuan(own),
        over_limit_fen=parse_yuan(limit),
        paid_first_fen=parse_yuan(first),
        visit_label=visit,
    )
