"""Adjudicate the receipts of very many persons again: the try-out of a policy, a head office's what-if.

A person's receipts use up deductible and cap one after the other; different persons have nothing to do with each
other. So the work goes in rounds: the first receipt of every person at once, then every second one. The arithmetic is
that of ``engine``, in whole fen on int64. What the rounds cannot do to the fen is never approximated: such persons are
recognised and go through the engine itself, one by one:

* amounts that could pass the range of int64, and a disease with a cap of its own;
* the same bill twice, or a bill that a voucher holds already;
* a tier that nobody has looked up, and figures that the document does not have (the engine names the hole);
* visits that may share a 24-hour window: two at one hospital less than two days apart;
* a deductible charged by the year and by the visit out of one pool, where a policy changes from one to the other.

The modules beside this one hold the work: ``batch_claims`` and ``batch_columns`` what is handed in, ``batch_kinds`` the
way from columns to rows, ``batch_figures`` what the rows point at, ``batch_rounds`` the arithmetic.

They import numpy, so nothing that is imported at start-up may import them or this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clerk_app.adjudication.adjudication import Adjudication
from clerk_app.adjudication.batch_claims import PersonClaims, work_of_claims
from clerk_app.adjudication.batch_columns import BatchColumns
from clerk_app.adjudication.batch_figures import Flags, Integers
from clerk_app.adjudication.batch_kinds import work_of_columns
from clerk_app.adjudication.batch_rounds import pay_in_rounds, route_large, sums_by_person
from clerk_app.adjudication.engine import adjudicate_claim, pools_used
from clerk_app.adjudication.year_to_date import ChargedVisit, YearToDate, charged_visit
from clerk_app.errors import ClerkError
from clerk_app.policy.version import DeductibleBasis, Policy
from clerk_app.receipts.claim import Claim
from clerk_app.receipts.insured import Entitlement

_UNDECIDED = -1


@dataclass(frozen=True, slots=True, eq=False)
class BatchResult:
    """What the engine would have answered; amounts in fen.

    Attributes:
        fund_fen: 统筹支付 of each receipt, shape (rows,): the order of the columns, or of persons, their claims and
            the receipts in the order of entry; −1 where the person is undecided.
        deductible_fen: Charged to each receipt, alike.
        person_fund_fen: 统筹支付 of each person, shape (persons,); −1 where undecided.
        by_engine: Persons who went through the engine one by one, shape (persons,).
        undecided: Person → why the policy gives no answer, the engine's own refusal to compute.
    """

    fund_fen: Integers
    deductible_fen: Integers
    person_fund_fen: Integers
    by_engine: Flags
    undecided: Mapping[int, ClerkError]


def adjudicate_batch(claims: Sequence[PersonClaims] | BatchColumns, policy: Policy) -> BatchResult:
    """Decide everything that the persons handed in, to the same fen as ``adjudicate_claim``.

    Args:
        policy: The persons' area, all versions; the one in force on each visit date decides.

    Raises:
        ValueError: A visit of ``BatchColumns`` spreads over several days.
        OverflowError: The engine itself pays an amount beyond int64.
    """
    work = work_of_columns(claims, policy) if isinstance(claims, BatchColumns) else work_of_claims(claims, policy)
    route_large(work)
    fund_fen, deductible_fen = pay_in_rounds(work)
    person_fund_fen = sums_by_person(work.rows.person, fund_fen, work.by_engine.size)
    if work.place is not None:
        rows_fund_fen, rows_deductible_fen = fund_fen, deductible_fen
        fund_fen, deductible_fen = np.empty_like(fund_fen), np.empty_like(deductible_fen)
        fund_fen[work.place], deductible_fen[work.place] = rows_fund_fen, rows_deductible_fen
    undecided = dict(work.undecided)
    for person in np.flatnonzero(work.by_engine).tolist():
        places, used, taken, handed_in = work.persons.of(person)
        if person in undecided:
            fund_fen[places] = deductible_fen[places] = person_fund_fen[person] = _UNDECIDED
            continue
        try:
            decided = _by_engine(handed_in, policy, used, taken)
        except ClerkError as error:
            undecided[person] = error
            fund_fen[places] = deductible_fen[places] = person_fund_fen[person] = _UNDECIDED
            continue
        fund_fen[places] = [adjudication.fund_fen for adjudication in decided]
        deductible_fen[places] = [adjudication.deductible_fen for adjudication in decided]
        person_fund_fen[person] = sum(adjudication.fund_fen for adjudication in decided)
    return BatchResult(fund_fen, deductible_fen, person_fund_fen, work.by_engine, undecided)


def _by_engine(
    claims: Iterable[tuple[Entitlement, Claim]], policy: Policy, used: YearToDate, taken: Mapping[str, str]
) -> list[Adjudication]:
    """Claims settled one after the other, as the ledger does: each uses up what the next one starts from."""
    decided: list[Adjudication] = []
    held = dict(taken)
    for entitlement, claim in claims:
        receipts = adjudicate_claim(claim, entitlement, policy, used, held).receipts
        for index in claim.by_visit:
            terms = receipts[index].terms
            entries = pools_used(receipts[index])
            visits: tuple[ChargedVisit, ...] = ()
            if entries and terms is not None and terms.deductible_basis is DeductibleBasis.PER_VISIT:
                visit = charged_visit(claim.receipts[index], terms.deductible_pool, receipts[index].deductible_fen)
                visits = (visit,)
            used = used.with_entries(entries, visits)
            held.setdefault(claim.receipts[index].bill_key, "")
        decided += receipts
    return decided
