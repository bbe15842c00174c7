"""The built package, installed away from the checkout, rehearses, drafts and starts in an empty folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
import venv
from pathlib import Path

import httpx
import pytest

from toolkit import Workshop
from toolkit.join.join_link import join_link_of

pytestmark = pytest.mark.slow

BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
PATIENCE = 120


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy: a build leaves folders of its own behind."""
    house, place = Path(__file__).resolve().parents[1], tmp_path_factory.mktemp("build")
    copied = shutil.ignore_patterns("__pycache__", "node_modules", ".*", "tests", "docs", "benchmarks", "my-workshop")
    shutil.copytree(house, place / "project", ignore=copied)
    command = [sys.executable, "-P", "-c", BUILD, str(place)]
    built = subprocess.run(command, cwd=place / "project", capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return next(place.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command of a fresh environment that has the built package, and sees the libraries of this one."""
    place = tmp_path_factory.mktemp("fresh")
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, cwd=place, env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    packages = next(place.glob("lib/python*/site-packages"))
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    kernels = Path("share", "jupyter", "kernels")
    shutil.copytree(Path(sys.prefix, kernels), place / kernels)
    shutil.copytree(Path(sys.prefix, "share", "jupyter", "lab"), place / "share" / "jupyter" / "lab")
    return place / "bin" / "workshop"


def run(command: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [command, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_package_of_the_toolkit_is_built(house: Path) -> None:
    settings = tomllib.loads((house / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    here = {
        path.parent.relative_to(house).as_posix().replace("/", ".") for path in house.glob("toolkit/**/__init__.py")
    }

    assert {each for each in settings["packages"] if not each.startswith("toolkit.project.")} == here
    assert set(settings["package-dir"]) == {
        each for each in settings["packages"] if each.startswith("toolkit.project.")
    }


def test_it_rehearses_and_drafts_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    where = "import toolkit; print(toolkit.__file__)"
    python = installed.with_name("python")
    found = subprocess.run([python, "-c", where], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(installed.parents[1])

    assert "To see them: workshop start demo" in run(installed, tmp_path, "rehearse", "demo", "--organizations", "2")
    run(installed, tmp_path, "draft", "demo", "--out", "drafts")

    assert len(list((tmp_path / "drafts").glob("*.docx"))) == 2
    assert "sextech-2010" in run(installed, tmp_path, "worksheets")


def test_it_starts_in_an_empty_folder_and_a_phone_joins(installed: Path, tmp_path: Path) -> None:
    window = tmp_path / "window.txt"
    with window.open("wb") as words:
        command = [installed, "start", "room", "--no-browser"]
        program = subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=words, stderr=words)
    try:
        end = time.monotonic() + PATIENCE
        while "The facilitator's page: " not in window.read_text(encoding="utf-8"):
            assert program.poll() is None, window.read_text(encoding="utf-8")
            assert time.monotonic() < end, window.read_text(encoding="utf-8")
            time.sleep(0.2)
        with Workshop.open(tmp_path / "room") as workshop:
            workshop.roster.register("Alder House")
            way = join_link_of(workshop)
        assert way
        address = f"http://127.0.0.1:{way.port}"
        with httpx.Client(base_url=address, headers={"origin": address}, trust_env=False) as phone:
            assert phone.get("/").status_code == 200
            said = {"code": way.key, "organization": "Alder House", "name": "Ana"}
            assert phone.post("/api/join", json=said).status_code == 201
    finally:
        program.terminate()
        program.wait(PATIENCE)
