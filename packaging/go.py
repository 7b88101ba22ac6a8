#!/usr/bin/env python3
"""Install what is missing, then start the program or run every check.

    python3 packaging/go.py run  [arguments of the program]
    python3 packaging/go.py test [arguments of pytest]
    python3 packaging/go.py lock [arguments of uv, such as --upgrade]

`run` opens the window, or makes the demonstration files where no window can open. `test` runs every check; with
arguments it runs pytest alone. `lock` chooses the versions anew and writes the two requirements files.

Only the standard library is at hand here, on a bare Debian not even all of it, so the file installs in this order:
the virtual environment, the locked Python packages in it, the system libraries that Qt loads. Every step looks first
and leaves alone what is there; a stamp in the environment makes the second start quick, and an environment whose
installation was interrupted is built again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

try:
    import ctypes
    import shutil
    import tempfile
    import tomllib
    import zipfile
except ImportError:  # Debian's python3-minimal, or a Python too old; `main` deals with both.
    PYTHON_IS_WHOLE = False
else:
    PYTHON_IS_WHOLE = True

OLDEST_PYTHON = (3, 11)
WINDOWS = os.name == "nt"

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "go-stamp.txt"
UNPACKED = VENV / "system"
PIP = [str(PYTHON), "-I", "-m", "pip"]
# An activated environment must not become the parent of the one that replaces it.
BASE_PYTHON = getattr(sys, "_base_executable", None) or sys.executable

PYPROJECT = ROOT / "pyproject.toml"
REQUIREMENTS = {
    "run": ROOT / "packaging" / "requirements.txt",
    "test": ROOT / "packaging" / "requirements-test.txt",
}
# One Qt for every Python, so that what is tested is what runs; 6.12.0 aborts on Python 3.11.
LOCK_ALSO = ["PySide6-Essentials<6.12"]

VENV_PACKAGES = ["python3-venv", "ca-certificates"]
DEBIAN_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"

# A first word that is no option is a sub-command and needs no window. These need none behind an option either.
TERMINAL_WORDS = {"demo", "examples", "policy", "settle", "-h", "--help", "--version"}


class SetupError(Exception):
    """The world is not as needed; the text says what happened and what to do."""


def say(text: str) -> None:
    """Print one line at once, so that it stands before the output of what is started next."""
    print(f"[go] {text}", flush=True)


# --- What the system has to offer -------------------------------------------------------------------------------------


class Need(NamedTuple):
    """Something that no Python package brings.

    Attributes:
        what: A library by its soname, a program by its name, or a file by its path (may hold ``*``); several, separated
            by blanks, where any of them will do.
        packages: Debian packages that hold it, separated by blanks, the newest name first.
        use: ``qt`` for any use of Qt, ``x11`` or ``wayland`` for a window there, ``test`` for the tests.
    """

    what: str
    packages: str
    use: str


# What the Qt wheels are linked against, and what the tests work with. A further need is one more line.
NEEDS = (
    Need("libGL.so.1", "libgl1", "qt"),
    Need("libEGL.so.1", "libegl1", "qt"),
    Need("libglib-2.0.so.0", "libglib2.0-0t64 libglib2.0-0", "qt"),
    Need("libdbus-1.so.3", "libdbus-1-3", "qt"),
    Need("libfontconfig.so.1", "libfontconfig1", "qt"),
    Need("libxkbcommon.so.0", "libxkbcommon0", "qt"),
    Need("libX11.so.6", "libx11-6", "qt"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0", "x11"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "x11"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "x11"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", "x11"),
    Need("libxcb-shape.so.0", "libxcb-shape0", "x11"),
    Need("libX11-xcb.so.1", "libx11-xcb1", "x11"),
    Need("libxcb-randr.so.0", "libxcb-randr0", "x11"),
    Need("libxcb-sync.so.1", "libxcb-sync1", "x11"),
    Need("libxcb-xfixes.so.0", "libxcb-xfixes0", "x11"),
    Need("libwayland-client.so.0", "libwayland-client0", "wayland"),
    Need("libwayland-cursor.so.0", "libwayland-cursor0", "wayland"),
    # The tests start a server of their own; Debian keeps its programs off the PATH.
    Need("/usr/lib/postgresql/*/bin/postgres postgres", "postgresql", "test"),
    # PDFBox's preflight tells whether a paper is PDF/A-1b.
    Need("java /usr/lib/jvm/*/bin/java", "default-jre-headless", "test"),
    Need("/usr/share/java/preflight.jar", "libpdfbox2-java", "test"),
    Need("/usr/share/java/jaxb-api.jar", "libjaxb-api-java", "test"),
    Need("/usr/share/java/javax.activation.jar", "libactivation-java", "test"),
)


def missing_needs(uses: Iterable[str], found: Callable[[str], bool]) -> list[Need]:
    """List the needs of these uses that ``found`` does not find, in the order of the table."""
    wanted = set(uses)
    return [need for need in NEEDS if need.use in wanted and not found(need.what)]


def found_here(what: str) -> bool:
    """Look for a library, a program or a file on this system, and among what was unpacked under the environment."""
    if " " in what:
        return any(found_here(each) for each in what.split())
    if "/" in what:
        return any(Path("/").glob(what.lstrip("/"))) or any(UNPACKED.glob("*/" + what.lstrip("/")))
    if ".so" not in what:
        return shutil.which(what) is not None or any(UNPACKED.glob("*/usr/bin/" + what))
    if any(folder.joinpath(what).exists() for folder in unpacked_library_folders()):
        return True
    try:
        ctypes.CDLL(what)
    except OSError:
        return False
    return True


def lead_links_inside(root: Path) -> None:
    """Let links to places like /etc lead to what was unpacked there: Java's settings are links out of its folder."""
    for link in [path for path in root.rglob("*") if path.is_symlink()]:
        aim = str(link.readlink())
        inside = root / aim.lstrip("/")
        if aim.startswith("/") and inside.exists():
            link.unlink()
            link.symlink_to(os.path.relpath(inside, link.parent))


def unpacked_library_folders() -> list[Path]:
    """List the folders of unpacked packages that hold shared libraries."""
    return [*UNPACKED.glob("*/usr/lib/*-linux-gnu*"), *UNPACKED.glob("*/lib/*-linux-gnu*")]


def choose_packages(needs: Iterable[Need], policy: str) -> list[str]:
    """Name one package for each need: the first that ``apt-cache policy`` has a candidate for, else the oldest name.

    Package names differ between releases (``libglib2.0-0t64`` since Debian 13), and a release that renamed a package
    still installs it under its old name.

    Args:
        needs: What is missing.
        policy: The output of ``apt-cache policy`` for all their packages, in the C locale.
    """
    candidates = re.findall(r"^(\S+):\n(?: .*\n)*?  Candidate: (?!\(none\))", policy, re.MULTILINE)
    chosen = []
    for need in needs:
        names = need.packages.split()
        chosen.append(next((name for name in names if name in candidates), names[-1]))
    return list(dict.fromkeys(chosen))


def newly_installed(simulation: str) -> list[str]:
    """Read from ``apt-get --simulate install`` which packages would come anew.

    Upgrades of installed packages (with the old version in brackets) are left out: another libc beside the system's
    own would crash everything.
    """
    return re.findall(r"^Inst (\S+) \(", simulation, re.MULTILINE)


def advice(packages: Iterable[str]) -> str:
    """Word the one line that the reader can copy."""
    return f"Copy this line, then repeat:  sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"


# --- What to do -------------------------------------------------------------------------------------------------------


class Start(NamedTuple):
    """How the program is started: with which arguments, and with which uses of the system."""

    arguments: list[str]
    uses: set[str]
    notice: str = ""


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Say whether a window can open: always on Windows and macOS, on Linux where a display is named."""
    return not platform.startswith("linux") or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def works_in_terminal(arguments: Sequence[str]) -> bool:
    """Say whether these arguments name a sub-command, or ask for help, rather than open the window."""
    return bool(arguments) and (not arguments[0].startswith("-") or not TERMINAL_WORDS.isdisjoint(arguments))


def how_to_start(arguments: Sequence[str], platform: str, environment: Mapping[str, str], folder: Path) -> Start:
    """Decide what `run` starts; ``folder`` is where it was called from and where the demonstration would go."""
    if works_in_terminal(arguments):
        return Start(list(arguments), set())
    if has_display(platform, environment):
        return Start(list(arguments), {"qt", "x11" if environment.get("DISPLAY") else "wayland"})
    out = folder / "clerk-app-demo"
    notice = f"没有图形界面，不开窗口，演示文件生成在 {out} / No display, so no window: the demo files go to {out}"
    return Start(["demo", "--out", str(out)], set(), notice)


class Check(NamedTuple):
    """One check of `test`."""

    name: str
    command: list[str]


def checks_to_run(arguments: Sequence[str], cores: int) -> list[Check]:
    """List the checks, the quick ones first; arguments are pytest's and leave pytest alone."""
    python = str(PYTHON)
    tests = Check("pytest", [python, "-m", "pytest", "-n", str(min(cores, 4)), *arguments])
    if arguments:
        return [tests]
    return [
        Check("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        Check("ruff check", [python, "-m", "ruff", "check", "."]),
        Check("mypy", [python, "-m", "mypy"]),
        Check("lint-imports", [str(PYTHON.with_name("lint-imports")), "--no-logo"]),
        tests,
    ]


class Environment(NamedTuple):
    """What a look at the virtual environment tells without starting anything in it.

    Attributes:
        python: The minor version it was made for, such as ``3.11``; empty where its interpreter is gone.
        stamp: What the last installation left: ``root``, and a fingerprint for ``run`` and ``test``; or ``unfinished``.
    """

    python: str
    stamp: dict[str, str]


def next_step(environment: Environment, purpose: str, fingerprint: str, python: str, root: str) -> str:
    """Decide between ``ready``, ``install`` and ``rebuild``.

    An environment without a stamp was made by hand and is adopted. One that was moved is rebuilt: its scripts name
    the old folder.
    """
    stamp = environment.stamp
    if environment.python != python or "unfinished" in stamp or stamp.get("root", root) != root:
        return "rebuild"
    return "ready" if stamp.get(purpose) == fingerprint else "install"


def fingerprint(python: str, *contents: bytes) -> str:
    """Digest what an installation follows from; any change asks for another one."""
    digest = hashlib.sha256(python.encode())
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


# --- Starting other programs ------------------------------------------------------------------------------------------


def call(command: Sequence[str], failure: str, **options: Any) -> str:
    """Run a command out of sight and return what it printed.

    Raises:
        SetupError: It failed; the text has ``failure``, the command and its last lines.
    """
    try:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        )
    except OSError as trouble:
        raise SetupError(f"{failure}\n  {trouble}") from trouble
    if done.returncode:
        lines = [line[:160] for line in done.stdout.splitlines() if line.strip()]
        last_lines = "".join(f"\n  | {line}" for line in lines[-8:])
        raise SetupError(
            f"{failure}\n  This command ended with code {done.returncode}: {' '.join(command)}{last_lines}"
        )
    return done.stdout


def succeeds(*command: str) -> bool:
    """Try a command out of sight."""
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def wait_for(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> int:
    """Run a command in sight and return its exit code, a signal's as a shell would give it.

    Ctrl+C reaches the command as well: it may finish its last words before we end.
    """
    process = subprocess.Popen(command, env=dict(environment), cwd=folder)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise
    return code if code >= 0 else 128 - code


# --- Debian -----------------------------------------------------------------------------------------------------------


class Apt:
    """Debian's packages: installed where root or a sudo without a password allows it, else only fetched.

    Without root apt works on package lists of its own in ``scratch``: the system's may be old or empty.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._updated = False
        self.exists = succeeds("apt-get", "--version")
        self._prefix: list[str] | None = None
        if not hasattr(os, "geteuid") or os.geteuid() == 0:
            self._prefix = []
        elif succeeds("sudo", "-n", "true"):
            self._prefix = ["sudo", "-n"]
        self.can_install = self.exists and self._prefix is not None
        own = {"Dir::State::lists": "lists", "Dir::Cache": "cache"}
        own_folders = [word for key, name in own.items() for word in ("-o", f"{key}={scratch / name}")]
        self._options = ["-o", "DPkg::Lock::Timeout=300"] if self.can_install else own_folders

    def _command(self, program: str, *arguments: str) -> list[str]:
        # `env` stands behind sudo, which would drop the variables.
        variables = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]
        return [*(self._prefix or []), *variables, program, *self._options, *arguments]

    def _update(self) -> None:
        if self._updated:
            return
        self._updated = True
        if not self.can_install:
            (self._scratch / "lists").mkdir()
            (self._scratch / "cache").mkdir()
        if not succeeds(*self._command("apt-get", "update", "-qq")):
            # A foreign source that is out of reach need not matter; what does is said by the next command.
            say("apt-get update reported errors; carrying on")

    def choose(self, needs: Sequence[Need]) -> list[str]:
        """Name the packages that hold these needs in the release at hand."""
        self._update()
        names = [name for need in needs for name in need.packages.split()]
        policy = call(self._command("apt-cache", "policy", *names), "The package lists cannot be read.")
        return choose_packages(needs, policy)

    def install(self, packages: Sequence[str]) -> None:
        """Install packages into the system."""
        say(f"installing system packages: {' '.join(packages)}")
        self._update()
        command = self._command("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
        call(command, "System packages could not be installed.", stdin=subprocess.DEVNULL)

    def unpack(self, packages: Sequence[str], target: Path, *, with_dependencies: bool) -> None:
        """Fetch packages and unpack them below ``target``, which appears when it is complete."""
        say(f"no root here: unpacking {' '.join(packages)}{' and what they need' if with_dependencies else ''}")
        self._update()
        failure = "System packages could not be fetched."
        if with_dependencies:
            command = self._command("apt-get", "install", "--simulate", "--no-install-recommends", *packages)
            packages = newly_installed(call(command, failure))
        debs = Path(tempfile.mkdtemp(dir=self._scratch))
        call(self._command("apt-get", "download", "-qq", *packages), failure, cwd=debs)
        partial = Path(tempfile.mkdtemp(dir=VENV, prefix="unpacking-"))
        for deb in sorted(debs.glob("*.deb")):
            call(["dpkg-deb", "-x", str(deb), str(partial)], f"{deb.name} could not be unpacked.")
        lead_links_inside(partial)
        target.parent.mkdir(exist_ok=True)
        partial.rename(target)


def make_python_whole() -> NoReturn:
    """Give Debian's python3-minimal the rest of the standard library, and start this file again."""
    apt = Apt(ROOT)
    lacking = f"This Python ({sys.executable}) lacks parts of the standard library."
    if not apt.can_install:
        raise SetupError(f"{lacking} {advice(VENV_PACKAGES)}")
    apt.install(VENV_PACKAGES)
    if not succeeds(sys.executable, "-c", "import ctypes, shutil, tempfile, tomllib, zipfile"):
        raise SetupError(f"{lacking} Use another one, such as /usr/bin/python3.")
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - a shell is what must not stand between


def obtain(uses: set[str], apt: Apt) -> None:
    """Bring in the libraries and programs that are missing for these uses.

    Raises:
        SetupError: That is not possible here; the text names the line to copy.
    """
    missing = missing_needs(uses, found_here)
    if not missing:
        return
    if not apt.exists:
        names = ", ".join(need.what.replace(" ", " or ") for need in missing)
        raise SetupError(f"The system lacks {names}. Install them with its package manager, then repeat.")
    packages = apt.choose(missing)
    if apt.can_install:
        apt.install(packages)
    else:
        try:
            apt.unpack(packages, UNPACKED / str(len([*UNPACKED.glob("*")])), with_dependencies=True)
        except (SetupError, OSError) as trouble:
            raise SetupError(f"{trouble}\n{advice(packages)}") from trouble
    still_missing = missing_needs(uses, found_here)
    if still_missing:
        names = ", ".join(need.what.replace(" ", " or ") for need in still_missing)
        raise SetupError(f"The system still lacks {names} after installing {' '.join(packages)}.")


def uses_on_this_system(uses: set[str]) -> set[str]:
    """Drop what other systems bring along: only Linux leaves these libraries to the distribution."""
    return uses if sys.platform.startswith("linux") else set()


def environment_for_programs() -> dict[str, str]:
    """Copy our environment variables, with the unpacked packages in them where there are any."""
    environment = dict(os.environ)
    for name, found in (
        ("LD_LIBRARY_PATH", unpacked_library_folders()),
        ("PATH", [*UNPACKED.glob("*/usr/bin")]),
    ):
        if found:
            environment[name] = os.pathsep.join([*map(str, found), *filter(None, [environment.get(name)])])
    # These two libraries read data from folders that they were compiled for.
    for name, data in (("FONTCONFIG_PATH", "etc/fonts"), ("XKB_CONFIG_ROOT", "usr/share/X11/xkb")):
        if not Path("/", data).exists():
            for folder in UNPACKED.glob(f"*/{data}"):
                environment.setdefault(name, str(folder))
    return environment


# --- The virtual environment ------------------------------------------------------------------------------------------


def python_version() -> str:
    """Return our minor version, such as ``3.11``."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def look_at_environment() -> Environment:
    """Read what the environment says of itself; nothing is started, because this is on the way of every start."""
    version = None
    if PYTHON.exists():
        with contextlib.suppress(OSError):
            settings = (VENV / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
            version = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", settings, re.MULTILINE)
    stamp = {}
    with contextlib.suppress(OSError):
        lines = STAMP.read_text(encoding="utf-8").splitlines()
        stamp = {key: value for key, _, value in (line.partition(" ") for line in lines)}
    return Environment(version[1] if version else "", stamp)


def fingerprint_of(purpose: str) -> str:
    """Digest the files that the installation for a purpose follows from."""
    return fingerprint(python_version(), PYPROJECT.read_bytes(), REQUIREMENTS[purpose].read_bytes())


def step_for(purpose: str) -> str:
    """Say what the environment in this folder needs for a purpose."""
    return next_step(look_at_environment(), purpose, fingerprint_of(purpose), python_version(), str(ROOT))


def create_environment(apt: Apt) -> None:
    """Make the environment anew, with pip in it.

    Only trying tells whether this Python can: Debian has `ensurepip` in a package of its own, and parts of it in
    another.
    """
    say(f"making the virtual environment .venv with Python {python_version()}")
    command = [BASE_PYTHON, "-m", "venv", "--clear", str(VENV)]
    failure = "The virtual environment .venv could not be made."
    VENV.mkdir(exist_ok=True)
    if succeeds(*command):
        return
    if apt.can_install:
        apt.install(VENV_PACKAGES)
    elif apt.exists:
        call([*command, "--without-pip"], failure)
        try:
            unpack_pip(apt)
        except (SetupError, OSError) as trouble:
            raise SetupError(f"{trouble}\n{advice(VENV_PACKAGES)}") from trouble
        return
    call(command, failure)


def unpack_pip(apt: Apt) -> None:
    """Put the pip of Debian's `python3-pip-whl` into the environment: a wheel is installed by unpacking it."""
    apt.unpack(["python3-pip-whl"], VENV / "pip-wheel", with_dependencies=False)
    site_packages = next(VENV.glob("lib/python3*/site-packages"))
    with zipfile.ZipFile(next(VENV.glob("pip-wheel/usr/share/python-wheels/pip-*.whl"))) as wheel:
        wheel.extractall(site_packages)
    shutil.rmtree(VENV / "pip-wheel")
    if not Path(DEBIAN_CERTIFICATES).exists():
        # Debian's pip trusts the package ca-certificates alone; where that is missing, pip's own list must do.
        certifi = site_packages / "pip" / "_vendor" / "certifi"
        source = (certifi / "core.py").read_text(encoding="utf-8")
        (certifi / "core.py").write_text(
            source.replace(repr(DEBIAN_CERTIFICATES), repr(str(certifi / "cacert.pem"))), encoding="utf-8"
        )


def install_packages(purpose: str) -> None:
    """Install the locked Python packages for a purpose, and the program itself with its console command."""
    size = {"run": "about 100 MB", "test": "about 150 MB"}[purpose]
    say(f"installing Python packages ({size} the first time, which can take minutes)")
    STAMP.write_text("unfinished yes\n", encoding="utf-8")
    install = [*PIP, "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", str(REQUIREMENTS[purpose])]
    call([*install, *locked], "The Python packages could not be installed. Is the network there? Then repeat.")
    # Everything that the build needs is locked as well: nothing more is fetched.
    program = ["--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    call([*install, *program], "The program itself could not be installed.")
    # The packages for the tests include those for running, in the same versions.
    purposes = ["run", "test"] if purpose == "test" else ["run"]
    lines = [f"root {ROOT}", *(f"{each} {fingerprint_of(each)}" for each in purposes)]
    STAMP.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock that a second installation in the same folder waits for; it ends with the process."""
    lock = ROOT / ".cache" / "go.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as handle:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def prepare(purpose: str, uses: set[str]) -> dict[str, str]:
    """Install what is missing for a purpose and its uses of the system; return the variables to start programs with."""
    uses = uses_on_this_system(uses)
    if step_for(purpose) != "ready" or missing_needs(uses, found_here):
        with one_at_a_time(), tempfile.TemporaryDirectory(prefix="clerk-app-") as scratch:
            apt = Apt(Path(scratch))
            step = step_for(purpose)
            if step == "rebuild" or (step == "install" and not succeeds(*PIP, "--version")):
                create_environment(apt)
                step = "install"
            if step == "install":
                install_packages(purpose)
            obtain(uses, apt)
    return environment_for_programs()


# --- The three commands -----------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    """Start the program; on POSIX it takes our place, so that signals and exit codes are its own."""
    start = how_to_start(arguments, sys.platform, os.environ, Path.cwd())
    environment = prepare("run", start.uses)
    if start.notice:
        say(start.notice)
    command = [str(PYTHON), "-m", "clerk_app", *start.arguments]
    if not WINDOWS:
        os.execve(command[0], command, environment)  # noqa: S606 - a shell is what must not stand between
    return wait_for(command, environment)


def test(arguments: list[str]) -> int:
    """Run the checks; a failed one does not keep the next from running."""
    environment = prepare("test", {"qt", "test"})
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    checks = checks_to_run(arguments, cores)
    failed = []
    code = 0
    for check in checks:
        say(check.name)
        started = time.monotonic()
        code = wait_for(check.command, environment, ROOT)
        if code:
            failed.append(check.name)
        say(f"{check.name}: {f'FAILED with code {code}' if code else 'ok'}, {time.monotonic() - started:.1f} s")
    say(f"failed: {', '.join(failed)}" if failed else f"everything is in order: {', '.join(c.name for c in checks)}")
    return code if len(checks) == 1 else min(len(failed), 1)


def lock(arguments: list[str]) -> int:
    """Choose versions for every Python and system that we serve, and write them down with their hashes.

    Versions written down before are kept unless `--upgrade` is among the arguments.
    """
    with tempfile.TemporaryDirectory(prefix="clerk-app-") as folder:
        # Only pip is needed: the files to be written may be missing or broken.
        if not succeeds(*PIP, "--version"):
            create_environment(Apt(Path(folder)))
        say("fetching uv")
        target = ["install", "--quiet", "--disable-pip-version-check", "--target", folder, "uv"]
        call([*PIP, *target], "uv, which chooses the versions, could not be fetched.")
        # The tests' versions come first and bind the others, so that the program runs with what was tested.
        write_lock("test", folder, ["--group", "pyproject.toml:test", *arguments])
        write_lock("run", folder, ["--constraints", str(REQUIREMENTS["test"]), *arguments])
    return 0


def write_lock(purpose: str, uv_folder: str, arguments: Sequence[str]) -> None:
    """Write the requirements file of one purpose.

    Raises:
        SetupError: uv failed, or wrote an address, which has no place in the repository.
    """
    target = REQUIREMENTS[purpose]
    say(f"choosing versions for {target.name}")
    uv = [f"{uv_folder}/bin/uv", "pip", "compile", "--quiet", "--python", str(PYTHON)]
    serve = ["--universal", "--python-version", ".".join(map(str, OLDEST_PYTHON)), "--fork-strategy", "fewest"]
    form = ["--generate-hashes", "--no-annotate", "--custom-compile-command", "python3 packaging/go.py lock"]
    build = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["build-system"]["requires"]
    call(
        [*uv, *serve, *form, "--output-file", str(target), *arguments, PYPROJECT.name, "-"],
        "No set of versions could be chosen.",
        cwd=ROOT,
        input="\n".join([*build, *LOCK_ALSO]),
    )
    if "://" in target.read_text(encoding="utf-8"):
        raise SetupError(f"{target.name} names an address: take it out of uv's settings, then repeat.")


def complain_about_old_python() -> NoReturn:
    """Say which Python is needed, and name one that is there."""
    text = f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed; this is {python_version()}."
    newer = [f"python3.{minor}" for minor in range(14, 10, -1) if succeeds(f"python3.{minor}", "--version")]
    raise SetupError(f"{text} Start it with {newer[0] if newer else 'a newer one'} {' '.join(sys.argv)}")


def main(arguments: list[str]) -> int:
    """Carry out one command; failures of the world end with a sentence, not with a traceback."""
    # A console that cannot show Chinese must not end the program.
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    command = {"run": run, "test": test, "lock": lock}.get(arguments[0] if arguments else "")
    if command is None:
        print(__doc__, flush=True)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        if sys.version_info < OLDEST_PYTHON:
            complain_about_old_python()
        if not PYTHON_IS_WHOLE:
            make_python_whole()
        return command(arguments[1:])
    except SetupError as trouble:
        say(str(trouble))
        return 1
    except OSError as trouble:
        say(f"{trouble}. May you write to this folder, and is there room on the disk?")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
