from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clerk_app.codes import Action, ClaimState
from clerk_app.errors import ClerkError
from clerk_app.ledger.claims import LEASE
from clerk_app.ledger.ledger import open_ledger
from clerk_app.ledger.records import Review
from clerk_app.wording import sentence
from tests.ledger.office import CLERK, EMPLOYED, PASSWORD, QUICK, REVIEWER, Office, receipt, staffed

EVERY = frozenset(ClaimState)
UNFILED = replace(EMPLOYED, filings=())


def states(office: Office) -> dict[str, ClaimState]:
    return {line.act_key: line.state for line in office.ledger.claims_in(EVERY)}


def test_the_first_save_accepts_a_claim_and_the_next_ones_only_keep_what_is_typed(office: Office) -> None:
    first = office.ledger.save_claim("k1", "张", '{"typed": 1}')
    before = office.ledger.head()
    again = office.ledger.save_claim("k1", "张三", '{"typed": 2}')

    assert first.acceptance_number == again.acceptance_number == "S360100-2023-000001"
    assert (again.title, again.state, again.entered_name) == ("张三", ClaimState.ENTERED, "李录入")
    assert office.ledger.open_claim("k1").content == '{"typed": 2}'
    assert office.ledger.head() == before, "a keystroke is no act"
    staffed(office.ledger, REVIEWER)
    assert office.ledger.audit_trail(subject="S360100-2023-000001")[0].facts == {"state": "entered"}


def test_a_draft_outlives_the_program(office: Office) -> None:
    office.ledger.save_claim("k1", "张三", '{"typed": 1}')
    office.ledger.close()
    with staffed(open_ledger(office.place, "360100", office.clock, hardness=QUICK)) as ledger:
        (line,) = ledger.claims_in(frozenset({ClaimState.ENTERED}), login="li")
        assert ledger.open_claim(line.act_key).content == '{"typed": 1}'
        assert ledger.claims_in(EVERY, login="zhao") == []


def test_a_claim_is_in_one_persons_hands_until_let_go_or_ten_minutes_have_passed(office: Office) -> None:
    office.ledger.save_claim("k1", "张三", "{}")
    staffed(office.ledger, REVIEWER)
    with pytest.raises(ClerkError, match="claim_leased") as raised:
        office.ledger.open_claim("k1")
    assert "李录入" in sentence(raised.value)
    office.clock.now += LEASE - timedelta(seconds=1)
    with pytest.raises(ClerkError, match="claim_leased"):
        office.ledger.open_claim("k1")
    office.clock.now += timedelta(seconds=1)
    assert office.ledger.open_claim("k1").line.title == "张三"

    staffed(office.ledger, CLERK)
    with pytest.raises(ClerkError, match="claim_leased"):
        office.ledger.save_claim("k1", "张三", "{}")
    staffed(office.ledger, REVIEWER).let_claim_go("k1")
    assert staffed(office.ledger, CLERK).save_claim("k1", "张三丰", "{}").title == "张三丰"


def test_a_save_begins_the_ten_minutes_anew(office: Office) -> None:
    office.ledger.save_claim("k1", "张三", "{}")
    office.clock.now += LEASE - timedelta(seconds=1)
    office.ledger.save_claim("k1", "张三", "{}")
    office.clock.now += LEASE - timedelta(seconds=1)
    staffed(office.ledger, REVIEWER)
    with pytest.raises(ClerkError, match="claim_leased"):
        office.ledger.open_claim("k1")


def test_a_settlement_ends_its_claim_and_carries_its_acceptance_number(office: Office) -> None:
    accepted = office.ledger.save_claim("k1", "张三", "{}")
    office.clock.now += timedelta(days=1)
    settled = office.settle(office.person(), receipt("1"), key="k1")

    assert settled.acceptance_number == accepted.acceptance_number
    assert states(office) == {"k1": ClaimState.SETTLED}
    for act in (
        lambda: office.ledger.save_claim("k1", "张三", "{}"),
        lambda: office.ledger.open_claim("k1"),
        lambda: office.ledger.submit_claim("k1"),
        lambda: office.ledger.withdraw_claim("k1", "不办了"),
    ):
        with pytest.raises(ClerkError, match="claim_ended"):
            act()


def test_who_checks_a_claim_settles_it_in_the_name_of_who_entered_it(office: Office) -> None:
    person = office.person(entitlement=UNFILED)
    office.ledger.save_claim("k1", "张三", "{}", person.person_id)
    office.ledger.submit_claim("k1")
    request = office.request(person, receipt("1"), key="k1", review=Review("赵复核", "备案已补办"))
    with pytest.raises(ClerkError, match="claim_in_check"):
        office.ledger.settle(request)

    staffed(office.ledger, REVIEWER)
    with pytest.raises(ClerkError, match="password_needed"):
        office.ledger.settle(request)
    office.ledger.confirm_password(PASSWORD)
    with pytest.raises(ClerkError, match="review_needed"):
        office.ledger.settle(replace(request, review=None))
    settled = office.ledger.settle(request)
    assert (settled.clerk, settled.review) == ("李录入", Review("赵复核", "备案已补办"))
    assert office.ledger.audit_trail()[0].login == "zhao"


def test_nobody_settles_what_another_has_not_handed_in(office: Office) -> None:
    person = office.person()
    office.ledger.save_claim("k1", "张三", "{}")
    office.ledger.let_claim_go("k1")
    request = office.request(person, receipt("1"), key="k1", review=Review("赵复核", "看过"))
    staffed(office.ledger, REVIEWER).confirm_password(PASSWORD)
    with pytest.raises(ClerkError, match="claim_not_in_check"):
        office.ledger.settle(request)


def test_a_claim_comes_back_with_its_reason_and_goes_on(office: Office) -> None:
    office.ledger.save_claim("k1", "张三", "{}")
    with pytest.raises(ClerkError, match="not_allowed"):
        office.ledger.return_claim("k1", "缺处方")
    staffed(office.ledger, REVIEWER)
    office.ledger.sign_in("zhao", PASSWORD)
    with pytest.raises(ClerkError, match="claim_not_in_check"):
        office.ledger.return_claim("k1", "缺处方")
    staffed(office.ledger, CLERK).submit_claim("k1")
    with pytest.raises(ClerkError, match="claim_in_check"):
        office.ledger.save_claim("k1", "张三", "{}")
    staffed(office.ledger, REVIEWER)
    with pytest.raises(ClerkError, match="reason_missing"):
        office.ledger.return_claim("k1", "  ")
    returned = office.ledger.return_claim("k1", " 缺处方 ")
    assert (returned.state, returned.note) == (ClaimState.RETURNED, "缺处方")
    assert office.ledger.audit_trail()[0].reason == "缺处方"

    staffed(office.ledger, CLERK).save_claim("k1", "张三", '{"typed": 3}')
    assert office.settle(office.person(), receipt("1"), key="k1").clerk == "李录入"


def test_nobody_gives_back_what_is_ones_own(office: Office) -> None:
    office.ledger.save_claim("k1", "张三", "{}")
    office.ledger.submit_claim("k1")
    office.ledger.sign_in("guan", PASSWORD)
    office.ledger.change_user(replace(CLERK, role=REVIEWER.role))
    office.ledger.sign_in("li", PASSWORD)
    with pytest.raises(ClerkError, match="reviewer_is_clerk"):
        office.ledger.return_claim("k1", "缺处方")


def test_a_withdrawn_claim_keeps_its_number_for_good(office: Office) -> None:
    office.ledger.save_claim("k1", "张三", "{}")
    with pytest.raises(ClerkError, match="reason_missing"):
        office.ledger.withdraw_claim("k1", "")
    withdrawn = office.ledger.withdraw_claim("k1", "本人取回票据")
    assert (withdrawn.state, withdrawn.note) == (ClaimState.WITHDRAWN, "本人取回票据")
    with pytest.raises(ClerkError, match="claim_ended"):
        office.settle(office.person(), receipt("1"), key="k1")
    assert office.ledger.save_claim("k2", "李四", "{}").acceptance_number == "S360100-2023-000002"
    assert office.ledger.search("") == []


def test_what_was_never_saved_is_not_found(office: Office) -> None:
    for act in (office.ledger.open_claim, office.ledger.submit_claim):
        with pytest.raises(ClerkError, match="claim_unknown"):
            act("nothing")


def test_an_approval_settles_a_claim_at_the_clerks_own_desk_too(office: Office) -> None:
    person = office.person(entitlement=UNFILED)
    office.ledger.save_claim("k1", "张三", "{}")
    request = office.request(person, receipt("1"), key="k1", review=Review("赵复核", "备案已补办"))
    office.ledger.approve("zhao", PASSWORD, Action.REVIEW)
    assert office.ledger.settle(request).review == Review("赵复核", "备案已补办")


def test_claims_are_paged_through_in_the_order_of_their_last_saves(office: Office) -> None:
    saved: list[str] = []
    for index in range(12):
        # Three at a time are saved in one second.
        office.clock.now += timedelta(seconds=index % 3 == 0)
        office.ledger.save_claim(f"k{index}", "张三", "{}")
        saved.append(f"k{index}")
    for key in ("k2", "k7"):
        office.ledger.withdraw_claim(key, "撤回")
    for states, wanted in ((EVERY, saved), (frozenset({ClaimState.WITHDRAWN}), ["k2", "k7"])):
        for login in ("", "li"):
            seen: list[str] = []
            while page := office.ledger.claims_in(states, login=login, limit=5, before=seen[-1] if seen else ""):
                seen += [line.act_key for line in page]
            assert seen == wanted[::-1]
    assert office.ledger.claims_in(EVERY, login="zhao", before="k7") == []


def test_of_more_claims_than_are_asked_for_the_oldest_come_first_where_that_is_wanted(office: Office) -> None:
    for serial in range(5):
        office.ledger.save_claim(f"k{serial}", f"{serial}", "{}")
    found = office.ledger.claims_in(EVERY, limit=3, is_oldest_first=True)
    assert [line.act_key for line in found] == ["k0", "k1", "k2"]


def test_a_page_after_a_claim_that_is_not_there_is_refused(office: Office) -> None:
    with pytest.raises(ClerkError, match="claim_unknown"):
        office.ledger.claims_in(EVERY, before="nothing")
