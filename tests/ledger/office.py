"""An office of Jiangxi's with a real ledger: what the tests of the ledger do with it, in this process or another."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.codes import Action, FilingCategory, Insurance, Role, Status, Tier
from clerk_app.ledger.act import Act
from clerk_app.ledger.keys import PRACTICE, Cost, Keys, office_keys
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.passwords import Hardness
from clerk_app.ledger.records import Head, PersonRecord, Review, Settlement, SettlementRequest, User
from clerk_app.policy.shelf import load_shelf
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.id_card import check_digit
from clerk_app.receipts.insured import Entitlement, Filing, Period, Person

SHELF = load_shelf()
JIANGXI = SHELF.policy("360000")
JINING = SHELF.policy("370800")
FILED = (Filing(FilingCategory.STATIONED_WORKER, Period(date(2022, 1, 1))),)
EMPLOYED = Entitlement(Insurance.EMPLOYEE, Status.EMPLOYED, filings=FILED)
HOSPITAL = Institution("北京协和医院", "H11010100001", Tier.THREE, networked=True)
TODAY = datetime(2023, 6, 1, 9, 30)  # noqa: DTZ001 -- the office's local time
#: As cheap as Argon2 allows.
CHEAP = Cost(memory_kib=8, passes=1)
PASSPHRASE = "春天 桌子 蓝色 火车"  # noqa: S105 -- of offices that do not exist
SECRET = office_keys(PASSPHRASE, b"salt of 16 bytes", CHEAP)


class Clock:
    """A wall clock that the tests set."""

    def __init__(self, now: datetime = TODAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def id_number(serial: int) -> str:
    """A valid number of somebody who does not exist."""
    born_on = date(1980, 1, 1) + timedelta(days=serial // 1000)
    first_17 = f"360102{born_on:%Y%m%d}{serial % 1000:03d}"
    return first_17 + check_digit(first_17)


def receipt(number: str, total_fen: int = 100_000, visited_on: date = date(2023, 5, 20), **more: Any) -> Receipt:
    return Receipt(number, visited_on, more.pop("institution", HOSPITAL), total_fen, **more)


#: What a password costs where nothing is protected.
QUICK = Hardness(memory_kib=8, passes=1)
PASSWORD = "示例口令-2023"  # noqa: S105 -- of people who do not exist
ADMINISTRATOR = User("guan", "关管理", Role.ADMINISTRATOR)
CLERK = User("li", "李录入", Role.CLERK)
REVIEWER = User("zhao", "赵复核", Role.REVIEWER)
FINANCE = User("sun", "孙财务", Role.FINANCE)
AUDITOR = User("qian", "钱稽核", Role.AUDITOR)
PEOPLE = (CLERK, REVIEWER, FINANCE, AUDITOR)


def staffed(ledger: Ledger, user: User = CLERK, *, is_practice: bool = True) -> Ledger:
    """A ledger with one user of each role, where somebody is signed in."""
    if ledger.standing() is None:
        ledger.found(ADMINISTRATOR, PASSWORD, is_practice=is_practice)
        for person in PEOPLE:
            ledger.add_user(person, PASSWORD)
    ledger.sign_in(user.login, PASSWORD)
    return ledger


@dataclass
class Office:
    """A ledger and the shortest way to fill it."""

    place: Path | str
    clock: Clock = field(default_factory=Clock)
    policy: Policy = JIANGXI
    keys: Keys = PRACTICE

    def __post_init__(self) -> None:
        opened = open_ledger(self.place, "360100", self.clock, keys=self.keys, hardness=QUICK)
        self.ledger: Ledger = staffed(opened)
        self._serial = itertools.count(1)
        self._key = itertools.count(1)

    @property
    def path(self) -> Path:
        """The ledger's file, for tests of files."""
        assert isinstance(self.place, Path)
        return self.place

    def person(self, name: str = "张三", entitlement: Entitlement = EMPLOYED) -> PersonRecord:
        person = Person(name, id_number(next(self._serial)))
        return self.ledger.save_person(person, entitlement, self.policy.area_code)

    def request(self, person: PersonRecord, *receipts: Receipt, **more: Any) -> SettlementRequest:
        """What the counter sends when the clerk has seen the amounts and presses Save."""
        claim = more.pop("claim", None) or Claim(receipts)
        used = self.ledger.year_to_date(person.person_id, self.policy)
        taken = self.ledger.taken_bills([each.bill_key for each in claim.receipts])
        shown = adjudicate_claim(claim, person.entitlement, self.policy, used, taken)
        more.setdefault("key", f"draft-{next(self._key)}")
        more.setdefault("handed_in_on", date(2023, 6, 1))
        return SettlementRequest(person_id=person.person_id, claim=claim, policy=self.policy, shown=shown, **more)

    def settle(self, person: PersonRecord, *receipts: Receipt, **more: Any) -> Settlement:
        request = self.request(person, *receipts, **more)
        self.approved(request.review)
        return self.ledger.settle(request)

    def act(self, connection: Connection) -> Act:
        """An act that a test does by itself, without its row of the audit trail."""
        return Act(connection, Action.SETTLE, CLERK, self.clock.now, "360100", Head(1000))

    def approved(self, review: Review | None) -> None:
        """Let the reviewer give the password at this desk, if it is one."""
        for each in PEOPLE:
            if review is not None and each == REVIEWER and each.name == review.reviewer.strip():
                self.ledger.approve(each.login, PASSWORD, Action.REVIEW)
