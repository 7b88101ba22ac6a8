"""The insured whom the office knows."""

from __future__ import annotations

from clerk_app.codes import Action
from clerk_app.ledger import (
    persons,
)
from clerk_app.ledger.records import (
    PersonRecord,
    PriorBenefit,
)
from clerk_app.ledger.service import Service
from clerk_app.receipts.insured import Entitlement, Person


class PersonActs(Service):
    """The acts of a ledger that concern persons."""

    def save_person(
        self, person: Person, entitlement: Entitlement, area_code: str, person_id: int | None = None
    ) -> PersonRecord:
        """Record a person, or correct the one with ``person_id``; settlements keep the person as it was then.

        Raises:
            ClerkError: ``person_known``, another record has this certificate's number; ``id_number_missing``;
                ``person_unknown``.
        """
        return self._perform(
            Action.SAVE_PERSON, lambda act: persons.save_person(act, person, entitlement, area_code, person_id)
        )

    def person(self, person_id: int) -> PersonRecord:
        """The person with a number.

        Raises:
            ClerkError: ``person_unknown``.
        """
        with self._looking(Action.SEE) as connection:
            return persons.read_person(connection, person_id)

    def find_persons(self, text: str, limit: int = 50) -> list[PersonRecord]:
        """Persons by part of the name or its first letters, or by either end of the certificate's number; by name.

        None for an empty text, and of very many the ones recorded last.
        """
        with self._looking(Action.SEE) as connection:
            return persons.find_persons(connection, text, limit)

    def person_by_id_number(self, id_number: str) -> PersonRecord | None:
        """The person with a certificate's number, None when the office does not know it."""
        with self._looking(Action.SEE) as connection:
            return persons.person_by_id_number(connection, id_number)

    def record_prior_benefit(self, person_id: int, prior: PriorBenefit) -> PersonRecord:
        """Keep what was read from the platform; it replaces what was read before for that year and benefit.

        Raises:
            ClerkError: ``person_unknown``, ``prior_benefit_negative``.
        """
        return self._perform(Action.SAVE_PERSON, lambda act: persons.record_prior_benefit(act, person_id, prior))
