"""F1: the keys, on one page."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from clerk_app.desktop.pieces import plain_label, push_button
from clerk_app.wording import N_, _

KEYS = (
    ("Enter", N_("下一格；Shift+Enter 上一格。在空白行按 Enter 到结算按钮")),
    ("Tab", N_("下一格，包括勾选框和沿用上一行的单元格")),
    ("F1", N_("按键说明")),
    ("F3", N_("新建申请；刚才的已自动保存，误按可在提示条上恢复")),
    ("F4", N_("查询以前的单据")),
    ("F5", N_("票据表：显示或隐藏更多列")),
    ("F6", N_("到扫描框：证件号码（可后几位）、姓名拼音首字母、单据号、电子票据二维码")),
    ("F7", N_("到票据表的空白行")),
    ("F8", N_("预览刚结算或选中的单据")),
    ("F9", N_("结算")),
    ("F10", N_("设置统筹区、字号、锁屏时间；机构名称和代码由管理员设置")),
    ("F11", N_("年度卡：参保人当年的起付线和限额用了多少、还剩多少")),
    ("Ctrl+2", N_("我的申请：录入自动保存，可再打开、送审、撤销；复核人在此办理初审")),
    ("Ctrl+3", N_("复核：空格标为通过，Del 退回，Enter 打开待初审的申请，F9 提交")),
    ("Ctrl+4", N_("支付：待支付、报盘与回盘、待追回、待归档，F9 办理，Ctrl+Tab 换列表")),
    ("Ctrl+Shift+2", N_("备份与校验：立即备份、全面校验、从备份恢复")),
    ("F12", N_("锁屏；正在办理的申请保留")),
    ("Ctrl+L", N_("退出登录，换人")),
    ("Ctrl+D  Ctrl+H", N_("票据表：沿用上一行同一列；沿用上家医疗机构，在医疗机构格中也可按 +")),
    ("Ctrl+Del  Ctrl+Z", N_("删除当前行；撤销录入，Ctrl+Y 恢复")),
    ("Ctrl+M  Ctrl+E", N_("勾选常用材料；按费用类别或逐项录入一张票据的费用明细，= 填入余额")),
    ("Ctrl+I  Ctrl+Alt+V", N_("依次看各项假设会支付多少；粘贴整张票据表")),
    ("3 2 1 0", N_("等级：三级、二级、一级、无等级")),
    ("520  5.20", N_("日期：最近的 5 月 20 日；也可输入 20230520，后面可加时间，如 520 09:00")),
    ("+  -  t", N_("日期：后一天、前一天、今天")),
    ("1234.5+20", N_("金额可以直接写加减式，离开时算出结果；超过两位小数不接受")),
)


class HelpDialog(QDialog):
    """A list of keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("按键说明"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(2)  # All of it fits on a screen of 768 lines.
        for row, (keys, words) in enumerate(KEYS):
            grid.addWidget(plain_label(keys, "cardTitle"), row, 0)
            grid.addWidget(plain_label(_(words)), row, 1)
        close = push_button(_("关闭  Esc"))
        close.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addLayout(grid)
        column.addSpacing(8)
        column.addWidget(close)
