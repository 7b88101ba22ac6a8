"""Settlements and what corrects them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import func, select

from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Action
from clerk_app.ledger import (
    accumulators,
    audit,
    correcting,
    effects,
    institutions,
    month_figures,
    persons,
    reading,
    recording,
    search,
    settling,
    year_card,
)
from clerk_app.ledger.act import Act
from clerk_app.ledger.effects import ClaimEffects, Effect, LateClaim, News, PolicyOf
from clerk_app.ledger.month_figures import DayFigures
from clerk_app.ledger.records import (
    PriorBenefit,
    Review,
    Settlement,
    SettlementLine,
    SettlementRequest,
)
from clerk_app.ledger.service import Service
from clerk_app.ledger.tables import prints
from clerk_app.ledger.year_card import YearCard
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Claim, Institution, Receipt
from clerk_app.receipts.insured import Entitlement


class SettlementActs(Service):
    """The acts of a ledger that concern numbered records."""

    def year_to_date(self, person_id: int, policy: Policy) -> YearToDate:
        """What the person has used before a claim: the platform's figures and settlements that are not reversed.

        Args:
            policy: The claim's. Where it states 就诊先后, what was used is given by visit as well.
        """
        with self._looking(Action.SEE) as connection:
            person = persons.read_person(connection, person_id)
            counters = accumulators.read_counters(connection, person_id)
            counters = accumulators.with_prior_benefits(counters, person, policy)
            return accumulators.year_to_date(connection, person_id, counters, policy)

    def taken_bills(self, bill_keys: Iterable[str]) -> dict[str, str]:
        """Those of the bills that a voucher of any person and year holds, with its number."""
        with self._looking(Action.SEE) as connection:
            return recording.taken_bills(connection, bill_keys)

    def similar_receipts(self, receipt: Receipt) -> tuple[str, ...]:
        """The vouchers that stand with another number but the same hospital, day and amount, the oldest first."""
        with self._looking(Action.SEE) as connection:
            return recording.similar_receipts(connection, receipt)

    def institutions_met(self) -> list[Institution]:
        """Every institution that a receipt has named, as its last receipt has it, the one met last first."""
        with self._looking(Action.SEE) as connection:
            return institutions.institutions_met(connection)

    def diseases_met(self) -> list[str]:
        """Every disease that a person is registered with."""
        with self._looking(Action.SEE) as connection:
            return institutions.diseases_met(connection)

    def settle(self, request: SettlementRequest) -> Settlement:
        """Record a claim as decided, under the next voucher number; refused receipts are recorded too.

        Everything is worked out again under the write lock. Pressing Save again with the same key gives the
        settlement that the first press made. Where 就诊先后 is the area's order, a visit that comes late takes the
        deductible of its place, and of the cap what is left by now; ``effects`` tells what is then to be corrected,
        with what this claim is still to get.

        Raises:
            ClerkError: ``amount_changed``, another settlement has come in between; ``review_needed``,
                ``reviewer_is_clerk``, ``approval_missing``, ``reason_missing``, ``visit_in_future``,
                ``claim_without_receipts``, ``month_closed``, ``draft_already_settled``, ``person_unknown``, or what
                the engine raises.
        """
        # The words are found before anybody waits; they hold where the amounts are decided again as they were shown.
        worded = settling.worded(request.shown)
        return self._recorded(
            Action.SETTLE,
            request.review,
            lambda act: settling.settle(act, request, worded),
            lambda connection: settling.questions(connection, request, self._local_time()),
        )

    def reverse(self, voucher_number: str, reason: str, key: str) -> Settlement:
        """Mirror a voucher with negative amounts; deductible and cap of its years, and its bills, are free again.

        The corrections of the voucher are taken back with it, in the one mirror.

        Raises:
            ClerkError: ``voucher_unknown``, ``already_reversed``, ``not_reversible``, ``correction_not_reversible``,
                ``reason_missing``, ``month_closed``, ``draft_already_settled``.
        """
        return self._recorded(Action.REVERSE, None, lambda act: settling.reverse(act, voucher_number, reason, key))

    def effects(self, person_id: int, policy_of: PolicyOf) -> tuple[Effect, ...]:
        """The differences that late news has made to a person's settlements and that no correction has settled yet.

        Args:
            policy_of: The policy of an area by its code.

        Raises:
            ClerkError: ``person_unknown``, what ``policy_of`` raises, or what the engine does where the area's files
                have no figures any more.
        """
        with self._looking(Action.SEE) as connection:
            return effects.effects(connection, person_id, policy_of)

    def effects_of_reversal(self, voucher_number: str, policy_of: PolicyOf) -> tuple[Effect, ...]:
        """Which other settlements a reversal would change, and by how much; nothing is saved.

        Raises:
            ClerkError: ``voucher_unknown``, and as ``effects``.
        """
        with self._looking(Action.SEE) as connection:
            return effects.effects_of_reversal(connection, voucher_number, policy_of)

    def effects_of_prior_benefits(
        self, person_id: int, priors: Iterable[PriorBenefit], policy_of: PolicyOf
    ) -> tuple[Effect, ...]:
        """Which settlements the platform's figures would change, once recorded; nothing is saved.

        The platform's figures come before every settlement of their year, as they do when a claim is settled: the
        query does not tell on which day of the year they were charged.
        """
        with self._looking(Action.SEE) as connection:
            return effects.effects_of(connection, person_id, policy_of, News(priors=tuple(priors)))

    def effects_of_claim(
        self,
        person_id: int,
        claim: Claim,
        policy: Policy,
        policy_of: PolicyOf,
        *,
        entitlement: Entitlement | None = None,
        priors: Iterable[PriorBenefit] = (),
    ) -> ClaimEffects:
        """Which settlements a claim that is handed in late would change: none where 结算先后 is the area's order.

        Args:
            entitlement: With what the claim would be settled; the person's recorded one by default.
            priors: What the platform shows, where it would be recorded with the claim.
        """
        with self._looking(Action.SEE) as connection:
            news = News(priors=tuple(priors), late_claim=LateClaim(claim, policy, entitlement))
            return effects.effects_of_claim(connection, person_id, policy_of, news)

    def correct(
        self,
        voucher_number: str,
        shown: Effect,
        *,
        reason: str,
        key: str,
        review: Review,
        policy_of: PolicyOf,
    ) -> Settlement:
        """Settle the difference that news makes to a voucher by a record of its own; the voucher stays as it is.

        Everything is worked out again under the write lock. Pressing Save again with the same key gives the
        correction that the first press made.

        Args:
            shown: What clerk and reviewer saw.
            review: A second person's, always.

        Raises:
            ClerkError: ``amount_changed``, the difference is another one by now, or there is none any more;
                ``policy_figures_changed``; ``decreases_first``; ``voucher_unknown``, ``not_correctable``,
                ``already_reversed``, ``reason_missing``, ``correction_review_needed``, ``reviewer_is_clerk``,
                ``draft_already_settled``; and as ``effects``.
        """
        request = correcting.CorrectionRequest(voucher_number, shown, reason, key, review, policy_of)
        return self._recorded(Action.CORRECT, review, lambda act: correcting.correct(act, request))

    def year_card(self, person_id: int, year: int, policy: Policy) -> YearCard:
        """Deductibles and caps of a calendar year: what is used and left, and which voucher used what.

        Raises:
            ClerkError: ``person_unknown``.
        """
        with self._looking(Action.SEE) as connection:
            return year_card.year_card(connection, person_id, year, policy, self._local_time().date())

    def settlement(self, voucher_number: str) -> Settlement:
        """A voucher's record, whole.

        Raises:
            ClerkError: ``voucher_unknown``.
        """
        with self._looking(Action.SEE) as connection:
            return reading.whole(connection, [reading.settlement_row(connection, voucher_number)])[0]

    def remark(self, voucher_number: str) -> str:
        """What the clerk stated for good when this was settled, as why a bill is none that it looks like."""
        with self._looking(Action.SEE) as connection:
            entry = audit.last_entry(connection, Action.SETTLE, voucher_number)
        return "" if entry is None else entry.reason

    def search(self, text: str, limit: int = 50, before: str | None = None) -> list[SettlementLine]:
        """Settlements by voucher, acceptance, bill or certificate number or by name, the newest first.

        Args:
            text: The beginning of a number or its last digits, part of a name or its first letters in pinyin; empty
                for all. Of a text that means very many, some are found.
            before: The voucher number of the last line of the page before.

        Raises:
            ClerkError: ``voucher_unknown``, there is none with the number ``before``.
        """
        with self._looking(Action.SEE) as connection:
            return search.search(connection, text, limit, before)

    def month_count(self, year: int, month: int) -> int:
        """How many records were settled in a month, reversals and refusals included."""
        with self._looking(Action.SEE) as connection:
            return reading.month_count(connection, year, month)

    def month_figures(self, year: int, month: int) -> list[DayFigures]:
        """What was recorded in a month, added up by day; days without a record are left out."""
        with self._looking(Action.SEE) as connection:
            return month_figures.of_month(connection, year, month)

    def settlements_of_month(self, year: int, month: int) -> Iterator[Settlement]:
        """A month's records, oldest first, as they stood when the first was asked for."""
        with self._looking(Action.SEE) as connection:
            yield from reading.of_month(connection, year, month)

    def record_print(self, voucher_number: str) -> int:
        """Count a print: 0 for the first, then n for the n-th reprint (补打).

        Raises:
            ClerkError: ``voucher_unknown``.
        """

        def work(act: Act) -> int:
            settlement_id = reading.settlement_row(act.connection, voucher_number).settlement_id
            query = select(func.count()).select_from(prints).where(prints.c.settlement_id == settlement_id)
            reprint: int = act.connection.execute(query).scalar_one()
            act.insert(prints, [{"settlement_id": settlement_id, "reprint": reprint, "printed_at": act.at}])
            act.tell(voucher_number, reprint=reprint)
            return reprint

        return self._perform(Action.PRINT, work)

    def record_paper(self, kind: str, number: str) -> int:
        """Count a print of a paper that is about no voucher: 0 for the first, then n for the n-th reprint.

        Args:
            kind: Which paper, in a word.
            number: What it is about: an acceptance, a list, a month.
        """
        subject = f"{kind} {number}"

        def work(act: Act) -> int:
            reprint = audit.count_of(act.connection, Action.PRINT, subject)
            act.tell(subject, reprint=reprint)
            return reprint

        return self._perform(Action.PRINT, work)
