"""start.py says one sentence for whatever is missing, installs once, and hands over."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
import start  # noqa: E402 - it lies at the root and is in no package

pytestmark = pytest.mark.slow

CLI = "import sys\ndef main():\n    print('asked', *sys.argv[1:])\n    return 7\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one command and no parts to fetch: set up for real, in a second, without a network."""
    shutil.copy(ROOT / "start.py", tmp_path)
    (tmp_path / "toolkit").mkdir()
    (tmp_path / "toolkit" / "__init__.py").touch()
    (tmp_path / "toolkit" / "cli.py").write_text(CLI, encoding="utf-8")
    (tmp_path / "requirements.lock").write_text("# no parts\n", encoding="utf-8")
    return tmp_path


def run(project: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(project / "start.py"), *arguments],
        check=False, capture_output=True, text=True, cwd=project, env=os.environ | more,
    )  # fmt: skip


def test_sets_up_once_and_hands_over_with_the_exit_code(project: Path) -> None:
    first, second = run(project, "rehearse", "a b"), run(project)

    assert (first.returncode, second.returncode) == (7, 7)
    assert first.stdout.startswith("Setting up.")
    assert first.stdout.endswith("asked rehearse a b\n")
    assert second.stdout == "asked start\n"
    assert first.stderr == second.stderr == ""


def test_the_command_lies_in_the_set_up_and_survives_a_move(project: Path) -> None:
    run(project)
    moved = project.rename(project.with_name("moved here"))

    asked = subprocess.run(
        [moved / ".venv" / "bin" / "workshop", "tables"], check=False, capture_output=True, text=True
    )

    assert asked.stdout == "asked tables\n"


def test_a_changed_lock_is_installed_again(project: Path) -> None:
    run(project)
    (project / "requirements.lock").write_text("# other parts\n", encoding="utf-8")

    assert run(project).stdout.startswith("Setting up.")


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
    wrong = f"segno==0.0.0 --hash=sha256:{'0' * 64}\n"
    (project / "requirements.lock").write_text(wrong, encoding="utf-8")
    nowhere = "http://127.0.0.1:9/"

    failed = run(project, UV_DEFAULT_INDEX=nowhere, PIP_INDEX_URL=nowhere, UV_NO_CACHE="1", UV_HTTP_RETRIES="0")

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


@pytest.mark.parametrize("version", ["3.6", "3.8", "3.10"])
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


def test_what_this_machine_cannot_test_is_said_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert start.missing_tools() == [
        "LEFT OUT: the browser tests, because Chromium is not here.",
        "LEFT OUT: the tests that open drafts in a word processor, because LibreOffice is not here.",
        "LEFT OUT: the tests on a database server, because PostgreSQL is not here.",
    ]


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
