"""Help: a page a screen, in the language of the window, found by what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clerk_app.paths import resources
from clerk_app.settings import Settings
from clerk_app.wording import N_, _

#: The pages as they are listed: the first hour, the screens in the order of the work, and the keys.
TOPICS = (
    *(
        "first-claim",
        "claim",
        "payee",
        "claims",
        "review",
        "payment",
        "search",
        "year-card",
        "papers",
        "export",
        "month",
    ),
    *("areas", "policies", "users", "audit", "safekeeping", "settings", "sign-in"),
)
KEYS_TOPIC = "keys"

KEYS = (
    ("Enter", N_("下一格；Shift+Enter 上一格。在空白行按 Enter 到结算按钮")),
    ("Tab", N_("下一格，包括勾选框和沿用上一行的单元格")),
    ("F1", N_("所在页面的帮助；Ctrl+F1 按键说明，Shift+F1 入门引导")),
    ("F2", N_("立即存草稿并显示受理号；平时停键一秒自动保存")),
    ("F3", N_("新建申请；刚才的已自动保存，误按可在提示条上恢复")),
    ("F4", N_("查询以前的单据")),
    ("F5", N_("票据表：显示或隐藏更多列")),
    ("F6", N_("到扫描框：证件号码（可后几位）、姓名拼音首字母、单据号、电子票据二维码")),
    ("F7", N_("到票据表的空白行")),
    ("F8", N_("预览刚结算或选中的单据")),
    ("Ctrl+P  Ctrl+S", N_("打印刚结算或选中的单据；保存为 PDF")),
    ("F9", N_("结算")),
    ("F10", N_("设置统筹区、语言、字号、锁屏时间；机构名称和代码由管理员设置")),
    ("F11", N_("年度卡：参保人当年的起付线和限额用了多少、还剩多少")),
    ("Ctrl+2", N_("我的申请：录入自动保存，可再打开、送审、撤销；复核人在此办理初审")),
    ("Ctrl+3", N_("复核：空格标为通过，Del 退回，Enter 打开待初审的申请，F9 提交")),
    ("Ctrl+4", N_("支付：待支付、报盘与回盘、待追回、待归档，F9 办理，Ctrl+Tab 换列表")),
    ("Ctrl+Shift+2", N_("备份与校验：立即备份、全面校验、从备份恢复")),
    ("F12", N_("锁屏；正在办理的申请保留")),
    ("Ctrl+L", N_("退出登录，换人")),
    ("Ctrl+B", N_("收款账户：选已知的账户或另填，变更须第二人")),
    ("Ctrl+D  Ctrl+H", N_("票据表：沿用上一行同一列；沿用上家医疗机构，在医疗机构格中也可按 +")),
    ("Ctrl+Del  Ctrl+Z", N_("删除当前行；撤销录入，Ctrl+Y 恢复")),
    ("Ctrl+M  Ctrl+E", N_("勾选常用材料；按费用类别或逐项录入一张票据的费用明细，= 填入余额")),
    ("Ctrl+I  Ctrl+Alt+V", N_("依次看各项假设会支付多少；粘贴整张票据表")),
    ("3 2 1 0", N_("等级：三级、二级、一级、无等级")),
    ("520  5.20", N_("日期：最近的 5 月 20 日；也可输入 20230520，后面可加时间，如 520 09:00")),
    ("+  -  t", N_("日期：后一天、前一天、今天")),
    ("1234.5+20", N_("金额可以直接写加减式，离开时算出结果；超过两位小数不接受")),
)


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page.

    Attributes:
        text: Markdown, its first line the title.
        picture: What the screen looks like; None where there is no picture.
    """

    topic: str
    title: str
    text: str
    picture: Path | None

    def has(self, words: list[str]) -> bool:
        """Whether every word stands in it somewhere."""
        text = self.text.casefold()
        return all(word in text for word in words)


def help_folder() -> Path:
    """Where the pages are, a folder a language."""
    return resources() / "help"


def help_pages(settings: Settings) -> tuple[HelpPage, ...]:
    """Every page in the language of the window; Chinese where there is no other."""
    folder = help_folder() / settings.language
    if not folder.is_dir():
        folder = help_folder() / Settings().language
    return (*(_page(folder, topic) for topic in TOPICS), _page_of_keys())


def found_pages(pages: tuple[HelpPage, ...], text: str) -> list[HelpPage]:
    """The pages that hold every word that is looked for, those with it in the title first."""
    words = text.casefold().split()
    found = [page for page in pages if page.has(words)]
    return sorted(found, key=lambda page: not any(word in page.title.casefold() for word in words))


def _page(folder: Path, topic: str) -> HelpPage:
    text = (folder / f"{topic}.md").read_text(encoding="utf-8")
    picture = folder / f"{topic}.png"
    title = text.splitlines()[0].removeprefix("# ")
    return HelpPage(topic, title, text, picture if picture.exists() else None)


def _page_of_keys() -> HelpPage:
    title = _("按键说明")
    rows = "\n".join(f"| {_shown(keys)} | {_(words)} |" for keys, words in KEYS)
    head = _("按键"), _("用处")
    return HelpPage(KEYS_TOPIC, title, f"# {title}\n\n| {head[0]} | {head[1]} |\n|---|---|\n{rows}\n", None)


def _shown(keys: str) -> str:
    return "  ".join(f"`{key}`" for key in keys.split("  "))
