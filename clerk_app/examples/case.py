"""A worked example as values: a person, a year's steps in order, and what each has to give."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clerk_app.codes import Benefit, Decision, Reason
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Claim
from clerk_app.receipts.insured import Entitlement


@dataclass(frozen=True, slots=True)
class Prior:
    """已享受 of one year and benefit, or a direct settlement that becomes known; fen."""

    year: int
    benefit: Benefit
    deductible_fen: int
    fund_fen: int
    disease: str = ""


@dataclass(frozen=True, slots=True)
class Accumulated:
    """累计: what is used after a step, in the pools of a year and benefit.

    Attributes:
        year: None for the year of the step's last receipt.
        benefit: None for the benefit of the step's last receipt.
    """

    year: int | None
    benefit: Benefit | None
    deductible_fen: int | None
    fund_fen: int | None

    @property
    def names_a_result(self) -> bool:
        """Whether it lists an amount."""
        return self.deductible_fen is not None or self.fund_fen is not None


@dataclass(frozen=True, slots=True)
class ExpectedReceipt:
    """What one receipt has to give; None is not compared."""

    decision: Decision | None = None
    reasons: frozenset[Reason] | None = None
    in_scope_fen: int | None = None
    deductible_fen: int | None = None
    ratio_bp: int | None = None
    fund_fen: int | None = None
    person_fen: int | None = None
    over_cap_fen: int | None = None
    if_networked_fen: int | None = None
    citations: tuple[str, ...] | None = None

    @property
    def names_a_result(self) -> bool:
        """Whether it lists an amount or a conclusion; the reasons of a conclusion count."""
        return replace(self, citations=None) != ExpectedReceipt()


@dataclass(frozen=True, slots=True)
class Expected:
    """应得: what a step has to give; None is not compared.

    Attributes:
        citations: Each has to be among the articles that the step cites; a bare article or with its document.
        receipts: In the order of entry, as many as the claim has.
    """

    line: int
    decision: Decision | None = None
    reasons: frozenset[Reason] | None = None
    total_fen: int | None = None
    fund_fen: int | None = None
    person_fen: int | None = None
    account_fen: int | None = None
    cash_fen: int | None = None
    citations: tuple[str, ...] | None = None
    receipts: tuple[ExpectedReceipt, ...] | None = None
    accumulated: Accumulated | None = None

    @property
    def names_a_result(self) -> bool:
        """Whether it lists an amount or a conclusion, so that it can fail; empty blocks and articles alone do not."""
        bare = replace(self, citations=None, receipts=None, accumulated=None)
        return (
            bare != Expected(self.line)
            or any(receipt.names_a_result for receipt in self.receipts or ())
            or (self.accumulated is not None and self.accumulated.names_a_result)
        )


@dataclass(frozen=True, slots=True)
class SettleStep:
    """结算: a claim."""

    claim: Claim
    expected: Expected | None


@dataclass(frozen=True, slots=True)
class ReverseStep:
    """冲正: takes back an earlier settlement; ``index`` counts steps from 0."""

    index: int
    expected: Expected | None


@dataclass(frozen=True, slots=True)
class NetworkStep:
    """联网结算: a directly settled visit that becomes known now."""

    prior: Prior
    expected: Expected | None


Step = SettleStep | ReverseStep | NetworkStep


@dataclass(frozen=True, slots=True)
class Case:
    """One worked example.

    Attributes:
        source: 出处, where the officer found the right answer.
        policy: Of the area, a framework's open slots filled with 参数.
    """

    name: str
    source: str
    file: str
    line: int
    policy: Policy
    entitlement: Entitlement
    prior: tuple[Prior, ...]
    steps: tuple[Step, ...]
