"""追回: what was paid and no longer stands, and the money that comes back of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from clerk_app.codes import Action, RecoveryWay, Stage
from clerk_app.counter.desk import Desk
from clerk_app.counter.typed import parse_amount, parse_day
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import MoneyBack, Payable, Recoverable, Recovery
from clerk_app.money import format_yuan
from clerk_app.wording import _, filled


@dataclass(frozen=True, slots=True)
class Owed:
    """A line of the list.

    Attributes:
        entries: What has come back of it and what was taken back, the oldest first.
        deductible: The same person's settlements that wait to be paid: money can be deducted from them.
    """

    line: Recoverable
    entries: tuple[Recovery, ...]
    deductible: tuple[Payable, ...]


@dataclass(slots=True)
class MoneyBackDraft:
    """What is typed of money that came back, as text."""

    way: RecoveryWay = RecoveryWay.TRANSFER
    amount: str = ""
    day: str = ""
    document: str = ""
    deducted_from: str = ""
    note: str = ""


class RecoveryDesk:
    """The list of what is to come back, and its acts.

    An entry keeps its key until it is on record, so that pressing again after a lost answer writes it once.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._keys: dict[str, str] = {}

    def owed(self) -> list[Owed]:
        """Settlements of which money is to come back, in the order of their numbers."""
        ledger = self.desk.ledger
        lines = ledger.recoverables()
        payable = ledger.payables(frozenset({Stage.PAYABLE})) if lines else []
        return [
            Owed(
                line,
                ledger.recoveries(line.voucher_number),
                tuple(each for each in payable if each.person_id == line.person_id),
            )
            for line in lines
        ]

    def draft(self, owed: Owed) -> MoneyBackDraft:
        """A new entry: everything that is open, today."""
        return MoneyBackDraft(amount=format_yuan(owed.line.open_fen), day=self.desk.today().isoformat())

    def record(self, voucher_number: str, draft: MoneyBackDraft, password: str) -> Recovery:
        """Write down money that came back.

        Args:
            password: Of who does it, typed for this.

        Raises:
            ClerkError: ``amount_not_a_number``, ``day_unknown``, ``sign_in_refused``, or as
                ``Ledger.record_recovery``.
        """
        self.desk.require(Action.RECOVER)
        is_deducted = draft.way is RecoveryWay.DEDUCTION
        today = self.desk.today()
        money = MoneyBack(
            parse_amount(draft.amount),
            today if is_deducted else parse_day(draft.day, today, is_past=True),
            draft.way,
            "" if is_deducted else draft.document,
            draft.deducted_from if is_deducted else "",
            draft.note,
        )
        self.desk.ledger.confirm_password(password)
        with self._key(voucher_number) as key:
            return self.desk.ledger.record_recovery(voucher_number, money, key)

    def take_back(self, entry: Recovery, reason: str, password: str) -> Recovery:
        """Take a wrong entry back.

        Raises:
            ClerkError: ``sign_in_refused``, or as ``Ledger.take_recovery_back``.
        """
        self.desk.require(Action.RECOVER)
        self.desk.ledger.confirm_password(password)
        with self._key(entry.number) as key:
            return self.desk.ledger.take_recovery_back(entry.number, reason, key)

    @contextmanager
    def _key(self, about: str) -> Iterator[str]:
        """The key of an act, until it is known to be on record."""
        try:
            yield self._keys.setdefault(about, uuid4().hex)
        except ClerkError as error:
            if error.code == "recovery_key_used":
                del self._keys[about]
            raise
        del self._keys[about]


def because_words(line: Recoverable) -> str:
    """Which record made it open, and why."""
    return filled(_("{number}：{reason}"), {"number": line.because, "reason": line.reason})


def entry_words(entry: Recovery) -> str:
    """What an entry rests on, and whether it still counts."""
    words = []
    if entry.cancels:
        words.append(filled(_("撤销 {value}"), {"value": entry.cancels}))
    if entry.cancelled_by:
        words.append(filled(_("已由 {number} 撤销"), {"number": entry.cancelled_by}))
    words.append(_(entry.way.term))
    if entry.deducted_from:
        words.append(filled(_("抵扣单据 {value}"), {"value": entry.deducted_from}))
    words += [entry.document_number, entry.note]
    return _("，").join(filter(None, words))


def came_words(entries: Sequence[Recovery]) -> str:
    """What has come back so far."""
    came_fen = sum(entry.amount_fen for entry in entries)
    return filled(_("已收回 {came_fen} 元"), {"came_fen": came_fen})
