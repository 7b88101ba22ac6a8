from __future__ import annotations

import ast
import string
import threading
from datetime import date
from pathlib import Path

import pytest

import clerk_app
from clerk_app.codes import Action, Decision, Role
from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.wording import SENTENCES, _, clauses, filled, in_chinese, listed, sentence, use_language

PACKAGE = Path(clerk_app.__file__).parent


def raised_codes() -> dict[str, str]:
    """Every literal code of the source that becomes a sentence, with a place where it stands."""
    codes = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                position = {"ClerkError": 0, "PolicyGap": 0, "problem": 0, "FileProblem": 2, "add": 1}.get(name)
                if position is not None and len(node.args) > position:
                    code = node.args[position]
                    if isinstance(code, ast.Constant) and isinstance(code.value, str) and "_" in code.value:
                        codes[code.value] = f"{path.relative_to(PACKAGE)}:{node.lineno}"
    return codes


def test_every_failure_has_a_sentence():
    without = {code: where for code, where in raised_codes().items() if code not in SENTENCES}
    assert not without
    assert len(raised_codes()) > 50


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_is_chinese_and_whole(code):
    words = SENTENCES[code]
    assert words.endswith(("。", "；", "？"))
    assert any("一" <= character <= "鿿" for character in words)
    assert all(field is None or field.isidentifier() for _text, field, *_rest in string.Formatter().parse(words))


def test_amounts_become_yuan_days_are_written_out_and_lists_joined():
    words = filled(
        "{excess_fen}/{day}/{known}/{plain}",
        {"excess_fen": 123456, "day": date(2023, 1, 2), "known": ("甲", date(2023, 1, 3)), "plain": 7},
    )
    assert words == "1,234.56/2023-01-02/甲、2023-01-03/7"


def test_a_detail_with_braces_is_only_text():
    assert "{0.__class__}" in sentence(ClerkError("amount_not_a_number", text="{0.__class__}"))


def test_a_failure_says_what_happened_with_its_details():
    error = ClerkError("breakdown_exceeds_total", number="A1", excess_fen=150)
    assert sentence(error) == "票据 A1 的全自费、超限价、先行自付合计比总额多 1.50 元，请核对各项金额。"


def test_problems_of_files_become_a_line_each_with_file_and_line():
    problems = [
        FileProblem("a.yaml", 3, "key_repeated", {"key": "总额"}),
        FileProblem("b.yaml", 0, "file_empty", {}),
    ]
    assert sentence(FileProblems(problems)).splitlines() == [
        "a.yaml:3: “总额”重复出现，请只保留一个。",
        "b.yaml: 文件是空的，没有可用的内容。",
    ]


def test_after_english_the_source_language_is_back():
    use_language("en")
    use_language("zh_CN")
    assert sentence(ClerkError("claim_without_receipts")) == SENTENCES["claim_without_receipts"]


def test_lists_and_sentences_are_joined_in_the_language_in_use():
    assert listed(["病历", "", "费用清单"]) == "病历、费用清单"
    assert clauses(["已冲正", "", "已更正"]) == "已冲正；已更正"
    use_language("en")
    try:
        assert listed(["Medical record", "", "Fee list"]) == "Medical record, Fee list"
        assert clauses(["reversed", "", "corrected"]) == "reversed; corrected"
        assert filled("{known}", {"known": ("A", "B")}) == "A, B"
        assert _("") == ""
    finally:
        use_language("zh_CN")


def test_terms_of_the_code_lists_are_said_in_the_language_in_use():
    able = (Role.REVIEWER.term, Role.FINANCE.term)
    error = ClerkError("not_allowed", role=Role.CLERK.term, action=Action.PAY.term, able=able)
    assert sentence(error) == "经办人员不能“支付”，请由有权限的人员办理：复核人员、财务人员。"
    use_language("en")
    try:
        words = sentence(error)
        supposed = filled("{decision}", {"decision": Decision.PAY.term})
    finally:
        use_language("zh_CN")
    assert words.isascii()
    assert "Reviewer, Finance" in words
    assert supposed == "Pay"


def test_a_record_is_in_chinese_while_the_window_speaks_english_and_two_records_do_not_mix():
    use_language("en")
    begun, ended = threading.Barrier(2, timeout=10), threading.Event()
    said: list[str] = []

    def first() -> None:
        with in_chinese():
            begun.wait()

    def second() -> None:
        with in_chinese():
            begun.wait()
            ended.wait(10)
            said.append(_("结算"))

    threads = [threading.Thread(target=each) for each in (first, second)]
    try:
        for thread in threads:
            thread.start()
        threads[0].join(10)
        assert _("结算").isascii(), "the window's own language"
        ended.set()
        threads[1].join(10)
        assert _("结算").isascii()
    finally:
        use_language("zh_CN")
    assert said == ["结算"]
