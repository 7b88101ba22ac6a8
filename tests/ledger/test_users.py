from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import extract_parameters
from sqlalchemy import select

from clerk_app.codes import Action, Role
from clerk_app.errors import ClerkError
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.passwords import OFFICE_HARDNESS, hashed
from clerk_app.ledger.records import Review, User
from clerk_app.ledger.store import open_store
from clerk_app.ledger.tables import users
from clerk_app.wording import sentence
from tests.ledger.office import EMPLOYED, PASSWORD, PEOPLE, QUICK, Clock, Office, receipt, staffed

WRONG = "不是这个口令"
UNFILED = replace(EMPLOYED, filings=())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(place: Path | str, clock: Clock) -> Iterator[Ledger]:
    with staffed(open_ledger(place, "360100", clock, hardness=QUICK)) as opened:
        opened.sign_in("guan", PASSWORD)
        yield opened


def test_a_user_signs_in_with_login_and_password(ledger: Ledger) -> None:
    assert ledger.sign_in(" LI ", PASSWORD) == User("li", "李录入", Role.CLERK)
    assert ledger.user == User("li", "李录入", Role.CLERK)
    ledger.sign_out()
    assert ledger.user is None


@pytest.mark.parametrize(("login", "password"), [("li", WRONG), ("nobody", PASSWORD), ("li", ""), ("", "")])
def test_a_wrong_login_and_a_wrong_password_are_refused_in_the_same_words(
    ledger: Ledger, login: str, password: str
) -> None:
    with pytest.raises(ClerkError, match="sign_in_refused"):
        ledger.sign_in(login, password)
    assert ledger.user is not None, "a refused sign-in does not throw out who is signed in"
    assert ledger.user.login == "guan"


def wrong(ledger: Ledger, times: int, login: str = "li") -> None:
    for _time in range(times):
        with pytest.raises(ClerkError, match="sign_in_refused"):
            ledger.sign_in(login, WRONG)


def test_five_wrong_passwords_lock_the_login_for_a_quarter_of_an_hour(ledger: Ledger, clock: Clock) -> None:
    wrong(ledger, 5)
    with pytest.raises(ClerkError, match="sign_in_locked") as raised:
        ledger.sign_in("li", PASSWORD)
    assert "15 分钟" in sentence(raised.value)
    assert ledger.sign_in("zhao", PASSWORD).name == "赵复核", "others are not locked out"
    clock.now += timedelta(minutes=14, seconds=59)
    with pytest.raises(ClerkError, match="sign_in_locked"):
        ledger.sign_in("li", PASSWORD)
    clock.now += timedelta(seconds=1)
    assert ledger.sign_in("li", PASSWORD).name == "李录入"


def test_the_lock_survives_a_restart(ledger: Ledger, clock: Clock, place: Path | str) -> None:
    wrong(ledger, 5)
    ledger.close()
    again = open_ledger(place, "360100", clock, hardness=QUICK)
    with again, pytest.raises(ClerkError, match="sign_in_locked"):
        again.sign_in("li", PASSWORD)


def test_a_right_password_counts_the_wrong_ones_anew(ledger: Ledger) -> None:
    wrong(ledger, 4)
    ledger.sign_in("li", PASSWORD)
    wrong(ledger, 4)
    assert ledger.sign_in("li", PASSWORD)


def test_wrong_passwords_count_whatever_they_are_typed_for(ledger: Ledger) -> None:
    ledger.sign_in("li", PASSWORD)
    for _time in range(3):
        with pytest.raises(ClerkError, match="sign_in_refused"):
            ledger.confirm_password(WRONG)
    for _time in range(2):
        with pytest.raises(ClerkError, match="sign_in_refused"):
            ledger.change_own_password(WRONG, "另一个新的口令")
    with pytest.raises(ClerkError, match="sign_in_locked"):
        ledger.confirm_password(PASSWORD)


def test_an_administrator_opens_a_locked_login_with_a_new_password(ledger: Ledger) -> None:
    wrong(ledger, 5)
    ledger.change_user(PEOPLE[0], "重设的口令一二三")
    assert ledger.sign_in("li", "重设的口令一二三")
    with pytest.raises(ClerkError, match="sign_in_refused"):
        ledger.sign_in("li", PASSWORD)


def test_a_user_changes_the_own_password_with_the_old_one(ledger: Ledger) -> None:
    ledger.sign_in("qian", PASSWORD)
    ledger.change_own_password(PASSWORD, "稽核自己定的口令")
    ledger.sign_out()
    assert ledger.sign_in("qian", "稽核自己定的口令").role is Role.AUDITOR


def test_a_password_typed_with_another_input_method_is_the_same(ledger: Ledger) -> None:
    ledger.change_user(PEOPLE[0], "abc12345")
    assert ledger.sign_in("li", "ａｂｃ１２３４５")


def test_who_left_does_not_sign_in(ledger: Ledger) -> None:
    ledger.change_user(User("li", "李录入", Role.CLERK, is_active=False))
    with pytest.raises(ClerkError, match="sign_in_refused"):
        ledger.sign_in("li", PASSWORD)


@pytest.mark.parametrize(
    ("user", "password", "code"),
    [
        (User("li", "李小二", Role.CLERK), PASSWORD, "login_taken"),
        (User("wu", "李录入", Role.CLERK), PASSWORD, "user_name_taken"),
        (User("wu", "  ", Role.CLERK), PASSWORD, "user_name_missing"),
        (User("吴", "吴新人", Role.CLERK), PASSWORD, "login_form"),
        (User("w", "吴新人", Role.CLERK), PASSWORD, "login_form"),
        (User("wu", "吴新人", Role.CLERK), "1234567", "password_too_short"),
    ],
)
def test_a_user_who_could_be_taken_for_another_is_not_added(
    ledger: Ledger, user: User, password: str, code: str
) -> None:
    before = ledger.users()
    with pytest.raises(ClerkError, match=code):
        ledger.add_user(user, password)
    assert ledger.users() == before


def test_somebody_can_always_manage_the_users(ledger: Ledger) -> None:
    administrator = User("guan", "关管理", Role.ADMINISTRATOR)
    with pytest.raises(ClerkError, match="last_administrator"):
        ledger.change_user(User("guan", "关管理", Role.ADMINISTRATOR, is_active=False))
    with pytest.raises(ClerkError, match="own_role"):
        ledger.change_user(User("guan", "关管理", Role.CLERK))
    ledger.add_user(User("guan2", "关备用", Role.ADMINISTRATOR), PASSWORD)
    ledger.sign_in("guan2", PASSWORD)
    ledger.change_user(User("guan", "关管理", Role.ADMINISTRATOR, is_active=False))
    assert administrator not in ledger.users()
    with pytest.raises(ClerkError, match="user_unknown"):
        ledger.change_user(User("wu", "吴新人", Role.CLERK))


def test_a_second_person_takes_part_in_one_act_alone(office: Office) -> None:
    unfiled = office.person(entitlement=UNFILED)
    review = Review("赵复核", "备案已补办")
    request = office.request(unfiled, receipt("1"), review=review)
    with pytest.raises(ClerkError, match="approval_missing"):
        office.ledger.settle(request)
    office.ledger.approve("zhao", PASSWORD, Action.REVIEW)
    assert office.ledger.settle(request).review == review
    again = office.request(unfiled, receipt("2"), review=review)
    with pytest.raises(ClerkError, match="approval_missing"):
        office.ledger.settle(again)


def test_an_approval_is_for_what_it_was_given_and_ends_with_the_session(office: Office) -> None:
    request = office.request(office.person(entitlement=UNFILED), receipt("1"), review=Review("赵复核", "已补办"))
    office.ledger.approve("zhao", PASSWORD, Action.CONFIRM_CLOCK)
    with pytest.raises(ClerkError, match="approval_missing"):
        office.ledger.settle(request)
    office.ledger.approve("zhao", PASSWORD, Action.REVIEW)
    office.ledger.sign_in("li", PASSWORD)
    with pytest.raises(ClerkError, match="approval_missing"):
        office.ledger.settle(request)


@pytest.mark.parametrize(
    ("login", "password", "code"),
    [("li", PASSWORD, "not_allowed"), ("qian", PASSWORD, "not_allowed"), ("zhao", WRONG, "sign_in_refused")],
)
def test_who_may_not_review_approves_nothing(office: Office, login: str, password: str, code: str) -> None:
    with pytest.raises(ClerkError, match=code):
        office.ledger.approve(login, password, Action.REVIEW)


def test_nobody_approves_his_own_act(office: Office) -> None:
    office.ledger.sign_in("zhao", PASSWORD)
    with pytest.raises(ClerkError, match="reviewer_is_clerk"):
        office.ledger.approve("zhao", PASSWORD, Action.REVIEW)


@pytest.mark.usefixtures("ledger")
def test_an_offices_password_costs_64_mib_and_is_not_kept(place: Path | str) -> None:
    cost = extract_parameters(hashed(PASSWORD, OFFICE_HARDNESS))
    assert (cost.type.name, cost.memory_cost >= 64 * 1024, cost.time_cost >= 3) == ("ID", True, True)
    store = open_store(place, wait_seconds=1)
    with store.reading() as connection:
        kept = connection.execute(select(users.c.password_hash)).scalars().all()
    store.close()
    assert len(set(kept)) == len(PEOPLE) + 1, "each hash has its own salt"
    assert all(each.startswith("$argon2id$") for each in kept)
