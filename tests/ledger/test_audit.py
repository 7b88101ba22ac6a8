from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Row, select

from clerk_app.codes import Action
from clerk_app.errors import ClerkError
from clerk_app.ledger import audit
from clerk_app.ledger.keys import PRACTICE
from clerk_app.ledger.records import Head, Review
from clerk_app.ledger.seals import row_key, seal_of
from clerk_app.ledger.store import open_store
from clerk_app.ledger.tables import audit as audit_table
from clerk_app.ledger.tables import metadata, persons
from clerk_app.wording import sentence
from tests.ledger.office import PASSWORD, REVIEWER, TODAY, Office, receipt, staffed


def trail(place: Path | str) -> list[Row[object]]:
    store = open_store(place, wait_seconds=1)
    with store.reading() as connection:
        rows = connection.execute(select(audit_table).order_by(audit_table.c.sequence)).all()
    store.close()
    return list(rows)


def busy(office: Office) -> None:
    """Every kind of record once."""
    person = office.person()
    first = office.settle(person, receipt("1"), receipt("2", 10_000))
    office.ledger.record_print(first.voucher_number)
    office.ledger.reverse(first.voucher_number, "录错", "r1")
    office.settle(person, receipt("3"))
    staffed(office.ledger, REVIEWER).close_month(2023, 5)


def test_each_act_leaves_one_row_that_says_who_what_when_and_why(office: Office) -> None:
    person = office.person()
    settled = office.settle(person, receipt("1"))
    office.ledger.reverse(settled.voucher_number, "票据退回", "r1")
    staffed(office.ledger, REVIEWER)

    sign_in, reversal, settlement, saved, *_earlier = office.ledger.audit_trail()
    assert (sign_in.login, sign_in.action, sign_in.subject) == ("zhao", Action.SIGN_IN, "zhao")
    assert (reversal.login, reversal.action, reversal.reason) == ("li", Action.REVERSE, "票据退回")
    assert reversal.facts == {
        "kind": "reversal",
        "total_fen": -settled.total_fen,
        "fund_fen": -settled.fund_fen,
        "original": settled.voucher_number,
    }
    assert (settlement.action, settlement.subject, settlement.at) == (
        *(Action.SETTLE, settled.voucher_number),
        office.clock.now,
    )
    assert (saved.action, saved.subject) == (Action.SAVE_PERSON, f"person {person.person_id}")


def test_the_trail_names_nobody_and_no_number_of_a_person(office: Office) -> None:
    busy(office)
    person = office.ledger.find_persons("张三")[0].person
    for row in trail(office.place):
        assert person.name not in row.content + row.subject + row.reason
        assert person.id_number not in row.content + row.subject + row.reason


def test_each_row_is_chained_to_the_one_before_it(office: Office) -> None:
    busy(office)
    before = Head()
    for row in trail(office.place):
        said = {name: getattr(row, name) for name in ("at", "login", "action", "subject", "reason", "content")}
        assert row.code == audit.code_of(PRACTICE.audit, before, **said)
        assert row.code != audit.code_of(b"another key", before, **said)
        assert row.code != audit.code_of(PRACTICE.audit, Head(before.sequence, "0" * 63 + "1"), **said)
        for name, value in said.items():
            other = value + timedelta(microseconds=1) if name == "at" else f"{value} "
            assert row.code != audit.code_of(PRACTICE.audit, before, **(said | {name: other})), name
        before = Head(row.sequence, row.code)


def test_a_voucher_carries_the_head_of_the_chain_with_itself_in_it(office: Office) -> None:
    settled = office.settle(office.person(), receipt("1"))
    assert settled.head == office.ledger.head()
    assert office.ledger.settlement(settled.voucher_number) == settled
    assert settled.head is not None
    sequence, *groups = settled.head.printed.split("-")
    assert int(sequence) == settled.head.sequence
    assert "".join(groups).lower() == settled.head.code[:16]


def test_pressing_save_again_leaves_no_second_row(office: Office) -> None:
    request = office.request(office.person(), receipt("1"))
    first = office.ledger.settle(request)
    before = office.ledger.head()
    assert office.ledger.settle(request) == first
    assert office.ledger.head() == before


def test_an_act_that_fails_leaves_no_row(office: Office) -> None:
    before = office.ledger.head()
    with pytest.raises(ClerkError, match="voucher_unknown"):
        office.ledger.record_print("360100-2023-000099")
    assert office.ledger.head() == before


def test_every_row_that_an_act_writes_is_sealed_as_the_database_gives_it_back(office: Office) -> None:
    busy(office)
    seals: dict[tuple[str, str], str] = {}
    for row in trail(office.place):
        for table, keys in json.loads(row.content).get("seals", {}).items():
            seals |= {(table, key): seal for key, seal in keys.items()}
    store = open_store(office.place, wait_seconds=1)
    found: dict[tuple[str, str], str] = {}
    with store.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                found[table.name, row_key(table, row._mapping)] = seal_of(row)
        persons_there = connection.execute(select(persons.c.person_id)).scalars().all()
    store.close()
    #: Sealed as part of a person, worked out from what is sealed, or no record.
    outside = {
        *("persons", "name_grams", "name_initials", "coverage", "filings", "stays", "conditions", "prior_benefits"),
        *("bills", "counters", "audit", "sign_in_attempts", "open_settlements"),
    }
    assert {key for key in found if key[0] not in outside} == {key for key in seals if key[0] != "persons"}
    assert all(found[key] == seal for key, seal in seals.items() if key[0] != "persons")
    assert {key for table, key in seals if table == "persons"} == {str(each) for each in persons_there}


def test_a_clock_before_the_last_act_writes_nothing_until_two_persons_say_it_is_right(office: Office) -> None:
    person = office.person()
    office.clock.now -= timedelta(minutes=5)
    settled = office.settle(person, receipt("1"))
    assert settled.settled_at == TODAY, "time stands still rather than going back five minutes with every act"
    office.clock.now -= timedelta(seconds=1)
    refused = office.request(person, receipt("2"))
    with pytest.raises(ClerkError, match="clock_behind") as raised:
        office.ledger.settle(refused)
    assert "2023-06-01 09:30" in sentence(raised.value)

    with pytest.raises(ClerkError, match="approval_missing"):
        office.ledger.confirm_clock("赵复核", "主板电池换过")
    name = office.ledger.approve("zhao", PASSWORD, Action.CONFIRM_CLOCK)
    office.ledger.confirm_clock(name, "主板电池换过")
    assert office.ledger.settle(refused).settled_at == office.clock.now


def test_what_a_reviewer_accepted_stands_in_the_seal(office: Office) -> None:
    office.settle(office.person(), receipt("1"), review=Review("赵复核", "已核"))
    last = trail(office.place)[-1]
    assert set(json.loads(last.content)["seals"]) >= {"settlements", "receipts", "pool_entries", "accumulators"}


def test_the_trail_is_read_a_page_at_a_time(office: Office) -> None:
    busy(office)
    whole = office.ledger.audit_trail()
    pages = []
    before: int | None = None
    while page := office.ledger.audit_trail(limit=3, before=before):
        pages += page
        before = page[-1].sequence
    assert pages == whole
    assert [entry.sequence for entry in whole] == list(range(len(whole), 0, -1))
    voucher = "360100-2023-000001"
    assert [entry.action for entry in office.ledger.audit_trail(subject=voucher)] == [Action.PRINT, Action.SETTLE]
