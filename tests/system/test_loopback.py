"""What this computer asks of itself never goes through a proxy, and neither do the programs that it starts."""

from __future__ import annotations

import ast
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

import toolkit
from toolkit.system import loopback

TOOLKIT = Path(toolkit.__file__).parent
DEAD = "http://127.0.0.1:9"
WAYS_OUT = {"urlopen", "urlretrieve", "build_opener", "httpx", "requests", "http.client", "aiohttp", "urllib3"}


class Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(403 if self.path == "/closed" else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("exceptions", [None, "", "localhost,.example.org", "*.example.org"])
def test_a_dead_proxy_is_not_asked(served: str, exceptions: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, DEAD)
    for name in loopback.NAMES:
        monkeypatch.delenv(name, raising=False)
        if exceptions is not None:
            monkeypatch.setenv(name, exceptions)

    assert loopback.answers(served)
    assert not loopback.answers(f"{served}/closed")
    assert not loopback.answers(DEAD)


def test_a_program_that_we_start_reaches_this_computer_and_keeps_what_was_there(served: str) -> None:
    before = {"no_proxy": "localhost,.example.org", "NO_PROXY": "10.0.0.0/8", "http_proxy": DEAD, "HOME": "/home/x"}

    after = loopback.without_proxy(before)

    assert after["no_proxy"] == after["NO_PROXY"] == "10.0.0.0/8,localhost,.example.org,127.0.0.1,::1"
    assert {name: after[name] for name in ("http_proxy", "HOME")} == {"http_proxy": DEAD, "HOME": "/home/x"}
    assert loopback.without_proxy({})["no_proxy"] == "127.0.0.1,localhost,::1"
    assert loopback.without_proxy(after) == after


def test_other_programs_understand_what_they_are_told(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """httpx, which JupyterLab loads, refuses to start when NO_PROXY holds an address in brackets."""
    for name, value in loopback.without_proxy(os.environ | {"http_proxy": DEAD}).items():
        monkeypatch.setenv(name, value)

    assert httpx.get(served).status_code == 200


@pytest.mark.parametrize("path", [*TOOLKIT.rglob("*.py")], ids=lambda path: path.relative_to(TOOLKIT).as_posix())
def test_nothing_else_asks_by_itself(path: Path) -> None:
    """One place knows the way, so that no other can forget it."""
    if path == TOOLKIT / "system" / "loopback.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        module = node.module if isinstance(node, ast.ImportFrom) else ""
        assert not WAYS_OUT & {*names, module, (module or "").split(".")[0]}, (
            f"line {node.lineno}: use toolkit.system.loopback"
        )
        assert "urllib.request" not in {*names, module}, f"line {node.lineno}: use toolkit.system.loopback"
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"urlopen", "urlretrieve"}, f"line {node.lineno}: use toolkit.system.loopback"
