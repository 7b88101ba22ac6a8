"""Every sentence that a clerk or an insured person reads goes through here.

Chinese is the language of the source; ``resources/locale/<language>/LC_MESSAGES/clerk_app.mo`` holds the others.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import gettext
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from string import Formatter

from clerk_app.errors import ClerkError, FileProblem, FileProblems
from clerk_app.money import format_yuan
from clerk_app.paths import resources

_DOMAIN = "clerk_app"
_SOURCE_LANGUAGE = "zh_CN"
#: Details that hold a term of the code lists in Chinese; the catalogue has every term.
_TERMS = frozenset({"able", "action", "benefit", "decision", "insurance", "role", "stage", "state", "status", "tier"})


class _Catalogue:
    """The catalogue in use; one for the program, chosen at start."""

    translations: gettext.NullTranslations = gettext.NullTranslations()
    language: str = _SOURCE_LANGUAGE


#: Whether a record or a paper is made here, which the source language is for.
_speaks_chinese = contextvars.ContextVar("_speaks_chinese", default=False)


def use_language(language: str) -> None:
    """Choose the language of all later sentences: ``zh_CN`` or a folder of ``resources/locale``."""
    if language == _SOURCE_LANGUAGE:
        _Catalogue.translations = gettext.NullTranslations()
    else:
        _Catalogue.translations = gettext.translation(_DOMAIN, resources() / "locale", languages=[language])
    _Catalogue.language = language


def language_in_use() -> str:
    """What ``use_language`` was told last, for another process to say its words in."""
    return _Catalogue.language


@contextlib.contextmanager
def in_chinese() -> Iterator[None]:
    """Say what follows in Chinese, whatever the screen speaks: for records and papers.

    It holds in the thread that asks for it; what the window says meanwhile, and what another thread records, is its own.
    """
    former = _speaks_chinese.set(True)
    try:
        yield
    finally:
        _speaks_chinese.reset(former)


def _(text: str) -> str:
    """The text in the language in use; an empty text, which is the name of a catalogue's head, stays empty."""
    return text if _speaks_chinese.get() or not text else _Catalogue.translations.gettext(text)


def N_(text: str) -> str:  # noqa: N802 -- gettext's own name, which the extractor knows
    """Mark a text for the catalogue that is looked up later."""
    return text


def listed(items: Iterable[str]) -> str:
    """Several things as one list in the language in use; empty ones are left out."""
    return _("、").join(filter(None, items))


def clauses(statements: Iterable[str]) -> str:
    """Several statements as one sentence in the language in use; empty ones are left out."""
    return _("；").join(filter(None, statements))


def noted(text: str, note: str) -> str:
    """A text with a note in brackets behind it, as the language in use writes them."""
    return filled(_("{text}（{note}）"), {"text": text, "note": note})


def filled(template: str, details: Mapping[str, object]) -> str:
    """A sentence with its details.

    Names ending in ``_fen`` become yuan, days are written out, lists are joined, and terms of the code lists are said in
    the language in use.
    """
    return "".join([words + _shown(name, details[name]) if name else words for words, name in _pieces(template)])


#: Reading a template takes longer than filling it in.
@functools.lru_cache(maxsize=1024)
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """What stands before each detail of a template, with the detail's name; none behind the last."""
    pieces = tuple(Formatter().parse(template))
    assert not any(form or conversion for _words, _name, form, conversion in pieces), "details are shown by their names"
    return tuple((words, name) for words, name, _form, _conversion in pieces)


def _shown(name: str, value: object) -> str:
    if isinstance(value, str):
        return _(value) if name in _TERMS else value
    if name.endswith("_fen") and isinstance(value, int):
        return _yuan(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return listed(_shown(name, item) for item in value)
    return str(value)


#: The working of one receipt says each of its amounts several times.
@functools.lru_cache(maxsize=1024)
def _yuan(fen: int) -> str:
    return format_yuan(fen, separators=True)


def sentence(error: ClerkError) -> str:
    """What happened and what to do, in the user's language.

    Several problems of a file become a line each.
    """
    if isinstance(error, FileProblems):
        return "\n".join(file_problem(problem) for problem in error.problems)
    return filled(_(SENTENCES[error.code]), error.details)


def file_problem(problem: FileProblem) -> str:
    """One problem of a file, with the file's name and line."""
    where = f"{problem.file}:{problem.line}: " if problem.line else f"{problem.file}: "
    return where + problem_words(problem)


def problem_words(problem: FileProblem) -> str:
    """What is wrong, for lists that name file and line in columns of their own."""
    return filled(_(SENTENCES[problem.code]), problem.details)


#: One sentence for each code of a ``ClerkError`` or a file's problem.
SENTENCES: dict[str, str] = {
    # Typed by hand.
    "amount_not_a_number": N_("“{text}”不是金额，请输入数字，例如 1234.50。"),
    "amount_three_decimals": N_("金额“{text}”超过两位小数，请按票据填写到分。"),
    "paste_too_large": N_("剪贴板中的表有 {count} 行，一次最多粘贴 {most} 行，没有粘贴。请分几次粘贴。"),
    "paste_too_wide": N_(
        "剪贴板中的表有 {columns} 列，从这一格起只有 {room} 列，没有粘贴。请从左边的格子粘贴，或连同表头一起复制。"
    ),
    # Lists of items from Excel.
    "catalogue_without_head": N_("“{file}”前 20 行中没有找到表头，须有这些列：{needed}。请补上表头后再导入。"),
    "catalogue_empty": N_("“{file}”中没有一行可以导入。{why}请核对后再试，原有目录不变。"),
    "catalogue_damaged": N_("本机的目录文件 {file} 已损坏，请重新导入目录；也可按费用类别录入。"),
    "figure_unreadable": N_("“{text}”不是数量、单价或比例：请填不小于 0 的数，最多四位小数。"),
    "amount_too_large": N_("金额“{text}”太大，请核对票据。"),
    "amount_negative": N_("票据 {number} 的金额不能为负数，请核对。"),
    "breakdown_exceeds_total": N_(
        "票据 {number} 的全自费、超限价、先行自付合计比总额多 {excess_fen} 元，请核对各项金额。"
    ),
    "fees_not_total": N_("票据 {number} 各费用类别的合计与票据的总额或其中的自费部分不符，请核对。"),
    "receipt_without_number": N_("票据号码不能为空，请按票面填写。"),
    "claim_without_receipts": N_("至少要有一张票据才能结算。"),
    "id_card_form": N_("身份证号应为 18 位（前 17 位数字，末位数字或 X），现在是 {length} 位，请核对证件。"),
    "id_card_birthday": N_("身份证号中的出生日期不存在或晚于今天，请核对证件。"),
    "id_card_check_digit": N_("身份证号的校验位不符，有一位输错了，请对照证件逐位核对。"),
    "institution_code_form": N_("医疗机构编码“{text}”不符合格式（H 或 P 加 11 位数字），请核对；没有编码可留空。"),
    "period_backwards": N_("结束日期 {ends_on} 早于开始日期 {starts_on}，请核对。"),
    "status_not_of_insurance": N_("险种“{insurance}”与人员类别“{status}”不一致，请核对参保信息。"),
    # Policies and parameters.
    "policy_gap": N_(
        "{area}：{document} 没有规定 {insurance}·{status}·{benefit}·{tier} 的待遇，不能计算。请核对待遇类别，或转政策岗确认。"
    ),
    "parameter_not_set": N_(
        "{area}：{document} 把下列参数留给统筹区确定，本机尚未设置：{parameters}。请由管理员在“统筹区参数”中填写后再计算。"
    ),
    "credit_base_negative": N_("缴费基数和养老金平均水平不能为负数，请核对。"),
    "account_credit_unknown": N_("文件没有规定“{who}”的个人账户计入办法，已有：{known}。"),
    "area_unknown": N_("没有统筹区“{given}”的政策文件，已有：{known}。请核对代码或先装入该统筹区的政策。"),
    "framework_unknown": N_("“沿用”的统筹区 {given} 没有政策文件，已有：{known}。"),
    "area_code_form": N_("统筹区代码“{given}”应为 6 位数字（GB/T 2260）。"),
    "slot_hole": N_("{day} 起“{slot}”没有规定（{cell}），请补充数值、起止日期和依据。"),
    "slot_conflict": N_(
        "{day} 起“{slot}”有两个数值同时有效（{cell}），请改正起止日期；其中一项是例外的，须用“取代”写明它取代哪一项。"
    ),
    "override_missing": N_("“{slot}”是例外规定，须用“取代”写明取代哪一项及其依据，可以取代：{known}。"),
    "override_unknown": N_("“{slot}”取代的“{given}”不在本文件中，最接近的是“{nearest}”；可以取代：{known}。"),
    "override_not_applicable": N_("“{slot}”不能取代“{given}”，最接近的是“{nearest}”；可以取代：{known}。"),
    "override_article_missing": N_("取代“{slot}”须写明它的依据，可选：{known}。"),
    "override_article": N_("“{slot}”这段时间没有依据为“{given}”的规定，最接近的是“{nearest}”；可选：{known}。"),
    "override_idle": N_("“{slot}”在这项例外的起止日期内没有规定，没有可以取代的数值，请核对起止日期。"),
    "override_incomplete": N_("“{slot}”也适用于“{missing}”（{article}），须在“取代”中一并写明。"),
    "override_conflict": N_(
        "“{slot}”有两项例外同时适用于同一情形：{one} 和 {other}。请改正起止日期或适用范围，只保留一项。"
    ),
    "override_of_nothing": N_("“{name}”填写的是文件留空的数值，不取代任何规定，请删去“取代”。"),
    "document_conflict": N_("{one} 与 {other} 都从 {day} 起施行，请改正施行日期。"),
    "table_mixed": N_("同一层不能混用 {kinds}，请一层只按一种分类填写。"),
    "figure_negative": N_("“{given}”是负数，起付标准和年度限额不能为负，请按文件填写。"),
    "parameters_twice": N_("{one} 和 {other} 都填写了{area}的参数，请只保留一份。"),
    "parameters_not_open": N_("{area} 的文件没有留给统筹区确定的参数，不能填写“{key}”。"),
    "parameter_undeclared": N_("“{name}”没有在“参数”中说明界限和依据。"),
    "parameter_incomplete": N_("“{name}”缺少 {cell} 的数值，请填写完整。"),
    "parameter_below": N_("“{name}”为 {given}，低于文件 {article} 规定的下限 {bound}，不能使用。"),
    "parameter_not_above": N_("“{name}”为 {given}，应当大于 {bound}（{article}），不能使用。"),
    "parameter_above": N_("“{name}”为 {given}，高于文件 {article} 规定的上限 {bound}，不能使用。"),
    "parameter_not_choice": N_("“{name}”为 {given}，文件 {article} 只允许 {choices}。"),
    "parameter_retired_below_employed": N_("“{name}”的退休数值低于在职，文件 {article} 不允许。"),
    "exclusion_unknown": N_("{area} 的不予支付情形中没有“{given}”，可选：{known}。"),
    # Installing a policy.
    "proposal_files": N_("{folder} 中应当恰好有一份政策文件（现有 {count} 份）和一份 examples.yaml，请整理后再提交。"),
    "policy_installed_already": N_("{area} {day} 起施行的这份文件（{document}）已经装入，内容相同，不需要再次提交。"),
    "policy_version_there": N_(
        "{area} 已有 {day} 起施行的文件（{document}）。已装入的版本不能修改，只能由以后施行的新文件接续，请另写一份施行日期更晚的文件。"
    ),
    "policy_begins_before": N_(
        "新文件从 {day} 起施行，不晚于{area}已装入的 {document}（{installed_day} 起）。新文件只能接在已装入的版本之后，请核对施行日期。"
    ),
    "area_fills_framework": N_(
        "{area} 使用框架 {framework} 并由“统筹区参数”填写数值，不能另装文件。请修改参数，或先删去它的参数文件。"
    ),
    "area_there": N_(
        "{area}（{area_code}）已有政策文件（{document}），没有另写骨架。要接续新文件，请复制现行文件和案例到新文件夹，改好后提交。"
    ),
    "benefit_without_example": N_(
        "待遇“{benefits}”没有案例。每一类待遇至少要有一个按新文件计算出金额的案例，请在 examples.yaml 中补充。"
    ),
    "examples_do_not_hold": N_("有 {failed} 个案例不符，没有提交或装入。请对照文件核对数值和案例。"),
    "name_missing": N_("请写明姓名：提交和装入政策都要记录是谁。"),
    "installer_is_proposer": N_("{name} 是提交人，不能自己装入，请由另一名人员核对试算结果后装入。"),
    "proposal_unknown": N_("{area} 没有 {day} 起施行的待装入文件，待装入的有：{known}。"),
    "proposal_changed": N_("{area} {day} 的待装入文件与提交时不同或记录不全，不能装入。请由提交人重新提交。"),
    "proposal_not_on_record": N_(
        "{area} {day} 的待装入文件与操作记录中最后一次提交不符，没有装入。请由提交人登录后重新提交。"
    ),
    "proposal_replaced": N_(
        "{area} {day} 的待装入文件在核对以后又由 {proposer} 重新提交，没有装入。请重新核对并试算后再装入。"
    ),
    "not_tried": N_("{area} 的这份文件还没有试算完，不能提交或装入。请先完成试算。"),
    "folder_missing": N_("没有找到文件夹“{folder}”，请选择放有政策文件和 examples.yaml 的文件夹。"),
    "policy_edited": N_(
        "这份政策文件在装入以后被改动，不能使用。请恢复原文件；需要修订的，另写一份施行日期更晚的文件。"
    ),
    "policy_missing": N_("这份政策文件有装入记录，但文件不见了。请从备份恢复原文件。"),
    "policy_not_installed": N_(
        "这份政策文件没有装入记录，不能使用。请移出该文件夹，用 clerk-app policy propose 提交，再由另一人装入。"
    ),
    "installation_record_damaged": N_("装入记录的这一行被改动或不完整。请从备份恢复该记录，不要手工修改。"),
    "example_from_reversal": N_("{voucher} 是冲正单，不能写成案例，请选择被冲正的单据 {original}。"),
    "example_not_reproduced": N_("单据 {voucher} 按现在的政策和参数重算与当时结算不同（{difference}），没有写出案例。"),
    # The ledger.
    "amount_changed": N_(
        "刚才另有一笔结算或更正入账，起付线、限额或票据状态已变化，金额不再是屏幕上的数。本次没有保存，请核对新金额后再次结算。"
    ),
    "review_needed": N_("这份申请有待复核的票据，须由另一名人员复核并写明理由后才能结算。"),
    "reviewer_is_clerk": N_("复核人不能是录入人本人，请由另一名人员复核。"),
    "reason_missing": N_("理由不能为空，请写明后再保存。"),
    "visit_in_future": N_("票据 {number} 的就诊日期 {visited_on} 晚于 {last_day}，请核对票面日期和受理日期。"),
    "draft_already_settled": N_(
        "这份草稿已经保存为 {voucher}，与现在的内容不同，没有再次保存。请打开该单据核对；确需另办的，请新建一份。"
    ),
    "voucher_unknown": N_("没有找到单据 {voucher}，请核对单据号。"),
    "already_reversed": N_("单据 {voucher} 已由 {reversal} 冲正，不能再次冲正。"),
    "not_reversible": N_("{voucher} 本身是冲正单，不能再冲正。需要恢复的，请按原票据重新结算。"),
    "correction_not_reversible": N_("{voucher} 是更正单，不能单独冲正。冲正原结算单 {original} 时，它的更正一并冲回。"),
    "not_correctable": N_("{voucher} 不是结算单，不能更正。请对原结算单办理更正。"),
    "correction_review_needed": N_("更正须由另一名人员复核，请填写复核人和复核理由。"),
    "policy_figures_changed": N_(
        "{area}的政策文件在 {voucher} 结算后改动过，现在算出的数不只是这次变化的结果，不能按差额更正。请核对政策文件；确需改按现文件结算的，请冲正后重新结算。"
    ),
    "decreases_first": N_("{voucher} 要增加的支付会超过年度限额：{vouchers} 应先退回差额，请先更正这些单据。"),
    "person_known": N_("这个证件号码已有登记，没有重复建立。请按证件号码查找该人员后修改。"),
    "person_unknown": N_("没有找到编号 {person_id} 的参保人员，请重新查找。"),
    "id_number_missing": N_("证件号码不能为空，请按证件填写。"),
    "prior_benefit_negative": N_("已享受的起付线和统筹支付不能为负数，请按平台查询结果填写。"),
    "ledger_locked": N_("账本 {file} 正被另一个窗口占用，等待后仍未轮到，本次没有保存。请稍候再试。"),
    "ledger_read_only": N_("账本 {file} 不能写入（{reason}）。请检查文件和文件夹的权限，或把账本放到可写的文件夹。"),
    "ledger_full": N_("磁盘已满，账本 {file} 没有保存。请清理磁盘后再试，已保存的单据不受影响。"),
    "ledger_not_written": N_("账本 {file} 读写失败（{reason}），本次没有保存。请检查磁盘或网络盘后再试。"),
    "memory_short": N_(
        "内存不足，操作没有完成。请关闭其他程序后再试一次；已保存的单据不受影响，再按一次也不会重复支付。"
    ),
    "ledger_damaged": N_("账本 {file} 已损坏或不是账本文件（{reason}）。请停止录入，用最近的备份恢复，并联系管理员。"),
    "rows_out_of_order": N_("账本中记录的顺序错乱，文件已损坏。请停止录入，用最近的备份恢复，并联系管理员。"),
    "ledger_foreign": N_("{file} 是另一种数据库，不是本程序的账本。请核对文件位置。"),
    "ledger_newer": N_("账本 {file} 由更新版本的程序建立（{revision}），本版本不能打开。请升级程序。"),
    "ledger_not_durable": N_("账本 {file} 不能保证断电不丢数据（{setting} 为 {found}），程序拒绝使用。请联系管理员。"),
    "ledger_unreachable": N_(
        "连不上账本服务器 {file}，或连接中断（{reason}），没有得到已保存的确认。请检查网络和服务器，恢复后再保存一次：这份内容如果已经入账，不会重复入账。"
    ),
    "ledger_address": N_("账本地址不是可用的 PostgreSQL 地址，应写成 postgresql://用户@主机:端口/数据库。请核对设置。"),
    "server_too_old": N_("账本服务器 {file} 的版本是 {found}，低于要求的 PostgreSQL {needed}。请由管理员升级服务器。"),
    "server_encoding": N_(
        "账本 {file} 的编码是 {found}，不是 UTF8，保存不了全部汉字。请由管理员以 UTF8 重新建立数据库。"
    ),
    "postgres_not_installed": N_(
        "本机缺少连接 PostgreSQL 的部件（psycopg），打不开服务器上的账本。请由管理员安装后重新打开程序。"
    ),
    "text_not_storable": N_(
        "录入的文字中有不能保存的字符（空字符或残缺的字符），本次没有保存。请删去这些字符，重新输入后再试。"
    ),
    "ledger_missing": N_("找不到账本 {file}，或文件是空的。请核对文件位置。"),
    "passphrase_wrong_server": N_("机构口令不对，服务器 {file} 上的账本没有打开。请核对大小写和空格后重新输入。"),
    "server_without_ledger": N_("服务器 {file} 上还没有建立账本。请核对地址，或先在那里建立正式机构。"),
    "ledger_encrypted": N_("账本 {file} 是加密的，需要单位口令才能打开。请输入口令。"),
    "ledger_not_encrypted": N_(
        "账本 {file} 没有加密，不能作为正式单位的账本使用。请核对文件位置，练习账本请按练习方式打开。"
    ),
    "passphrase_wrong": N_(
        "口令不对，账本 {file} 没有打开。请核对大小写和空格后重新输入；如果确定口令无误，则文件开头已损坏，请用最近的备份恢复。"
    ),
    "passphrases_differ": N_("两次输入的新口令不一致，没有更改。请重新输入。"),
    "passphrase_too_short": N_(
        "口令太短。请用至少 {least} 个字符，或至少 {words} 个用空格隔开的不同词语（每个不少于两个字）。"
    ),
    "audit_key_unreadable": N_(
        "审计记录的密钥打不开：口令不对，或账本被程序以外的手段改动过。请停止录入，并联系管理员。"
    ),
    "sqlite_too_old": N_(
        "程序附带的数据库组件过旧（SQLite {found}，至少应为 {least}），可能损坏账本，程序拒绝使用。请重新安装程序。"
    ),
    "sqlite_without_cipher": N_("程序附带的数据库组件（SQLite {found}）不能加密，程序拒绝使用。请重新安装程序。"),
    # Users, rights and the audit trail.
    "nobody_to_sign_in": N_("本机还没有建立机构和用户，不能提交或装入政策。请先打开程序建立机构。"),
    "not_signed_in": N_("还没有登录，或已退出登录。请先登录。"),
    "sign_in_refused": N_("用户名或密码不对，本次没有办理。请重新输入；忘记密码的，请管理员重设。"),
    "sign_in_locked": N_("密码连续输错 {tries} 次，请 {minutes} 分钟后再试，或请管理员重设密码。"),
    "password_needed": N_("“{action}”之前须再输入一次本人的密码。"),
    "password_too_short": N_("密码至少 {least} 位，请换一个较长的密码。"),
    "not_allowed": N_("{role}不能“{action}”，请由有权限的人员办理：{able}。"),
    "user_left": N_("用户 {login} 已停用或不存在，不能继续操作。请管理员核对用户名单。"),
    "user_unknown": N_("没有用户 {login}，请核对用户名。"),
    "login_form": N_("用户名“{login}”不可用：请用 2 到 32 位小写字母、数字、点、横线或下划线。"),
    "login_taken": N_("用户名 {login} 已有人使用，请换一个。"),
    "user_name_missing": N_("请填写姓名，单据上要印。"),
    "user_name_taken": N_("已有用户叫“{name}”。单据凭姓名认人，请加以区别，例如“{name}（二）”。"),
    "last_administrator": N_("至少要留一名在用的管理员，本次没有修改。"),
    "own_role": N_("不能修改自己的角色，请由另一名管理员修改。"),
    "passwords_differ": N_("两次输入的密码不一致，请重新输入。"),
    "approval_missing": N_("{name} 还没有在本机输入密码确认，本次没有保存。请由本人输入密码。"),
    "clock_behind": N_(
        "电脑时间 {now} 早于账本最后一笔的时间 {last}，本次没有保存。请校准时钟；时间确实无误的，由另一名人员确认后再办理。"
    ),
    "month_not_over": N_("{month} 还没有结束，不能月结。"),
    "month_closed": N_("{month} 已经月结，不能再办理该月的业务，也不能重复月结。"),
    "ledger_founded": N_("这个账本已经建立，不能重复建立。请直接登录。"),
    "office_not_encrypted": N_("正式账本必须加密，本次没有建立。请设置口令，或选择练习账本。"),
    # The life of a claim.
    "claim_unknown": N_("没有找到这份申请，可能还没有保存。请在列表中重新打开。"),
    "claim_leased": N_("申请 {acceptance} 正由 {name} 办理（至 {until}），不能同时修改。请稍候，或请对方先放下。"),
    "claim_ended": N_("申请 {acceptance} 已经{state}，不能再修改。"),
    "claim_incomplete": N_("申请 {acceptance} 还不能送审，有 {count} 处需要补充或更正：{first}请打开补齐后再送审。"),
    "claim_in_check": N_("申请 {acceptance} 已送初审，退回后才能修改。"),
    "draft_unreadable": N_(
        "这份草稿的内容读不出来，没有打开，以免只恢复一部分。请撤销后按原件重新录入，并告诉管理员。"
    ),
    "draft_of_other_version": N_(
        "这份草稿由另一个版本的程序保存（格式 {found}，本版本为 {expected}），没有打开，以免只恢复一部分。请用保存它的版本打开，或撤销后重新录入。"
    ),
    "claim_not_in_check": N_("申请 {acceptance} 没有送初审，只能由录入人办理。请录入人先送审。"),
    "reviewed_already": N_("单据 {voucher} 已由 {reviewer} 复核，不能重复复核。"),
    "claim_wants_settling": N_("{acceptance} 还没有结算，不能直接通过。请按 Enter 打开，核对后结算。"),
    "objected_already": N_("单据 {voucher} 复核没有通过，不能再改结论。请冲正后重新办理。"),
    "nothing_marked": N_("还没有标出结论。请先在列表里用空格标为通过，或用 Del 退回。"),
    "nothing_to_review": N_("单据 {voucher} 不需要复核：只有结算单在支付前复核。"),
    "account_needs_second": N_("变更收款账户须由另一名人员输入密码确认，本次没有保存。"),
    "account_form": N_("收款人和账号不能为空，账号只能是字母和数字。请核对“{account}”。"),
    "account_missing": N_("单据 {voucher} 没有收款账户，不能报盘。请先登记收款账户。"),
    "account_of_voucher": N_(
        "单据 {voucher} 现在不能单独换收款账户。随申请填写、印在结算单上的账户，银行退回后才能变更，须由第二人确认；"
        "未支付的请冲正后重新结算。没有随申请填写账户的，请变更参保人的收款账户。"
    ),
    "account_changed_with_claim": N_(
        "参保人已有收款账户，本次填写的是另一个。请先在收款账户（Ctrl+B）中变更，由第二人输入密码确认，再结算。"
    ),
    "account_changed_meanwhile": N_("参保人的收款账户刚才在别处变更过，现在显示的是新的账户。请核对后再结算。"),
    "bank_missing": N_("请填写开户银行。"),
    "account_digits": N_("账号只能是 8 至 30 位数字，请核对。"),
    "account_check_digit": N_("银行卡号的校验位不对，请逐位核对卡号。"),
    "nothing_answered": N_("还没有标出回盘结果。请先用空格标为已支付，或用 Del 标为失败。"),
    "nothing_to_pay": N_("没有选中可以支付的单据，请先选择。"),
    "not_payable": N_("单据 {voucher} 现在是“{stage}”，不能报盘。请刷新列表后重选。"),
    "payment_list_unknown": N_("没有找到报盘 {list_number}，请核对编号。"),
    "payment_unknown": N_("报盘 {list_number} 没有第 {position} 笔，回盘没有登记。请核对回盘文件。"),
    "payment_answered": N_("报盘 {list_number} 第 {position} 笔已经登记过回盘结果，没有重复登记。"),
    "nothing_to_recover": N_("单据 {voucher} 现在没有待追回的金额，没有登记。还在银行办理的，请先登记回盘。"),
    "recovery_amount": N_("收回的金额必须大于 0。登记错了的，请用“撤销登记”。"),
    "recovery_exceeds": N_("单据 {voucher} 待追回 {open_fen} 元，收回的金额不能更多，没有登记。"),
    "recovery_day": N_("收回日期 {received_on} 不在 {first} 至 {last} 之间，请核对。"),
    "recovery_key_used": N_("这次收回已经登记为 {number}，与现在的内容不同，没有再次登记。请刷新列表后核对。"),
    "recovery_unknown": N_("没有找到收回登记 {number}，请核对编号。"),
    "recovery_taken_back": N_("收回登记 {number} 已经撤销，或本身就是撤销，不能再撤销。"),
    "document_missing": N_("请填写凭证号：现金写收据号，转账写银行回单号。"),
    "deduction_from_itself": N_("单据 {voucher} 不能抵扣它自己，请填写本人另一张待支付的单据。"),
    "deduction_of_other": N_("单据 {voucher} 不是同一人的，不能抵扣，没有登记。"),
    "deduction_not_payable": N_("单据 {voucher} 现在不是“待支付”，不能从中抵扣，没有登记。"),
    "deduction_exceeds": N_("单据 {voucher} 只有 {due_fen} 元待支付，不能抵扣更多，没有登记。"),
    "deduction_spent": N_("从单据 {voucher} 抵扣的金额已经另行收回，不能撤销这次抵扣。请先撤销那一笔收回。"),
    "not_archivable": N_("单据 {voucher} 现在是“{stage}”，支付完成后才能归档。"),
    "archived_already": N_("单据 {voucher} 已归档在“{box}”，没有重复归档。"),
    "box_missing": N_("请填写档案盒号。"),
    # What a check of a ledger finds.
    "verify_audit_changed": N_("操作记录第 {sequence} 行被改动过，与它的校验码不符。"),
    "verify_audit_missing": N_(
        "操作记录第 {after} 行之前缺第 {first} 至 {last} 行：被删除过，或第 {after} 行是添加的。"
    ),
    "verify_anchor_missing": N_(
        "账本只到操作记录第 {last} 行，没有已留存的校验码 {head}（{source}）：账本的末尾被删去，或换成了较早的文件。"
    ),
    "verify_anchor_differs": N_("操作记录与已留存的校验码 {head}（{source}）不符：账本被换成了另一份。"),
    "verify_anchor_replaced": N_(
        "校验码 {head}（{source}）所在的部分在 {at} 恢复备份时被替换，备份中没有这一笔，请按单据重新办理。"
    ),
    "verify_record_without_audit": N_("单据 {voucher} 没有对应的操作记录，不是由本程序结算的。"),
    "verify_audit_tells_other": N_("单据 {voucher} 的种类、时间或金额与操作记录不同，被改动过。"),
    "verify_record_missing": N_("操作记录第 {sequence} 行记有单据 {voucher}，账本中却没有，被删除过。"),
    "verify_sums_differ": N_("单据 {voucher} 的金额或票据张数与它的票据合计不符。"),
    "verify_acceptance_differs": N_("单据 {voucher} 的受理编号与申请的不同。"),
    "verify_number_form": N_("编号“{number}”不是本程序编的号。"),
    "verify_number_beyond": N_("编号 {number} 超出了已发的号码。"),
    "verify_number_repeated": N_("编号 {number} 重复使用。"),
    "verify_numbers_missing": N_("缺少编号 {first} 至 {last}（计数器 {row}）：单据被删除，或计数器被改动。"),
    "verify_counter_differs": N_("计数器 {row}（{last}）不是本程序所写。"),
    "verify_row_loose": N_("表 {table} 中记录 {row} 不属于任何单据。"),
    "verify_bill_without_receipt": N_("票据占用表（bills）中单据 {voucher} 占用的票据与它的票据不符。"),
    "verify_bill_not_held": N_("单据 {voucher} 的票据（receipts {row}）没有被占用（bills），可能被重复报销。"),
    "verify_accumulator_differs": N_("累计表（accumulators）{row} 与各单据合计不符。"),
    "verify_limit_passed": N_("累计表（accumulators）{row} 超过限额或为负数。"),
    "verify_reversal_link": N_("冲正单 {voucher} 与原单据对不上（reversals）。"),
    "verify_correction_link": N_("更正单 {voucher} 与原单据对不上（corrections）。"),
    "verify_payment_list": N_("报盘 {number} 的笔数或金额与它的明细不符（payments）。"),
    "verify_overpaid": N_("单据 {voucher} 报盘的金额多于应付的金额（payments）。"),
    "verify_recovered": N_("单据 {voucher} 收回的金额多于支付后应退回的金额（recoveries）。"),
    "verify_recovery": N_("收回登记 {number} 与它的单据或所撤销的登记对不上（recoveries）。"),
    "verify_month_differs": N_("{month} 月结的记录与操作记录或单据数不符（closed_months）。"),
    "verify_row_changed": N_("表 {table} 中记录 {row} 被改动过。"),
    "verify_row_changed_of_voucher": N_("表 {table} 中记录 {row}（单据 {voucher}）被改动过。"),
    "verify_row_added": N_("表 {table} 中记录 {row} 是后来添加的，没有操作记录。"),
    "verify_row_added_of_voucher": N_("表 {table} 中记录 {row}（单据 {voucher}）是后来添加的，没有操作记录。"),
    "verify_row_missing": N_("表 {table} 中记录 {row} 被删除。"),
    "verify_row_missing_of_voucher": N_("表 {table} 中记录 {row}（单据 {voucher}）被删除。"),
    "verify_page_damage": N_("数据库文件有损坏（{text}）。"),
    "verify_reference_broken": N_("表 {table} 中记录 {row} 指向 {parent} 中不存在的记录。"),
    "verify_schema_revision": N_("账本的版本标记（{revision}）不是本程序的。"),
    "verify_trigger_differs": N_("防止改动的触发器 {name} 被删除或改动，有人可能直接改过数据库。"),
    "verify_table_differs": N_("数据库中 {name} 缺少，或定义被改动。"),
    "verify_table_added": N_("数据库中 {name} 是后来添加的，不属于本程序。"),
    "verify_unreadable": N_("{part} 部分读不出来（{reason}）。"),
    "verify_more": N_("同类问题还有 {count} 项（{kind}）。"),
    "ledger_unchecked": N_(
        "账本还没有核对完，暂不能结算、复核和支付；查询和录入不受影响。请等核对结束，已取消的请按“重新核对”。"
    ),
    "ledger_unsound": N_(
        "账本核对发现 {count} 个问题，已停止结算、冲正、复核、支付和月结，仍可查询、打印和备份。"
        "请告诉管理员，在“备份与校验”页查看并从备份恢复。"
    ),
    "head_not_here": N_("账本里没有校验码 {head}：它属于另一份账本，或账本被换成了较早的文件。"),
    # Backups.
    "ledger_in_use": N_("账本 {file} 正在其他窗口或电脑上使用，没有恢复。请全部退出后再试。"),
    "ledger_replaced": N_(
        "账本文件 {file} 已被换成另一份（恢复了备份，或被其他软件改动），本次没有保存。请关闭程序后重新打开。"
    ),
    "backup_unsound": N_(
        "{file} 没有通过核对，不能算作备份：{finding}请联系管理员，用 clerk-app verify 查看全部问题。"
    ),
    "backup_of_other_office": N_("{file} 是另一个账本的备份，没有恢复，现有账本没有改动。请核对文件。"),
    "ledger_moved": N_("本单位的账本已迁往服务器 {to}，这里不再办理业务。请在设置中选择服务器后重新打开程序。"),
    "move_unfinished": N_(
        "本单位的账本正在迁来这台服务器（{to}），还没有完成。请管理员在原来的电脑上再运行一次 clerk-app migrate-to。"
    ),
    "target_not_empty": N_(
        "服务器上的数据库 {to} 里已有内容，没有迁移，本机的账本没有改动。请由管理员另建一个空的数据库后再试。"
    ),
    "move_unsound": N_(
        "迁到 {to} 的内容没有通过核对（{finding}），没有迁移，本机的账本照常使用。请先用 clerk-app verify 核对本机的账本。"
    ),
    "server_stays": N_("账本 {file} 已经在服务器上，不能再用这个命令迁移。请由数据库管理员用 PostgreSQL 的工具迁移。"),
    "server_passphrase": N_("服务器上的账本不能在这里更换机构口令，没有更改。请由服务器的管理员更换数据库用户的密码。"),
    "server_backs_up": N_("账本在数据库服务器上，请用服务器的备份（pg_dump），做法见 packaging 中的说明。"),
    "head_form": N_("“{text}”不是单据上的校验码，形式是 123-ABCD-0123-4567-89EF。"),
    "anchor_unreadable": N_(
        "留存校验码的文件 {file} 被改动或损坏，不能核对账本是否完整。请先用单据上的校验码核对，再删除该文件重新打开程序。"
    ),
    # Files.
    "file_not_written": N_(
        "文件 {file} 没有写成（{reason}）。请确认文件夹存在、可写、磁盘未满，且文件没有被其他程序打开。"
    ),
    "case_expects_nothing": N_("案例“{name}”没有列出任何应得的金额或结论，等于没有检验，请补充“应得”。"),
    "expects_nothing": N_("“应得”是空的，请至少列出一项金额或结论。"),
    "case_without_steps": N_("“步骤”是空的，请至少写一步。"),
    "step_kind": N_("每一步应当恰好有“结算”“冲正”“联网结算”之一，现在是：{kinds}。"),
    "step_not_reversible": N_("步骤 {number} 不是可以冲正的结算（不存在、不是结算，或已经冲正）。"),
    "whole_number_unknown": N_("“{text}”不是整数。"),
    "file_there": N_("文件 {file} 已经存在，没有改动它；请换一个文件夹或日期。"),
    "file_unreadable": N_("文件读不出来（{reason}），请检查路径和权限。"),
    "file_too_large": N_("文件超过 {limit} 字节，不像政策或案例文件，未读取。"),
    "file_not_text": N_("文件不是 UTF-8 文本，请另存为 UTF-8 后再试。"),
    "file_empty": N_("文件是空的，没有可用的内容。"),
    "yaml_syntax": N_("格式有误：{reason}。请检查缩进、冒号后的空格和引号。"),
    "yaml_alias": N_("不支持引用（& 和 *），请直接写出内容。"),
    "key_unknown": N_("没有“{key}”这一项，最接近的是“{nearest}”。"),
    "key_repeated": N_("“{key}”重复出现，请只保留一个。"),
    "key_missing": N_("缺少必填项“{key}”。"),
    "not_a_single_value": N_("这里应填一个值，不是列表或分组。"),
    "not_a_list": N_("这里应填列表。"),
    "not_a_block": N_("这里应填一组“键: 值”。"),
    "value_unknown": N_("“{given}”不是可用的值，最接近的是“{nearest}”；可选：{known}。"),
    "day_unknown": N_("“{text}”不是存在的日期，请按 2023-05-20 填写。"),
    "time_unknown": N_("“{text}”不是时间，请按 2023-05-20 09:00 填写。"),
    "percent_unknown": N_("“{text}”不是 0 到 100 的百分数（最多两位小数）。"),
    "folder_not_made": N_("文件夹 {folder} 不能建立（{reason}）。请检查权限或另选位置。"),
    # Working days.
    "limit_days": N_("“{text}”不是工作日数，请填写 1 至 366 的整数。"),
    "working_day_in_week": N_("{day} 不是周六或周日，不用写在“上班”里。"),
    "working_day_twice": N_("{day} 写了两次，或同时写在“放假”和“上班”里，请核对通知。"),
    "working_day_year": N_("{day} 不在 {year} 年的通知里（当年，或上一年最后一周），请核对年份和文件名。"),
    # Banks.
    "bank_unknown": N_("没有“{key}”这种银行格式，请在机构文件夹的 banks 中检查。"),
    "bank_list_not_chosen": N_("这种银行的回盘不写清单号，请先选定是哪一张清单的结果。"),
    "bank_column_missing": N_("列中缺少“{column}”，没有它不能核对。"),
    "bank_column_twice": N_("“{column}”写了两列，请只保留一列。"),
    "bank_separator": N_("“{text}”不能作分隔符：请写一个标点，或者写“制表符”“竖线”。"),
    "bank_encoding": N_("没有名为“{text}”的编码，通常是 GB18030 或 UTF-8。"),
    "bank_word_twice": N_("“{word}”同时写在“成功”和“失败”里，请改正。"),
    "bank_value_control": N_("单据 {voucher} 的“{column}”中有换行或控制字符，银行文件写不出来。请先更正收款账户。"),
    "bank_value_separator": N_("单据 {voucher} 的“{column}”中有分隔符或引号，银行会读成另一列。请先更正收款账户。"),
    "bank_value_formula": N_("单据 {voucher} 的“{column}”以 = + - @ 开头，表格软件会当作公式。请先更正收款账户。"),
    "bank_value_encoding": N_(
        "单据 {voucher} 的“{column}”中有银行编码写不出的字。请与银行商定写法，或者换用 GB18030。"
    ),
    "bank_file_large": N_("回盘文件超过 {limit} MB，没有读取。请核对文件。"),
    "bank_file_lines": N_("回盘文件超过 {limit} 行，没有读取。请核对文件。"),
    "bank_file_encoding": N_("回盘文件不是 {encoding} 编码，没有读取。请核对文件和所选的银行。"),
    "bank_file_unreadable": N_("回盘文件读不出来，没有读取。请核对文件和所选的银行，或者请银行重新提供。"),
    "bank_file_bomb": N_("回盘文件展开后过大或带有外部内容，没有读取。请核对文件来源。"),
    "bank_cell_formula": N_("单元格是公式，不能当作银行的答复。请把公式换成数值。"),
    "bank_head": N_("表头与所选的银行不符，应为：{heads}。"),
    "bank_line_width": N_("应有 {count} 列，这一行有 {found} 列，或者内容过长。"),
    "bank_lists_mixed": N_("一个文件里有几张清单的结果：{lists}。请分开读取。"),
    "bank_line_unknown": N_("清单 {list_number} 没有序号“{place}”。"),
    "bank_line_twice": N_("序号“{place}”在文件中出现了两次。"),
    "bank_line_differs": N_("“{column}”是“{said}”，清单上是“{told}”。"),
    "bank_result_unknown": N_("结果“{word}”不是约定的说法，应为：{known}。"),
    "bank_reason_missing": N_("失败的转账没有写原因。"),
    # Papers.
    "glyph_missing": N_("字符 {code_point} 在所带字体中没有字形，不能打印。请核对录入的文字，或换用相应的常用字。"),
    "nothing_missing": N_("申请 {acceptance} 不缺材料，不需要告知书。"),
    "print_not_taken": N_(
        "打印机没有接收完这次打印，可能已关机、缺纸或不再连接。这一次已计入打印次数；检查打印机后再打印，单据上会写明补打。"
    ),
    "paper_too_large": N_("文件超过 {limit} MB，不像单据，没有核对。"),
    "workbook_unreadable": N_(
        "这不是能读的 Excel 工作簿（{reason}），没有读取任何一行。请用表格软件打开后另存为 .xlsx 再试。"
    ),
    "workbook_too_large": N_("工作簿超过限度（{what}，最多 {limit}），没有读取。请拆成几个文件再试。"),
    "workbook_takes_too_long": N_("工作簿在 {seconds} 秒内没有读完，已停止，没有读取任何一行。"),
    "folder_without_workbooks": N_("文件夹 {folder} 中没有 .xlsx 文件。"),
    "import_heads": N_("第一张工作表的标题行缺少、重复或多出这些列：{names}。请使用程序写出的模板，不要改动标题。"),
    "import_other_sheet": N_("工作表“{sheet}”也有内容，而导入只读第一张。请把要导入的行都放到第一张工作表。"),
    "key_form": N_("“{text}”不是公钥：公钥是 64 个十六进制数字。"),
    "nothing_refused": N_("结算单 {voucher} 没有不予支付的票据，不需要打印告知书。"),
    "template_not_read": N_("告知书模板 {file} 读不出来，请确认文件存在并保存为 UTF-8 文本。"),
    "template_field_unknown": N_("没有名为“{field}”的字段，可用的字段：{known}。"),
    "template_key_unknown": N_("没有“{field}”这一项，可用的项：{known}。"),
    "template_line_form": N_("“{text}”应写成“键：值”。"),
    "template_amount": N_("模板中不能写金额：金额只由账本打印，请改用字段或删去。"),
    "template_brace_open": N_("花括号没有成对，请写成 {{字段名}} 的形式。"),
    "template_place_missing": N_("模板中应有且只有一行单独写 {place}，用来打印明细表。"),
    "resources_missing": N_("程序自带的文件夹 {folder} 找不到，请重新安装程序。"),
    # The desk.
    "settings_unreadable": N_(
        "设置文件 {file} 读不出来（{reason}），已使用默认设置。请改正或删除该文件后重新打开程序。"
    ),
    "setting_unknown": N_(
        "设置文件 {file} 中没有“{key}”这一项，最接近的是“{nearest}”。已使用默认设置，请改正后重新打开程序。"
    ),
    "setting_invalid": N_("设置文件 {file} 中“{key}”的值 {given} 不可用。已使用默认设置，请改正后重新打开程序。"),
    "log_not_opened": N_("日志文件 {file} 不能写入（{reason}）。程序可以继续使用，请检查文件夹权限。"),
    "unexpected": N_("程序出现意外错误，报告编号 {report}，本次没有完成。请把编号告诉管理员。"),
    "form_incomplete": N_("申请还没有填完整，请按提示补充后再结算。"),
    "tier_not_known": N_("“{text}”不是医院等级，请填写：{known}（可输入 3、2、1、0）。"),
    "word_not_known": N_("“{text}”不在可选范围内，请填写：{known}。"),
    "parameter_row_incomplete": N_("“{name}”只填了一部分。各类人员和等级相同时只填第一格；不同时请全部填写。"),
    "parameter_value": N_("“{name}”的数值“{text}”不是数字，请核对。"),
    "parameter_percent": N_("“{name}”的数值“{text}”不是 0 到 100 的百分数，请核对。"),
    "parameter_disease_form": N_(
        "“{name}”请按“病种代码=金额”填写，多个之间用分号隔开，例如 M01600=3000；M05300=2000。"
    ),
    "area_name_missing": N_("请填写统筹区名称。"),
    "parameters_empty": N_("还没有填写任何参数。"),
}
