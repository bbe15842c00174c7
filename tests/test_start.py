"""start.py says one sentence for whatever is missing, installs once, and hands over."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
import start  # noqa: E402 - it lies at the root and is in no package

pytestmark = pytest.mark.slow

CLI = "import sys\ndef main():\n    print('asked', *sys.argv[1:])\n    return 7\n"
PACKAGE = "class Workshop:\n    open = close = staticmethod(lambda *_: Workshop)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one command and no parts to fetch: set up for real, in a second, without a network."""
    return made(tmp_path)


def made(place: Path) -> Path:
    shutil.copy(ROOT / "start.py", place)
    (place / "toolkit").mkdir()
    (place / "toolkit" / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    (place / "toolkit" / "cli.py").write_text(CLI, encoding="utf-8")
    (place / "requirements.lock").write_text("# no parts\n", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def first_set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set-up that holds one part with a module of its own, from a wheel on this disk: no network."""
    project = made(tmp_path_factory.mktemp("first"))
    wheel = project / "wheels" / "kettle-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    write_wheel(wheel)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = f"kettle @ {wheel.as_uri()} --hash=sha256:{digest}\n"
    (project / "requirements.lock").write_text(lock, encoding="utf-8")
    asked = run(project, "rehearse", "a b")
    assert (asked.returncode, asked.stderr) == (7, "")
    assert asked.stdout.startswith("Setting up.")
    assert asked.stdout.endswith("asked rehearse a b\n")
    return project


@pytest.fixture
def ready(first_set_up: Path, tmp_path: Path) -> Path:
    """A set-up of its own for one test: the first one, moved."""
    return Path(shutil.copytree(first_set_up, tmp_path / "moved here", symlinks=True))


def run(project: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(project / "start.py"), *arguments],
        check=False, capture_output=True, text=True, cwd=project, env=os.environ | more,
    )  # fmt: skip


def test_a_second_start_sets_nothing_up_and_hands_over_the_exit_code(ready: Path) -> None:
    second = run(ready)

    assert (second.returncode, second.stdout, second.stderr) == (7, "asked start\n", "")


def test_the_command_lies_in_the_set_up_and_survives_a_move(ready: Path) -> None:
    asked = subprocess.run(
        [ready / ".venv" / "bin" / "workshop", "tables"], check=False, capture_output=True, text=True
    )

    assert asked.stdout == "asked tables\n"


def test_a_changed_lock_is_installed_again(ready: Path) -> None:
    lock = (ready / "requirements.lock").read_text(encoding="utf-8")
    (ready / "requirements.lock").write_text(f"# newer\n{lock}", encoding="utf-8")

    assert run(ready).stdout.startswith("Setting up.")


def test_a_set_up_that_was_cut_off_begins_afresh(project: Path) -> None:
    (project / ".venv").mkdir()
    (project / ".venv" / "unfinished.txt").touch()
    (project / ".venv" / "half.txt").touch()

    assert run(project).returncode == 7
    assert not (project / ".venv" / "half.txt").exists()
    assert not (project / ".venv" / "unfinished.txt").exists()


def test_nothing_in_the_folder_stands_in_for_a_part_of_python(project: Path) -> None:
    for name in ("json.py", "shutil.py", "pip.py", "argparse.py", "hashlib.py"):
        (project / name).write_text("raise SystemExit('shadow')\n", encoding="utf-8")

    assert run(project, PYTHONPATH=str(project)).returncode == 7


def test_a_fault_in_fetching_is_one_sentence(project: Path) -> None:
    (project / "requirements.lock").write_text(UNFETCHABLE, encoding="utf-8")

    failed = run(project, **OFFLINE)

    assert failed.returncode == 1
    assert failed.stderr == start.NO_NETWORK + "\n"
    assert "Traceback" not in failed.stdout


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", start.NO_ROOM),
        ("Temporary failure in name resolution", start.NO_NETWORK),
        ("error: client error (Connect): dns error", start.NO_NETWORK),
        ("The virtual environment was not created successfully because ensurepip is not available.", start.NO_VENV),
        ("[Errno 30] Read-only file system: '/x'", start.NOT_WRITABLE),
        ("something nobody thought of", start.NOT_SET_UP),
    ],
)
def test_what_an_installer_says_becomes_one_sentence(said: str, sentence: str) -> None:
    assert start.fault_in(said) == sentence


def test_a_full_disk_and_a_long_path_are_refused_before_anything_is_done() -> None:
    with pytest.raises(start.CannotStartError, match="less than 1 GB"):
        start.check_place(free=999_999_999)
    with pytest.raises(start.CannotStartError, match=r"C:\\workshop"):
        start.check_place(root=Path("C:/" + "a" * 93), windows=True, free=start.ROOM_NEEDED)
    start.check_place(root=Path("C:/" + "a" * 92), windows=True, free=start.ROOM_NEEDED)


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.10"])
def test_an_older_python_says_one_sentence(version: str) -> None:
    found = [
        *sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python")),
        Path(shutil.which(f"python{version}") or "/"),
    ]
    if not found[0].is_file():
        pytest.skip(f"no Python {version} here")

    asked = subprocess.run([found[0], ROOT / "start.py"], check=False, capture_output=True)

    assert asked.returncode == 1
    assert asked.stderr.decode().startswith(f"This needs Python 3.11 or newer, and this is Python {version}.")
    assert len(asked.stderr.splitlines()) == 1


def test_the_whole_file_can_be_read_by_python_2_7() -> None:
    """One newer word anywhere, and an old Python says SyntaxError instead of our sentence."""
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    assert source.startswith("# coding: utf-8\n")
    for node in ast.walk(ast.parse(source)):
        where = f"line {getattr(node, 'lineno', '?')}"
        assert not isinstance(node, (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Match, ast.Nonlocal)), where
        assert not isinstance(node, (ast.AsyncFunctionDef, ast.Await, ast.YieldFrom)), where
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            assert not any(isinstance(each, ast.Starred) for each in node.elts), where
        if isinstance(node, ast.Dict):
            assert None not in node.keys, where
        if isinstance(node, ast.Raise):
            assert node.cause is None, where
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            assert not node.args.kwonlyargs, where
            assert not any(each.annotation for each in node.args.args), where
        if isinstance(node, ast.Call):
            assert sum(isinstance(each, ast.Starred) for each in node.args) <= 1, where
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            assert "_" not in (ast.get_source_segment(source, node) or ""), where


def package_of(project: Path) -> Path:
    return next((project / ".venv").glob("lib/python3*/site-packages"))


def write_wheel(path: Path) -> None:
    files = {
        "kettle/__init__.py": "",
        "kettle/lid.py": "",
        "kettle-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: kettle\nVersion: 1.0\n",
        "kettle-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    listed = "".join(f"{name},,\n" for name in [*files, "kettle-1.0.dist-info/RECORD"])
    with zipfile.ZipFile(path, "w") as wheel:
        for name, words in (files | {"kettle-1.0.dist-info/RECORD": listed}).items():
            wheel.writestr(name, words)


def lose_a_file(project: Path) -> None:
    (package_of(project) / "kettle" / "lid.py").unlink()


def lose_a_package(project: Path) -> None:
    shutil.rmtree(package_of(project) / "kettle")


def lose_the_python(project: Path) -> None:
    (project / ".venv" / "bin" / "python").unlink()


def become_a_copy_of_another_computers(project: Path) -> None:
    """As Windows' launcher answers after the folder was copied: "No Python at …", 103."""
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text(
        "#!/bin/sh\necho \"No Python at 'C:\\\\Python311\\\\python.exe'\" >&2\nexit 103\n", encoding="utf-8"
    )
    python.chmod(0o755)


def become_another_systems(project: Path) -> None:
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.write_bytes(b"\xcf\xfa\xed\xfe" + bytes(64))  # how a program for a Mac begins
    python.chmod(0o755)


def become_a_file(project: Path) -> None:
    shutil.rmtree(project / ".venv")
    (project / ".venv").write_text("not a folder\n", encoding="utf-8")


def become_a_link_to_nowhere(project: Path) -> None:
    shutil.rmtree(project / ".venv")
    (project / ".venv").symlink_to(project / "gone")


def become_an_editors(project: Path) -> None:
    shutil.rmtree(project / ".venv")
    venv.create(project / ".venv", with_pip=False)


DAMAGES = [
    lose_a_file,
    lose_a_package,
    lose_the_python,
    become_a_copy_of_another_computers,
    become_another_systems,
    become_a_file,
    become_a_link_to_nowhere,
    become_an_editors,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_set_up_that_is_not_whole_is_noticed(ready: Path, damage: Callable[[Path], None]) -> None:
    damage(ready)

    asked = subprocess.Popen([sys.executable, ready / "start.py"], cwd=ready, stdout=subprocess.PIPE, text=True)
    assert asked.stdout
    with asked.stdout as said:
        first = said.readline()
        asked.send_signal(signal.SIGINT)
        asked.wait(60)

    assert first.startswith((start.DAMAGED, "Setting up."))


@pytest.mark.parametrize("damage", [lose_a_package, become_a_file])
def test_a_set_up_that_is_not_whole_sets_itself_up_again(ready: Path, damage: Callable[[Path], None]) -> None:
    damage(ready)

    again = run(ready)

    assert (again.returncode, again.stderr) == (7, "")
    assert (package_of(ready) / "kettle" / "lid.py").is_file()
    assert run(ready).stdout == "asked start\n"


NOWHERE = "http://127.0.0.1:9/"
OFFLINE = {"UV_DEFAULT_INDEX": NOWHERE, "PIP_INDEX_URL": NOWHERE, "UV_NO_CACHE": "1", "UV_HTTP_RETRIES": "0"}
UNFETCHABLE = f"segno==0.0.0 --hash=sha256:{'0' * 64}\n"


def without_uv(place: Path) -> str:
    """Return a PATH on which there is no uv, so that pip does the work."""
    place.mkdir()
    return str(place)


def need_a_part_of_the_network(project: Path) -> None:
    """Let the lock name a part that only the network has, as if it had been installed from there."""
    lock = project / "requirements.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + UNFETCHABLE, encoding="utf-8")
    (project / ".venv" / "ready.txt").write_text(start.stamp(lock) + "\n", encoding="utf-8")


@pytest.mark.parametrize("uses_uv", [True, False], ids=["uv", "pip"])
def test_a_false_alarm_without_internet_opens_the_program(ready: Path, tmp_path: Path, *, uses_uv: bool) -> None:
    if uses_uv and not shutil.which("uv"):
        pytest.skip("no uv here")
    path = os.environ["PATH"] if uses_uv else without_uv(tmp_path / "no uv")
    need_a_part_of_the_network(ready)
    lose_a_file(ready)

    asked = run(ready, "tables", PATH=path, **OFFLINE)

    assert (asked.returncode, asked.stderr) == (7, "")
    assert asked.stdout.endswith(f"{start.WITHOUT_NETWORK}\nasked tables\n")
    assert (package_of(ready) / "kettle" / "__init__.py").is_file()
    assert not (ready / ".venv-earlier").exists()


def test_an_update_without_internet_opens_the_program_and_keeps_the_set_up(ready: Path) -> None:
    lock = ready / "requirements.lock"
    before = lock.read_text(encoding="utf-8")
    lock.write_text(before + UNFETCHABLE, encoding="utf-8")

    asked = run(ready, **OFFLINE)
    lock.write_text(before, encoding="utf-8")

    assert asked.stdout.endswith(f"{start.WITHOUT_NETWORK}\nasked start\n")
    assert run(ready).stdout == "asked start\n"


def test_a_set_up_that_cannot_run_the_program_is_not_gone_on_with(ready: Path) -> None:
    need_a_part_of_the_network(ready)
    lose_the_python(ready)

    asked = run(ready, **OFFLINE)

    assert (asked.returncode, asked.stderr) == (1, start.NO_NETWORK + "\n")
    assert "asked" not in asked.stdout


def test_a_full_disk_does_not_take_away_a_set_up_that_runs(ready: Path) -> None:
    lose_a_file(ready)
    source = (ready / "start.py").read_text(encoding="utf-8")
    (ready / "start.py").write_text(source.replace("ROOM_NEEDED = 10**9", "ROOM_NEEDED = 10**18"), encoding="utf-8")

    asked = run(ready)

    assert (asked.returncode, asked.stderr) == (7, "")
    assert asked.stdout == start.NOT_RENEWED.format(start.NO_ROOM) + "\nasked start\n"


@pytest.mark.skipif(os.name == "nt", reason="only POSIX ends a whole group of processes at once")
def test_a_set_up_killed_in_the_middle_is_repaired_by_the_next_start(ready: Path) -> None:
    lock = ready / "requirements.lock"
    before = lock.read_text(encoding="utf-8")
    need_a_part_of_the_network(ready)
    lose_a_file(ready)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # a package index that takes the question and says nothing
        nowhere = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        index = {"UV_DEFAULT_INDEX": nowhere, "PIP_INDEX_URL": nowhere, "UV_NO_CACHE": "1"}
        asked = subprocess.Popen(
            [sys.executable, ready / "start.py"], cwd=ready, env=os.environ | index,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        silent.settimeout(120)
        silent.accept()[0].close()
        os.killpg(asked.pid, signal.SIGKILL)
        asked.wait()
    assert (ready / ".venv" / "unfinished.txt").exists()

    offline = run(ready, **OFFLINE)
    lock.write_text(before, encoding="utf-8")
    online = run(ready)

    assert offline.stdout.endswith(f"{start.WITHOUT_NETWORK}\nasked start\n")
    assert (online.returncode, online.stderr) == (7, "")
    assert (package_of(ready) / "kettle" / "lid.py").is_file()
    assert not (ready / ".venv-earlier").exists()


def test_an_older_python_in_the_set_up_is_replaced(project: Path) -> None:
    older = sorted(Path.home().glob(".pyenv/versions/3.10.*/bin/python"))
    if not older:
        pytest.skip("no Python 3.10 here")
    subprocess.run([older[0], "-m", "venv", "--without-pip", project / ".venv"], check=True)

    assert run(project).returncode == 7
    assert run(project).stdout == "asked start\n"


def test_a_set_up_of_an_older_start_py_is_looked_at_and_taken_over(ready: Path) -> None:
    (ready / ".venv" / "parts.txt").unlink()

    assert run(ready).stdout == "asked start\n"
    assert (ready / ".venv" / "parts.txt").is_file()


def test_the_parts_with_machine_code_are_in_the_lock_and_load_here() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert [part for part in start.NATIVE if f"{start.top_of(part).replace('_', '-')}==" not in lock] == []
    imports = "; ".join(f"import {part}" for part in start.NATIVE)
    assert subprocess.run([sys.executable, "-c", imports], check=False).returncode == 0


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_input_and_output_stop_nothing(ready: Path, closed: str) -> None:
    if ">&- 2" in closed:
        (ready / ".venv" / "unfinished.txt").touch()
        (ready / ".venv" / "ready.txt").unlink()  # so that the set-up runs too
    asked = subprocess.run(
        ["/bin/sh", "-c", f'"$0" start.py tables {closed}', sys.executable],
        check=False, capture_output=True, text=True, cwd=ready,
    )  # fmt: skip

    assert asked.returncode == 7
    assert "Traceback" not in asked.stderr + asked.stdout


SLOW = """import signal, sys, time
print("loading", flush=True)
time.sleep(60)
def main():
    return 7
"""


def test_ctrl_c_while_the_program_is_loaded_shows_no_traceback(ready: Path) -> None:
    (ready / "toolkit" / "cli.py").write_text(SLOW, encoding="utf-8")
    as_a_background_job = "trap '' INT; exec \"$0\" start.py"
    asked = subprocess.Popen(
        ["/bin/sh", "-c", as_a_background_job, sys.executable],
        cwd=ready, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert asked.stdout
    assert asked.stdout.readline() == b"loading\n"

    asked.send_signal(signal.SIGINT)

    assert asked.communicate(timeout=60) == (b"", f"{start.STOPPED}\n".encode())
    assert asked.returncode == 1


def test_a_fault_that_nobody_thought_of_is_one_sentence(project: Path) -> None:
    (project / ".start-lock").mkdir()

    asked = run(project)

    assert asked.returncode == 1
    assert len(asked.stderr.splitlines()) == 1
    assert "Your workshops are not touched." in asked.stderr


def test_what_this_machine_cannot_test_is_said_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    is_here = (start.ROOT / "node_modules" / ".bin" / "eslint").exists()
    lint = [] if is_here else ["LEFT OUT: the check of the browser code, because ESLint (npm ci) is not here."]

    assert start.missing_tools() == [
        "LEFT OUT: the browser tests, because Chromium is not here.",
        "LEFT OUT: the tests that open drafts in a word processor, because LibreOffice is not here.",
        "LEFT OUT: the tests on a database server, because PostgreSQL is not here.",
        *lint,
    ]


TOOL = """import pathlib, sys
NAME = pathlib.Path(__file__).parent.name if __file__.endswith("cli.py") else pathlib.Path(__file__).stem
pathlib.Path("asked.txt").open("a").write(" ".join([NAME, *sys.argv[1:]]) + "\\n")
if NAME == pathlib.Path("broken.txt").read_text():
    sys.exit(1)
"""


@pytest.mark.parametrize("broken", ["", "mypy"])
def test_check_runs_every_check_and_no_test_and_names_what_did_not_pass(project: Path, broken: str) -> None:
    (project / "requirements-test.lock").write_text("# no parts\n", encoding="utf-8")
    (project / "broken.txt").write_text(broken, encoding="utf-8")
    for tool in ("ruff", "mypy", "pytest"):
        (project / f"{tool}.py").write_text(TOOL, encoding="utf-8")
    (project / "importlinter").mkdir()
    (project / "importlinter" / "cli.py").write_text(TOOL + "lint_imports_command = list\n", encoding="utf-8")

    checked = run(project, "check")

    asked = (project / "asked.txt").read_text(encoding="utf-8").splitlines()
    assert asked == ["ruff format --check .", "ruff check .", "importlinter", "mypy"]
    last = checked.stdout.splitlines()[-1]
    assert (checked.returncode, last) == (
        (1, "NOT PASSED: the types. 'python3 start.py fix' mends layout and style.")
        if broken
        else (0, "Every check that can be made here passes.")
    )
    assert "LEFT OUT: the check of the browser code" in checked.stdout

    fixed = run(project, "fix")

    asked = (project / "asked.txt").read_text(encoding="utf-8").splitlines()[4:]
    assert (fixed.returncode, asked) == (0, ["ruff check --fix .", "ruff format ."])


def test_check_with_a_folder_is_the_command_of_that_name(ready: Path) -> None:
    asked = run(ready, "check", "my-workshop")

    assert (asked.returncode, asked.stdout) == (7, "asked check my-workshop\n")


ENDLESS = """import pathlib, sys, time
try:
    pathlib.Path("begun").touch()
    time.sleep(120)
except KeyboardInterrupt:
    print("cleaned up", flush=True)
    sys.exit(2)
"""


@pytest.mark.skipif(os.name == "nt", reason="only a POSIX shell hands down ignored signals")
def test_tests_in_a_background_job_of_a_script_can_be_stopped_and_clean_up(project: Path) -> None:
    (project / "requirements-test.lock").write_text("# no parts\n", encoding="utf-8")
    (project / "pytest.py").write_text(ENDLESS, encoding="utf-8")
    job = ["sh", "-c", "trap '' INT; exec \"$@\"", "job", sys.executable, str(project / "start.py"), "test", "all"]
    testing = subprocess.Popen(
        job, cwd=project, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 120
    while not (project / "begun").exists():
        assert time.monotonic() < end, testing.communicate()
        time.sleep(0.05)

    testing.send_signal(signal.SIGINT)
    said, stopped = testing.communicate(timeout=60)

    assert said.endswith("cleaned up\n")
    assert (testing.returncode, stopped) == (1, "Stopped. Start again whenever you like; nothing is lost.\n")
