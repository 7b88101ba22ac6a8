"""The command line: ``clerk-app examples``, ``settle``, ``demo``; without a command the window opens.

Each command imports what it needs when it is called, so that none waits for the libraries of another.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from clerk_app import __version__
from clerk_app.cli.exit_codes import DONE, UNUSABLE
from clerk_app.errors import ClerkError
from clerk_app.wording import _, sentence


def run(arguments: Sequence[str], open_window: Callable[[], int]) -> int:
    """Do what the arguments ask; a failure of the world is said in a sentence on standard error.

    Args:
        open_window: Called when no command is given.
    """
    options = _parser().parse_args(arguments)
    if options.command is None:
        return open_window()
    try:
        chosen: Callable[[argparse.Namespace], int] = options.act
        return chosen(options)
    except ClerkError as error:
        print(sentence(error), file=sys.stderr)
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="clerk-app", description=_("医保零星报销经办。不带命令时打开窗口。"))
    parser.add_argument("--version", action="version", version=f"clerk-app {__version__}")
    commands = parser.add_subparsers(dest="command", metavar=_("命令"))

    examples = commands.add_parser("examples", help=_("运行政策案例，逐条报告是否相符"))
    examples.add_argument("files", nargs="+", type=Path, metavar=_("文件"))
    examples.set_defaults(act=_examples)

    settle = commands.add_parser("settle", help=_("计算文件中的案例，给出引擎的结果"))
    settle.add_argument("file", type=Path, metavar=_("文件"))
    settle.add_argument("--json", action="store_true", help=_("输出 JSON，金额为文本"))
    settle.set_defaults(act=_settle)

    demo = commands.add_parser("demo", help=_("建立演示数据库，结算示例申请，生成结算单和月度工作簿"))
    demo.add_argument("--out", type=Path, required=True, metavar=_("文件夹"))
    demo.set_defaults(act=_demo)

    _add_ledger_commands(commands)
    _add_workbook_commands(commands)

    policy = commands.add_parser("policy", help=_("政策文件"))
    acts = policy.add_subparsers(dest="policy_act", required=True, metavar=_("动作"))
    check = acts.add_parser("check", help=_("列出各统筹区文件覆盖的日期、险种、人员、等级和待遇，标出空缺"))
    check.add_argument("areas", nargs="*", metavar=_("统筹区代码"))
    check.set_defaults(act=_policy_check)
    new = acts.add_parser("new", help=_("为新的统筹区写出政策文件和案例的骨架，每一项都有说明"))
    new.add_argument("area_code", metavar=_("统筹区代码"))
    new.add_argument("area_name", metavar=_("名称"))
    new.add_argument("--from", dest="effective_from", required=True, metavar=_("施行日期"))
    new.add_argument("--out", type=Path, required=True, metavar=_("文件夹"))
    new.set_defaults(act=_policy_new)
    propose = acts.add_parser("propose", help=_("检查政策文件夹，运行案例，用已结算单据试算，并提交给另一人装入"))
    propose.add_argument("folder", type=Path, metavar=_("文件夹"))
    propose.set_defaults(act=_policy_propose)
    trial = acts.add_parser("try", help=_("查看一份待装入政策的案例和试算结果，不做改动"))
    trial.add_argument("area_code", metavar=_("统筹区代码"))
    trial.add_argument("effective_from", metavar=_("施行日期"))
    trial.set_defaults(act=_policy_try)
    install = acts.add_parser("install", help=_("由提交人以外的另一人装入待装入的政策"))
    install.add_argument("area_code", metavar=_("统筹区代码"))
    install.add_argument("effective_from", metavar=_("施行日期"))
    install.set_defaults(act=_policy_install)
    example = acts.add_parser("example", help=_("把一张已结算的单据去除个人信息，写成案例"))
    example.add_argument("voucher", metavar=_("单据号"))
    example.add_argument("--out", type=Path, required=True, metavar=_("文件"))
    example.set_defaults(act=_policy_example)
    return parser


def _add_ledger_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser("verify", help=_("核对账本、备份、单据文件（.pdf）或月报（.xlsx）是否被改动过"))
    verify.add_argument("file", nargs="?", type=Path, metavar=_("文件"), help=_("省略时为本机的账本"))
    verify.add_argument(
        "--head", action="append", default=[], metavar=_("校验码"), help=_("单据上印的校验码，可以多个")
    )
    verify.add_argument("--quick", action="store_true", help=_("只核对账目，不逐行核对"))
    verify.add_argument(
        "--key",
        action="append",
        default=[],
        metavar=_("公钥"),
        help=_("机构公布的签名公钥，核对单据文件或月报时用，可以多个"),
    )
    verify.add_argument("--ledger", type=Path, metavar=_("账本"), help=_("单据文件同时与这个账本核对"))
    verify.set_defaults(act=_verify)

    backup = commands.add_parser("backup", help=_("备份账本，并核对备份"))
    backup.add_argument("--out", type=Path, metavar=_("文件夹"))
    backup.set_defaults(act=_backup)

    restore = commands.add_parser("restore", help=_("用备份恢复账本，原来的账本另存"))
    restore.add_argument("file", type=Path, metavar=_("文件"))
    restore.set_defaults(act=_restore)

    move = commands.add_parser("migrate-to", help=_("把本机的账本迁到服务器上的空数据库，核对无误后在那里继续办理"))
    move.add_argument("address", metavar=_("地址"), help="postgresql://USER@HOST:PORT/DATABASE")
    move.set_defaults(act=_migrate_to)
    passphrase = commands.add_parser("passphrase", help=_("更换机构口令，账本按新口令重新加密；须先关闭所有窗口"))
    passphrase.set_defaults(act=_passphrase)
    for each in (verify, backup, restore, move):
        each.add_argument("--passphrase-file", type=Path, metavar=_("文件"), help=_("机构口令所在的文件；省略时询问"))


def _add_workbook_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    together = commands.add_parser("consolidate", help=_("上级机构：核对各机构的月报，找出重复支付和超限额"))
    together.add_argument("folder", type=Path, metavar=_("文件夹"))
    together.add_argument("--out", type=Path, required=True, metavar=_("文件"))
    together.add_argument(
        "--key", action="append", default=[], metavar=_("公钥"), help=_("各机构公布的签名公钥，可以多个")
    )
    together.set_defaults(act=_consolidate)

    taking = commands.add_parser("import", help=_("从 Excel 导入申请或平台已享受数据，逐行给出结果"))
    taking.add_argument("what", choices=("claims", "benefits"), help=_("claims 申请，benefits 平台已享受"))
    taking.add_argument("file", nargs="?", type=Path, metavar=_("文件"), help=_("省略时写出空白模板"))
    taking.add_argument("--out", type=Path, required=True, metavar=_("文件"), help=_("结果或模板写到这里"))
    taking.add_argument("--passphrase-file", type=Path, metavar=_("文件"), help=_("机构口令所在的文件；省略时询问"))
    taking.set_defaults(act=_import)


def _examples(options: argparse.Namespace) -> int:
    from clerk_app.cli.examples_command import run_examples

    return run_examples(options.files)


def _settle(options: argparse.Namespace) -> int:
    from clerk_app.cli.examples_command import settle_cases

    return settle_cases(options.file, as_machine_json=options.json)


def _verify(options: argparse.Namespace) -> int:
    if options.file is not None and options.file.suffix.lower() == ".pdf":
        from clerk_app.cli.paper_command import verify_paper

        return verify_paper(options.file, options.key, options.ledger, options.passphrase_file)
    if options.file is not None and options.file.suffix.lower() == ".xlsx":
        from clerk_app.cli.workbook_command import verify_workbook

        return verify_workbook(options.file, options.key)
    from clerk_app.cli.ledger_command import verify

    return verify(options.file, options.head, options.passphrase_file, is_quick=options.quick)


def _consolidate(options: argparse.Namespace) -> int:
    from clerk_app.cli.consolidate_command import consolidate_folder

    return consolidate_folder(options.folder, options.out, options.key)


def _import(options: argparse.Namespace) -> int:
    from clerk_app.cli.import_command import import_rows, new_template

    if options.file is None:
        return new_template(options.what, options.out)
    return import_rows(options.what, options.file, options.out, options.passphrase_file)


def _backup(options: argparse.Namespace) -> int:
    from clerk_app.cli.ledger_command import back_up

    return back_up(options.out, options.passphrase_file)


def _restore(options: argparse.Namespace) -> int:
    from clerk_app.cli.ledger_command import restore

    return restore(options.file, options.passphrase_file)


def _migrate_to(options: argparse.Namespace) -> int:
    from clerk_app.cli.ledger_command import migrate_to

    return migrate_to(options.address, options.passphrase_file)


def _passphrase(_options: argparse.Namespace) -> int:
    from clerk_app.cli.ledger_command import change_passphrase

    return change_passphrase()


def _policy_check(options: argparse.Namespace) -> int:
    from clerk_app.cli.policy_command import check_policies

    return check_policies(options.areas, datetime.now().astimezone().date())


def _policy_new(options: argparse.Namespace) -> int:
    from clerk_app.cli.policy_command import new_policy

    today = datetime.now().astimezone().date()
    return new_policy(options.area_code, options.area_name, options.effective_from, options.out, today)


def _policy_propose(options: argparse.Namespace) -> int:
    from clerk_app.cli.installing_command import propose_policy

    return propose_policy(options.folder)


def _policy_try(options: argparse.Namespace) -> int:
    from clerk_app.cli.installing_command import try_policy

    return try_policy(options.area_code, options.effective_from)


def _policy_install(options: argparse.Namespace) -> int:
    from clerk_app.cli.installing_command import install_policy

    return install_policy(options.area_code, options.effective_from)


def _policy_example(options: argparse.Namespace) -> int:
    from clerk_app.cli.installing_command import write_example

    return write_example(options.voucher, options.out)


def _demo(options: argparse.Namespace) -> int:
    from clerk_app.cli.demo import write_demo

    for written in write_demo(options.out):
        print(written)
    return DONE
