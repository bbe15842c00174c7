"""Voila, the peer: the same stage as a notebook, with a kernel for each visitor; by a Python of its own."""

from __future__ import annotations

import gzip
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import first_question
import httpx
import nbformat
import psutil
from join_server import HERE, free_port
from machine import cpu, pss, say

from toolkit import Workshop

VISITORS = 5
PAGE = """
from toolkit import Workshop
workshop = Workshop.open()
workshop.roster.register("House 0")
workshop.form("stakeholders", organization="House 0")
"""


def measure(python: str) -> None:
    """Let visitors come one after another, then look at the page in a browser."""
    with TemporaryDirectory() as folder, _serving(python, Path(folder)) as (process, url):
        before, worked, waits = pss(process), cpu(process), []
        for _ in range(VISITORS):
            began = time.monotonic()
            page = httpx.get(url, timeout=120)
            waits.append(time.monotonic() - began)
        packed = len(gzip.compress(page.content)) / 1024
        say("Voila: page of one visitor", f"{min(waits):.2f} s at best, {packed:.0f} KB without its scripts")
        say("Voila: memory for each visitor", f"{(pss(process) - before) / VISITORS:.0f} MB")
        say("Voila: server CPU for each visitor", f"{(cpu(process) - worked) / VISITORS * 1000:.0f} ms")
        with first_question.browser() as chromium:
            if chromium:
                say("Voila: first question, new phone", first_question.in_words(first_question.cold(chromium, url, 3)))
                context = chromium.new_context(**first_question.PHONE)
                again = first_question.waits(context, url, 4)[1:]
                say("Voila: first question, again", first_question.in_words(again))


@contextmanager
def _serving(python: str, folder: Path) -> Iterator[tuple[psutil.Process, str]]:
    page, port = folder / "stage.ipynb", free_port()
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PAGE)]), page)
    command = [python, "-m", "voila", str(page), "--no-browser", f"--port={port}"]
    Workshop.open(folder / "room").close()
    surroundings = os.environ | {"WORKSHOP_FOLDER": str(folder / "room")}
    quiet = subprocess.DEVNULL
    serving = subprocess.Popen(command, env=surroundings, stdout=quiet, stderr=quiet, cwd=folder)
    process = psutil.Process(serving.pid)
    try:
        _await(serving, f"http://{HERE}:{port}/")
        yield process, f"http://{HERE}:{port}/"
    finally:
        for each in process.children(recursive=True):
            each.kill()
        serving.kill()
        serving.wait()


def _await(serving: subprocess.Popen[bytes], url: str) -> None:
    while True:
        assert serving.poll() is None, "Voila did not start"
        try:
            httpx.get(f"{url}voila/static/voila.js", timeout=2)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
