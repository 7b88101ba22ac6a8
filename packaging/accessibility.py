#!/usr/bin/env python3
"""Walks the running program through AT-SPI, as a screen reader does, and prints every control without a name.

    sudo apt-get install at-spi2-core gir1.2-atspi-2.0 python3-gi dbus xvfb
    xvfb-run -a dbus-run-session -- /usr/bin/python3 packaging/accessibility.py

Debian's own Python runs it, which has the bindings of AT-SPI; the program itself runs in the project's ``.venv`` (or
in the Python that is given) with a data folder of its own. Everything is done through the interface that a screen
reader uses: the practice office is opened, each of its users signs in, goes to every page and opens every window.
Not part of ``go.py test``: there ``tests/desktop/test_accessible_names.py`` asks Qt's side of the same interface.
Ends with 1 when a control has no name.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 -- the version is asked for first

ROOT = Path(__file__).resolve().parents[1]
NAME = "clerk-app"
PATIENCE_SECONDS = 60
_REST_SECONDS = 0.8
#: The users of the practice office, and what the status bar calls them.
ROLES = {"zhou": "经办", "sun": "复核", "qian": "财务", "wu": "管理员"}
#: What somebody can act on; everything else is scenery, or is read as text.
CONTROLS = {
    Atspi.Role.PUSH_BUTTON,
    Atspi.Role.CHECK_BOX,
    Atspi.Role.TOGGLE_BUTTON,
    Atspi.Role.COMBO_BOX,
    Atspi.Role.ENTRY,
    Atspi.Role.TEXT,
    Atspi.Role.PASSWORD_TEXT,
    Atspi.Role.TABLE,
    Atspi.Role.LIST,
    Atspi.Role.PAGE_TAB,
    Atspi.Role.PAGE_TAB_LIST,
    Atspi.Role.MENU,
    Atspi.Role.MENU_ITEM,
}
#: Windows that open beside the main one: menu and entry.
WINDOWS = (("设置", "设置"), ("用户", "修改密码"), ("帮助", "按键说明"))
PAGES_MENU, LEAVE = "前往", "退出登录，换人"


class Walk:
    """One program, seen from outside."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.heard: Counter[str] = Counter()
        self.screens: set[str] = set()
        self.nameless: dict[str, str] = {}

    def program(self) -> Any | None:
        """The program among those that run, None before it has come."""
        desktop = Atspi.get_desktop(0)
        for place in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(place)
            if child is not None and child.get_name() == NAME:
                return child
        return None

    def shown(self) -> Iterator[Any]:
        """Everything of it that is on the screen; what a table shows is left out, its cells are text."""
        program = self.program()
        waiting = [program] if program is not None else []
        while waiting:
            node = waiting.pop()
            yield node
            if node.get_role() in (Atspi.Role.TABLE, Atspi.Role.LIST):
                continue
            children = (node.get_child_at_index(place) for place in range(node.get_child_count()))
            waiting += [child for child in children if child is not None and self._is_shown(child)]

    def _is_shown(self, node: Any) -> bool:
        if node.get_role() in (Atspi.Role.MENU, Atspi.Role.MENU_ITEM, Atspi.Role.POPUP_MENU, Atspi.Role.MENU_BAR):
            return True
        return bool(node.get_state_set().contains(Atspi.StateType.SHOWING))

    def find(self, role: Atspi.Role, words: Callable[[str], bool]) -> Any | None:
        """The first thing of a role whose name is as wanted."""
        for node in self.shown():
            try:
                if node.get_role() == role and words(node.get_name() or ""):
                    return node
            except GLib.Error:
                continue  # It has gone meanwhile.
        return None

    def wait_for(self, role: Atspi.Role, words: Callable[[str], bool]) -> Any:
        """The same, as soon as it is there."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                node = self.find(role, words)
            except GLib.Error:
                node = None
            if node is not None:
                return node
            time.sleep(0.2)
        raise SystemExit(f"nothing of the role {role.value_nick} that was wanted came to the screen")

    def press(self, role: Atspi.Role, words: Callable[[str], bool]) -> None:
        """Do what it is for."""
        Atspi.Action.do_action(self.wait_for(role, words), 0)
        time.sleep(_REST_SECONDS)

    def look(self, screen: str) -> None:
        """Count the controls on the screen, and keep those without a name."""
        self.screens.add(screen)
        for node in self.shown():
            try:
                role, name = node.get_role(), (node.get_name() or "").strip()
                if role not in CONTROLS:
                    continue
                self.heard[role.value_nick] += 1
                if not any(letter.isalnum() for letter in name):
                    around = node.get_parent()
                    self.nameless.setdefault(
                        f"{role.value_nick} in {around.get_role_name()} {around.get_name()!r}", screen
                    )
            except GLib.Error:
                continue

    def go_through(self, entry: Any, screen: str) -> None:
        """Choose an entry of a menu, if it can be chosen, and look at what comes."""
        if entry.get_state_set().contains(Atspi.StateType.ENABLED):
            Atspi.Action.do_action(entry, 0)
            time.sleep(_REST_SECONDS)
            self.look(screen)

    def work_as(self, login: str) -> None:
        """Sign in, see every page and window that this user has, and sign out."""
        self.press(Atspi.Role.PUSH_BUTTON, lambda name: name.endswith(f" {login}"))
        self.look("the way in")
        self.press(Atspi.Role.PUSH_BUTTON, lambda name: name == "登录")
        self.wait_for(Atspi.Role.LABEL, lambda name: name.startswith(ROLES[login]))
        for entry in self.entries(PAGES_MENU):
            self.go_through(entry, f"{login}: {entry.get_name()}")
        for menu, words in WINDOWS:
            for entry in self.entries(menu):
                if entry.get_name() == words:
                    self.go_through(entry, f"{login}: {words}")
                    self.press(Atspi.Role.PUSH_BUTTON, lambda name: name.endswith("Esc"))
        leave = next(entry for entry in self.entries("用户") if entry.get_name() == LEAVE)
        Atspi.Action.do_action(leave, 0)
        time.sleep(_REST_SECONDS)

    def entries(self, menu: str) -> list[Any]:
        """The entries of a menu of the menu bar."""
        title = self.wait_for(Atspi.Role.MENU_ITEM, lambda name: name.startswith(f"{menu}("))
        popup = title.get_child_at_index(0)
        found = [popup.get_child_at_index(place) for place in range(popup.get_child_count())]
        return [entry for entry in found if entry is not None and entry.get_role() == Atspi.Role.MENU_ITEM]


def walk(python: Path, folder: str) -> Walk:
    """Start the program on a folder, and walk through it as each user of the practice office."""
    environment = {
        **os.environ,
        "CLERK_DATA": folder,
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "QT_QPA_PLATFORM": "xcb",
    }
    with subprocess.Popen([python, "-m", "clerk_app"], cwd=ROOT, env=environment) as process:
        seen = Walk(process)
        try:
            seen.wait_for(Atspi.Role.PUSH_BUTTON, lambda name: name == "开始练习")
            seen.look("the first start")
            seen.press(Atspi.Role.PUSH_BUTTON, lambda name: name == "开始练习")
            for login in ROLES:
                seen.work_as(login)
        finally:
            process.terminate()
    return seen


def main() -> int:
    """Walk, and tell what was heard; returns 0 when every control has a name."""
    python = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".venv" / "bin" / "python"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        seen = walk(python, folder)
    for role, count in seen.heard.most_common():
        print(f"{count:6}  {role}")
    print(f"{seen.heard.total():6}  controls on {len(seen.screens)} screens")
    for words, screen in seen.nameless.items():
        print(f"no name: {words}, first on {screen}")
    return 1 if seen.nameless else 0


if __name__ == "__main__":
    sys.exit(main())
