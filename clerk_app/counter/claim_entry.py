"""Enter a claim: what is typed, what is wrong with it, what it pays and why, and the settlement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from clerk_app.adjudication.adjudication import Adjudication, ClaimAdjudication
from clerk_app.adjudication.engine import adjudicate_claim
from clerk_app.adjudication.explanation import steps
from clerk_app.adjudication.visit_order import moves_settled
from clerk_app.adjudication.what_if import Alternative, alternatives
from clerk_app.adjudication.year_to_date import YearToDate
from clerk_app.codes import Decision
from clerk_app.counter.banners import Banner, Gauge, banners_of, gauges_of
from clerk_app.counter.claim_lookup import (
    KnownBills,
    NewsQuestion,
    known_bills,
    used_in,
)
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ClaimDraft, new_draft
from clerk_app.counter.insured_entry import InsuredEntry
from clerk_app.counter.look_alikes import Bill, BillIdentity, LookAlike, answers, identity_of, look_alikes
from clerk_app.counter.payee_entry import PayeeEntry, read_payee, remark_of
from clerk_app.counter.reading import NOT_DUPLICATE, Place, Problem, Reading, read_draft
from clerk_app.counter.second_person import Reviewer
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import Payee, PersonRecord, Review, Settlement, SettlementRequest
from clerk_app.money import format_yuan
from clerk_app.receipts.claim import Claim, Receipt
from clerk_app.settings import NO_OFFICE_CODE
from clerk_app.wording import N_, _, filled, sentence

if TYPE_CHECKING:
    from clerk_app.counter.claim_news import ClaimNews
    from clerk_app.policy.version import Policy

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

    The page copies its fields into ``draft`` and asks; asking costs the engine's microseconds. The ledger is looked
    into by ``look_up``, ``late_news``, ``settle`` and the like alone, which say so under ``Raises``. The window has
    others look up what is open (``insured.asks_whose``, ``unknown_use``, ``unknown_bills``, ``news_question``), and
    hands over what was found. What is not known yet is not computed with.

    Attributes:
        insured: Whose claim it is.
        payees: Where the money goes.
    """

    def __init__(self, desk: Desk, draft: ClaimDraft | None = None, *, is_check: bool = False) -> None:
        """Begin with a draft, or with a blank one.

        Args:
            is_check: Somebody else has entered it and handed it in; who settles it here has checked it.
        """
        self.desk = desk
        self.is_check = is_check
        self.draft = draft or new_draft(desk.today(), desk.settings.area_code)
        self.payees = PayeeEntry(desk)
        self.insured = InsuredEntry(desk, self.draft, self.payees)
        self._taken: dict[str, str] = {}
        self._alike: dict[BillIdentity, tuple[Bill, ...]] = {}
        #: What was worked out last, about whom and what.
        self._news: tuple[PersonRecord, NewsQuestion, ClaimNews] | None = None

    def reading(self) -> Reading:
        """What the draft means now."""
        record = self.insured.record
        coverage = record.entitlement.coverage if record else None
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
        self.look_up()
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
        return look_alikes(reading.receipts, self._taken, self._alike)

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
        if policy is None or self.insured.is_asking or self.insured.lacks_use(policy):
            words = _("请先选择参保统筹区。") if policy is None else _("正在账本中查找这位参保人…")
            waiting.update(dict.fromkeys(complete, words))
            return Preview(reading, None, tuple(rows), waiting, tuple(problems), (), ())
        used = self.insured.used_by(policy, reading.priors)
        claim, gaps = self._adjudicated(reading, policy, used, complete)
        for row, words in gaps.items():
            waiting[row] = words
            problems.append(Problem(Place("receipt", row, "total"), words))
        if claim is not None:
            computed = [row for row in complete if row not in gaps]
            for row, adjudication in zip(computed, claim.receipts, strict=True):
                rows[row] = adjudication
        banners = banners_of(claim, policy, self.desk.today(), self.insured.name_note)
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
        if preview.claim is None or policy is None or reading.entitlement is None or self.insured.lacks_use(policy):
            return ()
        used = self.insured.used_by(policy, reading.priors)
        found = alternatives(preview.claim, reading.entitlement, policy, used, self._taken)
        pays = preview.decision is Decision.PAY
        return tuple(Supposed(_alternative_words(each), each.decided) for each in found if pays or each.tier is None)

    def late_news(self) -> ClaimNews | None:
        """What settling would change for this person's vouchers; None when nothing that is typed can change any.

        Nothing is saved, and the ledger is looked into once for the same question.

        Raises:
            ClerkError: What the policy or the engine objects to.
        """
        self.look_up()
        question = self.news_question()
        if question is None:
            return None
        news = self.news_on(question)
        if news is None:
            from clerk_app.counter.claim_news import news_of

            news = news_of(self.desk, question)
            self.take_news(question, news)
        return news

    def news_question(self) -> NewsQuestion | None:
        """What is to be worked out for ``late_news``: the platform's figures may change vouchers, and a late claim."""
        record = self.insured.record
        if record is None:
            return None
        preview = self.preview()
        reading = preview.reading
        priors, late = self.insured.changed_priors(reading.priors), self._late_claim(preview)
        if not priors and late is None:
            return None
        return NewsQuestion(record.person_id, priors, late, self.draft.person.area_code, reading.entitlement)

    def news_on(self, question: NewsQuestion) -> ClaimNews | None:
        """What was worked out, if that was asked last."""
        if self._news is None:
            return None
        record, asked, news = self._news
        return news if record is self.insured.record and asked == question else None

    def take_news(self, question: NewsQuestion, news: ClaimNews) -> None:
        """Know what settling would change."""
        if self.insured.record is not None:
            self._news = self.insured.record, question, news

    def _late_claim(self, preview: Preview) -> ClaimAdjudication | None:
        """The claim as far as it is decided, where it may change what is settled."""
        policy = self._policy([])
        if preview.claim is None or policy is None:
            return None
        used = self.insured.used_by(policy, preview.reading.priors)
        return preview.claim if moves_settled(preview.claim.claim, policy, used) else None

    def find_persons(self, text: str, limit: int = 12) -> list[PersonRecord]:
        """Persons by part of the name or the beginning of the certificate's number."""
        return self.desk.ledger.find_persons(text, limit)

    def look_up(self) -> None:
        """Ask the ledger about the bills and the year of the person, as far as it was not asked yet.

        Raises:
            ClerkError: What the ledger says when it cannot be read.
        """
        self.take_bills(known_bills(self.desk, self.unknown_bills()))
        if use := self.unknown_use():
            self.insured.take_use(use, used_in(self.desk, *use))

    def unknown_bills(self) -> tuple[Receipt, ...]:
        """The bills that were finished since the ledger was last asked about them."""
        return tuple(
            receipt for receipt in self.reading().receipts if receipt and identity_of(receipt) not in self._alike
        )

    def take_bills(self, found: KnownBills) -> bool:
        """Know what became of bills.

        Returns:
            Whether any of them is held by a voucher, or looks like one that is.
        """
        self._taken.update(found.taken)
        self._alike.update(found.alike)
        return bool(found.taken) or any(found.alike.values())

    def unknown_use(self) -> tuple[PersonRecord, str] | None:
        """The person, and the area where it is not known yet what that person has used; None where it is."""
        record, policy = self.insured.record, self._policy([])
        if record is None or policy is None or not self.insured.lacks_use(policy):
            return None
        return record, policy.area_code

    def forget_use(self) -> None:
        """What was used is to be asked for again: the policies have changed."""
        self._news = None
        self.insured.forget_use()

    def settle(self, review_password: str = "") -> Settlement:
        """Record person, platform figures and claim; the same draft never settles twice.

        Args:
            review_password: The reviewer's, where a review is needed; it is not kept.

        Raises:
            ClerkError: ``form_incomplete``, ``glyph_missing``, ``sign_in_refused``, ``sign_in_locked``, or what the
                ledger refuses. The draft stays as it was typed.
        """
        self.look_up()
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
        known_id = self.insured.record.person_id if self.insured.record else None
        record = ledger.save_person(reading.person, reading.entitlement, area_code, known_id)
        for prior in self.insured.priors_to_record(reading.priors, record.prior_benefits):
            record = ledger.record_prior_benefit(record.person_id, prior)
        self.insured.remember(record, reading.priors)
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
        """Look into the ledger again for what the person has used and which bills are held.

        Raises:
            ClerkError: What the ledger says when it cannot be read; it is not known then.
        """
        self.forget_use()
        self._taken.clear()
        self._alike.clear()
        self.look_up()

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
