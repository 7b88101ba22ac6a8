"""Papers about no voucher: made from what was typed and settled, counted when printed, signed by the office."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clerk_app.codes import Action, Material
from clerk_app.counter.calendar_month import Month
from clerk_app.counter.claim_entry import ClaimEntry
from clerk_app.counter.claim_papers import AcceptancePaper, CountedPaper, MonthPaper, OneTimePaper, YearCardPaper
from clerk_app.counter.desk import Desk
from clerk_app.counter.draft import new_draft
from clerk_app.counter.kept_claim import KeptClaim
from clerk_app.counter.year_card import YearCardSheet
from clerk_app.documents.paper_check import check_paper
from clerk_app.documents.signing import Signer
from clerk_app.errors import ClerkError
from clerk_app.ledger.records import ClaimLine
from tests.counter import people
from tests.counter.desks import sign_in
from tests.documents.reading import amounts, run_on
from tests.ledger.office import ADMINISTRATOR, CLERK, REVIEWER


def waiting(desk: Desk, *materials: Material, is_laid_down: bool = True) -> ClaimLine:
    draft = new_draft(desk.today(), "360000")
    people.filled(ClaimEntry(desk, draft), people.receipt("A1", "1000"), people.receipt("A2", "234.56"))
    draft.materials = set(materials)
    kept = KeptClaim(desk, draft)
    kept.keep()
    if is_laid_down:
        kept.lay_down()
    assert kept.line is not None
    return desk.ledger.claims_in(frozenset({kept.line.state}))[0]


def papers(desk: Desk) -> list[CountedPaper]:
    line = waiting(desk, Material.RECEIPT)
    settled = people.filled(ClaimEntry(desk), people.receipt("B1")).settle()
    today = desk.today()
    card = YearCardSheet(desk, settled.person_id).card(today.year)
    month = Month(today.year, today.month)
    return [AcceptancePaper(desk, line), OneTimePaper(desk, line), YearCardPaper(desk, card), MonthPaper(desk, month)]


def test_an_acceptance_receipt_says_what_was_typed(desk: Desk) -> None:
    line = waiting(desk, Material.RECEIPT, Material.FEE_LIST)
    paper = AcceptancePaper(desk, line, date(2026, 12, 4)).pdf()

    words = run_on(paper)
    for wanted in (line.acceptance_number, "张三示例", "收据", "费用清单", "2026-12-04", "江西省"):
        assert wanted in words
    assert amounts(paper)[123_456] == 2
    assert "医保凭证" not in words
    assert people.ZHANG not in words


def promise(desk: Desk, words: str) -> None:
    (desk.folder / "working-days").mkdir(exist_ok=True)
    (desk.folder / "working-days" / "limits.yaml").write_text(words, encoding="utf-8")


def test_an_acceptance_receipt_says_by_when_the_office_is_done_by_its_own_time_limits(desk: Desk) -> None:
    line = waiting(desk, Material.RECEIPT)
    assert "办结期限：规定的期限" in run_on(AcceptancePaper(desk, line).pdf())
    promise(desk, "工作日: 10\n小额: {不满: 1000, 工作日: 5}\n")
    # Handed in on Sunday 22 November 2026.
    assert "办结期限：2026-12-04前（受理次日起10个工作日内）" in run_on(AcceptancePaper(desk, line).pdf())
    promise(desk, "工作日: 10\n小额: {不满: 2000, 工作日: 5}\n")
    assert "办结期限：2026-11-27前（受理次日起5个工作日内）" in run_on(AcceptancePaper(desk, line).pdf())


def test_without_the_next_years_calendar_the_receipt_says_the_days_and_no_date(desk: Desk) -> None:
    line = waiting(desk, Material.RECEIPT)
    promise(desk, "工作日: 60\n")
    words = run_on(AcceptancePaper(desk, line).pdf())
    assert "办结期限：受理次日起60个工作日内。" in words
    assert "2027" not in words


def test_a_one_time_notice_lists_what_is_missing_and_none_is_made_for_nothing(desk: Desk) -> None:
    words = run_on(OneTimePaper(desk, waiting(desk, Material.RECEIPT), date(2026, 12, 20)).pdf())
    for wanted in ("医保凭证", "费用清单", "病历", "请于2026-12-20前补正"):
        assert wanted in words
    whole = waiting(desk, Material.CREDENTIAL, Material.RECEIPT, Material.FEE_LIST, Material.MEDICAL_RECORD)
    with pytest.raises(ClerkError, match="nothing_missing"):
        OneTimePaper(desk, whole)


def test_a_one_time_notice_says_by_when_the_papers_are_to_be_brought_whenever_it_is_printed(desk: Desk) -> None:
    line = waiting(desk, Material.RECEIPT)
    assert "请于规定的期限前补正" in run_on(OneTimePaper(desk, line).pdf())
    promise(desk, "工作日: 10\n")
    assert "请于规定的期限前补正" in run_on(OneTimePaper(desk, line).pdf())
    promise(desk, "工作日: 10\n补正工作日: 15\n")
    # Handed in on Sunday 22 November 2026.
    assert "请于2026-12-11（受理次日起第15个工作日）前补正" in run_on(OneTimePaper(desk, line).pdf(3))
    promise(desk, "工作日: 10\n补正工作日: 60\n")
    assert "请于受理次日起第60个工作日届满前补正" in run_on(OneTimePaper(desk, line).pdf())


def test_whoever_takes_papers_in_ticks_what_nobody_typed(desk: Desk) -> None:
    words = run_on(AcceptancePaper(desk, waiting(desk, Material.RECEIPT, Material.FEE_LIST)).pdf())
    assert "收据2□原件□复印件" in words
    assert "费用清单□原件□复印件" in words


def test_a_claim_that_is_open_in_the_form_stays_in_hand_and_another_is_let_go(desk: Desk) -> None:
    held = waiting(desk, Material.RECEIPT, is_laid_down=False)
    AcceptancePaper(desk, held)
    desk.ledger.sign_out()
    sign_in(desk, REVIEWER)
    with pytest.raises(ClerkError, match="claim_leased"):
        AcceptancePaper(desk, held)
    sign_in(desk, CLERK)
    desk.ledger.let_claim_go(held.act_key)
    loose = desk.ledger.claims_in(frozenset({held.state}))[0]
    AcceptancePaper(desk, loose)
    assert desk.ledger.claims_in(frozenset({held.state}))[0].lease_login is None


@pytest.mark.parametrize("place", range(4), ids=["acceptance", "one-time", "year-card", "month"])
def test_each_print_is_counted_on_record_and_the_paper_is_the_offices(desk: Desk, place: int, tmp_path: Path) -> None:
    paper = papers(desk)[place]
    key = Signer(desk.ledger.signing_seed).public_key

    printed = [paper.counted_for_print() for _time in range(3)]
    paper.save(tmp_path / paper.file_name)

    assert [reprint for _pdf, reprint in printed] == [0, 1, 2]
    for pdf, reprint in printed:
        check = check_paper(pdf, [key])
        assert check.is_sound
        assert check.facts["reprint"] == reprint
    assert check_paper((tmp_path / paper.file_name).read_bytes(), [key]).is_sound
    sign_in(desk, REVIEWER)
    subjects = [entry.subject for entry in desk.ledger.audit_trail() if entry.action is Action.PRINT]
    assert subjects == [f"{paper.kind} {paper.number}"] * 3


def test_who_may_not_print_saves_and_prints_nothing(desk: Desk, tmp_path: Path) -> None:
    paper = papers(desk)[3]
    sign_in(desk, ADMINISTRATOR)
    with pytest.raises(ClerkError, match="not_allowed"):
        paper.counted_for_print()
    with pytest.raises(ClerkError, match="not_allowed"):
        paper.save(tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_a_month_on_paper_adds_up_to_its_records(desk: Desk) -> None:
    settled = [people.filled(ClaimEntry(desk), people.receipt("C1")).settle()]
    paper = MonthPaper(desk, Month(desk.today().year, desk.today().month)).pdf()
    assert check_paper(paper).facts["amounts_fen"]["统筹支付合计"] == sum(each.fund_fen for each in settled)
    assert settled[0].voucher_number in run_on(paper)
