"""The decisions of `packaging/go.py`; what it does with them is tried on bare machines, not here."""

import importlib.util
import re
import shutil
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.ledger.server import programs

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "packaging" / "requirements.txt", ROOT / "packaging" / "requirements-test.txt"]

# What `apt-cache policy` says where a package was renamed.
DEBIAN_12 = """\
libglib2.0-0:
  Installed: (none)
  Candidate: 2.74.6-2+deb12u9
  Version table:
     2.74.6-2+deb12u9 500
libegl1:
  Installed: (none)
  Candidate: 1.6.0-1
  Version table:
     1.6.0-1 500
"""
DEBIAN_13 = """\
libglib2.0-0t64:
  Installed: (none)
  Candidate: 2.84.4-3~deb13u5
  Version table:
     2.84.4-3~deb13u5 500
libglib2.0-0:
  Installed: (none)
  Candidate: (none)
  Version table:
libegl1:
  Installed: (none)
  Candidate: 1.7.0-1+b2
  Version table:
     1.7.0-1+b2 500
"""


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("go_under_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def go() -> ModuleType:
    return load(ROOT / "packaging" / "go.py")


@pytest.fixture
def go_elsewhere(tmp_path: Path) -> ModuleType:
    """The same file in a folder of its own, with an environment there to look at."""
    (tmp_path / "packaging").mkdir()
    for name in ("packaging/go.py", "packaging/requirements.txt", "packaging/requirements-test.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    module = load(tmp_path / "packaging" / "go.py")
    module.PYTHON.parent.mkdir(parents=True)
    module.PYTHON.touch()
    version = ".".join(map(str, sys.version_info[:3]))
    (module.VENV / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n", encoding="utf-8")
    return module


# --- Libraries of the system


def missing_on(go: ModuleType, uses: set[str], *absent: str) -> list[str]:
    return [need.what for need in go.missing_needs(uses, lambda what: what not in absent)]


def test_only_what_is_not_found_is_missing(go):
    assert missing_on(go, {"qt"}, "libEGL.so.1", "libGL.so.1") == ["libGL.so.1", "libEGL.so.1"]
    assert missing_on(go, {"qt"}) == []


def test_the_libraries_of_an_x11_window_matter_to_an_x11_window_only(go):
    assert missing_on(go, {"qt", "x11"}, "libxcb-cursor.so.0") == ["libxcb-cursor.so.0"]
    assert missing_on(go, {"qt", "wayland"}, "libxcb-cursor.so.0") == []
    assert missing_on(go, {"qt", "test"}, "libxcb-cursor.so.0") == []


def test_the_tests_need_a_database_server_and_running_does_not(go):
    server = next(need.what for need in go.NEEDS if "postgres" in need.what)

    assert missing_on(go, {"qt", "test"}, server) == [server]
    assert missing_on(go, {"qt", "x11"}, server) == []
    assert go.choose_packages([need for need in go.NEEDS if need.what == server], "") == ["postgresql"]


@pytest.mark.parametrize(
    ("policy", "packages"),
    [
        (DEBIAN_12, ["libegl1", "libglib2.0-0"]),
        (DEBIAN_13, ["libegl1", "libglib2.0-0t64"]),
        ("", ["libegl1", "libglib2.0-0"]),
    ],
    ids=["Debian 12", "Debian 13", "no package lists"],
)
def test_a_package_goes_by_the_name_that_the_release_has(go, policy, packages):
    missing = go.missing_needs({"qt"}, lambda what: what not in ("libEGL.so.1", "libglib-2.0.so.0"))

    assert go.choose_packages(missing, policy) == packages
    assert go.advice(packages).endswith(f"sudo apt-get install -y {' '.join(packages)}")


def test_an_upgrade_of_the_c_library_is_never_unpacked_beside_the_old_one(go):
    simulation = (
        "Inst libc6 [2.36-9] (2.36-9+deb12u13 Debian:12.15/oldstable [amd64])\n"
        "Inst libegl1 (1.6.0-1 Debian:12.15/oldstable [amd64])\n"
        "Conf libegl1 (1.6.0-1 Debian:12.15/oldstable [amd64])\n"
    )

    assert go.newly_installed(simulation) == ["libegl1"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Debian's packages are a matter of Linux")
def test_links_to_places_of_the_system_lead_to_what_was_unpacked_there(go, tmp_path):
    root = tmp_path / "unpacked"
    settings = root / "etc" / "nobody-has-this"
    settings.mkdir(parents=True)
    (settings / "security").write_text("of the package", encoding="utf-8")
    program = root / "usr" / "lib"
    program.mkdir(parents=True)
    (program / "security").symlink_to("/etc/nobody-has-this/security")
    (program / "passwd").symlink_to("/etc/passwd")

    go.lead_links_inside(root)
    root.rename(tmp_path / "elsewhere")

    moved = tmp_path / "elsewhere" / "usr" / "lib"
    assert (moved / "security").read_text(encoding="utf-8") == "of the package"
    assert (moved / "passwd").readlink().as_posix() == "/etc/passwd"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="sonames are a matter of Linux")
def test_libraries_programs_and_files_are_looked_for_each_in_its_way(go_elsewhere):
    unpacked = go_elsewhere.UNPACKED / "0" / "usr" / "lib" / "x86_64-linux-gnu"
    unpacked.mkdir(parents=True)
    (unpacked / "libunpacked.so.1").touch()

    assert go_elsewhere.found_here("libc.so.6")
    assert go_elsewhere.found_here("libunpacked.so.1")
    assert not go_elsewhere.found_here("libnobody-has-this.so.1")
    assert go_elsewhere.found_here("sh")
    assert not go_elsewhere.found_here("nobody-has-this")
    assert go_elsewhere.found_here("/etc/pass*")
    assert go_elsewhere.found_here("/etc/nobody-has-this sh"), "any of several will do"
    assert not go_elsewhere.found_here("/etc/nobody-has-this nobody-has-this")
    assert not go_elsewhere.found_here("/etc/nobody-has-this")
    assert str(unpacked) in go_elsewhere.environment_for_programs()["LD_LIBRARY_PATH"].split(":")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Debian's packages are a matter of Linux")
def test_an_unpacked_database_server_is_found_where_the_tests_look_for_it(go_elsewhere, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    nowhere = go_elsewhere.ROOT / "nowhere"
    with pytest.raises(AssertionError, match=r"need PostgreSQL 15"):
        programs(go_elsewhere.ROOT, nowhere)

    for folder, version in [("0", "14"), ("1", "15"), ("2", "17")]:
        unpacked = go_elsewhere.UNPACKED / folder / "usr" / "lib" / "postgresql" / version / "bin"
        unpacked.mkdir(parents=True)
        (unpacked / "postgres").touch()
    (need,) = [need for need in go_elsewhere.NEEDS if "postgres" in need.what]

    assert go_elsewhere.found_here(need.what)
    assert programs(go_elsewhere.ROOT, nowhere) == unpacked


# --- What is started

X11 = {"DISPLAY": ":0"}
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}


@pytest.mark.parametrize(
    ("platform", "environment", "arguments", "started", "uses"),
    [
        ("linux", X11, [], [], {"qt", "x11"}),
        ("linux", X11 | WAYLAND, ["--lang=en"], ["--lang=en"], {"qt", "x11"}),
        ("linux", WAYLAND, [], [], {"qt", "wayland"}),
        ("linux", {}, [], ["demo", "--out", "DIR"], set()),
        ("linux", {"DISPLAY": ""}, ["--lang=en"], ["demo", "--out", "DIR"], set()),
        ("linux", {}, ["settle", "a.yaml", "--json"], ["settle", "a.yaml", "--json"], set()),
        ("linux", {}, ["--lang", "en", "examples", "a"], ["--lang", "en", "examples", "a"], set()),
        ("linux", {}, ["--version"], ["--version"], set()),
        ("linux", {}, ["--help"], ["--help"], set()),
        ("linux", X11, ["demo", "--out", "x"], ["demo", "--out", "x"], set()),
    ],
)
def test_a_window_opens_where_it_can_and_the_demonstration_runs_where_not(
    go, tmp_path, platform, environment, arguments, started, uses
):
    start = go.how_to_start(arguments, platform, environment, tmp_path)

    demo_folder = str(tmp_path / "clerk-app-demo")
    assert start.arguments == [demo_folder if word == "DIR" else word for word in started]
    assert start.uses == uses
    assert (demo_folder in start.notice) == ("DIR" in started)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_always_have_a_display(go, tmp_path, platform):
    start = go.how_to_start([], platform, {}, tmp_path)

    assert start.arguments == []
    assert start.notice == ""


def test_every_check_runs_the_quick_ones_first(go):
    checks = go.checks_to_run([], cores=16)

    assert [check.name for check in checks] == ["ruff format", "ruff check", "mypy", "lint-imports", "pytest"]
    assert checks[-1].command[-2:] == ["-n", "4"]


def test_arguments_are_for_pytest_alone(go):
    (check,) = go.checks_to_run(["tests/money", "-k", "x"], cores=2)

    assert check.command[1:] == ["-m", "pytest", "-n", "2", "tests/money", "-k", "x"]


# --- When the environment is made anew


def test_an_environment_made_by_hand_is_adopted(go_elsewhere):
    assert go_elsewhere.step_for("run") == "install"


@pytest.mark.parametrize("changed", ["pyproject.toml", "packaging/requirements.txt"])
def test_a_finished_installation_is_left_alone_until_its_inputs_change(go_elsewhere, changed):
    stamp_as_installed(go_elsewhere)
    assert go_elsewhere.step_for("run") == "ready"
    assert go_elsewhere.step_for("test") == "install"

    with (go_elsewhere.ROOT / changed).open("a", encoding="utf-8") as file:
        file.write("# another line\n")

    assert go_elsewhere.step_for("run") == "install"


def test_an_interrupted_installation_is_built_again(go_elsewhere):
    go_elsewhere.STAMP.write_text("unfinished yes\n", encoding="utf-8")

    assert go_elsewhere.step_for("run") == "rebuild"


def test_an_environment_without_its_interpreter_is_built_again(go_elsewhere):
    stamp_as_installed(go_elsewhere)
    go_elsewhere.PYTHON.unlink()

    assert go_elsewhere.step_for("run") == "rebuild"


def test_an_environment_of_another_python_is_built_again(go_elsewhere):
    stamp_as_installed(go_elsewhere)
    (go_elsewhere.VENV / "pyvenv.cfg").write_text("version = 3.10.13\n", encoding="utf-8")

    assert go_elsewhere.step_for("run") == "rebuild"


def test_an_environment_that_was_moved_is_built_again(go_elsewhere):
    stamp_as_installed(go_elsewhere)
    stamp = go_elsewhere.STAMP.read_text(encoding="utf-8")
    go_elsewhere.STAMP.write_text(stamp.replace("root ", "root /elsewhere"), encoding="utf-8")

    assert go_elsewhere.step_for("run") == "rebuild"


def stamp_as_installed(go: ModuleType) -> None:
    go.STAMP.write_text(f"root {go.ROOT}\nrun {go.fingerprint_of('run')}\n", encoding="utf-8")


# --- Failures


def test_a_failed_command_is_told_with_its_last_lines(go):
    program = "print('first'); print('no such package'); raise SystemExit(100)"

    with pytest.raises(go.SetupError) as failure:
        go.call([sys.executable, "-c", program], "The packages could not be installed.")

    text = str(failure.value)
    assert text.startswith("The packages could not be installed.")
    assert "code 100" in text
    assert text.endswith("| no such package")


def test_an_unknown_command_shows_the_usage(go, capsys):
    assert go.main(["rnu"]) == 2
    assert "python3 packaging/go.py run" in capsys.readouterr().out


# --- The requirements files


def locked(path: Path) -> list[tuple[Requirement, list[str]]]:
    """Read a requirements file as (requirement, its hashes)."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    entries = "\n".join(lines).replace("\\\n", " ").splitlines()
    found = []
    for entry in entries:
        requirement, *hashes = re.split(r"\s+--hash=", entry)
        found.append((Requirement(requirement), hashes))
    return found


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_requirements_file_names_no_host_and_no_folder(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; [\w .<>='!]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed(path):
    requirements = locked(path)

    assert requirements
    for requirement, hashes in requirements:
        assert str(requirement.specifier).startswith("=="), requirement
        assert hashes, requirement


def test_the_program_runs_with_the_versions_that_were_tested():
    run, test = ({str(requirement): hashes for requirement, hashes in locked(path)} for path in LOCKS)

    assert run.items() <= test.items()


def test_the_locked_versions_are_those_that_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    everything = [*run, *project["dependency-groups"]["test"]]

    for wanted, path in zip((run, everything), LOCKS, strict=True):
        versions = {canonicalize_name(each.name): str(each.specifier)[2:] for each, _hashes in locked(path)}
        for text in wanted:
            requirement = Requirement(text)
            version = versions.get(canonicalize_name(requirement.name))
            assert version is not None, f"{requirement.name} is not in {path.name}: run packaging/go.py lock"
            assert requirement.specifier.contains(version), f"{requirement}, but {version} is in {path.name}"
