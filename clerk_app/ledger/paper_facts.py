"""What a paper says of itself, held against the ledger that it came from."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from clerk_app.errors import ClerkError
from clerk_app.ledger import anchors
from clerk_app.ledger.reading import settlement_row, whole
from clerk_app.ledger.records import Settlement
from clerk_app.ledger.tables import audit
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _, filled

_VOUCHER_NAMES = ("医疗费总额", "政策范围内", "统筹支付", "个人账户", "个人现金")

_HEAD = N_("校验码 {head} 不在账本中：账本的尾部丢失、换成了旧的，或者单据不是它签发的。")
_UNKNOWN = N_("账本中没有编号 {number} 的单据。")
_AMOUNT = N_("“{name}”单据上是 {said}，账本中是 {recorded}。")


def amounts_of(settlement: Settlement) -> dict[str, int]:
    """The amounts of a voucher that a ledger can be asked about, in fen, by the names on the paper."""
    amounts_fen = (
        *(settlement.total_fen, settlement.in_scope_fen, settlement.fund_fen),
        *(settlement.account_fen, settlement.cash_fen),
    )
    return dict(zip(_VOUCHER_NAMES, amounts_fen, strict=True))


def differences(connection: Connection, number: str, head: str, amounts_fen: Mapping[str, int]) -> list[str]:
    """A sentence for each thing that the ledger does not say; a paper about no voucher has its head compared alone.

    Args:
        number: Of the voucher; of another paper where the ledger has none by that number.
        head: As printed, empty for a paper without one.
        amounts_fen: By the names that the voucher has.
    """
    found = []
    if head and not _has_head(connection, head):
        found.append(filled(_(_HEAD), {"head": head}))
    if not is_voucher(amounts_fen):
        return found
    try:
        settlement = whole(connection, [settlement_row(connection, number)])[0]
    except ClerkError:
        return [*found, filled(_(_UNKNOWN), {"number": number})]
    recorded_fen = amounts_of(settlement)
    for name, fen in amounts_fen.items():
        recorded = recorded_fen[name]
        if recorded != fen:
            details = {"name": name, "said": format_yuan(fen), "recorded": format_yuan(recorded)}
            found.append(filled(_(_AMOUNT), details))
    return found


def is_voucher(amounts_fen: Mapping[str, int]) -> bool:
    """Whether a paper has the amounts of a voucher, and not of a notice or a list."""
    return set(amounts_fen) == set(_VOUCHER_NAMES)


def _has_head(connection: Connection, head: str) -> bool:
    try:
        printed = anchors.typed(head)
    except ClerkError:
        return False
    code = connection.execute(select(audit.c.code).where(audit.c.sequence == printed.sequence)).scalar()
    return code is not None and printed.fits(code)
