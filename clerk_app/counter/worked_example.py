"""A settled voucher as a worked example without anything that names a person.

The record holds what each receipt found used, so the example needs nothing else of the year: what the platform and
earlier vouchers had used becomes 已享受, a deductible that an earlier visit had borne becomes an earlier step, and so
does a bill that another voucher held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from clerk_app.adjudication.adjudication import Adjudication
from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Benefit, Decision, Reason
from clerk_app.errors import ClerkError
from clerk_app.examples.case import Case, Expected, ExpectedReceipt, Prior, SettleStep
from clerk_app.examples.case_file import read_cases
from clerk_app.examples.runner import run_case
from clerk_app.examples.writing import Anonymiser, write_case
from clerk_app.jobs import whole_file
from clerk_app.ledger.records import SettledReceipt, Settlement, SettlementKind
from clerk_app.policy.shelf import Shelf
from clerk_app.policy.version import DeductibleBasis, Terms
from clerk_app.receipts.claim import AccountOffer, Claim, Receipt
from clerk_app.wording import in_chinese

_HEAD = "# 由已结算的单据去除个人信息后写出：日期和金额照旧，号码和医疗机构名称是编的。\n"


def write_worked_example(settlement: Settlement, shelf: Shelf, target: Path) -> None:
    """Write a settled voucher as an example that holds; a file that is there already is not overwritten.

    Raises:
        ClerkError: ``example_from_reversal``; ``file_there``; ``file_not_written``; ``example_not_reproduced``, the
            policy or the area's parameters have changed since.
        PolicyGap: The policy has no figures for it any more.
    """
    if target.exists():
        raise ClerkError("file_there", file=str(target))
    with whole_file(target) as draft:
        draft.write_text(worked_example(settlement, shelf), encoding="utf-8")
        for case in read_cases(draft, shelf):
            result = run_case(case)
            if not result.holds:
                first = result.error or "；".join(
                    f"{each.what} {each.got} ≠ {each.expected}" for each in result.differences[:1]
                )
                raise ClerkError("example_not_reproduced", voucher=settlement.voucher_number, difference=first)


def worked_example(settlement: Settlement, shelf: Shelf) -> str:
    """The text of the example.

    Raises:
        ClerkError: ``example_from_reversal``.
        PolicyGap: The policy has no figures for it any more.
    """
    if settlement.kind not in (SettlementKind.SETTLEMENT, SettlementKind.REFUSAL):
        raise ClerkError(
            "example_from_reversal", voucher=settlement.voucher_number, original=settlement.original_number
        )
    policy = shelf.policy(settlement.area_code)
    filling = shelf.filling(settlement.area_code)
    shown_code = shelf.framework_of(settlement.area_code)
    claim = Claim(
        tuple(settled.receipt for settled in settlement.receipts), settlement.handed_in_on, settlement.materials
    )
    held_elsewhere = _held_elsewhere(settlement)
    # Which figures apply to a receipt does not depend on what was used before.
    decided = adjudicate_claim(
        claim, settlement.entitlement, policy, YearToDate(), dict.fromkeys(held_elsewhere, "—")
    ).receipts
    before = _Before()
    for index in claim.by_visit:
        before.take(decided[index], settlement.receipts[index])
    anonymiser = Anonymiser(settlement.area_code, shown_code)
    earlier = (*before.earlier_visits, *(_bill_alone(receipt) for receipt in held_elsewhere.values()))
    steps = [SettleStep(anonymiser.claim(Claim(earlier, settlement.handed_in_on)), None)] if earlier else []
    steps.append(SettleStep(anonymiser.claim(replace(claim, account=_account(settlement))), _expected(settlement)))
    with in_chinese():
        case = Case(
            name=_name(settlement),
            source=_source(settlement.receipts),
            file="",
            line=0,
            policy=policy,
            entitlement=settlement.entitlement,
            prior=before.priors(),
            steps=tuple(steps),
        )
        return _HEAD + write_case(case, shown_code, filling.item if filling else None)


@dataclass
class _Before:
    """What the receipts of a claim found used, as far as the claim itself did not use it; fen.

    Attributes:
        deductible_fen: By calendar year and pool; ``fund_fen`` alike, ``disease_fen`` by cap pool and disease.
        earlier_visits: Papers that bear what an earlier visit had borne of a deductible by visit, and nothing else.
    """

    deductible_fen: dict[tuple[int, str], int] = field(default_factory=dict)
    fund_fen: dict[tuple[int, str], int] = field(default_factory=dict)
    disease_fen: dict[tuple[int, str, str], int] = field(default_factory=dict)
    earlier_visits: list[Receipt] = field(default_factory=list)
    _paid_for_disease: dict[tuple[int, str, str], int] = field(default_factory=dict)
    _borne: list[tuple[Receipt, int]] = field(default_factory=list)

    def take(self, adjudication: Adjudication, settled: SettledReceipt) -> None:
        """Take one receipt, in the order in which they were settled."""
        terms = adjudication.terms
        if terms is None:
            return
        receipt = settled.receipt
        year = receipt.visited_on.year
        if terms.deductible_basis is DeductibleBasis.ANNUAL:
            self.deductible_fen.setdefault((year, terms.deductible_pool), settled.deductible_used_before_fen)
        else:
            self._take_visit(adjudication, settled)
        self.fund_fen.setdefault((year, terms.cap_pool), settled.fund_used_before_fen)
        self._take_disease(year, terms, settled)

    def _take_visit(self, adjudication: Adjudication, settled: SettledReceipt) -> None:
        """What this visit's window had borne before the claim is borne by a paper of exactly that amount."""
        receipt = settled.receipt
        here = [fen for other, fen in self._borne if _may_share(other, receipt)]
        missing_fen = settled.deductible_used_before_fen - sum(here)
        if missing_fen > 0:
            bearer = replace(
                receipt,
                number=f"{receipt.number}/{len(self.earlier_visits)}",
                benefit=adjudication.benefit,
                total_fen=missing_fen,
                self_funded_fen=0,
                over_limit_fen=0,
                paid_first_fen=0,
                fees=(),
            )
            self.earlier_visits.append(bearer)
            self._borne.append((bearer, missing_fen))
        self._borne.append((receipt, settled.deductible_fen))

    def _take_disease(self, year: int, terms: Terms, settled: SettledReceipt) -> None:
        """The record does not say what a disease had used of its own cap, but a payment that the cap cut does."""
        disease = settled.receipt.disease
        cap_fen = terms.disease_cap_fen(disease)
        if cap_fen is None:
            return
        key = (year, terms.cap_pool, disease)
        paid_fen = self._paid_for_disease[key] = self._paid_for_disease.get(key, 0) + settled.fund_fen
        left_in_pool_fen = max(0, terms.cap_fen - settled.fund_used_before_fen)
        if settled.fund_fen < min(settled.share_fen, left_in_pool_fen):
            self.disease_fen.setdefault(key, max(0, cap_fen - paid_fen))

    def priors(self) -> tuple[Prior, ...]:
        """已享受: the benefit that gives a pool its name, once for deductible and payments of a year."""
        found = []
        paid = {key: fen for key, fen in self.fund_fen.items() if fen}
        for (year, pool, disease), fen in self.disease_fen.items():
            if fen:
                found.append(Prior(year, _benefit(pool), 0, fen, disease))
                paid[year, pool] = paid.get((year, pool), 0) - fen
        charged = {key: fen for key, fen in self.deductible_fen.items() if fen}
        for year, pool in sorted({*paid, *charged}):
            deductible_fen, fund_fen = charged.get((year, pool), 0), paid.get((year, pool), 0)
            if deductible_fen or fund_fen:
                found.append(Prior(year, _benefit(pool), deductible_fen, fund_fen))
        return tuple(found)


def _benefit(pool: str) -> Benefit:
    return next(benefit for benefit in Benefit if benefit.value == pool)


def _may_share(one: Receipt, other: Receipt) -> bool:
    """Whether two papers may belong to one visit: the same hospital, the same label or less than a day apart."""
    if one.institution.key != other.institution.key:
        return False
    if one.visit_label or other.visit_label:
        return one.visit_label == other.visit_label
    return abs((one.moment - other.moment).total_seconds()) < 24 * 3600


def _held_elsewhere(settlement: Settlement) -> dict[str, Receipt]:
    """Bills that were refused because another voucher held them, by key."""
    held: dict[str, Receipt] = {}
    standing = set()
    for settled in settlement.receipts:
        if Reason.DUPLICATE_RECEIPT in settled.reasons:
            held.setdefault(settled.receipt.bill_key, settled.receipt)
        else:
            standing.add(settled.receipt.bill_key)
    return {key: receipt for key, receipt in held.items() if key not in standing}


def _bill_alone(receipt: Receipt) -> Receipt:
    """The same bill with nothing on it: it is held, and uses nothing up."""
    return replace(
        receipt,
        total_fen=0,
        self_funded_fen=0,
        over_limit_fen=0,
        paid_first_fen=0,
        printed_fund_fen=0,
        fees=(),
    )


def _account(settlement: Settlement) -> AccountOffer | None:
    """The balance is not recorded; one that was just enough pays the same."""
    if settlement.account_payer is None:
        return None
    return AccountOffer(settlement.account_fen, settlement.account_payer)


def _expected(settlement: Settlement) -> Expected:
    decisions = [_decision(settled) for settled in settlement.receipts]
    is_refused = set(decisions) == {Decision.REFUSE}
    whole = Decision.REVIEW if Decision.REVIEW in decisions else Decision.PAY
    return Expected(
        line=0,
        decision=Decision.REFUSE if is_refused else whole,
        fund_fen=settlement.fund_fen,
        person_fen=settlement.person_fen,
        account_fen=settlement.account_fen if settlement.account_payer else None,
        receipts=tuple(
            _expected_receipt(settled, decision)
            for settled, decision in zip(settlement.receipts, decisions, strict=True)
        ),
    )


def _expected_receipt(settled: SettledReceipt, decision: Decision) -> ExpectedReceipt:
    is_refused = decision is Decision.REFUSE
    return ExpectedReceipt(
        decision=decision,
        reasons=frozenset(settled.reasons) if settled.reasons else None,
        in_scope_fen=settled.in_scope_fen,
        deductible_fen=settled.deductible_fen,
        ratio_bp=None if is_refused else settled.ratio_bp,
        fund_fen=settled.fund_fen,
        person_fen=settled.person_fen,
        over_cap_fen=settled.over_cap_fen,
    )


def _decision(settled: SettledReceipt) -> Decision:
    """What a reviewer accepted was up for review before."""
    return Decision.REVIEW if settled.decision is Decision.PAY and settled.reasons else settled.decision


def _name(settlement: Settlement) -> str:
    """What the example is about; the voucher's number would lead back to the person."""
    insured = settlement.receipts[0].status_term
    kinds = dict.fromkeys(_kinds(settlement.receipts))
    decisions = dict.fromkeys(_decision(settled).term for settled in settlement.receipts)
    return "，".join([insured, "、".join(kinds), "、".join(decisions), f"票据 {len(settlement.receipts)} 张"])


def _kinds(receipts: Sequence[SettledReceipt]) -> Iterator[str]:
    for settled in receipts:
        tier = settled.receipt.institution.tier
        yield f"{tier.term}{settled.receipt.benefit.term}" if tier is not None else settled.receipt.benefit.term


def _source(receipts: Sequence[SettledReceipt]) -> str:
    cited = tuple(dict.fromkeys(citation for settled in receipts for citation in settled.citations))
    return "；".join(cited) or receipts[0].policy_document or "已结算单据"
