"""Enter a claim: what is typed, what is wrong with it, what it pays and why, and the settlement."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from clerk_app.adjudication.adjudication import Adjudication, ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim, prior_entries
from clerk_app.adjudication.explanation import steps
from clerk_app.adjudication.visit_order import moves_settled
from clerk_app.adjudication.what_if import Alternative, alternatives
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Benefit, Decision, Insurance, Status
from clerk_app.counter.banners import Banner, Gauge, banners_of, gauges_of
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import (
    ClaimDraft,
    ConditionDraft,
    FilingDraft,
    PersonDraft,
    PriorDraft,
    StayDraft,
    new_draft,
)
from clerk_app.counter.look_alikes import LookAlike, LookAlikes, answers
from clerk_app.counter.payee_entry import PayeeEntry, read_payee, remark_of
from clerk_app.counter.reading import NOT_DUPLICATE, Place, Problem, Reading, read_draft
from clerk_app.counter.second_person import Reviewer
from clerk_app.counter.typed import half_width
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Payee, PersonRecord, PriorBenefit, Review, Settlement, SettlementRequest
from clerk_app.money import format_yuan
from clerk_app.receipts.claim import Claim, Receipt, normalised
from clerk_app.settings import NO_OFFICE_CODE
from clerk_app.wording import N_, _, filled, sentence

if TYPE_CHECKING:
    from clerk_app.counter.claim_news import ClaimNews
    from clerk_app.policy.version import Policy

#: Earlier years than last year are not shown; what the platform paid then still counts.
_YEARS_SHOWN = 2

_ALTERNATIVE = N_("{supposition}：{decision}，统筹支付 {fund_fen}，{gain}")
_NO_GAIN = N_("金额不变")


class ExplainedStep(NamedTuple):
    """One line of the working, and document and article it rests on; empty for plain arithmetic.

    Attributes:
        in_full: The line with its article and the days from and until which its value holds.
    """

    words: str
    article: str
    in_full: str = ""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What would be decided if one thing were otherwise, and that in words."""

    words: str
    decided: ClaimAdjudication


@dataclass(frozen=True, slots=True)
class Preview:
    """What the claim as typed so far would pay.

    Attributes:
        claim: The decision on the lines that can be computed; None while there are none.
        rows: For each line of the form its decision, None while it is not computed.
        waiting: Line → why it is not computed yet.
        problems: What was typed and cannot stand, and what the policy objects to, e.g. a figure that is not set.
    """

    reading: Reading
    claim: ClaimAdjudication | None
    rows: tuple[Adjudication | None, ...]
    waiting: dict[int, str]
    problems: tuple[Problem, ...]
    banners: tuple[Banner, ...]
    gauges: tuple[Gauge, ...]

    @property
    def decision(self) -> Decision | None:
        """The conclusion on what is computed so far."""
        return self.claim.decision if self.claim else None


class ClaimEntry:
    """One claim being entered.

    The page copies its fields into ``draft`` and asks; asking costs the engine's microseconds, and the ledger is
    looked into only when a person is identified or a bill number is finished.
    """

    def __init__(self, desk: Desk, draft: ClaimDraft | None = None, *, is_check: bool = False) -> None:
        """Begin with a draft, or with a blank one.

        Args:
            is_check: Somebody else has entered it and handed it in; who settles it here has checked it.
        """
        self.desk = desk
        self.is_check = is_check
        self.draft = draft or new_draft(desk.today(), desk.settings.area_code)
        self.record: PersonRecord | None = None
        self._shown_priors: tuple[PriorBenefit, ...] = ()
        self._used: dict[str, YearToDate] = {}
        self._taken: dict[str, str] = {}
        self._looked_up: set[str] = set()
        self._look_alikes = LookAlikes(desk)
        self.payees = PayeeEntry(desk)
        self._name_note = ""
        self._news: tuple[object, ClaimNews | None] = ((), None)

    def reading(self) -> Reading:
        """What the draft means now."""
        coverage = self.record.entitlement.coverage if self.record else None
        reading = read_draft(self.draft, self.desk.today(), coverage)
        read_payee(reading, self.draft)
        return reading

    def problems(self) -> tuple[Problem, ...]:
        """What was typed and cannot stand, with the policy's own objections."""
        return self.preview().problems

    def obstacles(self, review_password: str = "") -> tuple[Problem, ...]:
        """Everything that bars the settlement: what is wrong, what is empty, what must be reviewed.

        Args:
            review_password: As the reviewer typed it; whether it is right is seen when the claim is settled.
        """
        preview = self.preview()
        found = list(self._gaps(preview))
        if self.desk.office_code == NO_OFFICE_CODE:
            words = _("请管理员先在“设置”（F10）中填写本机构的 6 位代码：它是每张单据号的开头，结算后不能更改。")
            found.append(Problem(Place("claim", 0, "office_code"), words))
        if self.needs_review(preview):
            found += self._review_obstacles(review_password)
        return tuple(found)

    def gaps(self) -> tuple[Problem, ...]:
        """What keeps a claim from being handed in for the check: all that is wrong or empty but the check itself.

        Raises:
            ClerkError: What the ledger objects to.
        """
        self.check_bills()
        return tuple(self._gaps(self.preview()))

    def _gaps(self, preview: Preview) -> Iterable[Problem]:
        yield from preview.problems
        yield from preview.reading.missing
        yield from self.payees.obstacles(preview.reading)
        for each in self.look_alikes(preview.reading):
            if not self.draft.receipts[each.row].not_duplicate.strip():
                words = _("第 {row} 张票据与另一张的机构、日期和金额相同，请说明为什么不是同一笔费用，或删除这一行。")
                yield Problem(Place("receipt", each.row, NOT_DUPLICATE), words.format(row=each.row + 1))

    def look_alikes(self, reading: Reading) -> tuple[LookAlike, ...]:
        """The lines that look like another bill, as far as the ledger was asked."""
        return self._look_alikes.of(reading.receipts, self._taken)

    def needs_review(self, preview: Preview) -> bool:
        """Whether a second person accepts the claim with the settlement: what is flagged, or was handed in."""
        return self.is_check or preview.decision is Decision.REVIEW

    def _review_obstacles(self, password: str) -> Iterable[Problem]:
        review = self.draft.review
        login = review.login.strip()
        if self.is_check:
            pass  # Who checks is signed in, and somebody else has entered it.
        elif not login:
            yield Problem(Place("review", 0, "login"), _("请复核人填用户名。"))
        elif login.lower() == self.desk.user.login:
            yield Problem(Place("review", 0, "login"), sentence(ClerkError("reviewer_is_clerk")))
        if not password:
            yield Problem(Place("review", 0, "password"), _("请复核人输入密码。"))
        if not review.reason.strip():
            yield Problem(Place("review", 0, "reason"), _("请填写复核理由。"))

    def preview(self) -> Preview:
        """What the claim pays as typed so far; lines that are not complete yet are left out."""
        reading = self.reading()
        rows: list[Adjudication | None] = [None] * len(reading.receipts)
        waiting = dict(reading.waiting)
        problems = list(reading.problems)
        policy = self._policy(problems)
        complete = [row for row, receipt in enumerate(reading.receipts) if receipt is not None]
        if policy is None:
            waiting.update({row: _("请先选择参保统筹区。") for row in complete})
            return Preview(reading, None, tuple(rows), waiting, tuple(problems), (), ())
        used = self._used_by(policy, reading)
        claim, gaps = self._adjudicated(reading, policy, used, complete)
        for row, words in gaps.items():
            waiting[row] = words
            problems.append(Problem(Place("receipt", row, "total"), words))
        if claim is not None:
            computed = [row for row in complete if row not in gaps]
            for row, adjudication in zip(computed, claim.receipts, strict=True):
                rows[row] = adjudication
        banners = banners_of(claim, policy, self.desk.today(), self._name_note)
        gauges = gauges_of(claim, policy, reading.entitlement, used, self.desk.today())
        return Preview(reading, claim, tuple(rows), waiting, tuple(problems), banners, gauges)

    def explanation(self, preview: Preview, row: int) -> tuple[ExplainedStep, ...]:
        """The working of one line in words, each step with its article; or why there is none yet."""
        adjudication = preview.rows[row] if row < len(preview.rows) else None
        if adjudication is not None:
            return tuple(
                ExplainedStep(step.words_beside_article(), str(step.source or ""), step.words(with_dates=True))
                for step in steps(adjudication)
            )
        return (ExplainedStep(preview.waiting[row], ""),) if row in preview.waiting else ()

    def alternatives(self, preview: Preview) -> tuple[Supposed, ...]:
        """What would change the decision, each with its sentence: the claim decided again and again, and nothing saved.

        Another tier is told of only where the fund pays: it is no cure for what is refused or flagged.
        """
        reading, policy = preview.reading, self._policy([])
        if preview.claim is None or policy is None or reading.entitlement is None:
            return ()
        used = self._used_by(policy, reading)
        found = alternatives(preview.claim, reading.entitlement, policy, used, self._taken)
        pays = preview.decision is Decision.PAY
        return tuple(Supposed(_alternative_words(each), each.decided) for each in found if pays or each.tier is None)

    def late_news(self) -> ClaimNews | None:
        """What settling would change for this person's vouchers; None when nothing that is typed can change any.

        The platform's figures may, and a claim that comes late. Nothing is saved, and the ledger is looked into once
        for the same question.
        """
        record = self.record
        if record is None:
            return None
        self.check_bills()
        preview = self.preview()
        reading = preview.reading
        priors, late = self._changed_priors(reading, record), self._late_claim(preview)
        if not priors and late is None:
            return None
        question = (priors, late, reading.entitlement)
        if self._news[0] != question:
            from clerk_app.counter.claim_news import news_of

            area_code = self.draft.person.area_code
            news = news_of(self.desk, record.person_id, priors, late, area_code, reading.entitlement)
            self._news = question, news
        return self._news[1]

    def _changed_priors(self, reading: Reading, record: PersonRecord) -> tuple[PriorBenefit, ...]:
        """The platform's figures as typed, where the amounts are not those recorded."""
        known = {(prior.year, prior.benefit): (prior.deductible_fen, prior.fund_fen) for prior in record.prior_benefits}
        return tuple(
            prior
            for prior in self._priors_to_record(reading, record)
            if known.get((prior.year, prior.benefit), (0, 0)) != (prior.deductible_fen, prior.fund_fen)
        )

    def _late_claim(self, preview: Preview) -> ClaimAdjudication | None:
        """The claim as far as it is decided, where it may change what is settled."""
        policy = self._policy([])
        if preview.claim is None or policy is None:
            return None
        used = self._used_by(policy, preview.reading)
        return preview.claim if moves_settled(preview.claim.claim, policy, used) else None

    def identify(self) -> bool:
        """Fill the form from the register when the certificate's number is known there.

        Returns:
            Whether the form changed.
        """
        reading = self.reading()
        number = self.draft.person.id_number
        if self.draft.person.certificate_type == "01":
            number = reading.id_card.number if reading.id_card else ""
        number = normalised(number)
        if self.record is not None and normalised(self.record.person.id_number) == number:
            return False
        found = self.desk.ledger.person_by_id_number(number) if number else None
        if found is not None:
            typed_name = self.draft.person.name.strip()
            self.choose(found)
            if typed_name and typed_name != found.person.name:
                self._name_note = _("该证件号码已登记为“{known}”，与输入的姓名“{typed}”不同，请核对证件。").format(
                    known=found.person.name, typed=typed_name
                )
            return True
        return self._forget_record()

    def recognise(self) -> None:
        """Know the person of a draft that was typed before, and leave it as it was typed.

        What the register has of the platform's figures and the draft has not is added: left out, it would be taken
        for struck out, and be recorded as nothing.
        """
        number = self.draft.person.id_number
        if self.draft.person.certificate_type == "01":
            card = self.reading().id_card
            number = card.number if card else ""
        found = self.desk.ledger.person_by_id_number(normalised(number)) if number else None
        if found is None:
            return
        typed = copy.deepcopy(self.draft)
        self.choose(found)
        known = {_year_and_benefit(prior) for prior in typed.priors if not prior.is_blank}
        added = [prior for prior in self.draft.priors if not prior.is_blank and _year_and_benefit(prior) not in known]
        instead = {_year_and_benefit(prior) for prior in added}
        self.draft.person, self.draft.filings = typed.person, typed.filings
        self.draft.conditions, self.draft.stays = typed.conditions, typed.stays
        self.draft.priors = [prior for prior in typed.priors if _year_and_benefit(prior) not in instead] + added

    def choose(self, record: PersonRecord) -> None:
        """Fill the form with a person whom the office knows."""
        entitlement, person = record.entitlement, record.person
        self.record = record
        self.payees.look_up(record)
        self._news = (), None
        self._used.clear()
        self._name_note = ""
        self.draft.person = PersonDraft(
            id_number=person.id_number,
            name=person.name,
            certificate_type=person.certificate_type,
            phone=person.phone,
            area_code=record.area_code,
            insurance=entitlement.insurance,
            status=entitlement.status,
            retirement=_day_text(entitlement.retirement_registered_on),
        )
        if entitlement.retirement_registered_on is not None:
            self.draft.person.status = Status.RETIRED
        self.draft.filings = [
            FilingDraft(filing.category, _day_text(filing.period.starts_on), _day_text(filing.period.ends_on))
            for filing in entitlement.filings or ()
        ] or [FilingDraft()]
        self.draft.conditions = [
            ConditionDraft(
                entry.disease, entry.benefit, _day_text(entry.period.starts_on), _day_text(entry.period.ends_on)
            )
            for entry in entitlement.conditions
        ]
        self.draft.stays = [
            StayDraft(_day_text(stay.admitted_on), _day_text(stay.discharged_on)) for stay in entitlement.stays
        ]
        first_year = self.desk.today().year - _YEARS_SHOWN + 1
        self._shown_priors = tuple(prior for prior in record.prior_benefits if prior.year >= first_year)
        self.draft.priors = [
            PriorDraft(
                str(prior.year),
                prior.benefit,
                format_yuan(prior.deductible_fen, separators=True),
                format_yuan(prior.fund_fen, separators=True),
                _day_text(prior.as_of),
            )
            for prior in self._shown_priors
        ] or [self._blank_prior()]

    def find_persons(self, text: str, limit: int = 12) -> list[PersonRecord]:
        """Persons by part of the name or the beginning of the certificate's number."""
        return self.desk.ledger.find_persons(text, limit)

    def check_bills(self) -> bool:
        """Ask the ledger about bills that were finished since the last time.

        Returns:
            Whether any of them is held by a voucher, or looks like one that is.
        """
        receipts = self.reading().receipts
        looks_alike = self._look_alikes.look_up(receipts)
        keys = {receipt.bill_key for receipt in receipts if receipt} - self._looked_up
        if not keys:
            return looks_alike
        taken = self.desk.ledger.taken_bills(keys)
        self._looked_up |= keys
        self._taken.update(taken)
        return bool(taken) or looks_alike

    def settle(self, review_password: str = "") -> Settlement:
        """Record person, platform figures and claim; the same draft never settles twice.

        Args:
            review_password: The reviewer's, where a review is needed; it is not kept.

        Raises:
            ClerkError: ``form_incomplete``, ``glyph_missing``, ``sign_in_refused``, ``sign_in_locked``, or what the
                ledger refuses. The draft stays as it was typed.
        """
        self.check_bills()
        preview = self.preview()
        reading = preview.reading
        if self.obstacles(review_password) or preview.claim is None:
            raise ClerkError("form_incomplete")
        assert reading.person is not None
        assert reading.entitlement is not None
        assert reading.handed_in_on is not None
        self._check_printable(reading)
        self.payees.check_unchanged()
        payee = self.payees.payee(reading)
        review = self._review(preview, review_password)
        ledger, area_code = self.desk.ledger, self.draft.person.area_code
        known_id = self.record.person_id if self.record else None
        record = ledger.save_person(reading.person, reading.entitlement, area_code, known_id)
        for prior in self._priors_to_record(reading, record):
            record = ledger.record_prior_benefit(record.person_id, prior)
        self._remember(record)
        request = SettlementRequest(
            key=self.draft.key,
            person_id=record.person_id,
            claim=preview.claim.claim,
            policy=self.desk.policy(area_code),
            shown=preview.claim,
            handed_in_on=reading.handed_in_on,
            payee=payee,
            review=review,
            remark=self._remark(reading, payee),
        )
        try:
            return ledger.settle(request)
        except ClerkError:
            self.refresh()
            raise

    def _remark(self, reading: Reading, payee: Payee | None) -> str:
        """What the clerk states for the audit trail."""
        said = (answers(self.look_alikes(reading), self.draft.receipts), remark_of(self.draft.payee, payee))
        return "；".join(filter(None, said))

    def refresh(self) -> None:
        """Look into the ledger again for what the person has used and which bills are held."""
        self._news = (), None
        self._used.clear()
        self._looked_up.clear()
        self._taken.clear()
        self._look_alikes.forget()
        self.check_bills()

    def _check_printable(self, reading: Reading) -> None:
        """What is recorded for good can be printed: a character without a glyph is refused before, not after."""
        from clerk_app.documents.fonts import without_glyph

        person, review = reading.person, self.draft.review
        texts = [person.name, person.employer, person.phone] if person else []
        texts += [reading.payee.name, reading.payee.bank] if reading.payee else []
        for receipt in filter(None, reading.receipts):
            texts += [receipt.number, receipt.bill_code, receipt.institution.name, receipt.disease, receipt.diagnosis]
        missing = without_glyph("".join((*texts, review.reason)))
        if missing:
            raise ClerkError("glyph_missing", code_point=tuple(f"U+{ord(character):04X}" for character in missing))

    def _review(self, preview: Preview, password: str) -> Review | None:
        if not self.needs_review(preview):
            return None
        if self.is_check:
            self.desk.ledger.confirm_password(password)
            return Review(self.desk.user.name, self.draft.review.reason.strip())
        return Reviewer(self.draft.review.login, password, self.draft.review.reason).accepts(self.desk)

    def _adjudicated(
        self, reading: Reading, policy: Policy, used: YearToDate, complete: list[int]
    ) -> tuple[ClaimAdjudication | None, dict[int, str]]:
        """The decision on the lines that the policy has an answer for, and what it says to the others."""
        gaps: dict[int, str] = {}
        if not complete:
            return None, gaps
        receipts = [reading.receipts[row] for row in complete]
        try:
            return self._decide(reading, policy, used, receipts), gaps
        except ClerkError:
            pass  # One line must not keep the others from being computed: each is asked by itself below.
        answered: list[Receipt | None] = []
        for row in complete:
            try:
                self._decide(reading, policy, used, [reading.receipts[row]])
                answered.append(reading.receipts[row])
            except ClerkError as error:
                gaps[row] = sentence(error)
        return (self._decide(reading, policy, used, answered) if answered else None), gaps

    def _decide(
        self, reading: Reading, policy: Policy, used: YearToDate, receipts: Iterable[Receipt | None]
    ) -> ClaimAdjudication:
        assert reading.entitlement is not None
        claim = Claim(
            tuple(receipt for receipt in receipts if receipt),
            handed_in_on=reading.handed_in_on,
            materials=frozenset(self.draft.materials),
        )
        return adjudicate_claim(claim, reading.entitlement, policy, used, self._taken)

    def _policy(self, problems: list[Problem]) -> Policy | None:
        area_code = self.draft.person.area_code
        if not area_code:
            return None
        try:
            return self.desk.policy(area_code)
        except ClerkError as error:
            problems.append(Problem(Place("person", 0, "area_code"), sentence(error)))
            return None

    def _used_by(self, policy: Policy, reading: Reading) -> YearToDate:
        """The ledger's figures, with the platform's as they stand on the form instead of those recorded before."""
        used = self._used.get(policy.area_code)
        if used is None:
            used = self.desk.used(self.record, policy.area_code)
            for prior in self._shown_priors:
                entries = prior_entries(policy, prior.year, prior.benefit, prior.deductible_fen, prior.fund_fen)
                used = used.with_entries([(year, pool, -use) for year, pool, use in entries])
            self._used[policy.area_code] = used
        for prior in reading.priors:
            used = used.with_entries(
                prior_entries(policy, prior.year, prior.benefit, prior.deductible_fen, prior.fund_fen)
            )
        return used

    def _priors_to_record(self, reading: Reading, record: PersonRecord) -> list[PriorBenefit]:
        """What differs from the record; a line that was taken out is recorded as nothing."""
        typed = {(prior.year, prior.benefit): prior for prior in reading.priors}
        changed = [prior for prior in typed.values() if prior not in record.prior_benefits]
        for prior in self._shown_priors:
            is_gone = (prior.year, prior.benefit) not in typed
            if is_gone and (prior.deductible_fen or prior.fund_fen):
                changed.append(PriorBenefit(prior.year, prior.benefit, 0, 0, self.desk.today()))
        return changed

    def _remember(self, record: PersonRecord) -> None:
        """The person is in the ledger now, so that another try does not take the person for a new one."""
        self.record = record
        self._news = (), None
        self._used.clear()
        first_year = self.desk.today().year - _YEARS_SHOWN + 1
        shown = {(prior.year, prior.benefit) for prior in self._shown_priors}
        typed = {(prior.year, prior.benefit) for prior in self.reading().priors}
        self._shown_priors = tuple(
            prior
            for prior in record.prior_benefits
            if prior.year >= first_year or (prior.year, prior.benefit) in shown | typed
        )

    def _forget_record(self) -> bool:
        """Another number was typed: nothing of the person known before may stay behind."""
        if self.record is None:
            return False
        self.record = None
        self.payees.look_up(None)
        self._used.clear()
        self._shown_priors = ()
        self._name_note = ""
        self.draft.person = PersonDraft(
            id_number=self.draft.person.id_number,
            certificate_type=self.draft.person.certificate_type,
            area_code=self.draft.person.area_code,
            insurance=Insurance.EMPLOYEE,
        )
        self.draft.filings = [FilingDraft()]
        self.draft.conditions = []
        self.draft.stays = []
        self.draft.priors = [self._blank_prior()]
        return True

    def _blank_prior(self) -> PriorDraft:
        today = self.desk.today()
        return PriorDraft(year=str(today.year), benefit=Benefit.ORDINARY, as_of=today.isoformat())


def _alternative_words(alternative: Alternative) -> str:
    gain_fen = alternative.gain_fen
    sign = "+" if gain_fen > 0 else ""
    details = {
        "supposition": alternative.words(),
        "decision": alternative.decided.decision.term,
        "fund_fen": alternative.decided.fund_fen,
        "gain": f"{sign}{format_yuan(gain_fen, separators=True)}" if gain_fen else _(_NO_GAIN),
    }
    return filled(_(_ALTERNATIVE), details)


def _year_and_benefit(prior: PriorDraft) -> tuple[str, Benefit]:
    """Whose line of the platform's figures it is."""
    return half_width(prior.year), prior.benefit


def _day_text(day: date | None) -> str:
    return day.isoformat() if day else ""
