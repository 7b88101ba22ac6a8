"""费用明细: what a receipt's total is made of, by category or item by item, and whether it comes to the paper's total.

A category's parts are typed as the fee list has them. An item's follow from the catalogue: 丙类 is self-funded, what is
above the price limit is over the limit, and of the rest 乙类 has its share paid first. A share is rounded half up to a
fen line by line, as a fee list prints it; whatever is worked out may be typed over. The sums stand in the receipt's own
parts, where the engine takes them from: it decides nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from clerk_app.codes import FeeCategory, ItemClass
from clerk_app.counter.draft import FeeDraft, ReceiptDraft
from clerk_app.counter.typed import half_width, parse_amount
from clerk_app.errors import ClerkError
from clerk_app.money import LARGEST_FEN, format_yuan
from clerk_app.receipts.claim import Fee
from clerk_app.wording import _, sentence

#: The parts of a total that the person bears before anything is decided.
PARTS = ("self_funded", "over_limit", "paid_first")
CATEGORIES = {each.value: each for each in FeeCategory}
CLASSES = {each.value: each for each in ItemClass}
#: What is worked out where it is not typed.
_WORKED_OUT = ("amount", *PARTS)
_MOST_DECIMALS = 4
_FEN = Decimal(100)


@dataclass(frozen=True, slots=True)
class FeeSums:
    """What the lines come to, in fen.

    Attributes:
        by_category: In the order of the codes.
        problems: Line, field and what is wrong there; while there are any, the sums are not whole.
    """

    total_fen: int
    parts_fen: dict[str, int]
    by_category: tuple[Fee, ...]
    problems: tuple[tuple[int, str, str], ...]


def lines_of(receipt: ReceiptDraft) -> list[FeeDraft]:
    """The lines in which something was typed."""
    return [fee for fee in receipt.fees if not fee.is_blank]


def choose_category(fee: FeeDraft, text: str) -> None:
    """Take a category by its code of one or two digits or by its word; anything else is the name of an item."""
    word = half_width(text)
    known = CATEGORIES | {each.term: each for each in FeeCategory}
    found = known.get(word.zfill(2) if word.isascii() and word.isdigit() else word)
    if found is None:
        fee.name = text.strip()
        return
    fee.what, fee.item_class, fee.limit, fee.share = "", "", "", ""
    fee.name, fee.category = found.term, found.value


def work_out(fee: FeeDraft) -> None:
    """Write what follows from price, quantity and the catalogue into the fields that nobody typed."""
    worked_out = _worked_out(fee)
    for name in _WORKED_OUT:
        if name not in fee.typed:
            fen = worked_out.get(name)
            setattr(fee, name, format_yuan(fen, separators=True) if fen is not None else "")


def _worked_out(fee: FeeDraft) -> dict[str, int]:
    """Amounts in fen by field, as far as what is typed can be read."""
    found: dict[str, int] = {}
    try:
        price, quantity = _decimal(fee.price), _decimal(fee.quantity)
        limit, share = _decimal(fee.limit), _decimal(fee.share)
        if "amount" in fee.typed:
            amount_fen = parse_amount(fee.amount) if fee.amount.strip() else None
        elif price is not None:
            amount_fen = found["amount"] = _fen(price * (1 if quantity is None else quantity))
        else:
            amount_fen = None
    except ClerkError:
        return found
    if amount_fen is None or not fee.item_class:
        return found
    if fee.item_class == ItemClass.SELF_FUNDED:
        return found | {"self_funded": amount_fen}
    over_fen = 0
    if limit is not None and (price is not None or quantity is not None):
        over_fen = max(0, amount_fen - _fen(limit * (1 if quantity is None else quantity)))
    if over_fen:
        found["over_limit"] = over_fen
    first_fen = _fen(Decimal(amount_fen - over_fen) / _FEN * share / 100) if share else 0
    if first_fen:
        found["paid_first"] = first_fen
    return found


def sums_of(fees: Sequence[FeeDraft]) -> FeeSums:
    """Add the lines up."""
    total_fen = 0
    parts_fen = dict.fromkeys(PARTS, 0)
    by_category: dict[str, list[int]] = {}
    problems: list[tuple[int, str, str]] = []
    for row, fee in enumerate(fees):
        if fee.is_blank:
            continue
        problems += [(row, *problem) for problem in _problems(fee)]
        amount_fen, *of_line = (_readable(getattr(fee, name)) for name in _WORKED_OUT)
        total_fen += amount_fen
        for name, fen in zip(PARTS, of_line, strict=True):
            parts_fen[name] += fen
        before = by_category.get(fee.category, [0] * len(_WORKED_OUT))
        by_category[fee.category] = [sum(pair) for pair in zip(before, (amount_fen, *of_line), strict=True)]
    categories = tuple(Fee(category, *fen) for category, fen in sorted(by_category.items()))
    return FeeSums(total_fen, parts_fen, categories, tuple(problems))


def carry_over(receipt: ReceiptDraft) -> None:
    """Write the sums of the parts into the receipt, where its own columns show them; with the last line they go."""
    fees = lines_of(receipt)
    sums = sums_of(fees)
    for name in PARTS:
        if not fees and name not in receipt.copied:
            continue
        fen = sums.parts_fen[name]
        setattr(receipt, name, format_yuan(fen, separators=True) if fen else "")
        (receipt.copied.add if fees else receipt.copied.discard)(name)


def total_of_fees(receipt: ReceiptDraft) -> str:
    """The sum of the lines as an amount; empty when there are none."""
    fees = lines_of(receipt)
    return format_yuan(sums_of(fees).total_fen, separators=True) if fees else ""


def remainder(receipt: ReceiptDraft, row: int) -> str:
    """What a line would have to be for the lines to come to the total; empty where nothing is left."""
    others = [fee for place, fee in enumerate(receipt.fees) if place != row and not fee.is_blank]
    left_fen = _readable(receipt.total) - sums_of(others).total_fen
    return format_yuan(left_fen, separators=True) if left_fen > 0 else ""


def disagreements(receipt: ReceiptDraft) -> Iterator[tuple[str, str]]:
    """Where the lines and the receipt do not agree to the fen: the receipt's field, and what is wrong in words."""
    fees = lines_of(receipt)
    if not fees:
        return
    sums = sums_of(receipt.fees)
    for row, _name, words in sums.problems[:1]:
        yield "total", _("费用明细第 {row} 行：{words}").format(row=row + 1, words=words)
    total_fen = _readable(receipt.total)
    if receipt.total.strip() and total_fen != sums.total_fen:
        amounts = {
            "sum": format_yuan(sums.total_fen, separators=True),
            "total": format_yuan(total_fen, separators=True),
            "gap": format_yuan(abs(total_fen - sums.total_fen), separators=True),
        }
        yield "total", _("费用明细合计 {sum}，与总额 {total} 相差 {gap}，请核对。").format(**amounts)
    for name in PARTS:
        if _readable(getattr(receipt, name)) != sums.parts_fen[name]:
            words = _("费用明细的这一项合计为 {sum}，请在明细中改。")
            yield name, words.format(sum=format_yuan(sums.parts_fen[name], separators=True))


def _problems(fee: FeeDraft) -> Iterator[tuple[str, str]]:
    if not fee.category:
        yield "category", _("请选择费用类别。")
    for name in ("price", "quantity"):
        try:
            _decimal(getattr(fee, name))
        except ClerkError as error:
            yield name, sentence(error)
    if not fee.amount.strip():
        yield "amount", _("请填写金额。")
    amounts_fen: dict[str, int] = {}
    for name in _WORKED_OUT:
        try:
            amounts_fen[name] = parse_amount(getattr(fee, name)) if getattr(fee, name).strip() else 0
        except ClerkError as error:
            yield name, sentence(error)
            continue
        if amounts_fen[name] < 0:
            yield name, _("金额不能为负数，请核对。")
    if amounts_fen.get("amount", 0) < sum(amounts_fen.get(name, 0) for name in PARTS):
        yield "amount", _("全自费、超限价、先行自付合计大于这一行的金额。")


def _readable(text: str) -> int:
    """The amount in fen as far as it can be read; what cannot be is said elsewhere."""
    try:
        return parse_amount(text) if text.strip() else 0
    except ClerkError:
        return 0


def _decimal(text: str) -> Decimal | None:
    """A price, quantity or percentage, exactly; None for nothing.

    Raises:
        ClerkError: ``figure_unreadable``.
    """
    cleaned = half_width(text).replace(",", "").removesuffix("%")
    if not cleaned:
        return None
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        raise ClerkError("figure_unreadable", text=text) from None
    exponent = value.as_tuple().exponent
    is_plain = isinstance(exponent, int) and exponent >= -_MOST_DECIMALS and "e" not in cleaned.lower()
    if not is_plain or value < 0 or value > LARGEST_FEN:
        raise ClerkError("figure_unreadable", text=text)
    return value


def _fen(yuan: Decimal) -> int:
    """Yuan as fen, half up."""
    return int((yuan * _FEN).quantize(Decimal(1), ROUND_HALF_UP))
