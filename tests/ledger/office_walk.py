"""Anything that happens to an office, in any order: several persons at their desks, crashes, old copies, wrong clocks.

Every act is done on a real ledger and beside it on the plain model; the model says beforehand what becomes of it.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import event
from sqlcipher3 import dbapi2 as sqlite3

from clerk_app.adjudication.adjudication import ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.codes import (
    Action,
    Benefit,
    ClaimState,
    Decision,
    Material,
    Payer,
    RecoveryWay,
    Role,
    Stage,
    Status,
    Tier,
)
from clerk_app.errors import ClerkError
from clerk_app.ledger import connection
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.records import (
    Head,
    MoneyBack,
    Payee,
    PayeeAccount,
    PaymentResult,
    PriorBenefit,
    Recovery,
    Review,
    Settlement,
    SettlementKind,
    SettlementRequest,
    User,
)
from clerk_app.ledger.waiting import UNDER_WAY
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import AccountOffer, Claim, Institution, Receipt
from clerk_app.receipts.insured import Person
from tests.ledger.books import assert_books_agree, assert_trail_is_whole
from tests.ledger.news import used_pools
from tests.ledger.office import EMPLOYED, HOSPITAL, PASSWORD, QUICK, TODAY, Clock, id_number, receipt
from tests.ledger.office_model import Back, Insured, Model, Transfer, Voucher

STAFF = {
    user.login: user
    for user in (
        User("guan", "关管理", Role.ADMINISTRATOR),
        User("li", "李录入", Role.CLERK),
        User("wang", "王录入", Role.CLERK),
        User("zhao", "赵复核", Role.REVIEWER),
        User("zhou", "周复核", Role.REVIEWER),
        User("sun", "孙财务", Role.FINANCE),
        User("qian", "钱稽核", Role.AUDITOR),
    )
}
CLERKS, REVIEWERS = ("li", "wang"), ("zhao", "zhou")
CLINIC = Institution("北京某社区中心", tier=Tier.ONE, networked=True)
TOTALS_FEN = (0, 1, 2_999, 3_001, 45_678, 60_001, 123_457, 300_000)
EVERY = frozenset(Stage)

#: What happens, and how often beside the others.
ACTS = {
    "new_person": 2,
    "change_person": 1,
    "platform_news": 4,
    "give_account": 5,
    "save_draft": 6,
    "submit": 4,
    "give_back": 2,
    "withdraw": 1,
    "open_draft": 2,
    "let_go": 1,
    "settle": 18,
    "settle_draft": 8,
    "settle_stale": 1,
    "press_again": 3,
    "reverse": 5,
    "correct": 6,
    "review": 8,
    "make_list": 6,
    "bank_answers": 6,
    "money_comes_back": 5,
    "deduction": 3,
    "take_back": 2,
    "archive": 2,
    "print_paper": 3,
    "close_month": 2,
    "time_passes": 4,
    "clock_jumps": 2,
    "other_user": 2,
    "forbidden": 2,
    "crash": 3,
    "back_up": 2,
    "restore": 2,
}

Result = TypeVar("Result")


class Draft(NamedTuple):
    """What a clerk has typed and seen, before Save is pressed."""

    request: SettlementRequest
    decided: ClaimAdjudication


class Desks:
    """A ledger of its own for everybody, which goes from file to file: what it has compiled is worth keeping."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        path = folder / "desks.db"
        self.ledgers = {login: open_ledger(path, "360100", self.clock, hardness=QUICK) for login in STAFF}

    def let_go(self) -> None:
        for ledger in self.ledgers.values():
            ledger.close()

    def go_to(self, path: Path) -> None:
        """Every connection ends where it is, nobody is signed in any more, and the next act is on another file."""
        self.let_go()
        for ledger in self.ledgers.values():
            ledger.sign_out()
            ledger._store._path = path
            ledger._store._identity = connection._identity(path)


@functools.cache
def desks() -> Desks:
    with tempfile.TemporaryDirectory() as folder:
        made = Desks(Path(folder))
        made.let_go()
    return made


@dataclass
class Walk:
    """An office with its model.

    Attributes:
        counted: How often each act was tried, and how often each refusal came.
        carried: Heads of the chain that were printed on papers.
    """

    folder: Path
    policy: Policy
    seed: int
    counted: Counter[str] = field(default_factory=Counter)
    carried: list[Head] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 -- repeatable, not secret
        self.desks = desks()
        self.clock = self.desks.clock
        self.clock.now = TODAY
        self.path = self.folder / "ledger-0.db"
        self.backups: list[tuple[Path, Model, list[Head]]] = []
        self.crash_at: int | None = None
        #: Numbers of receipts that were ever handed in, whatever became of them.
        self.papers: list[str] = []
        self._serial = itertools.count(1)
        self._keys = itertools.count(1)
        with open_ledger(self.path, "360100", self.clock, hardness=QUICK) as ledger:
            ledger.found(STAFF["guan"], PASSWORD, is_practice=True)
            for user in list(STAFF.values())[1:]:
                ledger.add_user(user, PASSWORD)
        self.desks.go_to(self.path)
        self.model = Model(self.clock.now, acts=len(STAFF))
        for _person in range(3):
            self.new_person()

    # -- one step ------------------------------------------------------------------------------------------------

    def step(self) -> None:
        self.clock.now += timedelta(seconds=self.chance.randint(0, 240))
        (act,) = self.chance.choices(list(ACTS), list(ACTS.values()))
        self.counted[act] += 1
        getattr(self, act)()

    def attempt(
        self, login: str, expected: str | None, call: Callable[[Ledger], Result], *, is_keyed: bool = False
    ) -> tuple[bool, Result | None]:
        """Let somebody do something; the model has said what becomes of it, and a crash comes when it comes.

        Args:
            expected: The code of the refusal, None where the act is done.
            is_keyed: Pressing Save again gives what the first press made.
        """
        if self.model.is_behind(self.clock.now):
            expected = "clock_behind"
        ledger = self.seat(login)
        if expected is None and self.crash_at is not None:
            return True, self._with_crash(login, call, is_keyed=is_keyed)
        result, refused = outcome(lambda: call(ledger))
        assert refused == expected, f"{login}: {refused or 'done'}, the model says {expected or 'done'}"
        self.counted[refused or "done"] += 1
        return refused is None, result

    def _with_crash(self, login: str, call: Callable[[Ledger], Result], *, is_keyed: bool) -> Result:
        assert self.crash_at is not None
        after, self.crash_at = self.folder / f"ledger-{next(self._serial)}.db", None
        countdown = itertools.count(self.chance.randint(1, 45), -1)
        engine = self.seat(login)._store.engine

        def statement(_sql: str) -> None:
            if not after.exists() and next(countdown) == 0:
                self._copy_as_it_lies(after)

        def watched(driver: Any, *_about: object) -> None:
            driver.set_trace_callback(statement)

        event.listen(engine, "checkout", watched)
        try:
            result = call(self.seat(login))
        finally:
            event.remove(engine, "checkout", watched)
        if after.exists():
            self.counted["crashed in the middle"] += 1
            self._go_on_with(after)
            return call(self.seat(login))
        self.counted["crashed before the answer"] += 1
        self._copy_as_it_lies(after)
        self._go_on_with(after)
        if is_keyed:
            assert call(self.seat(login)) == result, "Save pressed again after the crash"
        return result

    def _copy_as_it_lies(self, target: Path) -> None:
        """The files as a machine that stops leaves them, with the transaction of the moment."""
        for suffix in ("", "-wal"):
            if Path(f"{self.path}{suffix}").exists():
                shutil.copy(f"{self.path}{suffix}", f"{target}{suffix}")

    def _go_on_with(self, path: Path) -> None:
        self.desks.go_to(path)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        self.path = path
        open_ledger(path).close()

    def seat(self, login: str) -> Ledger:
        """Somebody's desk, where somebody signs in when it is needed first."""
        ledger = self.desks.ledgers[login]
        if ledger.user is None:
            self._sign_in(ledger, login)
        return ledger

    def _sign_in(self, ledger: Ledger, login: str) -> None:
        ledger.sign_in(login, PASSWORD)
        self.model.told(self.clock.now)

    def any_of(self, things: Any) -> Any:
        return self.chance.choice(list(things))

    def often(self, probability: float) -> bool:
        return self.chance.random() < probability

    # -- persons and news ----------------------------------------------------------------------------------------

    def new_person(self) -> None:
        status = self.any_of([Status.EMPLOYED, Status.RETIRED])
        entitlement = replace(EMPLOYED, status=status)
        person = Person("张三示例", id_number(next(self._serial)))
        login = self.any_of(CLERKS)
        done, record = self.attempt(
            login, None, lambda ledger: ledger.save_person(person, entitlement, self.policy.area_code)
        )
        if done and record is not None:
            self.model.told(self.clock.now)
            self.model.insured[record.person_id] = Insured(entitlement)
            self.give_account()

    def change_person(self) -> None:
        person_id = self.person_id()
        insured = self.model.insured[person_id]
        entitlement = replace(insured.entitlement, status=self.any_of([Status.EMPLOYED, Status.RETIRED]))

        def change(ledger: Ledger) -> object:
            known = ledger.person(person_id)
            return ledger.save_person(known.person, entitlement, self.policy.area_code, person_id)

        done, _record = self.attempt(self.any_of(CLERKS), None, change)
        if done:
            self.model.told(self.clock.now)
            insured.entitlement = entitlement

    def person_id(self) -> int:
        """One of those who came last."""
        return self.any_of(list(self.model.insured)[-6:])

    def platform_news(self) -> None:
        person_id = self.person_id()
        year = self.any_of([2023, self.clock.now.year])
        deductible_fen, fund_fen = self.any_of([0, 3_000, 59_900, 60_000]), self.any_of([0, 15_000, 59_000, 179_500])
        prior = PriorBenefit(year, Benefit.ORDINARY, deductible_fen, fund_fen, self.clock.now.date())
        done, _record = self.attempt(
            self.any_of(CLERKS), None, lambda ledger: ledger.record_prior_benefit(person_id, prior)
        )
        if done:
            self.model.told(self.clock.now)
            self.model.insured[person_id].priors[year] = prior

    def give_account(self) -> None:
        without = [number for number in list(self.model.insured)[-6:] if not self.model.insured[number].accounts]
        person_id = self.any_of(without) if without and self.often(0.7) else self.person_id()
        account = PayeeAccount("张三示例", "本人", "示例银行", f"62{next(self._serial):017d}")
        second = self.any_of([None, *REVIEWERS])
        is_change = bool(self.model.known_accounts(person_id))
        expected = "account_needs_second" if is_change and second is None else None
        refused = [number for number in self.model.vouchers if self._takes_another_account(number)]
        number = self.any_of(refused[-4:]) if refused and self.often(0.5) else ""
        if number:
            person_id = self.model.vouchers[number].person_id
            expected = "account_needs_second" if second is None else None
        elif self.often(0.1) and self.model.vouchers:
            number = self.any_of(list(self.model.vouchers)[-8:])
            if self._takes_another_account(number):
                return
            expected = "account_of_voucher"

        def give(ledger: Ledger) -> PayeeAccount:
            name = None if second is None else ledger.approve(second, PASSWORD, Action.REVIEW)
            return ledger.give_account(person_id, account, name, number)

        if self.attempt(self.any_of(CLERKS), expected, give)[0]:
            self.model.told(self.clock.now)
            if number:
                self.model.vouchers[number].payee_instead = account
            else:
                self.model.insured[person_id].accounts.append(account)

    def _takes_another_account(self, number: str) -> bool:
        voucher = self.model.vouchers[number]
        is_due = self.model.stage(number) is Stage.PAYABLE
        return is_due and voucher.payee is not None and self.model.has_failed(number)

    # -- drafts --------------------------------------------------------------------------------------------------

    def key(self) -> str:
        return f"key-{next(self._keys)}"

    def draft_key(self) -> str | None:
        """One of the latest drafts, however it stands."""
        return self.any_of(list(self.model.drafts)[-8:]) if self.model.drafts else None

    def save_draft(self) -> None:
        login, now = self.any_of(CLERKS), self.clock.now
        key = self.draft_key()
        if key is None or self.often(0.6):
            key = self.key()
            if self.attempt(login, None, lambda ledger: ledger.save_claim(key, "某人", "{}"))[0]:
                self.model.accept(key, login, now)
            return
        refused = self._not_open(key) or self._leased(key, login)
        if self.attempt(login, refused, lambda ledger: ledger.save_claim(key, "某人", "{…}"))[0]:
            self.model.lease(key, login, now)

    def _not_open(self, key: str) -> str | None:
        state = self.model.drafts[key].state
        if state is ClaimState.SUBMITTED:
            return "claim_in_check"
        return "claim_ended" if self._has_ended(key) else None

    def _has_ended(self, key: str) -> bool:
        return self.model.drafts[key].state in (ClaimState.SETTLED, ClaimState.WITHDRAWN)

    def _leased(self, key: str, login: str) -> str | None:
        return "claim_leased" if self.model.lease_refuses(key, login, self.clock.now) else None

    def _move(
        self, key: str, login: str, refused: str | None, state: ClaimState, call: Callable[[Ledger], object]
    ) -> None:
        if self.attempt(login, refused, call)[0]:
            self.model.told(self.clock.now)
            self.model.drafts[key].state, self.model.drafts[key].lease_login = state, None

    def submit(self) -> None:
        key, login = self.draft_key(), self.any_of(CLERKS)
        if key is not None:
            refused = self._not_open(key) or self._leased(key, login)
            self._move(key, login, refused, ClaimState.SUBMITTED, lambda ledger: ledger.submit_claim(key))

    def give_back(self) -> None:
        key, login = self.draft_key(), self.any_of(REVIEWERS)
        if key is not None:
            is_in_check = self.model.drafts[key].state is ClaimState.SUBMITTED
            refused = self._leased(key, login) if is_in_check else "claim_not_in_check"
            self._move(key, login, refused, ClaimState.RETURNED, lambda ledger: ledger.return_claim(key, "缺病历"))

    def withdraw(self) -> None:
        key, login = self.draft_key(), self.any_of(CLERKS)
        if key is not None:
            refused = "claim_ended" if self._has_ended(key) else self._leased(key, login)
            self._move(key, login, refused, ClaimState.WITHDRAWN, lambda ledger: ledger.withdraw_claim(key, "本人撤回"))

    def open_draft(self) -> None:
        key, login, now = self.draft_key(), self.any_of([*CLERKS, *REVIEWERS]), self.clock.now
        if key is not None:
            refused = "claim_ended" if self._has_ended(key) else self._leased(key, login)
            if self.attempt(login, refused, lambda ledger: ledger.open_claim(key))[0]:
                self.model.lease(key, login, now)

    def let_go(self) -> None:
        key, login = self.draft_key(), self.any_of([*CLERKS, *REVIEWERS])
        if key is not None and self.attempt(login, None, lambda ledger: ledger.let_claim_go(key))[0]:
            draft = self.model.drafts[key]
            draft.lease_login = None if draft.lease_login == login else draft.lease_login

    # -- settlements ---------------------------------------------------------------------------------------------

    def settle(self) -> None:
        login = self.any_of([*CLERKS, *CLERKS, *REVIEWERS])
        reviewer = self.any_of([None, None, *REVIEWERS])
        self._settle(login, self.typed(login, self.person_id(), self.key(), None if reviewer == login else reviewer))

    def settle_draft(self) -> None:
        key = self.draft_key()
        if key is None or self.model.drafts[key].state is ClaimState.SETTLED:
            return
        login = self.any_of([*CLERKS, *REVIEWERS, *REVIEWERS])
        reviewer = login if login in REVIEWERS else self.any_of([None, *REVIEWERS])
        self._settle(login, self.typed(login, self.person_id(), key, reviewer))

    def settle_stale(self) -> None:
        """Another claim of the same person is settled while this one is on the screen."""
        person_id = self.person_id()
        draft = self.typed("li", person_id, self.key(), "zhao")
        self._settle("wang", self.typed("wang", person_id, self.key(), "zhou"))
        self._settle("li", draft)

    def typed(self, login: str, person_id: int, key: str, reviewer: str | None) -> Draft:
        """What somebody sees before Save is pressed: the ledger's figures, which are the model's."""
        today = self.model.time_of(self.clock.now).date()
        claim = Claim(
            tuple(self._receipt(today) for _paper in range(self.chance.randint(1, 3))),
            handed_in_on=today,
            materials=frozenset(Material),
            account=AccountOffer(self.any_of([0, 500, 10_000_000]), Payer.SELF) if self.often(0.3) else None,
        )
        ledger = self.seat(login)
        entitlement = self.model.insured[person_id].entitlement
        known = ledger.person(person_id)
        assert known.entitlement == entitlement
        used = ledger.year_to_date(person_id, self.policy)
        taken = ledger.taken_bills([each.bill_key for each in claim.receipts])
        shown = adjudicate_claim(claim, known.entitlement, self.policy, used, taken)
        assert _amounts(shown) == _amounts(self._decided(person_id, claim)), "what is shown"
        review = None if reviewer is None else Review(STAFF[reviewer].name, "票据属实")
        payee = self._payee(person_id)
        request = SettlementRequest(key, person_id, claim, self.policy, shown, today, payee, review)
        return Draft(request, shown)

    def _payee(self, person_id: int) -> Payee | None:
        """Now and then somebody else's account, which the office knows or not."""
        if not self.often(0.3):
            return None
        known = self.model.known_accounts(person_id)
        if known and self.often(0.6):
            account = self.any_of(known)
            return Payee(account.name, account.relation, account.bank, account.account)
        return Payee("李四示例", "配偶", "示例银行", f"6217{next(self._serial):015d}")

    def _decided(self, person_id: int, claim: Claim) -> ClaimAdjudication:
        used = self.model.used(person_id, self.policy)
        return adjudicate_claim(claim, self.model.insured[person_id].entitlement, self.policy, used, self.model.bills)

    def _receipt(self, today: date) -> Receipt:
        number = str(next(self._serial))
        if self.often(0.12) and self.papers:
            number = self.any_of(self.papers[-40:])
        self.papers.append(number)
        earliest = max(date(2023, 1, 1), today - timedelta(days=150))
        day = self.any_of([today, earliest + timedelta(days=self.chance.randint(0, (today - earliest).days))])
        return receipt(
            number,
            self.any_of(TOTALS_FEN),
            day,
            institution=self.any_of([CLINIC, HOSPITAL]),
            visited_at=self.any_of([None, time(9, 0), time(23, 30)]),
            visit_label=self.any_of(["", "v", "w"]),
        )

    def _settle(self, login: str, draft: Draft) -> None:
        request, now = draft.request, self.clock.now
        review, person_id, key = request.review, request.person_id, request.key
        decided = self._decided(person_id, request.claim)
        refused = self._settle_refused(login, draft, decided)

        def press(ledger: Ledger) -> Settlement:
            self._approve(ledger, login, review)
            return ledger.settle(request)

        done, settled = self.attempt(login, refused, press, is_keyed=True)
        if done and settled is not None:
            there = self.model.drafts.get(key)
            clerk = STAFF[there.entered_by if there else login].name
            payee = request.payee
            account = PayeeAccount(payee.name, payee.relation, payee.bank, payee.account) if payee else None
            voucher = self.model.settle(
                decided,
                person_id,
                key=key,
                now=now,
                clerk=clerk,
                reviewer=review.reviewer if review else "",
                payee=account,
            )
            self._recorded(settled, voucher)

    def _settle_refused(self, login: str, draft: Draft, decided: ClaimAdjudication) -> str | None:
        review = draft.request.review
        if self.model.is_closed(self.clock.now):
            return "month_closed"
        if _amounts(decided) != _amounts(draft.decided):
            return "amount_changed"
        there = self.model.drafts.get(draft.request.key)
        clerk = there.entered_by if there else login
        if there is not None:
            leased = self._leased(draft.request.key, login)
            if leased:
                return leased
            if clerk == login:
                refused = self._not_open(draft.request.key)
                if refused:
                    return refused
            elif there.state is not ClaimState.SUBMITTED:
                return "claim_not_in_check"
            if clerk != login and (review is None or review.reviewer != STAFF[login].name):
                return "review_needed"
        if review is None and decided.decision is Decision.REVIEW:
            return "review_needed"
        if review is not None and review.reviewer == STAFF[clerk].name:
            return "reviewer_is_clerk"
        return "account_changed_with_claim" if self._changes_account(draft.request) else None

    def _changes_account(self, request: SettlementRequest) -> bool:
        payee, known = request.payee, self.model.known_accounts(request.person_id)
        account = PayeeAccount(payee.name, payee.relation, payee.bank, payee.account) if payee else None
        return account is not None and bool(known) and account not in known

    def _approve(self, ledger: Ledger, login: str, review: Review | None) -> None:
        """The reviewer gives the password, at somebody else's desk or at the own one."""
        if review is None:
            return
        reviewer = next(user.login for user in STAFF.values() if user.name == review.reviewer)
        if reviewer == login:
            ledger.confirm_password(PASSWORD)
        else:
            ledger.approve(reviewer, PASSWORD, Action.REVIEW)

    def _recorded(self, settled: Settlement, voucher: Voucher) -> None:
        assert_same(settled, voucher)
        assert settled.head is not None
        assert settled.head.sequence <= self.model.acts, "after a crash somebody has signed in since"
        self.carried.append(settled.head)

    def press_again(self) -> None:
        """An old key: what it made comes again, or the other claim that was typed meanwhile is refused."""
        settled = [each for each in self.model.vouchers.values() if each.claim is not None]
        if not settled:
            return
        voucher, login = self.any_of(settled[-20:]), self.any_of(CLERKS)
        draft = self.typed(login, voucher.person_id, voucher.key, None)
        is_same = self.often(0.7)
        claim = replace(voucher.claim, account=None) if is_same else draft.request.claim
        request = replace(draft.request, claim=claim)
        expected = None if is_same else "draft_already_settled"
        done, again = self.attempt(login, expected, lambda ledger: ledger.settle(request), is_keyed=True)
        if done and again is not None:
            assert_same(again, voucher)

    def voucher_number(self) -> str | None:
        return self.any_of(list(self.model.vouchers)[-25:]) if self.model.vouchers else None

    def reverse(self) -> None:
        number, login, key, now = self.voucher_number(), self.any_of(CLERKS), self.key(), self.clock.now
        if number is None:
            return
        voucher = self.model.vouchers[number]
        kinds = {SettlementKind.REVERSAL: "not_reversible", SettlementKind.CORRECTION: "correction_not_reversible"}
        refused = kinds.get(voucher.kind) or ("already_reversed" if voucher.reversed_by else None)
        if refused is None and self.model.is_closed(now):
            refused = "month_closed"
        done, mirror = self.attempt(login, refused, lambda ledger: ledger.reverse(number, "退票", key), is_keyed=True)
        if done and mirror is not None:
            self._recorded(mirror, self.model.reverse(number, key=key, now=now, clerk=STAFF[login].name))

    def correct(self) -> None:
        """Settle one difference that late news has made; all of them are those that a fresh replay gives."""
        person_id, login, reviewer = self.person_id(), self.any_of(CLERKS), self.any_of(REVIEWERS)
        differences = self.model.open_differences(person_id, self.policy)
        effects = self.seat(login).effects(person_id, lambda _area: self.policy)
        assert {each.voucher_number: each.difference_fen for each in effects} == differences
        if not effects:
            return
        effect = self.any_of(effects) if self.often(0.3) else min(effects, key=lambda each: each.difference_fen)
        number, key, now = effect.voucher_number, self.key(), self.clock.now
        refused = "month_closed" if self.model.is_closed(now) else self._decreases_first(person_id, effect)
        review = Review(STAFF[reviewer].name, "平台查询属实")

        def press(ledger: Ledger) -> Settlement:
            self._approve(ledger, login, review)
            return ledger.correct(
                number, effect, reason="补录", key=key, review=review, policy_of=lambda _area: self.policy
            )

        done, correction = self.attempt(login, refused, press, is_keyed=True)
        if done and correction is not None:
            clerk = STAFF[login].name
            voucher = self.model.correct(number, self.policy, key=key, now=now, clerk=clerk, reviewer=review.reviewer)
            self._recorded(correction, voucher)

    def _decreases_first(self, person_id: int, effect: Any) -> str | None:
        """What one gets may still be with others, and then more than the cap would be paid for a while."""
        voucher = self.model.vouchers[effect.voucher_number]
        all_afresh = self.model.decided_afresh(person_id, self.policy)
        used = self.model.used(person_id, self.policy)
        more: Counter[tuple[int, str]] = Counter()
        for before, now in zip(voucher.decided, all_afresh[voucher.number].receipts, strict=True):
            if now.terms is not None:
                more[now.receipt.visited_on.year, now.terms.cap_pool] += now.fund_fen - before.fund_fen
        # Who retires in the course of a year has two caps in it; the higher one says what the year may come to.
        caps: Counter[tuple[int, str]] = Counter()
        for afresh in all_afresh.values():
            for each in afresh.receipts:
                if each.terms is not None:
                    pool = (each.receipt.visited_on.year, each.terms.cap_pool)
                    caps[pool] = max(caps[pool], each.terms.cap_fen)
        platform = {prior.year: prior.fund_fen for prior in self.model.insured[person_id].priors.values()}
        for (year, pool), more_fen in more.items():
            by_office_fen = used.used(year, pool).fund_fen - platform.get(year, 0)
            limit_fen = max(caps[year, pool] - platform.get(year, 0), by_office_fen)
            if by_office_fen + more_fen > limit_fen:
                return "decreases_first"
        return None

    # -- money ---------------------------------------------------------------------------------------------------

    def review(self) -> None:
        login, number = self.any_of(REVIEWERS), self.voucher_number()
        if number is None:
            return
        voucher, has_passed = self.model.vouchers[number], self.often(0.85)
        refused = None
        if voucher.kind is not SettlementKind.SETTLEMENT:
            refused = "nothing_to_review"
        elif voucher.reversed_by:
            refused = "already_reversed"
        elif voucher.clerk == STAFF[login].name:
            refused = "reviewer_is_clerk"
        elif voucher.has_passed is not None:
            refused = "reviewed_already"

        def check(ledger: Ledger) -> None:
            ledger.confirm_password(PASSWORD)
            ledger.review([number], "" if has_passed else "诊断不符", has_passed=has_passed)

        if self.attempt(login, refused, check)[0]:
            self.model.told(self.clock.now)
            voucher.has_passed = has_passed

    def make_list(self) -> None:
        numbers = [number for number in self.model.vouchers if self.model.stage(number) is Stage.PAYABLE]
        wanted = self.chance.sample(numbers, min(len(numbers), self.any_of([0, 1, 2, 3, 4, 5])))
        if self.often(0.2) and self.model.vouchers:
            wanted.append(self.voucher_number() or "")
        order = list(self.model.vouchers)
        to_pay = sorted({each for each in wanted if self.model.stage(each) is not None}, key=order.index)
        refused = None if to_pay else "nothing_to_pay"
        for number in to_pay:
            if self.model.stage(number) is not Stage.PAYABLE:
                refused = refused or "not_payable"
            elif self.model.account_of(number) is None:
                refused = refused or "account_missing"

        def pay(ledger: Ledger) -> Any:
            ledger.confirm_password(PASSWORD)
            return ledger.make_payment_list(wanted)

        done, made = self.attempt("sun", refused, pay)
        if done and made is not None:
            at = self.model.told(self.clock.now)
            number = f"B360100-{at.year}-{self.model.next_number('payment', at):05d}"
            assert made.list_number == number
            self.model.lists[number] = [
                Transfer(each, self.model.due_fen(each), self._account(each)) for each in to_pay
            ]

    def _account(self, number: str) -> PayeeAccount:
        account = self.model.account_of(number)
        assert account is not None
        return account

    def bank_answers(self) -> None:
        if not self.model.lists:
            return
        number = self.any_of(list(self.model.lists)[-6:])
        transfers = self.model.lists[number]
        waiting = [position for position, each in enumerate(transfers) if each.is_paid is None]
        asked = waiting if waiting and self.often(0.8) else range(len(transfers))
        answered = self.chance.sample(list(asked), self.chance.randint(1, len(asked)))
        results = {
            position: PaymentResult(is_paid=True)
            if self.often(0.7)
            else PaymentResult(is_paid=False, reason="户名不符")
            for position in answered
        }
        refused = None if set(answered) <= set(waiting) else "payment_answered"

        def record(ledger: Ledger) -> None:
            ledger.confirm_password(PASSWORD)
            ledger.record_payment_results(number, results)

        if self.attempt("sun", refused, record)[0]:
            self.model.told(self.clock.now)
            for position, result in results.items():
                transfers[position].is_paid = result.is_paid
                self.counted["paid" if result.is_paid else "failed"] += 1

    def money_comes_back(self) -> None:
        """In cash, of something that is owed or, now and then, of something that is not."""
        owing = [number for number in self.model.vouchers if self.model.stage(number) is Stage.RECOVER]
        number = self.any_of(owing[-6:]) if owing and self.often(0.9) else self.voucher_number()
        if number is None:
            return
        open_fen = -self.model.due_fen(number) if self.model.stage(number) is Stage.RECOVER else 0
        amount_fen = self.any_of([open_fen, open_fen, max(1, open_fen // 3), open_fen + 1])
        refused = "nothing_to_recover" if not open_fen else "recovery_exceeds" if amount_fen > open_fen else None
        self._enter(number, amount_fen, "", refused)

    def deduction(self) -> None:
        """Somebody owes for one settlement and waits for the money of another one."""
        owing = [number for number in self.model.vouchers if self.model.stage(number) is Stage.RECOVER]
        if not owing:
            return
        number = self.any_of(owing[-6:])
        person_id = self.model.vouchers[number].person_id
        payable = [each for each in self.model.vouchers if self.model.stage(each) is Stage.PAYABLE]
        own = [each for each in payable if self.model.vouchers[each].person_id == person_id]
        other = self.any_of(own if own and self.often(0.9) else [*payable[-3:], number])
        most_fen = min(-self.model.due_fen(number), max(self.model.due_fen(other), 1))
        refused = None
        if other == number:
            refused = "deduction_from_itself"
        elif other not in own:
            refused = "deduction_of_other"
        self._enter(number, self.any_of([most_fen, most_fen, max(1, most_fen // 2)]), other, refused)

    def _enter(self, number: str, amount_fen: int, other: str, refused: str | None) -> None:
        key, day = self.key(), self.model.time_of(self.clock.now).date()
        way = RecoveryWay.DEDUCTION if other else RecoveryWay.CASH
        money = MoneyBack(amount_fen, day, way, "" if other else "收据 1", other)

        def press(ledger: Ledger) -> Recovery:
            ledger.confirm_password(PASSWORD)
            return ledger.record_recovery(number, money, key)

        done, entry = self.attempt("sun", refused, press, is_keyed=True)
        if done and entry is not None:
            assert (entry.amount_fen, entry.deducted_from) == (amount_fen, other)
            self._came(entry, "")

    def _came(self, entry: Recovery, cancels: str) -> None:
        at = self.model.told(self.clock.now)
        number = f"R360100-{at.year}-{self.model.next_number('recovery', at):05d}"
        assert entry.number == number
        self.model.back[number] = Back(entry.voucher_number, entry.amount_fen, entry.deducted_from, cancels)
        self.counted[f"{entry.way.value} came"] += 1

    def take_back(self) -> None:
        if not self.model.back:
            return
        number = self.any_of(list(self.model.back)[-8:])
        entry, key = self.model.back[number], self.key()
        refused = None
        if entry.cancels or any(each.cancels == number for each in self.model.back.values()):
            refused = "recovery_taken_back"
        elif entry.other:
            left_fen = self.model.paid_fen(entry.other) - entry.amount_fen
            refused = "deduction_spent" if self.model.back_fen(entry.other) > left_fen else None

        def press(ledger: Ledger) -> Recovery:
            ledger.confirm_password(PASSWORD)
            return ledger.take_recovery_back(number, "登记有误", key)

        done, back = self.attempt("sun", refused, press, is_keyed=True)
        if done and back is not None:
            self._came(back, number)

    def archive(self) -> None:
        number = self.voucher_number()
        if number is None:
            return
        refused = None
        if self.model.stage(number) not in (None, Stage.PAID, Stage.CLOSED):
            refused = "not_archivable"
        elif self.model.vouchers[number].box:
            refused = "archived_already"
        if self.attempt("sun", refused, lambda ledger: ledger.archive([number], "2023-甲"))[0]:
            self.model.told(self.clock.now)
            self.model.vouchers[number].box = "2023-甲"

    def print_paper(self) -> None:
        number = self.voucher_number()
        if number is None:
            return
        done, reprint = self.attempt(self.any_of(CLERKS), None, lambda ledger: ledger.record_print(number))
        if done:
            self.model.told(self.clock.now)
            assert reprint == self.model.vouchers[number].prints
            self.model.vouchers[number].prints += 1

    # -- the office ----------------------------------------------------------------------------------------------

    def close_month(self) -> None:
        at = self.model.time_of(self.clock.now)
        over = self.model.open_months(self.clock.now)
        month = self.any_of([*over, *over, *over, (at.year, at.month), *self.model.closed])
        refused = "month_closed" if month in self.model.closed else None
        # A clock that two persons have put back may stand before the end of a month that is closed.
        refused = "month_not_over" if month >= (at.year, at.month) else refused
        if self.attempt(self.any_of([*REVIEWERS, "sun"]), refused, lambda ledger: ledger.close_month(*month))[0]:
            self.model.told(self.clock.now)
            self.model.closed.append(month)

    def time_passes(self) -> None:
        self.clock.now += self.any_of([timedelta(minutes=11), timedelta(days=1), timedelta(days=9), timedelta(days=31)])

    def clock_jumps(self) -> None:
        """The clock falls back; it is put right again, or two persons say that it is right now."""
        right = self.clock.now
        self.clock.now = self.model.last_at - self.any_of(
            [timedelta(minutes=5), timedelta(minutes=5, seconds=1), timedelta(days=3), timedelta(days=40)]
        )
        for _act in range(3):
            getattr(self, self.any_of(["settle", "reverse", "new_person", "bank_answers", "crash"]))()
        if self.often(0.5):
            self.clock.now = max(right, self.model.last_at)
            return
        login = self.any_of([*CLERKS, *REVIEWERS])
        second = self.any_of([each for each in (*REVIEWERS, "guan") if each != login])
        ledger = self.seat(login)
        ledger.confirm_clock(ledger.approve(second, PASSWORD, Action.CONFIRM_CLOCK), "对过时")
        self.model.last_at = self.clock.now
        self.model.acts += 1
        for _act in range(2):
            self.any_of([self.settle, self.reverse])()

    def other_user(self) -> None:
        """Somebody else takes a chair for a moment."""
        seat = self.any_of(STAFF)
        ledger = self.seat(seat)
        wrong = self.chance.random() < 0.3
        if wrong:
            _expect("sign_in_refused", lambda: ledger.sign_in("zhou", "错误的口令-2023"))
            assert ledger.user == STAFF[seat]
        else:
            self._sign_in(ledger, self.any_of(STAFF))
        self._sign_in(ledger, seat)

    def forbidden(self) -> None:
        """What a role may not do is refused whatever the request is."""
        number = self.voucher_number() or "360100-2023-000001"
        calls: list[tuple[tuple[str, ...], Callable[[Ledger], object]]] = [
            (("guan", "sun", "qian"), lambda ledger: ledger.reverse(number, "退票", "never")),
            (("guan", "li", "wang", "sun", "qian"), lambda ledger: ledger.review([number])),
            (("guan", "li", "wang", "zhao", "qian"), lambda ledger: ledger.make_payment_list([number])),
            (
                ("guan", "li", "wang", "zhao", "qian"),
                lambda ledger: ledger.take_recovery_back("never", "录错", "never"),
            ),
            (("guan", "sun", "qian", "zhao"), lambda ledger: ledger.save_claim("never", "某人", "{}")),
            (("guan", "qian", "li"), lambda ledger: ledger.close_month(2023, 5)),
        ]
        logins, call = self.any_of(calls)
        ledger = self.seat(self.any_of(logins))
        _expect("not_allowed", lambda: call(ledger))
        self.counted["not_allowed"] += 1

    def crash(self) -> None:
        """The next act that is let through meets its crash."""
        self.crash_at = 0
        acts = [self.settle, self.settle, self.reverse, self.correct, self.make_list, self.save_draft]
        self.any_of([*acts, self.money_comes_back, self.take_back])()

    def back_up(self) -> None:
        target = self.folder / f"backup-{next(self._serial)}.db"
        with (
            contextlib.closing(sqlite3.connect(self.path)) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
        self.backups = [*self.backups[-1:], (target, self.model.copy(), list(self.carried))]

    def restore(self) -> None:
        """The disk is gone; the office goes on with an older copy, and so does the model."""
        if not self.backups or self.often(0.6):
            return
        path, model, carried = self.any_of(self.backups)
        after = self.folder / f"ledger-{next(self._serial)}.db"
        shutil.copy(path, after)
        self._go_on_with(after)
        self.model, self.carried = model.copy(), list(carried)
        self.counted["restored"] += 1

    # -- what has to be the same ---------------------------------------------------------------------------------

    def check(self) -> None:
        """Payments, accumulators, sums, stages and numbers are the model's, to the fen."""
        ledger, model = self.seat("zhao"), self.model
        for month in model.months():
            expected = [each for each in model.vouchers.values() if _month(each) == month]
            found = list(ledger.settlements_of_month(*month))
            assert len(found) == len(expected) == ledger.month_count(*month)
            for settlement, voucher in zip(found, expected, strict=True):
                assert_same(settlement, voucher)
                assert settlement.reversed_by == voucher.reversed_by
                assert settlement.corrected_by == tuple(voucher.corrected_by)
        for person_id, insured in model.insured.items():
            used = ledger.year_to_date(person_id, self.policy)
            assert used_pools(used) == used_pools(model.used(person_id, self.policy))
            assert ledger.payee_account(person_id) == (insured.accounts[-1] if insured.accounts else None)
            known = [each.account for each in ledger.known_accounts(person_id)]
            assert known == model.known_accounts(person_id)
        assert ledger.taken_bills(f"/{number}" for number in self.papers) == model.bills
        self._check_money(ledger)
        self._check_claims(ledger)
        assert [(each.year, each.month) for each in ledger.closed_months()] == sorted(model.closed)
        assert ledger.head().sequence == model.acts
        assert_books_agree(self.path)
        assert_trail_is_whole(self.path, *self.carried)

    def _check_money(self, ledger: Ledger) -> None:
        model = self.model
        payables = {each.voucher_number: each for each in ledger.payables(EVERY, limit=1 << 30)}
        settled = [each.number for each in model.vouchers.values() if each.kind is SettlementKind.SETTLEMENT]
        assert set(payables) == set(settled)
        for number in settled:
            found = payables[number]
            assert (found.stage, found.due_fen) == (model.stage(number), model.due_fen(number)), number
            assert found.comes_to_fen == model.comes_to_fen(number), number
            assert found.account == model.account_of(number), number
        under_way = {number: each for number, each in payables.items() if each.stage in UNDER_WAY}
        waiting = ledger.payables(UNDER_WAY, limit=1 << 30)
        assert {each.voucher_number: each for each in waiting} == under_way
        assert [each.stage for each in waiting].count(Stage.PAYABLE) == ledger.counts().payable
        owed = {each.voucher_number: each.open_fen for each in ledger.recoverables(limit=1 << 30)}
        assert owed == {number: -model.due_fen(number) for number in settled if model.stage(number) is Stage.RECOVER}
        for number in {each.number for each in model.back.values()}:
            entries = [(each.number, each.amount_fen, each.cancels) for each in ledger.recoveries(number)]
            expected = [
                (key, each.amount_fen, each.cancels) for key, each in model.back.items() if each.number == number
            ]
            assert sorted(entries) == sorted(expected), "in their order, but that a clock may have been put back"
        found_lists = {each.list_number: each for each in ledger.payment_lists(limit=1 << 30)}
        assert set(found_lists) == set(model.lists)
        for number, transfers in model.lists.items():
            for payment, transfer in zip(found_lists[number].payments, transfers, strict=True):
                is_paid = payment.result.is_paid if payment.result else None
                assert (payment.voucher_number, payment.amount_fen) == (transfer.number, transfer.amount_fen)
                assert (is_paid, payment.account.account) == (transfer.is_paid, transfer.account.account)

    def _check_claims(self, ledger: Ledger) -> None:
        found = {each.act_key: each for each in ledger.claims_in(frozenset(ClaimState), limit=1 << 30)}
        assert set(found) == set(self.model.drafts)
        for key, draft in self.model.drafts.items():
            line = found[key]
            assert (line.acceptance_number, line.state, line.entered_by) == (
                *(draft.acceptance_number, draft.state, draft.entered_by),
            )


def assert_same(settlement: Settlement, voucher: Voucher) -> None:
    """The record is what the model has under its number."""
    assert (
        *(settlement.voucher_number, settlement.kind, settlement.settled_at, settlement.person_id),
        *(settlement.total_fen, settlement.fund_fen, settlement.account_fen),
        *(settlement.clerk, settlement.review.reviewer if settlement.review else "", settlement.original_number),
    ) == (
        *(voucher.number, voucher.kind, voucher.settled_at, voucher.person_id),
        *(voucher.total_fen, voucher.fund_fen, voucher.account_fen),
        *(voucher.clerk, voucher.reviewer, voucher.original),
    )


def _amounts(decided: ClaimAdjudication) -> tuple[object, ...]:
    amounts = ((each.decision, each.fund_fen, each.deductible_fen, each.person_fen) for each in decided.receipts)
    return (decided.decision, decided.account_fen, *amounts)


def _month(voucher: Voucher) -> tuple[int, int]:
    return voucher.settled_at.year, voucher.settled_at.month


def outcome(call: Callable[[], Result]) -> tuple[Result | None, str | None]:
    """What comes of it: the result, or the code of the refusal."""
    try:
        return call(), None
    except ClerkError as error:
        return None, error.code


def _expect(code: str, call: Callable[[], object]) -> None:
    assert outcome(call)[1] == code


def walked(folder: Path, policy: Policy, seed: int, steps: int, check_every: int) -> Walk:
    """Walk, and say with which seed when it fails."""
    walk = Walk(folder, policy, seed)
    step = 0
    try:
        for step in range(1, steps + 1):
            walk.step()
            if step % check_every == 0 or step == steps:
                walk.check()
    except BaseException as error:
        error.add_note(f"seed {seed}, step {step}, area {policy.area_name}, on {walk.path}")
        raise
    finally:
        walk.desks.let_go()
    return walk
