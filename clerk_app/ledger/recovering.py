"""待追回与收回: what was paid of a settlement and no longer stands, and the money that comes back.

A settlement that was paid and then reversed or corrected downwards owes the fund the difference. It comes back in cash,
by transfer, or because so much less is paid of another settlement of the same person. What was entered stays; a wrong
entry is taken back by one of the other sign.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from clerk_app.codes import RecoveryWay, Stage
from clerk_app.errors import ClerkError
from clerk_app.ledger import waiting
from clerk_app.ledger.act import Act
from clerk_app.ledger.reading import settlement_row
from clerk_app.ledger.recording import next_number
from clerk_app.ledger.records import MoneyBack, Recoverable, Recovery
from clerk_app.ledger.rows import in_pieces, member
from clerk_app.ledger.standing import SAME_TRANSFER, STANDING, standing_of
from clerk_app.ledger.tables import corrections, payment_results, payments, recoveries, reversals, settlements

_NUMBERS = "recovery"

_other = settlements.alias("other")
_taking_back = recoveries.alias("taking_back")
_ALL = (
    select(
        recoveries,
        settlements.c.voucher_number,
        func.coalesce(_other.c.voucher_number, "").label("other_voucher"),
        func.coalesce(_taking_back.c.recovery_number, "").label("cancelled_by"),
    )
    .join(settlements, settlements.c.settlement_id == recoveries.c.settlement_id)
    .outerjoin(_other, _other.c.settlement_id == recoveries.c.deducted_from)
    .outerjoin(_taking_back, _taking_back.c.cancels == recoveries.c.recovery_number)
    .order_by(recoveries.c.recorded_at, recoveries.c.recovery_number)
)


def record(act: Act, voucher_number: str, money: MoneyBack, act_key: str) -> Recovery:
    """Write down money that came back.

    Args:
        act_key: Made when the entry is begun; pressed again with the same key, it is written once.

    Raises:
        ClerkError: ``voucher_unknown``, ``recovery_key_used``, ``nothing_to_recover``, ``recovery_amount``,
            ``recovery_exceeds``, ``recovery_day``, ``document_missing``, or of a deduction ``deduction_from_itself``,
            ``deduction_of_other``, ``deduction_not_payable``, ``deduction_exceeds``.
    """
    money = _tidied(money)
    recorded = _under_key(act.connection, act_key)
    if recorded is not None:
        if recorded.cancels or _entered(recorded) != (voucher_number, money):
            raise ClerkError("recovery_key_used", number=recorded.number)
        return recorded
    row = settlement_row(act.connection, voucher_number)
    owed = standing_of(act.connection, row.settlement_id)
    if owed is None or owed.stage != Stage.RECOVER.value:
        raise ClerkError("nothing_to_recover", voucher=voucher_number)
    if money.amount_fen <= 0:
        raise ClerkError("recovery_amount")
    if money.amount_fen > -owed.due_fen:
        raise ClerkError("recovery_exceeds", voucher=voucher_number, open_fen=-owed.due_fen)
    _check_day(money.received_on, row.settled_at.date(), act.at.date())
    other_id = _deducted_from(act, row, money)
    return _write(
        act,
        {
            "act_key": act_key,
            "settlement_id": row.settlement_id,
            "amount_fen": money.amount_fen,
            "received_on": money.received_on,
            "way": money.way.value,
            "document_number": money.document_number,
            "deducted_from": other_id,
            "cancels": None,
            "note": money.note,
        },
    )


def take_back(act: Act, recovery_number: str, reason: str, act_key: str) -> Recovery:
    """Take a wrong entry back: its money is open again, and what was deducted is to be paid again.

    Raises:
        ClerkError: ``recovery_unknown``, ``recovery_key_used``, ``recovery_taken_back``, ``reason_missing``,
            ``deduction_spent`` where the other settlement has been reversed or lessened since and its money come back.
    """
    recorded = _under_key(act.connection, act_key)
    if recorded is not None:
        if recorded.cancels != recovery_number or recorded.note != reason.strip():
            raise ClerkError("recovery_key_used", number=recorded.number)
        return recorded
    entry = act.connection.execute(select(recoveries).where(recoveries.c.recovery_number == recovery_number)).first()
    if entry is None:
        raise ClerkError("recovery_unknown", number=recovery_number)
    if entry.cancels is not None or _is_taken_back(act.connection, recovery_number):
        raise ClerkError("recovery_taken_back", number=recovery_number)
    if not reason.strip():
        raise ClerkError("reason_missing")
    if entry.deducted_from is not None:
        other = standing_of(act.connection, entry.deducted_from)
        assert other is not None, "only settlements are deducted from"
        if other.recovered_fen > other.given_fen - other.waiting_fen - entry.amount_fen:
            raise ClerkError("deduction_spent", voucher=other.voucher_number)
    kept = ("settlement_id", "way", "document_number", "deducted_from")
    return _write(
        act,
        {name: getattr(entry, name) for name in kept}
        | {
            "act_key": act_key,
            "amount_fen": -entry.amount_fen,
            # On the day of the entry, so that the two cancel each other there, unless a clock was put back since.
            "received_on": min(entry.received_on, act.at.date()),
            "cancels": recovery_number,
            "note": reason.strip(),
        },
    )


def recoveries_of(connection: Connection, voucher_number: str) -> tuple[Recovery, ...]:
    """What has come back of a settlement, the oldest first, with what was taken back.

    Raises:
        ClerkError: ``voucher_unknown``.
    """
    row = settlement_row(connection, voucher_number)
    found = connection.execute(_ALL.where(recoveries.c.settlement_id == row.settlement_id))
    return tuple(_recovery(each) for each in found)


def recoverables(connection: Connection, limit: int) -> list[Recoverable]:
    """Settlements of which money has still to come back, in the order of their numbers."""
    wanted = waiting.in_stages(connection, (Stage.RECOVER,), limit)
    found: list[Recoverable] = []
    for piece in in_pieces(wanted):
        lessened = _lessened(connection, piece)
        events = _events(connection, piece)
        query = select(STANDING).where(STANDING.c.settlement_id.in_(piece)).order_by(STANDING.c.settlement_id)
        found += [
            _recoverable(row, lessened[row.settlement_id], events[row.settlement_id])
            for row in connection.execute(query)
        ]
    return found


# --- What an entry has to keep to -------------------------------------------------------------------------------


def _check_day(received_on: date, first: date, last: date) -> None:
    # Where two persons have put the clock back, the settlement may be of a day that is still to come.
    first = min(first, last)
    if not first <= received_on <= last:
        raise ClerkError("recovery_day", received_on=received_on, first=first, last=last)


def _deducted_from(act: Act, row: Row[Any], money: MoneyBack) -> int | None:
    """The settlement of which so much less is to be paid; None for money that came in."""
    if money.way is not RecoveryWay.DEDUCTION:
        if not money.document_number:
            raise ClerkError("document_missing")
        return None
    other = settlement_row(act.connection, money.deducted_from)
    if other.settlement_id == row.settlement_id:
        raise ClerkError("deduction_from_itself", voucher=money.deducted_from)
    if other.person_id != row.person_id:
        raise ClerkError("deduction_of_other", voucher=money.deducted_from)
    standing = standing_of(act.connection, other.settlement_id)
    if standing is None or standing.stage != Stage.PAYABLE.value:
        raise ClerkError("deduction_not_payable", voucher=money.deducted_from)
    if money.amount_fen > standing.due_fen:
        raise ClerkError("deduction_exceeds", voucher=money.deducted_from, due_fen=standing.due_fen)
    number: int = other.settlement_id
    return number


def _is_taken_back(connection: Connection, recovery_number: str) -> bool:
    query = select(recoveries.c.recovery_number).where(recoveries.c.cancels == recovery_number)
    return connection.execute(query).first() is not None


def _under_key(connection: Connection, act_key: str) -> Recovery | None:
    row = connection.execute(_ALL.where(recoveries.c.act_key == act_key)).one_or_none()
    return None if row is None else _recovery(row)


def _tidied(money: MoneyBack) -> MoneyBack:
    """Without what does not belong to the way in which it came."""
    is_deducted = money.way is RecoveryWay.DEDUCTION
    return MoneyBack(
        money.amount_fen,
        money.received_on,
        money.way,
        money.document_number.strip(),
        money.deducted_from.strip() if is_deducted else "",
        money.note.strip(),
    )


def _entered(recorded: Recovery) -> tuple[str, MoneyBack]:
    """What was entered when it was recorded."""
    money = MoneyBack(
        recorded.amount_fen,
        recorded.received_on,
        recorded.way,
        recorded.document_number,
        recorded.deducted_from,
        recorded.note,
    )
    return recorded.voucher_number, money


def _write(act: Act, row: dict[str, Any]) -> Recovery:
    number = f"R{act.office_code}-{act.at.year}-{next_number(act, _NUMBERS):05d}"
    act.insert(recoveries, [row | {"recovery_number": number, "recorded_at": act.at, "recorded_by": act.name}])
    waiting.follow(act, [each for each in (row["settlement_id"], row["deducted_from"]) if each is not None])
    recorded = _under_key(act.connection, row["act_key"])
    assert recorded is not None, "it has just been written"
    told = {"deducted_from": recorded.deducted_from} if recorded.deducted_from else {}
    told |= {"takes_back": recorded.cancels} if recorded.cancels else {}
    act.tell(
        recorded.voucher_number,
        recorded.note,
        number=number,
        recovered_fen=recorded.amount_fen,
        way=recorded.way.value,
        **told,
    )
    return recorded


# --- What is open, and since when -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that changed what a settlement has of the fund's money beyond what it comes to.

    Attributes:
        more_fen: By how much more; the bank's payments and what was lessened are more, money back is less.
    """

    at: datetime
    more_fen: int


def _lessened(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """By settlement, the number and the reason of its reversal, or of the last correction that lessened it."""
    decreases = (
        select(corrections.c.original_id, settlements.c.voucher_number, corrections.c.reason)
        .join(settlements, settlements.c.settlement_id == corrections.c.correction_id)
        .where(corrections.c.original_id.in_(numbers), settlements.c.fund_fen < 0)
        .order_by(corrections.c.correction_id)
    )
    mirrors = (
        select(reversals.c.original_id, settlements.c.voucher_number, reversals.c.reason)
        .join(settlements, settlements.c.settlement_id == reversals.c.reversal_id)
        .where(reversals.c.original_id.in_(numbers))
    )
    found: dict[int, tuple[str, str]] = {}
    for query in (decreases, mirrors):
        found |= {original: (number, reason) for original, number, reason in connection.execute(query)}
    return found


def _events(connection: Connection, numbers: Sequence[int]) -> dict[int, list[_Event]]:
    """By settlement, everything that has happened to its money."""
    found: dict[int, list[_Event]] = defaultdict(list)
    for query in _event_queries(numbers):
        for settlement_id, at, more_fen in connection.execute(query):
            found[settlement_id].append(_Event(at, more_fen))
    return found


def _event_queries(numbers: Sequence[int]) -> Iterator[Select[Any]]:
    own, mirror = settlements.c, settlements.alias("mirror")
    yield select(own.settlement_id, own.settled_at, -own.fund_fen).where(own.settlement_id.in_(numbers))
    for links, link in ((corrections, corrections.c.correction_id), (reversals, reversals.c.reversal_id)):
        yield (
            select(links.c.original_id, mirror.c.settled_at, -mirror.c.fund_fen)
            .join(mirror, mirror.c.settlement_id == link)
            .where(links.c.original_id.in_(numbers))
        )
    yield (
        select(payments.c.settlement_id, payment_results.c.recorded_at, payments.c.amount_fen)
        .join(payment_results, SAME_TRANSFER)
        .where(payments.c.settlement_id.in_(numbers), payment_results.c.is_paid)
    )
    back = recoveries.c
    yield select(back.settlement_id, back.recorded_at, -back.amount_fen).where(back.settlement_id.in_(numbers))
    yield select(back.deducted_from, back.recorded_at, back.amount_fen).where(back.deducted_from.in_(numbers))


def _open_since(events: Iterable[_Event]) -> datetime:
    """From when on, without a break, more was paid than stood."""
    over_fen, since = 0, None
    for event in sorted(events, key=lambda event: event.at):
        over_fen += event.more_fen
        if over_fen <= 0:
            since = None
        elif since is None:
            since = event.at
    assert since is not None, "more was paid than stands"
    return since


def _recoverable(row: Row[Any], lessened: tuple[str, str], events: Iterable[_Event]) -> Recoverable:
    because, reason = lessened
    return Recoverable(
        row.voucher_number,
        row.person_id,
        row.name,
        row.given_fen,
        row.comes_to_fen,
        row.recovered_fen,
        _open_since(events),
        because,
        reason,
    )


def _recovery(row: Row[Any]) -> Recovery:
    return Recovery(
        row.recovery_number,
        row.voucher_number,
        row.amount_fen,
        row.received_on,
        member(RecoveryWay, row.way),
        row.document_number,
        row.other_voucher,
        row.note,
        row.recorded_at,
        row.recorded_by,
        row.cancels or "",
        row.cancelled_by,
    )
