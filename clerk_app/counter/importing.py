"""Import claims and the platform's figures from a workbook: every row accepted or refused, each an act of its own.

A row of claims becomes a claim that waits, with its acceptance number; nobody settles it but a clerk who has seen it.
What was accepted once is not accepted twice, though the file is imported again, corrected or under another name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from clerk_app.codes import Action, Insurance, Status, Term
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import ClaimDraft, PriorDraft, ReceiptDraft
from clerk_app.counter.kept_claim import KeptClaim
from clerk_app.counter.typed import half_width, parse_benefit
from clerk_app.documents.import_sheets import (
    CLAIMS,
    ImportForm,
    Outcome,
    TypedRow,
    read_typed,
    write_returned,
)
from clerk_app.documents.reading_room import ReadingRoom
from clerk_app.errors import ClerkError
from clerk_app.jobs import Progress
from clerk_app.ledger.records import PriorBenefit
from clerk_app.receipts.claim import normalised
from clerk_app.wording import N_, _, filled, sentence

#: For a file that somebody typed.
SECONDS, MEMORY_MIB = 20.0, 512
_SECTIONS = ("person", "receipt")
_NAME_DIFFERS = N_("该证件号码已登记为“{known}”，与填写的姓名“{typed}”不同。")
_SAME_AS = N_("与第 {row} 行是同一张票据。")
_TAKEN = N_("票据已在 {voucher} 结算。")
_BEFORE = N_("此前已受理：{acceptance}。内容有变时请在该申请中修改。")
_UNKNOWN_PERSON = N_("没有登记该证件号码，请先在窗口登记人员。")


class Import:
    """One import at a desk.

    Args:
        form: ``CLAIMS`` or ``BENEFITS``.
    """

    def __init__(self, desk: Desk, form: ImportForm) -> None:
        self.desk = desk
        self.form = form

    def run(self, source: Path, returned: Path, progress: Progress) -> tuple[Outcome, ...]:
        """Read a file, record what can be, and write what became of every row.

        Raises:
            Cancelled: What was accepted so far stays; imported again, the rest follows.
            ClerkError: ``not_allowed``; nothing was recorded: the file cannot be read, as ``read_typed`` says, or
                ``file_not_written``, there is no place for what comes back.
        """
        self.desk.require(Action.ENTER if self.form is CLAIMS else Action.SAVE_PERSON)
        with ReadingRoom(SECONDS, MEMORY_MIB) as room:
            rows = room.ask(read_typed, source, self.form)
        made_at = self.desk.now().replace(tzinfo=None, microsecond=0)
        # Whoever cannot be told what became of the rows begins nothing.
        write_returned(self.form, (), returned, made_at)
        outcomes = tuple(self._outcomes(rows, progress))
        assert len(outcomes) == len(rows), "every row is accounted for"
        write_returned(self.form, outcomes, returned, made_at)
        return outcomes

    def _outcomes(self, rows: Sequence[TypedRow], progress: Progress) -> list[Outcome]:
        seen: dict[object, int] = {}
        accept = self._accept_claim if self.form is CLAIMS else self._accept_benefit
        outcomes = []
        for done, row in enumerate(rows):
            progress.step(done, len(rows))
            outcomes.append(self._outcome(row, seen, accept))
        progress.step(len(rows), len(rows))
        return outcomes

    def _outcome(
        self, row: TypedRow, seen: dict[object, int], accept: Callable[[TypedRow, dict[object, int]], Outcome]
    ) -> Outcome:
        lacking = [column.head for column in self.form.columns if column.is_needed and not row.texts.get(column.head)]
        if row.problem:
            return _refused(row, row.problem)
        if lacking:
            return _refused(row, filled(_("缺少：{heads}。"), {"heads": lacking}))
        try:
            return accept(row, seen)
        except ClerkError as error:
            return _refused(row, sentence(error))

    # --- Claims ------------------------------------------------------------------------------------------------

    def _accept_claim(self, row: TypedRow, seen: dict[object, int]) -> Outcome:
        draft = ClaimDraft(key="", handed_in_on=self.desk.today().isoformat())
        entry = ClaimEntry(self.desk, draft)
        self._fill_person(draft, row)
        entry.insured.identify()
        typed, known = row.texts["姓名"], draft.person.name
        if typed != known:
            return _refused(row, filled(_(_NAME_DIFFERS), {"known": known, "typed": typed}))
        draft.receipts = [_receipt(row)]
        reading = entry.reading()
        problems = [*reading.problems, *(each for each in reading.missing if each.place.section in _SECTIONS)]
        receipt = reading.receipts[0]
        if problems or receipt is None or reading.person is None:
            return _refused(row, " ".join(dict.fromkeys(problem.sentence for problem in problems)))
        self.desk.policy(draft.person.area_code)
        bill = receipt.bill_key
        if bill in seen:
            return _refused(row, filled(_(_SAME_AS), {"row": seen[bill]}))
        seen[bill] = row.number
        draft.key = self._key(normalised(reading.person.id_number), bill)
        if before := self._accepted_before(draft.key):
            return Outcome(row, is_accepted=True, is_new=False, words=before)
        if taken := self.desk.ledger.taken_bills([bill]):
            return _refused(row, filled(_(_TAKEN), {"voucher": taken[bill]}))
        kept = KeptClaim(self.desk, draft)
        kept.lay_down(entry.insured.record.person_id if entry.insured.record else None)
        assert kept.line is not None, "a draft with a receipt is worth keeping"
        return Outcome(row, is_accepted=True, is_new=True, words=kept.line.acceptance_number)

    def _key(self, id_number: str, bill_key: str) -> str:
        """The same for the same person's same bill, whatever file it comes in."""
        words = f"clerk-app import 1\n{self.desk.office_code}\n{id_number}\n{bill_key}"
        return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _accepted_before(self, act_key: str) -> str:
        """The acceptance of an earlier import, in words; empty when there was none."""
        try:
            saved = self.desk.ledger.open_claim(act_key)
        except ClerkError as error:
            if error.code == "claim_unknown":
                return ""
            if "acceptance" not in error.details:
                raise
            return filled(_(_BEFORE), {"acceptance": error.details["acceptance"]})
        self.desk.ledger.let_claim_go(act_key)
        return filled(_(_BEFORE), {"acceptance": saved.line.acceptance_number})

    def _fill_person(self, draft: ClaimDraft, row: TypedRow) -> None:
        person, texts = draft.person, row.texts
        person.name, person.id_number = texts["姓名"], texts["证件号码"]
        person.certificate_type = half_width(texts.get("证件类型", "")).split(" ")[0] or "01"
        person.phone = texts.get("联系电话", "")
        person.area_code = half_width(texts.get("参保统筹区代码", "")) or self.desk.settings.area_code
        person.insurance = _term(Insurance, texts.get("险种", ""), Insurance.EMPLOYEE)
        resident = person.insurance is Insurance.RESIDENT
        person.status = _term(Status, texts.get("人员类别", ""), Status.RESIDENT if resident else Status.EMPLOYED)

    # --- The platform's figures --------------------------------------------------------------------------------

    def _accept_benefit(self, row: TypedRow, seen: dict[object, int]) -> Outcome:
        texts = row.texts
        record = self.desk.ledger.person_by_id_number(normalised(texts["证件号码"]))
        if record is None:
            return _refused(row, _(_UNKNOWN_PERSON))
        if record.person.name != texts["姓名"]:
            return _refused(row, filled(_(_NAME_DIFFERS), {"known": record.person.name, "typed": texts["姓名"]}))
        prior, wrong = self._prior(row)
        if prior is None:
            return _refused(row, wrong)
        place = (record.person_id, prior.year, prior.benefit)
        if place in seen:
            return _refused(row, filled(_("与第 {row} 行是同一人、同一年度、同一待遇。"), {"row": seen[place]}))
        seen[place] = row.number
        known = next(
            (each for each in record.prior_benefits if (each.year, each.benefit) == (prior.year, prior.benefit)), None
        )
        if known == prior:
            return Outcome(row, is_accepted=True, is_new=False, words=_("与已登记的相同。"))
        if known is not None and known.as_of > prior.as_of:
            words = _("已登记 {as_of} 查询的数据，比本行新。")
            return _refused(row, filled(words, {"as_of": known.as_of}))
        self.desk.ledger.record_prior_benefit(record.person_id, prior)
        return Outcome(row, is_accepted=True, is_new=True, words=_("已登记。"))

    def _prior(self, row: TypedRow) -> tuple[PriorBenefit | None, str]:
        """What a row says, or why it cannot stand."""
        texts = row.texts
        draft = ClaimDraft(key="")
        entry = ClaimEntry(self.desk, draft)
        draft.priors = [
            PriorDraft(
                half_width(texts["年度"]),
                parse_benefit(texts.get("待遇", "")),
                texts["起付线已付"],
                texts["基金已支付"],
                texts["平台查询日期"],
            )
        ]
        reading = entry.reading()
        wrong = [problem.sentence for problem in reading.problems if problem.place.section == "prior"]
        if wrong or not reading.priors:
            return None, " ".join(wrong)
        (prior,) = reading.priors
        if prior.as_of > self.desk.today() or prior.year > self.desk.today().year:
            return None, _("平台查询日期或年度晚于今天，请核对。")
        return prior, ""


_Word = TypeVar("_Word", bound=Term)


def _term(kind: type[_Word], text: str, otherwise: _Word) -> _Word:
    """A word of a list; empty is the usual one.

    Raises:
        ClerkError: ``word_not_known``.
    """
    try:
        return kind.from_term(text.strip()) if text.strip() else otherwise
    except KeyError:
        raise ClerkError("word_not_known", text=text, known=kind.terms()) from None


def _receipt(row: TypedRow) -> ReceiptDraft:
    texts = row.texts
    return ReceiptDraft(
        bill_code=texts.get("票据代码", ""),
        number=texts["票据号码"],
        visited_on=texts["就诊日期"],
        hospital=texts["医疗机构"],
        hospital_code=texts.get("机构编码", ""),
        tier=texts.get("等级", ""),
        benefit=texts.get("待遇", ""),
        disease=texts.get("病种", ""),
        total=texts["医疗费总额"],
        self_funded=texts.get("全自费", ""),
        over_limit=texts.get("超限价", ""),
        paid_first=texts.get("先行自付", ""),
        printed_fund=texts.get("票面已付基金", ""),
    )


def _refused(row: TypedRow, words: str) -> Outcome:
    assert words, "a refusal has a reason"
    return Outcome(row, is_accepted=False, is_new=False, words=words)
