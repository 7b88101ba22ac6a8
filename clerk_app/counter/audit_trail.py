"""The audit trail as somebody reads it: who did what, when and why, the newest first, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clerk_app.codes import ClaimState, RecoveryWay, Role
from clerk_app.counter.claim_search import KIND_WORDS
from clerk_app.counter.desk import Desk
from clerk_app.ledger.audit import AuditEntry
from clerk_app.ledger.records import SettlementKind
from clerk_app.ledger.rows import member
from clerk_app.money import format_yuan
from clerk_app.wording import N_, _, clauses, listed

PAGE_LENGTH = 100

_PERSON = re.compile(r"person (\d+)")
_VOUCHERS = re.compile(r"(\d+) vouchers")
_PERSON_ACTS = {"new": N_("新登记"), "changed": N_("修改登记"), "prior_benefit": N_("登记平台已享受待遇")}
_SUBJECTS = {"office": N_("机构设置"), "clock": N_("时钟")}


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A page of the trail as it was read, with what it takes to read the next one.

    Attributes:
        text: What was filtered for, as it was typed.
        subject: The same as the ledger calls it.
        names: Users' names by login, as they were when the first page was read.
        entries: The newest first.
        has_more: Whether there may be older ones.
    """

    text: str
    subject: str
    names: Mapping[str, str]
    entries: tuple[AuditEntry, ...]
    has_more: bool

    def who(self, entry: AuditEntry) -> str:
        """Login and name of who did it."""
        return " ".join(filter(None, (entry.login, self.names.get(entry.login, ""))))


class AuditTrail:
    """Reads the entries about something or somebody; every answer may be asked for beside the window."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def newest(self, text: str) -> TrailPage:
        """The first page.

        Args:
            text: A voucher's number, a certificate's number, a login or a user's name, a month; empty for all.

        Raises:
            ClerkError: ``not_allowed``.
        """
        names = {user.login: user.name for user in self.desk.ledger.users()}
        return self._page(text, self._subject_of(text.strip(), names), names, None)

    def older(self, page: TrailPage) -> TrailPage:
        """The page that follows another one.

        Raises:
            ClerkError: ``not_allowed``.
        """
        before = page.entries[-1].sequence if page.entries else None
        return self._page(page.text, page.subject, page.names, before)

    def _page(self, text: str, subject: str, names: Mapping[str, str], before: int | None) -> TrailPage:
        found = tuple(self.desk.ledger.audit_trail(PAGE_LENGTH, before, subject))
        return TrailPage(text, subject, names, found, has_more=len(found) == PAGE_LENGTH)

    def _subject_of(self, text: str, names: Mapping[str, str]) -> str:
        for login, name in names.items():
            if text == name:
                return login
        person = self.desk.ledger.person_by_id_number(text) if len(text) >= 8 else None
        return f"person {person.person_id}" if person else text


def subject_words(entry: AuditEntry) -> str:
    """What an entry is about."""
    person = _PERSON.fullmatch(entry.subject)
    if person:
        return _("参保人 {number}").format(number=person[1])
    vouchers = _VOUCHERS.fullmatch(entry.subject)
    if vouchers:
        return _("{count} 张单据").format(count=vouchers[1])
    return _(_SUBJECTS[entry.subject]) if entry.subject in _SUBJECTS else entry.subject


def fact_words(entry: AuditEntry) -> str:
    """Why it was done and what it came to; what has no words of its own is shown as it is kept."""
    words = [entry.reason]
    for key, value in entry.facts.items():
        said = _FACTS.get(key)
        words.append(said(value) if said else f"{key} {value}")
    return clauses(words)


def _yuan(template: str) -> Callable[[object], str]:
    return lambda value: _(template).format(yuan=format_yuan(int(str(value)), separators=True))


def _text(template: str) -> Callable[[object], str]:
    return lambda value: _(template).format(value=value) if value else ""


def _list(template: str) -> Callable[[object], str]:
    return lambda value: _(template).format(value=listed(map(str, value))) if isinstance(value, list) else str(value)


def _silent(_value: object) -> str:
    return ""


def _kind(value: object) -> str:
    return _(KIND_WORDS[SettlementKind(str(value))])


def _digest(value: object) -> str:
    return _("文件指纹 {value}").format(value=str(value)[:16])


def _print(value: object) -> str:
    return _("补打第 {count} 次").format(count=value) if value else _("首次打印")


#: What a fact is called. A fact that says nothing new has no words.
_FACTS: Mapping[str, Callable[[object], str]] = {
    "kind": _kind,
    "total_fen": _yuan(N_("总额 {yuan}")),
    "fund_fen": _yuan(N_("统筹支付 {yuan}")),
    "original": _text(N_("原单 {value}")),
    "role": lambda value: _(member(Role, str(value)).term),
    "what": lambda value: _(_PERSON_ACTS[str(value)]) if value in _PERSON_ACTS else str(value),
    "active": lambda value: "" if value else _("已停用"),
    "password_changed": lambda value: _("密码已改") if value else "",
    "practice": lambda value: _("练习机构") if value else _("正式机构"),
    "number": _text(N_("收回编号 {value}")),
    "recovered_fen": _yuan(N_("收回 {yuan}")),
    "way": lambda value: _(member(RecoveryWay, str(value)).term),
    "deducted_from": _text(N_("抵扣单据 {value}")),
    "takes_back": _text(N_("撤销 {value}")),
    "taken": _text(N_("导入 {value} 行")),
    "refused": _text(N_("未导入 {value} 行")),
    "records": _text(N_("{value} 条记录")),
    "rows": _text(N_("导出 {value} 条")),
    "sha256": _digest,
    "document": _text(N_("文件 {value}")),
    "examples_sha256": lambda value: _("案例指纹 {value}").format(value=str(value)[:16]),
    "reprint": _print,
    "confirmed_by": _text(N_("由 {value} 确认")),
    "office_code": _text(N_("机构代码 {value}")),
    "state": lambda value: _(member(ClaimState, str(value)).term),
    "count": _text(N_("报盘 {value} 笔")),
    "paid": _text(N_("已支付 {value} 笔")),
    "failed": _text(N_("支付失败 {value} 笔")),
    "passed": lambda value: _("通过") if value else _("退回"),
    "voucher": _text(N_("单据 {value}")),
    "from_sequence": _text(N_("从第 {value} 条")),
    "to_sequence": _text(N_("回到第 {value} 条")),
    "vouchers": _list(N_("单据 {value}")),
    "changed": lambda value: _("变更账户") if value else _("首次登记账户"),
    "file": _text(N_("文件 {value}")),
    "to": _text(N_("迁往 {value}")),
    # What only the check of the ledger reads.
    "salt": _silent,
    "from_code": _silent,
    "to_code": _silent,
    "signing_key": _silent,
}
