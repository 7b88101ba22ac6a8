"""The ledger as the rest of the program sees it: each method is one act or one look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, func, insert, select

from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.ledger import accumulators, correcting, effects, persons, reading, recording, search, settling, year_card
from clerk_app.ledger.effects import ClaimEffects, Effect, LateClaim, News, PolicyOf
from clerk_app.ledger.records import (
    PersonRecord,
    PriorBenefit,
    Review,
    Settlement,
    SettlementLine,
    SettlementRequest,
)
from clerk_app.ledger.schema import bring_to_head
from clerk_app.ledger.store import LedgerStore, open_store
from clerk_app.ledger.tables import prints
from clerk_app.ledger.year_card import YearCard
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import Claim
from clerk_app.receipts.insured import Entitlement, Person


def _now() -> datetime:
    return datetime.now().astimezone()


class Ledger:
    """An office's book of settlements. What was settled stays; a correction is a new record.

    Every method may raise ``ClerkError`` with ``ledger_locked``, ``ledger_read_only``, ``ledger_full``,
    ``ledger_not_written``, ``ledger_damaged`` or, on a server, ``ledger_unreachable``. An act that raises has saved
    nothing, except that after ``ledger_unreachable`` only trying again with the same key tells; one that returns is
    on the disk.
    """

    def __init__(self, store: LedgerStore, office_code: str, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._office_code = office_code
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or the server."""
        self._store.close()

    def save_person(
        self, person: Person, entitlement: Entitlement, area_code: str, person_id: int | None = None
    ) -> PersonRecord:
        """Record a person, or correct the one with ``person_id``; settlements keep the person as it was then.

        Raises:
            ClerkError: ``person_known``, another record has this certificate's number; ``id_number_missing``;
                ``person_unknown``.
        """

        def save(connection: Connection) -> PersonRecord:
            saved_id = persons.save_person(connection, person, entitlement, area_code, person_id)
            return persons.read_person(connection, saved_id)

        return self._store.perform(save)

    def person(self, person_id: int) -> PersonRecord:
        """The person with a number.

        Raises:
            ClerkError: ``person_unknown``.
        """
        with self._store.reading() as connection:
            return persons.read_person(connection, person_id)

    def find_persons(self, text: str, limit: int = 50) -> list[PersonRecord]:
        """Persons by part of the name, or by the beginning of the certificate's number; none for an empty text."""
        with self._store.reading() as connection:
            return persons.find_persons(connection, text, limit)

    def person_by_id_number(self, id_number: str) -> PersonRecord | None:
        """The person with a certificate's number, None when the office does not know it."""
        with self._store.reading() as connection:
            return persons.person_by_id_number(connection, id_number)

    def record_prior_benefit(self, person_id: int, prior: PriorBenefit) -> PersonRecord:
        """Keep what was read from the platform; it replaces what was read before for that year and benefit.

        Raises:
            ClerkError: ``person_unknown``, ``prior_benefit_negative``.
        """

        def record(connection: Connection) -> PersonRecord:
            persons.record_prior_benefit(connection, person_id, prior)
            return persons.read_person(connection, person_id)

        return self._store.perform(record)

    def year_to_date(self, person_id: int, policy: Policy) -> YearToDate:
        """What the person has used before a claim: the platform's figures and settlements that are not reversed.

        Args:
            policy: The claim's. Where it states 就诊先后, what was used is given by visit as well.
        """
        with self._store.reading() as connection:
            person = persons.read_person(connection, person_id)
            counters = accumulators.read_counters(connection, person_id)
            counters = accumulators.with_prior_benefits(counters, person, policy)
            return accumulators.year_to_date(connection, person_id, counters, policy)

    def taken_bills(self, bill_keys: Iterable[str]) -> dict[str, str]:
        """Those of the bills that a voucher of any person and year holds, with its number."""
        with self._store.reading() as connection:
            return recording.taken_bills(connection, bill_keys)

    def settle(self, request: SettlementRequest) -> Settlement:
        """Record a claim as decided, under the next voucher number; refused receipts are recorded too.

        Everything is worked out again under the write lock. Pressing Save again with the same key gives the
        settlement that the first press made. Where 就诊先后 is the area's order, a visit that comes late takes the
        deductible of its place, and of the cap what is left by now; ``effects`` tells what is then to be corrected,
        with what this claim is still to get.

        Raises:
            ClerkError: ``amount_changed``, another settlement has come in between; ``review_needed``,
                ``reviewer_is_clerk``, ``reason_missing``, ``visit_in_future``, ``claim_without_receipts``,
                ``draft_already_settled``, ``person_unknown``, or what the engine raises.
        """
        return self._store.perform(
            lambda connection: settling.settle(connection, request, self._office_code, self._local_time())
        )

    def reverse(self, voucher_number: str, reason: str, key: str, clerk: str) -> Settlement:
        """Mirror a voucher with negative amounts; deductible and cap of its years, and its bills, are free again.

        The corrections of the voucher are taken back with it, in the one mirror.

        Raises:
            ClerkError: ``voucher_unknown``, ``already_reversed``, ``not_reversible``, ``correction_not_reversible``,
                ``reason_missing``, ``draft_already_settled``.
        """
        return self._store.perform(
            lambda connection: settling.reverse(
                connection, voucher_number, reason, key, clerk, self._office_code, self._local_time()
            )
        )

    def effects(self, person_id: int, policy_of: PolicyOf) -> tuple[Effect, ...]:
        """The differences that late news has made to a person's settlements and that no correction has settled yet.

        Args:
            policy_of: The policy of an area by its code.

        Raises:
            ClerkError: ``person_unknown``, what ``policy_of`` raises, or what the engine does where the area's files
                have no figures any more.
        """
        with self._store.reading() as connection:
            return effects.effects(connection, person_id, policy_of)

    def effects_of_reversal(self, voucher_number: str, policy_of: PolicyOf) -> tuple[Effect, ...]:
        """Which other settlements a reversal would change, and by how much; nothing is saved.

        Raises:
            ClerkError: ``voucher_unknown``, and as ``effects``.
        """
        with self._store.reading() as connection:
            return effects.effects_of_reversal(connection, voucher_number, policy_of)

    def effects_of_prior_benefits(
        self, person_id: int, priors: Iterable[PriorBenefit], policy_of: PolicyOf
    ) -> tuple[Effect, ...]:
        """Which settlements the platform's figures would change, once recorded; nothing is saved.

        The platform's figures come before every settlement of their year, as they do when a claim is settled: the
        query does not tell on which day of the year they were charged.
        """
        with self._store.reading() as connection:
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
        with self._store.reading() as connection:
            news = News(priors=tuple(priors), late_claim=LateClaim(claim, policy, entitlement))
            return effects.effects_of_claim(connection, person_id, policy_of, news)

    def correct(
        self,
        voucher_number: str,
        shown: Effect,
        *,
        reason: str,
        key: str,
        clerk: str,
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
        request = correcting.CorrectionRequest(voucher_number, shown, reason, key, clerk, review, policy_of)
        return self._store.perform(
            lambda connection: correcting.correct(connection, request, self._office_code, self._local_time())
        )

    def year_card(self, person_id: int, year: int, policy: Policy) -> YearCard:
        """Deductibles and caps of a calendar year: what is used and left, and which voucher used what.

        Raises:
            ClerkError: ``person_unknown``.
        """
        with self._store.reading() as connection:
            return year_card.year_card(connection, person_id, year, policy, self._local_time().date())

    def settlement(self, voucher_number: str) -> Settlement:
        """A voucher's record, whole.

        Raises:
            ClerkError: ``voucher_unknown``.
        """
        with self._store.reading() as connection:
            return reading.whole(connection, [reading.settlement_row(connection, voucher_number)])[0]

    def search(self, text: str, limit: int = 50, before: str | None = None) -> list[SettlementLine]:
        """Settlements by voucher, bill or certificate number or by name, the newest first.

        Args:
            text: The beginning of a number, or part of a name; empty for all.
            before: The voucher number of the last line of the page before.
        """
        with self._store.reading() as connection:
            return search.search(connection, text, limit, before)

    def month_count(self, year: int, month: int) -> int:
        """How many records were settled in a month, reversals and refusals included."""
        with self._store.reading() as connection:
            return reading.month_count(connection, year, month)

    def settlements_of_month(self, year: int, month: int) -> Iterator[Settlement]:
        """A month's records, oldest first, as they stood when the first was asked for."""
        with self._store.reading() as connection:
            yield from reading.of_month(connection, year, month)

    def record_print(self, voucher_number: str) -> int:
        """Count a print: 0 for the first, then n for the n-th reprint (补打).

        Raises:
            ClerkError: ``voucher_unknown``.
        """

        def count(connection: Connection) -> int:
            settlement_id = reading.settlement_row(connection, voucher_number).settlement_id
            query = select(func.count()).select_from(prints).where(prints.c.settlement_id == settlement_id)
            reprint: int = connection.execute(query).scalar_one()
            row = {"settlement_id": settlement_id, "reprint": reprint, "printed_at": self._local_time()}
            connection.execute(insert(prints), row)
            return reprint

        return self._store.perform(count)

    def _local_time(self) -> datetime:
        """The office's wall clock to the second, as vouchers show it."""
        return self._clock().replace(microsecond=0, tzinfo=None)


def open_ledger(
    place: Path | str, office_code: str = "000000", clock: Callable[[], datetime] = _now, *, wait_seconds: float = 10.0
) -> Ledger:
    """Open a ledger, made or migrated where that is needed.

    Args:
        place: A file, or the address of a PostgreSQL database.
        office_code: Begins every voucher number of this office.
        clock: The office's wall clock.
        wait_seconds: How long an act waits for another desk's act.

    Raises:
        ClerkError: ``ledger_read_only``, ``ledger_damaged``, ``ledger_newer``, ``ledger_foreign``,
            ``ledger_not_durable``, ``ledger_locked``; with an address also ``ledger_address``, ``ledger_unreachable``,
            ``server_too_old``, ``server_encoding``, ``postgres_not_installed``.
    """
    store = open_store(place, wait_seconds)
    try:
        bring_to_head(store)
    except BaseException:
        store.close()
        raise
    return Ledger(store, office_code, clock)
