"""参保人 of a claim being entered: whose claim it is, and what the ledger knows of that person.

The claim's fields are the draft's; this knows what lies behind them. What is not known yet is not computed with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clerk_app.adjudication.engine import prior_entries
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.counter import person_fields
from clerk_app.counter.claim_lookup import KnownPerson, person_with_number
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ClaimDraft, PayeeDraft
from clerk_app.counter.payee_entry import PayeeEntry
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import PersonRecord, PriorBenefit
from clerk_app.policy.version import Policy
from clerk_app.receipts.claim import normalised
from clerk_app.receipts.id_card import parse_id_card
from clerk_app.wording import _

#: Earlier years than last year are not shown; what the platform paid then still counts.
_YEARS_SHOWN = 2


class InsuredEntry:
    """The insured person of one claim.

    Attributes:
        record: What the register has; None for somebody new, and until it is known whose the number is.
        name_note: What is to be said where the name that was typed is not the registered one; else empty.
    """

    def __init__(self, desk: Desk, draft: ClaimDraft, payees: PayeeEntry) -> None:
        """Begin with what is typed, of which nothing is known.

        Args:
            payees: Is told whose claim it is.
        """
        self._desk = desk
        self._draft = draft
        self._payees = payees
        self.record: PersonRecord | None = None
        self.name_note = ""
        #: The certificate's number that the register is being asked about; empty where nothing is open.
        self._asked_number = ""
        #: The last number that stood there whole: what was typed of an account belongs to whose it is.
        self._number = ""
        self._shown_priors: tuple[PriorBenefit, ...] = ()
        #: What the ledger has, by area; and the same without the platform's figures that the form shows.
        self._recorded_use: dict[str, YearToDate] = {}
        self._used: dict[str, YearToDate] = {}

    @property
    def is_asking(self) -> bool:
        """Whether it is not known yet whose claim it is."""
        return bool(self._asked_number)

    @property
    def known(self) -> KnownPerson | None:
        """The person whom the claim knows, for another draft of the same claim."""
        return None if self.record is None else KnownPerson(self.record, self._payees.known, dict(self._recorded_use))

    def asks_whose(self) -> str | None:
        """The certificate's number that the register is to be asked about, empty for none that holds.

        None where the number is that of the person whom the claim knows. Else nothing of that person stays in the
        form, and until it is answered nothing is computed.
        """
        number = self._number_as_typed()
        if self.record is not None and normalised(self.record.person.id_number) == number:
            self._asked_number = ""
            return None
        self._forget()
        self._turn_to(number)
        self._asked_number = number
        return number

    def identify(self) -> bool:
        """Fill the form from the register when the certificate's number is known there.

        Returns:
            Whether the form changed.

        Raises:
            ClerkError: What the ledger says when it cannot be read.
        """
        had_somebody = self.record is not None
        number = self.asks_whose()
        if number is None:
            return False
        return self.take_identified(number, person_with_number(self._desk, number)) or had_somebody

    def take_identified(self, number: str, found: KnownPerson | None) -> bool:
        """Fill the form with the person whose number it is.

        The answer to a number that stands there no more is nobody's.

        Returns:
            Whether the form changed.
        """
        if not self._is_asked(number):
            return False
        self._asked_number = ""
        if found is None:
            return False
        typed_name = self._draft.person.name
        self.choose(found)
        self._note_name(typed_name)
        return True

    def recognise(self) -> None:
        """Know the person of a draft that was typed before, and leave it as it was typed.

        Raises:
            ClerkError: What the ledger says when it cannot be read.
        """
        number = self.asks_whose()
        if number is not None:
            self.take_recognised(number, person_with_number(self._desk, number, self._draft.person.area_code))

    def take_recognised(self, number: str, found: KnownPerson | None) -> None:
        """The same with what was found; the platform's figures that the register has besides are added."""
        if not self._is_asked(number):
            return
        self._asked_number = ""
        if found is not None:
            self._recognise(found)

    def recognises(self, known: KnownPerson | None) -> bool:
        """Know the person of a draft, where it is still the one it was a moment ago."""
        if known is None or normalised(known.record.person.id_number) != self._number_as_typed():
            return False
        self._recognise(known)
        return True

    def choose(self, known: KnownPerson) -> None:
        """Fill the form with a person whom the office knows."""
        self._asked_number = ""
        self._turn_to(normalised(known.record.person.id_number))
        self._know(known)
        person_fields.fill(self._draft, known.record, self._shown_priors, self._desk.today())

    def lacks_use(self, policy: Policy) -> bool:
        """Whether it is not known yet what the person has used under a policy."""
        return self.record is not None and policy.area_code not in self._recorded_use

    def take_use(self, asked: tuple[PersonRecord, str], found: Mapping[str, YearToDate]) -> None:
        """Know what the person has used; the answer about another one is nobody's."""
        if asked[0] is self.record:
            self._recorded_use.update(found)

    def forget_use(self) -> None:
        """What was used is to be asked for again: the policies have changed, or the person has."""
        self._recorded_use.clear()
        self._used.clear()

    def used_by(self, policy: Policy, typed: Sequence[PriorBenefit]) -> YearToDate:
        """The ledger's figures, with the platform's as they are typed instead of those recorded before."""
        used = self._used.get(policy.area_code)
        if used is None:
            used = YearToDate() if self.record is None else self._recorded_use[policy.area_code]
            for prior in self._shown_priors:
                entries = prior_entries(policy, prior.year, prior.benefit, prior.deductible_fen, prior.fund_fen)
                used = used.with_entries([(year, pool, -use) for year, pool, use in entries])
            self._used[policy.area_code] = used
        for prior in typed:
            used = used.with_entries(
                prior_entries(policy, prior.year, prior.benefit, prior.deductible_fen, prior.fund_fen)
            )
        return used

    def changed_priors(self, typed: Sequence[PriorBenefit]) -> tuple[PriorBenefit, ...]:
        """The platform's figures as typed, where the amounts are not those recorded."""
        recorded = self.record.prior_benefits if self.record else ()
        known = {(prior.year, prior.benefit): (prior.deductible_fen, prior.fund_fen) for prior in recorded}
        return tuple(
            prior
            for prior in self.priors_to_record(typed, recorded)
            if known.get((prior.year, prior.benefit), (0, 0)) != (prior.deductible_fen, prior.fund_fen)
        )

    def priors_to_record(
        self, typed: Sequence[PriorBenefit], recorded: Sequence[PriorBenefit]
    ) -> tuple[PriorBenefit, ...]:
        """What differs from what is recorded; a line that was taken out is recorded as nothing."""
        by_benefit = {(prior.year, prior.benefit): prior for prior in typed}
        changed = [prior for prior in by_benefit.values() if prior not in recorded]
        for prior in self._shown_priors:
            is_gone = (prior.year, prior.benefit) not in by_benefit
            if is_gone and (prior.deductible_fen or prior.fund_fen):
                changed.append(PriorBenefit(prior.year, prior.benefit, 0, 0, self._desk.today()))
        return tuple(changed)

    def remember(self, record: PersonRecord, typed: Sequence[PriorBenefit]) -> None:
        """The person is in the ledger now, so that another try does not take the person for a new one.

        Args:
            record: With the platform's figures as they were typed.
        """
        self.record = record
        self._payees.use(record, self._payees.known)
        self.forget_use()
        shown = {(prior.year, prior.benefit) for prior in (*self._shown_priors, *typed)}
        self._shown_priors = tuple(
            prior
            for prior in record.prior_benefits
            if prior.year >= self._first_year() or (prior.year, prior.benefit) in shown
        )

    def _is_asked(self, number: str) -> bool:
        return number == self._asked_number == self._number_as_typed()

    def _number_as_typed(self) -> str:
        """The certificate's number without its spaces; empty where it cannot be one."""
        person = self._draft.person
        if person.certificate_type != "01":
            return normalised(person.id_number)
        try:
            return normalised(parse_id_card(person.id_number, self._desk.today()).number)
        except ClerkError:
            return ""

    def _recognise(self, known: KnownPerson) -> None:
        self._know(known)
        self._note_name(self._draft.person.name)
        person_fields.complete(self._draft, self._shown_priors)

    def _know(self, known: KnownPerson) -> None:
        record = self.record = known.record
        self._payees.use(record, known.accounts)
        self.forget_use()
        self._recorded_use.update(known.used)
        self.name_note = ""
        self._number = normalised(record.person.id_number)
        self._shown_priors = tuple(prior for prior in record.prior_benefits if prior.year >= self._first_year())

    def _first_year(self) -> int:
        return self._desk.today().year - _YEARS_SHOWN + 1

    def _turn_to(self, number: str) -> None:
        """Another person's number stands there: an account that was typed for the one before is not that person's."""
        if number and self._number and number != self._number:
            self._draft.payee = PayeeDraft()
        self._number = number or self._number

    def _note_name(self, typed_name: str) -> None:
        """Say it where the name that was typed is not the one that the number is registered under."""
        known_name = self.record.person.name if self.record else ""
        if typed_name.strip() and typed_name.strip() != known_name:
            self.name_note = _("该证件号码已登记为“{known}”，与输入的姓名“{typed}”不同，请核对证件。").format(
                known=known_name, typed=typed_name.strip()
            )

    def _forget(self) -> None:
        """Another number was typed: nothing of the person known before may stay behind."""
        if self.record is None:
            return
        self.record = None
        self._payees.use(None)
        self.forget_use()
        self._shown_priors = ()
        self.name_note = ""
        person_fields.clear(self._draft, self._desk.today())
