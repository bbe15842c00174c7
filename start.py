# coding: utf-8
"""START: one file, standard library only, that makes everything ready and then opens the workshop.

python3 start.py             set up what is missing, then open the workshop
python3 start.py COMMAND …   the same, then `workshop COMMAND …`
python3 start.py test        the same with the test tools, then every check and every test
python3 start.py test --quick   the checks and tests that take under a minute; says what it leaves out
python3 start.py check       only the checks: layout, style, layers, types, browser code
python3 start.py fix         mend layout and style, as far as a program can
python3 start.py test …      only what pytest is told to (all that follows goes to pytest)

Written in the syntax that Python 2.7 and 3.11 share, so that an older Python can read it and say what is missing.
"""

import os
import sys

try:
    import _signal as signal  # built in, so that it is there at once, and no signal.py beside this file is read for it
except ImportError:
    import signal  # Python 2.7

if __name__ == "__main__":
    STOPPED = "Stopped. Start again whenever you like; nothing is lost."
    # Ctrl+C while the rest of this file is read
    signal.signal(signal.SIGINT, lambda *_: (os.write(2, STOPPED.encode("ascii") + b"\n"), os._exit(1)))
    # A stray json.py beside this file must not stand in for Python's own, however its folder came onto the path.
    HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib may be a stray one
    sys.path[:] = [each for each in sys.path if os.path.abspath(each or os.curdir) != HERE]  # noqa: PTH100

if sys.version_info < (3, 11):
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        "This needs Python 3.11 or newer, and this is Python {0}. "
        "Get a newer one at python.org, then start again.".format(found)
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
EARLIER = ROOT / ".venv-earlier"
"""Where an earlier set-up waits while a new one is made: it is put back when that fails."""
WINDOWS = os.name == "nt"
SCRIPTS = HOME / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
STAMP, UNFINISHED, LOG = HOME / "ready.txt", HOME / "unfinished.txt", HOME / "set-up.log"
PARTS = HOME / "parts.txt"
LOCK, TEST_LOCK = ROOT / "requirements.lock", ROOT / "requirements-test.lock"
LONGEST_PATH = 95
ROOM_NEEDED = 10**9
STOPPED = "Stopped. Start again whenever you like; nothing is lost."
COMMAND = (
    "import os, signal, sys; "
    "signal.signal(signal.SIGINT, lambda *_: (os.write(2, b'{0}\\n'), os._exit(1))); "  # Ctrl+C while it is loaded
    "hasattr(signal, 'pthread_sigmask') and signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT]); "
    "from toolkit.cli import main; code = main(); "
    "signal.signal(signal.SIGINT, signal.SIG_IGN); sys.exit(code)"
).format(STOPPED)
NATIVE = (
    "httptools",
    "lxml.etree",
    "markupsafe",
    "numpy",
    "psutil",
    "pydantic_core",
    "pysqlite3",
    "tornado.speedups",
    "zmq",
)
# Parts with machine code, imported at each start: what was built for another computer does not load here.
ENTRANCES = ("anywidget", "fastapi", "jupyterlab", "uvicorn")
# Further parts that a workshop opens with; looked at when an earlier set-up must do.
TOO_SLOW = 60
UNWANTED = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "VIRTUAL_ENV")

TOO_LONG = "The path of this folder is too long for Windows. Move the folder to C:\\workshop, then start again."
NO_ROOM = "There is less than 1 GB free on this disk. Make some room, then start again."
NO_VENV = "This Python came without its venv module. On Ubuntu: 'sudo apt install python3-venv'; then start again."
NO_NETWORK = "The parts could not be fetched: there seems to be no internet. Connect once, then start again."
NOT_WRITABLE = "This folder cannot be written to. Move it to your home folder, then start again."
NOT_SET_UP = "The set-up did not work. Start again. If that doesn't help, the reason is in {0}.".format(LOG)
DAMAGED = (
    "The set-up is damaged, or it was made on another computer. Setting it up again takes one to three minutes. "
    "Your workshops are not touched."
)
WITHOUT_NETWORK = (
    "There seems to be no internet to make the set-up again, so this start uses the one that is here, "
    "which still works; connect once before the next workshop, and start again."
)
NOT_RENEWED = "This start uses the set-up that is here, which still works, because it could not be made again. {0}"
UNEXPECTED = "Something went wrong that start.py did not expect ({0}). Your workshops are not touched. Start again."
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
BROWSER_CODE = "the browser code"
ESLINT = ROOT / "node_modules" / ".bin" / "eslint"
NO_ESLINT = ("the check of the browser code", "ESLint (npm ci)", (str(ESLINT),))
TOOLS = (
    (
        "the browser tests",
        "Chromium",
        ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome", "msedge"),
    ),
    ("the tests that open drafts in a word processor", "LibreOffice", ("soffice", "libreoffice")),
    ("the tests on a database server", "PostgreSQL", ("postgres", "pg_ctl", "pg_ctlcluster")),
    NO_ESLINT,
)
CHECKS = (
    ("the layout of the code", ("-m", "ruff", "format", "--check", ".")),
    ("the style of the code", ("-m", "ruff", "check", ".")),
    ("the layers", ("-c", "from importlinter.cli import lint_imports_command as l; l()")),
)
FIXES = (
    ("the style of the code", ("-m", "ruff", "check", "--fix", ".")),
    ("the layout of the code", ("-m", "ruff", "format", ".")),
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


def say(words, to=None):
    """Say one line to the person in the terminal; a terminal that is gone stops nothing."""
    with contextlib.suppress(OSError, ValueError):
        (to or sys.stdout).write(words + "\n")
        (to or sys.stdout).flush()


def open_streams():
    """Give a program that was started without input or output an empty one: nothing else may take its place."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            empty = os.open(os.devnull, os.O_RDWR)
            if empty != number:
                os.dup2(empty, number)
                os.close(empty)
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def hear_signals():
    """Let Ctrl+C, a closed window and a shutdown end us, whatever the program that started us had set."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])


def environment():
    """Return what the programs that we start may know: nothing of another Python's set-up."""
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return kept | {"PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}


def stamp(*locks):
    """Return what the set-up is made from, as one line."""
    return " ".join(hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks)


def is_ready(*locks):
    """Return whether exactly these parts, or more, were installed to the end, are all still there, and work here."""
    with contextlib.suppress(OSError):
        return set(stamp(*locks).split()) <= set(STAMP.read_text().split()) and is_whole()
    return False


def is_whole():
    """Return whether no file of the installed parts is missing and those with machine code load."""
    if not PARTS.is_file():  # an older start.py made the set-up: what loads is trusted, and looked after from now on
        lock = LOCK.read_text(encoding="utf-8")
        if not works(part for part in NATIVE if top_of(part).replace("_", "-") + "==" in lock):
            return False
        write_parts()
        return True
    installed, now = parts_as_installed(), files_of_parts()
    if any(now.get(folder, 0) < count for folder, count in installed.items()):
        return False
    packages = {folder.rpartition("site-packages/")[2] for folder in installed}
    return works(part for part in NATIVE if top_of(part) in packages)


def parts_as_installed():
    """Return how many files each folder of the installed parts had when they were installed."""
    lines = (line.partition(" ") for line in PARTS.read_text(encoding="utf-8").splitlines())
    return {folder: int(count) for count, _, folder in lines}


def top_of(part):
    """Return the package that a part lies in."""
    return part.partition(".")[0]


def works(parts):
    """Return whether the Python of .venv runs, is new enough, and can import these parts."""
    return can_import(PYTHON, parts)


def can_import(python, parts):
    """Return whether that Python runs, is new enough, and can import these parts."""
    code = "import sys; sys.exit(1) if sys.version_info < (3, 11) else None; " + "; ".join(
        map("import {0}".format, parts)
    )
    return answers(python, code)


def opens_a_workshop(home):
    """Return whether the set-up in that folder runs the toolkit, whatever else it lacks."""
    lock = LOCK.read_text(encoding="utf-8")
    parts = [part for part in NATIVE + ENTRANCES if top_of(part).replace("_", "-") + "==" in lock]
    return can_import(home / PYTHON.relative_to(HOME), parts + ["toolkit.cli"])


def files_of_parts():
    """Return how many files each folder of the installed parts holds, by the folder's path inside .venv."""
    tops = [HOME / "Lib", HOME / "share"] if WINDOWS else [HOME / "lib", HOME / "share"]
    found = {}
    for place, folders, files in (each for top in tops for each in os.walk(str(top))):
        folders[:] = [name for name in folders if name != "__pycache__" and name.partition("-")[0] != "pip"]
        found[os.path.relpath(place, str(HOME)).replace(os.sep, "/")] = len(files)
    return found


def write_parts():
    """Write down what was installed, for later starts to compare."""
    lines = ("{0} {1}\n".format(count, folder) for folder, count in sorted(files_of_parts().items()))
    PARTS.write_text("".join(lines), encoding="utf-8")


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
    say("{0}: done in {1:.0f} s.".format(step, time.monotonic() - began))


def wait_for(working, step, began):
    """Wait, and show that something is going on."""
    pause, turn = (0.5, 0) if sys.stdout.isatty() else (15, 0)
    while True:
        try:
            working.wait(pause)
        except subprocess.TimeoutExpired:
            turn += 1
            shown = "{0} {1:3} {2:.0f} s".format(step, "." * (turn % 4), time.monotonic() - began)
            with contextlib.suppress(OSError):
                sys.stdout.write(shown + ("\r" if sys.stdout.isatty() else "\n"))
                sys.stdout.flush()
        except KeyboardInterrupt:
            working.kill()
            raise
        else:
            return


def make_home(uv):
    """Make .venv, afresh unless what is there can be built on; an earlier one is put aside, never thrown away."""
    if not can_be_built_on():
        put_aside()
        HOME.mkdir()
    (HOME / ".gitignore").write_text("*\n")
    UNFINISHED.write_text("The set-up is running, or was cut off.\n")
    if not answers(PYTHON):
        made = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(HOME)]
        run("Making a place for the parts", made if uv else [sys.executable, "-m", "venv", str(HOME)])


def put_aside():
    """Move what stands at .venv out of the way; what an earlier start left unfinished makes room for nothing else."""
    if not os.path.lexists(str(HOME)):
        return
    is_finished = STAMP.exists() and not UNFINISHED.exists()
    if os.path.lexists(str(EARLIER)) and not is_finished:
        remove(HOME)
    else:
        remove(EARLIER)
        HOME.rename(EARLIER)


def put_back():
    """Let the earlier set-up stand again after a new one failed, when it runs the toolkit; the new log moves to it."""
    if not os.path.lexists(str(EARLIER)):
        if STAMP.exists() and PARTS.is_file() and is_whole():  # what failed had not changed anything yet
            UNFINISHED.unlink(missing_ok=True)
    elif opens_a_workshop(EARLIER):
        with contextlib.suppress(OSError):
            shutil.copyfile(str(LOG), str(EARLIER / LOG.name))
        remove(HOME)
        EARLIER.rename(HOME)


def can_be_built_on():
    """Return whether .venv is whole, or holds nothing of ours yet and has a Python that is new enough."""
    if not HOME.is_dir() or UNFINISHED.exists():
        return False
    with contextlib.suppress(OSError):
        return is_whole() if STAMP.exists() else works(())
    return False


def remove(place):
    """Remove a folder, a file or a link, whatever stands there."""
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.exists():
        shutil.rmtree(str(place))


def answers(python, code=""):
    """Return whether that Python runs these words."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        command = [str(python), "-P", "-c", code]
        return subprocess.call(command, env=environment(), cwd=str(ROOT), timeout=TOO_SLOW, **quiet) == 0
    return False


def installer(uv):
    """Return the command that installs a lock, whole and by its hashes."""
    if uv:
        return [uv, "pip", "install", "--python", str(PYTHON), "--no-deps", "--require-hashes", "-r"]
    if not answers(PYTHON, "import pip"):
        run("Fetching the installer", [str(PYTHON), "-m", "ensurepip", "--upgrade"])
    quiet = ["--no-input", "--disable-pip-version-check", "--retries", "2"]
    return [str(PYTHON), "-m", "pip", "install"] + quiet + ["--no-deps", "--require-hashes", "-r"]


def add_toolkit():
    """Let .venv's Python find the toolkit here, by a way that survives moving the folder and needs no network.

    A built installation would fetch a build tool that no lock holds.
    """
    packages = HOME / "Lib" / "site-packages" if WINDOWS else next(HOME.glob("lib/python3*/site-packages"))
    (packages / "policy_workshop_toolkit_here.pth").write_text(os.path.relpath(ROOT, packages) + "\n")
    if WINDOWS:
        (SCRIPTS / "workshop.bat").write_text('@"%~dp0python.exe" -P -c "{0}" %*\n'.format(COMMAND))
    else:
        command = SCRIPTS / "workshop"
        command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -P -c "{0}" "$@"\n'.format(COMMAND))
        command.chmod(0o755)


def set_up(*locks):
    """Install what the locks name, once; a second start sees that all of it is there and does nothing.

    A set-up that is there already is given up only for a new one that is complete and runs.
    """
    if is_ready(*locks):
        return
    check_place()
    fresh = "Setting up. This happens once and takes one to three minutes."
    say(DAMAGED if STAMP.exists() and not can_be_built_on() else fresh)
    with only_one():
        if is_ready(*locks):
            return
        try:
            build(*locks)
        except (CannotStartError, OSError):
            put_back()
            raise


def build(*locks):
    """Make .venv and install what the locks name; the stamp is written last."""
    uv = shutil.which("uv")
    make_home(uv)
    for lock in locks:
        run("Fetching the parts in {0}".format(lock.name), installer(uv) + [str(lock)])
    add_toolkit()
    if not works(()):
        raise CannotStartError(NOT_SET_UP)
    write_parts()
    STAMP.write_text(stamp(*locks) + "\n")
    UNFINISHED.unlink()
    with contextlib.suppress(OSError):
        remove(EARLIER)


def set_up_or_go_on():
    """Set up for a workshop; when that fails and the set-up that is here runs, say so in one sentence and go on."""
    try:
        set_up(LOCK)
    except (CannotStartError, OSError) as fault:
        if not opens_a_workshop(HOME):
            raise
        why = in_plain_words(fault)
        say(WITHOUT_NETWORK if why == NO_NETWORK else NOT_RENEWED.format(why))


def in_plain_words(fault):
    """Return one plain sentence for a fault of the set-up."""
    if isinstance(fault, CannotStartError):
        return str(fault)
    named = fault_in(str(fault))
    return UNEXPECTED.format(fault) if named == NOT_SET_UP else named


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
    command = [str(PYTHON), "-P", "-c", COMMAND] + list(arguments)
    if WINDOWS:
        signal.signal(signal.SIGINT, lambda *_: None)  # the program hears Ctrl+C too, and ends in order; we wait for it
        return subprocess.call(command, env=environment())
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # until the program can hear it, by the first of COMMAND
    return os.execve(command[0], command, environment())  # noqa: S606 - our own Python, our own words


LEFT_OUT = "LEFT OUT: {0}, because {1} is not here."


def missing_tools():
    """Return a sentence for each kind of test that this machine must leave out."""
    return [LEFT_OUT.format(tests, name) for tests, name, programs in TOOLS if not any(map(shutil.which, programs))]


def test(arguments):
    """Run the checks and the tests that are asked for, say what was left out, and return an honest exit code."""
    set_up(LOCK, TEST_LOCK)
    left_out = missing_tools() + ([QUICK_LEAVES_OUT] if QUICK in arguments else [])
    for sentence in left_out:
        say(sentence)
    failed = failures(arguments)
    for sentence in left_out:
        say(sentence)
    passed = "Everything that was tested passes." if QUICK in arguments else EVERYTHING_PASSES
    say("NOT PASSED: {0}.".format(", ".join(failed)) if failed else passed)
    return 1 if failed else 0


def failures(arguments):
    """Run the checks and tests that are asked for; return the names of those that failed."""
    if not arguments:
        return test_all()
    if QUICK in arguments:
        more = [argument for argument in arguments if argument != QUICK]
        return failed_checks(CHECKS + (TYPES,)) + failed_tests(list(QUICK_TESTS) + more)
    return failed_tests(arguments)


def check(_):
    """Run the checks and no test; return an honest exit code."""
    set_up(LOCK, TEST_LOCK)
    failed = failed_checks(CHECKS + (TYPES,))
    if ESLINT.exists():
        failed += [] if lints("lint") else [BROWSER_CODE]
    else:
        say(LEFT_OUT.format(*NO_ESLINT[:2]))
    say(
        "NOT PASSED: {0}. 'python3 start.py fix' mends layout and style.".format(", ".join(failed))
        if failed
        else CHECKED
    )
    return 1 if failed else 0


CHECKED = "Every check that can be made here passes."


def fix(_):
    """Mend what a program can mend; return 1 when something is left for a person."""
    set_up(LOCK, TEST_LOCK)
    failed = [name for name, command in FIXES if not passes(name, command, "Mending")]
    if ESLINT.exists() and not lints("fix"):
        failed.append(BROWSER_CODE)
    say("LEFT FOR YOU: {0}.".format(", ".join(failed)) if failed else "Layout and style are as they should be.")
    return 1 if failed else 0


def lints(script):
    """Run one script of package.json over the browser code; return whether it passed."""
    say("{0} {1} …".format("Mending" if script == "fix" else "Testing", BROWSER_CODE))
    npm = shutil.which("npm")
    return bool(npm) and subprocess.call([npm, "run", "--silent", script], cwd=str(ROOT)) == 0


EVERYTHING_PASSES = "Everything that could be tested here passes."


def test_all():
    """Run every check and every test, the slowest check beside the tests; return the names of what failed."""
    failed = failed_checks(CHECKS)
    name, command = TYPES
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as written:
        checking = subprocess.Popen(
            [str(PYTHON), "-P"] + list(command),
            cwd=str(ROOT),
            env=environment(),
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            failed += failed_tests(ALL_TESTS)
            say("Testing {0} …".format(name))
            failed += [name] if checking.wait() else []
        finally:
            checking.kill()
            checking.wait()
        written.seek(0)
        say(written.read().rstrip())
    return failed


def failed_checks(checks):
    """Run checks one after the other; return the names of those that failed."""
    return [name for name, command in checks if not passes(name, command)]


def failed_tests(arguments):
    """Run pytest with these arguments; return what to call it when it failed."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["WORKSHOP_FOLDER"] = folder = str(Path(place) / "workshop")  # the notebooks' own tests open it
        make = "import sys; from toolkit import Workshop; Workshop.open(sys.argv[1]).close()"
        subprocess.call([str(PYTHON), "-P", "-c", make, folder], cwd=str(ROOT), env=environment())
        return [] if passes("the tests", ["-m", "pytest"] + list(arguments)) else ["the tests"]


def passes(name, command, doing="Testing"):
    """Run one kind of test in plain sight; return whether it passed."""
    say("{0} {1} …".format(doing, name))
    testing = subprocess.Popen([str(PYTHON), "-P"] + list(command), cwd=str(ROOT), env=environment())
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


def main(arguments):
    """Set up and hand over; whatever goes wrong is one sentence."""
    try:
        open_streams()
        hear_signals()
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace")
        work = {"test": test, "fix": fix}.get(arguments[0]) if arguments else None
        if arguments == ["check"]:  # with a folder behind it, it is the command of that name
            work = check
        if work:
            return work(arguments[1:])
        set_up_or_go_on()
        return hand_over(arguments or ["start"])
    except (CannotStartError, OSError) as fault:
        say(in_plain_words(fault), sys.stderr)
    except KeyboardInterrupt:
        say(STOPPED, sys.stderr)
    except Exception as fault:  # the last resort: one sentence, and where a programmer may look
        say(UNEXPECTED.format("{0}, line {1}".format(type(fault).__name__, fault.__traceback__.tb_lineno)), sys.stderr)
    return 1


if __name__ == "__main__":
    code = main(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)
