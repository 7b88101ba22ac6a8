"""A claim computes with what it knows: what is looked up is waited for, and an answer too late is nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.codes import Decision
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.claim_lookup import known_person, person_with_number, used_in
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import PayeeDraft, PriorDraft
from tests.counter.desks import staffed_desk
from tests.counter.people import LI, ZHANG, filled, receipt


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk where 张三示例 has had one visit settled, with platform figures beside it."""
    desk = staffed_desk(tmp_path)
    entry = filled(ClaimEntry(desk))
    entry.draft.priors[0] = PriorDraft("2026", deductible="100", fund="30", as_of="1120")
    entry.settle()
    yield desk
    desk.close()


def typed(desk: Desk, *, number: str = ZHANG) -> ClaimEntry:
    """A claim of which everything is typed, and nothing was looked up."""
    return filled(ClaimEntry(desk), receipt("B1"), number=number)


def test_nothing_is_computed_until_it_is_known_whose_claim_it_is(desk: Desk) -> None:
    entry = typed(desk)
    number = entry.insured.asks_whose()
    assert number == ZHANG
    assert entry.insured.is_asking
    preview = entry.preview()
    assert (preview.claim, preview.gauges) == (None, ())
    assert "查找" in preview.waiting[0]

    assert entry.insured.take_identified(number, person_with_number(desk, number))
    assert not entry.insured.is_asking
    deductible, _cap = entry.preview().gauges
    assert deductible.before_fen > 0, "what was used before is counted"


def test_somebody_new_has_used_nothing(desk: Desk) -> None:
    entry = typed(desk, number=LI)
    number = entry.insured.asks_whose()
    assert number is not None
    assert entry.insured.take_identified(number, person_with_number(desk, number)) is False
    assert entry.preview().decision is Decision.PAY
    assert entry.preview().gauges[0].before_fen == 0


def test_the_answer_to_a_number_that_stands_there_no_more_fills_nothing(desk: Desk) -> None:
    entry = typed(desk)
    number = entry.insured.asks_whose()
    assert number is not None
    found = person_with_number(desk, number)
    entry.draft.person.id_number = LI

    assert entry.insured.take_identified(number, found) is False
    assert entry.insured.record is None
    entry.insured.take_recognised(number, found)
    assert entry.insured.record is None
    assert entry.insured.is_asking, "and it is still to be asked whose the new one is"


def test_who_is_known_already_is_not_asked_for(desk: Desk) -> None:
    entry = typed(desk)
    assert entry.insured.identify()
    entry.draft.person.id_number = f" {ZHANG[:6]} {ZHANG[6:]} "
    assert entry.insured.asks_whose() is None
    assert not entry.insured.is_asking


def test_another_area_is_computed_when_it_is_known_what_was_used_there(desk: Desk) -> None:
    entry = typed(desk)
    entry.insured.identify()
    entry.draft.receipts = [receipt("B1")]
    assert entry.unknown_use() is None
    entry.draft.person.area_code = "370800"
    assert entry.preview().claim is None

    asked = entry.unknown_use()
    assert asked is not None
    entry.insured.take_use(asked, used_in(desk, *asked))
    assert entry.unknown_use() is None
    assert entry.preview().claim is not None


def test_what_another_person_has_used_is_not_taken_over(desk: Desk) -> None:
    entry = typed(desk)
    entry.insured.identify()
    entry.draft.person.area_code = "370800"
    asked = entry.unknown_use()
    assert asked is not None
    entry.draft.person.id_number = LI
    entry.insured.identify()
    entry.draft.receipts = [receipt("B1")]

    entry.insured.take_use(asked, used_in(desk, *asked))
    assert entry.insured.known is None
    assert entry.preview().gauges == () or entry.preview().gauges[0].before_fen == 0


def test_policies_that_changed_have_what_was_used_asked_for_again(desk: Desk) -> None:
    entry = typed(desk)
    entry.insured.identify()
    entry.draft.receipts = [receipt("B1")]
    before = entry.preview().gauges
    entry.forget_use()
    assert entry.preview().claim is None
    assert entry.alternatives(entry.preview()) == ()
    entry.look_up()
    assert entry.preview().gauges == before


def test_a_draft_of_the_same_person_is_recognised_with_what_is_known(desk: Desk) -> None:
    entry = typed(desk)
    entry.insured.identify()
    again = typed(desk)
    assert again.insured.recognises(entry.insured.known)
    assert again.insured.record == entry.insured.record
    assert again.payees.known == entry.payees.known
    assert [prior.fund for prior in again.draft.priors] == ["30.00"], "what the register has besides is added"
    assert not typed(desk, number=LI).insured.recognises(entry.insured.known)
    assert not again.insured.recognises(None)


def test_nothing_of_the_person_before_stays_while_another_number_is_looked_up(desk: Desk) -> None:
    entry = typed(desk)
    entry.insured.identify()
    entry.draft.payee = PayeeDraft(bank="示例银行城南支行", account="6200000000000000018")
    entry.draft.person.id_number = LI
    assert entry.insured.asks_whose() == LI

    assert entry.insured.record is None
    assert entry.draft.person.name == ""
    assert entry.draft.priors[0].is_blank
    assert entry.draft.payee.is_blank, "an account is that of the person it was typed for"
    assert entry.insured.known is None


def test_an_account_that_was_typed_first_stays_with_the_number_that_follows(desk: Desk) -> None:
    entry = typed(desk, number="")
    entry.insured.asks_whose()
    entry.draft.payee = PayeeDraft(bank="示例银行城南支行", account="6200000000000000018")
    entry.draft.person.id_number = ZHANG
    entry.insured.identify()
    assert entry.draft.payee.account == "6200000000000000018"
    (other,) = (filled(ClaimEntry(desk), receipt("C1"), number=LI, name="李四示例"),)
    chosen = known_person(desk, desk.ledger.person(other.settle().person_id))
    entry.insured.choose(chosen)
    assert entry.draft.payee.is_blank


def test_a_draft_with_a_number_of_one_and_the_name_of_another_is_told(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("B1"), name="李四示例")
    entry.insured.recognise()
    assert entry.insured.record is not None
    assert any("李四示例" in banner.words and "张三示例" in banner.words for banner in entry.preview().banners)
