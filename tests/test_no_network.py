"""The program speaks to nobody but the database that the office has set: no telemetry, no updater, no web font."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: What a program reaches a network with, or shows pages with that do.
NETWORK = (
    *("socket", "socketserver", "ssl", "http", "ftplib", "smtplib", "imaplib", "poplib", "xmlrpc", "asyncio"),
    *("urllib.request", "webbrowser", "requests", "urllib3", "httpx", "aiohttp", "multiprocessing.managers"),
    *("PySide6.QtNetwork", "PySide6.QtNetworkAuth", "PySide6.QtWebSockets", "PySide6.QtHttpServer"),
    *("PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets", "PySide6.QtWebView", "PySide6.QtRemoteObjects"),
)
#: The one thing that does: the ledger on a server.
SERVER = {"postgres.py", "server_changes.py", "server_pipeline.py"}

#: Everything that the program does without a window, with every connection and every look-up of a name told.
JOB = """
import sys
def told(event, arguments):
    if event.startswith(("socket.connect", "socket.bind", "socket.sendto", "socket.get", "urllib", "http", "ftplib")):
        print("NETWORK", event, arguments)
sys.addaudithook(told)
from clerk_app.__main__ import main
sys.argv = ["clerk-app", "demo", "--out", sys.argv[1]]
sys.exit(main())
"""


def imported(source: str) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def reaching(modules: set[str]) -> set[str]:
    return {name for name in modules for banned in NETWORK if name == banned or name.startswith(f"{banned}.")}


def test_no_part_of_the_program_reaches_a_network() -> None:
    files = sorted((ROOT / "clerk_app").rglob("*.py"))
    assert len(files) > 200
    modules = {path: set(imported(path.read_text(encoding="utf-8"))) for path in files}
    assert {path.name: reaching(each) for path, each in modules.items() if reaching(each)} == {}
    assert {path.name for path, each in modules.items() if "psycopg" in each} == SERVER


@pytest.mark.parametrize(
    "source",
    [
        "import socket",
        "def f():\n    from urllib import request",
        "from urllib.request import urlopen",
        "import http.client as c",
        "from PySide6 import QtCore, QtNetwork",
        "from PySide6.QtNetwork import QNetworkAccessManager",
    ],
)
def test_whatever_way_it_is_imported_it_is_seen(source: str) -> None:
    assert reaching(set(imported(source)))


def test_the_whole_job_connects_to_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", JOB, str(tmp_path / "demo")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert ".pdf" in done.stdout
    assert "NETWORK" not in done.stdout
