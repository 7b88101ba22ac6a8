"""The office's own name, titles and texts, without code: its files go before those that ship, checked strictly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clerk_app.documents.claim_notices import acceptance_receipt_bytes
from clerk_app.documents.office import Copy, Office, office_on_paper
from clerk_app.documents.refusal_notice import refusal_notice_bytes
from clerk_app.documents.voucher import voucher_bytes
from clerk_app.errors import ClerkError, FileProblems
from clerk_app.wording import sentence
from tests.documents import samples
from tests.documents.reading import amounts, run_on, text


def office(folder: Path, words: str = "", **files: str) -> Office:
    (folder / "papers").mkdir(exist_ok=True)
    if words:
        (folder / "papers" / "papers.txt").write_text(words, encoding="utf-8")
    for name, content in files.items():
        (folder / "papers" / f"{name}.txt").write_text(content, encoding="utf-8")
    return office_on_paper("设置里的中心", folder)


def test_without_files_the_words_that_ship_stand(tmp_path: Path) -> None:
    assert office_on_paper("某中心", tmp_path).name == "某中心"
    assert office_on_paper("某中心").word("结算单标题", "示例市") == "示例市医疗保险手工（零星）报销结算单"


def test_an_office_names_itself_and_its_papers(tmp_path: Path) -> None:
    own = office(
        tmp_path,
        "# 注\n机构名称：{机构名称}（北区）\n地址: 一号\n盖章处：（业务专用章）\n"
        "结算单标题：{机构名称}·{参保地}结算单\n",
    )
    words = run_on(voucher_bytes(samples.with_fees(), office=own, copy=Copy.AGENCY))
    assert "设置里的中心（北区）·示例市结算单" in words
    assert "（业务专用章）" in words
    assert "（经办机构盖章）" not in words
    assert "一号" in words


def test_an_offices_notices_have_its_own_text(tmp_path: Path) -> None:
    own = office(
        tmp_path,
        acceptance_receipt="{姓名}您好，我们收到了：\n{材料清单}\n",
        refusal_notice="{姓名}您好：\n{不予支付明细}\n合计 {不予支付金额} 元。\n",
    )
    assert "张三示例您好，我们收到了" in run_on(acceptance_receipt_bytes(samples.acceptance(), office=own))
    refusal = refusal_notice_bytes(samples.refusal(), office=own)
    assert "张三示例您好：" in run_on(refusal)
    assert "合计 560.00 元" in text(refusal)
    assert "行政复议" not in text(refusal)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("机构名：甲\n", "template_key_unknown", "没有“机构名”这一项，可用的项：机构名称、"),
        ("结算单标题：{金额}\n", "template_field_unknown", "没有名为“金额”的字段"),
        ("地址：甲\n地址：乙\n", "key_repeated", "“地址”重复出现"),
        ("盖章处\n", "template_line_form", "“盖章处”应写成“键：值”"),
        ("盖章处：{参保地\n", "template_brace_open", "花括号没有成对"),
        ("地址：付 100 元\n", "template_amount", "模板中不能写金额"),
    ],
)
def test_what_is_wrong_in_the_offices_words_is_said_with_its_line(
    tmp_path: Path, words: str, code: str, said: str
) -> None:
    with pytest.raises(FileProblems) as caught:
        office(tmp_path, f"# 注\n{words}")
    assert {problem.code for problem in caught.value.problems} == {code}
    assert caught.value.problems[0].line > 1
    assert said in sentence(caught.value)


@pytest.mark.parametrize(
    "amount", ["249.12", "实付 1,000 元", "￥5", "三万 壹拾元", "9．99", "100万元", "贰佰元整", "¥ 12"]
)
def test_no_template_can_print_an_amount_of_its_own(tmp_path: Path, amount: str) -> None:
    own = office(tmp_path, refusal_notice=f"{{姓名}}\n{{不予支付明细}}\n{amount}\n")
    with pytest.raises(FileProblems) as caught:
        refusal_notice_bytes(samples.refusal(), office=own)
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [(3, "template_amount")]


@pytest.mark.parametrize("harmless", ["60 日内", "6 个月", "第 3.1 条", "2026-11-22", "元月", "{不予支付金额} 元"])
def test_days_and_articles_are_no_amounts(tmp_path: Path, harmless: str) -> None:
    own = office(tmp_path, refusal_notice=f"{{姓名}}\n{{不予支付明细}}\n{harmless}\n")
    paper = refusal_notice_bytes(samples.refusal(), office=own)
    plain = refusal_notice_bytes(samples.refusal(), office=replace(own, templates=None))
    assert amounts(paper).keys() == amounts(plain).keys()


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "papers.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ClerkError, match="template_not_read"):
        office_on_paper("甲", tmp_path)
