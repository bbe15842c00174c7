"""START: one file, standard library only, that makes everything ready and then opens the workshop.

python3 start.py             set up what is missing, then open the workshop
python3 start.py COMMAND …   the same, then `workshop COMMAND …`
python3 start.py test        the same with the test tools, then every check and every test
python3 start.py test --quick   the checks and tests that take under a minute; says what it leaves out
python3 start.py test …      only what pytest is told to (all that follows goes to pytest)
"""

import os
import sys

if __name__ == "__main__":
    # A stray json.py beside this file must not stand in for Python's own, however its folder came onto the path.
    HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib may be a stray one
    sys.path[:] = [each for each in sys.path if os.path.abspath(each or os.curdir) != HERE]  # noqa: PTH100

if sys.version_info < (3, 11):  # noqa: UP036 - this line is for those who run an older one
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        f"This needs Python 3.11 or newer, and this is Python {found}. Get a newer one at python.org, then start again."
    )

import contextlib
import hashlib
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".venv"
WINDOWS = os.name == "nt"
SCRIPTS = HOME / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
STAMP, UNFINISHED, LOG = HOME / "ready.txt", HOME / "unfinished.txt", HOME / "set-up.log"
LOCK, TEST_LOCK = ROOT / "requirements.lock", ROOT / "requirements-test.lock"
LONGEST_PATH = 95
ROOM_NEEDED = 1_000_000_000
COMMAND = "import sys; from toolkit.cli import main; sys.exit(main())"
UNWANTED = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "VIRTUAL_ENV")

TOO_LONG = "The path of this folder is too long for Windows. Move the folder to C:\\workshop, then start again."
NO_ROOM = "There is less than 1 GB free on this disk. Make some room, then start again."
NO_VENV = "This Python came without its venv module. On Ubuntu: 'sudo apt install python3-venv'; then start again."
NO_NETWORK = "The parts could not be fetched: there seems to be no internet. Connect once, then start again."
NOT_WRITABLE = "This folder cannot be written to. Move it to a place of your own, such as Documents, then start again."
NOT_SET_UP = f"The set-up did not work. Start again; if it stays so, the reason is in {LOG}."
SIGNS = (
    (NO_ROOM, ("no space left", "errno 28", "not enough space", "disk quota")),
    (NO_VENV, ("ensurepip", "no module named venv")),
    (NOT_WRITABLE, ("permission denied", "read-only file system", "access is denied")),
    (
        NO_NETWORK,
        (
            "name resolution", "dns error", "getaddrinfo", "newconnectionerror", "connection broken", "timed out",
            "failed to fetch", "error sending request", "network is unreachable", "connection refused", "proxyerror",
            "could not connect", "max retries", "client error (connect)", "from versions: none",
        ),
    ),
)  # fmt: skip
TOOLS = (
    ("the browser tests", "Chromium", ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")),
    ("the tests that open drafts in a word processor", "LibreOffice", ("soffice", "libreoffice")),
    ("the tests on a database server", "PostgreSQL", ("postgres", "pg_ctl", "pg_ctlcluster")),
)
CHECKS = (
    ("the layout of the code", ("-m", "ruff", "format", "--check", ".")),
    ("the style of the code", ("-m", "ruff", "check", ".")),
    ("the walls of the house", ("-c", "from importlinter.cli import lint_imports_command as l; l()")),
)
TYPES = ("the types", ("-m", "mypy"))
ALL_TESTS = (
    "tests", "notebooks", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=120", "-n", "auto",
)  # fmt: skip
QUICK = "--quick"
QUICK_TESTS = (
    "tests", "--ignore=tests/browser", "-m", "not (browser or word or postgresql or slow)", "-n", str(os.cpu_count()),
)  # fmt: skip
QUICK_LEAVES_OUT = (
    "LEFT OUT by --quick: every test in a browser, in LibreOffice and on a database server, the notebooks, "
    "and every test marked slow (servers that are killed, many processes, whole rehearsals). "
    "Run 'python3 start.py test' before you hand in a change."
)
ORDERLY_END = 30
"""Seconds in which the tests can end what they started after Ctrl+C."""


class CannotStartError(Exception):
    """One plain sentence on why it cannot start, and what to do."""


def say(words):
    """Say one line to the person in the terminal."""
    print(words, flush=True)


def environment():
    """Return what the programs that we start may know: nothing of another Python's set-up."""
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return kept | {"PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}


def stamp(*locks):
    """Return what the set-up is made from, as one line."""
    return " ".join(hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks)


def is_ready(*locks):
    """Return whether exactly these parts, or more, were installed to the end."""
    with contextlib.suppress(OSError):
        return PYTHON.exists() and set(stamp(*locks).split()) <= set(STAMP.read_text().split())
    return False


def check_place(root=ROOT, windows=WINDOWS, free=None):
    """Refuse a place where the set-up cannot succeed."""
    if windows and len(str(root)) > LONGEST_PATH:
        raise CannotStartError(TOO_LONG)
    if (shutil.disk_usage(root).free if free is None else free) < ROOM_NEEDED:
        raise CannotStartError(NO_ROOM)


def fault_in(log):
    """Return the plain sentence for what an installer wrote."""
    words = log.lower()
    return next((said for said, signs in SIGNS if any(sign in words for sign in signs)), NOT_SET_UP)


def run(step, command):
    """Run one step of the set-up, its own words into the log, ours with the time on the screen."""
    began = time.monotonic()
    with LOG.open("a+", encoding="utf-8", errors="replace") as log:
        log_from = log.tell()
        working = subprocess.Popen(
            command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        wait_for(working, step, began)
        log.seek(log_from)
        if working.returncode:
            raise CannotStartError(fault_in(log.read()))
    say(f"{step}: done in {time.monotonic() - began:.0f} s.")


def wait_for(working, step, began):
    """Wait, and show that something is going on."""
    pause, turn = (0.5, 0) if sys.stdout.isatty() else (15, 0)
    while True:
        try:
            working.wait(pause)
        except subprocess.TimeoutExpired:
            turn += 1
            shown = f"{step} {'.' * (turn % 4):3} {time.monotonic() - began:.0f} s"
            print(shown, end="\r" if sys.stdout.isatty() else "\n", flush=True)
        except KeyboardInterrupt:
            working.kill()
            raise
        else:
            return


def make_home(uv):
    """Make .venv, afresh when an earlier set-up was cut off or its Python is gone."""
    broken = UNFINISHED.exists() or not answers(PYTHON)
    if not broken:
        UNFINISHED.write_text("The set-up is running, or was cut off.\n")
        return
    if HOME.exists():
        shutil.rmtree(HOME)
    HOME.mkdir()
    (HOME / ".gitignore").write_text("*\n")
    UNFINISHED.write_text("The set-up is running, or was cut off.\n")
    made = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(HOME)]
    run("Making a place for the parts", made if uv else [sys.executable, "-m", "venv", str(HOME)])


def answers(python):
    """Return whether that Python runs."""
    with contextlib.suppress(OSError):
        return subprocess.call([python, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    return False


def installer(uv):
    """Return the command that installs a lock, whole and by its hashes."""
    if uv:
        return [uv, "pip", "install", "--python", str(PYTHON), "--no-deps", "--require-hashes", "-r"]
    if subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL):
        run("Fetching the installer", [PYTHON, "-m", "ensurepip", "--upgrade"])
    quiet = ["--no-input", "--disable-pip-version-check", "--retries", "2"]
    return [PYTHON, "-m", "pip", "install", *quiet, "--no-deps", "--require-hashes", "-r"]


def add_toolkit():
    """Let .venv's Python find the toolkit here, by a way that survives moving the folder and needs no network.

    A built installation would fetch a build tool that no lock holds.
    """
    packages = HOME / "Lib" / "site-packages" if WINDOWS else next(HOME.glob("lib/python3*/site-packages"))
    (packages / "policy_workshop_toolkit_here.pth").write_text(os.path.relpath(ROOT, packages) + "\n")
    if WINDOWS:
        (SCRIPTS / "workshop.bat").write_text(f'@"%~dp0python.exe" -P -c "{COMMAND}" %*\n')
    else:
        command = SCRIPTS / "workshop"
        command.write_text(f'#!/bin/sh\nexec "$(dirname "$0")/python" -P -c "{COMMAND}" "$@"\n')
        command.chmod(0o755)


def set_up(*locks):
    """Install what the locks name, once; a second start finds the stamp and does nothing."""
    if is_ready(*locks):
        return
    check_place()
    say("Setting up. This happens once and takes one to three minutes.")
    uv = shutil.which("uv")
    with only_one():
        if is_ready(*locks):
            return
        make_home(uv)
        for lock in locks:
            run(f"Fetching the parts in {lock.name}", [*installer(uv), str(lock)])
        add_toolkit()
        STAMP.write_text(stamp(*locks) + "\n")
        UNFINISHED.unlink()


@contextlib.contextmanager
def only_one():
    """Let a second double-click wait for the first."""
    door = (ROOT / ".start-lock").open("a+")
    try:
        if not taken(door):
            say("Another start is already setting up; waiting for it.")
            while not taken(door):
                time.sleep(1)
        yield
    finally:
        door.close()


def taken(door):
    """Take the lock on that file; it falls open by itself when the program that holds it ends."""
    try:
        if WINDOWS:
            import msvcrt  # noqa: PLC0415 - only Windows has it

            msvcrt.locking(door.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - Windows has none

            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def hand_over(arguments):
    """Let `workshop` take over, with these arguments."""
    command = [str(PYTHON), "-P", "-c", COMMAND, *arguments]
    if WINDOWS:
        return subprocess.call(command, env=environment())
    return os.execve(command[0], command, environment())  # noqa: S606 - our own Python, our own words


def missing_tools():
    """Return a sentence for each kind of test that this machine must leave out."""
    return [
        f"LEFT OUT: {tests}, because {name} is not here."
        for tests, name, programs in TOOLS
        if not any(map(shutil.which, programs))
    ]


def test(arguments):
    """Run the checks and the tests that are asked for, say what was left out, and return an honest exit code."""
    hear_ctrl_c()
    set_up(LOCK, TEST_LOCK)
    left_out = [*missing_tools(), *([QUICK_LEAVES_OUT] if QUICK in arguments else [])]
    for each in left_out:
        say(each)
    if not arguments:
        failed = test_all()
    elif QUICK in arguments:
        more = [each for each in arguments if each != QUICK]
        failed = [*failed_checks(*CHECKS, TYPES), *failed_tests([*QUICK_TESTS, *more])]
    else:
        failed = failed_tests(arguments)
    for each in left_out:
        say(each)
    passed = "Everything that was tested passes." if QUICK in arguments else EVERYTHING_PASSES
    say(f"NOT PASSED: {', '.join(failed)}." if failed else passed)
    return 1 if failed else 0


EVERYTHING_PASSES = "Everything that could be tested here passes."


def test_all():
    """Run every check and every test, the slowest check beside the tests; return the names of what failed."""
    failed = failed_checks(*CHECKS)
    name, command = TYPES
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as written:
        checking = subprocess.Popen(
            [str(PYTHON), "-P", *command], cwd=ROOT, env=environment(), stdout=written, stderr=subprocess.STDOUT
        )
        try:
            failed += failed_tests(ALL_TESTS)
            say(f"Testing {name} …")
            failed += [name] if checking.wait() else []
        finally:
            checking.kill()
            checking.wait()
        written.seek(0)
        say(written.read().rstrip())
    return failed


def failed_checks(*checks):
    """Run checks one after the other; return the names of those that failed."""
    return [name for name, command in checks if not passes(name, command)]


def failed_tests(arguments):
    """Run pytest with these arguments; return what to call it when it failed."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["WORKSHOP_FOLDER"] = str(Path(place) / "workshop")  # the notebooks' own tests open one
        return [] if passes("the tests", ["-m", "pytest", *arguments]) else ["the tests"]


def passes(name, command):
    """Run one kind of test in plain sight; return whether it passed."""
    say(f"Testing {name} …")
    testing = subprocess.Popen([str(PYTHON), "-P", *command], cwd=ROOT, env=environment())
    try:
        return testing.wait() == 0
    except KeyboardInterrupt:
        end_in_order(testing)
        raise


def end_in_order(working):
    """Let what we run end what it started; after Ctrl+C in a terminal it has heard that itself."""
    if not (sys.stdin and sys.stdin.isatty()):
        working.send_signal(signal.SIGTERM if WINDOWS else signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        working.wait(ORDERLY_END)
    working.kill()
    working.wait()


def hear_ctrl_c():
    """Hear Ctrl+C and `kill -INT` where the parent ignores them, as a background job of a script does."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def main(arguments):
    """Set up and hand over; whatever goes wrong is one sentence."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    try:
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        set_up(LOCK)
        return hand_over(arguments or ["start"])
    except CannotStartError as cannot:
        print(cannot, file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. Start again whenever you like; nothing is lost.", file=sys.stderr)
    except OSError as fault:
        print(fault_in(str(fault)), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
