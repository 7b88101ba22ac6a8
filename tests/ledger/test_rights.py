from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clerk_app.codes import Action, Benefit, ClaimState, Role, Stage
from clerk_app.errors import ClerkError
from clerk_app.ledger.anchors import Anchor
from clerk_app.ledger.ledger import Ledger, open_ledger
from clerk_app.ledger.records import (
    Payee,
    PayeeAccount,
    PaymentResult,
    PersonRecord,
    PriorBenefit,
    Review,
    Settlement,
    User,
)
from clerk_app.ledger.rights import ASK_PASSWORD, RIGHTS, may
from clerk_app.ledger.soundness import Depth
from clerk_app.policy.installation import Proposal
from clerk_app.receipts.claim import Claim
from tests.ledger.office import (
    EMPLOYED,
    FINANCE,
    JIANGXI,
    PASSWORD,
    PEOPLE,
    QUICK,
    REVIEWER,
    SHELF,
    TODAY,
    Clock,
    Office,
    receipt,
    staffed,
)
from tests.ledger.paying_desk import money_back

EVERYBODY = {person.role: person for person in PEOPLE} | {
    Role.ADMINISTRATOR: User("guan", "关管理", Role.ADMINISTRATOR)
}


@dataclass(frozen=True)
class Scene:
    """A ledger with a voucher whose deductible late news has moved to another."""

    office: Office
    person: PersonRecord
    first: Settlement
    second: Settlement
    ready: Settlement
    owing: Settlement

    @property
    def ledger(self) -> Ledger:
        return self.office.ledger


def of_settling(scene: Scene) -> Any:
    return scene.ledger.settle(scene.office.request(scene.person, receipt("9"), key="fresh"))


def of_correcting(scene: Scene) -> Any:
    (effect,) = scene.ledger.effects(scene.person.person_id, SHELF.policy)
    review = Review(REVIEWER.name, "属实")
    return scene.ledger.correct(
        effect.voucher_number, effect, reason="冲正", key="c1", review=review, policy_of=SHELF.policy
    )


def of_exporting(scene: Scene) -> Any:
    scene.ledger.confirm_password(PASSWORD)
    scene.ledger.record_export("2023-06", "0" * 64, 2)


def proposal(effective_from: str = "2024-07-01") -> Proposal:
    begins = date.fromisoformat(effective_from)
    return Proposal(Path(), "360000", begins, "示例〔2024〕1号", "李录入", TODAY, "1" * 64, "2" * 64)


def of_installing(scene: Scene) -> Any:
    """What the clerk of the scene has proposed."""
    scene.ledger.confirm_password(PASSWORD)
    scene.ledger.record_policy_installation(proposal())


PRIOR = PriorBenefit(2023, Benefit.ORDINARY, 20_000, 0, date(2023, 5, 31))

#: Method → the right that it needs, and a call of it.
CALLS: dict[str, tuple[Action, Callable[[Scene], Any]]] = {
    "users": (Action.SEE, lambda scene: scene.ledger.users()),
    "add_user": (
        Action.MANAGE_USERS,
        lambda scene: scene.ledger.add_user(User("wu", "吴新人", Role.CLERK), PASSWORD),
    ),
    "change_user": (Action.MANAGE_USERS, lambda scene: scene.ledger.change_user(REVIEWER)),
    "audit_trail": (Action.SEE_AUDIT, lambda scene: scene.ledger.audit_trail()),
    "head": (Action.SEE, lambda scene: scene.ledger.head()),
    "closed_months": (Action.SEE, lambda scene: scene.ledger.closed_months()),
    "close_month": (Action.CLOSE_MONTH, lambda scene: scene.ledger.close_month(2023, 5)),
    "save_person": (
        Action.SAVE_PERSON,
        lambda scene: scene.ledger.save_person(scene.person.person, EMPLOYED, "360000", scene.person.person_id),
    ),
    "record_prior_benefit": (
        Action.SAVE_PERSON,
        lambda scene: scene.ledger.record_prior_benefit(scene.person.person_id, PRIOR),
    ),
    "person": (Action.SEE, lambda scene: scene.ledger.person(scene.person.person_id)),
    "find_persons": (Action.SEE, lambda scene: scene.ledger.find_persons("张")),
    "person_by_id_number": (Action.SEE, lambda scene: scene.ledger.person_by_id_number("1")),
    "year_to_date": (Action.SEE, lambda scene: scene.ledger.year_to_date(scene.person.person_id, JIANGXI)),
    "taken_bills": (Action.SEE, lambda scene: scene.ledger.taken_bills(["1"])),
    "settle": (Action.SETTLE, of_settling),
    "reverse": (Action.REVERSE, lambda scene: scene.ledger.reverse(scene.second.voucher_number, "录错", "r2")),
    "correct": (Action.CORRECT, of_correcting),
    "effects": (Action.SEE, lambda scene: scene.ledger.effects(scene.person.person_id, SHELF.policy)),
    "effects_of_reversal": (
        Action.SEE,
        lambda scene: scene.ledger.effects_of_reversal(scene.second.voucher_number, SHELF.policy),
    ),
    "effects_of_prior_benefits": (
        Action.SEE,
        lambda scene: scene.ledger.effects_of_prior_benefits(scene.person.person_id, [PRIOR], SHELF.policy),
    ),
    "effects_of_claim": (
        Action.SEE,
        lambda scene: scene.ledger.effects_of_claim(
            scene.person.person_id, Claim((receipt("8"),)), JIANGXI, SHELF.policy
        ),
    ),
    "year_card": (Action.SEE, lambda scene: scene.ledger.year_card(scene.person.person_id, 2023, JIANGXI)),
    "settlement": (Action.SEE, lambda scene: scene.ledger.settlement(scene.first.voucher_number)),
    "remark": (Action.SEE, lambda scene: scene.ledger.remark(scene.first.voucher_number)),
    "search": (Action.SEE, lambda scene: scene.ledger.search("")),
    "month_count": (Action.SEE, lambda scene: scene.ledger.month_count(2023, 6)),
    "month_figures": (Action.SEE, lambda scene: scene.ledger.month_figures(2023, 6)),
    "settlements_of_month": (Action.SEE, lambda scene: list(scene.ledger.settlements_of_month(2023, 6))),
    "use_office_code": (Action.CHANGE_OFFICE, lambda scene: scene.ledger.use_office_code("360200")),
    "exports": (Action.EXPORT, lambda scene: scene.office.ledger.exports()),
    "record_export": (Action.EXPORT, of_exporting),
    "record_numbers_shown": (
        Action.SHOW_NUMBERS,
        lambda scene: scene.ledger.record_numbers_shown(scene.second.voucher_number),
    ),
    "record_policy_proposal": (
        Action.PROPOSE_POLICY,
        lambda scene: scene.ledger.record_policy_proposal(proposal("2025-01-01")),
    ),
    "record_policy_installation": (Action.INSTALL_POLICY, of_installing),
    "record_print": (Action.PRINT, lambda scene: scene.ledger.record_print(scene.second.voucher_number)),
}

ACCOUNT = PayeeAccount("张三", "本人", "示例银行", "6200000000000000001")


def confirmed(call: Callable[[Scene], Any]) -> Callable[[Scene], Any]:
    """The call with the password typed again before it."""

    def after_password(scene: Scene) -> Any:
        scene.ledger.confirm_password(PASSWORD)
        return call(scene)

    return after_password


def of_restoring(scene: Scene) -> Any:
    """A backup that the program made when it ended."""
    written = scene.ledger.back_up(scene.office.path.parent / "backups", by_program=True)
    return scene.ledger.restore(written.backup.path)


def of_moving(scene: Scene) -> Any:
    """To an address that is none, of which whoever may move an office is told."""
    try:
        scene.ledger.move_to("postgresql://")
    except ClerkError as error:
        if error.code != "ledger_address":
            raise


def of_changing_passphrase(scene: Scene) -> Any:
    """Whoever may is told that a practice office has none."""
    scene.ledger.confirm_password(PASSWORD)
    try:
        scene.ledger.change_passphrase("of before", "the passphrase from now on")
    except ClerkError as error:
        if error.code != "ledger_not_encrypted":
            raise


CALLS |= {
    "save_claim": (Action.ENTER, lambda scene: scene.ledger.save_claim("k9", "张三", "{}")),
    "open_claim": (Action.SETTLE, lambda scene: scene.ledger.open_claim("k1")),
    "let_claim_go": (Action.SETTLE, lambda scene: scene.ledger.let_claim_go("k1")),
    "submit_claim": (Action.ENTER, lambda scene: scene.ledger.submit_claim("k1")),
    "return_claim": (Action.REVIEW, lambda scene: scene.ledger.return_claim("k2", "缺处方")),
    "withdraw_claim": (Action.ENTER, lambda scene: scene.ledger.withdraw_claim("k1", "不办了")),
    "claims_in": (Action.SEE, lambda scene: scene.ledger.claims_in(frozenset(ClaimState))),
    "review": (Action.REVIEW, confirmed(lambda scene: scene.ledger.review([scene.second.voucher_number]))),
    "payables": (Action.SEE, lambda scene: scene.ledger.payables(frozenset(Stage))),
    "to_archive": (Action.SEE, lambda scene: scene.ledger.to_archive()),
    "counts": (Action.SEE, lambda scene: scene.ledger.counts()),
    "stage": (Action.SEE, lambda scene: scene.ledger.stage(scene.second.voucher_number)),
    "payee_account": (Action.SEE, lambda scene: scene.ledger.payee_account(scene.person.person_id)),
    "known_accounts": (Action.SEE, lambda scene: scene.ledger.known_accounts(scene.person.person_id)),
    "give_account": (
        Action.CHANGE_PAYEE,
        lambda scene: scene.ledger.give_account(scene.person.person_id, ACCOUNT),
    ),
    "make_payment_list": (
        Action.PAY,
        confirmed(lambda scene: scene.ledger.make_payment_list([scene.ready.voucher_number])),
    ),
    "record_payment_results": (
        Action.PAY,
        confirmed(lambda scene: scene.ledger.record_payment_results("B360100-2023-00001", {0: PaymentResult(True)})),
    ),
    "recoverables": (Action.SEE, lambda scene: scene.ledger.recoverables()),
    "recoveries": (Action.SEE, lambda scene: scene.ledger.recoveries(scene.owing.voucher_number)),
    "record_recovery": (
        Action.RECOVER,
        confirmed(lambda scene: scene.ledger.record_recovery(scene.owing.voucher_number, money_back(1), "b2")),
    ),
    "take_recovery_back": (
        Action.RECOVER,
        confirmed(lambda scene: scene.ledger.take_recovery_back("R360100-2023-00001", "录错", "b3")),
    ),
    "record_catalogue_import": (
        Action.IMPORT_CATALOGUE,
        lambda scene: scene.ledger.record_catalogue_import("360000", "目录.xlsx", "0" * 64, 1, 0),
    ),
    "record_paper": (Action.PRINT, lambda scene: scene.ledger.record_paper("year-card", "2023-1")),
    "payment_list": (Action.SEE, lambda scene: scene.ledger.payment_list("B360100-2023-00001")),
    "payment_lists": (Action.SEE, lambda scene: scene.ledger.payment_lists()),
    "institutions_met": (Action.SEE, lambda scene: scene.ledger.institutions_met()),
    "diseases_met": (Action.SEE, lambda scene: scene.ledger.diseases_met()),
    "similar_receipts": (Action.SEE, lambda scene: scene.ledger.similar_receipts(receipt("8"))),
    "verify": (Action.SEE_AUDIT, lambda scene: scene.ledger.verify(Depth.FULL)),
    "back_up": (Action.BACK_UP, lambda scene: scene.ledger.back_up(scene.office.path.parent / "kept")),
    "change_passphrase": (Action.CHANGE_PASSPHRASE, of_changing_passphrase),
    "acts_after": (Action.SEE_AUDIT, lambda scene: scene.ledger.acts_after(Anchor(1, "", ""))),
    "restore": (Action.RESTORE, confirmed(of_restoring)),
    "move_to": (Action.MIGRATE, confirmed(of_moving)),
    "archive": (Action.ARCHIVE, lambda scene: scene.ledger.archive([scene.first.voucher_number], "2023-01")),
}

#: Nobody need be signed in for these, or they ask for a password themselves.
OF_EVERYBODY = {
    *("close", "changes", "user", "standing", "signing_seed", "found", "sign_in", "sign_out"),
    *("confirm_password", "approve", "change_own_password", "confirm_clock", "keep_anchor"),
    *("mistrust", "is_server", "acts"),
}


@pytest.fixture(scope="module")
def prepared_scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Made once; each test works on a copy of its file."""
    office = Office(tmp_path_factory.mktemp("scene") / "ledger.db")
    person = office.person()
    first, second = office.settle(person, receipt("1")), office.settle(person, receipt("2"))
    office.ledger.reverse(first.voucher_number, "录错", "r1")
    payee = Payee("李四", "配偶", "示例银行", "6200000000000000002")
    office.ledger.record_policy_proposal(proposal())
    other = office.person("李四")
    paid, ready, owing = (office.settle(other, receipt(number), payee=payee) for number in ("3", "4", "5"))
    for key in ("k1", "k2"):
        office.ledger.save_claim(key, "张三", "{}")
        office.ledger.let_claim_go(key)
    office.ledger.submit_claim("k2")
    staffed(office.ledger, REVIEWER).confirm_password(PASSWORD)
    office.ledger.review([paid.voucher_number, ready.voucher_number, owing.voucher_number])
    office.ledger.sign_in("sun", PASSWORD)
    office.ledger.confirm_password(PASSWORD)
    office.ledger.make_payment_list([paid.voucher_number])
    office.ledger.confirm_password(PASSWORD)
    listed = office.ledger.make_payment_list([owing.voucher_number])
    office.ledger.confirm_password(PASSWORD)
    office.ledger.record_payment_results(listed.list_number, {0: PaymentResult(is_paid=True)})
    staffed(office.ledger, REVIEWER).reverse(owing.voucher_number, "录错", "r5")
    staffed(office.ledger, FINANCE).confirm_password(PASSWORD)
    office.ledger.record_recovery(owing.voucher_number, money_back(100), "b1")
    office.ledger.close()
    return Scene(office, person, first, second, ready, owing)


@pytest.fixture
def scene(prepared_scene: Scene, tmp_path: Path) -> Iterator[Scene]:
    shutil.copy(prepared_scene.office.path, tmp_path / "ledger.db")
    office = Office(tmp_path / "ledger.db")
    yield replace(prepared_scene, office=office)
    office.ledger.close()


def test_the_table_of_calls_has_every_method_of_the_ledger() -> None:
    public = {name for name, _member in inspect.getmembers(Ledger) if not name.startswith("_")}
    assert public == set(CALLS) | OF_EVERYBODY


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("role", Role)
def test_each_role_does_what_the_table_says_and_nothing_else(scene: Scene, role: Role, method: str) -> None:
    action, call = CALLS[method]
    # Prepared by somebody who may look; then the one who is tried takes the chair.
    prepared = _prepared(scene, call)
    user = EVERYBODY[role]
    scene.ledger.sign_in(user.login, PASSWORD)
    if method == "correct" and user != REVIEWER:
        scene.ledger.approve(REVIEWER.login, PASSWORD, Action.REVIEW)
    before = scene.ledger.search("") if may(role, Action.SEE) else []
    if may(role, action) and (method, role) != ("correct", Role.REVIEWER):
        prepared()
        return
    with pytest.raises(ClerkError) as raised:
        prepared()
    assert raised.value.code == ("reviewer_is_clerk" if may(role, action) else "not_allowed")
    assert scene.ledger.search("") == before


def _prepared(scene: Scene, call: Callable[[Scene], Any]) -> Callable[[], Any]:
    """The call with everything looked up beforehand that only its own right is asked."""
    if call is of_settling:
        request = scene.office.request(scene.person, receipt("9"), key="fresh")
        return lambda: scene.ledger.settle(request)
    if call is of_correcting:
        (effect,) = scene.ledger.effects(scene.person.person_id, SHELF.policy)
        return lambda: scene.ledger.correct(
            effect.voucher_number,
            effect,
            reason="冲正",
            key="c1",
            review=Review(REVIEWER.name, "属实"),
            policy_of=SHELF.policy,
        )
    return lambda: call(scene)


@pytest.mark.parametrize("method", CALLS)
def test_nobody_who_is_not_signed_in_sees_or_does_anything(scene: Scene, method: str) -> None:
    prepared = _prepared(scene, CALLS[method][1])
    scene.ledger.sign_out()
    with pytest.raises(ClerkError, match="not_signed_in"):
        prepared()


def test_who_may_not_is_told_so_before_anything_else_is_asked(scene: Scene) -> None:
    """The right is asked first, and once more under the write lock."""
    scene.ledger.mistrust(ClerkError("ledger_unchecked"))
    scene.ledger.sign_in("qian", PASSWORD)
    for act in (
        lambda: scene.ledger.record_export("2023-06", "0" * 64, 2),
        lambda: scene.ledger.reverse(scene.second.voucher_number, "录错", "r2"),
    ):
        with pytest.raises(ClerkError, match="not_allowed"):
            act()


def test_every_role_has_its_rights_and_an_auditor_changes_nothing() -> None:
    assert RIGHTS.keys() == set(Role)
    assert RIGHTS[Role.AUDITOR] == {Action.SEE, Action.SEE_AUDIT}
    for action in (Action.SETTLE, Action.REVERSE, Action.CORRECT, Action.PAY, Action.MANAGE_USERS, Action.CLOSE_MONTH):
        able = {role for role in Role if may(role, action)}
        assert able
        assert not {Role.ADMINISTRATOR, Role.AUDITOR} & able or action is Action.MANAGE_USERS


def test_finance_alone_takes_money_back_and_only_with_the_password_once_more() -> None:
    assert {role for role in Role if may(role, Action.RECOVER)} == {Role.FINANCE}
    assert Action.RECOVER in ASK_PASSWORD


def test_a_policy_is_proposed_and_installed_by_those_who_answer_for_it() -> None:
    assert {role for role in Role if may(role, Action.PROPOSE_POLICY)} == {
        *(Role.CLERK, Role.REVIEWER, Role.ADMINISTRATOR)
    }
    assert {role for role in Role if may(role, Action.INSTALL_POLICY)} == {Role.REVIEWER, Role.ADMINISTRATOR}


def test_a_policy_comes_on_record_as_installed_only_with_the_password_once_more(scene: Scene) -> None:
    scene.ledger.sign_in(REVIEWER.login, PASSWORD)
    with pytest.raises(ClerkError, match="password_needed"):
        scene.ledger.record_policy_installation(proposal())
    of_installing(scene)
    with pytest.raises(ClerkError, match="password_needed"):
        scene.ledger.record_policy_installation(proposal())


def test_a_right_that_was_taken_away_ends_with_the_next_act(scene: Scene, tmp_path: Path) -> None:
    request = scene.office.request(scene.person, receipt("9"), key="fresh")
    with staffed(open_ledger(tmp_path / "ledger.db", "360100", Clock(), hardness=QUICK)) as other:
        other.sign_in("guan", PASSWORD)
        other.change_user(User("li", "李录入", Role.FINANCE))
        with pytest.raises(ClerkError, match="not_allowed"):
            scene.ledger.settle(request)
        other.change_user(User("li", "李录入", Role.CLERK, is_active=False))
        with pytest.raises(ClerkError, match="user_left"):
            scene.ledger.settle(request)
        other.change_user(User("li", "李录入", Role.CLERK))
    assert scene.ledger.settle(request).clerk == "李录入"
