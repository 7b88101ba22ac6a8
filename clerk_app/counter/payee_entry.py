"""收款账户 of a claim: what the office knows of the person, what is typed instead, and the change with a second person.

Nothing has to be typed in the usual job: the account on record is taken, and it stands on the voucher.
"""

from __future__ import annotations

from clerk_app.codes import Action
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import OWN, ClaimDraft, PayeeDraft
from clerk_app.counter.reading import Place, Problem, Reading
from clerk_app.counter.second_person import SecondPerson
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import KnownAccount, Payee, PayeeAccount, PersonRecord
from clerk_app.receipts.bank_account import parse_account
from clerk_app.receipts.id_card import masked
from clerk_app.wording import N_, _, filled, noted

#: Who may collect the money, as papers name it; the first is the person.
RELATIONS = (N_("本人"), N_("配偶"), N_("父母"), N_("子女"), N_("其他"))

_ACCOUNT, _BANK, _NAME, _REASON = (Place("payee", 0, name) for name in ("account", "bank", "name", "reason"))
#: Where a claim's account is shown among the fields of the person.
SHOWN = Place("payee", 0, "shown")


def read_payee(reading: Reading, draft: ClaimDraft) -> None:
    """Read the account that was typed; with none typed there is nothing to read."""
    typed = draft.payee
    if typed.is_blank:
        return
    own_name = draft.person.name.strip()
    is_own = typed.relation == OWN
    name = typed.name.strip() or (own_name if is_own else "")
    if not typed.bank.strip():
        reading.lacks(_BANK, _("请填写开户银行。"))
    number = reading.attempt(_ACCOUNT, lambda: parse_account(typed.account)) if typed.account.strip() else None
    if not typed.account.strip():
        reading.lacks(_ACCOUNT, _("请填写账号。"))
    if is_own and own_name and name != own_name:
        reading.problems.append(Problem(_NAME, _("户名不是参保人本人。由他人领取的，请选关系并写明原因。")))
        return
    if not is_own and not name:
        reading.lacks(_NAME, _("请填写户名。"))
    if not is_own and not typed.reason.strip():
        reading.lacks(_REASON, _("请填写由他人领取的原因，例如：本人卧床，已收委托书。"))
    if name and number and typed.bank.strip():
        reading.payee = Payee(name, typed.relation, typed.bank.strip(), number)


class PayeeEntry:
    """The account of one claim."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._person: PersonRecord | None = None
        self.known: tuple[KnownAccount, ...] = ()

    def use(self, record: PersonRecord | None, known: tuple[KnownAccount, ...] = ()) -> None:
        """Know whose claim it is, and to which accounts that person's money may go."""
        self._person, self.known = record, known

    def on_record(self) -> PayeeAccount | None:
        """Where the money goes with nothing typed; None without an account, or when the bank refused it last."""
        usual = self._usual()
        return None if usual is None or usual.refused else usual.account

    def _usual(self) -> KnownAccount | None:
        """The account given for the person, else the last one of a voucher that is the person's own."""
        for each in self.known:
            if each.is_registered or each.account.relation == OWN:
                return each
        return None

    def payee(self, reading: Reading) -> Payee | None:
        """Whom the claim names: what is typed, else the account on record."""
        account = self.on_record()
        if reading.payee is not None or account is None:
            return reading.payee
        return Payee(account.name, account.relation, account.bank, account.account)

    def is_change(self, reading: Reading) -> bool:
        """Whether what is typed is another account than those that the office knows."""
        typed = reading.payee
        if typed is None or not self.known:
            return False
        account = PayeeAccount(typed.name, typed.relation, typed.bank, typed.account)
        return account not in [each.account for each in self.known]

    def obstacles(self, reading: Reading) -> list[Problem]:
        """What bars the settlement: a change that nobody has confirmed."""
        if not self.is_change(reading):
            return []
        words = _("参保人已有收款账户，填写的是另一个：请第二人输入用户名和密码，确认变更。")
        return [Problem(Place("payee", 0, "second"), words)]

    def check_unchanged(self) -> None:
        """See to it that what is shown is what the ledger has.

        Raises:
            ClerkError: ``account_changed_meanwhile``.
        """
        shown = self.on_record()
        self.known = self._accounts()
        if self.on_record() != shown:
            raise ClerkError("account_changed_meanwhile")

    def change(self, payee: Payee, second: SecondPerson) -> tuple[KnownAccount, ...]:
        """Record another account for the person, which a second person confirms.

        Returns:
            The accounts that the office knows then.

        Raises:
            ClerkError: ``account_needs_second``, ``sign_in_refused``, ``sign_in_locked``, ``reviewer_is_clerk``,
                ``not_allowed``.
        """
        assert self._person is not None, "who has another account is known"
        account = PayeeAccount(payee.name, payee.relation, payee.bank, payee.account)
        confirmed_change(self._desk, self._person.person_id, account, second)
        return self._accounts()

    def _accounts(self) -> tuple[KnownAccount, ...]:
        """As the ledger has them now."""
        return self._desk.ledger.known_accounts(self._person.person_id) if self._person else ()

    def words(self, reading: Reading) -> str:
        """The account in one line, its number masked; or why there is none."""
        payee = self.payee(reading)
        if payee is not None:
            return payee_words(PayeeAccount(payee.name, payee.relation, payee.bank, payee.account))
        usual = self._usual()
        if usual is not None:
            return filled(_("上次被银行退回（{reason}），请变更"), {"reason": usual.refused})
        return _("未登记，可在支付前补填")


def confirmed_change(
    desk: Desk, person_id: int, account: PayeeAccount, second: SecondPerson, voucher_number: str = ""
) -> PayeeAccount:
    """Record another account with the password of a second person, who may review.

    Raises:
        ClerkError: As ``PayeeEntry.change``, and ``account_of_voucher``.
    """
    desk.require(Action.CHANGE_PAYEE)
    if not second.login.strip() or not second.password:
        raise ClerkError("account_needs_second")
    name = desk.ledger.approve(second.login, second.password, Action.REVIEW)
    return desk.ledger.give_account(person_id, account, name, voucher_number)


def payee_words(account: PayeeAccount) -> str:
    """An account in one line, its number masked; of whom it is where it is not the person's own."""
    holder = "" if account.relation == OWN else noted(account.name, _(account.relation)) + "　"
    return f"{holder}{account.bank}　{masked(account.account)}"


def two_lines(account: PayeeAccount, said: str = "") -> str:
    """An account for a list: the bank, and below it the masked number, of whom it is, and what is said of it."""
    holder = "" if account.relation == OWN else noted(account.name, _(account.relation))
    return f"{account.bank}\n" + "　".join(filter(None, (masked(account.account), holder, said)))


def as_typed(account: PayeeAccount) -> PayeeDraft:
    """A known account as if it had been typed."""
    return PayeeDraft(account.relation, account.name, account.bank, account.account)


def remark_of(draft: PayeeDraft, payee: Payee | None) -> str:
    """Why somebody else collects the money, for the audit trail: persons are not named there, and it is in Chinese."""
    if payee is None or payee.relation == OWN or not draft.reason.strip():
        return ""
    details = {"relation": payee.relation or RELATIONS[-1], "reason": draft.reason.strip()}
    return filled("款项由他人（{relation}）领取：{reason}", details)
