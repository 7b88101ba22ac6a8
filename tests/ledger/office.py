"""An office of Jiangxi's with a real ledger: what the tests of the ledger do with it, in this process or another."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.codes import FilingCategory, Insurance, Status, Tier
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.records import PersonRecord, Settlement, SettlementRequest
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


@dataclass
class Office:
    """A ledger and the shortest way to fill it."""

    place: Path | str
    clock: Clock = field(default_factory=Clock)
    policy: Policy = JIANGXI

    def __post_init__(self) -> None:
        self.ledger: Ledger = open_ledger(self.place, "360100", self.clock)
        self._serial = itertools.count(1)
        self._key = itertools.count(1)

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
        more.setdefault("clerk", "李录入")
        more.setdefault("handed_in_on", date(2023, 6, 1))
        return SettlementRequest(person_id=person.person_id, claim=claim, policy=self.policy, shown=shown, **more)

    def settle(self, person: PersonRecord, *receipts: Receipt, **more: Any) -> Settlement:
        return self.ledger.settle(self.request(person, *receipts, **more))
