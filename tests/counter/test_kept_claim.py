from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk_app.codes import ClaimState
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.claims_desk import ClaimsDesk
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import FilingDraft, PriorDraft, ReviewDraft
from clerk_app.counter.kept_claim import KeptClaim, take_up
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Review
from clerk_app.wording import sentence
from tests.counter.desks import sign_in, staffed_desk
from tests.counter.people import ZHANG, filled, receipt
from tests.ledger.office import CLERK, PASSWORD, REVIEWER


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = staffed_desk(tmp_path)
    yield opened
    opened.close()


def kept(desk: Desk, number: str = "A1") -> KeptClaim:
    entry = filled(ClaimEntry(desk), receipt(number))
    claim = KeptClaim(desk, entry.draft)
    assert claim.keep()
    return claim


def test_nothing_is_kept_before_something_is_typed_and_nothing_twice(desk: Desk) -> None:
    entry = ClaimEntry(desk)
    claim = KeptClaim(desk, entry.draft)
    assert not claim.keep()
    assert desk.ledger.claims_in(frozenset(ClaimState)) == []

    entry.draft.person.name = " 张 "
    assert claim.keep()
    assert not claim.keep()
    entry.draft.person.name = ""
    assert claim.keep(), "what is rubbed out is rubbed out in the ledger too"

    (line,) = desk.ledger.claims_in(frozenset(ClaimState))
    assert claim.line == line
    assert line.acceptance_number == "S360000-2026-000001"


def test_a_settlement_has_the_number_that_the_draft_was_accepted_under(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("A1"))
    claim = KeptClaim(desk, entry.draft)
    claim.keep()
    assert claim.line is not None
    assert entry.settle().acceptance_number == claim.line.acceptance_number
    with pytest.raises(ClerkError, match="claim_ended"):
        take_up(desk, entry.draft.key)


def test_a_claim_is_taken_up_with_all_that_was_typed(desk: Desk) -> None:
    claim = kept(desk)
    claim.lay_down()

    again = take_up(desk, claim.draft.key)

    assert again.draft == claim.draft
    assert not again.keep(), "opening changes nothing"


def test_what_cannot_be_read_is_in_nobodys_hands(desk: Desk) -> None:
    desk.ledger.save_claim("k1", "张三示例", '{"version": 0}')
    with pytest.raises(ClerkError, match="draft_of_other_version"):
        take_up(desk, "k1")
    assert desk.ledger.claims_in(frozenset(ClaimState))[0].lease_login is None


def test_a_text_under_another_key_is_not_opened(desk: Desk) -> None:
    claim = kept(desk)
    content = desk.ledger.open_claim(claim.draft.key).content
    desk.ledger.save_claim("k2", "张三示例", content)
    with pytest.raises(ClerkError, match="draft_unreadable"):
        take_up(desk, "k2")


def test_who_may_not_enter_keeps_nothing(desk: Desk) -> None:
    sign_in(desk, REVIEWER)
    entry = filled(ClaimEntry(desk), receipt("A1"))
    assert not KeptClaim(desk, entry.draft).keep()
    assert ClaimsDesk(desk).lines() == []


def test_a_draft_that_was_typed_before_is_not_filled_anew_from_the_register(desk: Desk) -> None:
    filled(ClaimEntry(desk), receipt("A1")).settle()
    later = filled(ClaimEntry(desk), receipt("A2"))
    later.draft.filings = [FilingDraft()]
    later.draft.person.phone = "13800000000"

    again = ClaimEntry(desk, later.draft)
    again.insured.recognise()

    assert again.insured.record is not None
    assert again.draft.person.phone == "13800000000"
    assert again.draft.filings == [FilingDraft()]
    assert not again.insured.identify()
    assert again.preview().gauges[0].before_fen == 60_000


def test_platform_figures_that_came_after_a_draft_are_added_and_not_struck_out(desk: Desk) -> None:
    entry = filled(ClaimEntry(desk), receipt("A1"))
    entry.draft.priors = [PriorDraft("2026", deductible="100", fund="30", as_of="1120")]
    draft = filled(ClaimEntry(desk), receipt("A2", visited_on="701")).draft
    draft.priors = [PriorDraft("2026", as_of="1120")]
    person_id = entry.settle().person_id

    later = ClaimEntry(desk, draft)
    later.insured.recognise()
    assert [(prior.deductible, prior.fund) for prior in later.draft.priors] == [("100.00", "30.00")]
    later.settle()

    known = desk.ledger.person(person_id)
    assert [(prior.deductible_fen, prior.fund_fen) for prior in known.prior_benefits] == [(10_000, 3_000)]


def test_who_checks_settles_in_the_clerks_name_with_a_reason_and_a_password(desk: Desk) -> None:
    claim = kept(desk)
    claim.draft.review = ReviewDraft("zhao", "录入人替写的理由")
    claim.lay_down()
    (line,) = ClaimsDesk(desk).lines()
    ClaimsDesk(desk).submit(line)
    with pytest.raises(ClerkError, match="claim_in_check"):
        take_up(desk, line.act_key)

    sign_in(desk, REVIEWER)
    handed_in = take_up(desk, line.act_key)
    assert handed_in.is_check
    entry = ClaimEntry(desk, handed_in.draft, is_check=True)
    entry.insured.recognise()
    assert {problem.place.field for problem in entry.obstacles()} == {"password", "reason"}
    entry.draft.review.reason = "与原件一致"
    with pytest.raises(ClerkError, match="sign_in_refused"):
        entry.settle("不是这个口令")
    settlement = entry.settle(PASSWORD)

    assert settlement.clerk == CLERK.name
    assert settlement.review == Review(REVIEWER.name, "与原件一致")


def test_each_sees_what_waits_for_oneself(desk: Desk) -> None:
    claim = kept(desk)
    (line,) = ClaimsDesk(desk).lines()
    own = ClaimsDesk(desk)
    assert (own.may_open(line), own.may_submit(line), own.may_return(line)) == (True, True, False)
    assert own.read().names == {}, "nobody's name is looked up for one's own"
    assert own.in_hands(line, {}) == ""

    sign_in(desk, REVIEWER)
    assert ClaimsDesk(desk).lines() == []
    assert "李录入" in ClaimsDesk(desk).in_hands(line, {CLERK.login: CLERK.name})
    assert CLERK.login in ClaimsDesk(desk).in_hands(line, {})
    sign_in(desk, CLERK)
    claim.lay_down()
    submitted = own.submit(line)
    assert own.lines() == [submitted]
    assert not own.may_open(submitted)
    sign_in(desk, REVIEWER)
    checker = ClaimsDesk(desk)
    assert checker.lines() == [submitted]
    assert (checker.may_open(submitted), checker.may_return(submitted), checker.may_withdraw(submitted)) == (
        True,
        True,
        False,
    )
    checker.give_back(submitted, "缺处方")
    sign_in(desk, CLERK)
    (returned,) = own.lines()
    assert returned.note == "缺处方"
    own.withdraw(returned, "本人取回票据")
    assert own.lines() == []
    assert ZHANG not in repr(returned)


def test_a_claim_that_lacks_something_is_not_handed_in(entry: ClaimEntry) -> None:
    desk = entry.desk
    entry.draft.receipts[0].total = ""
    claim = KeptClaim(desk, entry.draft)
    claim.keep()
    assert claim.line is not None
    with pytest.raises(ClerkError, match="claim_incomplete") as error:
        ClaimsDesk(desk).submit(claim.line)
    assert "总额" in sentence(error.value)
    (line,) = ClaimsDesk(desk).lines()
    assert (line.state, line.lease_login) == (ClaimState.ENTERED, desk.user.login)

    entry.draft.receipts[0].total = "1000"
    claim.keep()
    assert ClaimsDesk(desk).submit(claim.line).state is ClaimState.SUBMITTED
